//! The messages of a room, as a region shows them.

use splitbrain_engine::scenario::Scenario;
use yew::prelude::*;

use super::holdings::Row;
use super::say;
use crate::parts::shape;
use crate::session::{Action, Ask, Handle};
use crate::text::Text;

/// The latest messages of a room, the newest last: the sign of the region that sent each,
/// who says it and what. Each can be asked where it came from.
pub(crate) fn messages(text: &Text, scenario: &Scenario, row: &Row, handle: &Handle) -> Html {
    let lines = row.messages.iter().map(|message| {
        let said = text.words().said(scenario, message.text).to_string();
        let author = message.author.map(|who| say::customer(scenario, who));
        let ask = Ask::Fact(message.fact);
        let onclick = {
            let handle = handle.clone();
            Callback::from(move |_: MouseEvent| handle.dispatch(Action::Ask(ask)))
        };
        let full = author.iter().map(String::as_str).chain([said.as_str()]);
        let full = full.collect::<Vec<_>>().join(": ");
        html! {
            <li key={message.fact.0}>
                { shape(message.origin) }
                <span class="muted">{ for author }</span>
                <button
                    type="button"
                    class="ask"
                    aria-label={text.with("ui.regions.why", &[("what", full)])}
                    {onclick}
                >
                    { said }
                </button>
            </li>
        }
    });
    html! { <ol class="room" aria-label={text.get("ui.rooms.messages")}>{ for lines }</ol> }
}
