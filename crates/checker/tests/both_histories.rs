//! Published histories get their known verdicts, natively and in the browser.

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

mod published;

use std::collections::BTreeMap;

use published::{File, JEPSEN, KV};
use splitbrain_checker::history::{Action, History, Id, NIL, Operation, Value};
use splitbrain_checker::import::{Format, Imported, guess, import};
use splitbrain_checker::models::ModelId;
use splitbrain_checker::search::{
    Conflict, Order, STEPS, Verdict, check, check_by_search, witness,
};

/// The known answers, as their source lists them.
const VERDICTS: &str = include_str!("../../../tests/data/porcupine/jepsen/VERDICTS.txt");

fn read(file: &File) -> (ModelId, History) {
    let format = guess(file.1).expect("the format is known");
    let model = match format {
        Format::Jepsen => ModelId::CasRegister,
        _ => ModelId::Kv,
    };
    match import(format, file.1).expect("operations") {
        Ok(Imported::Operations(history)) => (model, history),
        other => panic!("{}: {other:?}", file.0),
    }
}

fn all() -> impl Iterator<Item = (&'static File, ModelId, History)> {
    JEPSEN.iter().chain(KV).map(|file| {
        let (model, history) = read(file);
        (file, model, history)
    })
}

fn linearizable(model: ModelId, history: &History) -> Verdict {
    let checked = check(history, model, Order::Linearizable, STEPS);
    checked.expect("the model knows all of it").verdict
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
#[cfg_attr(not(target_arch = "wasm32"), test)]
fn every_published_history_gets_its_known_verdict_and_none_is_undecided() {
    let known: BTreeMap<&str, bool> = VERDICTS
        .lines()
        .filter_map(|line| line.split_once(' '))
        .map(|(name, verdict)| (name, verdict.trim() == "linearizable"))
        .collect();
    for (file, model, history) in all() {
        let holds = linearizable(model, &history) == Verdict::Holds;
        let violated = matches!(linearizable(model, &history), Verdict::Violated(_));
        assert_eq!((holds, violated), (file.2, !file.2), "{}", file.0);
        if model == ModelId::CasRegister {
            assert_eq!(known.get(file.0), Some(&file.2), "{}", file.0);
        }
        let searched = check_by_search(&history, model, STEPS)
            .expect("it fits")
            .verdict;
        assert_eq!(searched == Verdict::Holds, file.2, "{} by search", file.0);
        assert_ne!(searched.id(), "undecided", "{} by search", file.0);
    }
    assert_eq!(known.len(), 52);
}

/// Other names for everything, other numbers for them, and other times in the same order.
fn renamed(history: &History) -> History {
    let mut other = History::default();
    let rename = |value: &Value, prefix: &str| match value {
        Value::Int(number) => Value::Text(format!("{prefix}{}", number * 7 + 3)),
        Value::Text(text) => Value::Text(text.replace('x', "ю").replace(' ', "__")),
        same => same.clone(),
    };
    // From the last to the first, so that numbers differ too.
    let mut value = BTreeMap::from([(NIL, NIL)]);
    for id in (1..history.values.len() as Id).rev() {
        let name = rename(history.values.get(id), "v");
        value.insert(id, other.values.intern(name));
    }
    let mut key = BTreeMap::new();
    for id in (0..history.keys.len() as Id).rev() {
        key.insert(id, other.keys.intern(rename(history.keys.get(id), "k")));
    }
    let mut process = BTreeMap::new();
    for id in (0..history.processes.len() as Id).rev() {
        let name = rename(history.processes.get(id), "p");
        process.insert(id, other.processes.intern(name));
    }
    other.initial = value[&history.initial];
    let time = |time: i64| {
        if time == i64::MAX {
            time
        } else {
            time * 3 - 1_000_000
        }
    };
    other.operations = history
        .operations
        .iter()
        .map(|operation| Operation {
            process: process[&operation.process],
            key: key[&operation.key],
            call: time(operation.call),
            ret: time(operation.ret),
            action: match operation.action {
                Action::Read(id) => Action::Read(value[&id]),
                Action::Write(id) => Action::Write(value[&id]),
                Action::Append(id) => Action::Append(value[&id]),
                Action::Cas(old, new) => Action::Cas(value[&old], value[&new]),
                other => panic!("{other:?} is in none of the files"),
            },
        })
        .collect();
    other
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
#[cfg_attr(not(target_arch = "wasm32"), test)]
fn names_and_times_do_not_matter_only_order_does() {
    for (file, model, history) in all() {
        let verdict = linearizable(model, &renamed(&history));
        assert_eq!(verdict == Verdict::Holds, file.2, "{}", file.0);
    }
}

/// The operations without this one and without the reads that then lack a writer.
fn without(model: ModelId, history: &History, dropped: usize) -> History {
    let mut kept: Vec<Operation> = history.operations.clone();
    kept.remove(dropped);
    loop {
        let before = kept.len();
        let writers = kept.clone();
        kept.retain(|operation| has_writer(model, history, operation, &writers));
        if kept.len() == before {
            break;
        }
    }
    History {
        operations: kept,
        ..history.clone()
    }
}

fn has_writer(model: ModelId, history: &History, read: &Operation, kept: &[Operation]) -> bool {
    let (Action::Read(id) | Action::Cas(id, _)) = read.action else {
        return true;
    };
    let text = |id: Id| match history.values.get(id) {
        Value::Text(text) => text.clone(),
        other => panic!("{other} is no text"),
    };
    if model == ModelId::Kv {
        // The texts are unique and marked at both ends: whoever wrote a part of what was
        // read is found by looking for the part.
        let mut length = 0;
        for operation in kept {
            if let Action::Write(part) | Action::Append(part) = operation.action
                && operation.key == read.key
                && text(id).contains(&text(part))
            {
                length += text(part).len();
            }
        }
        return length == text(id).len();
    }
    id == history.initial
        || kept.iter().any(|operation| match operation.action {
            Action::Write(to) | Action::Cas(_, to) => to == id,
            _ => false,
        })
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
#[cfg_attr(not(target_arch = "wasm32"), test)]
fn every_violation_shrinks_until_dropping_any_operation_lets_the_rest_pass() {
    for (file, model, history) in all().filter(|(file, ..)| !file.2) {
        let Verdict::Violated(conflict) = linearizable(model, &history) else {
            panic!("{} is not linearizable", file.0);
        };
        let found = witness(&history, &conflict, STEPS);
        assert!(found.minimal, "{}", file.0);
        let witness = history.restricted(&found.operations);
        let verdict = linearizable(model, &witness);
        assert!(matches!(verdict, Verdict::Violated(_)), "{}", file.0);
        for dropped in 0..witness.operations.len() {
            let fewer = without(model, &witness, dropped);
            let verdict = linearizable(model, &fewer);
            assert_eq!(verdict, Verdict::Holds, "{} without {dropped}", file.0);
        }
        // The proof holds every write that a read in it could have seen.
        let proof = history.restricted(&found.proof);
        let verdict = linearizable(model, &proof);
        assert!(matches!(verdict, Verdict::Violated(_)), "{}", file.0);
        if model == ModelId::CasRegister {
            let writes = |one: &Operation, id| match one.action {
                Action::Write(to) | Action::Cas(_, to) => to == id,
                _ => false,
            };
            for read in &proof.operations {
                let (Action::Read(id) | Action::Cas(id, _)) = read.action else {
                    continue;
                };
                let mut all = history.operations.iter();
                let inside = |one: &Operation| proof.operations.contains(one);
                let outside =
                    all.find(|one| writes(one, id) && one.call <= read.ret && !inside(one));
                assert_eq!(outside, None, "{}", file.0);
            }
        } else {
            assert!(found.is_complete(), "{}", file.0);
        }
        // A conflict that is everything shrinks as well.
        let whole = Conflict {
            operations: (0..history.operations.len() as u32).collect(),
            ..conflict
        };
        if model == ModelId::CasRegister {
            let again = splitbrain_checker::search::witness(&history, &whole, STEPS);
            assert!(again.operations.len() < 30, "{}", file.0);
        }
    }
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
#[cfg_attr(not(target_arch = "wasm32"), test)]
fn sequential_consistency_of_published_histories_is_the_weaker_condition() {
    let (mut violated, mut undecided) = (0, 0);
    for (file, model, history) in all() {
        let checked = check(&history, model, Order::Sequential, STEPS / 2).expect("it fits");
        assert!(!file.2 || checked.verdict == Verdict::Holds, "{}", file.0);
        violated += u32::from(matches!(checked.verdict, Verdict::Violated(_)));
        undecided += u32::from(checked.verdict.id() == "undecided");
    }
    assert!(violated > 0 && undecided <= 2, "{violated} {undecided}");
}
