//! What the map says about the world at the cursor, as a value that is compared
//! ten times a second.

use splitbrain_engine::run::Command;
use splitbrain_engine::scenario::{Scenario, ServiceKind};
use splitbrain_engine::sim::fact::{FactId, FactKind, HostId, OpKind, Outcome};
use splitbrain_engine::sim::node::{Addr, Key, Value};
use splitbrain_engine::sim::world::World;
use splitbrain_engine::view::{RoleView, StateView};

use super::arcs::pairs;
use super::layout::is_crowd;
use crate::session::Session;

/// How far back the map looks for what a customer was told, in facts.
const LOOK_BACK: u32 = 6_000;

/// A link as it is now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct LinkState {
    /// From the smaller place to the larger nothing passes.
    pub(super) is_cut_on: bool,
    /// The other way nothing passes.
    pub(super) is_cut_back: bool,
    /// It loses, doubles, reorders or delays.
    pub(super) is_degraded: bool,
}

impl LinkState {
    /// The link between two regions, seen from the first.
    pub(super) fn of(world: &World, a: u8, b: u8) -> Self {
        let (on, back) = (world.network().link(a, b), world.network().link(b, a));
        Self {
            is_cut_on: on.is_cut,
            is_cut_back: back.is_cut,
            is_degraded: on.loss_ppm + on.duplicate_ppm + on.reorder_ppm + on.extra_us > 0,
        }
    }

    /// Whether nothing passes in at least one direction.
    pub(super) fn is_cut(self) -> bool {
        self.is_cut_on || self.is_cut_back
    }
}

/// What a customer knows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Told {
    /// Nothing lately.
    #[default]
    Nothing,
    /// Waits for an answer.
    Waiting,
    /// A write was saved.
    Saved,
    /// A payment went through.
    Paid,
    /// How much there is of everything.
    Whole(u32),
    /// This is what there is.
    Read(Key, Value),
    /// Refused.
    Refused,
    /// Nobody answered.
    Unknown,
}

/// The world on the map.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct MapWorld {
    /// Regions that are down, by place.
    pub(super) is_down: Vec<bool>,
    /// Which regions are paused.
    pub(super) is_paused: Vec<bool>,
    /// Links, in the order of pairs.
    pub(super) links: Vec<LinkState>,
    /// The key that is shown at every region.
    pub(super) key: Option<Key>,
    /// What each region holds under it.
    pub(super) values: Vec<Value>,
    /// What each region is in the group that keeps the key, if there is such a group.
    pub(super) roles: Vec<Option<RoleView>>,
    /// What customers were last told, by place; of a crowd, nothing.
    pub(super) told: Vec<Told>,
}

impl MapWorld {
    /// Reads it from the session.
    pub(super) fn of(session: &Session) -> Self {
        let world = session.player.world();
        let scenario = session.scenario();
        let places = scenario.regions.len() as u8;
        let is_down = (0..places).map(|place| !world.hosts()[place as usize].is_up);
        let links = pairs(places).map(|(a, b)| LinkState::of(world, a, b));
        let key = key_of_interest(session);
        let values = key.map_or_else(Vec::new, |key| {
            let held = |place: u8| {
                let at = Addr::new(HostId(u16::from(place)), key.service());
                let entries = world.view(at);
                let entry = entries.iter().find(|entry| entry.key == key);
                entry.map_or(unwritten(scenario, key), |entry| entry.value)
            };
            (0..places).map(held).collect()
        });
        let roles = key.map_or_else(Vec::new, |key| {
            let role = |place: u8| {
                let at = Addr::new(HostId(u16::from(place)), key.service());
                let state = world.state(at).into_iter();
                let mut roles = state.filter_map(|line| match line {
                    StateView::Role { role, .. } => Some(role),
                    _ => None,
                });
                roles.next()
            };
            (0..places).map(role).collect()
        });
        Self {
            roles,
            is_down: is_down.collect(),
            is_paused: (0..places).map(|place| world.is_paused(place)).collect(),
            links: links.collect(),
            key,
            values,
            told: told(session, scenario),
        }
    }

