//! `splitbrain list`: every policy and every clock of the engine, with what it says of
//! itself.

mod clocks;

use std::io::Write;

use clap::Args;
use serde_json::{Value, json};
use splitbrain_engine::conflict::is_one_way;
use splitbrain_engine::policy::{Info, Soundness};
use splitbrain_engine::routing;
use splitbrain_engine::scenario::{ServiceKind, Slot};

use crate::fail::Failure;
use crate::say::Voice;

/// How to say it.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  splitbrain list
  splitbrain list --json | jq '.[] | select(.slot == \"replication\")'
  splitbrain list --json | jq '.[] | select(.slot == \"clock\")'
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
    /// The id of its slot; of routing policies, which no service has, that of their kind.
    slot: &'static str,
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
        let policies = entries.iter().map(|entry| as_json(voice, entry));
        let clocks = splitbrain_engine::clocks::ALL.iter();
        let clocks = clocks.map(|info| clocks::as_json(voice, info));
        let all: Vec<Value> = policies.chain(clocks).collect();
        writeln!(out, "{}", Value::from(all))?;
        return Ok(());
    }
    let mut slot = None;
    for entry in &entries {
        if slot.replace(entry.slot) != Some(entry.slot) {
            writeln!(out, "{}", voice.say(&format!("slot.{}", entry.slot), &[]))?;
        }
        let Entry { info, .. } = entry;
        let words = &voice.words;
        writeln!(out, "  {}  {}", info.id, words.policy(info.id))?;
        writeln!(out, "    {}", words.policy_what(info.id))?;
        if let Some(warning) = words.warning(info) {
            writeln!(out, "    {warning}")?;
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
            says(voice, &mut out, id, &what)?;
        }
    }
    clocks::write(voice, &mut out)
}

/// A line of what an entry says of itself, if it says any such thing.
fn says(voice: &Voice, out: &mut impl Write, id: &str, what: &[String]) -> Result<(), Failure> {
    if !what.is_empty() {
        let said = voice.say(id, &[("what", what.join(", ").into())]);
        writeln!(out, "    {said}")?;
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
            let choices = slot.choices(kind);
            let slot = slot.id();
            for info in choices {
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
    entries.extend(routing::ALL.iter().map(|policy| Entry {
        slot: "routing",
        info: policy.info(),
        services: Vec::new(),
    }));
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
        "slot": slot,
        "services": entry.services.iter().map(|kind| kind.id()).collect::<Vec<_>>(),
        "sound": loses.is_none(),
        "loses": loses,
        "keeps": ids(info.keeps),
        "gives_up": ids(info.gives_up),
        "one_way": is_one_way(info.id),
        "costs": info.costs.iter().map(|cost| cost.id()).collect::<Vec<_>>(),
        "sources": info.sources,
    })
}
