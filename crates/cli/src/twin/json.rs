//! What differs between two designs, as JSON.

use serde_json::{Value as Json, json};
use splitbrain_lesson::twin::{Spans, Subject, choices};
use splitbrain_words::names::Form;

use super::Pair;
use crate::load::Loaded;
use crate::say::Voice;

/// Everything that is known of the two.
pub(super) fn as_json(voice: &Voice, loaded: &Loaded, pair: &Pair) -> Json {
    let words = &voice.words;
    let comparison = &pair.comparison;
    let first = pair.first.as_ref().map(|first| {
        let subject = match first.subject {
            Subject::Told(customer) => json!({ "told": customer }),
            Subject::Shown(region, key) => json!({ "region": region, "key": key.0 }),
        };
        let facts = [0, 1].map(|side| {
            let fact = first.facts[side]?;
            let scene = pair.twins[side].scene();
            let at = pair.twins[side].player.trace().get(fact)?.at();
            let text = words.fact(&scene, fact).to_string();
            Some(json!({ "id": fact.0, "at_us": at.0, "text": text }))
        });
        json!({ "at_us": first.at.0, "subject": subject, "facts": facts })
    });
    let spans = |spans: Option<Spans>| {
        spans.map(|it| json!({ "median_us": it.median_us, "p95_us": it.p95_us }))
    };
    let sides = [0, 1].map(|side| {
        let twin = &pair.twins[side];
        let figures = &comparison.figures[side];
        json!({
            "digest": format!("{:016x}", twin.player.world().digest()),
            "lost": figures.lost,
            "done": figures.done,
            "refused": figures.refused,
            "unknown": figures.unknown,
            "reads": spans(figures.reads),
            "writes": spans(figures.writes),
            "messages": figures.traffic.messages,
            "bytes": figures.traffic.bytes,
            "messages_between_regions": figures.traffic.messages_between_regions,
            "bytes_between_regions": figures.traffic.bytes_between_regions,
        })
    });
    let verdicts = comparison.verdicts.iter().map(|row| {
        let counts = row.counts.map(|it| json!({ "violations": it.violations, "standing": it.standing, "at_risk": it.at_risk }));
        json!({ "property": row.property.id(), "verdicts": row.verdicts, "counts": counts })
    });
    let keys = comparison.keys.iter().map(|row| {
        let shown = row.shown.each_ref().map(|shown| {
            let values = shown.iter().map(|value| value.map(|value| value.0));
            values.collect::<Vec<_>>()
        });
        let key = words.key(&pair.twins[0].design, row.key, Form::Label);
        json!({ "key": row.key.0, "name": key.to_string(), "shown": shown })
    });
    json!({
        "scenario": loaded.run.scenario.id,
        "seed": loaded.run.seed,
        "until_us": loaded.until.0,
        "with": choices::write(&pair.differing),
        "first_divergence": first,
        "twins": sides,
        "verdicts": verdicts.collect::<Vec<_>>(),
        "keys": keys.collect::<Vec<_>>(),
        "more_keys": comparison.more_keys,
    })
}
