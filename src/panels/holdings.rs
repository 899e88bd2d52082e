//! What the regions hold, read from the world at the cursor.

use splitbrain_engine::scenario::{Scenario, ServiceKind};
use splitbrain_engine::sim::fact::{FactId, FactKind, HostId};
use splitbrain_engine::sim::node::{Addr, Key, Value};
use splitbrain_engine::sim::time::Time;
use splitbrain_engine::view::{EntryView, StateView};
use splitbrain_sorted::Map;

use super::say;
use crate::session::{Ask, SPEEDS, Selection, Session};
use crate::stage::tools::has_homes;

/// A value that changed this lately stands out, in microseconds of real time.
const FRESH_US: u64 = 700_000;
/// Payments shown of each region: the latest.
const PAYMENTS: u8 = 6;
/// Messages shown of each room: the latest.
const MESSAGES: usize = 6;
/// A wall clock is worth a warning from this far off, in microseconds.
pub(crate) const ODD_CLOCK_US: i64 = 100_000;

/// What a card shows.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Card {
    /// The region.
    pub place: u8,
    /// Whether it serves.
    pub is_up: bool,
    /// Whether it is paused.
    pub is_paused: bool,
    /// How much longer each step takes it, in microseconds.
    pub slowed_us: u32,
    /// Whether it is picked out.
    pub is_selected: bool,
    /// Whether its next reply will be lost.
    pub will_drop_reply: bool,
    /// Regions that it cannot send to.
    pub cut_from: Vec<u8>,
    /// How far its wall clock is ahead, in microseconds.
    pub offset_us: i64,
    /// What its wall clock shows, in milliseconds.
    pub wall_ms: i64,
    /// Its values.
    pub rows: Vec<Row>,
    /// Payments that are not shown.
    pub more: u32,
    /// What else its strategy shows of itself.
    pub state: Vec<StateView>,
}

/// A value in a card.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Row {
    /// The key.
    pub key: Key,
    /// What it shows.
    pub value: Value,
    /// How many updates of each region it reflects; empty for a payment, zeros where they
    /// are not counted.
    pub vector: Vec<u32>,
    /// Whether it was ever written, as far as this region knows.
    pub is_written: bool,
    /// For a payment: whether its result is stored.
    pub is_stored: Option<bool>,
    /// What is asked "why?" of.
    pub ask: Ask,
    /// Whether it changed just now.
    pub is_fresh: bool,
    /// Not every region shows the same.
    pub differs: bool,
    /// Of a room: its latest messages, the oldest first.
    pub messages: Vec<Message>,
}

/// A message of a room.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Message {
    /// The fact that posted it.
    pub fact: FactId,
    /// Who posted it, if that is still known.
    pub author: Option<u16>,
    /// The region that sent it.
    pub origin: u8,
    /// What it says.
    pub text: Value,
}

/// The card of a region, if there is that region.
pub(crate) fn card(session: &Session, kind: ServiceKind, place: u8) -> Option<Card> {
    let scenario = &session.design;
    let world = session.player.world();
    let regions = scenario.regions.len() as u8;
    let host = world.hosts()[..usize::from(regions)].get(usize::from(place))?;
    let now = session.time();
    let mut card = Card {
        place,
        is_up: host.is_up,
        is_paused: world.is_paused(place),
        slowed_us: world.slowed_us(place),
        is_selected: session.selection == Selection::Region(place),
        will_drop_reply: world.will_drop_reply(place),
        cut_from: (0..regions)
            .filter(|&other| other != place && world.network().link(place, other).is_cut)
            .collect(),
        offset_us: host.clock.offset_us(now),
        wall_ms: host.clock.wall_us(now).div_euclid(1_000),
        rows: Vec::new(),
        more: 0,
        state: Vec::new(),
    };
    let Some(service) = scenario.service(kind) else {
        return Some(card);
    };
    card.state = world.state(Addr::new(HostId(u16::from(place)), service));
    let held = |place: u8| world.view(Addr::new(HostId(u16::from(place)), service));
    if kind == ServiceKind::Payments {
        payments(&mut card, &held(place));
    } else {
        let entries: Vec<Vec<EntryView>> = (0..regions).map(held).collect();
        let fresh = fresh(session, place);
        // Where a key has a home nobody else holds it, and nobody disagrees.
        let at_home = scenario
            .services
            .get(usize::from(service))
            .is_some_and(has_homes);
        let holders = if at_home {
            std::slice::from_ref(&entries[usize::from(place)])
        } else {
            &entries[..]
        };
        let rows = keys(holders, kind).into_iter();
        card.rows = rows
            .map(|key| {
                let mut row = row(scenario, place, key, &entries, &fresh);
                row.differs &= !at_home;
                row
            })
            .collect();
        if kind == ServiceKind::Chat {
            for row in &mut card.rows {
                let held = entries[usize::from(place)].iter();
                let mut held = held.filter(|entry| entry.key == row.key);
                row.messages = held
                    .next()
                    .map_or_else(Vec::new, |it| messages(session, it));
            }
        }
    }
    Some(card)
}

