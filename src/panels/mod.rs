//! The panels beside the stage, one a file. A new one is a file, a `mod` line, a
//! [`Panel`], and an entry in [`ALL`].

mod autopsy;
mod fidelity;
mod gauges;
mod holdings;
mod inside;
pub(crate) mod judged;
mod lag;
mod ledger;
mod log;
pub(crate) mod merge;
pub(crate) mod merge_card;
mod regions;
mod rooms;
pub(crate) mod say;
pub(crate) mod state;
mod verdicts;
mod whose;
mod why;

use splitbrain_checker::properties::ALL as PROPERTIES;
use splitbrain_checker::{Further, PropertyId};
use web_sys::HtmlElement;
use yew::prelude::*;

pub(crate) use gauges::Gauges;

use crate::chunk::{Which, use_chunk};
use crate::session::{Action, Panel, use_handle, use_session};
use crate::text::use_text;

/// A panel: which, and its id; its name stands under `ui.panel.ID`.
pub(crate) struct Entry {
    /// Which one.
    pub panel: Panel,
    /// Its id.
    pub id: &'static str,
    /// Its icon, for the palette.
    pub icon: &'static str,
}

/// Every panel, in the order of their tabs.
pub(crate) const ALL: &[Entry] = &[
    Entry {
        panel: Panel::Regions,
        id: "regions",
        icon: "panel",
    },
    Entry {
        panel: Panel::Ledger,
        id: "ledger",
        icon: "ledger",
    },
    Entry {
        panel: Panel::Verdicts,
        id: "verdicts",
        icon: "verdict",
    },
    Entry {
        panel: Panel::Lag,
        id: "lag",
        icon: "clock",
    },
    Entry {
        panel: Panel::Log,
        id: "log",
        icon: "log",
    },
    Entry {
        panel: Panel::Fidelity,
        id: "fidelity",
        icon: "info",
    },
];

/// What the page fetches when a panel other than the first is opened, or "why?" is
/// asked.
#[derive(Debug)]
pub struct Chunk {
    /// Shows a panel.
    pub show: fn(Panel) -> Html,
    /// Shows the answer to "why?".
    pub why: fn() -> Html,
    /// Shows one verdict, on what everybody or one customer was told.
    pub verdict: fn(PropertyId, Option<u16>) -> Html,
    /// What is judged beside the first three properties.
    pub further: fn() -> Further,
}

/// Its functions.
pub(crate) static CHUNK: Chunk = Chunk {
    show: |panel| match panel {
        Panel::Regions => html! {},
        Panel::Ledger => html! { <ledger::Ledger /> },
        Panel::Verdicts => html! { <verdicts::Verdicts /> },
        Panel::Lag => html! { <lag::Lag /> },
        Panel::Log => html! { <log::Log /> },
        Panel::Fidelity => html! { <fidelity::Fidelity /> },
    },
    why: || html! { <why::Why /> },
    verdict: |property, customer| html! { <verdicts::One {property} {customer} /> },
    further: Further::all,
};

/// The panels, behind tabs.
#[component]
pub(crate) fn Side() -> Html {
    let text = use_text();
    let handle = use_handle();
    let panel = use_session(|session| session.panel);
    let asks = use_session(|session| session.why.is_some());
    let chunks = use_chunk(Which::Panels, asks || panel != Panel::Regions);
    let broken = use_session(|session| {
        let judge = session.observer.judge();
        let counts = PROPERTIES.map(|info| judge.counts(info.property).violations);
        counts.iter().sum::<u32>()
    });
    let open = ALL
        .iter()
        .position(|entry| entry.panel == panel)
        .unwrap_or(0);
    let onkeydown = {
        let handle = handle.clone();
        Callback::from(move |event: KeyboardEvent| {
            let at = handle.read(|session| session.panel);
            let at = ALL.iter().position(|entry| entry.panel == at).unwrap_or(0);
            let to = match event.key().as_str() {
                "ArrowRight" => (at + 1) % ALL.len(),
                "ArrowLeft" => (at + ALL.len() - 1) % ALL.len(),
                "Home" => 0,
                "End" => ALL.len() - 1,
                _ => return,
            };
            event.prevent_default();
            handle.dispatch(Action::ShowPanel(ALL[to].panel));
            focus(&format!("tab-{}", ALL[to].id));
        })
    };
    let tab = |at: usize, entry: &Entry| {
        let handle = handle.clone();
        let panel = entry.panel;
        html! {
            <button
                key={entry.id}
                type="button"
                role="tab"
                id={format!("tab-{}", entry.id)}
                aria-selected={(at == open).to_string()}
                aria-controls="panel"
                tabindex={if at == open { "0" } else { "-1" }}
                onclick={Callback::from(move |_| handle.dispatch(Action::ShowPanel(panel)))}
            >
                { text.get(&format!("ui.panel.{}", entry.id)) }
                if entry.panel == Panel::Verdicts && broken > 0 {
                    <span class="count">{ broken }</span>
                }
            </button>
        }
    };
    let shown = &ALL[open];
    // What is newest stands first in a list: as time passed, what a finger has gone down on
    // would be another row before it is up again, and nothing would have been clicked.
    let hold = |is_held| {
        let handle = handle.clone();
        Callback::from(move |_: PointerEvent| handle.hold(is_held))
    };
    // Of a scrollbar and of a list that opens no browser says that they were let go.
    let let_go = {
        let handle = handle.clone();
        Callback::from(move |event: PointerEvent| {
            if event.buttons() == 0 {
                handle.hold(false);
            }
        })
    };
    html! {
        <section
            class="side"
            aria-label={text.get("ui.panels")}
            onpointerdown={hold(true)}
            onpointerup={hold(false)}
            onpointercancel={hold(false)}
            onpointermove={let_go}
            onpointerleave={hold(false)}
        >
            <div class="tabs" role="tablist" aria-label={text.get("ui.panels")} {onkeydown}>
                { for ALL.iter().enumerate().map(|(at, entry)| tab(at, entry)) }
            </div>
            { asks.then_some(chunks.panels).flatten().map(|chunk| (chunk.0.why)()) }
            <div
                class="panel"
                role="tabpanel"
                id="panel"
                tabindex="0"
                aria-labelledby={format!("tab-{}", shown.id)}
            >
                <div key={shown.id}>{ match (shown.panel, chunks.panels) {
                    (Panel::Regions, _) => html! { <regions::Regions /> },
                    (panel, Some(chunk)) => (chunk.0.show)(panel),
                    (_, None) => html! { <p role="status">{ text.node("ui.loading") }</p> },
                } }</div>
            </div>
        </section>
    }
}

/// Gives the focus to an element.
fn focus(id: &str) {
    let document = web_sys::window().and_then(|window| window.document());
    let element = document.and_then(|document| document.get_element_by_id(id));
    if let Some(element) =
        element.and_then(|it| wasm_bindgen::JsCast::dyn_into::<HtmlElement>(it).ok())
    {
        // A tab can always take the focus.
        let _ = element.focus();
    }
}
