//! The proof of a violation as text: the operations in order, and why they prove it.

use splitbrain_words::Arg;
use yew::prelude::*;

use super::answer::Verdict;
use super::desk::Found;
use super::say;
use crate::text::use_text;

/// What the proof is given.
#[derive(Clone, PartialEq, Properties)]
pub(super) struct Props {
    /// Whose it is.
    pub(super) found: Found,
}

/// The proof that is lit, if any.
#[component]
pub(super) fn Proof(props: &Props) -> Html {
    let text = use_text();
    let opened = &props.found.opened;
    let Some(row) = props.found.lit_row() else {
        return html! {};
    };
    let Verdict::Violated(proof) = &row.verdict else {
        return html! {};
    };
    let count = [("n", Arg::from(proof.bars.len()))];
    let note = match (proof.is_minimal, proof.is_complete) {
        (true, true) => "ui.judge.proof.minimal",
        (true, false) => "ui.judge.proof.minimal.partial",
        (false, _) => "ui.judge.proof.open",
    };
    let model = say::consistency(&text, row.model);
    let lines = proof.bars.iter().map(|&bar| {
        html! {
            <li key={bar}>
                <span>{ say::who(&text, opened, bar) }</span>
                <code>{ say::did(opened, bar) }</code>
                if let Some(when) = say::when(&text, opened, bar) {
                    <small>{ when }</small>
                }
            </li>
        }
    });
    html! {
        <section class="proof" aria-label={text.get("ui.judge.proof")}>
            <h2>{ text.with("ui.judge.proof.title", &[("model", model)]) }</h2>
            <p>{ text.get(&format!("ui.judge.kind.{}", proof.kind)) }</p>
            <ol>{ for lines }</ol>
            <p class="muted">{ text.with(note, &count) }</p>
        </section>
    }
}
