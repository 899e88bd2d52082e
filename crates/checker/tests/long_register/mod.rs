//! What a verdict on a register costs an operation: by the sweep, and by the incremental
//! structure at the start, in the middle and at the end of a long run. The same natively
//! and in the browser; who measures brings the clock.

use splitbrain_checker::history::sample::{Shape, of_model};
use splitbrain_checker::history::{Action, Event, History};
use splitbrain_checker::models::ModelId;
use splitbrain_checker::search::incremental::Register;
use splitbrain_checker::search::sweep;

/// Each figure is the best of so many runs: what disturbs a run only slows it.
const RUNS: u32 = 5;

/// Of a run's events, one in so many is measured at each of three places: of a million
/// operations enough for a browser's clock, which goes by tenths of a millisecond.
const PART: usize = 20;

/// A figure: its name, and nanoseconds.
pub(crate) type Figure = (String, f64);

fn registers(operations: u32) -> History {
    let shape = Shape {
        operations,
        processes: 16,
        keys: 1,
        values: None,
        unknown: 1_000,
        wrong: 0,
        equal_times: 0,
    };
    of_model(1, &shape, ModelId::Register)
}

/// The sweep over histories of so many operations. The clock gives nanoseconds.
pub(crate) fn sweeps(operations: u32, clock: impl Fn() -> f64) -> Figure {
    let history = registers(operations);
    let mut room = sweep::Room::default();
    let mut best = f64::MAX;
    for _ in 0..RUNS {
        let begun = clock();
        let swept = sweep::sweep(&mut room, history.initial, &history.operations);
        best = best.min(clock() - begun);
        assert_eq!(swept, sweep::Swept::Holds);
    }
    let nanos = best / history.operations.len() as f64;
    (format!("sweep_{operations}_ns_per_op"), nanos)
}

/// The incremental structure over a million operations.
pub(crate) fn incremental(clock: impl Fn() -> f64) -> [Figure; 3] {
    let history = registers(1_000_000);
    let events = history.events();
    let part = events.len() / PART;
    let starts = [0, events.len() / 2 - part, events.len() - part];
    let mut best = [f64::MAX; 3];
    for _ in 0..RUNS {
        let mut register = Register::new();
        let mut from = 0;
        for (best, start) in best.iter_mut().zip(starts) {
            tell(&mut register, &history, &events[from..start]);
            let begun = clock();
            tell(&mut register, &history, &events[start..start + part]);
            // An operation is two events, its call and its return.
            *best = best.min((clock() - begun) * 2.0 / part as f64);
            from = start + part;
        }
        assert!(register.holds());
    }
    let mut shares = [1, 50, 100].into_iter().zip(best);
    [(); 3].map(|()| {
        let (share, nanos) = shares.next().unwrap_or_default();
        (format!("incremental_{share}_percent_ns_per_op"), nanos)
    })
}

fn tell(register: &mut Register, history: &History, events: &[Event]) {
    for event in events {
        let operation = &history.operations[event.operation as usize];
        match (operation.action, event.is_return) {
            (Action::Write(value), false) => register.call_write(value, event.time),
            (Action::Write(value), true) => register.return_write(value, event.time),
            (Action::Read(value), true) => {
                register.return_read(value, operation.call, event.time);
            }
            _ => {}
        }
    }
}
