//! Files from strangers: what is written is read back the same, and whatever is broken in
//! them is answered with an error, never with a panic.

mod published;

use std::fmt::Write;

use splitbrain_checker::history::sample::{Dice, Shape, of_model};
use splitbrain_checker::history::{Action, History, Id, NIL, OPEN, Operation, Value};
use splitbrain_checker::import::{Format, Imported, guess, import};
use splitbrain_checker::models::ModelId;
use splitbrain_checker::search::{Order, check};
use splitbrain_checker::transactions::{self, Repeats, awdit};

const SHAPE: Shape = Shape {
    operations: 30,
    processes: 4,
    keys: 3,
    values: Some(4),
    unknown: 100_000,
    wrong: 100_000,
    equal_times: 0,
};

/// The values of an action in EDN or JSON.
fn value(history: &History, action: Action, nil: &str) -> String {
    let one = |id: Id| match history.values.get(id) {
        Value::Nil => nil.to_owned(),
        other => other.to_string(),
    };
    let comma = if nil == "null" { "," } else { "" };
    match action {
        Action::Read(id)
        | Action::Write(id)
        | Action::Refused(id)
        | Action::Append(id)
        | Action::Add(id)
        | Action::Remove(id)
        | Action::Enqueue(id)
        | Action::Dequeue(id) => one(id).replace(' ', &format!("{comma} ")),
        Action::Cas(old, new) => format!("[{}{comma} {}]", one(old), one(new)),
        Action::Contains(id, found) => format!("[{}{comma} {found}]", one(id)),
        Action::Take | Action::Acquire(_) | Action::Release(_) => nil.to_owned(),
    }
}

fn name(action: Action, format: Format) -> &'static str {
    match (action, format) {
        (Action::Read(_), Format::Kv) => "get",
        (Action::Write(_), Format::Kv) => "put",
        _ => action.name(),
    }
}

fn written(history: &History, format: Format) -> String {
    let mut text = String::new();
    for event in history.events() {
        let (time, ret) = (event.time, event.is_return);
        let operation = history.operations[event.operation as usize];
        let process = history.processes.get(operation.process);
        let key = history.keys.get(operation.key);
        let action = operation.action;
        let function = name(action, format);
        let kind = if ret { "ok" } else { "invoke" };
        let nil = if format == Format::Json {
            "null"
        } else {
            "nil"
        };
        let asks = matches!(
            action,
            Action::Read(_) | Action::Refused(_) | Action::Contains(..) | Action::Dequeue(_)
        );
        let value = if asks && !ret {
            nil.to_owned()
        } else {
            value(history, action, nil)
        };
        let _ = match format {
            Format::Jepsen => writeln!(
                text,
                "INFO  jepsen.util - {process}\t:{kind}\t:{function}\t{value}"
            ),
            Format::Json => writeln!(
                text,
                "{{\"process\": {process}, \"type\": \"{kind}\", \"f\": \"{function}\", \
                 \"key\": {key}, \"value\": {value}, \"time\": {time}}}"
            ),
            Format::Kv => writeln!(
                text,
                "{{:process {process}, :type :{kind}, :f :{function}, :key \"{key}\", \
                 :value {value}}}"
            ),
            _ => writeln!(
                text,
                "{{:process {process}, :type :{kind}, :f :{function}, :key {key}, \
                 :value {value}, :time {time}}}"
            ),
        };
    }
    text
}

/// What an operation is, whatever its numbers.
fn shown(history: &History) -> Vec<String> {
    let all = history.operations.iter().map(|one| {
        let process = history.processes.get(one.process);
        format!("{process} {}", history.describe(one))
    });
    all.collect()
}

fn operations(format: Format, bytes: &[u8]) -> Result<History, String> {
    match import(format, bytes) {
        Some(Ok(Imported::Operations(history))) => Ok(history),
        Some(Ok(other)) => panic!("{other:?}"),
        Some(Err(error)) => Err(error.to_string()),
        None => Err("no operations".to_owned()),
    }
}

/// Formats and models that they can carry.
const CARRIED: [(Format, ModelId); 9] = [
    (Format::Jepsen, ModelId::CasRegister),
    (Format::Kv, ModelId::Kv),
    (Format::Edn, ModelId::CasRegister),
    (Format::Edn, ModelId::Counter),
    (Format::Edn, ModelId::Queue),
    (Format::Edn, ModelId::Lock),
    (Format::Json, ModelId::Register),
    (Format::Json, ModelId::Set),
    (Format::Json, ModelId::Kv),
];

