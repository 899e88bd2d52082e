//! The design drawer: per service its policies; changing one forks.

mod compare;
pub(crate) mod service;
pub(crate) mod tries;

use splitbrain_engine::replication;
use splitbrain_engine::scenario::Scenario;
use splitbrain_engine::view::StateView;
use splitbrain_words::Catalog;
use yew::prelude::*;

use crate::panels::state;
use crate::session::use_session;
use crate::text::{Text, use_text};

/// What the page fetches before a design may name more than what it opens with.
#[derive(Debug)]
pub struct Chunk {
    /// Makes it known to the engine.
    pub install: fn(),
    /// What is said of it, in English.
    pub words: fn() -> Catalog,
    /// Shows what a strategy has in one region beside values.
    pub state: fn(&Text, &Scenario, &[StateView]) -> Html,
    /// Leads to a comparison with another design.
    pub(crate) compare: fn() -> Html,
}

/// Its functions.
pub(crate) static CHUNK: Chunk = Chunk {
    install: || replication::install(&replication::LATER),
    words: Catalog::strategies,
    state: state::lines,
    compare: || html! { <compare::Compare /> },
};

/// The design drawer.
#[component]
pub(crate) fn Drawer() -> Html {
    let text = use_text();
    let design = use_session(|session| session.design.clone());
    let chunk = use_session(|session| session.chunks.designs);
    let seed = use_session(|session| session.player.run().seed);
    html! {
        <section class="rail" aria-label={text.get("ui.design")} tabindex="0">
            <div class="rail-head">
                <h2 class="rail-title">{ text.with("ui.design.title", &[("n", design.regions.len())]) }</h2>
                <p class="muted">{ text.get("ui.design.world") }</p>
            </div>
            <tries::Tries />
            <div class="services">
                { for design.services.iter().map(|held| html! {
                    <div key={held.kind.id()}>
                        <service::ServiceDesign kind={held.kind} />
                    </div>
                }) }
            </div>
            <div>
                <p class="muted">{ text.get("ui.design.lede") }</p>
                { chunk.map(|chunk| (chunk.0.compare)()) }
            </div>
            <tries::Seed seed={seed} />
        </section>
    }
}
