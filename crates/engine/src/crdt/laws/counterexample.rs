//! A history that breaks a law, as a page or a terminal can draw it.

use super::Lab;
use super::history::{History, Step};
use super::judge::{View, Violation};
use super::world::{Happened, World};

/// One step, and how it left the replicas.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// What happened.
    pub step: Step,
    /// Whether the replica refused it.
    pub is_refused: bool,
    /// Every replica after it, by place; those beyond the last that matters left out.
    pub replicas: Vec<View>,
    /// Bytes that travelled: of the operation, or of the state where one was merged.
    pub bytes: u32,
}

/// The smallest history that was found to break a law.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counterexample {
    /// Its steps.
    pub history: History,
    /// The same, drawn.
    pub moments: Vec<Moment>,
    /// What does not hold at its end.
    pub violation: Violation,
}

impl Counterexample {
    /// Draws a history that breaks a law.
    pub fn draw(lab: &dyn Lab, history: History, violation: Violation) -> Self {
        let named = history.steps.iter().map(|step| match *step {
            Step::Act { replica, .. } => replica,
            Step::Merge { from, into } => from.max(into),
        });
        let last = named.chain(violation.replicas.iter().copied()).max();
        let count = usize::from(last.unwrap_or(0)) + 1;
        Self {
            moments: moments(lab, &history, count),
            history,
            violation,
        }
    }
}

/// Each step of a history, and how it left so many replicas.
pub fn moments(lab: &dyn Lab, history: &History, count: usize) -> Vec<Moment> {
    let mut world = World::new(lab);
    let moments = history.steps.iter().map(|&step| {
        let merged = match step {
            Step::Merge { from, .. } => world.replicas[usize::from(from)].bytes(),
            Step::Act { .. } => 0,
        };
        let happened = world.step(step);
        let bytes = match happened {
            Happened::Updated { .. } => world.sent.last().map_or(0, |it| it.operation.bytes),
            Happened::Refused | Happened::Settled => merged,
        };
        let replicas = world.replicas.iter().take(count);
        Moment {
            step,
            is_refused: matches!(happened, Happened::Refused),
            replicas: replicas.map(|replica| View::of(replica.as_ref())).collect(),
            bytes,
        }
    });
    moments.collect()
}
