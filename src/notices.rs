//! What is said to the learner: refusals, warnings, news.

use yew::prelude::*;

use crate::parts::icon;
use crate::session::{Action, NoticeKind, Said, use_handle, use_session};
use crate::text::{Text, use_text};

/// What is said to the learner.
#[component]
pub fn Notices() -> Html {
    let text = use_text();
    let handle = use_handle();
    // Not their age, which changes in every frame.
    let notices = use_session(|session| {
        let notices = session.notices.iter();
        let parts = notices.map(|notice| (notice.number, notice.kind, notice.said.clone()));
        parts.collect::<Vec<_>>()
    });
    let items = notices.iter().map(|(number, kind, said)| {
        let number = *number;
        let handle = handle.clone();
        let onclick = Callback::from(move |_: MouseEvent| {
            handle.dispatch(Action::Dismiss(number));
        });
        show(&text, number, *kind, said, onclick)
    });
    html! { <section class="toasts" aria-label={text.get("ui.notices")}>{ for items }</section> }
}

fn show(
    text: &Text,
    number: u32,
    kind: NoticeKind,
    said: &Said,
    onclick: Callback<MouseEvent>,
) -> Html {
    let (class, sign, role) = match kind {
        NoticeKind::Info => ("is-good", "info", "status"),
        NoticeKind::Warning => ("is-warn", "warning", "status"),
        NoticeKind::Error => ("is-bad", "warning", "alert"),
    };
    let sentence = text.said(said).sentence();
    html! {
        <div key={number} class={classes!("notice", class)} {role}>
            { icon(sign) }
            <p>{ text.show(&sentence) }</p>
            <button
                type="button"
                class="btn btn-quiet btn-icon"
                aria-label={text.get("ui.notice.dismiss")}
                {onclick}
            >
                { icon("close") }
            </button>
        </div>
    }
}
