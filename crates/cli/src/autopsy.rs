//! `splitbrain autopsy`: everything that is known of a write that was lost, or of a payment
//! that was charged twice.

use std::io::Write;

use clap::Args;
use serde_json::{Value as Json, json};
use splitbrain_checker::{PropertyId, Verdict};
use splitbrain_engine::run::{Player, Target};
use splitbrain_engine::sim::fact::{FactId, FactKind};
use splitbrain_lesson::autopsy::{
    Accepted, Autopsy, Examination, Moment, PlaceState, Side, of_violation,
};
use splitbrain_lesson::observe::Observer;
use splitbrain_words::autopsy::{Line, Sheet};
use splitbrain_words::{Arg, Scene, clock};

use crate::fail::Failure;
use crate::load::Source;
use crate::say::Voice;

/// Facts that are read at once.
const SLICE: u32 = 1 << 20;
/// Sheets at most, where none is asked for by its number.
const SHEETS: usize = 20;

/// Which run, and what of it.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  splitbrain autopsy 's=v1.…'
  splitbrain autopsy two-shops.toml --until 30s
  splitbrain autopsy two-shops.toml --op 812
  splitbrain autopsy 's=v1.…' --op 812 --json --lang uk
Without --op a sheet for every write that was told saved and is lost, and for every wrong charge,
20 at most. The number of an operation, a write, a charge or a value overwritten is the id that
`splitbrain run --trace` gives it.
Exits with 2 where there is no such operation, or a file is wrong.")]
pub(crate) struct Options {
    #[command(flatten)]
    source: Source,
    /// The fact to ask about: an operation, a write, a charge, a value overwritten.
    #[arg(long, value_name = "N")]
    op: Option<u32>,
    /// A list of JSON with everything.
    #[arg(long)]
    json: bool,
}

/// Plays, examines and says.
pub(crate) fn run(voice: &Voice, options: &Options) -> Result<(), Failure> {
    let loaded = options.source.load()?;
    let mut player = Player::new(loaded.run.clone());
    player.jump(Target::Time(loaded.until));
    let mut asked = match options.op {
        Some(op) => vec![FactId(op)],
        None => lost(&mut player),
    };
    let more = asked.len().saturating_sub(SHEETS);
    asked.truncate(SHEETS);
    let mut sheets = Vec::new();
    for fact in asked {
        sheets.push(examine(&mut player, fact).ok_or(Failure::NoSubject(fact.0))?);
    }
    let mut out = std::io::stdout().lock();
    if options.json {
        let sheets: Vec<Json> = sheets
            .iter()
            .map(|it| as_json(voice, &player, it))
            .collect();
        writeln!(out, "{:#}", Json::from(sheets))?;
        return Ok(());
    }
    if sheets.is_empty() {
        writeln!(out, "{}", voice.say("cli.autopsy.none", &[]))?;
    }
    for (place, sheet) in sheets.iter().enumerate() {
        let gap = if place > 0 { "\n" } else { "" };
        let said = said(voice, &mut player, sheet);
        write!(out, "{gap}{}", as_text(&said))?;
    }
    if more > 0 {
        let args = [("n", Arg::from(more))];
        writeln!(out, "\n{}", voice.say("cli.autopsy.more", &args))?;
    }
    Ok(())
}

