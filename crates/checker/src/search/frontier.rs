//! The general search: puts operations in order just in time, breadth first.
//!
//! Calls and returns are taken in the order of time. What is kept between them is the set
//! of *configurations*: which of the operations under way have been put in order, and the
//! state that this order leaves (Wing & Gong 1993 and Lowe 2017 memoise the same pairs;
//! Lowe's just-in-time linearization is what takes them by time). An operation is put in
//! order only when a return demands it, together with what must go before it. When a
//! return leaves no configuration, there is no order, and no later event matters: so
//! violations end the search instead of exhausting it.
//!
//! # What keeps configurations few
//!
//! - *Reads go at once.* A read that the state satisfies is put in order there and then: it
//!   changes nothing, and later it may not be satisfied.
//! - *Twins go by deadline.* Of operations under way that do the same, the one that returns
//!   first goes first (the other way round can be exchanged).
//! - *Domination.* With the same state, more reads done and fewer operations of unknown
//!   outcome used up is at least as good ([`Antichain`]).
//! - *Hiding.* A write that nobody can see any more goes, unseen, right before the next
//!   write.
//! - *Twins by deadline, of as many.* Of configurations that have as many of such done, those
//!   that have the earlier ones done are at least as good.
//! - *Dead ends.* A configuration in which an answer under way can never be right any more,
//!   whatever is still called, is dropped ([`super::outlook`]).
//! - *Beams.* Only the most promising configurations are kept. An order found so is an order;
//!   where none is left, the search goes back and keeps more, at last all ([`super::beam`]).

use super::antichain::{Antichain, Configuration, Twins, Worth};
use super::mask::Mask;
use super::outlook::Outlook;
use super::ready::Ready;
use crate::history::{Action, OPEN, Time};
use crate::models::{Model, State};

/// What the search found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Found {
    /// An order.
    Order,
    /// None. The return of this operation cannot be accounted for, and nothing called
    /// after it matters.
    None {
        /// Its place.
        at: u32,
    },
    /// The budget was spent.
    Spent {
        /// Operations put in order at best.
        linearized: u32,
    },
}

/// What may be spent, and what was.
#[derive(Debug, Clone, Copy)]
pub(super) struct Budget {
    /// Steps left: a step asks the model once about a small state, or compares two small
    /// configurations; more of either costs more.
    pub(super) left: u64,
}

impl Budget {
    /// Whether so many steps could be taken.
    pub(super) fn spend(&mut self, steps: u64) -> bool {
        let enough = self.left >= steps;
        self.left = self.left.saturating_sub(steps);
        enough
    }
}

/// How things stand between two events.
#[derive(Debug, Clone)]
pub(super) struct Standing<const W: usize> {
    pub(super) now: Vec<Configuration<W>>,
    /// Whether anything was left out for the beam's sake.
    pub(super) narrowed: bool,
    /// Returns accounted for.
    pub(super) returned: u32,
    /// What is under way, by its slot.
    pub(super) under_way: Vec<u32>,
    /// Slots of what observes, and of what changes the state by its return.
    pub(super) observers: Vec<u32>,
    pub(super) updates: Vec<u32>,
    /// For each slot, the slots of the same action that return before it.
    twins: Vec<Mask<W>>,
    pub(super) worth: Worth<W>,
    /// Due writes that nobody can see any more; among the good.
    hidden: Mask<W>,
}

/// The search at one moment.
pub(super) struct Frontier<'a, M, const W: usize> {
    pub(super) model: &'a M,
    pub(super) ready: &'a [Ready],
    pub(super) beam: usize,
    pub(super) standing: Standing<W>,
    next: Antichain<W>,
    seen: Antichain<W>,
    /// For each place in `seen`, the update that led there, if no answer became right by it.
    idle: Vec<Option<Action>>,
}

/// Configurations that are looked at for one return at most, times the words of each: some
/// hundred megabytes.
const MOST: usize = 1 << 21;

/// Configurations for which it does not pay to look ahead.
const FEW: usize = 8;

/// What touching a configuration costs beyond the first steps.
const fn size<const W: usize>() -> u64 {
    1 + W as u64 / 4
}

impl<'a, M: Model, const W: usize> Frontier<'a, M, W> {
    pub(super) fn new(model: &'a M, ready: &'a [Ready], slots: usize) -> Self {
        let start = Configuration {
            done: Mask::EMPTY,
            state: model.initial(),
        };
        Self {
            model,
            ready,
            beam: usize::MAX,
            standing: Standing {
                now: vec![start],
                narrowed: false,
                returned: 0,
                under_way: vec![0; slots],
                observers: Vec::new(),
                updates: Vec::new(),
                twins: vec![Mask::EMPTY; slots],
                worth: Worth::new(),
                hidden: Mask::EMPTY,
            },
            next: Antichain::new(),
            seen: Antichain::new(),
            idle: Vec::new(),
        }
    }

