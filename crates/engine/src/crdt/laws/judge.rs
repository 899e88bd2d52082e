//! The laws: what has to be equal to what, at every moment of a history.

use std::collections::BTreeMap;

use super::erased::{Replica, joined};
use super::history::{History, REPLICAS};
use super::specification::{Expected, apart};
use super::world::{Happened, World};
use super::{Lab, Law};
use crate::crdt::replicated::{Content, Part};

/// What two replicas are compared by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    /// What a read returns: a difference that customers meet.
    Value,
    /// All of the state: a difference that may show later.
    State,
}

/// A replica as it can be drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// What it is made of; empty for what a specification asks for.
    pub state: Vec<Part>,
    /// What a read returns.
    pub value: Content,
}

impl View {
    /// Of a replica.
    pub fn of(replica: &dyn Replica) -> Self {
        Self {
            state: replica.state(),
            value: replica.value(),
        }
    }
}

/// A law that did not hold, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Which law.
    pub law: Law,
    /// Whether what a read returns differs, or only the state.
    pub sight: Sight,
    /// After how many steps.
    pub after: u32,
    /// The replicas it was tried on, in the order in which the law names them.
    pub replicas: Vec<u8>,
    /// What there is: the left side of the law.
    pub found: View,
    /// What there should be: the right side. Of several that a specification allows, one.
    pub expected: View,
    /// For [`Law::Operations`]: the two orders of delivery, as places among the updates.
    pub orders: Option<[Vec<u8>; 2]>,
}

/// What became of laws that were tried on a history.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Judged {
    /// Of each law that does not hold, where it first does not.
    pub violations: Vec<Violation>,
    tried: [u32; Law::ALL.len()],
}

impl Judged {
    /// How often a law was tried: on one state, or on as many as it names.
    pub fn tried(&self, law: Law) -> u32 {
        self.tried[law as usize]
    }
}

/// Tries the wanted laws on a history, each until it does not hold.
pub fn judge(lab: &dyn Lab, history: &History, wanted: &[Law], sight: Sight) -> Judged {
    let mut judge = Judge {
        lab,
        wanted: wanted.to_vec(),
        sight,
        after: 0,
        judged: Judged::default(),
        shown: BTreeMap::new(),
    };
    let mut world = World::new(lab);
    for &step in &history.steps {
        judge.after += 1;
        let happened = world.step(step);
        judge.moment(&world, &happened);
        if judge.wanted.is_empty() {
            break;
        }
    }
    judge.end(&world);
    judge.judged
}

struct Judge<'a> {
    lab: &'a dyn Lab,
    /// Those that have held so far.
    wanted: Vec<Law>,
    sight: Sight,
    after: u32,
    judged: Judged,
    /// What was shown by whoever had seen these updates.
    shown: BTreeMap<u64, (u8, Content)>,
}

