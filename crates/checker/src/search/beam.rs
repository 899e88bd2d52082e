//! How much of the frontier to keep: few configurations at first; where none is left, back a
//! little way and more of them, then back further and more still, at last all of them from
//! where nothing had been left out.
//!
//! An order found so is an order. That there is none is said only where nothing was left
//! out.

use super::frontier::{Budget, Found, Frontier, Standing};
use super::ready::{Event, Ready, prepare};
use crate::history::Operation;
use crate::models::Model;

/// Configurations kept where nothing is hard.
const NARROW: usize = 24;

/// Configurations kept at most before all are.
const WIDE: usize = 1 << 14;

/// Events between two moments to which the search can go back.
const EVERY: usize = 32;

/// The same while nothing has been left out, when the last such moment is enough.
const SELDOM: usize = 256;

/// Moments remembered.
const REMEMBERED: usize = 64;

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

/// A moment to go back to.
struct Moment<const W: usize> {
    /// The next event.
    at: usize,
    standing: Standing<W>,
}

fn widen<M: Model, const W: usize>(
    model: &M,
    ready: &[Ready],
    events: &[Event],
    budget: &mut Budget,
) -> Found {
    let mut frontier = Frontier::<M, W>::new(model, ready, 64 * W);
    frontier.beam = NARROW;
    let start = frontier.standing.clone();
    let mut moments = vec![Moment {
        at: 0,
        standing: start,
    }];
    let (mut at, mut until, mut furthest, mut tries) = (0, 0, 0, 0);
    let mut best = 0;
    while let Some(&(place, is_return)) = events.get(at) {
        if frontier.beam > NARROW && at >= until {
            frontier.beam = NARROW;
        }
        let every = if frontier.standing.narrowed {
            EVERY
        } else {
            SELDOM
        };
        if at >= moments[moments.len() - 1].at + every {
            if !frontier.standing.narrowed {
                moments.clear();
            } else if moments.len() == REMEMBERED {
                moments.remove(1);
            }
            let standing = frontier.standing.clone();
            if !budget.spend((standing.now.len() * W) as u64 / 4 + 64) {
                return Found::Spent { linearized: best };
            }
            moments.push(Moment { at, standing });
        }
        let steps = if is_return {
            frontier.take_return(place, budget.left)
        } else {
            Some(frontier.take_call(place))
        };
        best = best.max(frontier.standing.returned);
        if !budget.spend(steps.unwrap_or(u64::MAX)) {
            return Found::Spent { linearized: best };
        }
        at += 1;
        if !frontier.standing.now.is_empty() {
            continue;
        }
        if !frontier.standing.narrowed {
            return Found::None { at: place };
        }
        if at > furthest {
            (furthest, tries) = (at, 0);
        }
        tries += 1;
        let (mut beam, mut back) = (NARROW << (2 * tries), EVERY << tries);
        until = at + EVERY;
        if beam > WIDE {
            (beam, back, until) = (usize::MAX, usize::MAX, usize::MAX);
        }
        while moments.len() > 1 && moments[moments.len() - 1].at + back.min(at) > at {
            moments.pop();
        }
        let moment = &moments[moments.len() - 1];
        at = moment.at;
        frontier.standing.clone_from(&moment.standing);
        frontier.beam = beam;
    }
    Found::Order
}
