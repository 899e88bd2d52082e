//! Looks for a history that breaks a law, without knowing whether there is one.

use super::counterexample::Counterexample;
use super::history::History;
use super::judge::{Sight, judge};
use super::shrink::shrink;
use super::{Lab, Law};

/// How hard to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Effort {
    /// Random histories.
    pub histories: u32,
    /// The first seed; each history has the next.
    pub seed: u64,
    /// Of each law, histories that break it and are made smaller; the smallest is kept.
    pub shrunk: u32,
}

impl Default for Effort {
    fn default() -> Self {
        Self {
            histories: 2_000,
            seed: 0,
            shrunk: 16,
        }
    }
}

/// What was found about a law.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The law.
    pub law: Law,
    /// How often it was tried, on one state or on as many as it names; never, where it says
    /// nothing of the type.
    pub tried: u64,
    /// The smallest history that breaks it, if one was found.
    pub counterexample: Option<Counterexample>,
}

/// Tries laws on many histories; a finding for each, in their order. A difference in what
/// is read is preferred to one in the state alone, even if its history is longer.
pub fn search(lab: &dyn Lab, laws: &[Law], effort: Effort) -> Vec<Finding> {
    let mut findings: Vec<Finding> = { laws.iter() }
        .map(|&law| Finding {
            law,
            tried: 0,
            counterexample: None,
        })
        .collect();
    for sight in [Sight::Value, Sight::State] {
        let open = findings.iter_mut();
        let mut open: Vec<Hunt<'_>> = open
            .filter(|finding| finding.counterexample.is_none())
            .map(|finding| Hunt {
                finding,
                broken: Vec::new(),
            })
            .collect();
        for seed in 0..u64::from(effort.histories) {
            let few = |hunt: &&Hunt<'_>| hunt.broken.len() < effort.shrunk as usize;
            let wanted: Vec<Law> = open.iter().filter(few).map(|it| it.finding.law).collect();
            if wanted.is_empty() {
                break;
            }
            let seed = effort.seed.wrapping_add(seed);
            let history = History::of_seed(seed, lab.verbs(), lab.is_timed());
            let judged = judge(lab, &history, &wanted, sight);
            for hunt in &mut open {
                hunt.finding.tried += u64::from(judged.tried(hunt.finding.law));
            }
            for violation in judged.violations {
                let hunts = open.iter_mut();
                for hunt in hunts.filter(|hunt| hunt.finding.law == violation.law) {
                    hunt.broken.push(history.clone());
                }
            }
        }
        for hunt in open {
            hunt.finish(lab, sight);
        }
    }
    findings
}

/// Histories that break one law.
struct Hunt<'a> {
    finding: &'a mut Finding,
    broken: Vec<History>,
}

impl Hunt<'_> {
    fn finish(self, lab: &dyn Lab, sight: Sight) {
        let law = [self.finding.law];
        let violations = |history: &History| judge(lab, history, &law, sight).violations;
        let breaks = |history: &History| !violations(history).is_empty();
        let mut smallest: Option<History> = None;
        for history in self.broken {
            let history = shrink(history, breaks);
            if smallest
                .as_ref()
                .is_none_or(|it| history.is_simpler_than(it))
            {
                smallest = Some(history);
            }
        }
        self.finding.counterexample = smallest.and_then(|history| {
            let violation = violations(&history).into_iter().next()?;
            Some(Counterexample::draw(lab, history, violation))
        });
    }
}
