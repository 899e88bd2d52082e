//! A violation as people read it: a sentence, and the operations along the time.

use std::fmt::Write;

use splitbrain_checker::consistency::Consistency;
use splitbrain_checker::history::{History, Operation};
use splitbrain_checker::search::Witness;
use splitbrain_words::{Arg, Text};

use crate::say::Voice;

/// Columns that an operation's name may take.
const NAME: usize = 36;

/// Columns between two moments, where there is room: fewer for more moments.
const WIDEST: usize = 6;

/// Columns for all moments together.
const ROOM: usize = 72;

/// The plain sentence of a violation, by the checker's id.
pub(crate) fn kind(voice: &Voice, id: &str) -> Text {
    voice.say(&format!("ui.judge.kind.{id}"), &[])
}

/// The operations at these places.
fn operations<'h>(history: &'h History, places: &[u32]) -> Vec<&'h Operation> {
    let operation = |&at: &u32| &history.operations[at as usize];
    places.iter().map(operation).collect()
}

/// The violation: what it is, its operations from call to return, one a line, and what
/// has to be said beside.
pub(crate) fn draw(voice: &Voice, history: &History, witness: &Witness) -> String {
    let operations = operations(history, &witness.operations);
    let mut keys: Vec<String> = operations
        .iter()
        .map(|operation| cut(&history.keys.get(operation.key).to_string()))
        .collect();
    keys.dedup();
    let args = [
        ("order", Arg::from(witness.order.id())),
        ("model", witness.model.id().into()),
        ("key", keys.join(", ").into()),
        ("why", kind(voice, witness.kind.id()).to_string().into()),
    ];
    let mut drawn = format!("  {}\n", voice.say("cli.check.witness", &args));
    rows(history, &operations, &mut drawn);
    if !witness.is_complete() {
        let args = [("n", Arg::from(witness.proof.len()))];
        let _ = writeln!(drawn, "  {}", voice.say("cli.check.partly", &args));
    }
    if !witness.minimal {
        let _ = writeln!(drawn, "  {}", voice.say("cli.check.not_minimal", &[]));
    }
    drawn
}

/// The same of a violation of a weak model: which, what kind, the places of its
/// operations, and whether none can be left out.
pub(crate) fn draw_weak(
    voice: &Voice,
    history: &History,
    model: Consistency,
    kind: &str,
    places: &[u32],
    is_minimal: bool,
) -> String {
    let mut drawn = format!("  {}\n", why_not(voice, model, kind));
    rows(history, &operations(history, places), &mut drawn);
    let _ = writeln!(drawn, "  {}", proved_by(voice, places.len(), is_minimal));
    drawn
}

/// `Causal: why not. A value was read …`
pub(crate) fn why_not(voice: &Voice, model: Consistency, id: &str) -> String {
    let name = voice.say(&format!("ui.judge.model.{}", model.id()), &[]);
    let title = voice.say("ui.judge.proof.title", &[("model", name.into())]);
    format!("{title}. {}", kind(voice, id))
}

/// Of how many operations a proof of a weak model is, and whether none can be spared.
pub(crate) fn proved_by(voice: &Voice, operations: usize, is_minimal: bool) -> Text {
    let id = if is_minimal {
        "ui.judge.proof.minimal"
    } else {
        "ui.judge.proof.open"
    };
    voice.say(id, &[("n", operations.into())])
}

fn cut(text: &str) -> String {
    if text.chars().count() <= NAME {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(NAME - 1).collect();
    short.push('…');
    short
}

fn rows(history: &History, operations: &[&Operation], drawn: &mut String) {
    let mut moments: Vec<i64> = operations
        .iter()
        .flat_map(|operation| [operation.call, operation.ret])
        .filter(|&time| time != splitbrain_checker::history::OPEN)
        .collect();
    moments.sort_unstable();
    moments.dedup();
    let step = (ROOM / moments.len().max(1)).clamp(1, WIDEST);
    let column = |time: i64| moments.partition_point(|&moment| moment < time) * step;
    let names: Vec<String> = operations
        .iter()
        .map(|operation| {
            let process = history.processes.get(operation.process).to_string();
            format!("{process}: {}", cut(&history.describe(operation)))
        })
        .collect();
    let width = names.iter().map(|name| name.chars().count()).max();
    let width = width.unwrap_or(0);
    for (operation, name) in operations.iter().zip(names) {
        let gap = " ".repeat(width - name.chars().count());
        let before = " ".repeat(column(operation.call));
        let bar = if operation.returned() {
            let length = column(operation.ret) - column(operation.call);
            match length {
                0 => "|".to_owned(),
                length => format!("|{}|", "-".repeat(length - 1)),
            }
        } else {
            let length = moments.len() * step - column(operation.call);
            format!("|{}>", "-".repeat(length))
        };
        let _ = writeln!(drawn, "    {name}{gap}  {before}{bar}");
    }
}
