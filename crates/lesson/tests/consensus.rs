//! What a consensus group shows its customers is linearizable, under faults; and a lease
//! holds as long as clocks drift within its bound, and no longer.
#![cfg(not(target_arch = "wasm32"))]

use std::ops::Range;

use splitbrain_checker::{PropertyId, Verdict};
use splitbrain_engine::measure::consensus::{Broken, Group, play, schedule};
use splitbrain_engine::replication::consensus::Mistake;
use splitbrain_engine::run::{Command, Direction, Player, Run, Target, TimedCommand};
use splitbrain_engine::sim::fact::{Fact, FactId, FactKind, Label, OpKind};
use splitbrain_engine::sim::node::{Action, Key, PaymentKey, Value};
use splitbrain_engine::sim::time::Time;
use splitbrain_engine::sim::trace::Trace;
use splitbrain_lesson::observe::Observer;

const SCHEDULES: u64 = 120;

/// What a checker says of schedules.
#[derive(Debug, Default, PartialEq, Eq)]
struct Judged {
    holds: u64,
    violated: u64,
    /// Neither.
    undecided: u64,
    /// Nobody was told what was read: nothing to judge.
    unread: u64,
}

fn judge(seeds: Range<u64>, group: &Group, mistake: Mistake, property: PropertyId) -> Judged {
    let mut judged = Judged::default();
    for seed in seeds {
        let mut trace = Trace::default();
        play(seed, group, mistake, Some(&mut trace));
        let mut observer = Observer::new(&schedule(seed, group).run.scenario);
        let read = observer.follow(&trace, FactId(trace.len()));
        assert!(read.is_ok(), "the whole trace is there");
        let verdicts = observer.judge().verdicts();
        let report = verdicts
            .iter()
            .find(|report| report.info.property == property);
        match report.map(|report| &report.verdict) {
            Some(Verdict::Holds) => judged.holds += 1,
            Some(Verdict::Violated { .. }) => judged.violated += 1,
            Some(Verdict::Open { .. }) => judged.undecided += 1,
            None => judged.unread += 1,
        }
    }
    judged
}

fn all_hold(group: &Group, property: PropertyId) {
    let judged = judge(0..SCHEDULES, group, Mistake::None, property);
    assert_eq!((judged.violated, judged.undecided), (0, 0), "{group:?}");
    assert!(judged.unread < SCHEDULES / 4, "{group:?}: {judged:?}");
}

#[test]
fn every_kind_of_group_is_linearizable_and_no_verdict_is_left_open() {
    // The schedules drift by at most a twentieth either way; a lease allows a tenth.
    for group in Group::ALL {
        all_hold(group, PropertyId::Linearizable);
    }
}

#[test]
fn no_acknowledged_write_is_lost() {
    all_hold(&Group::BY_INDEX, PropertyId::AcknowledgedWrites);
    all_hold(&Group::CHANGING, PropertyId::AcknowledgedWrites);
}

#[test]
fn mistakes_about_reads_are_not_linearizable() {
    let linearizable = PropertyId::Linearizable;
    let mistakes = Mistake::ALL.iter();
    let about_reads = mistakes.filter(|it| Broken::by(**it) == Some(Broken::Linearizability));
    for &mistake in about_reads {
        let group = Group::of(mistake);
        let mut seeds = 0..600;
        let caught =
            seeds.any(|seed| judge(seed..seed + 1, &group, mistake, linearizable).violated > 0);
        assert!(caught, "{mistake:?}");
    }
}

#[test]
fn reads_anywhere_are_not_linearizable() {
    let anywhere = Group {
        reads: "read_anywhere",
        ..Group::BY_INDEX
    };
    let judged = judge(
        0..SCHEDULES,
        &anywhere,
        Mistake::None,
        PropertyId::Linearizable,
    );
    assert!(judged.violated > 0, "{judged:?}");
}

/// Every message that says a vote was given comes of a vote that was given.
#[test]
fn a_pre_vote_is_not_told_as_a_vote() {
    let (mut votes, mut pre_votes) = (0, 0);
    for seed in 0..10 {
        let mut trace = Trace::default();
        play(seed, &Group::BY_INDEX, Mistake::None, Some(&mut trace));
        for (_, fact) in trace.range(FactId(0), FactId(trace.len())) {
            let Some((label, _)) = fact
                .message()
                .filter(|_| fact.kind() == FactKind::MessageSent)
            else {
                continue;
            };
            let cause = trace.get(fact.cause).map(Fact::kind);
            match label {
                Label::Vote | Label::AskForVote => {
                    assert_eq!(cause, Some(FactKind::VoteGiven), "seed {seed}");
                    votes += 1;
                }
                Label::PreVote | Label::AskForPreVote => {
                    assert_ne!(cause, Some(FactKind::VoteGiven), "seed {seed}");
                    pre_votes += 1;
                }
                _ => {}
            }
        }
    }
    assert!(votes > 40 && pre_votes > 40, "{votes} {pre_votes}");
}

/// The leader's clock runs at this rate, it is cut off, and both sides go on reading and
/// writing. Whether that is linearizable.
fn with_a_leader_whose_clock_drifts(seed: u64, drift_ppm: i32) -> bool {
    let act = |at_ms, via: u8, kind, value| TimedCommand {
        at: Time::from_ms(at_ms),
        command: Command::Act {
            customer: u16::from(via),
            action: Action {
                kind,
                key: Key::new(0, 0),
                argument: Value(value),
                payment_key: PaymentKey::Fresh,
                via: Some(via),
            },
        },
    };
    let mut run = Run::new(schedule(seed, &Group::BY_LEASE).run.scenario, seed);
    let regions = run.scenario.regions.len() as u8;
    let mut player = Player::new(run.clone());
    player.jump(Target::Time(Time::from_ms(5_000)));
    let facts = player.trace().range(FactId(0), player.end());
    let elected = facts.filter(|(_, fact)| fact.kind() == FactKind::RegionPromoted);
    let leader = elected.last().expect("somebody was elected").1.host.0 as u8;
    let other = (leader + 1) % regions;
    let step = Command::StepClock {
        region: leader,
        offset_us: 0,
        drift_ppm,
    };
    run.commands.push(TimedCommand {
        at: Time::from_ms(5_000),
        command: step,
    });
    for to in (0..regions).filter(|&to| to != leader) {
        let cut = Command::CutLink {
            from: leader,
            to,
            direction: Direction::Both,
        };
        run.commands.push(TimedCommand {
            at: Time::from_ms(6_000),
            command: cut,
        });
    }
    for at_ms in (7_000..9_500).step_by(100) {
        run.commands
            .push(act(at_ms, other, OpKind::Write, at_ms as u32));
        run.commands.push(act(at_ms + 50, leader, OpKind::Read, 0));
    }
    run.commands.sort_by_key(|timed| timed.at);
    let scenario = run.scenario.clone();
    let mut player = Player::new(run);
    player.jump(Target::Time(Time::from_ms(12_000)));
    let mut observer = Observer::new(&scenario);
    observer.follow_player(&mut player);
    let verdict = observer.judge().verdict(PropertyId::Linearizable);
    !matches!(verdict, Verdict::Violated { .. })
}

#[test]
fn a_clock_that_drifts_beyond_the_bound_makes_a_lease_lie() {
    let linearizable = |drift_ppm| {
        let seeds = (0..40).filter(|&seed| with_a_leader_whose_clock_drifts(seed, drift_ppm));
        seeds.count()
    };
    assert_eq!(linearizable(0), 40);
    // Half as fast, its lease lasts twice as long as others wait.
    assert!(linearizable(-500_000) < 40);
}
