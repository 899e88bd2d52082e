//! Laws that hold for every run.
#![cfg(not(target_arch = "wasm32"))]

use std::rc::Rc;

use proptest::prelude::*;
use splitbrain_engine::playground::playground;
use splitbrain_engine::run::{Acted, Command, Direction, Player, Run, Target, TimedCommand};
use splitbrain_engine::sim::fact::{Fact, FactId, OpKind};
use splitbrain_engine::sim::node::{Action, Key, PaymentKey, Value};
use splitbrain_engine::sim::time::Time;
use splitbrain_engine::sim::trace::Trace;
use splitbrain_engine::wire::{Envelope, content_hash};

fn action() -> impl Strategy<Value = Action> {
    let place = |kind: OpKind| match kind {
        OpKind::Pay => 2,
        OpKind::Add | OpKind::Remove => 1,
        _ => 0,
    };
    (
        prop::sample::select(OpKind::ALL.to_vec()),
        0..8_u32,
        0..8_u32,
        prop::sample::select(vec![
            PaymentKey::Fresh,
            PaymentKey::Missing,
            PaymentKey::Previous,
        ]),
        prop::option::of(0..5_u8),
    )
        .prop_map(move |(kind, index, argument, payment_key, via)| Action {
            kind,
            key: Key::new(place(kind), index),
            argument: Value(argument),
            payment_key,
            via,
        })
}

fn command() -> impl Strategy<Value = Command> {
    let pair = (0..5_u8, 1..5_u8).prop_map(|(from, step)| (from, (from + step) % 5));
    let direction = prop::sample::select(vec![Direction::OneWay, Direction::Both]);
    prop_oneof![
        4 => (0..9_u16, action()).prop_map(|(customer, action)| Command::Act { customer, action }),
        2 => (pair.clone(), direction.clone())
            .prop_map(|((from, to), direction)| Command::CutLink { from, to, direction }),
        1 => (pair.clone(), direction)
            .prop_map(|((from, to), direction)| Command::HealLink { from, to, direction }),
        1 => (0..5_u8).prop_map(|region| Command::CrashRegion { region }),
        1 => (0..5_u8).prop_map(|region| Command::RestartRegion { region }),
        1 => (0..5_u8).prop_map(|region| Command::PromoteRegion { region }),
        1 => (0..5_u8).prop_map(|region| Command::PauseRegion { region }),
        1 => (0..5_u8).prop_map(|region| Command::ResumeRegion { region }),
        1 => (0..3_u8, 0..9_u32, 0..5_u8).prop_map(|(service, index, region)| {
            let key = Key::new(service, index);
            Command::MoveHome { key, region }
        }),
        1 => (0..5_u8, 0..500_000_u32)
            .prop_map(|(region, extra_us)| Command::SlowRegion { region, extra_us }),
        1 => (0..5_u8, -9_000_000..9_000_000_i64, -500..500_i32).prop_map(
            |(region, offset_us, drift_ppm)| Command::StepClock { region, offset_us, drift_ppm }
        ),
        1 => (0..5_u8, prop::option::of(0..9_u16))
            .prop_map(|(region, customer)| Command::DropNextReply { region, customer }),
        1 => (pair, 0..500_000_u32, 0..500_000_u32, 0..500_000_u32, 0..200_000_u32).prop_map(
            |((from, to), loss_ppm, duplicate_ppm, reorder_ppm, extra_us)| Command::DegradeLink {
                from, to, loss_ppm, duplicate_ppm, reorder_ppm, extra_us,
            }
        ),
    ]
}

fn run() -> impl Strategy<Value = Run> {
    let commands = prop::collection::vec((0..8_000_000_u64, command()), 0..20);
    (any::<u64>(), commands).prop_map(|(seed, mut commands)| {
        commands.sort_by_key(|&(at, _)| at);
        let mut run = Run::new(Rc::new(playground()), seed);
        let timed = |(at, command)| TimedCommand {
            at: Time(at),
            command,
        };
        run.commands = commands.into_iter().map(timed).collect();
        run
    })
}

fn facts(player: &Player) -> Vec<Fact> {
    let all = player.trace().range(FactId(0), player.end());
    all.map(|(_, fact)| *fact).collect()
}

