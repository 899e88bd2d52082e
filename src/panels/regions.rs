//! What each region holds, side by side, with what it knows of versions and time.

use std::rc::Rc;

use splitbrain_engine::scenario::{Scenario, ServiceKind};
use splitbrain_engine::sim::time::Time;
use splitbrain_words::names::Form;
use yew::prelude::*;

use super::holdings::{Card, ODD_CLOCK_US, Row, card};
use super::{rooms, say};
use crate::parts::{hue, shape};
use crate::session::{Action, Ask, Handle, Selection, use_handle, use_session};
use crate::text::{Text, use_text};

/// What a version vector says. It comes with the strategies.
const VECTOR: &str = "ui.regions.vector";

/// The regions.
#[component]
pub(crate) fn Regions() -> Html {
    let text = use_text();
    let scenario = use_session(|session| session.design.clone());
    let designs = use_session(|session| session.chunks.designs);
    let service = use_state_eq(|| ServiceKind::Prices);
    let kind = if scenario.service(*service).is_some() {
        *service
    } else {
        scenario
            .services
            .first()
            .map_or(ServiceKind::Prices, |held| held.kind)
    };
    let choose = |kind: ServiceKind| {
        let service = service.clone();
        Callback::from(move |_: MouseEvent| service.set(kind))
    };
    html! {
        <>
            <div class="log-bar btn-row" role="group" aria-label={text.get("ui.regions.service")}>
                { for scenario.services.iter().map(|held| html! {
                    <button
                        key={held.kind.id()}
                        type="button"
                        class="btn btn-s"
                        aria-pressed={(held.kind == kind).to_string()}
                        onclick={choose(held.kind)}
                    >
                        { text.words().service(held.kind).to_string() }
                    </button>
                }) }
            </div>
            <div>
                { for (0..scenario.regions.len() as u8).map(|place| html! {
                    <RegionCard key={place} {place} {kind} scenario={scenario.clone()} />
                }) }
            </div>
            // It comes later, and moves nothing here.
            { for designs.map(|designs| (designs.0.merge)(kind)) }
        </>
    }
}

/// Which card.
#[derive(Clone, PartialEq, Properties)]
struct RegionCardProps {
    place: u8,
    kind: ServiceKind,
    scenario: Rc<Scenario>,
}

/// A region. A component of its own, since it changes in other frames than the others.
#[component]
fn RegionCard(props: &RegionCardProps) -> Html {
    let (kind, place, scenario) = (props.kind, props.place, &props.scenario);
    let text = use_text();
    let handle = use_handle();
    let (card, why) = use_session(move |session| (card(session, kind, place), session.why));
    // Who has a state beside values has come with its strategy.
    let designs = use_session(|session| session.chunks.designs);
    let card = card.as_ref();
    let state = card.zip(designs).filter(|(card, _)| !card.state.is_empty());
    let beside = state.map(|(card, designs)| Beside {
        state: (designs.0.state)(&text, scenario, &card.state),
        inside: (designs.0.inside)(&card.state),
    });
    html! { { for card.map(|card| card_view(&text, scenario, card, why, &handle, beside.clone())) } }
}

/// What stands beside the values of a region.
#[derive(Clone)]
struct Beside {
    /// Above them: what its strategy has.
    state: Html,
    /// Below them: what they are made of.
    inside: Html,
}

fn card_view(
    text: &Text,
    scenario: &Scenario,
    card: &Card,
    why: Option<Ask>,
    handle: &Handle,
    beside: Option<Beside>,
) -> Html {
    let region = scenario.regions[card.place as usize];
    let select = {
        let (handle, place) = (handle.clone(), card.place);
        Callback::from(move |_: MouseEvent| {
            handle.dispatch(Action::Select(Selection::Region(place)));
        })
    };
    let (state, inside) = beside.map(|it| (it.state, it.inside)).unzip();
    html! {
        <article class={classes!("region-card", hue(card.place), card.is_selected.then_some("is-on"))}>
            <header>
                { shape(card.place) }
                <h2><button type="button" class="name" onclick={select} aria-pressed={card.is_selected.to_string()}>{ region.get().id }</button></h2>
                <span class="city">{ text.words().city(region).to_string() }</span>
                <span class="pills">{ pills(text, scenario, card) }</span>
            </header>
            <dl class="kv">
                <dt>{ text.get("ui.regions.clock") }</dt>
                <dd>{ clock(text, card) }</dd>
            </dl>
            <div>{ for state }</div>
            <dl class="kv kv-3">
                { for card.rows.iter().map(|row| html! {
                    <div key={row_key(row.ask)} class="kv-row">{ row_view(text, scenario, row, why, handle) }</div>
                }) }
            </dl>
            <div>{ for card.rows.iter().filter(|row| !row.messages.is_empty()).map(|row| html! {
                <div key={row_key(row.ask)}>{ rooms::messages(text, scenario, row, handle) }</div>
            }) }</div>
            <div>
                if card.rows.is_empty() {
                    <p class="muted none">{ text.get("ui.panel.empty") }</p>
                } else if card.more > 0 {
                    <p class="muted none">{ text.with("ui.regions.older", &[("n", card.more)]) }</p>
                }
            </div>
            <div>{ for inside }</div>
        </article>
    }
}

