//! A history as bars on lanes: what the timeline shows and the list of a proof names.

use std::collections::BTreeMap;

use splitbrain_checker::history::{Action, History, Value};
use splitbrain_checker::import::Format;
use splitbrain_checker::models::ModelId;
use splitbrain_checker::transactions::{Access, OperationId, TransactionalHistory};

use super::answer::{Axis, Bar, Opened};

/// Characters of a label at most: a key-value store's texts grow without end.
const LABEL: usize = 160;
/// How long an operation is on an axis of places, and the room behind it.
const LONG: f64 = 0.8;
/// More room behind the last operation of a transaction.
const GAP: f64 = 0.6;

/// Texts, each kept once.
#[derive(Default)]
struct Labels {
    places: BTreeMap<String, u32>,
    texts: Vec<String>,
}

impl Labels {
    fn place(&mut self, mut text: String) -> u32 {
        if let Some((end, _)) = text.char_indices().nth(LABEL) {
            text.truncate(end);
            text.push('…');
        }
        if let Some(&place) = self.places.get(&text) {
            return place;
        }
        let place = self.texts.len() as u32;
        self.texts.push(text.clone());
        self.places.insert(text, place);
        place
    }
}

/// Operations on single keys. A bar an operation, in their order.
pub(super) fn of_operations(history: &History, format: Format, model: Option<ModelId>) -> Opened {
    let mut labels = Labels::default();
    let has_keys = history.keys.len() > 1;
    // Times may be nanoseconds since 1970, of which a float keeps too little.
    let first = history.operations.first().map_or(0, |it| it.call);
    let first = if first.unsigned_abs() < 1 << 50 {
        0
    } else {
        first
    };
    let bars = history.operations.iter().map(|operation| {
        let mut text = history.describe(operation);
        if has_keys {
            text = format!("{}: {text}", name(history.keys.get(operation.key)));
        }
        let moment = |time: i64| time.saturating_sub(first) as f64;
        Bar {
            lane: operation.process,
            call: moment(operation.call),
            ret: if operation.returned() {
                moment(operation.ret)
            } else {
                f64::INFINITY
            },
            label: labels.place(text),
            is_update: !operation.action.only_observes()
                && !matches!(operation.action, Action::Take),
        }
    });
    let bars = bars.collect();
    let lanes = 0..history.processes.len() as u32;
    Opened {
        format,
        model,
        transactions: None,
        axis: match format {
            Format::Jepsen => Axis::Lines,
            _ => Axis::Times,
        },
        lanes: lanes.map(|it| name(history.processes.get(it))).collect(),
        labels: labels.texts,
        bars,
    }
}

/// The name of a key or a process, without the quotes of a text.
fn name(value: &Value) -> String {
    match value {
        Value::Text(text) | Value::Word(text) => text.chars().take(LABEL).collect(),
        other => other.to_string(),
    }
}

/// Transactions, session by session, and the bar of each operation.
pub(super) fn of_transactions(
    history: &TransactionalHistory,
    format: Format,
) -> (Opened, Vec<u32>) {
    let mut labels = Labels::default();
    let mut bars = Vec::new();
    let mut bar_of = vec![0; history.operation_count() as usize];
    for session in 0..history.session_count() {
        let mut at = 0.0;
        for transaction in history.session(session) {
            for operation in history.operations_of(transaction) {
                bar_of[operation.0 as usize] = bars.len() as u32;
                bars.push(Bar {
                    lane: session,
                    call: at,
                    ret: at + LONG,
                    label: labels.place(access(history, operation)),
                    is_update: history.operation(operation).is_write(),
                });
                at += 1.0;
            }
            at += GAP;
        }
    }
    let opened = Opened {
        format,
        model: None,
        transactions: Some(history.transaction_count()),
        axis: Axis::Sessions,
        lanes: (1..=history.session_count())
            .map(|it| it.to_string())
            .collect(),
        labels: labels.texts,
        bars,
    };
    (opened, bar_of)
}

fn access(history: &TransactionalHistory, operation: OperationId) -> String {
    let done = history.operation(operation);
    let key = done.key;
    match done.access {
        Access::Write(value) => format!("{key}: write {value}"),
        Access::Read(Some(value)) => format!("{key}: read {value}"),
        Access::Read(None) => format!("{key}: read nil"),
    }
}

#[cfg(test)]
mod tests {
    use splitbrain_checker::import::{Imported, import};
    use splitbrain_checker::transactions::Repeats;
    use splitbrain_checker::transactions::awdit;

    use super::*;

    #[test]
    fn equal_labels_are_kept_once_and_long_ones_are_cut() {
        let mut labels = Labels::default();
        assert_eq!(labels.place("read 1".into()), 0);
        assert_eq!(labels.place("ї".repeat(9_000)), 1);
        assert_eq!(labels.place("read 1".into()), 0);
        assert_eq!(labels.texts[1].chars().count(), LABEL + 1);
    }

    #[test]
    fn an_operation_that_was_never_answered_has_no_end() {
        let text = r#"[{"process":"ann","f":"write","value":1,"key":"x","call":5,"return":null},
                       {"process":"bob","f":"read","value":1,"key":"y","call":6,"return":9}]"#;
        let Some(Ok(Imported::Operations(history))) = import(Format::Json, text.as_bytes()) else {
            panic!("it is JSON");
        };
        let opened = of_operations(&history, Format::Json, None);
        assert_eq!(opened.lanes, ["ann", "bob"]);
        assert_eq!(opened.labels, ["x: write 1", "y: read 1"]);
        assert!(opened.bars[0].ret.is_infinite() && opened.bars[0].is_update);
        assert!((opened.bars[1].ret - 9.0).abs() < 1e-9 && !opened.bars[1].is_update);
    }

    #[test]
    fn a_session_is_a_lane_and_its_transactions_stand_apart() {
        let text = b"w 0 1\nr 0 1\n-----\nr 0 1\n=====\nr 0 1";
        let history = awdit::read("", text, Repeats::Refuse).expect("it is AWDIT");
        let (opened, bar_of) = of_transactions(&history, Format::Awdit);
        assert_eq!(bar_of, [0, 1, 2, 3]);
        let lanes: Vec<u32> = opened.bars.iter().map(|bar| bar.lane).collect();
        assert_eq!(lanes, [0, 0, 0, 1]);
        let gaps = [1, 2].map(|at| opened.bars[at].call - opened.bars[at - 1].ret);
        assert!(gaps[1] > gaps[0] + 0.5, "{gaps:?}");
    }
}
