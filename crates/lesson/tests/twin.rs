//! One workload under two designs: where they part, and what differs.
#![cfg(not(target_arch = "wasm32"))]

use std::rc::Rc;

use splitbrain_checker::PropertyId;
use splitbrain_engine::playground::{playground, trial};
use splitbrain_engine::run::{Command, Direction, Player, Run, Target, TimedCommand};
use splitbrain_engine::scenario::{Scenario, ServiceKind};
use splitbrain_engine::sim::fact::{FactId, FactKind, OpKind};
use splitbrain_engine::sim::node::{Action, Key, PaymentKey, Value};
use splitbrain_engine::sim::time::Time;
use splitbrain_lesson::observe::Observer;
use splitbrain_lesson::twin::divergence::LATE_US;
use splitbrain_lesson::twin::{
    Comparison, Divergence, Seeker, Side, Subject, choices, compare, differences, twin_of,
};

/// A player with an observer.
struct Seat {
    player: Player,
    observer: Observer,
}

impl Seat {
    fn new(run: &Run) -> Self {
        Self {
            player: Player::new(run.clone()),
            observer: Observer::with_record(&run.scenario),
        }
    }

    fn go(&mut self, ms: u64) {
        self.player.jump(Target::Time(Time::from_ms(ms)));
        self.observer.follow_player(&mut self.player);
    }
}

/// Two runs, and whoever looks for where they part.
struct Pair {
    seats: [Seat; 2],
    seeker: Seeker,
}

impl Pair {
    fn of(run: &Run, with: &str) -> Self {
        let choices = choices::read(with, &run.design()).expect(with);
        Self {
            seats: [Seat::new(run), Seat::new(&twin_of(run, &choices))],
            seeker: Seeker::new(run.scenario.regions.len() as u8),
        }
    }

    /// The first divergence up to a moment, read so many facts at a time.
    fn seek(&mut self, ms: u64, budget: u32) -> Option<Divergence> {
        for seat in &mut self.seats {
            seat.go(ms);
        }
        let [one, other] = &self.seats;
        let traces = [one.player.trace(), other.player.trace()];
        while !self
            .seeker
            .follow(traces, Time::from_ms(ms), budget)
            .expect("short runs are held")
        {}
        self.seeker.first()
    }

    fn compare(&self) -> Comparison {
        compare([&self.seats[0], &self.seats[1]].map(|seat| Side {
            world: seat.player.world(),
            observer: &seat.observer,
        }))
    }
}

fn at(ms: u64, command: Command) -> TimedCommand {
    TimedCommand {
        at: Time::from_ms(ms),
        command,
    }
}

fn act(scenario: &Scenario, customer: u16, kind: OpKind, argument: u32) -> Command {
    let service = scenario
        .service(ServiceKind::Carts)
        .expect("there are carts");
    Command::Act {
        customer,
        action: Action {
            kind,
            key: Key::new(service, 0),
            argument: Value(argument),
            payment_key: PaymentKey::Fresh,
            via: None,
        },
    }
}

fn links(region: u8, command: impl Fn(u8) -> Command) -> [Command; 2] {
    [(region + 1) % 3, (region + 2) % 3].map(command)
}

/// Two who share a cart each add something while one of them is cut off.
fn shared_cart() -> Run {
    let scenario = Rc::new(trial());
    let direction = Direction::Both;
    let mut run = Run::new(Rc::clone(&scenario), 5);
    let cut = |to| Command::CutLink {
        from: 1,
        to,
        direction,
    };
    let heal = |to| Command::HealLink {
        from: 1,
        to,
        direction,
    };
    run.commands.extend(links(1, cut).map(|cut| at(1_000, cut)));
    for (customer, item) in [(0, 0), (1, 1)] {
        let add = act(&scenario, customer, OpKind::Add, item);
        run.commands.push(at(2_000 + u64::from(item), add));
    }
    run.commands
        .extend(links(1, heal).map(|heal| at(5_000, heal)));
    run
}

#[test]
fn carts_part_where_the_last_writer_wins_over_an_item_that_a_set_would_have_kept() {
    let mut pair = Pair::of(&shared_cart(), "carts.merge=observed_remove_set");
    let first = pair.seek(10_000, u32::MAX).expect("they part");
    let cart = act(&trial(), 0, OpKind::Add, 0);
    let Command::Act { action, .. } = cart else {
        unreachable!("it is one");
    };
    assert!(first.at > Time::from_ms(5_000), "after the heal");
    assert!(matches!(first.subject, Subject::Shown(_, key) if key == action.key));
    let shown = [0, 1].map(|side| {
        let trace = pair.seats[side].player.trace();
        let fact = trace.get(first.facts[side]?)?;
        (fact.kind() == FactKind::ValueShown).then_some(fact.b)
    });
    assert_eq!(shown[1], Some(0b11), "the set has both");
    assert_ne!(shown[0], shown[1]);

    let comparison = pair.compare();
    assert_eq!(comparison.figures.map(|it| it.lost), [1, 0]);
    assert_eq!(comparison.figures.map(|it| it.done), [2, 2]);
    assert_eq!(comparison.keys.len(), 1);
    assert_eq!(comparison.keys[0].shown[1], vec![Some(Value(0b11)); 3]);
    let kept = comparison.verdicts.iter();
    let kept = kept.filter(|row| row.property == PropertyId::AcknowledgedWrites);
    let verdicts: Vec<_> = kept.map(|row| row.verdicts).collect();
    assert_eq!(verdicts, [[Some("violated"), Some("holds")]]);
    assert!(comparison.figures.iter().all(|it| it.traffic.bytes > 0));
    assert!(comparison.figures.iter().all(|it| it.writes.is_some()));
    assert_eq!(comparison.figures.map(|it| it.reads), [None, None]);
}