impl Judge<'_> {
    fn wants(&self, law: Law) -> bool {
        self.wanted.contains(&law)
    }

    fn tries(&mut self, law: Law) {
        self.judged.tried[law as usize] += 1;
    }

    fn broken(&mut self, law: Law, replicas: &[u8], found: View, expected: View) {
        self.wanted.retain(|&it| it != law);
        self.judged.violations.push(Violation {
            law,
            sight: self.sight,
            after: self.after,
            replicas: replicas.to_vec(),
            found,
            expected,
            orders: None,
        });
    }

    /// Asks for two states to be equal.
    fn equal(&mut self, law: Law, replicas: &[u8], left: &dyn Replica, right: &dyn Replica) {
        if !self.wants(law) {
            return;
        }
        self.tries(law);
        let differ = match self.sight {
            Sight::Value => left.value() != right.value(),
            Sight::State => !left.is_same(right),
        };
        if differ {
            self.broken(law, replicas, View::of(left), View::of(right));
        }
    }

    fn moment(&mut self, world: &World, happened: &Happened) {
        if let Happened::Refused = happened {
            return;
        }
        if let Happened::Updated { replica, before } = happened {
            let after = world.replicas[usize::from(*replica)].as_ref();
            let names = &[*replica];
            if self.wants(Law::UpdatesGoUp) {
                self.equal(
                    Law::UpdatesGoUp,
                    names,
                    joined(before.as_ref(), after).as_ref(),
                    after,
                );
                self.equal(
                    Law::UpdatesGoUp,
                    names,
                    joined(after, before.as_ref()).as_ref(),
                    after,
                );
            }
            if let Some(sent) = world.sent.last()
                && self.wants(Law::Deltas)
            {
                let delta = joined(before.as_ref(), sent.delta.as_ref());
                self.equal(Law::Deltas, names, delta.as_ref(), after);
            }
        }
        self.merges(world);
        if self.sight == Sight::Value {
            self.values(world);
        }
    }

    /// The laws of merging.
    fn merges(&mut self, world: &World) {
        let at = |place: u8| world.replicas[usize::from(place)].as_ref();
        for one in 0..REPLICAS {
            if self.wants(Law::Idempotent) {
                let twice = joined(at(one), at(one));
                self.equal(Law::Idempotent, &[one], twice.as_ref(), at(one));
            }
            let other = (one + 1) % REPLICAS;
            if self.wants(Law::Commutative) {
                let (left, right) = (joined(at(one), at(other)), joined(at(other), at(one)));
                let names = &[one.min(other), one.max(other)];
                let (left, right) = if one < other {
                    (left, right)
                } else {
                    (right, left)
                };
                self.equal(Law::Commutative, names, left.as_ref(), right.as_ref());
            }
            let third = (one + 2) % REPLICAS;
            if self.wants(Law::Associative) {
                let first = joined(at(one), at(other));
                let left = joined(first.as_ref(), at(third));
                let last = joined(at(other), at(third));
                let right = joined(at(one), last.as_ref());
                let names = &[one, other, third];
                self.equal(Law::Associative, names, left.as_ref(), right.as_ref());
            }
        }
    }

    /// The laws of what is shown.
    fn values(&mut self, world: &World) {
        for (place, replica) in (0_u8..).zip(&world.replicas) {
            let value = replica.value();
            let visible = world.visible(usize::from(place));
            let bare = |value| View {
                state: Vec::new(),
                value,
            };
            if self.wants(Law::Specification) {
                self.tries(Law::Specification);
                let expected = self.lab.expected(&visible);
                if let Some(expected) = expected.if_not(&value) {
                    let found = View::of(replica.as_ref());
                    self.broken(Law::Specification, &[place], found, bare(expected));
                }
            }
            if let Some(is_allowed) = self.lab.is_allowed()
                && self.wants(Law::Bounds)
            {
                self.tries(Law::Bounds);
                if !is_allowed(&value) {
                    let found = View::of(replica.as_ref());
                    let expected = bare(Content::Number(0));
                    self.broken(Law::Bounds, &[place], found, expected);
                }
            }
            if self.wants(Law::NoInterleaving)
                && let Content::Text(text) = &value
                && let Some(kept) = apart(&visible, text)
            {
                self.tries(Law::NoInterleaving);
                if let Err(expected) = kept {
                    let found = View::of(replica.as_ref());
                    let expected = bare(Content::Text(expected));
                    self.broken(Law::NoInterleaving, &[place], found, expected);
                }
            }
            if self.wants(Law::Convergence) {
                self.tries(Law::Convergence);
                let first = self.shown.entry(visible.seen);
                let (other, expected) = first.or_insert((place, value.clone())).clone();
                if expected != value {
                    let found = View::of(replica.as_ref());
                    self.broken(Law::Convergence, &[place, other], found, bare(expected));
                }
            }
        }
    }

    /// What is tried once, with all that was sent.
    fn end(&mut self, world: &World) {
        let updates: Vec<u8> = (0..world.sent.len() as u8).collect();
        let all: Vec<u8> = (0..REPLICAS).collect();
        if self.wants(Law::Deltas) && self.sight == Sight::Value && !updates.is_empty() {
            let deltas = |order: &mut dyn Iterator<Item = &u8>| {
                let mut state = self.lab.empty();
                for &update in order {
                    state.merge(world.sent[usize::from(update)].delta.as_ref());
                }
                state
            };
            let (forth, back) = (
                deltas(&mut updates.iter()),
                deltas(&mut updates.iter().rev()),
            );
            let mut whole = self.lab.empty();
            for replica in &world.replicas {
                whole.merge(replica.as_ref());
            }
            self.equal(Law::Deltas, &all, forth.as_ref(), whole.as_ref());
            self.equal(Law::Deltas, &all, back.as_ref(), whole.as_ref());
        }
        if self.wants(Law::Operations) {
            let deliver = |order: &[u8]| {
                let mut state = self.lab.empty();
                for &update in order {
                    state.apply(&world.sent[usize::from(update)].operation);
                }
                state
            };
            let first = deliver(&updates);
            let by_place = causal_order(world, |at| u64::from(world.facts[at].writer.dot.origin));
            let newest_first = causal_order(world, |at| at as u64);
            for order in [by_place, newest_first] {
                let other = deliver(&order);
                self.equal(Law::Operations, &all, first.as_ref(), other.as_ref());
                if let Some(last) = self.judged.violations.last_mut()
                    && last.law == Law::Operations
                    && last.orders.is_none()
                {
                    last.orders = Some([updates.clone(), order]);
                }
            }
        }
    }
}

/// An order in which every update comes after all that its origin had seen: of those whose
/// turn it can be, always the one of the highest rank.
fn causal_order(world: &World, rank: impl Fn(usize) -> u64) -> Vec<u8> {
    let mut delivered = 0_u64;
    let mut order = Vec::new();
    loop {
        let waiting = (0..world.facts.len()).filter(|at| delivered >> at & 1 == 0);
        let ready = waiting.filter(|&at| world.facts[at].past & !delivered == 0);
        let Some(next) = ready.max_by_key(|&at| (rank(at), std::cmp::Reverse(at))) else {
            return order;
        };
        delivered |= 1 << next;
        order.push(next as u8);
    }
}

/// Nothing where a value is as expected, and else one that would have been.
impl Expected {
    fn if_not(self, value: &Content) -> Option<Content> {
        match self {
            Self::Is(expected) => (expected != *value).then_some(expected),
            Self::OneOf(allowed) if allowed.contains(value) => None,
            Self::OneOf(allowed) => allowed.into_iter().next(),
        }
    }
}
