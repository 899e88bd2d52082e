//! The merge at the cursor as a card: what the region held, what arrived, what it holds now.
//! What the merge brought and what it took away is marked with a sign and a word.

use std::rc::Rc;

use splitbrain_engine::scenario::{Scenario, ServiceKind};
use splitbrain_engine::sim::fact::FactId;
use splitbrain_words::names::Form;
use splitbrain_words::{Arg, Scene};
use web_sys::Element;
use yew::prelude::*;

use super::merge::{Compared, Merge, Side, found, merge, merges, neighbour};
use crate::parts::{hue, icon, shape};
use crate::session::{Action, Session, use_handle, use_session};
use crate::text::{Text, use_text};

/// How it looks: it comes with the chunk, which the first load is too small for.
pub(crate) const STYLE: &str = include_str!("../../static/style/merge.css");

/// Ids of the words of a card.
pub(crate) struct Names {
    /// Before the id of a part.
    pub(crate) part: &'static str,
    /// A part with nothing in it.
    pub(crate) none: &'static str,
    /// A row that is there no more.
    pub(crate) gone: &'static str,
    /// One that was not there before.
    pub(crate) new: &'static str,
}

const NAMES: Names = Names {
    part: "ui.state.part",
    none: "ui.state.part.none",
    gone: "ui.merge.gone",
    new: "ui.merge.new",
};

/// Of which service.
#[derive(Clone, PartialEq, Properties)]
pub(crate) struct Props {
    /// Its kind.
    pub(crate) kind: ServiceKind,
}

/// Where the cursor stands, if it does.
fn at_rest(session: &Session) -> Option<FactId> {
    (!session.playing && !session.seeking).then(|| session.player.end())
}

/// What the merge at the cursor depends on: another moment, branch or run is another one.
fn stands_at(session: &Session, kind: ServiceKind) -> Option<(FactId, u32, usize)> {
    at_rest(session)?;
    let fact = found(session, kind)?;
    let commands = session.player.run().commands.len();
    Some((fact, session.branch, commands))
}

/// The way from merge to merge, and the one at the cursor.
#[component]
pub(crate) fn MergeCard(props: &Props) -> Html {
    let kind = props.kind;
    let text = use_text();
    let handle = use_handle();
    let scenario = use_session(|session| session.design.clone());
    let stands = use_session(move |session| stands_at(session, kind));
    let rest = use_session(at_rest);
    // In which direction one was asked for though there is none.
    let over = use_state_eq(|| None::<bool>);
    use_effect_with(rest, {
        let over = over.setter();
        move |_| over.set(None)
    });
    let node = use_node_ref();
    let is_asked = use_mut_ref(|| false);
    let seen = use_memo((stands, kind), {
        let handle = handle.clone();
        let text = text.clone();
        move |&(stands, kind)| {
            stands?;
            handle.read(|session| {
                let merge = merge(session, &text, kind)?;
                let arrived = arrived(&text, session, &merge);
                Some((merge, arrived))
            })
        }
    });
    use_effect_with(stands, {
        let (node, is_asked) = (node.clone(), is_asked.clone());
        move |stands| {
            if stands.is_some()
                && is_asked.take()
                && let Some(card) = node.cast::<Element>()
            {
                bring_to_sight(&card);
            }
        }
    });
    if !merges(&scenario, kind) {
        return html! {};
    }
    let go = |is_next: bool| {
        let (handle, over, is_asked) = (handle.clone(), over.setter(), is_asked.clone());
        Callback::from(move |_: MouseEvent| {
            let to = handle.read(|session| neighbour(session, kind, is_next));
            over.set(to.is_none().then_some(is_next));
            is_asked.replace(to.is_some());
            if let Some(fact) = to {
                handle.dispatch(Action::GoToFact(fact));
            }
        })
    };
    let label = text.get("ui.merge");
    html! {
        <section class="merge" ref={node} aria-label={label.clone()}>
            <style>{ STYLE }</style>
            <header>
                <h2>{ label }</h2>
                <div class="btn-row">
                    <button type="button" class="btn btn-s" onclick={go(false)}>
                        { icon("step-back") }{ text.node("ui.merge.previous") }
                    </button>
                    <button type="button" class="btn btn-s" onclick={go(true)}>
                        { text.node("ui.merge.next") }{ icon("step-forward") }
                    </button>
                </div>
            </header>
            <div role="status">
                { match (*over, &*seen) {
                    (Some(true), _) => html! { <p class="muted">{ text.node("ui.merge.over.next") }</p> },
                    (Some(false), _) => html! { <p class="muted">{ text.node("ui.merge.over.previous") }</p> },
                    (None, None) => html! { <p class="muted">{ text.node("ui.merge.none") }</p> },
                    (None, Some(_)) => html! {},
                } }
                { for seen.as_ref().as_ref().map(|(merge, arrived)| card(&text, &scenario, merge, arrived)) }
            </div>
        </section>
    }
}

