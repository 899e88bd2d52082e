//! Verdicts, goals, reasons and lesson errors, told in every language.

mod spoken;

use std::rc::Rc;

use splitbrain_checker::{PropertyId, Role, Verdict, ViolationKind, properties};
use splitbrain_engine::playground;
use splitbrain_engine::run::{Command, Direction, Player, Run, Target};
use splitbrain_engine::scenario::{Choice, ServiceKind, Slot};
use splitbrain_engine::sim::fact::{OpKind, Outcome};
use splitbrain_engine::sim::node::{Action, Key, PaymentKey, Value};
use splitbrain_engine::sim::time::Time;
use splitbrain_lesson::format::error::{LessonError, Problem};
use splitbrain_lesson::goal::{
    Arg, Asked, Breach, Judged, Pair, Predicate, Reason, Status, Wanted, Which, Within, Wrote,
};
use splitbrain_lesson::observe::Observer;
use splitbrain_lesson::script::Tool;
use splitbrain_lesson::why;
use splitbrain_words::{Lang, Scene};

use spoken::{check, words};

const PRICE: Key = Key::new(0, 0);
const CART: Key = Key::new(1, 0);

fn predicates() -> Vec<Predicate> {
    let told = |outcome| Predicate::Told {
        customer: 0,
        kind: OpKind::Pay,
        outcome,
    };
    let mut predicates = vec![
        Predicate::WrittenOnBothSides {
            key: PRICE,
            regions: [0, 1],
        },
        Predicate::WriteLost {
            key: PRICE,
            at_least: 1,
        },
        Predicate::WriteLost {
            key: PRICE,
            at_least: 3,
        },
        Predicate::NoWriteLost {
            key: PRICE,
            accepted_in: vec![],
        },
        Predicate::NoWriteLost {
            key: PRICE,
            accepted_in: vec![0, 2],
        },
        Predicate::Converged {
            key: PRICE,
            accepted_in: vec![],
        },
        Predicate::Converged {
            key: PRICE,
            accepted_in: vec![0, 1],
        },
        Predicate::Diverged { key: PRICE },
        Predicate::Survivor {
            key: PRICE,
            write: Which::First,
        },
        Predicate::Survivor {
            key: PRICE,
            write: Which::Last,
        },
        Predicate::Shows {
            key: PRICE,
            region: Some(1),
            value: Value(110),
        },
        Predicate::Shows {
            key: PRICE,
            region: None,
            value: Value(0),
        },
        Predicate::CartContains { key: CART, item: 2 },
        told(Outcome::Ok),
        told(Outcome::Failed),
        told(Outcome::Unknown),
        Predicate::ReplyLost { customer: 0 },
        Predicate::RetriedElsewhere { customer: 0 },
        Predicate::Charged {
            customer: 0,
            times: 1,
        },
        Predicate::Charged {
            customer: 0,
            times: 2,
        },
        Predicate::ExactlyOnce { customer: 0 },
        Predicate::LinkWasCut { between: [0, 1] },
        Predicate::LinkHealed { between: [0, 1] },
        Predicate::PropertyHolds(judged(None, None)),
        Predicate::PropertyHolds(judged(Some(0), Some(CART))),
        Predicate::PropertyBroken(judged(Some(0), None)),
        Predicate::PropertyBroken(judged(None, Some(CART))),
    ];
    predicates.extend(measured());
    predicates.extend(known());
    predicates
}

