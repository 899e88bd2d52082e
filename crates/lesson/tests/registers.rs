//! A register as a data type is what it is as a conflict rule: under clocks that are set,
//! customers who read in one region and write in another, and some who settle what stands
//! side by side, the judge finds the same writes lost, and nobody is named who had no part
//! in it.
#![cfg(not(target_arch = "wasm32"))]

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use splitbrain_checker::{PropertyId, Verdict};
use splitbrain_engine::measure::Chance;
use splitbrain_engine::playground;
use splitbrain_engine::run::{Command, Direction, Player, Run, Target, TimedCommand};
use splitbrain_engine::scenario::{Choice, ServiceKind, Slot};
use splitbrain_engine::sim::fact::{FactId, FactKind, OpKind};
use splitbrain_engine::sim::node::{Action, Key, PaymentKey, Value};
use splitbrain_engine::sim::time::Time;
use splitbrain_lesson::observe::Observer;

const SCHEDULES: u64 = 40;
const REGIONS: u8 = 3;
const FORMS: [&str; 3] = ["travels_operation", "travels_delta", "travels_state"];

/// Writes of values that nobody else writes, reads, and now and then a decision about all
/// that stands, each in any region; meanwhile links are cut, regions crash and clocks are set.
fn schedule(seed: u64) -> Vec<TimedCommand> {
    let mut chance = Chance::new(seed);
    let mut commands = Vec::new();
    for place in 0..40 {
        let kind = match chance.below(8) {
            0..=3 => OpKind::Write,
            4 => OpKind::Resolve,
            _ => OpKind::Read,
        };
        let action = Action {
            kind,
            key: Key::new(0, 0),
            argument: Value(100 + place),
            payment_key: PaymentKey::Fresh,
            via: Some(chance.below(u64::from(REGIONS)) as u8),
        };
        let customer = chance.below(4) as u16;
        commands.push((chance.below(20_000_000), Command::Act { customer, action }));
    }
    for _ in 0..5 {
        let region = chance.below(u64::from(REGIONS)) as u8;
        let from = chance.below(16_000_000);
        let until = from + 1_000_000 + chance.below(3_000_000);
        match chance.below(3) {
            0 => {
                commands.push((from, Command::CrashRegion { region }));
                commands.push((until, Command::RestartRegion { region }));
            }
            1 => {
                let offset_us = chance.below(8_000_000) as i64 - 4_000_000;
                let drift_ppm = 0;
                let step = Command::StepClock {
                    region,
                    offset_us,
                    drift_ppm,
                };
                commands.push((from, step));
            }
            _ => {
                let to = (region + 1 + chance.below(2) as u8) % REGIONS;
                let (from_region, direction) = (region, Direction::Both);
                let cut = Command::CutLink {
                    from: from_region,
                    to,
                    direction,
                };
                let heal = Command::HealLink {
                    from: from_region,
                    to,
                    direction,
                };
                commands.push((from, cut));
                commands.push((until, heal));
            }
        }
    }
    let timed = commands.into_iter().map(|(us, command)| {
        let at = Time(us);
        TimedCommand { at, command }
    });
    let mut timed: Vec<TimedCommand> = timed.collect();
    timed.sort_by_key(|timed| timed.at);
    timed
}

/// What became of a run's writes, by the values that they wrote.
#[derive(Debug, Default, PartialEq, Eq)]
struct Fate {
    /// Those that were accepted.
    accepted: BTreeSet<u32>,
    /// Those that the judge finds lost.
    lost: BTreeSet<u32>,
    /// Which gave way to which, anywhere.
    pairs: BTreeSet<(u32, u32)>,
    /// Which had been read by the customer of which, or by that of one which she had read.
    read: BTreeSet<(u32, u32)>,
}

/// Whatever comes of following pairs on and on.
fn closure(pairs: &BTreeSet<(u32, u32)>) -> BTreeSet<(u32, u32)> {
    let mut all = pairs.clone();
    loop {
        let further = all.iter().flat_map(|&(from, over)| {
            let on = all.range((over, 0)..=(over, u32::MAX));
            on.map(move |&(_, to)| (from, to))
        });
        let further: Vec<(u32, u32)> = further.filter(|pair| !all.contains(pair)).collect();
        if further.is_empty() {
            return all;
        }
        all.extend(further);
    }
}

