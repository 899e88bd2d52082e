//! What is said to the learner: refusals, warnings, news.

use splitbrain_words::{Arg, Text as Sentence};
use yew::prelude::*;

use crate::parts::icon;
use crate::session::{Action, Notice, NoticeKind, Said, SaidArg, use_handle, use_session};
use crate::text::{Text, use_text};

impl Text {
    /// A sentence that was left for whatever language the page has.
    pub fn said(&self, said: &Said) -> Sentence {
        let words = self.words();
        match said {
            Said::Plain(text) => Sentence::of(text, splitbrain_words::Role::Plain, words.lang()),
            Said::Words(id, args) => {
                let args: Vec<(&str, Arg)> = args
                    .iter()
                    .map(|(name, arg)| {
                        let arg = match arg {
                            SaidArg::Plain(text) => Arg::Plain(text.clone()),
                            SaidArg::Count(number) => Arg::Count(*number),
                            SaidArg::Time(time) => Arg::Time(*time),
                        };
                        (*name, arg)
                    })
                    .collect();
                words.say(id, &args)
            }
            Said::About(id, what) => words.say(id, &[("what", self.said(what).into())]),
            Said::Command(error) => words.command_error(*error),
            Said::Wire(error) => words.wire_error(error),
        }
    }
}

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