/// What the judge holds lost or wrongly charged, in the order of the operations.
fn lost(player: &mut Player) -> Vec<FactId> {
    let mut observer = Observer::new(&player.run().scenario);
    observer.follow_player(player);
    let mut found = Vec::new();
    for property in [PropertyId::AcknowledgedWrites, PropertyId::ExactlyOnce] {
        if let Verdict::Violated { violations, .. } = observer.judge().verdict(property) {
            let standing = violations.into_iter().filter(|it| it.stands());
            found.extend(standing.filter_map(of_violation));
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// Has a fact in memory, and the one that began what it is about.
fn load(player: &mut Player, fact: FactId) {
    let end = FactId(fact.0.saturating_add(1)).min(player.end());
    if let Some((from, to)) = player.trace().missing(fact, end) {
        player.load(from, to);
    }
}

fn examine(player: &mut Player, fact: FactId) -> Option<Autopsy> {
    load(player, fact);
    let named = player.trace().get(fact).map(|held| (held.kind(), held.a));
    // What it names comes first: a write, and the operation of that.
    if let Some((kind, op)) = named
        && kind != FactKind::OperationStarted
    {
        load(player, FactId(op));
        let write = player.trace().get(FactId(op));
        let write = write.filter(|it| it.kind() == FactKind::WriteAccepted);
        if let Some(of) = write.map(|it| FactId(it.a)) {
            load(player, of);
        }
        load(player, fact);
    }
    let mut examination = Examination::new(player.run(), player.trace(), fact, player.end())?;
    while !examination.advance(player, SLICE) {}
    examination.sheet()
}

/// In words; the operations that it names are in memory.
fn said(voice: &Voice, player: &mut Player, sheet: &Autopsy) -> Sheet {
    for side in [Some(&sheet.lost), sheet.won.as_ref()]
        .into_iter()
        .flatten()
    {
        load(player, side.asked.fact);
    }
    let design = player.run().design();
    voice.words.autopsy(&Scene::of(player, &design), sheet)
}

fn as_text(sheet: &Sheet) -> String {
    let moment = |line: &Line| line.moment.map_or_else(String::new, |it| clock(it.at));
    let mut head = vec![String::new()];
    head.extend(sheet.columns.iter().map(ToString::to_string));
    let mut cells = vec![head];
    for row in &sheet.rows {
        let cell = |line: &Line| {
            let (said, time) = (line.text.to_string(), moment(line));
            if time.is_empty() || said == time {
                said
            } else {
                format!("{said}, {time}")
            }
        };
        let mut line = vec![row.name.to_string()];
        line.extend(row.cells.iter().map(cell));
        cells.push(line);
    }
    let mut lines = vec![
        format!("{} ({})", sheet.title, sheet.until),
        format!("{}. {}.", sheet.verdict, sheet.conclusion),
        String::new(),
    ];
    lines.extend(columns(&cells));
    lines.extend(sheet.order.iter().map(|line| format!("{}.", line.text)));
    for section in &sheet.sections {
        lines.extend([String::new(), section.title.to_string()]);
        let said = |line: &Line| format!("  {:9}  {}", moment(line), line.text);
        lines.extend(section.lines.iter().map(said));
    }
    lines.join("\n") + "\n"
}

/// Cells in columns, each as wide as its widest.
fn columns(lines: &[Vec<String>]) -> Vec<String> {
    let width = |column: usize| {
        let cells = lines.iter().filter_map(|line| line.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let line = |line: &Vec<String>| {
        let cells = line.iter().enumerate();
        let cells = cells.map(|(at, cell)| {
            let gap = width(at) - cell.chars().count();
            format!("{cell}{}", " ".repeat(gap))
        });
        let cells: Vec<String> = cells.collect();
        cells.join("  ").trim_end().to_owned()
    };
    lines.iter().map(line).collect()
}

fn at(moment: Moment) -> Json {
    json!({ "fact": moment.fact.0, "at_us": moment.at.0 })
}

fn as_json(voice: &Voice, player: &Player, sheet: &Autopsy) -> Json {
    let design = player.run().design();
    let said = voice.words.autopsy(&Scene::of(player, &design), sheet);
    let regions: Vec<Json> = sheet
        .places
        .iter()
        .map(|place| {
            let (since, until) = match place.state {
                PlaceState::Never => (None, None),
                PlaceState::Discarded(moment) => (None, Some(moment)),
                PlaceState::Shown(since) => (Some(since), None),
                PlaceState::Over(since, until) => (Some(since), Some(until)),
            };
            json!({
                "region": place.region,
                "state": place.state.id(),
                "since": since.map(at),
                "until": until.map(at),
            })
        })
        .collect();
    let told = sheet.told.iter().map(|told| {
        json!({
            "customer": told.customer,
            "how": told.how.id(),
            "which": if told.is_winner { "other" } else { "it" },
            "first": at(told.first),
            "last": at(told.last),
            "times": told.times,
        })
    });
    let charges = sheet
        .payment
        .iter()
        .flat_map(|it| &it.charges)
        .map(|charge| {
            json!({
                "moment": at(charge.moment),
                "region": charge.region,
                "amount": charge.amount.0,
            })
        });
    json!({
        "asked": sheet.subject.fact.0,
        "until_us": sheet.until.0,
        "loss": sheet.loss.id(),
        "conclusion": sheet.conclusion.id(),
        "text": said.conclusion.to_string(),
        "lost": side(&sheet.lost),
        "won": sheet.won.as_ref().map(side),
        "displaced": sheet.displaced.map(at),
        "order": sheet.order.map(splitbrain_lesson::autopsy::Order::id),
        "unaware": sheet.unaware.map(|it| json!({
            "why": it.id(),
            "message": it.message().map(|it| it.0),
        })),
        "regions": regions,
        "forgotten": sheet.forgotten.map(|(region, moment)| json!({
            "region": region,
            "moment": at(moment),
        })),
        "told": told.collect::<Vec<Json>>(),
        "charges": charges.collect::<Vec<Json>>(),
    })
}

fn side(side: &Side) -> Json {
    json!({
        "op": side.asked.fact.0,
        "asked_at_us": side.asked.at.0,
        "customer": side.customer,
        "kind": side.kind.id(),
        "key": side.key.0,
        "argument": side.argument.0,
        "told": side.told.map(|it| json!({
            "outcome": it.outcome.id(),
            "fact": it.fact.0,
            "at_us": it.at.0,
            "region": it.region,
        })),
        "accepted": side.accepted.as_ref().map(accepted),
    })
}

fn accepted(it: &Accepted) -> Json {
    json!({
        "fact": it.moment.fact.0,
        "at_us": it.moment.at.0,
        "region": it.region,
        "wall_us": it.wall_us,
        "skew_us": it.skew_us(),
        "hybrid": { "l_us": it.hybrid.l_us(), "c": it.hybrid.c() },
        "vector": it.vector.counts(),
    })
}
