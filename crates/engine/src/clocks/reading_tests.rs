//! Stamps against happened-before, worked out from the trace another way.

use std::rc::Rc;

use super::*;
use crate::clocks::Causality;
use crate::playground::{busy, playground};
use crate::run::{Command, Direction, Player, Run, Target, TimedCommand};
use crate::sim::fact::Label;

fn player_of(run: Run, until: Time) -> Player {
    let mut player = Player::new(run);
    player.jump(Target::Time(until));
    player
}

/// Everything goes wrong that can: crashes, cuts, losses, doubled messages, set clocks,
/// pauses and a slow region.
fn troubled(seed: u64) -> Player {
    let mut run = Run::new(Rc::new(playground()), seed);
    let at = |ms, command| TimedCommand {
        at: Time::from_ms(ms),
        command,
    };
    let degrade = |from, to| Command::DegradeLink {
        from,
        to,
        loss_ppm: 100_000,
        duplicate_ppm: 400_000,
        reorder_ppm: 300_000,
        extra_us: 20_000,
    };
    let clock = |region, offset_us| Command::StepClock {
        region,
        offset_us,
        drift_ppm: 300,
    };
    let slow = |region, extra_us| Command::SlowRegion { region, extra_us };
    run.commands = vec![
        at(500, degrade(0, 1)),
        at(600, degrade(1, 2)),
        at(1_000, clock(1, 2_500_000)),
        at(2_000, Command::CrashRegion { region: 2 }),
        at(3_000, clock(0, -4_000_000)),
        at(
            3_500,
            Command::CutLink {
                from: 0,
                to: 3,
                direction: Direction::OneWay,
            },
        ),
        at(4_000, Command::RestartRegion { region: 2 }),
        at(4_200, Command::PauseRegion { region: 1 }),
        at(4_500, Command::PauseRegion { region: 3 }),
        at(5_000, slow(4, 150_000)),
        at(5_400, Command::CrashRegion { region: 3 }),
        at(5_600, Command::RestartRegion { region: 3 }),
        at(6_000, Command::ResumeRegion { region: 1 }),
        at(7_000, slow(4, 0)),
    ];
    player_of(run, Time::from_ms(9_000))
}

fn readings_of(player: &Player) -> Readings {
    let regions = player.run().scenario.regions.len() as u8;
    let mut readings = Readings::new(&player.run().world(), regions);
    let all = FactId(player.trace().len());
    assert_eq!(readings.follow(player.trace(), all, u32::MAX), Ok(true));
    readings
}

fn all(player: &Player, readings: &Readings) -> Vec<Option<Reading>> {
    let trace = player.trace();
    let mut cursor = readings.cursor(trace, FactId(0)).unwrap().unwrap();
    (0..trace.len())
        .map(|_| cursor.step(trace).unwrap())
        .collect()
}

#[test]
fn whatever_led_to_a_fact_has_the_smaller_stamp() {
    let (mut across, mut along) = (0, 0);
    for player in [troubled(3), troubled(4), troubled(5)] {
        let trace = player.trace();
        let stamps = all(&player, &readings_of(&player));
        for (id, fact) in trace.range(FactId(0), FactId(trace.len())) {
            // Subjects are facts that the protocol knew of, so they led to it too.
            let subject = match fact.kind() {
                FactKind::WriteApplied | FactKind::OperationReturned => FactId(fact.a),
                _ => FactId::NONE,
            };
            for earlier in [fact.cause, subject] {
                let before = stamps.get(earlier.0 as usize).and_then(Option::as_ref);
                let (Some(before), Some(after)) = (before, &stamps[id.0 as usize]) else {
                    continue;
                };
                let led = trace.get(earlier).unwrap();
                let what = format!("{led:?} led to {fact:?}: {before:?}, {after:?}");
                assert!(before.lamport < after.lamport, "{what}");
                assert!(before.hybrid < after.hybrid, "{what}");
                let expected: &[Causality] = if usize::from(fact.host.0) < 5 {
                    &[Causality::Before]
                } else {
                    // Customers and the gateway carry vectors and add nothing.
                    &[Causality::Before, Causality::Equal]
                };
                let found = before.vector.compare(&after.vector);
                assert!(expected.contains(&found), "{what}");
                if led.host == fact.host {
                    along += 1;
                } else {
                    across += 1;
                }
            }
        }
    }
    assert!(across > 600 && along > 1_000, "{across} {along}");
}

/// Happened-before by its definition, as a closure over edges, for a short run.
#[test]
fn vector_clocks_of_regions_tell_exactly_what_happened_before_what() {
    let player = player_of(Run::new(Rc::new(playground()), 3), Time::from_ms(3_000));
    let trace = player.trace();
    let stamps = all(&player, &readings_of(&player));
    let count = trace.len() as usize;
    let facts: Vec<Fact> = trace
        .range(FactId(0), FactId(trace.len()))
        .map(|it| *it.1)
        .collect();
    let mut past = vec![vec![false; count]; count];
    let mut concurrent = 0;
    for id in 0..count {
        let fact = facts[id];
        if stamps[id].is_none() {
            continue;
        }
        let mut direct = Vec::new();
        for earlier in (0..id).rev() {
            let before = &facts[earlier];
            if stamps[earlier].is_none() {
                continue;
            }
            let is_along = before.host == fact.host;
            let arrives = before.message().is_some_and(|(_, fate)| fate.arrives())
                && before.peer == fact.host
                && (before.arrives_at() < fact.at() || fact.cause == FactId(earlier as u32));
            if is_along || arrives {
                direct.push(earlier);
            }
        }
        for earlier in direct {
            let older = past[earlier].clone();
            past[id]
                .iter_mut()
                .zip(older)
                .for_each(|(own, old)| *own |= old);
            past[id][earlier] = true;
        }
        for earlier in 0..id {
            let (Some(before), Some(after)) = (&stamps[earlier], &stamps[id]) else {
                continue;
            };
            if facts[earlier].host.0 >= 5 || fact.host.0 >= 5 {
                continue;
            }
            let expected = if past[id][earlier] {
                Causality::Before
            } else {
                Causality::Concurrent
            };
            concurrent += u32::from(expected == Causality::Concurrent);
            let found = before.vector.compare(&after.vector);
            assert_eq!(found, expected, "{:?} and {fact:?}", facts[earlier]);
        }
    }
    assert!(concurrent > 300, "{concurrent}");
}