fn sample(seed: u64, format: Format, model: ModelId) -> History {
    let keys = if format == Format::Jepsen {
        1
    } else {
        SHAPE.keys
    };
    let mut history = of_model(seed, &Shape { keys, ..SHAPE }, model);
    if format == Format::Jepsen {
        let known = |one: &Operation| !matches!(one.action, Action::Refused(_));
        history.operations.retain(known);
    }
    history
}

#[test]
fn what_is_written_in_a_format_is_read_back_the_same() {
    for (format, model) in CARRIED {
        for seed in 0..60 {
            let history = sample(seed, format, model);
            let text = written(&history, format);
            let read = operations(format, text.as_bytes());
            let read = read.unwrap_or_else(|error| panic!("{format:?} {seed}: {error}\n{text}"));
            assert_eq!(shown(&read), shown(&history), "{format:?} {seed}");
            let order = |history: &History| -> Vec<(u32, bool)> {
                let events = history.events().into_iter();
                events.map(|it| (it.operation, it.is_return)).collect()
            };
            assert_eq!(order(&read), order(&history), "{format:?} {seed}");
            let verdict = |history: &History| {
                let checked = check(history, model, Order::Linearizable, 1_000_000);
                checked.expect("it fits").verdict.id()
            };
            if model != ModelId::Kv || format == Format::Kv {
                assert_eq!(verdict(&read), verdict(&history), "{format:?} {seed}");
            }
        }
    }
}

/// One to four of the ways in which files go wrong.
fn mutated(dice: &mut Dice, bytes: &[u8], other: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..=dice.below(4) {
        let length = bytes.len() as u32;
        let at = dice.below(length + 1) as usize;
        let to = (at + dice.below(40) as usize).min(bytes.len());
        match dice.below(9) {
            0 => bytes.truncate(at),
            1 => {
                bytes.drain(at..to);
            }
            2 => {
                let piece = bytes[at..to].to_vec();
                let place = dice.below(length + 1) as usize;
                bytes.splice(place.min(bytes.len())..place.min(bytes.len()), piece);
            }
            3 => {
                let from = dice.below(other.len() as u32 + 1) as usize;
                bytes.splice(at..at, other[from..].iter().take(60).copied());
            }
            4 if at < bytes.len() => bytes[at] = dice.bits() as u8,
            5 if at < bytes.len() => bytes[at] ^= 1 << dice.below(8),
            6 => {
                const TOKENS: [&str; 16] = [
                    "nil",
                    "null",
                    "[",
                    "]",
                    "{",
                    "}",
                    "\"",
                    ":",
                    "\\u",
                    "-9223372036854775808",
                    "9223372036854775807",
                    "#_",
                    "#{",
                    ":time",
                    "\n",
                    ":info",
                ];
                let token = TOKENS[dice.below(16) as usize];
                bytes.splice(at..at, token.bytes());
            }
            7 => {
                let lines: Vec<&[u8]> = bytes.split_inclusive(|&byte| byte == b'\n').collect();
                let mut lines: Vec<Vec<u8>> = lines.into_iter().map(<[u8]>::to_vec).collect();
                let count = lines.len() as u32;
                let (one, two) = (dice.below(count) as usize, dice.below(count) as usize);
                lines.swap(one, two);
                bytes = lines.concat();
            }
            _ => {}
        }
        if bytes.is_empty() {
            return bytes;
        }
    }
    bytes
}

/// Whatever was read is a history: in order, its numbers its own.
fn assert_sound(history: &History) {
    let mut last = i64::MIN;
    for one in &history.operations {
        assert!(
            last <= one.call && one.call <= one.ret && one.call < OPEN,
            "{one:?}"
        );
        last = one.call;
        let _ = (history.describe(one), history.keys.get(one.key));
        let _ = history.processes.get(one.process);
    }
    assert_eq!(history.values.get(NIL), &Value::Nil);
}

