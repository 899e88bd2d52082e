//! Linearizability of registers whose written values are all different: sorting, the
//! general search and the incremental structure say the same.

use splitbrain_checker::history::sample::{Shape, register};
use splitbrain_checker::history::{Action, History};
use splitbrain_checker::models::ModelId;
use splitbrain_checker::search::incremental::Register;
use splitbrain_checker::search::{Checked, Order, STEPS, Unfit, Verdict, check, check_by_search};

use super::{Asked, Compared, Outcome, Validation};

/// This validation.
pub(super) const LIN: Validation = Validation {
    name: "lin",
    what: "cli.validate.lin.what",
    source: "Gibbons & Korach 1997; Wing & Gong 1993",
    run: |asked| Ok(run(asked)),
};

fn run(asked: &Asked) -> Outcome {
    let mut compared = Compared::default();
    for seed in asked.seeds() {
        let history = register(seed, &shape(seed));
        compared.history(history.operations.len());
        let [sorted, searched, followed] = verdicts(&history);
        compared.verdict(searched);
        if [sorted, followed] != [searched; 2] {
            compared.differs(|| {
                let verdicts = [sorted, searched, followed];
                format!("lin, seed {seed}: sort, search, incremental say {verdicts:?}")
            });
        }
    }
    compared.outcome()
}

/// Between them the seeds cover one to twelve operations, one to five processes, unknown
/// outcomes, wrong answers and equal times.
fn shape(seed: u64) -> Shape {
    Shape {
        operations: 1 + (seed % 12) as u32,
        processes: 1 + (seed / 12 % 5) as u32,
        keys: 1,
        values: None,
        unknown: [0, 100_000, 300_000][(seed % 3) as usize],
        wrong: [0, 100_000, 250_000][(seed / 3 % 3) as usize],
        equal_times: [0, 300_000][(seed % 2) as usize],
    }
}

/// What sorting, searching and the incremental structure say.
fn verdicts(history: &History) -> [bool; 3] {
    let holds = |checked: Result<Checked, Unfit>| {
        checked.is_ok_and(|checked| checked.verdict == Verdict::Holds)
    };
    let order = Order::Linearizable;
    [
        holds(check(history, ModelId::Register, order, STEPS)),
        holds(check_by_search(history, ModelId::Register, STEPS)),
        followed(history),
    ]
}

/// The verdict of the incremental structure at the end.
fn followed(history: &History) -> bool {
    let mut register = Register::new();
    for event in history.events() {
        let operation = &history.operations[event.operation as usize];
        match (operation.action, event.is_return) {
            (Action::Write(value), false) => register.call_write(value, event.time),
            (Action::Write(value), true) => register.return_write(value, event.time),
            (Action::Read(value), true) => {
                register.return_read(value, operation.call, event.time);
            }
            _ => {}
        }
    }
    register.holds()
}
