//! What was found in a file: a row a model, the timeline, and the proof.

use splitbrain_checker::consistency::{OF_OPERATIONS, OF_TRANSACTIONS};
use splitbrain_checker::import::Format;
use splitbrain_checker::models::{self, ModelId};
use splitbrain_words::Arg;
use web_sys::{Element, HtmlSelectElement};
use yew::prelude::*;

use super::answer::{Row, Verdict};
use super::clerk::Clerk;
use super::desk::{Entry, Found, State};
use super::page::use_desk;
use super::proof::Proof;
use super::say;
use super::timeline::Timeline;
use crate::parts::{icon, sign};
use crate::text::{Text, use_text};

/// What was found in the file that is shown.
#[component]
pub(super) fn Verdicts() -> Html {
    let text = use_text();
    let seen = use_desk();
    let head = use_node_ref();
    let entry = seen.read(|desk| desk.shown().cloned());
    let id = entry.as_ref().map(|entry| entry.id);
    use_effect_with(id, {
        let head = head.clone();
        move |id| {
            // The list of files is long, or the screen is small.
            if id.is_some()
                && let Some(head) = head.cast::<Element>()
            {
                head.scroll_into_view_with_bool(true);
            }
        }
    });
    let status = status(&text, entry.as_ref());
    let content = entry.and_then(|entry| {
        let found = entry.found.clone()?;
        Some(html! {
            <>
                <header class="judge-all judged-head" ref={head}>
                    <h2>{ &entry.name }</h2>
                    <p class="muted">{ facts(&text, &found) }</p>
                    <Choices entry={Choice::of(&entry, &found)} />
                </header>
                <section aria-label={text.get("ui.judge.verdicts")}>
                    if seen.clerk.has_no_worker() {
                        <p class="hint">
                            { text.with("ui.judge.no_worker", &[("n", seen.clerk.steps())]) }
                        </p>
                    }
                    { rows(&text, &seen.clerk, &entry, &found) }
                </section>
                <div>
                    <Timeline file={entry.id} found={found.clone()} />
                    <Proof found={found.clone()} />
                </div>
            </>
        })
    });
    html! {
        <>
            <p class="visually-hidden" role="status">{ status }</p>
            { for content }
        </>
    }
}

/// How it stands, for who does not see it.
fn status(text: &Text, entry: Option<&Entry>) -> AttrValue {
    let Some(entry) = entry else {
        return AttrValue::default();
    };
    let Some(found) = entry
        .found
        .as_ref()
        .filter(|_| entry.state != State::Running)
    else {
        return text.get("ui.judge.running");
    };
    let count = |id| {
        let rows = found.rows.iter().filter(|row| row.verdict.id() == id);
        Arg::from(rows.count())
    };
    let args = [
        ("file", Arg::from(entry.name.as_str())),
        ("holds", count("holds")),
        ("violated", count("violated")),
    ];
    text.with("ui.judge.status", &args)
}

fn facts(text: &Text, found: &Found) -> AttrValue {
    let opened = &found.opened;
    let lanes = Arg::from(found.lanes.rows.len());
    let operations = Arg::from(opened.bars.len());
    let Some(transactions) = opened.transactions else {
        let args = [("operations", operations), ("processes", lanes)];
        return text.with("ui.judge.facts", &args);
    };
    let args = [
        ("operations", operations),
        ("transactions", transactions.into()),
        ("sessions", lanes),
    ];
    text.with("ui.judge.facts.transactions", &args)
}

/// What a file was taken for, and what somebody chose.
#[derive(Clone, Copy, PartialEq)]
struct Choice {
    id: u32,
    chosen: (Option<Format>, Option<ModelId>),
    taken: (Format, Option<ModelId>),
    has_model: bool,
}

impl Choice {
    fn of(entry: &Entry, found: &Found) -> Self {
        Self {
            id: entry.id,
            chosen: (entry.format, entry.model),
            taken: (found.opened.format, found.opened.model),
            has_model: found.opened.transactions.is_none(),
        }
    }
}

#[derive(Clone, PartialEq, Properties)]
struct ChoicesProps {
    entry: Choice,
}

/// The format and the model: which was guessed, and others to choose.
#[component]
fn Choices(props: &ChoicesProps) -> Html {
    let text = use_text();
    let seen = use_desk();
    let Choice {
        id,
        chosen: (format, model),
        taken,
        has_model,
    } = props.entry;
    let judge = {
        let clerk = seen.clerk.clone();
        move |format, model| clerk.change_file(id, |desk| desk.judge_as(id, format, model))
    };
    let on_format = {
        let judge = judge.clone();
        Callback::from(move |event: Event| judge(Format::find(&value(&event)), model))
    };
    let on_model = Callback::from(move |event: Event| judge(format, ModelId::find(&value(&event))));
    let formats = Format::ALL.map(Format::id);
    let objects = models::ALL.map(|info| info.id);
    html! {
        <div class="judged-as">
            { choice(&text, "format", &formats, taken.0.id(), format.map(Format::id), on_format) }
            if has_model {
                { choice(
                    &text,
                    "object",
                    &objects,
                    taken.1.map_or("none", ModelId::id),
                    model.map(ModelId::id),
                    on_model,
                ) }
            }
        </div>
    }
}

