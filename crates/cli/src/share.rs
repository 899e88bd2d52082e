//! `splitbrain share`: makes a link to a run, or reads one.

use std::io::Write;
use std::path::PathBuf;

use clap::Subcommand;
use serde_json::json;
use splitbrain_engine::wire::Envelope;
use splitbrain_words::clock;

use crate::fail::Failure;
use crate::link;
use crate::load::{Source, bytes};
use crate::say::Voice;

/// What to do with links.
#[derive(Debug, Subcommand)]
#[command(after_help = "Examples:
  splitbrain share encode --seed 5 --until 12.5s
  splitbrain share decode 's=v1.…' --json
  splitbrain share decode 's=v1.…' --out run.bin && splitbrain run run.bin")]
pub(crate) enum Command {
    /// Print the fragment of a link to a run.
    Encode {
        #[command(flatten)]
        source: Source,
    },
    /// Say what is in a link, or in a file that holds one.
    Decode {
        /// The link, a file, or `-` for standard input.
        link: String,
        /// Write the run's bytes to this file.
        #[arg(long)]
        out: Option<PathBuf>,
        /// Say it as JSON.
        #[arg(long)]
        json: bool,
    },
}

/// Does it.
pub(crate) fn run(voice: &Voice, command: &Command) -> Result<(), Failure> {
    let mut stdout = std::io::stdout().lock();
    match command {
        Command::Encode { source } => {
            let loaded = source.load()?;
            if loaded.is_written {
                return Err(Failure::NoLink);
            }
            let digest = loaded.run.digest_at(loaded.until);
            let envelope = Envelope::of(&loaded.run, loaded.until, digest);
            writeln!(stdout, "{}", link::encode(&envelope.encode()))?;
        }
        Command::Decode { link, out, json } => {
            let bytes = bytes(link)?;
            let envelope = Envelope::decode(&bytes).map_err(Failure::Wire)?;
            if let Some(path) = out {
                std::fs::write(path, &bytes).map_err(|error| Failure::File {
                    path: path.clone(),
                    error,
                })?;
            }
            let said = if *json {
                format!("{}\n", as_json(&envelope))
            } else {
                as_text(voice, &envelope, bytes.len())
            };
            stdout.write_all(said.as_bytes())?;
        }
    }
    Ok(())
}

fn as_text(voice: &Voice, envelope: &Envelope, bytes: usize) -> String {
    let row = |id: &str, value: String| (voice.say(id, &[]), value);
    let number = |number: usize| voice.words.number(number as i64).to_string();
    Voice::table(&[
        row("cli.run.scenario", envelope.scenario.clone()),
        row("cli.run.seed", envelope.seed.to_string()),
        row("cli.run.until", clock(envelope.cursor)),
        row("cli.run.commands", number(envelope.commands.len())),
        row("cli.share.choices", number(envelope.choices.len())),
        row("cli.share.revision", envelope.engine_revision.to_string()),
        row("cli.run.digest", format!("{:016x}", envelope.digest)),
        row("cli.share.bytes", number(bytes)),
    ])
}

fn as_json(envelope: &Envelope) -> serde_json::Value {
    let choices = envelope.choices.iter().map(|choice| {
        json!({
            "service": choice.service.id(),
            "slot": choice.slot.id(),
            "policy": choice.policy,
        })
    });
    let commands = envelope
        .commands
        .iter()
        .map(|timed| json!({ "at_us": timed.at.0, "command": timed.command.id() }));
    json!({
        "scenario": envelope.scenario,
        "scenario_hash": format!("{:016x}", envelope.scenario_hash),
        "seed": envelope.seed,
        "cursor_us": envelope.cursor.0,
        "digest": format!("{:016x}", envelope.digest),
        "engine_revision": envelope.engine_revision,
        "choices": choices.collect::<Vec<_>>(),
        "commands": commands.collect::<Vec<_>>(),
    })
}
