//! The design drawer: per service its policies; changing one forks.

mod compare;
pub(crate) mod service;
pub(crate) mod tries;

use splitbrain_engine::replication;
use splitbrain_engine::scenario::{Scenario, ServiceKind};
use splitbrain_engine::sim::fact::FactId;
use splitbrain_engine::view::StateView;
use splitbrain_words::{Catalog, Scene};
use yew::prelude::*;

use crate::chunk;
use crate::panels::merge_card::MergeCard;
use crate::panels::state;
use crate::session::{Action, Dialog, PLAYGROUND, use_handle, use_session};
use crate::text::{Text, use_text};

/// What the page fetches before a design may name more than what it opens with.
#[derive(Debug)]
pub struct Chunk {
    /// Makes it known to the engine.
    pub install: fn(),
    /// How it, and whatever else opens later, looks.
    pub style: fn() -> &'static str,
    /// What is said of it, in English.
    pub words: fn() -> Catalog,
    /// Shows what a strategy has in one region beside values.
    pub state: fn(&Text, &Scenario, &[StateView]) -> Html,
    /// Shows the inside of what one region has, once it is asked for.
    pub inside: fn(&[StateView]) -> Html,
    /// What happened: a sentence about a fact, with its moment or without.
    pub said: fn(&Text, &Scene<'_>, FactId, bool) -> String,
    /// The merge at the cursor, of a service whose regions merge states.
    pub(crate) merge: fn(ServiceKind) -> Html,
    /// Leads to a comparison with another design.
    pub(crate) compare: fn() -> Html,
}

/// Its functions.
pub(crate) static CHUNK: Chunk = Chunk {
    install: || replication::install(&replication::LATER),
    style: chunk::style,
    words: Catalog::strategies,
    state: state::lines,
    inside: state::inside,
    said: |text, scene, fact, has_moment| {
        let words = text.words();
        let said = if has_moment {
            words.fact_at(scene, fact)
        } else {
            words.fact(scene, fact)
        };
        said.to_string()
    },
    merge: |kind| html! { <MergeCard key="merge" {kind} /> },
    compare: || html! { <compare::Compare /> },
};

/// Which world is open.
#[derive(Clone, PartialEq, Properties)]
struct WorldProps {
    /// Its id.
    id: String,
    /// How many regions it has.
    regions: usize,
}

/// What the world is, what to try first in it, and the way to others.
#[component]
fn World(props: &WorldProps) -> Html {
    let text = use_text();
    let handle = use_handle();
    let name = format!("world.{}", props.id);
    // The words of ready worlds come with what opens them.
    let is_ready = props.id != PLAYGROUND && text.words().has(&name);
    let others = Callback::from(move |_: MouseEvent| handle.dispatch(Action::Open(Dialog::Worlds)));
    let title = if is_ready {
        text.get(&name)
    } else {
        text.with("ui.design.title", &[("n", props.regions)])
    };
    let what = if is_ready {
        text.get(&format!("{name}.what"))
    } else {
        text.get("ui.design.world")
    };
    html! {
        <>
            <div class="rail-head">
                <h2 class="rail-title">{ title }</h2>
                <p class="muted">{ what }</p>
                <button type="button" class="btn" onclick={others}>{ text.get("ui.worlds") }</button>
            </div>
            if is_ready {
                <section class="tries">
                    <h2 class="card-title">{ text.get("ui.try.title") }</h2>
                    <p>{ text.get(&format!("{name}.try")) }</p>
                </section>
            } else {
                <tries::Tries />
            }
        </>
    }
}

/// The design drawer.
#[component]
pub(crate) fn Drawer() -> Html {
    let text = use_text();
    let design = use_session(|session| session.design.clone());
    let chunk = use_session(|session| session.chunks.designs);
    let seed = use_session(|session| session.player.run().seed);
    html! {
        <section class="rail" aria-label={text.get("ui.design")} tabindex="0">
            <World id={design.id.clone()} regions={design.regions.len()} />
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
