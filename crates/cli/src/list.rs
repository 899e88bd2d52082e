//! `splitbrain list`: every policy of the engine, with what it says of itself.

use std::io::Write;

use clap::Args;
use serde_json::{Value, json};
use splitbrain_engine::policy::{Info, Soundness};
use splitbrain_engine::scenario::{ServiceKind, Slot};

use crate::fail::Failure;
use crate::say::Voice;

/// How to say it.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  splitbrain list
  splitbrain list --json | jq '.[] | select(.slot == \"replication\")'
  splitbrain list --verdicts
  splitbrain list --verdicts --json > static/data/verdicts.json")]
pub(crate) struct Options {
    /// An array of JSON and nothing else.
    #[arg(long)]
    json: bool,
    /// Try every design under faults, and say what it kept and lost as judged, with a link
    /// to a run that shows each loss. Takes a minute.
    #[arg(long)]
    verdicts: bool,
}

/// A policy, and where it can be put.
struct Entry {
    slot: Slot,
    info: &'static Info,
    services: Vec<ServiceKind>,
}

/// Says.
pub(crate) fn run(voice: &Voice, options: &Options) -> Result<(), Failure> {
    if options.verdicts {
        return crate::verdicts::run(voice, options.json);
    }
    let mut out = std::io::stdout().lock();
    let entries = entries();
    if options.json {
        let all: Vec<Value> = entries.iter().map(|entry| as_json(voice, entry)).collect();
        writeln!(out, "{}", Value::from(all))?;
        return Ok(());
    }
    let mut slot = None;
    for entry in &entries {
        if slot.replace(entry.slot) != Some(entry.slot) {
            writeln!(out, "{}", voice.words.slot(entry.slot))?;
        }
        let Entry { info, .. } = entry;
        let words = &voice.words;
        writeln!(out, "  {}  {}", info.id, words.policy(info.id))?;
        writeln!(out, "    {}", words.policy_what(info.id))?;
        if matches!(info.soundness, Soundness::Broken { .. }) {
            writeln!(out, "    {}", words.soundness(info))?;
        }
        let named = |ids: &[splitbrain_engine::policy::Property]| -> Vec<String> {
            ids.iter()
                .map(|&it| words.property(it).to_string())
                .collect()
        };
        let costs: Vec<String> = info
            .costs
            .iter()
            .map(|&it| words.cost(it).to_string())
            .collect();
        for (id, what) in [
            ("cli.list.keeps", named(info.keeps)),
            ("cli.list.gives_up", named(info.gives_up)),
            ("cli.list.costs", costs),
        ] {
            if !what.is_empty() {
                writeln!(
                    out,
                    "    {}",
                    voice.say(id, &[("what", what.join(", ").into())])
                )?;
            }
        }
    }
    Ok(())
}

fn entries() -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    for &slot in Slot::ALL {
        for &kind in ServiceKind::ALL {
            if !kind.slots().contains(&slot) {
                continue;
            }
            for info in slot.choices(kind) {
                let known = entries
                    .iter_mut()
                    .find(|entry| entry.slot == slot && entry.info.id == info.id);
                match known {
                    Some(entry) => entry.services.push(kind),
                    None => entries.push(Entry {
                        slot,
                        info,
                        services: vec![kind],
                    }),
                }
            }
        }
    }
    entries
}

fn as_json(voice: &Voice, entry: &Entry) -> Value {
    let Entry { slot, info, .. } = entry;
    let ids = |ids: &[splitbrain_engine::policy::Property]| -> Vec<&str> {
        ids.iter().map(|it| it.id()).collect()
    };
    let loses = match info.soundness {
        Soundness::Sound => None,
        Soundness::Broken { loses } => Some(ids(loses)),
    };
    json!({
        "id": info.id,
        "name": voice.words.policy(info.id).to_string(),
        "slot": slot.id(),
        "services": entry.services.iter().map(|kind| kind.id()).collect::<Vec<_>>(),
        "sound": loses.is_none(),
        "loses": loses,
        "keeps": ids(info.keeps),
        "gives_up": ids(info.gives_up),
        "costs": info.costs.iter().map(|cost| cost.id()).collect::<Vec<_>>(),
        "sources": info.sources,
    })
}
