//! `splitbrain run`: plays a run and says what happened.

use std::io::{BufWriter, Write};

use clap::Args;
use serde_json::{Value, json};
use splitbrain_checker::{PropertyId, Verdict};
use splitbrain_engine::run::{Player, Target};
use splitbrain_engine::scenario::Scenario;
use splitbrain_engine::sim::fact::{Fact, FactId, FactKind, Outcome};
use splitbrain_lesson::observe::Observer;
use splitbrain_words::{Scene, clock};

use crate::fail::Failure;
use crate::load::{Loaded, Source};
use crate::say::Voice;

/// Facts that are played before they are written and let go.
const SLICE_EVENTS: u32 = 20_000;

/// What to play and how to say it.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  splitbrain run --seed 7 --until 30s
  splitbrain run --scenario busy --until 10m --json
  splitbrain run two-shops.toml
  splitbrain run two-shops.toml --seed 8 --trace > facts.jsonl
  splitbrain run 's=v1.…' --trace --lang uk
A scenario file has the world, a seed and what is done when; docs/lesson-format.md says how.
Exits with 1 where the run goes otherwise than its link says, with 2 where a file is wrong;
then everything that is wrong with it is said at once.")]
pub(crate) struct Options {
    #[command(flatten)]
    source: Source,
    /// Write every fact to standard output, a line of JSON each.
    #[arg(long)]
    trace: bool,
    /// Write the summary as JSON.
    #[arg(long, conflicts_with = "trace")]
    json: bool,
}

/// What a run came to.
#[derive(Debug, Default)]
struct Tally {
    operations: u32,
    done: u32,
    failed: u32,
    unknown: u32,
    messages: u32,
    lost: u32,
    overwritten: u32,
    charges: u32,
}

impl Tally {
    fn count(&mut self, fact: &Fact) {
        match fact.kind() {
            FactKind::OperationStarted => self.operations += 1,
            FactKind::OperationReturned => match fact.outcome() {
                Some(Outcome::Ok) => self.done += 1,
                Some(Outcome::Failed) => self.failed += 1,
                _ => self.unknown += 1,
            },
            FactKind::MessageSent => {
                self.messages += 1;
                let arrives = fact.message().is_some_and(|(_, fate)| fate.arrives());
                self.lost += u32::from(!arrives);
            }
            FactKind::MessageDropped => self.lost += 1,
            FactKind::ValueOverwritten => self.overwritten += 1,
            FactKind::ChargeMade => self.charges += 1,
            _ => {}
        }
    }

    fn rows(&self) -> [(&'static str, u32); 8] {
        [
            ("cli.run.operations", self.operations),
            ("cli.run.done", self.done),
            ("cli.run.failed", self.failed),
            ("cli.run.unknown", self.unknown),
            ("cli.run.messages", self.messages),
            ("cli.run.lost", self.lost),
            ("cli.run.overwritten", self.overwritten),
            ("cli.run.charges", self.charges),
        ]
    }
}

/// Plays and says.
pub(crate) fn run(voice: &Voice, options: &Options) -> Result<(), Failure> {
    let loaded = options.source.load()?;
    let mut player = Player::new(loaded.run.clone());
    let design = loaded.run.design();
    let mut out = BufWriter::new(std::io::stdout().lock());
    let mut tally = Tally::default();
    let mut next = FactId(0);
    player.go(Target::Time(loaded.until));
    loop {
        let there = player.work(SLICE_EVENTS);
        let scene = Scene::of(&player, &design);
        for (id, fact) in player.trace().range(next, player.end()) {
            tally.count(fact);
            if options.trace {
                writeln!(out, "{}", line(voice, &scene, id, fact))?;
            }
        }
        next = player.end();
        if there {
            break;
        }
    }
    let broken = broken(&mut player, &design);
    let summary = if options.json {
        format!("{}\n", as_json(&loaded, &player, &tally, &broken))
    } else {
        as_text(voice, &loaded, &player, &tally, &broken)
    };
    if options.trace {
        out.flush()?;
        eprint!("{summary}");
    } else {
        out.write_all(summary.as_bytes())?;
        out.flush()?;
    }
    compare(&loaded, &player)
}

/// What the judge says was broken at some moment, in its order.
fn broken(player: &mut Player, design: &Scenario) -> Vec<PropertyId> {
    let mut observer = Observer::new(design);
    observer.follow_player(player);
    let reports = observer.judge().verdicts();
    let broken = reports
        .iter()
        .filter(|report| matches!(report.verdict, Verdict::Violated { .. }));
    broken.map(|report| report.info.property).collect()
}

/// Whether it went as its maker saw it.
fn compare(loaded: &Loaded, player: &Player) -> Result<(), Failure> {
    match &loaded.envelope {
        Some(envelope) if envelope.cursor == loaded.until => {
            let (here, there) = (player.world().digest(), envelope.digest);
            if here == there {
                Ok(())
            } else {
                Err(Failure::Differs { here, there })
            }
        }
        _ => Ok(()),
    }
}

fn as_text(
    voice: &Voice,
    loaded: &Loaded,
    player: &Player,
    tally: &Tally,
    broken: &[PropertyId],
) -> String {
    let world = player.world();
    let number = |number: u32| voice.words.number(i64::from(number)).to_string();
    let row = |id: &str, value: String| (voice.say(id, &[]), value);
    let mut rows = vec![
        row("cli.run.scenario", loaded.run.scenario.id.clone()),
        row("cli.run.seed", loaded.run.seed.to_string()),
        row("cli.run.until", clock(loaded.until)),
        row("cli.run.commands", number(world.commands_done())),
        row("cli.run.events", number(world.events())),
        row("cli.run.facts", number(world.facts())),
    ];
    rows.extend(tally.rows().map(|(id, count)| row(id, number(count))));
    for property in broken {
        let name = voice.words.judged(*property).to_string();
        rows.push(row("cli.run.broken", name));
    }
    rows.push(row("cli.run.digest", format!("{:016x}", world.digest())));
    Voice::table(&rows)
}

fn as_json(loaded: &Loaded, player: &Player, tally: &Tally, broken: &[PropertyId]) -> Value {
    let world = player.world();
    let mut summary = json!({
        "scenario": loaded.run.scenario.id,
        "seed": loaded.run.seed,
        "until_us": loaded.until.0,
        "events": world.events(),
        "facts": world.facts(),
        "commands": world.commands_done(),
        "digest": format!("{:016x}", world.digest()),
        "broken": broken.iter().map(|property| property.id()).collect::<Vec<_>>(),
    });
    for (id, count) in tally.rows() {
        let name = id.rsplit('.').next().unwrap_or(id);
        summary[name] = count.into();
    }
    summary
}

/// A fact as JSON: everything it knows, and its sentence.
fn line(voice: &Voice, scene: &Scene<'_>, id: FactId, fact: &Fact) -> Value {
    json!({
        "id": id.0,
        "at_us": fact.at().0,
        "event": fact.event,
        "kind": fact.kind().id(),
        "flag": fact.flag(),
        "host": fact.host.0,
        "peer": fact.peer.0,
        "cause": fact.cause.is_some().then_some(fact.cause.0),
        "a": fact.a,
        "b": fact.b,
        "c": fact.c,
        "text": voice.words.fact(scene, id).to_string(),
    })
}