/// The latest messages of a room, the oldest first.
fn messages(session: &Session, room: &EntryView) -> Vec<Message> {
    let trace = session.player.trace();
    let first = room.versions.len().saturating_sub(MESSAGES);
    let latest = room.versions[first..].iter();
    let latest = latest.map(|version| Message {
        fact: version.write,
        author: trace
            .get(version.write)
            .and_then(|posted| session.design.customer_at(posted.peer)),
        origin: version.origin,
        text: version.value,
    });
    latest.collect()
}

/// What is written in some region; of a job what was run.
fn keys(entries: &[Vec<EntryView>], kind: ServiceKind) -> Vec<Key> {
    let is_written = |entry: &&EntryView| {
        if kind == ServiceKind::Jobs {
            return entry.value.0 > 0;
        }
        let updates = (0..entries.len() as u8).any(|origin| entry.vector.get(origin) > 0);
        updates || !entry.versions.is_empty()
    };
    let written = entries.iter().flatten().filter(is_written);
    let mut keys = Map::new();
    for entry in written {
        keys.insert(entry.key, ());
    }
    keys.into_keys().collect()
}

fn row(
    scenario: &Scenario,
    place: u8,
    key: Key,
    entries: &[Vec<EntryView>],
    fresh: &Map<Key, ()>,
) -> Row {
    let of = |held: &[EntryView]| held.iter().find(|entry| entry.key == key).cloned();
    let initial = say::initial(scenario, key);
    let shown = of(&entries[place as usize]);
    let value = shown.as_ref().map_or(initial, |entry| entry.value);
    let others = entries
        .iter()
        .map(|held| of(held).map_or(initial, |entry| entry.value));
    let regions = entries.len() as u8;
    let count = |origin| shown.as_ref().map_or(0, |entry| entry.vector.get(origin));
    let vector: Vec<u32> = (0..regions).map(count).collect();
    let has_versions = shown
        .as_ref()
        .is_some_and(|entry| !entry.versions.is_empty());
    let service = scenario.services.get(usize::from(key.service()));
    let is_job = service.is_some_and(|service| service.kind == ServiceKind::Jobs);
    Row {
        key,
        value,
        is_written: has_versions || vector.iter().any(|&count| count > 0),
        vector,
        is_stored: None,
        ask: Ask::Value { region: place, key },
        is_fresh: fresh.contains_key(&key),
        // A region that does not run the job does not follow it either.
        differs: !is_job && others.into_iter().any(|other| other != value),
        messages: Vec::new(),
    }
}

fn payments(card: &mut Card, held: &[EntryView]) {
    let mut by_age = Map::new();
    for entry in held {
        if let Some(payment) = entry.payment {
            by_age.insert((payment.op, entry.key), (entry, payment));
        }
    }
    card.more = (by_age.len() as u32).saturating_sub(u32::from(PAYMENTS));
    let latest = by_age.values().rev().take(PAYMENTS as usize);
    card.rows = latest
        .map(|(entry, payment)| Row {
            key: entry.key,
            value: entry.value,
            vector: Vec::new(),
            is_written: true,
            is_stored: Some(payment.result.is_some()),
            ask: Ask::Fact(payment.op),
            is_fresh: false,
            differs: false,
            messages: Vec::new(),
        })
        .collect();
}

/// What changed just now in a region, at the speed at which somebody watches.
fn fresh(session: &Session, place: u8) -> Map<Key, ()> {
    let speed = u64::from(SPEEDS[session.speed as usize]);
    let since = Time(session.time().0.saturating_sub(FRESH_US * speed / 1_000));
    let trace = session.player.trace();
    let mut fresh = Map::new();
    for (_, fact) in trace.range(trace.first_at(since), session.player.end()) {
        if fact.kind() == FactKind::ValueShown && fact.host.0 == u16::from(place) {
            fresh.insert(Key(fact.a), ());
        }
    }
    fresh
}