/// The wall clock and how far it is off.
fn clock(text: &Text, card: &Card) -> Html {
    let sign = if card.wall_ms < 0 { "\u{2212}" } else { "" };
    let shown = splitbrain_words::clock(Time(card.wall_ms.unsigned_abs() * 1_000));
    let off_us = card.offset_us.unsigned_abs() / 100 * 100;
    let off = text.words().span(off_us).to_string();
    let off_sign = match card.offset_us {
        _ if off_us == 0 => "",
        ..0 => "\u{2212}",
        _ => "+",
    };
    html! { <><span class="muted">{ format!("{off_sign}{off} ") }</span>{ format!("{sign}{shown}") }</> }
}

fn pills(text: &Text, scenario: &Scenario, card: &Card) -> Html {
    let mut pills: Vec<(&'static str, AttrValue)> = Vec::new();
    if !card.is_up {
        pills.push(("bad", text.get("ui.region.down")));
    }
    if card.is_paused {
        pills.push(("bad", text.get("ui.region.paused")));
    }
    if card.slowed_us > 0 {
        let span = text.words().span(u64::from(card.slowed_us)).to_string();
        pills.push(("warn", text.with("ui.region.slowed", &[("span", span)])));
    }
    let others = scenario.regions.len() - 1;
    if others > 0 && card.cut_from.len() == others {
        pills.push(("bad", text.get("ui.region.cut_off")));
    } else if let [only] = card.cut_from[..] {
        let from = say::region(scenario, only);
        pills.push(("bad", text.with("ui.region.cut_from", &[("regions", from)])));
    } else if !card.cut_from.is_empty() {
        let n = card.cut_from.len();
        pills.push(("bad", text.with("ui.region.cut_from_some", &[("n", n)])));
    }
    if card.offset_us.abs() >= ODD_CLOCK_US {
        let span = text.words().span(card.offset_us.unsigned_abs()).to_string();
        let id = if card.offset_us < 0 {
            "ui.region.clock_behind"
        } else {
            "ui.region.clock_ahead"
        };
        pills.push(("warn", text.with(id, &[("span", span)])));
    }
    if card.will_drop_reply {
        pills.push(("warn", text.get("ui.region.drops_reply")));
    }
    if pills.is_empty() {
        pills.push(("", text.get("ui.region.serving")));
    }
    pills
        .into_iter()
        .map(|(meaning, said)| html! { <span key={said.to_string()} class={classes!("pill", meaning)}>{ said }</span> })
        .collect()
}

fn row_view(
    text: &Text,
    scenario: &Scenario,
    row: &Row,
    why: Option<Ask>,
    handle: &Handle,
) -> Html {
    let service = scenario
        .services
        .get(row.key.service() as usize)
        .map(|held| held.kind);
    let full = text.words().key(scenario, row.key, Form::Label).to_string();
    let label = match service {
        Some(ServiceKind::Prices | ServiceKind::Likes | ServiceKind::Stock) => {
            say::item(text, scenario, row.key.index())
        }
        Some(ServiceKind::Chat | ServiceKind::Jobs | ServiceKind::Documents) => {
            AttrValue::from(full.clone())
        }
        Some(_) => text
            .words()
            .account(scenario, row.key.index())
            .to_string()
            .into(),
        None => AttrValue::default(),
    };
    let value = text.words().value(scenario, row.key, row.value).to_string();
    let ask = {
        let (handle, ask) = (handle.clone(), row.ask);
        Callback::from(move |_: MouseEvent| handle.dispatch(Action::Ask(ask)))
    };
    let is_counted = row.vector.iter().any(|&count| count > 0);
    let vector_means = (is_counted && text.words().has(VECTOR)).then(|| text.get(VECTOR));
    html! {
        <>
            <dt>{ label }</dt>
            <dd class="version" title={vector_means}>
                if row.is_stored.is_some_and(|stored| !stored) {
                    { text.get("ui.regions.in_flight") }
                } else if is_counted {
                    { vector(&row.vector) }
                }
            </dd>
            <dd>
                if row.differs {
                    <span class="differs" title={text.get("ui.regions.differs")}>
                        <span aria-hidden="true">{ "\u{2260} " }</span>
                        <span class="visually-hidden">{ text.get("ui.regions.differs") }</span>
                    </span>
                }
                if row.is_written {
                    <button
                        type="button"
                        class={classes!("ask", row.is_fresh.then_some("changed"))}
                        aria-expanded={(why == Some(row.ask)).to_string()}
                        aria-label={text.with("ui.regions.why", &[("what", format!("{full}: {value}"))])}
                        onclick={ask}
                    >
                        { value }
                    </button>
                } else {
                    <span class="muted">{ value }</span>
                }
            </dd>
        </>
    }
}

/// A version vector as people write it.
pub(super) fn vector(counts: &[u32]) -> String {
    let counts: Vec<String> = counts.iter().map(ToString::to_string).collect();
    format!("\u{27e8}{}\u{27e9}", counts.join(" "))
}

/// What tells the rows of a region apart: every row has another question.
fn row_key(ask: Ask) -> u64 {
    match ask {
        Ask::Fact(fact) | Ask::Autopsy(fact) => u64::from(fact.0),
        Ask::Value { key, .. } => 1 << 32 | u64::from(key.0),
        Ask::Violation { index, .. } => 2 << 32 | u64::from(index),
    }
}
