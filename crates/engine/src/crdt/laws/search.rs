//! Looks for a history that breaks a law, without knowing whether there is one.

use super::counterexample::Counterexample;
use super::history::History;
use super::judge::{Sight, judge};
use super::shrink::Shrinking;
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
    let mut search = Search::new(laws, effort);
    while !search.advance(lab, u32::MAX) {}
    search.findings
}

/// The same a piece at a time: what it finds does not depend on how large the pieces are.
#[derive(Clone, Debug)]
pub struct Search {
    effort: Effort,
    findings: Vec<Finding>,
    /// What is compared now; nothing, when all is done.
    sight: Option<Sight>,
    /// Histories that were judged in this sight.
    judged: u32,
    hunts: Vec<Hunt>,
}

/// What becomes of one law in one sight.
#[derive(Clone, Debug)]
struct Hunt {
    /// The place of its finding.
    finding: usize,
    /// Histories that break it and were not made smaller yet.
    broken: Vec<History>,
    shrinking: Option<Shrinking>,
    smallest: Option<History>,
}

impl Search {
    /// Of these laws.
    pub fn new(laws: &[Law], effort: Effort) -> Self {
        let findings = laws.iter().map(|&law| Finding {
            law,
            tried: 0,
            counterexample: None,
        });
        let mut search = Self {
            effort,
            findings: findings.collect(),
            sight: None,
            judged: 0,
            hunts: Vec::new(),
        };
        search.begin(Sight::Value);
        search
    }

    /// What was found so far, a finding for each law in their order.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Whether a history was found that breaks this law, be it made smaller yet or not.
    pub fn is_broken(&self, law: Law) -> bool {
        let of_law = |hunt: &&Hunt| self.findings[hunt.finding].law == law;
        let found = self.findings.iter().find(|finding| finding.law == law);
        found.is_some_and(|finding| finding.counterexample.is_some()) || {
            self.hunts.iter().filter(of_law)
        }
        .any(Hunt::has_any)
    }

    /// Whether there is nothing more to do.
    pub fn is_done(&self) -> bool {
        self.sight.is_none()
    }

    /// Histories that were tried, of how many: each is tried for what is read, and once
    /// more for the state. What breaks nothing more is not tried again, so that it may be
    /// done before.
    pub fn progress(&self) -> (u64, u64) {
        let all = u64::from(self.effort.histories);
        let done = match self.sight {
            Some(Sight::Value) => u64::from(self.judged),
            Some(Sight::State) => all + u64::from(self.judged),
            None => 2 * all,
        };
        (done, 2 * all)
    }

    /// Judges at most so many histories, whether drawn or made smaller, and says whether it
    /// is done. It has to be the same lab every time.
    pub fn advance(&mut self, lab: &dyn Lab, budget: u32) -> bool {
        for _ in 0..budget {
            let Some(sight) = self.sight else { break };
            if !self.try_next(lab, sight) && !self.shrink_next(lab, sight) {
                self.finish(lab, sight);
            }
        }
        self.is_done()
    }

    fn begin(&mut self, sight: Sight) {
        let findings = self.findings.iter().enumerate();
        let open = findings.filter(|(_, finding)| finding.counterexample.is_none());
        let hunts = open.map(|(finding, _)| Hunt {
            finding,
            broken: Vec::new(),
            shrinking: None,
            smallest: None,
        });
        self.hunts = hunts.collect();
        self.judged = 0;
        self.sight = Some(sight);
    }

    /// Tries the next history, if any law still wants one.
    fn try_next(&mut self, lab: &dyn Lab, sight: Sight) -> bool {
        if self.judged == self.effort.histories {
            return false;
        }
        let few = |hunt: &&Hunt| hunt.broken.len() < self.effort.shrunk as usize;
        let wanted = self.hunts.iter().filter(few);
        let wanted: Vec<Law> = wanted.map(|it| self.findings[it.finding].law).collect();
        if wanted.is_empty() {
            self.judged = self.effort.histories;
            return false;
        }
        let seed = self.effort.seed.wrapping_add(u64::from(self.judged));
        self.judged += 1;
        let history = History::of_seed(seed, lab.verbs(), lab.is_timed());
        let judged = judge(lab, &history, &wanted, sight);
        for hunt in &mut self.hunts {
            let finding = &mut self.findings[hunt.finding];
            finding.tried += u64::from(judged.tried(finding.law));
            let broken = judged.violations.iter();
            let broken = broken.filter(|violation| violation.law == finding.law);
            hunt.broken.extend(broken.map(|_| history.clone()));
        }
        true
    }

    /// Judges the next of what may be smaller, if there is any.
    fn shrink_next(&mut self, lab: &dyn Lab, sight: Sight) -> bool {
        for hunt in &mut self.hunts {
            let law = [self.findings[hunt.finding].law];
            while let Some(shrinking) = hunt.next_shrinking() {
                if let Some(candidate) = shrinking.candidate() {
                    let breaks = !judge(lab, candidate, &law, sight).violations.is_empty();
                    shrinking.judged(breaks);
                    return true;
                }
                hunt.keep_smallest();
            }
        }
        false
    }

    /// Draws what was found, and goes on with the next sight.
    fn finish(&mut self, lab: &dyn Lab, sight: Sight) {
        for hunt in std::mem::take(&mut self.hunts) {
            let finding = &mut self.findings[hunt.finding];
            finding.counterexample = hunt.smallest.and_then(|history| {
                let violations = judge(lab, &history, &[finding.law], sight).violations;
                let violation = violations.into_iter().next()?;
                Some(Counterexample::draw(lab, history, violation))
            });
        }
        match sight {
            Sight::Value => self.begin(Sight::State),
            Sight::State => self.sight = None,
        }
    }
}

impl Hunt {
    fn has_any(&self) -> bool {
        !self.broken.is_empty() || self.shrinking.is_some() || self.smallest.is_some()
    }

    /// What is being made smaller, or is next.
    fn next_shrinking(&mut self) -> Option<&mut Shrinking> {
        if self.shrinking.is_none() {
            self.shrinking = self.broken.pop().map(Shrinking::new);
        }
        self.shrinking.as_mut()
    }

    /// Of what was made as small as can be, keeps the simplest.
    fn keep_smallest(&mut self) {
        let history = self.shrinking.take().map(Shrinking::best);
        let smallest = &self.smallest;
        let is_better = |history: &History| {
            smallest
                .as_ref()
                .is_none_or(|it| history.is_simpler_than(it))
        };
        if let Some(history) = history.filter(is_better) {
            self.smallest = Some(history);
        }
    }
}