#[test]
fn one_design_does_not_part_from_itself() {
    let run = Run::new(Rc::new(playground()), 3);
    let mut pair = Pair::of(&run, "carts.merge=observed_remove_set");
    assert_eq!(differences(&run, pair.seats[1].player.run()), []);
    assert_eq!(pair.seek(30_000, 1_000), None);
    assert!(!pair.seeker.is_settled());
    let comparison = pair.compare();
    assert_eq!(comparison.figures[0], comparison.figures[1]);
    assert!(comparison.keys.is_empty());
    let rows = comparison.verdicts.iter();
    assert!(rows.clone().count() > 2);
    assert!(rows.clone().all(|row| row.verdicts[0] == row.verdicts[1]));
}

#[test]
fn what_is_found_does_not_depend_on_how_it_was_read() {
    let mut parted = Vec::new();
    for with in [
        "prices.merge=arrival_order",
        "carts.merge=last_writer_wins",
        "prices.replication=quorum",
        "carts.replication=consensus,prices.replication=single_writer_majority",
        "payments.key_store=per_region",
    ] {
        let mut run = Run::new(Rc::new(playground()), 11);
        let direction = Direction::Both;
        for to in [0, 2, 3, 4] {
            let cut = Command::CutLink {
                from: 1,
                to,
                direction,
            };
            run.commands.push(at(4_000, cut));
        }
        let ends_at = 40_000;
        let whole = Pair::of(&run, with).seek(ends_at, u32::MAX);
        let mut pair = Pair::of(&run, with);
        let mut settled = None;
        for ms in (0..=ends_at).step_by(500) {
            let found = pair.seek(ms, 97);
            if let Some(settled) = settled {
                assert_eq!(found, settled, "{with}: what is settled stays");
            }
            if pair.seeker.is_settled() {
                settled = Some(found);
            }
        }
        assert_eq!(pair.seeker.first(), whole, "{with}");
        // Where no two write one price at a time, no rule for that is asked.
        let Some(first) = whole else {
            continue;
        };
        parted.push(with);
        let facts = first.facts.iter().enumerate();
        let facts = facts.filter_map(|(side, fact)| {
            let trace = pair.seats[side].player.trace();
            Some(trace.get((*fact)?)?.at())
        });
        assert_eq!(facts.min(), Some(first.at), "{with}");
    }
    assert!(parted.len() >= 2, "{parted:?}");
}

#[test]
fn what_comes_too_late_has_not_come_and_the_other_way_round_it_is_the_same() {
    let mut run = Run::new(Rc::new(trial()), 5);
    let direction = Direction::Both;
    let cut = |to| Command::CutLink {
        from: 1,
        to,
        direction,
    };
    run.commands.extend(links(1, cut).map(|cut| at(1_000, cut)));
    run.commands
        .push(at(2_000, act(&trial(), 1, OpKind::Add, 1)));
    // The region that is cut off has no majority.
    let mut pair = Pair::of(&run, "carts.replication=consensus");
    let first = pair.seek(40_000, u32::MAX).expect("they part");
    assert!(pair.seeker.is_settled());
    let mut back = Pair::of(pair.seats[1].player.run(), "carts.replication=multi_master");
    let mirrored = back.seek(40_000, u32::MAX).expect("they part");
    assert_eq!((mirrored.at, mirrored.subject), (first.at, first.subject));
    assert_eq!(mirrored.facts, [first.facts[1], first.facts[0]]);
    let cut_off = pair.compare().figures;
    assert!(cut_off[0].done == 1 && cut_off[1].done == 0, "{cut_off:?}");
    assert!(cut_off[1].refused + cut_off[1].unknown == 1, "{cut_off:?}");
    assert_eq!(first.facts[1], None, "nothing came within {LATE_US} µs");
}

#[test]
fn facts_that_a_trace_let_go_are_named() {
    use splitbrain_engine::sim::trace::Trace;
    let run = Run::new(Rc::new(splitbrain_engine::playground::busy()), 1);
    let mut player = Player::with_trace(run.clone(), Trace::with_window(2));
    player.jump(Target::Time(Time::from_ms(120_000)));
    let mut other = Player::new(run);
    other.jump(Target::Time(Time::from_ms(120_000)));
    let mut seeker = Seeker::new(5);
    let until = Time::from_ms(120_000);
    let (mut times, mut done) = (0, false);
    while !done {
        match seeker.follow([player.trace(), other.trace()], until, 10_000) {
            Ok(there) => done = there,
            Err((side, missing)) => {
                assert_eq!(side, 0);
                assert!(missing.from < missing.to);
                times += player.load(missing.from, FactId(missing.from.0 + 1));
            }
        }
    }
    assert!(times > 0, "the window is too small for all of it");
    assert_eq!(seeker.first(), None);
}