#[test]
fn hybrid_clocks_stay_between_the_wall_clock_and_the_spread_of_all() {
    let player = troubled(3);
    let stamps = all(&player, &readings_of(&player));
    let offsets = stamps
        .iter()
        .flatten()
        .map(|it| it.wall_us - it.at.0 as i64);
    // Time before the run began does not fit into l, which begins at nought.
    let spread_us = offsets.clone().max().unwrap() - offsets.min().unwrap().min(0);
    for stamp in stamps.iter().flatten() {
        let ahead_us = stamp.hybrid.l_us() as i64 - stamp.wall_us;
        assert!((0..=spread_us).contains(&ahead_us), "{stamp:?}");
    }
}

#[test]
fn a_reading_is_the_same_from_wherever_it_is_read() {
    let player = player_of(Run::new(Rc::new(busy()), 2), Time::from_ms(20_000));
    let trace = player.trace();
    let readings = readings_of(&player);
    assert!(readings.checkpoints.len() > 2);
    let stamps = all(&player, &readings);
    for id in (0..trace.len()).step_by(7_919) {
        assert_eq!(
            readings.at(trace, FactId(id)).unwrap(),
            stamps[id as usize],
            "{id}"
        );
    }
    assert_eq!(readings.at(trace, FactId(trace.len())), Ok(None), "not yet");
    let mut forked = readings.clone();
    let half = FactId(trace.len() / 2);
    forked.forget_from(half);
    assert!(forked.next() <= half);
    assert_eq!(
        forked.follow(trace, FactId(trace.len()), u32::MAX),
        Ok(true)
    );
    let last = FactId(trace.len() - 1);
    assert_eq!(forked.at(trace, last), readings.at(trace, last));
}

#[test]
fn checkpoints_do_not_grow_without_bound() {
    let player = player_of(Run::new(Rc::new(busy()), 2), Time::from_ms(5_000));
    let mut readings = readings_of(&player);
    let facts = player
        .trace()
        .range(FactId(0), FactId(player.trace().len()));
    let mut quiet = facts.filter(|(_, fact)| fact.kind() == FactKind::ReadServed);
    let quiet = *quiet.next().unwrap().1;
    for _ in 0..3_000_000 {
        readings.push(&quiet);
    }
    assert!(
        readings.checkpoints.len() <= MANY,
        "{}",
        readings.checkpoints.len()
    );
    assert_eq!(readings.spacing, SPACINGS.1);
}

#[test]
fn what_the_trace_let_go_is_told_of() {
    let run = Run::new(Rc::new(busy()), 2);
    let mut player = Player::with_trace(run, Trace::with_window(2));
    player.jump(Target::Time(Time::from_ms(120_000)));
    assert!(player.trace().len() > 3 * CHUNK_FACTS);
    let mut readings = Readings::new(&player.run().world(), 5);
    let all = FactId(player.trace().len());
    let missing = readings.follow(player.trace(), all, u32::MAX).unwrap_err();
    assert_eq!(missing.from, FactId(0));
    let mut loads = 0;
    while let Err(missing) = readings.follow(player.trace(), all, u32::MAX) {
        player.load(missing.from, missing.to);
        loads += 1;
    }
    assert!(loads > 0 && readings.next() == all);
}

#[test]
fn a_message_is_received_after_it_was_sent_and_only_by_whoever_is_there() {
    let player = troubled(3);
    let trace = player.trace();
    let readings = readings_of(&player);
    let (mut received, mut missed) = (0, 0);
    let sent = trace.range(FactId(0), FactId(trace.len()));
    let sent = sent.filter(|(_, fact)| {
        let label = fact.message().map(|(label, _)| label);
        label == Some(Label::Replicate) || label == Some(Label::Request)
    });
    for (id, fact) in sent {
        let before = readings.at(trace, id).unwrap().unwrap();
        let is_arriving = fact.message().is_some_and(|(_, fate)| fate.arrives());
        match readings.received(trace, id).unwrap() {
            Some(after) => {
                assert!(is_arriving && after.at == fact.arrives_at());
                assert!(before.lamport < after.lamport && before.hybrid < after.hybrid);
                received += 1;
            }
            None => missed += 1,
        }
    }
    assert!(received > 50 && missed > 5, "{received} {missed}");
}

#[test]
fn a_set_clock_moves_the_wall_and_what_was_done_to_a_host_has_no_stamp() {
    let player = troubled(3);
    let trace = player.trace();
    let stamps = all(&player, &readings_of(&player));
    let mut seen = 0;
    for (id, fact) in trace.range(FactId(0), FactId(trace.len())) {
        let stamp = &stamps[id.0 as usize];
        assert_eq!(stamp.is_some(), is_event(fact.kind()));
        let is_ahead = fact.host.0 == 1 && fact.at() > Time::from_ms(1_000);
        if let Some(stamp) = stamp.as_ref().filter(|_| is_ahead) {
            let ahead_us = stamp.wall_us - fact.at().0 as i64;
            assert!((2_500_000..2_503_000).contains(&ahead_us), "{ahead_us}");
            seen += 1;
        }
    }
    assert!(seen > 10);
}