    pub(super) fn action(&self, slot: u32) -> Action {
        self.under_way(slot).operation.action
    }

    pub(super) fn under_way(&self, slot: u32) -> &'a Ready {
        &self.ready[self.standing.under_way[slot as usize] as usize]
    }

    /// Takes in a call. What it took.
    pub(super) fn take_call(&mut self, at: u32) -> u64 {
        let made = &self.ready[at as usize];
        let slot = made.slot as usize;
        self.standing.under_way[slot] = at;
        if made.observes {
            self.standing.worth.good.set(slot);
            self.standing.observers.push(made.slot);
            let action = made.operation.action;
            let mut steps = 1;
            for configuration in &mut self.standing.now {
                steps += self.model.cost(configuration.state);
                if self.model.step(configuration.state, action).is_some() {
                    configuration.done.set(slot);
                }
            }
            return steps;
        }
        if made.operation.ret == OPEN {
            self.standing.worth.spare.set(slot);
        }
        // The later twin waits for the earlier one. Equal returns go by place.
        let mut twins = Mask::EMPTY;
        for at in 0..self.standing.updates.len() {
            let other = self.standing.updates[at];
            let twin = &self.under_way(other).operation;
            if twin.action == made.operation.action {
                if twin.ret <= made.operation.ret {
                    twins.set(other as usize);
                } else {
                    self.standing.twins[other as usize].set(slot);
                }
            }
        }
        self.standing.twins[slot] = twins;
        let returns = |slot: &u32| self.under_way(*slot).operation.ret;
        let updates = &self.standing.updates;
        let place = updates.partition_point(|slot| returns(slot) <= made.operation.ret);
        self.standing.updates.insert(place, made.slot);
        1 + self.standing.updates.len() as u64 / 8
    }

    /// Keeps the configurations that have the operation done, brings the others to it.
    /// None where that takes more steps than there are.
    pub(super) fn take_return(&mut self, at: u32, most: u64) -> Option<u64> {
        let made = &self.ready[at as usize];
        let slot = made.slot as usize;
        let now = made.operation.ret;
        self.hide(now);
        let mut steps = 1 + self.standing.updates.len() as u64 / 2;
        let few = self.standing.now.len() <= FEW;
        if few && self.standing.now.iter().all(|it| it.done.has(slot)) {
            self.forget(slot, made.observes);
            return Some(steps);
        }
        self.pair();
        self.next.clear();
        self.seen.clear();
        let configurations = std::mem::take(&mut self.standing.now);
        for &configuration in &configurations {
            if steps > most {
                return None;
            }
            let into = if configuration.done.has(slot) {
                &mut self.next
            } else {
                &mut self.seen
            };
            let compared = into.insert(configuration, &self.standing.worth).1;
            steps += (1 + u64::from(compared)) * size::<W>();
        }
        self.standing.now = configurations;
        self.idle.clear();
        self.idle.resize(self.seen.taken(), None);
        let mut outlook = None;
        self.bring(slot, now, &mut outlook, &mut steps, most)?;
        if self.next.len() > self.beam && outlook.is_none() {
            outlook = Some(Outlook::new(self, now, &mut steps));
        }
        self.standing.now.clear();
        self.standing.now.extend(self.next.iter());
        if let Some(outlook) = &outlook {
            steps += 2 * outlook.cost() * self.standing.now.len() as u64;
            let model = self.model;
            let now = &mut self.standing.now;
            now.retain(|configuration| !outlook.is_dead(model, configuration));
        }
        if let Some(outlook) = outlook.filter(|_| self.standing.now.len() > self.beam) {
            self.standing.narrowed = true;
            let worth = &self.standing.worth;
            let now = &mut self.standing.now;
            now.sort_by_cached_key(|configuration| outlook.dismay(worth, configuration));
            now.truncate(self.beam);
        }
        self.forget(slot, made.observes);
        Some(steps)
    }

    /// The operation in this slot is done in all that are left.
    fn forget(&mut self, slot: usize, observes: bool) {
        for configuration in &mut self.standing.now {
            configuration.done.clear(slot);
        }
        self.retire(slot, observes);
        self.standing.returned += 1;
    }

    /// From what is in `seen`, every way to put further operations in order up to the
    /// one in this slot.
    fn bring(
        &mut self,
        slot: usize,
        now: Time,
        outlook: &mut Option<Outlook<W>>,
        steps: &mut u64,
        most: u64,
    ) -> Option<()> {
        let enough = self.beam.saturating_mul(16);
        let mut at = 0;
        while at < self.seen.taken() {
            if *steps > most || self.seen.taken() + self.next.taken() > MOST / W {
                return None;
            }
            if at > enough && self.next.len() > 0 {
                self.standing.narrowed = true;
                break;
            }
            let from = self.seen.get(at);
            at += 1;
            let Some(from) = from else { continue };
            *steps += size::<W>();
            if at > FEW && outlook.is_none() {
                *outlook = Some(Outlook::new(self, now, steps));
            }
            if let Some(outlook) = outlook {
                *steps += outlook.cost();
                if outlook.is_dead(self.model, &from) {
                    continue;
                }
            }
            let cost = self.model.cost(from.state);
            let idle = self.idle[at - 1];
            for place in 0..self.standing.updates.len() {
                let update = self.standing.updates[place];
                let waits_for = &self.standing.twins[update as usize];
                if from.done.has(update as usize) || !waits_for.within(from.done) {
                    continue;
                }
                let action = self.action(update);
                // What nobody noticed can as well wait until after the one that is due.
                let postponed = |before| action != before && self.model.commute(before, action);
                if update as usize == slot && idle.is_some_and(postponed) {
                    continue;
                }
                *steps += cost + size::<W>();
                let Some(state) = self.model.step(from.state, action) else {
                    continue;
                };
                let mut done = from.done;
                if self.under_way(update).blind {
                    done = done.or(self.standing.hidden);
                }
                done.set(update as usize);
                let before = done;
                *steps += self.absorb(state, &mut done);
                let reached = Configuration { done, state };
                let worth = &self.standing.worth;
                let compared = if done.has(slot) {
                    self.next.insert(reached, worth).1
                } else {
                    let (taken, compared) = self.seen.insert(reached, worth);
                    if taken {
                        self.idle.push((before == done).then_some(action));
                    }
                    compared
                };
                *steps += u64::from(compared) * size::<W>();
            }
        }
        Some(())
    }

    /// Puts every read in order that this state satisfies.
    fn absorb(&self, state: State, done: &mut Mask<W>) -> u64 {
        let mut asked = 0;
        for &observer in &self.standing.observers {
            if done.has(observer as usize) {
                continue;
            }
            asked += 1;
            if self.model.step(state, self.action(observer)).is_some() {
                done.set(observer as usize);
            }
        }
        asked
    }

    /// Finds the due writes that nobody who has still to return can see.
    fn hide(&mut self, now: Time) {
        for at in 0..self.standing.updates.len() {
            let update = self.standing.updates[at];
            let made = self.under_way(update);
            if made.unseen_from < now && made.blind && made.operation.returned() {
                self.standing.hidden.set(update as usize);
                self.standing.worth.good.set(update as usize);
            }
        }
    }

    /// Finds the updates that are due and do the same.
    fn pair(&mut self) {
        let mut due: Vec<(Action, u32)> = Vec::with_capacity(self.standing.updates.len());
        let (good, spare) = (self.standing.worth.good, self.standing.worth.spare);
        let lone = |slot: u32| !good.has(slot as usize) && !spare.has(slot as usize);
        let slots = self.standing.updates.iter().copied();
        due.extend(slots.filter(|&it| lone(it)).map(|it| (self.action(it), it)));
        // Stable, so that returns stay in order.
        due.sort_by_key(|&(action, _)| action);
        let Worth { twins, twinned, .. } = &mut self.standing.worth;
        twins.clear();
        *twinned = Mask::EMPTY;
        for alike in due.chunk_by(|one, other| one.0 == other.0) {
            if alike.len() > 1 {
                let slots: Vec<u32> = alike.iter().map(|&(_, slot)| slot).collect();
                let all = Mask::of(&slots);
                *twinned = twinned.or(all);
                twins.push(Twins { all, slots });
            }
        }
    }

    /// Forgets the operation in this slot.
    fn retire(&mut self, slot: usize, observes: bool) {
        let standing = &mut self.standing;
        let list = if observes {
            &mut standing.observers
        } else {
            &mut standing.updates
        };
        list.retain(|other| *other as usize != slot);
        for &other in &standing.updates {
            standing.twins[other as usize].clear(slot);
        }
        standing.worth.good.clear(slot);
        standing.hidden.clear(slot);
    }
}
