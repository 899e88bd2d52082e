//! What is said to the learner: refusals, warnings, news.

use yew::prelude::*;

use crate::parts::icon;
use crate::session::{Action, Notice, NoticeKind, use_handle, use_session};
use crate::text::{Text, use_text};

/// What is said to the learner.
#[component]
pub fn Notices() -> Html {
    let text = use_text();
    let handle = use_handle();
    let notices = use_session(|session| session.notices.clone());
    let items = notices.iter().map(|notice| {
        let number = notice.number;
        let handle = handle.clone();
        let onclick = Callback::from(move |_: MouseEvent| {
            handle.dispatch(Action::Dismiss(number));
        });
        show(&text, notice, onclick)
    });
    html! { <section class="toasts" aria-label={text.get("ui.notices")}>{ for items }</section> }
}

fn show(text: &Text, notice: &Notice, onclick: Callback<MouseEvent>) -> Html {
    let (class, sign, role) = match notice.kind {
        NoticeKind::Info => ("is-good", "info", "status"),
        NoticeKind::Warning => ("is-warn", "warning", "status"),
        NoticeKind::Error => ("is-bad", "warning", "alert"),
    };
    let sentence = text.said(&notice.said).sentence();
    html! {
        <div key={notice.number} class={classes!("notice", class)} {role}>
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