fn value(event: &Event) -> String {
    let select = event.target_dyn_into::<HtmlSelectElement>();
    select.map_or_else(String::new, |select| select.value())
}

/// A list to choose from, with what was guessed at its top.
fn choice(
    text: &Text,
    what: &str,
    ids: &[&'static str],
    taken: &str,
    chosen: Option<&str>,
    onchange: Callback<Event>,
) -> Html {
    let name = |id: &str| text.get(&format!("ui.judge.{what}.{id}"));
    let guessed = if chosen.is_none() {
        text.with("ui.judge.guessed", &[("what", name(taken).to_string())])
    } else {
        text.get("ui.judge.guess")
    };
    let others = ids.iter().map(|&id| {
        html! {
            <option key={id} value={id} selected={chosen == Some(id)}>{ name(id) }</option>
        }
    });
    html! {
        <label>
            <span>{ text.get(&format!("ui.judge.{what}")) }</span>
            <select class="select" {onchange}>
                <option value="" selected={chosen.is_none()}>{ guessed }</option>
                { for others }
            </select>
        </label>
    }
}

/// A row a model; those that are silent for one reason together.
fn rows(text: &Text, clerk: &Clerk, entry: &Entry, found: &Found) -> Html {
    let mut shown = Vec::new();
    let mut at = 0;
    while let Some(first) = found.rows.get(at) {
        let alike = found.rows[at..].iter();
        let count = match first.verdict {
            Verdict::Silent(_) => alike.take_while(|row| row.verdict == first.verdict).count(),
            _ => 1,
        };
        shown.push(if count > 1 {
            silent(text, found, &found.rows[at..at + count])
        } else {
            row(text, clerk, found, first)
        });
        at += count;
    }
    let all = if found.opened.transactions.is_some() {
        OF_TRANSACTIONS
    } else {
        OF_OPERATIONS
    };
    let next = all
        .get(found.rows.len())
        .filter(|_| entry.state != State::Done);
    let next = next.map(|&model| {
        let model = say::consistency(text, model);
        let stop = {
            let clerk = clerk.clone();
            Callback::from(move |_: MouseEvent| clerk.halt())
        };
        let id = if entry.state == State::Running {
            "ui.judge.searching"
        } else {
            "ui.judge.halted_at"
        };
        html! {
            <li class="verdict" key="next">
                { icon("clock") }
                <h3>{ text.with(id, &[("model", model)]) }</h3>
                if entry.state == State::Running {
                    <button type="button" class="btn" onclick={stop}>{ text.node("ui.judge.stop") }</button>
                }
            </li>
        }
    });
    html! { <ul class="judged">{ for shown }{ for next }</ul> }
}

fn row(text: &Text, clerk: &Clerk, found: &Found, row: &Row) -> Html {
    let id = row.model.id();
    let (mark, meaning) = match row.verdict.id() {
        "holds" => (sign("check", "good"), "good"),
        "violated" => (sign("cross", "bad"), "bad"),
        "undecided" => (sign("warning", "warn"), "warn"),
        _ => (icon("circle"), "muted"),
    };
    let reason = say::reason(text, &found.opened, &row.verdict, clerk.steps());
    let is_lit = found.lit == Some(row.model);
    let model = row.model;
    let light = {
        let clerk = clerk.clone();
        Callback::from(move |_: MouseEvent| clerk.change(|desk| desk.light(model)))
    };
    let name = say::consistency(text, model);
    let label = text.with("ui.judge.show_of", &[("model", name.clone())]);
    html! {
        <li class={classes!("verdict", is_lit.then_some("is-lit"))} key={id}>
            { mark }
            <h3>{ name }</h3>
            <span class={meaning}>{ text.get(&format!("ui.judge.{}", row.verdict.id())) }</span>
            <p>{ text.get(&format!("ui.judge.model.{id}.means")) }</p>
            if let Some(reason) = reason {
                <p class={meaning}>{ text.show(&reason) }</p>
            }
            if row.verdict.id() == "violated" {
                <button
                    type="button"
                    class="btn"
                    aria-pressed={is_lit.to_string()}
                    aria-label={label}
                    onclick={light}
                >
                    { text.node("ui.judge.show") }
                </button>
            }
        </li>
    }
}

fn silent(text: &Text, found: &Found, rows: &[Row]) -> Html {
    let names = rows.iter().map(|row| say::consistency(text, row.model));
    let names: Vec<String> = names.collect();
    let reason = say::reason(text, &found.opened, &rows[0].verdict, 0);
    html! {
        <li class="verdict" key={rows[0].model.id()}>
            { icon("circle") }
            <h3 class="muted">{ names.join(", ") }</h3>
            <span class="muted">{ text.node("ui.judge.silent") }</span>
            if let Some(reason) = reason {
                <p>{ text.show(&reason) }</p>
            }
        </li>
    }
}