/// Goals about who knew what, and what was put into carts and taken out.
fn known() -> Vec<Predicate> {
    let (key, customer, item, between) = (CART, 0, 2, [0, 1]);
    let lacks = |removed_in, for_good| Predicate::CartLacks {
        key,
        item,
        removed_in,
        for_good,
    };
    let knew = |of: &[u8], within_us, stays| Predicate::Knew {
        key: PRICE,
        region: 1,
        of: of.to_vec(),
        within_us,
        stays,
    };
    let pair = |wrote| Predicate::Concurrent {
        key: PRICE,
        pair: Pair {
            regions: [0, 1],
            apart_us: 10_000_000,
            wrote,
        },
    };
    let values = [Value(100), Value(110)];
    vec![
        lacks(None, false),
        lacks(None, true),
        lacks(Some(1), false),
        lacks(Some(1), true),
        knew(&[0], None, false),
        knew(&[0, 2], Some(3_000_000), false),
        knew(&[0], None, true),
        knew(&[0], Some(3_000_000), true),
        pair(Wrote::Anything),
        pair(Wrote::Different),
        pair(Wrote::These(values)),
        pair(Wrote::TheseAndFirstStays(values)),
        Predicate::TypedApart {
            key: PRICE,
            regions: [0, 1],
            lines: values,
        },
        Predicate::ReadFirst { key: PRICE },
        Predicate::InTurn {
            key: PRICE,
            customers: vec![0, 1, 0],
        },
        Predicate::TookBack {
            key: PRICE,
            customer,
            item: None,
            cut: None,
        },
        Predicate::TookBack {
            key,
            customer,
            item: Some(item),
            cut: None,
        },
        Predicate::TookBack {
            key,
            customer,
            item: Some(item),
            cut: Some((between, 1)),
        },
        Predicate::RefusedDuringCut {
            key: PRICE,
            customer,
            shown_at_least: 1,
            between,
        },
        Predicate::RemovalHeardLate {
            key,
            region: 1,
            item: Some(item),
            at_least_us: 40_000_000,
        },
        Predicate::ReadShows {
            key,
            customer,
            wanted: Wanted::Items(0b110),
        },
    ]
}

fn measured() -> Vec<Predicate> {
    let spans = [(0, Some(60_000)), (2_000_000, None), (50_000, Some(90_000))];
    let mut predicates = Vec::new();
    for (at_least_us, below_us) in spans {
        let within = Within {
            at_least_us,
            below_us,
        };
        predicates.push(Predicate::AnsweredIn {
            customer: 0,
            kind: OpKind::Write,
            key: None,
            within,
        });
        let (key, region) = (PRICE, 1);
        predicates.push(Predicate::Lag {
            key,
            region,
            within,
        });
    }
    for (at_least_percent, below_percent) in [(0, 10), (80, 101)] {
        predicates.push(Predicate::StaleReads {
            key: PRICE,
            reads: 1,
            at_least_percent,
            below_percent,
        });
    }
    predicates.extend([
        Predicate::CopiesWhenTold {
            key: PRICE,
            at_least: 2,
        },
        Predicate::MostlyAnsweredIn {
            latest: 60,
            at_least_percent: 95,
            below_us: 50_000,
        },
        Predicate::RegionCrashed { region: 1 },
        Predicate::RunsOfATime {
            at_least: 3,
            at_most: 3,
        },
        Predicate::RunsOfATime {
            at_least: 1,
            at_most: 2,
        },
        Predicate::SideBySide {
            key: PRICE,
            at_least: 2,
            at_most: 2,
        },
        Predicate::SideBySide {
            key: PRICE,
            at_least: 2,
            at_most: 31,
        },
        Predicate::Questions {
            key: None,
            asked_only: false,
            at_least: 2,
            at_most: 1_000,
        },
        Predicate::Questions {
            key: None,
            asked_only: false,
            at_least: 0,
            at_most: 1,
        },
        Predicate::Questions {
            key: None,
            asked_only: false,
            at_least: 1,
            at_most: 3,
        },
        Predicate::QuestionSettled { key: PRICE },
        Predicate::Tombstones {
            key: PRICE,
            at_least: 2,
            at_most: 1_000,
        },
        Predicate::Tombstones {
            key: PRICE,
            at_least: 0,
            at_most: 1,
        },
        Predicate::Tombstones {
            key: PRICE,
            at_least: 1,
            at_most: 3,
        },
        Predicate::RemovalHeardLate {
            key: PRICE,
            region: 1,
            item: None,
            at_least_us: 40_000_000,
        },
        Predicate::TakenOver { region: 1 },
        Predicate::ReadShows {
            key: PRICE,
            customer: 0,
            wanted: Wanted::Value(Value(100)),
        },
        Predicate::ReadAhead {
            key: PRICE,
            customer: 0,
            region: 1,
        },
        Predicate::StoppedAtWork { region: 1 },
        Predicate::LateReport {
            region: 1,
            at_least_us: 3_000_000,
        },
        Predicate::MessageKeptBack {
            region: 1,
            key: None,
        },
        Predicate::MessageKeptBack {
            region: 1,
            key: Some(PRICE),
        },
        Predicate::Leads {
            service: 0,
            region: 1,
        },
        Predicate::RefusedDuringCut {
            key: PRICE,
            customer: 0,
            shown_at_least: 0,
            between: [0, 1],
        },
        Predicate::SavedDuringCut {
            key: PRICE,
            customer: 0,
            between: [0, 1],
        },
    ]);
    predicates
}

