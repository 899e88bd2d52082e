//! What a stamp costs: `cargo bench -p splitbrain-engine --bench clocks`.
//!
//! Prints lines `bench NAME VALUE`, in nanoseconds a stamp, each the best of some runs:
//! what disturbs a run only slows it. Every clock stamps an event of its own and then
//! the receiving of what another clock sent, in turn. The physical time of hybrid clocks
//! is a counter, so that they are measured and not the system's clock; `uhlc`, which also
//! names its node in each stamp and may be shared between threads, has it by a function.
#![allow(
    clippy::disallowed_types,
    reason = "a bench measures the machine's time; nothing is simulated with it"
)]

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    native::main();
}

#[cfg(target_arch = "wasm32")]
fn main() {}

#[cfg(not(target_arch = "wasm32"))]
mod native {
    use std::cell::Cell;
    use std::hint::black_box;
    use std::rc::Rc;
    use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

    use splitbrain_engine::clocks::{
        DottedVersionVectorSet, HybridClock, LamportClock, Readings, VersionVector,
    };
    use splitbrain_engine::playground::busy;
    use splitbrain_engine::run::{Player, Run, Target};
    use splitbrain_engine::sim::fact::FactId;
    use splitbrain_engine::sim::time::Time;
    use uhlc::{HLC, HLCBuilder, ID, NTP64, Timestamp};

    const RUNS: u32 = 7;
    const STAMPS: u32 = 2_000_000;
    const REGIONS: u8 = 5;

    thread_local! {
        static PHYSICAL_US: Cell<u64> = const { Cell::new(1 << 40) };
    }

    /// A physical clock that ticks every other time it is read.
    fn physical_us() -> u64 {
        PHYSICAL_US.with(|it| {
            let next = it.get() + 1;
            it.set(next);
            next >> 1
        })
    }

    fn system_us() -> u64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        since.map_or(0, |it| it.as_micros() as u64)
    }

    fn measure(name: &str, mut two_stamps: impl FnMut(u32)) {
        let mut best_ns = f64::INFINITY;
        for _ in 0..RUNS {
            let begin = Instant::now();
            for turn in 0..STAMPS / 2 {
                two_stamps(black_box(turn));
            }
            let whole_ns = begin.elapsed().as_secs_f64() * 1e9;
            best_ns = best_ns.min(whole_ns / f64::from(STAMPS));
        }
        println!("bench {name} {best_ns:.2}");
    }

    /// Two clocks; one sends, the other receives.
    fn hybrid(name: &str, now_us: impl Fn() -> u64) {
        let mut here = HybridClock::default();
        let mut there = HybridClock::default();
        measure(name, |_| {
            let sent = here.tick(now_us()).unwrap_or_default();
            let received = there.receive(black_box(sent), now_us());
            black_box(received.unwrap_or_default());
        });
    }

    fn unique(name: &str, clock: fn() -> NTP64) {
        let build = |id: u8| -> HLC {
            let id = ID::try_from([id]).expect("is not zero");
            let builder = HLCBuilder::new().with_id(id).with_clock(clock);
            builder.with_max_delta(Duration::from_mins(1)).build()
        };
        let (here, there) = (build(1), build(2));
        measure(name, |_| {
            let sent: Timestamp = here.new_timestamp();
            // Accepted or not is part of the stamp's cost, and here it always is.
            black_box(there.update_with_timestamp(black_box(&sent)).is_ok());
        });
    }

    /// Every clock at every fact of the busy world, as the diagram reads them.
    fn all_clocks_of_a_run() {
        let mut player = Player::new(Run::new(Rc::new(busy()), 1));
        player.jump(Target::Time(Time::from_ms(60_000)));
        let (trace, start) = (player.trace(), player.run().world());
        let all = FactId(trace.len());
        let mut best_ns = f64::INFINITY;
        for _ in 0..RUNS {
            let begin = Instant::now();
            let mut readings = Readings::new(&start, REGIONS);
            black_box(readings.follow(trace, all, u32::MAX).is_ok());
            let whole_ns = begin.elapsed().as_secs_f64() * 1e9;
            best_ns = best_ns.min(whole_ns / f64::from(all.0));
        }
        println!("bench reading_ns_a_fact {best_ns:.2}");
    }

    pub(super) fn main() {
        let (mut here, mut there) = (LamportClock::new(0), LamportClock::new(1));
        measure("stamp_ns_lamport", |_| {
            let sent = here.tick().unwrap_or_default();
            black_box(there.receive(black_box(sent)).unwrap_or_default());
        });

        hybrid("stamp_ns_hybrid", physical_us);
        hybrid("stamp_ns_hybrid_system_clock", system_us);

        let mut vectors = [REGIONS; 2].map(VersionVector::new);
        measure("stamp_ns_vector_5", |_| {
            let [here, there] = &mut vectors;
            here.increment(0);
            there.merge(black_box(here));
            black_box(there.increment(1));
        });

        // A write that has read everything at one region, and its way to another.
        let mut sets = [(); 2].map(|()| DottedVersionVectorSet::default());
        for region in 0..REGIONS {
            let context = sets[0].join();
            sets[0].update(&context, region, 0);
        }
        measure("stamp_ns_dotted_5", |turn| {
            let [here, there] = &mut sets;
            let context = here.join();
            black_box(here.update(&context, 0, turn));
            there.sync(black_box(here));
        });

        all_clocks_of_a_run();

        unique("stamp_ns_uhlc", || {
            NTP64::from(Duration::from_micros(physical_us()))
        });
        unique("stamp_ns_uhlc_system_clock", uhlc::system_time_clock);
    }
}
