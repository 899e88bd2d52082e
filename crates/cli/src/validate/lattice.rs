//! The lattice of all models: no history of single operations keeps a model and breaks a
//! weaker one, from linearizable to the session guarantees, with outcomes that stay
//! unknown, wrong answers and a coarse clock.

use splitbrain_checker::consistency::{Consistency, OF_OPERATIONS};
use splitbrain_checker::history::History;
use splitbrain_checker::history::sample::{Shape, register};
use splitbrain_checker::models::ModelId;
use splitbrain_checker::search::{self, STEPS};
use splitbrain_checker::transactions::Sessions;

use super::{Asked, Compared, Outcome, Validation};

/// This validation.
pub(super) const LATTICE: Validation = Validation {
    name: "lattice",
    what: "cli.validate.lattice.what",
    source: "Burckhardt 2014, section 5",
    run: |asked| Ok(run(asked)),
};

fn run(asked: &Asked) -> Outcome {
    let mut compared = Compared::default();
    for seed in asked.seeds() {
        let history = register(seed, &shape(seed));
        compared.history(history.operations.len());
        let sessions = Sessions::new(&history, Some(ModelId::Register)).ok();
        let verdicts = OF_OPERATIONS.map(|of| (of, keeps(&history, sessions.as_ref(), of)));
        for (stronger, keeps) in verdicts {
            // What is left open agrees with everything.
            let Some(keeps) = keeps else {
                continue;
            };
            compared.verdict(keeps);
            for weaker in stronger.implies() {
                let is_broken = verdicts.contains(&(weaker, Some(false)));
                if keeps && is_broken {
                    let (stronger, weaker) = (stronger.id(), weaker.id());
                    compared.differs(|| {
                        format!("lattice, seed {seed}: {stronger} holds, {weaker} does not")
                    });
                }
            }
        }
    }
    compared.outcome()
}

/// One to sixteen operations of one to four processes on one to three keys.
fn shape(seed: u64) -> Shape {
    Shape {
        operations: 1 + (seed % 16) as u32,
        processes: 1 + (seed / 16 % 4) as u32,
        keys: 1 + (seed / 64 % 3) as u32,
        values: None,
        unknown: [0, 100_000, 400_000][(seed % 3) as usize],
        wrong: [0, 100_000, 300_000][(seed / 3 % 3) as usize],
        equal_times: [0, 0, 0, 300_000][(seed / 9 % 4) as usize],
    }
}

/// Whether a history keeps a model; none where that is not known.
fn keeps(history: &History, sessions: Option<&Sessions>, of: Consistency) -> Option<bool> {
    match of {
        Consistency::Ordered(order) => {
            let checked = search::check(history, ModelId::Register, order, STEPS).ok()?;
            match checked.verdict {
                search::Verdict::Holds => Some(true),
                search::Verdict::Violated(_) => Some(false),
                search::Verdict::Undecided { .. } => None,
            }
        }
        Consistency::Weak(model) => {
            let verdict = sessions?.check(model).ok()?;
            Some(verdict.holds())
        }
    }
}
