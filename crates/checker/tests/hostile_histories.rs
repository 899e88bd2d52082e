//! Histories made to take for ever end within their steps.
#![cfg(not(target_arch = "wasm32"))]

use std::fmt::Write as _;

use splitbrain_checker::history::{Action, History, NIL, OPEN, Operation, Value};
use splitbrain_checker::import::{Format, Imported, import};
use splitbrain_checker::models::{ALL, ModelId};
use splitbrain_checker::search::{Order, Verdict, check};

const STEPS: u64 = 300_000;

/// What the one at this place does, of few values or of as many as there are.
fn action(history: &mut History, model: ModelId, at: u32, values: u32) -> Action {
    let number = i64::from(at % values) + 1;
    let value = match model {
        ModelId::Kv => Value::Text(format!("<{number}>")),
        _ => Value::Int(number),
    };
    let id = history.values.intern(value);
    match (model, at % 4) {
        (ModelId::Register | ModelId::CasRegister | ModelId::Kv, 0) => Action::Write(id),
        (ModelId::CasRegister, 1) => Action::Cas(id, 1),
        (ModelId::Kv, 1) => Action::Append(id),
        (ModelId::Counter, 0 | 1) | (ModelId::Set, 0) => Action::Add(id),
        (ModelId::Set, 1) => Action::Remove(id),
        (ModelId::Set, 2) => Action::Contains(id, at.is_multiple_of(8)),
        (ModelId::Queue, 0 | 1) => Action::Enqueue(id),
        (ModelId::Queue, 2) => Action::Take,
        (ModelId::Queue, _) => Action::Dequeue(if at.is_multiple_of(3) { NIL } else { id }),
        (ModelId::Lock, 0 | 2) => Action::Acquire(at),
        (ModelId::Lock, _) => Action::Release(at),
        (ModelId::Set, _) => {
            let id = history.values.intern(Value::Many(vec![Value::Int(number)]));
            Action::Read(id)
        }
        _ => Action::Read(id),
    }
}

/// So many operations, so many of them at once, a tenth of them for ever.
fn crowd(model: ModelId, operations: u32, at_once: u32, values: u32) -> History {
    let mut history = History::default();
    history.keys.intern(Value::Nil);
    for at in 0..operations {
        let action = action(&mut history, model, at, values);
        let call = i64::from(at);
        let lost = at % 10 == 9 || action == Action::Take;
        history.operations.push(Operation {
            process: history.processes.intern(Value::Int(call)),
            key: 0,
            call,
            ret: if lost {
                OPEN
            } else {
                call + i64::from(at_once)
            },
            action,
        });
    }
    history
}

fn judge(model: ModelId, history: &History) {
    for order in Order::ALL {
        let checked = check(history, model, order, STEPS).expect("the model knows it");
        assert!(checked.steps <= STEPS, "{} {}", model.id(), checked.steps);
    }
}

#[test]
fn a_hundred_thousand_operations_at_once_end_within_their_steps() {
    for info in ALL {
        for values in [3, u32::MAX] {
            judge(info.model, &crowd(info.model, 100_000, 100_000, values));
        }
    }
}

#[test]
fn thousands_of_operations_at_once_for_as_long_as_it_takes_end_within_their_steps() {
    for info in ALL {
        for (operations, at_once) in [(20_000, 60), (20_000, 3_000)] {
            for values in [3, u32::MAX] {
                judge(info.model, &crowd(info.model, operations, at_once, values));
            }
        }
    }
}

#[test]
fn times_that_run_backwards_are_refused_by_their_line() {
    let line = |kind: &str, time: i64| {
        format!("{{:process 0, :type :{kind}, :f :read, :value nil, :time {time}}}\n")
    };
    let text = line("invoke", 5) + &line("ok", 4);
    let Some(Err(error)) = import(Format::Edn, text.as_bytes()) else {
        panic!("an operation that ends before it begins");
    };
    let error = error.to_string();
    assert!(
        error.contains("2:") && error.contains("expected"),
        "{error}"
    );
}

#[test]
fn ten_megabytes_are_read_and_judged_within_their_steps() {
    let mut text = String::new();
    let mut at = 0_u64;
    while text.len() < 10 << 20 {
        let (process, value) = (at % 50, at % 7);
        let (f, ask) = if at.is_multiple_of(3) {
            ("write", true)
        } else {
            ("read", false)
        };
        let asked = if ask {
            value.to_string()
        } else {
            "nil".to_owned()
        };
        let time = at * 50;
        writeln!(
            text,
            "{{:process {process}, :type :invoke, :f :{f}, :key 0, :value {asked}, :time {time}}}"
        )
        .expect("text takes it");
        let done = time + 40;
        writeln!(
            text,
            "{{:process {process}, :type :ok, :f :{f}, :key 0, :value {value}, :time {done}}}"
        )
        .expect("text takes it");
        at += 1;
    }
    let Some(Ok(Imported::Operations(history))) = import(Format::Edn, text.as_bytes()) else {
        panic!("it is a history");
    };
    assert!(history.operations.len() > 50_000);
    let checked = check(&history, ModelId::Register, Order::Linearizable, STEPS).expect("it fits");
    assert!(checked.steps <= STEPS);
    assert!(
        matches!(checked.verdict, Verdict::Violated(_)),
        "{:?}",
        checked.verdict
    );
}
