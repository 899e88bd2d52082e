//! What may still become of a configuration: whether it is a dead end, and how promising it is.
//!
//! Where every update leaves a state that it alone determines (a register's do), an answer
//! under way needs either its state now or an update under way that leaves it, once the
//! last call has come that could help. A configuration that has neither is dead.

use std::collections::BTreeMap;

use super::antichain::{Configuration, Worth};
use super::frontier::Frontier;
use super::mask::Mask;
use crate::history::{Action, Time};
use crate::models::{Model, State};

/// What there is to look forward to at one return.
pub(super) struct Outlook<const W: usize> {
    /// Answers that nothing called later can make right, and the updates that could.
    urgent: Vec<Need<W>>,
    /// Updates that do the same, and the answers that they could make right.
    supply: Vec<Need<W>>,
    /// The answers under way.
    answers: Vec<(Action, Mask<W>)>,
}

/// Answers, and the updates that could make them right.
struct Need<const W: usize> {
    answers: Mask<W>,
    updates: Mask<W>,
}

impl<const W: usize> Outlook<W> {
    pub(super) fn new<M: Model>(frontier: &Frontier<'_, M, W>, now: Time, steps: &mut u64) -> Self {
        let standing = &frontier.standing;
        let mut groups: BTreeMap<Action, Mask<W>> = BTreeMap::new();
        for &slot in &standing.updates {
            let group = groups.entry(frontier.action(slot)).or_insert(Mask::EMPTY);
            group.set(slot as usize);
        }
        let mut answers: BTreeMap<Action, (Mask<W>, Mask<W>)> = BTreeMap::new();
        for &slot in &standing.observers {
            let (all, late) = answers
                .entry(frontier.action(slot))
                .or_insert((Mask::EMPTY, Mask::EMPTY));
            all.set(slot as usize);
            if frontier.under_way(slot).last_help <= now {
                late.set(slot as usize);
            }
        }
        *steps += (groups.len() * (1 + answers.len())) as u64;
        let leaves = |action: Action| -> Option<State> { frontier.model.leaves(action) };
        let mut supply: Vec<Need<W>> = Vec::with_capacity(groups.len());
        let mut helped: BTreeMap<Action, Mask<W>> = BTreeMap::new();
        for (&update, &updates) in &groups {
            let mut helps = Mask::EMPTY;
            if let Some(state) = leaves(update) {
                for (&answer, (all, _)) in &answers {
                    if frontier.model.step(state, answer).is_some() {
                        helps = helps.or(*all);
                        let known = helped.entry(answer).or_insert(Mask::EMPTY);
                        *known = known.or(updates);
                    }
                }
            }
            supply.push(Need {
                answers: helps,
                updates,
            });
        }
        let urgent = answers.iter().filter(|(_, (_, late))| !late.is_empty());
        let urgent = urgent.map(|(answer, &(_, late))| Need {
            answers: late,
            updates: helped.get(answer).copied().unwrap_or(Mask::EMPTY),
        });
        Self {
            urgent: urgent.collect(),
            supply,
            answers: answers
                .iter()
                .map(|(&answer, (all, _))| (answer, *all))
                .collect(),
        }
    }

    /// What asking costs.
    pub(super) fn cost(&self) -> u64 {
        let kinds = self.urgent.len() + self.supply.len() + self.answers.len();
        kinds.div_ceil(4) as u64
    }

    /// Whether an answer can never be right. States that make one right have it done
    /// already.
    pub(super) fn is_dead<M: Model>(&self, model: &M, configuration: &Configuration<W>) -> bool {
        let done = configuration.done;
        let lost = |need: &Need<W>| !need.answers.within(done) && need.updates.within(done);
        let state = configuration.state;
        let past =
            |&(answer, all): &(Action, Mask<W>)| !all.within(done) && model.is_past(state, answer);
        self.urgent.iter().any(lost) || self.answers.iter().any(past)
    }

    /// The less the better: few kinds of updates left to choose from, answers that wait for
    /// them, answers that wait.
    pub(super) fn dismay(&self, worth: &Worth<W>, configuration: &Configuration<W>) -> u64 {
        let done = configuration.done;
        let mut dismay = 0;
        for need in &self.supply {
            let left = need.updates.minus(done).count();
            let wanted = u32::from(!need.answers.within(done));
            dismay += (1 << 40) >> (2 * (left + 1 - wanted).min(16));
        }
        let waiting = worth.good.minus(done).count();
        dismay + (u64::from(waiting) << 32)
    }
}