fn fate(merge: &str, form: &str, seed: u64) -> Fate {
    let mut design = vec![(Slot::Merge, merge)];
    if merge.ends_with("register") {
        design.push((Slot::Travels, form));
    }
    let choices = design.into_iter().map(|(slot, policy)| Choice {
        service: ServiceKind::Prices,
        slot,
        policy: policy.into(),
    });
    let scenario = playground::trial_once().with(&choices.collect::<Vec<_>>());
    assert_eq!(scenario.check(), []);
    let mut run = Run::new(Rc::new(scenario), seed);
    run.commands = schedule(seed);
    let mut player = Player::new(run);
    player.jump(Target::Time(Time::from_ms(40_000)));
    let mut observer = Observer::new(&player.run().scenario);
    observer.follow_player(&mut player.clone());
    let mut values: BTreeMap<u32, u32> = BTreeMap::new();
    let mut fate = Fate::default();
    for (id, fact) in player.trace().range(FactId(0), player.end()) {
        match fact.kind() {
            FactKind::WriteAccepted => {
                values.insert(id.0, fact.c);
                fate.accepted.insert(fact.c);
                values.insert(fact.a, fact.c);
            }
            FactKind::ValueOverwritten => {
                let of = |write: u32| values.get(&write).copied().unwrap_or_default();
                fate.pairs.insert((of(fact.a), of(fact.b)));
            }
            FactKind::ContextGiven => {
                let of = |write: u32| values.get(&write).copied();
                fate.read.extend(of(fact.b).zip(of(fact.a)));
            }
            _ => {}
        }
    }
    fate.read = closure(&fate.read);
    let verdict = observer.judge().verdict(PropertyId::AcknowledgedWrites);
    if let Verdict::Violated { violations, .. } = verdict {
        let ops = violations.iter().filter_map(|it| it.op);
        fate.lost = ops.filter_map(|op| values.get(&op.0).copied()).collect();
    }
    fate
}

#[test]
fn the_last_write_register_loses_what_the_rule_loses() {
    let mut lost = 0;
    for seed in 0..SCHEDULES {
        let rule = fate("last_writer_wins", "", seed);
        for form in FORMS {
            let register = fate("lww_register", form, seed);
            assert_eq!(register.accepted, rule.accepted, "{form} {seed}");
            // An operation waits for what its origin had seen: meanwhile somebody may write
            // who has not heard of it, and what she could have replaced is lost.
            if form == "travels_state" {
                assert_eq!(register.lost, rule.lost, "{form} {seed}");
            }
            // A larger stamp took the place of a smaller one, so nobody comes round again.
            let round = closure(&register.pairs);
            assert!(round.iter().all(|pair| pair.0 != pair.1), "{form} {seed}");
        }
        lost += rule.lost.len();
    }
    assert!(lost > 20, "{lost}");
}

#[test]
fn the_register_of_siblings_loses_nothing_and_replaces_what_the_rule_replaces() {
    let mut pairs = 0;
    for seed in 0..SCHEDULES {
        let rule = fate("siblings_by_dotted_version_vector", "", seed);
        assert_eq!(rule.lost, BTreeSet::new(), "{seed}");
        for form in FORMS {
            let register = fate("multi_value_register", form, seed);
            assert_eq!(register.accepted, rule.accepted, "{form} {seed}");
            assert_eq!(register.lost, BTreeSet::new(), "{form} {seed}");
            // Nothing gives way but to somebody who had read it.
            for fate in [&register, &rule] {
                let unread: Vec<_> = fate.pairs.difference(&fate.read).collect();
                assert_eq!(unread, [] as [&(u32, u32); 0], "{form} {seed}");
            }
            pairs += register.pairs.len();
        }
    }
    assert!(pairs > 100, "{pairs}");
}

#[test]
fn no_rule_that_goes_by_what_was_read_loses_what_nobody_had_read() {
    for rule in [
        "siblings_under_one_vector",
        "siblings_by_dotted_version_vector",
        "ask_user",
    ] {
        for seed in 0..SCHEDULES {
            let fate = fate(rule, "", seed);
            assert_eq!(fate.lost, BTreeSet::new(), "{rule} {seed}");
            let unread: Vec<_> = fate.pairs.difference(&fate.read).collect();
            assert_eq!(unread, [] as [&(u32, u32); 0], "{rule} {seed}");
        }
    }
}
