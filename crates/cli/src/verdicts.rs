//! `splitbrain list --verdicts`: what each design keeps and loses under faults, as judged,
//! with a run that shows each loss. The page shows the same table, from a file that is
//! made by this.

use std::io::Write;

use serde_json::{Value, json};
use splitbrain_engine::policy::Soundness;
use splitbrain_engine::wire::Envelope;
use splitbrain_lesson::search::{Entry, Loss, Tried, entries, judged};
use splitbrain_words::{Arg, clock};

use crate::fail::Failure;
use crate::link;
use crate::progress::Progress;
use crate::say::Voice;

/// Tries and says.
pub(crate) fn run(voice: &Voice, as_json: bool) -> Result<(), Failure> {
    let entries = entries();
    let mut progress = Progress::of(entries.len() as u64);
    let tried = entries.into_iter().map(|entry| {
        let mut tried = entry.tried();
        tried.losses = tried.losses.into_iter().map(Loss::shrunk).collect();
        progress.one_more();
        tried
    });
    let tried: Vec<Tried> = tried.collect();
    progress.done();
    let mut out = std::io::stdout().lock();
    if as_json {
        let rows: Vec<Value> = tried.iter().map(row).collect();
        // A line a row, so that what changed is seen.
        let rows: Vec<String> = rows.iter().map(ToString::to_string).collect();
        writeln!(out, "[\n{}\n]", rows.join(",\n"))?;
        return Ok(());
    }
    for it in &tried {
        say(voice, &mut out, it)?;
    }
    Ok(())
}

/// What of what can be judged no schedule broke.
fn kept(tried: &Tried) -> Vec<&'static str> {
    let lost = |id: &str| tried.losses.iter().any(|loss| loss.property.id() == id);
    let judged = judged(tried.entry.service).iter().map(|it| it.id());
    judged.filter(|id| !lost(id)).collect()
}

fn link_of(loss: &Loss) -> String {
    let digest = loss.run.digest_at(loss.at);
    link::encode(&Envelope::of(&loss.run, loss.at, digest).encode())
}

fn row(tried: &Tried) -> Value {
    let Entry {
        info,
        slot,
        service,
        design,
        ..
    } = &tried.entry;
    let design = design
        .iter()
        .map(|choice| json!({ "slot": choice.slot.id(), "policy": choice.policy }));
    let loses = tried.losses.iter().map(|loss| {
        json!({
            "property": loss.property.id(),
            "commands": loss.run.commands.len(),
            "at_ms": loss.at.0 / 1_000,
            "link": format!("#{}", link_of(loss)),
        })
    });
    json!({
        "service": service.id(),
        "slot": slot.id(),
        "policy": info.id,
        "design": design.collect::<Vec<_>>(),
        "sound": info.soundness == Soundness::Sound,
        "schedules": tried.schedules,
        "keeps": kept(tried),
        "loses": loses.collect::<Vec<_>>(),
    })
}

fn say(voice: &Voice, out: &mut impl Write, tried: &Tried) -> Result<(), Failure> {
    let words = &voice.words;
    let names = tried.entry.design.iter();
    let names: Vec<String> = names
        .map(|choice| words.design_part(choice.slot.id(), &choice.policy))
        .collect();
    let service = words.service(tried.entry.service);
    writeln!(out, "{service}: {}", names.join(", "))?;
    let kept: Vec<String> = kept(tried)
        .into_iter()
        .map(|id| words.plain(&format!("property.{id}")))
        .collect();
    if !kept.is_empty() {
        let args = [
            ("what", Arg::Plain(kept.join(", "))),
            ("n", Arg::from(tried.schedules)),
        ];
        writeln!(out, "  {}", voice.say("cli.list.kept", &args))?;
    }
    for loss in &tried.losses {
        let args = [
            (
                "what",
                Arg::Plain(words.plain(&format!("property.{}", loss.property.id()))),
            ),
            ("n", Arg::from(loss.run.commands.len() as u64)),
            ("at", Arg::Plain(clock(loss.at))),
        ];
        writeln!(out, "  {}", voice.say("cli.list.lost", &args))?;
        writeln!(out, "    #{}", link_of(loss))?;
    }
    Ok(())
}
