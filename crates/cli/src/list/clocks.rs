//! The clocks in `splitbrain list`: what the stamps of each tell, and what that costs.

use std::io::Write;

use serde_json::{Value, json};
use splitbrain_engine::clocks::{self, ClockInfo, Tells};

use super::says;
use crate::fail::Failure;
use crate::say::Voice;

/// The ids of the words for each clock: its name, and what it is.
const WORDS: [[&str; 3]; 6] = [
    [
        "wall_clock",
        "cli.clock.wall_clock",
        "cli.clock.wall_clock.what",
    ],
    [
        "lamport_clock",
        "cli.clock.lamport_clock",
        "cli.clock.lamport_clock.what",
    ],
    [
        "version_vector",
        "cli.clock.version_vector",
        "cli.clock.version_vector.what",
    ],
    [
        "dotted_version_vector",
        "cli.clock.dotted_version_vector",
        "cli.clock.dotted_version_vector.what",
    ],
    [
        "hybrid_clock",
        "cli.clock.hybrid_clock",
        "cli.clock.hybrid_clock.what",
    ],
    [
        "bounded_clock",
        "cli.clock.bounded_clock",
        "cli.clock.bounded_clock.what",
    ],
];

/// The ids of a clock's words; its own where there are none, which a test would tell.
fn words_of(info: &ClockInfo) -> [&'static str; 2] {
    let found = WORDS.iter().find(|[id, ..]| *id == info.id);
    found.map_or([info.id; 2], |&[_, name, what]| [name, what])
}

fn tells_id(tells: Tells) -> &'static str {
    match tells {
        Tells::Order => "cli.clock.tells.order",
        Tells::Concurrency => "cli.clock.tells.concurrency",
        Tells::ClientsOfOneServer => "cli.clock.tells.clients_of_one_server",
        Tells::Time => "cli.clock.tells.time",
        Tells::Uncertainty => "cli.clock.tells.uncertainty",
        Tells::RealTimeOrder => "cli.clock.tells.real_time_order",
    }
}

/// Says all of them, under their heading.
pub(super) fn write(voice: &Voice, out: &mut impl Write) -> Result<(), Failure> {
    writeln!(out, "{}", voice.say("cli.list.clocks", &[]))?;
    for info in clocks::ALL {
        let [name, what] = words_of(info).map(|id| voice.say(id, &[]));
        writeln!(out, "  {}  {name}\n    {what}", info.id)?;
        let named = |tells: &[Tells]| -> Vec<String> {
            let names = tells.iter().map(|&it| voice.say(tells_id(it), &[]));
            names.map(|name| name.to_string()).collect()
        };
        let costs = info.costs.iter();
        let costs = costs.map(|&it| voice.words.cost(it).to_string());
        says(voice, out, "cli.list.tells", &named(info.keeps))?;
        says(voice, out, "cli.list.tells_not", &named(info.gives_up))?;
        says(voice, out, "cli.list.costs", &costs.collect::<Vec<_>>())?;
    }
    Ok(())
}

/// The same as JSON, with the keys that policies have.
pub(super) fn as_json(voice: &Voice, info: &ClockInfo) -> Value {
    let ids = |tells: &[Tells]| -> Vec<&str> { tells.iter().map(|it| it.id()).collect() };
    json!({
        "id": info.id,
        "name": voice.say(words_of(info)[0], &[]).to_string(),
        "slot": "clock",
        "services": [],
        "sound": true,
        "loses": null,
        "keeps": ids(info.keeps),
        "gives_up": ids(info.gives_up),
        "costs": info.costs.iter().map(|cost| cost.id()).collect::<Vec<_>>(),
        "sources": info.sources,
    })
}

#[cfg(test)]
mod tests {
    use splitbrain_words::Lang;

    use super::*;

    #[test]
    fn everything_that_is_said_of_clocks_is_there() {
        let english = Voice::new(Lang::En);
        let ids = clocks::ALL.iter().flat_map(|info| words_of(info));
        let tells = Tells::ALL.iter().map(|&it| tells_id(it));
        for id in ids.chain(tells) {
            assert!(english.words.has(id), "{id}");
        }
    }
}
