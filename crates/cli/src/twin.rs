//! `splitbrain twin`: one run under two designs, the moment at which they part, and
//! what differs at the end. [`json`]: the same for programs.

mod json;

use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use splitbrain_checker::{Verdict, Violation};
use splitbrain_engine::run::{Player, Run, Target};
use splitbrain_engine::scenario::{Choice, Scenario};
use splitbrain_engine::sim::node::Value;
use splitbrain_engine::sim::time::Time;
use splitbrain_lesson::observe::Observer;
use splitbrain_lesson::twin::divergence::LATE_US;
use splitbrain_lesson::twin::{
    Comparison, Divergence, Figures, KeyRow, Seeker, Side, Spans, Subject, choices, compare,
    differences, twin_of,
};
use splitbrain_words::names::Form;
use splitbrain_words::{Arg, Scene, Text, clock};

use crate::fail::Failure;
use crate::link;
use crate::load::{Loaded, Source};
use crate::say::Voice;
use json::as_json;

/// Events that both play between two looks at what differs.
const SLICE_EVENTS: u32 = 20_000;
/// What the two are called: the run's own design, and the other.
const LETTERS: [&str; 2] = ["A", "B"];
/// Violations of a property that are told of each design.
const TOLD: usize = 5;

/// Which run, and what the other design is.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  splitbrain twin two-shops.toml --with prices.merge=arrival_order
  splitbrain twin --seed 5 --until 30s --with carts.merge=last_writer_wins
  splitbrain twin two-shops.toml --with prices.replication=quorum,prices.write_quorum=write_all
  splitbrain twin two-shops.toml --with prices.replication=consensus --json
  splitbrain twin 's=v1.…~carts.merge=last_writer_wins'