fn judged(customer: Option<u16>, key: Option<Key>) -> Judged {
    Judged {
        property: PropertyId::ReadYourWrites,
        customer,
        key,
    }
}

/// The arguments that a reason comes with, as its entry in [`Reason::IDS`] says.
fn arguments(kinds: &str) -> Vec<Arg> {
    let one = |kind: &str| match kind {
        "Region" => Arg::Region(1),
        "Customer" | "or with a Customer" => Arg::Customer(0),
        "Key" => Arg::Key(PRICE),
        "Value" => Arg::Value(PRICE, Value(100)),
        "Value or Item" | "Item" => Arg::Item(3),
        "Kind" => Arg::Kind(OpKind::Add),
        "Outcome" => Arg::Outcome(Outcome::Unknown),
        "Count" => Arg::Count(2),
        "Span" => Arg::Span(69_600),
        "Property" => Arg::Property(PropertyId::Causal),
        other => panic!("{other} is no kind of argument"),
    };
    let kinds = kinds.split(", ").filter(|kind| !kind.is_empty());
    kinds.map(one).collect()
}

fn breach(kind: ViolationKind, op: Option<OpKind>) -> Breach {
    let asked = op.map(|kind| Asked {
        customer: 0,
        kind,
        key: CART,
        argument: Value(2),
        shown: (kind == OpKind::Read).then_some(Value(0)),
    });
    Breach {
        kind,
        op: asked,
        other: asked,
        winner: asked,
        key: asked.map(|it| it.key),
        regions: vec![0, 1],
    }
}

#[test]
fn every_goal_and_every_reason_has_a_sentence_in_every_language() {
    let scenario = playground::playground();
    for &lang in Lang::ALL {
        let words = words(lang);
        for predicate in predicates() {
            check(&words.goal(&scenario, &predicate), lang);
        }
        for &(id, kinds) in Reason::IDS {
            let args = arguments(kinds);
            let first_fact = None;
            let mut reason = Reason {
                id,
                args,
                first_fact,
                breach: None,
            };
            check(&words.reason(&scenario, &reason), lang);
            if reason.args.len() == 2 && matches!(reason.args[0], Arg::Property(_)) {
                reason.args.pop();
                check(&words.reason(&scenario, &reason), lang);
            }
            check(&words.goal_status(&Status::Open(reason)), lang);
        }
        let args = Vec::new();
        let of_nobody = Reason {
            id: "was_lost",
            args,
            first_fact: None,
            breach: None,
        };
        check(&words.reason(&scenario, &of_nobody), lang);
        for kind in ViolationKind::ALL {
            for op in [None, Some(OpKind::Read), Some(OpKind::Add)] {
                check(&words.breach(&scenario, &breach(kind, op)), lang);
            }
        }
        for &tool in Tool::ALL {
            check(&words.tool(tool), lang);
        }
    }
}

