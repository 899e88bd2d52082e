//! `splitbrain bench merges`: how many states of replicated data types are merged in a
//! second on this machine, and how large they are, beside the crate `crdts` after the same
//! acts; and how long text is typed, beside the crate `yrs`.
//!
//! Three replicas of each type hold eight elements that all of them have seen; then each
//! does two things more. *News*: what one did goes into another, neither having seen what
//! the other did. *Known*: it goes there again, as happens most often where states are sent
//! round and round. Only merging is timed, not copying states or taking them apart.

mod texts;
mod trial;

use std::io::Write;

use clap::Args;
use serde_json::{Value, json};
use splitbrain_engine::crdt::catalogue::find;
use splitbrain_engine::crdt::replicated::Replicated;
use splitbrain_engine::crdt::{
    BoundedCounter, GCounter, GSet, LwwElementSet, LwwRegister, MultiValueRegister,
    ObservedRemoveMap, ObservedRemoveSet, PnCounter, RemoveWinsSet, Sequence, TombstoneSet,
    TwoPhaseSet,
};

use trial::{Ours, Side, Theirs, side};

use crate::fail::Failure;
use crate::peers::{
    Characters, Entries, GrowOnly, Growing, LastWrite, ManyValues, Nobody, ObservedRemove, Peer,
    UpAndDown,
};
use crate::progress::Progress;
use crate::say::Voice;

/// How to say it.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  cargo run --release --package splitbrain-cli --bin splitbrain -- bench merges
  splitbrain bench merges --json

Merges a second of news and of what is known, and bytes of a replica: ours, then those of the crate
crdts, where it has a counterpart. Its bytes are those of the compact binary form postcard; its
list has operations only, which are what is merged. Bytes of a text are those on the wire.
No figure makes it fail: they depend on the machine.")]
pub(super) struct Options {
    /// Merges a round; they are made a thousand at a time.
    #[arg(long, default_value_t = 40_000, value_parser = clap::value_parser!(u32).range(1..=10_000_000))]
    merges: u32,
    /// Characters that are typed.
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    characters: u32,
    /// One object of JSON and nothing else.
    #[arg(long)]
    json: bool,
}

/// Merges of news a second that the design wants of the observed-remove set.
const TARGET: f64 = 1e7;

/// A type of ours, and its counterpart where there is one.
#[derive(Debug)]
struct Row {
    id: &'static str,
    ours: Side,
    theirs: Option<Side>,
}

