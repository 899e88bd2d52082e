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
//! - *Beams.* First only the best few configurations are kept. An order found so is an
//!   order; where none is found the beam is widened, at last to all.

use super::antichain::{Antichain, Configuration, Twins, Worth};
use super::mask::Mask;
use crate::history::{Action, OPEN, Operation, Time};
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
    /// Steps left: a step asks the model once, or compares two configurations.
    pub(super) left: u64,
}

impl Budget {
    /// Whether so many steps could be taken.
    fn spend(&mut self, steps: u64) -> bool {
        let enough = self.left >= steps;
        self.left = self.left.saturating_sub(steps);
        enough
    }
}

/// An operation made ready.
#[derive(Debug, Clone, Copy)]
struct Ready {
    operation: Operation,
    /// Where its bit is while it is under way.
    slot: u32,
    observes: bool,
    blind: bool,
    /// From when on nobody can see that it took effect.
    unseen_from: Time,
}

/// Widths of the beam: best few, then more; then all.
const BEAMS: [usize; 3] = [24, 1024, usize::MAX];

/// Searches for an order of these operations, given in the order of their calls.
pub(super) fn search<M: Model>(model: &M, operations: &[Operation], budget: &mut Budget) -> Found {
    let (ready, events, slots) = prepare(model, operations);
    match slots {
        0..=64 => widen::<M, 1>(model, &ready, &events, budget),
        65..=128 => widen::<M, 2>(model, &ready, &events, budget),
        129..=512 => widen::<M, 8>(model, &ready, &events, budget),
        513..=4096 => widen::<M, 64>(model, &ready, &events, budget),
        _ => Found::Spent { linearized: 0 },
    }
}

/// An event: a place, and whether it is the return. Calls go before returns of the same
/// instant, since intervals are closed.
type Event = (u32, bool);

fn prepare<M: Model>(model: &M, operations: &[Operation]) -> (Vec<Ready>, Vec<Event>, usize) {
    let mut returns: Vec<u32> = (0..operations.len() as u32)
        .filter(|&at| operations[at as usize].returned())
        .collect();
    returns.sort_by_key(|&at| operations[at as usize].ret);
    let mut returns = returns.into_iter().peekable();
    let mut ready = Vec::with_capacity(operations.len());
    let mut events = Vec::with_capacity(operations.len() * 2);
    let mut free: Vec<u32> = Vec::new();
    let mut slots = 0;
    for (at, &operation) in operations.iter().enumerate() {
        let before = |other: &u32| operations[*other as usize].ret < operation.call;
        while let Some(other) = returns.next_if(before) {
            events.push((other, true));
            let made: &Ready = &ready[other as usize];
            free.push(made.slot);
        }
        let until = model.observed_until(operation.action);
        let made = Ready {
            operation,
            slot: u32::MAX,
            observes: operation.action.only_observes(),
            blind: M::is_blind(operation.action),
            unseen_from: until,
        };
        // What may never have happened and would not be seen need not have happened.
        if !operation.returned() && (until < operation.call || made.observes) {
            ready.push(made);
            continue;
        }
        let slot = free.pop().unwrap_or_else(|| {
            slots += 1;
            slots - 1
        });
        ready.push(Ready { slot, ..made });
        events.push((at as u32, false));
    }
    events.extend(returns.map(|other| (other, true)));
    (ready, events, slots as usize)
}

fn widen<M: Model, const W: usize>(
    model: &M,
    ready: &[Ready],
    events: &[Event],
    budget: &mut Budget,
) -> Found {
    let mut best = 0;
    for beam in BEAMS {
        let mut frontier = Frontier::<M, W>::new(model, ready, beam);
        let found = frontier.run(events, budget);
        best = best.max(frontier.returned);
        match found {
            Some(Found::Spent { .. }) => return Found::Spent { linearized: best },
            Some(found) => return found,
            None => {}
        }
    }
    Found::Spent { linearized: best }
}

