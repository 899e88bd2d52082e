//! The inside of registers and sets in one region: which writes their versions are, by
//! their dots and stamps, and what is known to have been seen. Folded away at first, since
//! the values above say it to whoever is not yet curious how.

use std::iter;

use splitbrain_engine::crdt::replicated::Datum;
use splitbrain_engine::crdt::{Dot, DotContext};
use splitbrain_engine::sim::node::{Key, Value};
use splitbrain_engine::view::{Beside, StateView, VersionView};
use splitbrain_words::{Arg, clock_us};
use yew::prelude::*;

use super::regions::vector;
use super::state::Scene;
use crate::session::use_session;
use crate::text::use_text;

/// The state of a region, of which the inside is shown.
#[derive(Clone, PartialEq, Properties)]
pub(super) struct InsideProps {
    /// All of it.
    pub state: Vec<StateView>,
}

/// All keys of a region, behind a line that opens them. Nothing is there before: it would
/// be made anew with every change.
#[component]
pub(super) fn Inside(props: &InsideProps) -> Html {
    let text = use_text();
    let scenario = use_session(|session| session.design.clone());
    let is_open = use_state_eq(|| false);
    let toggle = {
        let is_open = is_open.clone();
        Callback::from(move |_: MouseEvent| is_open.set(!*is_open))
    };
    let scene = Scene {
        text: &text,
        scenario: &scenario,
    };
    let shown = if *is_open { &props.state[..] } else { &[] };
    let keys = shown.iter().filter_map(|line| match line {
        StateView::Inside {
            key,
            versions,
            beside,
        } => Some((*key, of_key(&scene, *key, versions, beside))),
        _ => None,
    });
    html! {
        <div class="state">
            <button type="button" class="linkish muted" aria-expanded={is_open.to_string()} onclick={toggle}>
                { text.get("ui.state.inside") }
            </button>
            if *is_open {
                <p class="muted">{ text.get("ui.state.inside.what") }</p>
            }
            <div>{ for keys.map(|(key, inside)| html! { <div key={key.0}>{ inside }</div> }) }</div>
        </div>
    }
}

/// What is under one key: of a set its elements and its context, else a line a version.
fn of_key(scene: &Scene<'_>, key: Key, versions: &[VersionView], beside: &Beside) -> Html {
    let parts = parts(scene, key, versions, beside);
    let is_set = matches!(beside, Beside::Context(_));
    let lines: Vec<String> = if is_set {
        let parts = parts.iter();
        parts.map(|(id, rows)| part(scene, id, rows)).collect()
    } else {
        parts.into_iter().flat_map(|(_, rows)| rows).collect()
    };
    let name = scene.key(key);
    html! {
        <>
            <p>{ name.clone() }</p>
            <ul class="state-parts" aria-label={name}>
                { for lines.iter().enumerate().map(|(at, line)| html! { <li key={at}>{ line }</li> }) }
            </ul>
        </>
    }
}

/// What is inside of one key, as rows of the parts with these ids: what is held, and of a set
/// beside it what was seen.
pub(super) fn parts(
    scene: &Scene<'_>,
    key: Key,
    versions: &[VersionView],
    beside: &Beside,
) -> Vec<(&'static str, Vec<String>)> {
    let Beside::Context(seen) = beside else {
        let held = versions.iter().enumerate();
        let rows = held.map(|(at, held)| version(scene, key, held, (beside, at)));
        return vec![("held", rows.collect())];
    };
    let held = versions.iter().map(|held| element(scene, held));
    vec![
        ("held", held.collect()),
        ("context", vec![context(scene, seen)]),
    ]
}

/// A part of a set under its name.
fn part(scene: &Scene<'_>, id: &str, rows: &[String]) -> String {
    let what = if rows.is_empty() {
        scene.text.get("ui.state.part.none").to_string()
    } else {
        rows.join(", ")
    };
    let name = scene.text.get(&format!("ui.state.part.{id}"));
    let args = [
        ("part", Arg::Plain(name.to_string())),
        ("what", Arg::Plain(what)),
    ];
    scene.text.with("ui.state.part", &args).to_string()
}

/// An element of a set with the dot of the addition that it is there by.
fn element(scene: &Scene<'_>, held: &VersionView) -> String {
    scene.row(&[Datum::Item(held.value.0 as u8), named(held)])
}

/// What was seen: a count for each region, and the dots beyond a gap.
fn context(scene: &Scene<'_>, seen: &DotContext) -> String {
    let regions = scene.scenario.regions.len() as u8;
    let counts: Vec<u32> = (0..regions).map(|place| seen.vector().get(place)).collect();
    let beyond = { seen.cloud().iter() }.map(|&dot| scene.row(&[Datum::Dot(dot)]));
    let parts: Vec<String> = iter::once(vector(&counts)).chain(beyond).collect();
    parts.join(" +\u{a0}")
}

/// A version: its value, its dot and its stamp; beside others also what its writer had read.
fn version(
    scene: &Scene<'_>,
    key: Key,
    version: &VersionView,
    (beside, at): (&Beside, usize),
) -> String {
    let mut value = version.value;
    let mut id = "ui.state.version";
    let mut args = Vec::new();
    match beside {
        Beside::Fields(fields) => {
            // The rest of it says nothing.
            if let Some(field) = fields.get(at) {
                value = field.put(Value(0), field.of(value));
            }
        }
        Beside::Pasts(pasts) => {
            id = "ui.state.version.after";
            let past = pasts.get(at).map(|past| context(scene, past));
            args.extend(past.map(|past| ("past", Arg::Plain(past))));
        }
        Beside::Nothing | Beside::Context(_) => {}
    }
    let mut stamp = clock_us(version.stamp_us);
    if version.count > 0 {
        stamp = format!("{stamp} +\u{a0}{}", version.count);
    }
    let words = scene.text.words();
    let value = words.value(scene.scenario, key, value).to_string();
    args.extend([
        ("value", Arg::Plain(value)),
        ("dot", Arg::Plain(scene.row(&[named(version)]))),
        ("stamp", Arg::Plain(stamp)),
    ]);
    scene.text.with(id, &args).to_string()
}

/// The name of the write that made a version.
fn named(version: &VersionView) -> Datum {
    Datum::Dot(Dot {
        origin: version.origin,
        counter: version.sequence,
    })
}