/// Scrolls the panel so far that a merge that was asked for is seen, from its heading on. Where
/// the card keeps to the panel's lower edge it is seen as it is.
fn bring_to_sight(card: &Element) -> Option<()> {
    let panel = card.closest(".panel").ok()??;
    let choice = card.parent_element()?.first_element_child()?;
    let at = card.get_bounding_client_rect();
    let around = panel.get_bounding_client_rect();
    let below = at.bottom() - around.bottom();
    let above = at.top() - around.top() - f64::from(choice.client_height());
    let by = below.min(above).max(0.0) as i32;
    panel.set_scroll_top(panel.scroll_top() + by);
    Some(())
}

/// What arrived, a sentence a write.
fn arrived(text: &Text, session: &Session, merge: &Merge) -> Vec<String> {
    let scene = Scene::of(&session.player, &session.design);
    let said = merge.arrived.iter();
    said.map(|&write| text.words().fact(&scene, write).to_string())
        .collect()
}

fn card(text: &Text, scenario: &Rc<Scenario>, merge: &Merge, arrived: &[String]) -> Html {
    let words = text.words();
    let args = [
        (
            "region",
            Arg::Plain(words.region(scenario, merge.region).to_string()),
        ),
        (
            "key",
            Arg::Plain(words.key(scenario, merge.key, Form::Label).to_string()),
        ),
        ("time", Arg::from(merge.at)),
    ];
    let value = |place: usize| {
        words
            .value(scenario, merge.key, merge.values[place])
            .to_string()
    };
    let side = |id: &'static str, place: usize, shown: Side| {
        let parts = merge
            .parts
            .iter()
            .map(|part| line(text, &NAMES, part, shown));
        html! {
            <li class={classes!("merge-side", (shown == Side::Since).then_some("is-now"))}>
                <h3>{ text.get(id) }</h3>
                <p class="merge-value">{ value(place) }</p>
                <dl>{ for parts }</dl>
            </li>
        }
    };
    let arrived = arrived
        .iter()
        .map(|said| html! { <li>{ said.clone() }</li> });
    html! {
        // Another merge is another one of these, so that it comes in anew.
        <div key={merge.event} class={hue(merge.region)}>
            <p>{ shape(merge.region) }{ " " }{ text.with("ui.merge.at", &args) }</p>
            <ol class="merge-sides">
                { side("ui.merge.before", 0, Side::Before) }
                <li class="merge-arrived">
                    <h3>{ text.node("ui.merge.arrived") }</h3>
                    <ul>{ for arrived }</ul>
                </li>
                { side("ui.merge.since", 1, Side::Since) }
            </ol>
            if merge.is_idle() {
                <p class="muted">{ text.node("ui.merge.idle") }</p>
            }
            if merge.has_vectors() {
                <p class="muted merge-legend">{ text.node("ui.state.inside.what") }</p>
            }
        </div>
    }
}

/// A part as it was or is, by its name among these: what stands on this side only is marked.
pub(crate) fn line(text: &Text, names: &Names, part: &Compared, shown: Side) -> Html {
    let rows = part
        .rows
        .iter()
        .filter(|(_, side)| *side == Side::Both || *side == shown);
    let rows = rows.enumerate().map(|(at, (data, side))| {
        let (sign, id) = match side {
            Side::Both => return html! { <span key={at}>{ data }</span> },
            Side::Before => ("\u{2212}", names.gone),
            Side::Since => ("+", names.new),
        };
        let said = html! { <span class="visually-hidden">{ text.get(id) }{ " " }</span> };
        let sign = html! { <span aria-hidden="true">{ sign }</span> };
        if *side == Side::Before {
            html! { <del key={at}>{ sign }{ said }{ data }</del> }
        } else {
            html! { <ins key={at}>{ sign }{ said }{ data }</ins> }
        }
    });
    let rows: Vec<Html> = rows.collect();
    let is_empty = rows.is_empty();
    html! {
        <div key={part.id}>
            <dt>{ text.get(&format!("{}.{}", names.part, part.id)) }</dt>
            <dd>
                if is_empty {
                    <span class="muted">{ text.get(names.none) }</span>
                }
                { for rows }
            </dd>
        </div>
    }
}