struct Frontier<'a, M, const W: usize> {
    model: &'a M,
    ready: &'a [Ready],
    beam: usize,
    /// Whether anything was left out for the beam's sake.
    narrowed: bool,
    now: Vec<Configuration<W>>,
    next: Antichain<W>,
    seen: Antichain<W>,
    /// What is under way, by its slot.
    under_way: Vec<u32>,
    /// Slots of what observes, and of what changes the state by its return.
    observers: Vec<u32>,
    updates: Vec<u32>,
    /// For each slot, the slots of the same action that return before it.
    twins: Vec<Mask<W>>,
    worth: Worth<W>,
    /// Due writes that nobody can see any more; among the good.
    hidden: Mask<W>,
    /// Returns accounted for.
    returned: u32,
}

impl<'a, M: Model, const W: usize> Frontier<'a, M, W> {
    fn new(model: &'a M, ready: &'a [Ready], beam: usize) -> Self {
        let start = Configuration {
            done: Mask::EMPTY,
            state: model.initial(),
        };
        Self {
            model,
            ready,
            beam,
            narrowed: false,
            now: vec![start],
            next: Antichain::new(),
            seen: Antichain::new(),
            under_way: vec![0; W * 64],
            observers: Vec::new(),
            updates: Vec::new(),
            twins: vec![Mask::EMPTY; W * 64],
            worth: Worth::new(),
            hidden: Mask::EMPTY,
            returned: 0,
        }
    }

    /// None where nothing was found and something was left out.
    fn run(&mut self, events: &[Event], budget: &mut Budget) -> Option<Found> {
        for &(at, is_return) in events {
            let steps = if is_return {
                self.take_return(at, budget.left)
            } else {
                Some(self.take_call(at))
            };
            if steps.is_none_or(|steps| !budget.spend(steps)) {
                return Some(Found::Spent { linearized: 0 });
            }
            if self.now.is_empty() {
                return (!self.narrowed).then_some(Found::None { at });
            }
            self.returned += u32::from(is_return);
        }
        Some(Found::Order)
    }

    fn action(&self, slot: usize) -> Action {
        self.ready[self.under_way[slot] as usize].operation.action
    }

    fn take_call(&mut self, at: u32) -> u64 {
        let made = self.ready[at as usize];
        let slot = made.slot as usize;
        self.under_way[slot] = at;
        if made.observes {
            self.worth.good.set(slot);
            self.observers.push(made.slot);
            for configuration in &mut self.now {
                let action = made.operation.action;
                if self.model.step(configuration.state, action).is_some() {
                    configuration.done.set(slot);
                }
            }
            return self.now.len() as u64;
        }
        if made.operation.ret == OPEN {
            self.worth.spare.set(slot);
        }
        // The later twin waits for the earlier one. Equal returns go by place.
        let mut twins = Mask::EMPTY;
        for &other in &self.updates {
            let twin = self.ready[self.under_way[other as usize] as usize].operation;
            if twin.action == made.operation.action {
                if twin.ret <= made.operation.ret {
                    twins.set(other as usize);
                } else {
                    self.twins[other as usize].set(slot);
                }
            }
        }
        self.twins[slot] = twins;
        let returns = |slot: &u32| {
            let at = self.under_way[*slot as usize];
            self.ready[at as usize].operation.ret
        };
        let place = self
            .updates
            .partition_point(|slot| returns(slot) <= made.operation.ret);
        self.updates.insert(place, made.slot);
        0
    }

    /// Finds the updates that are due and do the same.
    fn pair(&mut self) {
        let Worth {
            good,
            spare,
            twins,
            twinned,
        } = &mut self.worth;
        twins.clear();
        *twinned = Mask::EMPTY;
        let mut due: Vec<(Action, u32)> = Vec::with_capacity(self.updates.len());
        for &slot in &self.updates {
            if !good.has(slot as usize) && !spare.has(slot as usize) {
                let at = self.under_way[slot as usize] as usize;
                due.push((self.ready[at].operation.action, slot));
            }
        }
        // Stable, so that returns stay in order.
        due.sort_by_key(|&(action, _)| action);
        for alike in due.chunk_by(|one, other| one.0 == other.0) {
            if alike.len() > 1 {
                let slots: Vec<u32> = alike.iter().map(|&(_, slot)| slot).collect();
                let mut all = Mask::EMPTY;
                for &slot in &slots {
                    all.set(slot as usize);
                }
                *twinned = twinned.or(all);
                twins.push(Twins { all, slots });
            }
        }
    }