The second design is the run's own with the policies after --with in their slots; `splitbrain
list` names all of them. A link to a comparison has them after its ~.
Exits with 2 where a file or a policy is wrong; then everything that is wrong is said at once.")]
pub(crate) struct Options {
    #[command(flatten)]
    source: Source,
    /// What the other design has elsewhere: service.slot=policy, more of them after commas.
    #[arg(long, value_name = "SERVICE.SLOT=POLICY")]
    with: Option<String>,
    /// Write everything as JSON.
    #[arg(long)]
    json: bool,
}

/// One of the two.
struct Twin {
    player: Player,
    observer: Observer,
    design: Scenario,
}

impl Twin {
    fn new(run: Run) -> Self {
        Self {
            observer: Observer::with_record(&run.scenario),
            design: run.design(),
            player: Player::new(run),
        }
    }

    fn scene(&self) -> Scene<'_> {
        Scene::of(&self.player, &self.design)
    }
}

/// Both, played to the end.
struct Pair {
    twins: [Twin; 2],
    differing: Vec<Choice>,
    first: Option<Divergence>,
    comparison: Comparison,
}

/// Plays both and says what differs.
pub(crate) fn run(voice: &Voice, options: &Options) -> Result<(), Failure> {
    let loaded = options.source.load()?;
    let linked = options.source.place().and_then(link::twin);
    let with = options.with.as_deref().or(linked);
    let with = with.ok_or(Failure::NoTwin)?;
    let wrong = |errors| Failure::NoDesign {
        path: options.source.place().map(PathBuf::from),
        errors,
    };
    let choices = choices::read(with, &loaded.run.design()).map_err(wrong)?;
    let other = twin_of(&loaded.run, &choices);
    let differing = differences(&loaded.run, &other);
    if differing.is_empty() {
        return Err(Failure::SameDesign(with.into()));
    }
    let pair = play(&loaded, other, differing);
    let said = if options.json {
        format!("{:#}\n", as_json(voice, &loaded, &pair))
    } else {
        as_text(voice, &loaded, &pair)
    };
    std::io::stdout().lock().write_all(said.as_bytes())?;
    Ok(())
}

fn play(loaded: &Loaded, other: Run, differing: Vec<Choice>) -> Pair {
    let mut twins = [Twin::new(loaded.run.clone()), Twin::new(other)];
    let mut seeker = Seeker::new(loaded.run.scenario.regions.len() as u8);
    for twin in &mut twins {
        twin.player.go(Target::Time(loaded.until));
    }
    loop {
        let mut there = true;
        for twin in &mut twins {
            there &= twin.player.work(SLICE_EVENTS);
            twin.observer.follow_player(&mut twin.player);
        }
        let played = twins.each_ref().map(|twin| twin.player.frontier_time());
        let [one, other] = played;
        // The moment that is being played is not over; at the end it is.
        let until = if there {
            loaded.until
        } else {
            Time(one.min(other).0.saturating_sub(1))
        };
        let [one, other] = &mut twins;
        loop {
            let traces = [one.player.trace(), other.player.trace()];
            match seeker.follow(traces, until, u32::MAX) {
                Ok(_) => break,
                Err((0, missing)) => one.player.load(missing.from, missing.to),
                Err((_, missing)) => other.player.load(missing.from, missing.to),
            };
        }
        if there {
            break;
        }
    }
    let comparison = compare(twins.each_ref().map(|twin| Side {
        world: twin.player.world(),
        observer: &twin.observer,
    }));
    Pair {
        first: seeker.first(),
        twins,
        differing,
        comparison,
    }
}

/// The names of the two: what each has where they differ.
fn names(voice: &Voice, pair: &Pair) -> [String; 2] {
    pair.twins.each_ref().map(|twin| {
        let policies = pair.differing.iter().filter_map(|choice| {
            let mut services = twin.design.services.iter();
            let held = services.find(|held| held.kind == choice.service)?;
            let has_slot = held.slots().contains(&choice.slot);
            let policy = held.choice(choice.slot).filter(|_| has_slot)?;
            Some(voice.words.policy(policy).to_string())
        });
        policies.collect::<Vec<_>>().join(", ")
    })
}

fn as_text(voice: &Voice, loaded: &Loaded, pair: &Pair) -> String {
    let slots = pair.differing.iter().map(|choice| {
        let service = voice.words.service(choice.service);
        format!("{service}: {}", voice.words.slot(choice.slot))
    });
    let slots: Vec<String> = slots.collect();
    let args = [
        ("scenario", Arg::Plain(loaded.run.scenario.id.clone())),
        ("seed", Arg::Plain(loaded.run.seed.to_string())),
        ("time", Arg::Plain(clock(loaded.until))),
        ("slots", Arg::Plain(slots.join("; "))),
    ];
    let mut lines = vec![voice.say("cli.twin.title", &args).to_string()];
    for (name, letter) in names(voice, pair).iter().zip(LETTERS) {
        lines.push(format!("  {letter}  {name}"));
    }
    lines.push(String::new());
    match &pair.first {
        None => lines.push(voice.say("ui.twin.same", &[]).to_string()),
        Some(first) => {
            let args = [
                ("time", Arg::Plain(clock(first.at))),
                ("what", subject(voice, pair, first.subject).into()),
            ];
            lines.push(voice.say("ui.twin.first", &args).to_string());
            for (side, letter) in LETTERS.iter().enumerate() {
                let text = came(voice, pair, first, side);
                lines.push(format!("  {letter}  {text}"));
            }
        }
    }
    let mut said = lines.join("\n");
    said.push_str("\n\n");
    said.push_str(&table(&rows(voice, pair)));
    for row in losses(voice, pair) {
        said.push_str(&row);
    }
    said
}

/// What the first divergence is about.
fn subject(voice: &Voice, pair: &Pair, subject: Subject) -> Text {
    let scenario = &pair.twins[0].design;
    match subject {
        Subject::Told(customer) => {
            let who = voice.words.customer(scenario, customer);
            voice.say("ui.twin.told", &[("who", who.into())])
        }
        Subject::Shown(region, key) => {
            let args = [
                ("region", voice.words.region(scenario, region).into()),
                ("key", voice.words.key(scenario, key, Form::Label).into()),
            ];
            voice.say("ui.twin.shown", &args)
        }
    }
}

/// What came in one of them.
fn came(voice: &Voice, pair: &Pair, first: &Divergence, side: usize) -> String {
    let twin = &pair.twins[side];
    let Some(fact) = first.facts[side] else {
        let args = [("span", Arg::Span(LATE_US))];
        return voice.say("ui.twin.nothing", &args).to_string();
    };
    let at = twin.player.trace().get(fact).map(|fact| clock(fact.at()));
    let said = voice.words.fact(&twin.scene(), fact);
    format!("{}  {said}", at.unwrap_or_default())
}

fn table(rows: &[[String; 3]]) -> String {
    let width = |text: &String| text.chars().count();
    let widest = |column: usize| {
        let cells = rows.iter().map(|row| width(&row[column]));
        cells.max().unwrap_or(0)
    };
    let widths = [widest(0), widest(1)];
    let line = |row: &[String; 3]| {
        let gaps = [0, 1].map(|column| " ".repeat(widths[column] - width(&row[column]) + 2));
        let [name, one, other] = row;
        format!("{name}{}{one}{}{other}\n", gaps[0], gaps[1])
    };
    rows.iter().map(line).collect()
}

fn rows(voice: &Voice, pair: &Pair) -> Vec<[String; 3]> {
    let words = &voice.words;
    let scenario = &pair.twins[0].design;
    let mut rows = vec![[String::new(), "A".into(), "B".into()]];
    let number = |count: u64| words.number(i64::try_from(count).unwrap_or(i64::MAX));
    let figures = &pair.comparison.figures;
    let mut figure = |id: &str, of: &dyn Fn(&Figures) -> String| {
        let [one, other] = figures.each_ref().map(of);
        rows.push([voice.say(id, &[]).to_string(), one, other]);
    };
    let count = |count: u64| number(count).to_string();
    figure("ui.twin.lost", &|it| count(it.lost.into()));
    figure("ui.twin.done", &|it| count(it.done.into()));
    figure("ui.twin.refused", &|it| count(it.refused.into()));
    figure("ui.twin.unknown", &|it| count(it.unknown.into()));
    let spans = |spans: Option<Spans>| {
        spans.map_or_else(
            || "\u{2013}".to_owned(),
            |it| format!("{} / {}", words.span(it.median_us), words.span(it.p95_us)),
        )
    };
    figure("ui.twin.reads", &|it| spans(it.reads));
    figure("ui.twin.writes", &|it| spans(it.writes));
    figure("ui.twin.messages", &|it| count(it.traffic.messages));
    figure("ui.twin.bytes", &|it| count(it.traffic.bytes));
    figure("ui.twin.between", &|it| {
        count(it.traffic.bytes_between_regions)
    });
    for row in &pair.comparison.verdicts {
        let [one, other] = [0, 1].map(|side| {
            let verdict = row.verdicts[side];
            let verdict = verdict.map(|id| words.plain(&format!("ui.verdicts.{id}")));
            let verdict = verdict.unwrap_or_else(|| "\u{2013}".to_owned());
            match row.counts[side].violations {
                0 => verdict,
                n => format!("{verdict} ({n})"),
            }
        });
        rows.push([words.judged(row.property).to_string(), one, other]);
    }
    for row in &pair.comparison.keys {
        let key = words.key(scenario, row.key, Form::Label);
        for (place, region) in scenario.regions.iter().enumerate() {
            let [one, other] = [0, 1].map(|side| shown(voice, pair, row, side, place));
            if one != other {
                rows.push([format!("{key}, {}", region.get().id), one, other]);
            }
        }
    }
    rows
}

fn shown(voice: &Voice, pair: &Pair, row: &KeyRow, side: usize, region: usize) -> String {
    let scenario = &pair.twins[side].design;
    let service = &scenario.services[usize::from(row.key.service())];
    let held: Option<Value> = row.shown[side].get(region).copied().flatten();
    let held = held.unwrap_or(scenario.initial(service.kind));
    voice.words.value(scenario, row.key, held).to_string()
}

/// What each of them broke, in sentences.
fn losses(voice: &Voice, pair: &Pair) -> Vec<String> {
    let mut lines = Vec::new();
    for (twin, letter) in pair.twins.iter().zip(LETTERS) {
        for report in twin.observer.judge().verdicts() {
            let Verdict::Violated { violations, .. } = report.verdict else {
                continue;
            };
            let property = voice.words.judged(report.info.property);
            let args = [
                ("who", Arg::Plain(letter.into())),
                ("property", property.into()),
            ];
            lines.push(format!("\n{}\n", voice.say("ui.twin.broken", &args)));
            for violation in violations.iter().take(TOLD) {
                lines.push(format!("  {}\n", told(voice, twin, violation)));
            }
            let more = violations.len().saturating_sub(TOLD);
            if more > 0 {
                let more = voice.say("ui.twin.more", &[("n", more.into())]);
                lines.push(format!("  {more}\n"));
            }
        }
    }
    lines
}

fn told(voice: &Voice, twin: &Twin, violation: &Violation) -> Text {
    voice.words.violation(&twin.scene(), violation)
}