/// Files to start from, one of each kind.
fn seeds() -> Vec<(Format, Vec<u8>)> {
    let mut seeds: Vec<(Format, Vec<u8>)> = CARRIED
        .iter()
        .map(|&(format, model)| {
            (
                format,
                written(&sample(5, format, model), format).into_bytes(),
            )
        })
        .collect();
    seeds.push((Format::Jepsen, published::JEPSEN[2].1.to_vec()));
    seeds.push((Format::Kv, published::KV[0].1.to_vec()));
    let operations = br#"{ "initial": 0, "operations": [
        { "process": "bob", "f": "cas", "value": [1, 2], "call": 12, "return": null },
        { "process": 2, "f": "read", "value": "\u00e9\ud83d\ude00", "call": 30, "return": 31 }] }"#;
    seeds.push((Format::Json, operations.to_vec()));
    let edn =
        b"; Jepsen\n[#jepsen.history.Op{:process 0, :type :invoke, :f :add, :value #{1 [2]}} \
                #_ {:x (1 2)} {:process :nemesis, :type :info, :f :start}]";
    seeds.push((Format::Edn, edn.to_vec()));
    let transactions: [&[u8]; 2] = [
        b"w 0 0\nw 1 0\n====\nw 0 1\nr 1 0\n----\nr 0 1\nw 1 2\n====\nr 1 2\nr 0 0\n----\nr 0 1\n",
        b"w 18446744073709551615 7\n-----\n\nr 18446744073709551615 7\r\n=====\nw 3 3\nw 3 4\nr 3 4\n",
    ];
    seeds.extend(transactions.map(|bytes| (Format::Awdit, bytes.to_vec())));
    seeds
}

/// A variable's number; the other where it is not set.
fn variable(name: &str, otherwise: u64) -> u64 {
    let text = std::env::var(name).ok();
    text.map_or(otherwise, |text| text.parse().expect("a number"))
}

/// Whether the bytes were read; what was read is sound and judged.
fn taken(format: Format, bytes: &[u8]) -> bool {
    if format == Format::Awdit {
        return taken_as_transactions(bytes);
    }
    match operations(format, bytes) {
        Ok(history) => {
            assert_sound(&history);
            if let Some(model) = ModelId::guess(&history) {
                for order in Order::ALL {
                    check(&history, model, order, 2_000).expect("it was guessed");
                }
            }
            true
        }
        Err(error) => {
            assert!(
                error.contains("expected") || error == "no operations",
                "{error}"
            );
            false
        }
    }
}

fn taken_as_transactions(bytes: &[u8]) -> bool {
    let read = [Repeats::Refuse, Repeats::TakeLast].map(|repeats| {
        match awdit::read("file", bytes, repeats) {
            Ok(history) => {
                for model in transactions::Model::ALL {
                    transactions::check(&history, model).expect("few sessions");
                }
                true
            }
            Err(error) => {
                let error = error.to_string();
                assert!(
                    error.starts_with("file:") && error.contains("expected"),
                    "{error}"
                );
                false
            }
        }
    });
    assert!(!read[0] || read[1], "repeats that are not there count");
    read[1]
}

/// `SPLITBRAIN_FUZZ_ROUNDS` says how many rounds, `SPLITBRAIN_FUZZ_FROM` which is the first,
/// `SPLITBRAIN_FUZZ_FORMAT` whose files alone are broken, by the format's id.
#[test]
fn broken_files_are_refused_or_read_and_never_more() {
    let rounds = variable("SPLITBRAIN_FUZZ_ROUNDS", 4_000);
    let from = variable("SPLITBRAIN_FUZZ_FROM", 0);
    let only = std::env::var("SPLITBRAIN_FUZZ_FORMAT").ok();
    let only = only.map(|id| Format::find(&id).expect("the id of a format"));
    let all = seeds();
    let chosen = all.iter().filter(|seed| only.is_none_or(|it| it == seed.0));
    let chosen: Vec<_> = chosen.collect();
    let (mut read, mut refused) = (0, 0);
    for round in from..from + rounds {
        let mut dice = Dice::new(round);
        let (format, bytes) = chosen[dice.below(chosen.len() as u32) as usize];
        let (_, other) = &all[dice.below(all.len() as u32) as usize];
        let bytes = if dice.chance(20_000) {
            (0..dice.below(200)).map(|_| dice.bits() as u8).collect()
        } else {
            mutated(&mut dice, bytes, other)
        };
        let guessed = guess(&bytes);
        for format in [Some(*format), guessed].into_iter().flatten() {
            if taken(format, &bytes) {
                read += 1;
            } else {
                refused += 1;
            }
        }
    }
    assert!(
        read > rounds / 20 && refused > rounds / 8,
        "{read} {refused}"
    );
    println!("{rounds} rounds from {from}: {read} read, {refused} refused");
}
