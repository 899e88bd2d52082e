//! The weak models: the polynomial checkers say what the definitions say, tried by brute
//! force, of single operations, of transactions, and of longer histories.

use splitbrain_checker::history::sample::Dice;
use splitbrain_checker::transactions::definition::Naive;
use splitbrain_checker::transactions::sample::{random_sessions, tame_sessions};
use splitbrain_checker::transactions::{HistoryError, Model, TransactionalHistory, holds};

use super::{Asked, Compared, Outcome, Validation};

/// This validation.
pub(super) const WEAK: Validation = Validation {
    name: "weak",
    what: "cli.validate.weak.what",
    source: "Bouajjani et al. 2017; Biswas & Enea 2019; Terry et al. 1994",
    run: |asked| Ok(run(asked)),
};

fn run(asked: &Asked) -> Outcome {
    let mut compared = Compared::default();
    for seed in asked.seeds() {
        let (history, is_long) = history(seed);
        let Ok(history) = history else {
            compared.differs(|| format!("weak, seed {seed}: two writes of one value"));
            continue;
        };
        compared.history(history.operation_count() as usize);
        let naive = Naive::new(&history);
        for model in Model::ALL {
            let expected = naive.as_ref().is_some_and(|naive| {
                if is_long {
                    naive.holds_by_closure(model)
                } else {
                    naive.holds(model)
                }
            });
            compared.verdict(expected);
            let found = holds(&history, model);
            if found != Ok(expected) {
                let id = model.id();
                compared.differs(|| format!("weak, seed {seed}: {id} {expected}, not {found:?}"));
            }
        }
        // The strongest of all, which only brute force decides here.
        if !is_long
            && naive.is_some_and(|naive| naive.is_sequential())
            && holds(&history, Model::CausalConvergence) != Ok(true)
        {
            compared.differs(|| format!("weak, seed {seed}: sequential and not convergent"));
        }
    }
    compared.outcome()
}

/// The history of a seed, and whether it is too long for all its orders to be tried: by
/// turns single operations, transactions, and longer ones that make some sense.
fn history(seed: u64) -> (Result<TransactionalHistory, HistoryError>, bool) {
    let mut dice = Dice::new(seed);
    let mut below = |bound| u64::from(dice.below(bound));
    let is_long = seed % 3 == 2;
    let sessions = if is_long {
        let (operations, longest, spread) = (10 + below(20), 1 + below(4), 1 + below(3));
        tame_sessions(&mut dice, operations, longest, spread)
    } else {
        let (operations, longest) = (2 + below(6), [1, 4][(seed % 3) as usize]);
        random_sessions(&mut dice, operations, longest)
    };
    (TransactionalHistory::new(&sessions), is_long)
}