    /// What a region is in its group, if it is up and takes the writes.
    pub(super) fn first(&self, place: u8) -> Option<RoleView> {
        let role = self.roles.get(place as usize).copied().flatten()?;
        let is_first = matches!(role, RoleView::Writer | RoleView::Leader);
        let is_down = self.is_down.get(place as usize) == Some(&true);
        (is_first && !is_down).then_some(role)
    }

    /// Which links are cut, in the order of pairs.
    pub(super) fn cut(&self) -> Vec<bool> {
        self.links.iter().map(|link| link.is_cut()).collect()
    }
}

/// What the learner wrote last, or else the price that was written last: under one
/// key all regions can be compared at a glance.
fn key_of_interest(session: &Session) -> Option<Key> {
    let world = session.player.world();
    let done = &session.player.run().commands[..world.commands_done() as usize];
    let own = done.iter().rev().find_map(|timed| match timed.command {
        Command::Act { action, .. } if is_write(action.kind) => Some(action.key),
        _ => None,
    });
    let prices = session.scenario().service(ServiceKind::Prices);
    let accepted = |id| {
        let fact = session.player.trace().get(id)?;
        (fact.kind() == FactKind::WriteAccepted).then_some(Key(fact.b))
    };
    let is_shown = |key: &Key| prices.is_none_or(|service| key.service() == service);
    let recent = || recent(session).filter_map(accepted).find(is_shown);
    let first = || prices.map(|service| Key::new(service, 0));
    own.or_else(recent).or_else(first)
}

/// What a key shows that nobody has written.
fn unwritten(scenario: &Scenario, key: Key) -> Value {
    let service = scenario.services.get(key.service() as usize);
    service.map_or(Value(0), |service| scenario.initial(service.kind))
}

fn is_write(kind: OpKind) -> bool {
    !matches!(kind, OpKind::Read | OpKind::ReadAll | OpKind::Pay)
}

/// The facts before the cursor, the newest first, as far back as the map looks.
fn recent(session: &Session) -> impl Iterator<Item = FactId> {
    let end = session.player.end().0;
    (end.saturating_sub(LOOK_BACK)..end).rev().map(FactId)
}

fn told(session: &Session, scenario: &Scenario) -> Vec<Told> {
    let trace = session.player.trace();
    let regions = 0..scenario.regions.len() as u8;
    let crowds: Vec<bool> = regions.map(|region| is_crowd(scenario, region)).collect();
    let customers = scenario.customers.iter();
    // Nobody sees what one of a crowd is told, so it is not looked for either.
    let mut told: Vec<Option<Told>> = customers
        .map(|customer| crowds[usize::from(customer.near)].then_some(Told::Nothing))
        .collect();
    let mut missing = told.iter().filter(|told| told.is_none()).count();
    for id in recent(session) {
        let Some(fact) = trace.get(id).filter(|_| missing > 0) else {
            break;
        };
        let said = match fact.kind() {
            FactKind::OperationStarted => Told::Waiting,
            FactKind::OperationReturned => match fact.outcome() {
                Some(Outcome::Ok) => {
                    let op = trace.get(FactId(fact.a));
                    match op.and_then(|op| Some((op.op_kind()?, Key(op.a)))) {
                        Some((OpKind::Read, key)) => Told::Read(key, Value(fact.b)),
                        Some((OpKind::ReadAll, _)) => Told::Whole(fact.b),
                        Some((OpKind::Pay, _)) => Told::Paid,
                        _ => Told::Saved,
                    }
                }
                Some(Outcome::Failed) => Told::Refused,
                _ => Told::Unknown,
            },
            _ => continue,
        };
        let index = scenario.customer_at(fact.host);
        if let Some(slot) = index.and_then(|index| told.get_mut(index as usize))
            && slot.is_none()
        {
            *slot = Some(said);
            missing -= 1;
        }
    }
    told.into_iter().map(Option::unwrap_or_default).collect()
}