#[test]
fn every_problem_of_a_lesson_has_a_sentence_in_every_language() {
    let text = || "x".to_owned();
    let problems = [
        Problem::TooLarge { bytes: 9, most: 8 },
        Problem::Syntax { message: text() },
        Problem::Version { found: 2, known: 1 },
        Problem::UnknownField {
            found: text(),
            allowed: text(),
        },
        Problem::Missing,
        Problem::WrongKind {
            found: "truth",
            expected: "table",
        },
        Problem::NotAllowed {
            found: text(),
            allowed: "1 to 3".into(),
        },
        Problem::Count {
            found: 3,
            least: 1,
            most: 2,
        },
        Problem::Duplicate { name: text() },
    ];
    for &lang in Lang::ALL {
        for problem in &problems {
            let error = LessonError {
                file: "lesson.toml".into(),
                line: 12,
                field: "steps[0]".into(),
                problem: problem.clone(),
            };
            let said = words(lang).lesson_error(&error);
            check(&said, lang);
            assert!(said.to_string().starts_with("lesson.toml:12: steps[0]: "));
        }
    }
}

/// Prices by arrival order, carts and payments without care, and writes on both
/// sides of a cut: everything that can be violated is.
fn broken_run() -> Player {
    let mut run = Run::new(Rc::new(playground::playground()), 3);
    for (service, slot, policy) in [
        (ServiceKind::Prices, Slot::Merge, "arrival_order"),
        (ServiceKind::Carts, Slot::Merge, "last_writer_wins"),
        (ServiceKind::Payments, Slot::KeyStore, "none"),
    ] {
        let policy = policy.into();
        run = run.with(Choice {
            service,
            slot,
            policy,
        });
    }
    let mut player = Player::new(run);
    let mut act = |command| {
        player.jump(Target::Time(player.time().after(300_000)));
        player.act(command).expect("it fits");
    };
    let ask = |customer, kind, key, argument| Command::Act {
        customer,
        action: Action {
            kind,
            key,
            argument: Value(argument),
            payment_key: PaymentKey::Fresh,
            via: None,
        },
    };
    for to in 1..5 {
        act(Command::CutLink {
            from: 0,
            to,
            direction: Direction::Both,
        });
    }
    act(ask(7, OpKind::Write, PRICE, 100));
    act(ask(8, OpKind::Write, PRICE, 110));
    act(ask(0, OpKind::Add, CART, 2));
    act(Command::DropNextReply {
        region: 0,
        customer: Some(0),
    });
    act(ask(0, OpKind::Pay, Key::new(2, 0), 45));
    for to in 1..5 {
        act(Command::HealLink {
            from: 0,
            to,
            direction: Direction::Both,
        });
    }
    player.jump(Target::Time(Time::from_ms(30_000)));
    player
}

#[test]
fn every_verdict_of_a_broken_run_can_be_told_in_every_language() {
    let mut player = broken_run();
    let design = player.run().design();
    let mut observer = Observer::new(&design);
    observer.follow_player(&mut player);
    let scene = Scene::of(&player, &design);
    let mut told = 0;
    for &lang in Lang::ALL {
        let words = words(lang);
        for &role in &Role::ALL {
            check(&words.part(role), lang);
        }
        for info in properties::ALL {
            check(&words.judged(info.property), lang);
            check(&words.judged_means(info.property), lang);
            for verdict in [Verdict::Holds, Verdict::Open { at_risk: vec![] }] {
                check(&words.verdict(info.property, &verdict), lang);
            }
            for &kind in info.kinds {
                check(&words.violation_kind(kind), lang);
            }
            let verdict = observer.judge().verdict(info.property);
            check(&words.verdict(info.property, &verdict), lang);
            let Verdict::Violated {
                violations,
                at_risk,
            } = verdict
            else {
                continue;
            };
            for violation in violations {
                told += 1;
                check(&words.violation(&scene, violation), lang);
                for step in why::why_violation(player.trace(), violation, player.end()) {
                    check(&words.why_part(step.role), lang);
                    check(&words.fact_at(&scene, step.fact), lang);
                }
            }
            for risk in &at_risk {
                check(&words.at_risk(&scene, risk), lang);
            }
        }
    }
    assert!(told >= 6, "{told} violations in all languages");
}
