//! What each region holds, side by side, with what it knows of versions and time.

use std::collections::BTreeSet;

use splitbrain_engine::scenario::{Scenario, ServiceKind};
use splitbrain_engine::sim::fact::{FactKind, HostId};
use splitbrain_engine::sim::node::{Addr, Key, Value};
use splitbrain_engine::sim::time::Time;
use splitbrain_engine::view::EntryView;
use splitbrain_words::names::Form;
use yew::prelude::*;

use crate::parts::{hue, shape};
use crate::session::{Action, Ask, SPEEDS, Selection, Session, use_handle, use_session};
use crate::text::{Text, use_text};

use super::say;

/// A value that changed this lately stands out, in microseconds of real time.
const FRESH_US: u64 = 700_000;
/// Payments shown of each region: the latest.
const PAYMENTS: u8 = 6;
/// A wall clock is worth a warning from this far off, in microseconds.
const ODD_CLOCK_US: i64 = 100_000;

/// What a card shows.
#[derive(Clone, Debug, PartialEq)]
struct Card {
    place: u8,
    is_up: bool,
    is_selected: bool,
    will_drop_reply: bool,
    /// Regions that it cannot send to.
    cut_from: Vec<u8>,
    offset_us: i64,
    wall_ms: i64,
    rows: Vec<Row>,
    /// Payments that are not shown.
    more: u32,
}

impl Card {
    /// Whether there is nothing to say of it, so that there is room for its city.
    fn is_well(&self) -> bool {
        self.is_up
            && self.cut_from.is_empty()
            && !self.will_drop_reply
            && self.offset_us.abs() < ODD_CLOCK_US
    }
}

/// A value in a card.
#[derive(Clone, Debug, PartialEq)]
struct Row {
    key: Key,
    value: Value,
    /// How many updates of each region it reflects; empty for a payment.
    vector: Vec<u32>,
    /// For a payment: whether its result is stored.
    is_stored: Option<bool>,
    /// What is asked "why?" of.
    ask: Ask,
    is_fresh: bool,
    /// Not every region shows the same.
    differs: bool,
}

/// The regions.
#[component]
pub(crate) fn Regions() -> Html {
    let text = use_text();
    let handle = use_handle();
    let scenario = use_session(|session| session.design.clone());
    let service = use_state_eq(|| ServiceKind::Prices);
    let kind = if scenario.service(*service).is_some() {
        *service
    } else {
        scenario
            .services
            .first()
            .map_or(ServiceKind::Prices, |held| held.kind)
    };
    let cards = use_session(move |session| cards(session, kind));
    let why = use_session(|session| session.why);
    let choose = |kind: ServiceKind| {
        let service = service.clone();
        Callback::from(move |_: MouseEvent| service.set(kind))
    };
    html! {
        <>
            <div class="log-bar" role="group" aria-label={text.get("ui.regions.service")}>
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
                { for cards.iter().map(|card| html! {
                    <div key={card.place}>{ card_view(&text, &scenario, card, why, &handle) }</div>
                }) }
            </div>
        </>
    }
}

fn cards(session: &Session, kind: ServiceKind) -> Vec<Card> {
    let scenario = &session.design;
    let world = session.player.world();
    let regions = scenario.regions.len() as u8;
    let now = session.time();
    let entries: Vec<Vec<EntryView>> = (0..regions)
        .map(|place| {
            let service = scenario.service(kind)?;
            Some(world.view(Addr::new(HostId(u16::from(place)), service)))
        })
        .map(Option::unwrap_or_default)
        .collect();
    let keys = keys(&entries);
    let fresh = fresh(session);
    (0..regions)
        .map(|place| {
            let host = &world.hosts()[place as usize];
            let mut card = Card {
                place,
                is_up: host.is_up,
                is_selected: session.selection == Selection::Region(place),
                will_drop_reply: world.will_drop_reply(place),
                cut_from: (0..regions)
                    .filter(|&other| other != place && world.network().link(place, other).is_cut)
                    .collect(),
                offset_us: host.clock.offset_us(now),
                wall_ms: host.clock.wall_us(now).div_euclid(1_000),
                rows: Vec::new(),
                more: 0,
            };
            let held = &entries[place as usize];
            if kind == ServiceKind::Payments {
                payments(&mut card, held);
            } else {
                card.rows = keys
                    .iter()
                    .map(|&key| row(scenario, place, key, &entries, &fresh))
                    .collect();
            }
            card
        })
        .collect()
}

/// What is written in some region.
fn keys(entries: &[Vec<EntryView>]) -> Vec<Key> {
    let written = entries
        .iter()
        .flatten()
        .filter(|entry| (0..entries.len() as u8).any(|origin| entry.vector.get(origin) > 0));
    let keys: BTreeSet<Key> = written.map(|entry| entry.key).collect();
    keys.into_iter().collect()
}

