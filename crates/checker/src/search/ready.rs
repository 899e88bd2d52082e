//! Operations made ready for the search: events in order, a bit for each while it is under
//! way, and what of later times has a bearing on it.

use std::collections::BTreeMap;

use crate::history::{Action, Operation, Time};
use crate::models::{Model, State};

/// An operation made ready.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ready {
    pub(super) operation: Operation,
    /// Where its bit is while it is under way.
    pub(super) slot: u32,
    pub(super) observes: bool,
    pub(super) blind: bool,
    /// From when on nobody can see that it took effect.
    pub(super) unseen_from: Time,
    /// The last call before its return of an update that could make its answer right; the
    /// end of time where that cannot be told.
    pub(super) last_help: Time,
}

/// An event: a place, and whether it is the return. Calls go before returns of the same
/// instant, since intervals are closed.
pub(super) type Event = (u32, bool);

/// Operations, events, and how many bits it takes.
pub(super) fn prepare<M: Model>(
    model: &M,
    operations: &[Operation],
) -> (Vec<Ready>, Vec<Event>, usize) {
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
            last_help: Time::MAX,
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
    if slots > CROWD {
        let help = Help::of(model, operations);
        for made in &mut ready {
            made.last_help = help.last(&made.operation);
        }
    }
    (ready, events, slots as usize)
}

/// With so many under way at most, looking who helps whom costs more than it saves.
const CROWD: u32 = 16;

/// When what leaves which state is called.
struct Help {
    /// Nothing where some update leaves another state wherever it is.
    calls: Option<BTreeMap<State, Vec<Time>>>,
    /// Of each action that observes, the states that it is right in.
    seen: BTreeMap<Action, Vec<State>>,
}

impl Help {
    /// States beyond which it is not looked at who helps whom.
    const MOST: usize = 1 << 16;

    fn of<M: Model>(model: &M, operations: &[Operation]) -> Self {
        let mut calls: BTreeMap<State, Vec<Time>> = BTreeMap::new();
        let mut seen: BTreeMap<Action, Vec<State>> = BTreeMap::new();
        let updates = operations.iter().filter(|it| !it.action.only_observes());
        for operation in updates {
            let Some(state) = model.leaves(operation.action) else {
                return Self { calls: None, seen };
            };
            calls.entry(state).or_default().push(operation.call);
        }
        let observers = operations.iter().filter(|it| it.action.only_observes());
        let mut looked = 0;
        for operation in observers {
            let action = operation.action;
            if looked > Self::MOST || seen.contains_key(&action) {
                continue;
            }
            looked += calls.len();
            let states = calls.keys().copied();
            let right = states.filter(|&state| model.step(state, action).is_some());
            seen.insert(action, right.collect());
        }
        Self {
            calls: Some(calls),
            seen,
        }
    }

    fn last(&self, operation: &Operation) -> Time {
        let (Some(calls), Some(right)) = (&self.calls, self.seen.get(&operation.action)) else {
            return Time::MAX;
        };
        let last = right.iter().filter_map(|state| {
            let calls = calls.get(state)?;
            let before = calls.partition_point(|&call| call <= operation.ret);
            before.checked_sub(1).map(|at| calls[at])
        });
        last.max().unwrap_or(Time::MIN)
    }
}