    /// Keeps the configurations that have the operation done, brings the others to it.
    /// None where that takes more steps than there are.
    fn take_return(&mut self, at: u32, most: u64) -> Option<u64> {
        let made = self.ready[at as usize];
        let slot = made.slot as usize;
        let mut steps = 0;
        self.hide(made.operation.ret);
        self.pair();
        self.next.clear();
        self.seen.clear();
        let now = std::mem::take(&mut self.now);
        for &configuration in &now {
            let into = if configuration.done.has(slot) {
                &mut self.next
            } else {
                &mut self.seen
            };
            steps += u64::from(into.insert(configuration, &self.worth).1);
        }
        self.now = now;
        self.bring(slot, &mut steps, most)?;
        self.retire(slot, made.observes);
        self.now.clear();
        let done = self.next.iter().map(|mut configuration| {
            configuration.done.clear(slot);
            configuration
        });
        self.now.extend(done);
        if self.now.len() > self.beam {
            self.narrowed = true;
            let Worth { good, spare, .. } = self.worth;
            self.now.sort_by_key(|configuration| {
                let spared = configuration.done.and(spare).count();
                (spared, !configuration.done.and(good).count())
            });
            self.now.truncate(self.beam);
        }
        Some(steps)
    }

    /// From what is in `seen`, every way to put further operations in order up to the
    /// one in this slot.
    fn bring(&mut self, slot: usize, steps: &mut u64, most: u64) -> Option<()> {
        let enough = self.beam.saturating_mul(16);
        let mut at = 0;
        while at < self.seen.taken() {
            if *steps > most {
                return None;
            }
            if at > enough && self.next.len() > 0 {
                self.narrowed = true;
                break;
            }
            let from = self.seen.get(at);
            at += 1;
            let Some(from) = from else { continue };
            for place in 0..self.updates.len() {
                let update = self.updates[place] as usize;
                if from.done.has(update) || !self.twins[update].within(from.done) {
                    continue;
                }
                *steps += 1;
                let action = self.action(update);
                let Some(state) = self.model.step(from.state, action) else {
                    continue;
                };
                let mut done = from.done;
                if self.ready[self.under_way[update] as usize].blind {
                    done = done.or(self.hidden);
                }
                done.set(update);
                *steps += self.absorb(state, &mut done);
                let reached = Configuration { done, state };
                let into = if done.has(slot) {
                    &mut self.next
                } else {
                    &mut self.seen
                };
                *steps += u64::from(into.insert(reached, &self.worth).1);
            }
        }
        Some(())
    }

    /// Puts every read in order that this state satisfies.
    fn absorb(&self, state: State, done: &mut Mask<W>) -> u64 {
        for &observer in &self.observers {
            let observer = observer as usize;
            if !done.has(observer) && self.model.step(state, self.action(observer)).is_some() {
                done.set(observer);
            }
        }
        self.observers.len() as u64
    }

    /// Finds the due writes that nobody who has still to return can see.
    fn hide(&mut self, now: Time) {
        for &update in &self.updates {
            let made = &self.ready[self.under_way[update as usize] as usize];
            if made.unseen_from < now && made.blind && made.operation.returned() {
                self.hidden.set(update as usize);
                self.worth.good.set(update as usize);
            }
        }
    }

    /// Forgets the operation in this slot.
    fn retire(&mut self, slot: usize, observes: bool) {
        let list = if observes {
            &mut self.observers
        } else {
            &mut self.updates
        };
        list.retain(|other| *other as usize != slot);
        for &other in &self.updates {
            self.twins[other as usize].clear(slot);
        }
        self.worth.good.clear(slot);
        self.hidden.clear(slot);
    }
}