fn row(
    scenario: &Scenario,
    place: u8,
    key: Key,
    entries: &[Vec<EntryView>],
    fresh: &BTreeSet<(u8, Key)>,
) -> Row {
    let of = |held: &[EntryView]| {
        let entry = held.iter().find(|entry| entry.key == key).cloned();
        entry.map(|entry| (entry.value, entry.vector))
    };
    let initial = say::initial(scenario, key);
    let shown = of(&entries[place as usize]);
    let value = shown.as_ref().map_or(initial, |(value, _)| *value);
    let others = entries
        .iter()
        .map(|held| of(held).map_or(initial, |(value, _)| value));
    let regions = entries.len() as u8;
    Row {
        key,
        value,
        vector: (0..regions)
            .map(|origin| shown.as_ref().map_or(0, |(_, vector)| vector.get(origin)))
            .collect(),
        is_stored: None,
        ask: Ask::Value { region: place, key },
        is_fresh: fresh.contains(&(place, key)),
        differs: others.into_iter().any(|other| other != value),
    }
}

fn payments(card: &mut Card, held: &[EntryView]) {
    let mut latest: Vec<_> = held
        .iter()
        .filter_map(|entry| Some((entry, entry.payment?)))
        .collect();
    latest.sort_by_key(|(_, payment)| std::cmp::Reverse(payment.op));
    card.more = (latest.len() as u32).saturating_sub(u32::from(PAYMENTS));
    let shown = latest.into_iter().take(PAYMENTS as usize);
    card.rows = shown
        .map(|(entry, payment)| Row {
            key: entry.key,
            value: entry.value,
            vector: Vec::new(),
            is_stored: Some(payment.result.is_some()),
            ask: Ask::Fact(payment.op),
            is_fresh: false,
            differs: false,
        })
        .collect();
}

/// What changed just now, at the speed at which somebody watches.
fn fresh(session: &Session) -> BTreeSet<(u8, Key)> {
    let speed = u64::from(SPEEDS[session.speed as usize]);
    let since = Time(session.time().0.saturating_sub(FRESH_US * speed / 1_000));
    let trace = session.player.trace();
    trace
        .range(trace.first_at(since), session.player.end())
        .filter(|(_, fact)| fact.kind() == FactKind::ValueShown)
        .map(|(_, fact)| (fact.host.0 as u8, Key(fact.a)))
        .collect()
}

fn card_view(
    text: &Text,
    scenario: &Scenario,
    card: &Card,
    why: Option<Ask>,
    handle: &crate::session::Handle,
) -> Html {
    let region = scenario.regions[card.place as usize];
    let select = {
        let (handle, place) = (handle.clone(), card.place);
        Callback::from(move |_: MouseEvent| {
            handle.dispatch(Action::Select(Selection::Region(place)));
        })
    };
    html! {
        <article class={classes!("region-card", hue(card.place), card.is_selected.then_some("is-on"))}>
            <header>
                { shape(card.place) }
                <h2><button type="button" class="name" onclick={select} aria-pressed={card.is_selected.to_string()}>{ region.get().id }</button></h2>
                <span class="city" hidden={!card.is_well()}>{ text.words().city(region).to_string() }</span>
                <span class="pills">{ pills(text, scenario, card) }</span>
            </header>
            <dl class="kv">
                <dt>{ text.get("ui.regions.clock") }</dt>
                <dd>{ clock(text, card) }</dd>
            </dl>
            <dl class="kv kv-3">
                { for card.rows.iter().map(|row| html! {
                    <div key={format!("{:?}", row.ask)} class="kv-row">{ row_view(text, scenario, row, why, handle) }</div>
                }) }
            </dl>
            <div>
                if card.rows.is_empty() {
                    <p class="muted none">{ text.get("ui.panel.empty") }</p>
                } else if card.more > 0 {
                    <p class="muted none">{ text.with("ui.regions.older", &[("n", card.more)]) }</p>
                }
            </div>
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
    handle: &crate::session::Handle,
) -> Html {
    let service = scenario
        .services
        .get(row.key.service() as usize)
        .map(|held| held.kind);
    let label = match service {
        Some(ServiceKind::Prices) => say::item(text, scenario, row.key.index()),
        Some(_) => text
            .words()
            .account(scenario, row.key.index())
            .to_string()
            .into(),
        None => AttrValue::default(),
    };
    let value = text.words().value(scenario, row.key, row.value).to_string();
    let full = text.words().key(scenario, row.key, Form::Label).to_string();
    let ask = {
        let (handle, ask) = (handle.clone(), row.ask);
        Callback::from(move |_: MouseEvent| handle.dispatch(Action::Ask(ask)))
    };
    let is_written = row.is_stored.is_some() || row.vector.iter().any(|&count| count > 0);
    html! {
        <>
            <dt>{ label }</dt>
            <dd class="version">
                if row.is_stored.is_some_and(|stored| !stored) {
                    { text.get("ui.regions.in_flight") }
                } else if !row.vector.is_empty() && is_written {
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
                if is_written {
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
fn vector(counts: &[u32]) -> String {
    let counts: Vec<String> = counts.iter().map(ToString::to_string).collect();
    format!("\u{27e8}{}\u{27e9}", counts.join(" "))
}
