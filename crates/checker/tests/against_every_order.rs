//! Random small histories get the verdict that trying every order gives.

mod naive_order;

use splitbrain_checker::history::sample::{Shape, of_model, register};
use splitbrain_checker::history::{Action, History, NIL, Operation, Value};
use splitbrain_checker::models::{ALL, ModelId};
use splitbrain_checker::search::{Order, STEPS, Verdict, check, check_by_search, without, witness};

const SMALL: Shape = Shape {
    operations: 7,
    processes: 4,
    keys: 1,
    values: Some(2),
    unknown: 150_000,
    wrong: 150_000,
    equal_times: 200_000,
};

/// Shapes that between them reach every way to decide.
fn shapes() -> [Shape; 5] {
    [
        SMALL,
        Shape {
            values: None,
            ..SMALL
        },
        Shape { keys: 2, ..SMALL },
        Shape {
            values: None,
            operations: 6,
            processes: 6,
            ..SMALL
        },
        Shape {
            operations: 8,
            processes: 7,
            wrong: 60_000,
            ..SMALL
        },
    ]
}

/// Seeds of each shape; `SPLITBRAIN_ORDER_SEEDS` sets another number, and from which on.
fn seeds(otherwise: u64) -> std::ops::Range<u64> {
    let number = |text: &str| text.parse().expect("a number");
    match std::env::var("SPLITBRAIN_ORDER_SEEDS") {
        Ok(text) => match text.split_once("..") {
            Some((from, to)) => number(from)..number(to),
            None => 0..number(&text),
        },
        Err(_) => 0..otherwise,
    }
}

fn verdict(model: ModelId, history: &History, order: Order) -> bool {
    let checked = check(history, model, order, STEPS).expect("the model knows it");
    assert_ne!(checked.verdict.id(), "undecided");
    checked.verdict == Verdict::Holds
}

#[test]
fn every_model_gets_the_verdict_of_trying_every_order() {
    for info in ALL {
        let mut counts = [0, 0];
        for seed in seeds(1500) {
            for shape in shapes() {
                let history = of_model(seed, &shape, info.model);
                let holds = naive_order::holds(info.model, &history, Order::Linearizable);
                counts[usize::from(holds)] += 1;
                let said = || format!("{} {seed} {shape:?}\n{history:#?}", info.id);
                let found = verdict(info.model, &history, Order::Linearizable);
                assert_eq!(found, holds, "{}", said());
                let searched = check_by_search(&history, info.model, STEPS);
                let searched = searched.expect("the model knows it").verdict;
                assert_eq!(searched == Verdict::Holds, holds, "by search: {}", said());
            }
        }
        let least = if info.model == ModelId::Lock { 0 } else { 300 };
        assert!(
            counts[0] >= least && counts[1] > 300,
            "{} {counts:?}",
            info.id
        );
    }
}

#[test]
fn sequential_consistency_is_that_of_trying_every_order_and_the_weaker_condition() {
    for info in ALL {
        for seed in seeds(400) {
            for shape in shapes() {
                let history = of_model(seed, &shape, info.model);
                let holds = naive_order::holds(info.model, &history, Order::Sequential);
                let found = verdict(info.model, &history, Order::Sequential);
                assert_eq!(found, holds, "{} {seed}\n{history:#?}", info.id);
                let stronger = verdict(info.model, &history, Order::Linearizable);
                assert!(found || !stronger, "{} {seed}", info.id);
            }
        }
    }
}

#[test]
fn sorting_and_searching_agree_on_thousands_of_registers_with_unique_values() {
    for seed in 0..20_000 {
        let shape = Shape {
            operations: 1 + (seed % 12) as u32,
            values: None,
            ..SMALL
        };
        let history = register(seed, &shape);
        let sorted = verdict(ModelId::Register, &history, Order::Linearizable);
        let searched = check_by_search(&history, ModelId::Register, STEPS);
        let searched = searched.expect("a register knows it").verdict;
        assert_eq!(searched == Verdict::Holds, sorted, "{seed}\n{history:#?}");
    }
}

#[test]
fn witnesses_are_violations_of_which_nothing_can_be_dropped() {
    let mut seen = 0;
    for info in ALL {
        for seed in 0..400 {
            for shape in shapes() {
                for order in Order::ALL {
                    let history = of_model(seed, &shape, info.model);
                    let checked = check(&history, info.model, order, STEPS);
                    let Verdict::Violated(conflict) = checked.expect("it fits").verdict else {
                        continue;
                    };
                    seen += 1;
                    let found = witness(&history, &conflict, STEPS);
                    let sub = history.restricted(&found.operations);
                    assert!(found.minimal);
                    assert!(
                        !naive_order::holds(info.model, &sub, order),
                        "{} {seed} {shape:?}: {found:?}",
                        info.id
                    );
                    for dropped in 0..sub.operations.len() {
                        let fewer = without(&sub, info.model, dropped as u32);
                        assert!(fewer.operations.len() < sub.operations.len());
                        let holds = naive_order::holds(info.model, &fewer, order);
                        assert!(holds, "{} {seed} without {dropped}: {sub:#?}", info.id);
                    }
                }
            }
        }
    }
    assert!(seen > 1000, "{seen}");
}

#[test]
fn an_operation_that_ends_when_another_begins_is_concurrent_with_it() {
    let mut history = History::default();
    let one = history.values.intern(Value::Int(1));
    let at = |call, ret, action| Operation {
        process: 0,
        key: 0,
        call,
        ret,
        action,
    };
    let write = at(0, 5, Action::Write(one));
    history.operations = vec![write, at(5, 6, Action::Read(NIL))];
    assert!(verdict(ModelId::Register, &history, Order::Linearizable));
    history.operations[1].call = 6;
    assert!(!verdict(ModelId::Register, &history, Order::Linearizable));
}