const END: Time = Time::from_ms(10_000);

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_script_replays_to_the_same_digest(run in run()) {
        let mut player = Player::new(run.clone());
        player.jump(Target::Time(END));
        prop_assert_eq!(player.world().digest(), run.digest_at(END));
    }

    #[test]
    fn seeking_backwards_equals_replaying_forwards(run in run(), share in 0..1_000_u32) {
        let mut player = Player::new(run.clone());
        player.jump(Target::Time(END));
        let event = (u64::from(player.frontier_event()) * u64::from(share) / 1_000) as u32;
        player.jump(Target::Event(event));
        let mut fresh = Player::new(run);
        fresh.jump(Target::Event(event));
        prop_assert_eq!(player.world().digest(), fresh.world().digest());
        prop_assert_eq!(player.time(), fresh.time());
        prop_assert_eq!(facts(&player), facts(&fresh));
        player.jump(Target::Time(END));
        fresh.jump(Target::Time(END));
        prop_assert_eq!(player.world().digest(), fresh.world().digest());
    }

    #[test]
    fn acting_in_a_branch_changes_nothing_before_the_fork(
        run in run(),
        at in 0..9_000_000_u64,
        command in command(),
    ) {
        let mut player = Player::new(run.clone());
        player.jump(Target::Time(END));
        let before = player.clone();
        player.jump(Target::Time(Time(at)));
        let fork = player.end();
        let acted = player.act(command);
        prop_assert_eq!(acted, Ok(Acted::Forked(run, before.frontier_time())));
        player.jump(Target::Time(END));
        let old: Vec<Fact> = facts(&before).into_iter().take(fork.0 as usize).collect();
        let new: Vec<Fact> = facts(&player).into_iter().take(fork.0 as usize).collect();
        prop_assert_eq!(old, new);
        prop_assert_eq!(player.world().digest(), player.run().digest_at(END));
    }

    #[test]
    fn a_run_survives_the_wire(run in run(), cursor in 0..10_000_000_u64) {
        let envelope = Envelope::of(&run, Time(cursor), 7);
        let decoded = Envelope::decode(&envelope.encode());
        prop_assert_eq!(decoded.as_ref(), Ok(&envelope));
        prop_assert_eq!(envelope.open(Rc::clone(&run.scenario)), Ok(run));
    }

    #[test]
    fn hostile_bytes_are_refused_or_mean_something(mut bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = Envelope::decode(&bytes);
        bytes.splice(0..0, [1]);
        if let Ok(envelope) = Envelope::decode(&bytes) {
            let _ = envelope.open(Rc::new(playground()));
        }
    }

    #[test]
    fn a_damaged_link_never_panics(run in run(), place in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut bytes = Envelope::of(&run, END, 0).encode();
        let place = place.index(bytes.len());
        bytes[place] = byte;
        if let Ok(envelope) = Envelope::decode(&bytes)
            && let Ok(run) = envelope.open(Rc::new(playground()))
        {
            run.digest_at(Time::from_ms(500));
        }
        bytes.truncate(place);
        prop_assert!(Envelope::decode(&bytes).is_err());
    }
}

#[test]
fn facts_that_were_let_go_are_made_again_as_they_were() {
    let scenario = Rc::new(splitbrain_engine::playground::busy());
    let run = Run::new(scenario, 3);
    let mut whole = Player::with_trace(run.clone(), Trace::with_window(1_000));
    let mut small = Player::with_trace(run, Trace::with_window(2));
    for player in [&mut whole, &mut small] {
        player.jump(Target::Time(Time::from_ms(100_000)));
    }
    assert!(small.trace().bytes() < whole.trace().bytes());
    let (from, to) = (FactId(70_000), FactId(75_000));
    assert_eq!(small.trace().range(from, to).count(), 0);
    small.load(from, to);
    let pieces = |player: &Player| {
        let range = player.trace().range(from, to);
        range.map(|(id, fact)| (id, *fact)).collect::<Vec<_>>()
    };
    assert_eq!(pieces(&small), pieces(&whole));
}

#[test]
fn a_seek_executes_no_more_events_than_lie_between_two_checkpoints() {
    let mut player = Player::new(Run::new(Rc::new(playground()), 5));
    player.jump(Target::Time(Time::from_ms(600_000)));
    let all = player.frontier_event();
    let between = all / 20;
    for share in [7, 1, 19, 10, 3] {
        let before = player.events_again();
        player.jump(Target::Event(all / 20 * share + 17));
        let again = player.events_again() - before;
        assert!(
            again <= u64::from(between) * 13 / 10,
            "{again} of {between}"
        );
    }
}

#[test]
fn two_scenarios_that_differ_have_different_hashes() {
    let mut other = playground();
    let hash = content_hash(&other);
    assert_eq!(hash, content_hash(&playground()));
    other.physics.jitter_ppm += 1;
    assert_ne!(hash, content_hash(&other));
    other = playground();
    other.customers[3].habits.pay += 1;
    assert_ne!(hash, content_hash(&other));
}
