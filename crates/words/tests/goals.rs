//! Goals of lessons, and the reasons why they are not met, told in every language.

mod spoken;

use splitbrain_checker::{PropertyId, ViolationKind};
use splitbrain_engine::playground;
use splitbrain_engine::sim::fact::{OpKind, Outcome};
use splitbrain_engine::sim::node::{Key, Value};
use splitbrain_lesson::goal::{
    Arg, Asked, Breach, Judged, Pair, Predicate, Reason, Status, Wanted, Which, Within, Wrote,
};
use splitbrain_lesson::script::Tool;
use splitbrain_words::Lang;

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