/// How a type is measured.
type Measure = fn(&'static str, u32) -> Row;

/// Every sound type.
const TYPES: [(&str, Measure); 13] = [
    ("g_counter", measure::<GCounter, GrowOnly>),
    ("pn_counter", measure::<PnCounter, UpAndDown>),
    ("bounded_counter", measure::<BoundedCounter, Nobody>),
    ("g_set", measure::<GSet, Growing>),
    ("two_phase_set", measure::<TwoPhaseSet, Nobody>),
    ("lww_element_set", measure::<LwwElementSet, Nobody>),
    (
        "observed_remove_set",
        measure::<ObservedRemoveSet, ObservedRemove>,
    ),
    ("tombstone_set", measure::<TombstoneSet, ObservedRemove>),
    ("remove_wins_set", measure::<RemoveWinsSet, Nobody>),
    ("lww_register", measure::<LwwRegister, LastWrite>),
    (
        "multi_value_register",
        measure::<MultiValueRegister, ManyValues>,
    ),
    ("observed_remove_map", measure::<ObservedRemoveMap, Entries>),
    ("sequence", measure::<Sequence, Characters>),
];

/// Measures and says.
pub(super) fn run(voice: &Voice, options: &Options) -> Result<(), Failure> {
    let mut progress = Progress::of(TYPES.len() as u64 + 1);
    let mut rows = Vec::new();
    for (id, measure) in TYPES {
        rows.push(measure(id, options.merges));
        progress.one_more();
    }
    let texts = texts::measure(options.characters);
    progress.done();
    let mut out = std::io::stdout().lock();
    if options.json {
        let types: Vec<Value> = rows.iter().map(as_json).collect();
        let texts: Vec<Value> = texts.iter().map(texts::Typed::as_json).collect();
        writeln!(out, "{:#}", json!({ "merges": types, "texts": texts }))?;
        return Ok(());
    }
    if cfg!(debug_assertions) {
        writeln!(out, "{}", voice.say("cli.bench.debug", &[]))?;
    }
    write!(out, "{}", table(voice, &rows))?;
    write!(out, "\n{}", texts::table(voice, &texts, options.characters))?;
    for row in &rows {
        writeln!(
            out,
            "bench merges_per_s_{} {}",
            row.id,
            row.ours.news.round()
        )?;
    }
    for typed in &texts {
        writeln!(out, "bench {} {:.1}", typed.figure(), typed.ours.letter_ns)?;
    }
    Ok(())
}

fn as_json(row: &Row) -> Value {
    let side = |side: Side| {
        json!({
            "news_per_s": side.news.round(),
            "known_per_s": side.known.round(),
            "bytes": side.bytes,
        })
    };
    json!({
        "type": row.id,
        "ours": side(row.ours),
        "crdts": row.theirs.map(side),
    })
}

fn table(voice: &Voice, rows: &[Row]) -> String {
    let say = |id| voice.say(id, &[]).to_string();
    let number = |number: f64| voice.words.number(number.round() as i64).to_string();
    let mut lines = vec![[
        say("cli.bench.merges.type"),
        say("cli.bench.merges.news"),
        "crdts".to_owned(),
        say("cli.bench.merges.known"),
        "crdts".to_owned(),
        say("cli.bench.merges.bytes"),
        "crdts".to_owned(),
        String::new(),
    ]];
    lines.extend(rows.iter().map(|row| {
        let theirs = |of: fn(Side) -> f64| row.theirs.map_or("–".to_owned(), |it| number(of(it)));
        let is_slow = row.id == "observed_remove_set" && row.ours.news < TARGET;
        let missed = if is_slow {
            say("cli.bench.missed")
        } else {
            String::new()
        };
        [
            voice.words.data_type(row.id).to_string(),
            number(row.ours.news),
            theirs(|it| it.news),
            number(row.ours.known),
            theirs(|it| it.known),
            number(row.ours.bytes as f64),
            theirs(|it| it.bytes as f64),
            missed,
        ]
    }));
    aligned(&lines)
}

/// Lines of cells in columns: names to the left, numbers to the right.
pub(super) fn aligned<const N: usize>(lines: &[[String; N]]) -> String {
    let width = |column: usize| lines.iter().map(|line| line[column].chars().count()).max();
    let widths: Vec<usize> = (0..N).map(|column| width(column).unwrap_or(0)).collect();
    let line = |line: &[String; N]| {
        let cells = line.iter().zip(&widths).enumerate();
        let cells = cells.map(|(column, (cell, width))| match column {
            0 => format!("{cell:<width$}"),
            _ => format!("{cell:>width$}"),
        });
        let cells: Vec<String> = cells.collect();
        format!("{}\n", cells.join("  ").trim_end())
    };
    lines.iter().map(line).collect()
}

fn measure<T: Replicated + Default, P: Peer>(id: &'static str, merges: u32) -> Row {
    let verbs = find(id).map_or(&[][..], |entry| entry.lab.verbs());
    let has_peer = P::default().content().is_some();
    Row {
        id,
        ours: side::<Ours<T>>(verbs, merges),
        theirs: has_peer.then(|| side::<Theirs<P>>(verbs, merges)),
    }
}

#[cfg(test)]
mod tests {
    use splitbrain_engine::crdt::ALL_TYPES;

    use super::*;

    #[test]
    fn every_sound_type_is_measured() {
        let sound = ALL_TYPES.iter().filter(|entry| entry.breaks.is_empty());
        let sound: Vec<&str> = sound.map(|entry| entry.info.id).collect();
        assert_eq!(sound, TYPES.map(|it| it.0));
    }
}
