//! A row a law: what it says, how often it was tried, and whether it holds.

use std::rc::Rc;

use splitbrain_engine::crdt::laws::{Effort, Finding, Law};
use splitbrain_words::Arg;
use web_sys::HtmlElement;
use yew::prelude::*;

use super::story::Story;
use super::subject::Subject;
use super::trial::{Seen, use_trial};
use crate::parts::{icon, sign};
use crate::text::{Text, use_text};

/// What is tried, and how hard.
#[derive(Clone, PartialEq, Properties)]
pub(super) struct Props {
    /// What.
    pub(super) subject: Subject,
    /// How hard.
    pub(super) effort: Effort,
}

/// All of them, and below them the history that breaks the chosen one.
#[component]
pub(super) fn Verdicts(props: &Props) -> Html {
    let text = use_text();
    let seen = use_trial(&props.subject, props.effort);
    let chosen = use_state(|| None::<Law>);
    let picture = use_node_ref();
    let is_drawn = |law: Law| {
        let mut findings = seen.findings.iter();
        findings.any(|it| it.law == law && it.counterexample.is_some())
    };
    let first = || {
        let mut findings = seen.findings.iter();
        let drawn = findings.find(|it| it.counterexample.is_some())?;
        Some(drawn.law)
    };
    let shown = (*chosen).filter(|&law| is_drawn(law)).or_else(first);
    let rows = seen.findings.iter().zip(seen.broken.iter());
    let rows = rows.map(|(finding, &is_broken)| {
        let law = finding.law;
        let choose = {
            let (chosen, picture) = (chosen.setter(), picture.clone());
            Callback::from(move |_: MouseEvent| {
                chosen.set(Some(law));
                // It is below; from there arrow keys go on at once.
                if let Some(picture) = picture.cast::<HtmlElement>() {
                    let _ = picture.focus();
                }
            })
        };
        row(&text, &seen, finding, is_broken, shown == Some(law), choose)
    });
    let rows: Html = rows.collect();
    let story = seen.findings.iter().find_map(|finding| {
        let found = finding.counterexample.as_ref()?;
        (shown == Some(finding.law)).then(|| Rc::new(found.clone()))
    });
    html! {
        <>
            <section aria-label={text.get("ui.laws.verdicts")}>
                { progress(&text, &seen) }
                <ul class="lab-laws">{ rows }</ul>
                { for missing(&text, &props.subject, &seen) }
            </section>
            if let Some(found) = story {
                <Story {found} is_timed={props.subject.lab().is_timed()} picture={picture.clone()} />
            }
        </>
    }
}

/// How far it is; at the end, what came of it.
fn progress(text: &Text, seen: &Seen) -> Html {
    let broken = seen.broken.iter().filter(|&&is_broken| is_broken).count();
    let (done, all) = seen.progress;
    let histories = all / 2;
    let said = if !seen.is_done {
        text.get("ui.laws.running")
    } else if broken > 0 {
        text.with("ui.laws.done.broken", &[("n", Arg::from(broken))])
    } else {
        text.with("ui.laws.done.holds", &[("n", Arg::from(histories))])
    };
    let share = (done * 100).checked_div(all).unwrap_or(0);
    html! {
        <div class="lab-progress">
            <p role="status">{ said }</p>
            <progress
                max="100"
                value={share.to_string()}
                aria-label={text.get("ui.laws.progress")}
            />
        </div>
    }
}

fn row(
    text: &Text,
    seen: &Seen,
    finding: &Finding,
    is_broken: bool,
    is_shown: bool,
    choose: Callback<MouseEvent>,
) -> Html {
    let id = finding.law.id();
    let (mark, meaning, verdict) = match (is_broken, finding.tried, seen.is_done) {
        (true, ..) => (sign("cross", "bad"), "bad", "ui.laws.verdict.broken"),
        (_, 0, true) => (icon("circle"), "muted", "ui.laws.verdict.none"),
        (_, _, true) => (sign("check", "good"), "good", "ui.laws.verdict.holds"),
        (_, _, false) => (icon("clock"), "muted", "ui.laws.verdict.trying"),
    };
    let name = text.get(&format!("law.{id}.name"));
    let label = text.with("ui.laws.show_of", &[("law", name.to_string())]);
    html! {
        <li class={classes!("verdict", is_shown.then_some("is-lit"))} key={id}>
            { mark }
            <h3>{ name }</h3>
            <span class={meaning}>{ text.get(verdict) }</span>
            <p>
                { text.get(&format!("law.{id}.means")) }
                if finding.tried > 0 {
                    { " " }
                    <span class="lab-tried">
                        { text.with("ui.laws.tried", &[("n", Arg::from(finding.tried))]) }
                    </span>
                }
            </p>
            if finding.counterexample.is_some() {
                <button
                    type="button"
                    class="btn"
                    aria-pressed={is_shown.to_string()}
                    aria-label={label}
                    onclick={choose}
                >
                    { text.node("ui.laws.show") }
                </button>
            }
        </li>
    }
}

/// Of a type that is known to be broken: what these histories did not show.
fn missing(text: &Text, subject: &Subject, seen: &Seen) -> Option<Html> {
    let found = |law: &&Law| {
        let mut findings = seen.findings.iter().zip(seen.broken.iter());
        !findings.any(|(finding, &is_broken)| finding.law == **law && is_broken)
    };
    let missing = subject.breaks().iter().filter(found);
    let names: Vec<String> = missing
        .map(|law| text.get(&format!("law.{}.name", law.id())).to_string())
        .collect();
    if names.is_empty() || !seen.is_done {
        return None;
    }
    let args = [("laws", names.join(", "))];
    Some(html! { <p class="lab-hint">{ text.with("ui.laws.not_found", &args) }</p> })
}
