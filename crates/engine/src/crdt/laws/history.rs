//! What happens at a few replicas, step by step, and dice that make it up.

use crate::crdt::replicated::{Act, Numbers, Verb};
use crate::sim::dice::{Dice, Purpose, identity};

/// Replicas in a history.
pub const REPLICAS: u8 = 3;

/// Steps in a history at most: what was seen of them fits one word.
pub const MOST_STEPS: usize = 64;

/// One thing that happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Somebody acts at a replica.
    Act {
        /// Which.
        replica: u8,
        /// What its wall clock shows, in ticks.
        time: u32,
        /// What is done.
        act: Act,
    },
    /// A replica hears of everything that another one has.
    Merge {
        /// The other one.
        from: u8,
        /// Which.
        into: u8,
    },
}

/// Everything that happens, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct History {
    /// The steps, [`MOST_STEPS`] at most.
    pub steps: Vec<Step>,
}

/// Numbers from dice, one after the other.
struct Draws {
    dice: Dice,
    drawn: u64,
}

impl Draws {
    fn below(&mut self, n: u32) -> u32 {
        self.drawn += 1;
        let which = identity(0, self.drawn);
        self.dice.below(Purpose::Choice, which, n)
    }

    fn act(&mut self, verb: Verb) -> Act {
        let numbers = Numbers {
            item: self.below(3) as u8,
            by: 1 + self.below(3),
            letter: char::from(b'a' + self.below(5) as u8),
            at: self.below(6),
            value: 1 + self.below(4),
        };
        numbers.act(verb)
    }
}

impl History {
    /// The history of a seed: acts out of these, and merges, 2 to 15 steps.
    pub fn of_seed(seed: u64, verbs: &[Verb], is_timed: bool) -> Self {
        let mut draws = Draws {
            dice: Dice::new(seed),
            drawn: 0,
        };
        let count = 2 + draws.below(14);
        let steps = (0..count).map(|_| {
            let replica = draws.below(u32::from(REPLICAS)) as u8;
            if verbs.is_empty() || draws.below(5) < 2 {
                let ahead = 1 + draws.below(u32::from(REPLICAS) - 1) as u8;
                return Step::Merge {
                    from: (replica + ahead) % REPLICAS,
                    into: replica,
                };
            }
            let verb = verbs[draws.below(verbs.len() as u32) as usize];
            let time = if is_timed { draws.below(4) } else { 0 };
            let act = draws.act(verb);
            Step::Act { replica, time, act }
        });
        Self {
            steps: steps.collect(),
        }
    }

    /// How large its numbers are, all together: of two histories with as many steps, the
    /// one with less is the simpler.
    pub fn weight(&self) -> u64 {
        let of_act = |act: Act| -> u64 {
            match act {
                Act::Increment(by) | Act::Decrement(by) => by.into(),
                Act::Transfer { to, by } => u64::from(by) + u64::from(to),
                Act::Raise { item, by } | Act::Lower { item, by } => {
                    u64::from(by) + u64::from(item)
                }
                Act::Add(item) | Act::Remove(item) | Act::Delete(item) => item.into(),
                Act::Write(value) | Act::BlindWrite(value) => value.into(),
                Act::Put { key, value } => u64::from(value) + u64::from(key),
                Act::Insert { at, letter } => u64::from(at) + u64::from(letter as u32 - 'a' as u32),
                Act::Erase(at) => at.into(),
                Act::Collect => 0,
            }
        };
        let of_step = |step: &Step| match *step {
            Step::Act { replica, time, act } => u64::from(replica) + u64::from(time) + of_act(act),
            Step::Merge { from, into } => u64::from(from) + u64::from(into),
        };
        self.steps.iter().map(of_step).sum()
    }

    /// Whether this one is the simpler: fewer steps, then smaller numbers, then an order
    /// that says nothing but settles it.
    pub fn is_simpler_than(&self, other: &Self) -> bool {
        let key = |it: &Self| (it.steps.len(), it.weight());
        (key(self), &self.steps) < (key(other), &other.steps)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_one_history_and_all_that_can_happen_happens() {
        let verbs = [Verb::Add, Verb::Remove];
        let mut kinds = [0; 3];
        for seed in 0..100 {
            let history = History::of_seed(seed, &verbs, true);
            assert_eq!(history, History::of_seed(seed, &verbs, true));
            for step in &history.steps {
                match step {
                    Step::Act {
                        act: Act::Add(_), ..
                    } => kinds[0] += 1,
                    Step::Act { .. } => kinds[1] += 1,
                    Step::Merge { from, into } => {
                        assert_ne!(from, into);
                        kinds[2] += 1;
                    }
                }
            }
        }
        assert!(kinds.iter().all(|&count| count > 100), "{kinds:?}");
    }
}
