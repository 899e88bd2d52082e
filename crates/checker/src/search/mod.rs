//! Is there an order? Histories in, verdicts out.
//!
//! ```
//! use splitbrain_checker::history::{Action, History, Operation, Value};
//! use splitbrain_checker::models::ModelId;
//! use splitbrain_checker::search::{Order, Verdict, check, witness};
//!
//! let mut history = History::default();
//! let one = history.values.intern(Value::Int(1));
//! let nil = history.values.intern(Value::Nil);
//! let mut call = |process, call, ret, action| {
//!     history.operations.push(Operation { process, key: 0, call, ret, action });
//! };
//! call(0, 0, 1, Action::Write(one));
//! call(1, 2, 3, Action::Read(nil)); // and the write was over before
//! let checked = check(&history, ModelId::Register, Order::Linearizable, 1_000).unwrap();
//! let Verdict::Violated(conflict) = checked.verdict else {
//!     panic!("the read is stale");
//! };
//! let witness = witness(&history, &conflict, 1_000);
//! assert_eq!(witness.operations, [0, 1]);
//! assert_eq!(witness.kind.id(), "stale_read");
//! ```
//!
//! | file | what |
//! |---|---|
//! | `ready`, `frontier`, `antichain`, `mask` | the general search for linearizability |
//! | `beam`, `outlook` | how much of it to keep, and what is worth keeping |
//! | `links`, `chains`, `zones` | deciding by sorting where every value tells its maker |
//! | `fifo` | the same for queues |
//! | `bounds` | what a counter can be at most and at least, and a register replaced for certain |
//! | `sweep` | the same for reads and writes alone, by the million |
//! | `incremental` | the same as calls and returns come |
//! | `sequential`, `demand` | the other order condition, by bounded search |
//! | `shrink`, `kind` | the minimal violation, and what to call it |
//!
//! Linearizability is looked at key by key: a history is linearizable exactly if each
//! key's part is (Herlihy & Wing 1990, theorem 1; Horn & Kroening 2015 for its use here).

mod antichain;
mod beam;
mod bounds;
mod chains;
mod decide;
mod demand;
mod fifo;
mod frontier;
pub mod incremental;
mod kind;
mod links;
mod mask;
mod outlook;
mod ready;
mod sequential;
mod shrink;
pub mod sweep;
mod zones;

pub use kind::Kind;
pub use shrink::{Witness, without, witness};

use crate::history::{History, Operation};
use crate::models::ModelId;
use decide::{Decided, Method};
use frontier::Budget;
use sweep::Room;

/// Which orders count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Order {
    /// What was over before something else began comes before it.
    Linearizable,
    /// What a process did comes in the order in which it did it.
    Sequential,
}

impl Order {
    /// Each, the stronger first.
    pub const ALL: [Self; 2] = [Self::Linearizable, Self::Sequential];

    /// The stable id.
    pub fn id(self) -> &'static str {
        match self {
            Self::Linearizable => "linearizable",
            Self::Sequential => "sequential",
        }
    }
}

/// Whether there is an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// There is.
    Holds,
    /// There is none.
    Violated(Conflict),
    /// The budget was spent before it was known.
    Undecided {
        /// Operations put in order at best, in the part that was too much.
        linearized: u32,
    },
}

impl Verdict {
    /// The stable id: `holds`, `violated`, `undecided`.
    pub fn id(&self) -> &'static str {
        match self {
            Self::Holds => "holds",
            Self::Violated(_) => "violated",
            Self::Undecided { .. } => "undecided",
        }
    }
}

/// Operations that cannot be put in order, not yet as few as could be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// What they were taken for.
    pub model: ModelId,
    /// The order that they do not have.
    pub order: Order,
    /// By their places in the history, ascending.
    pub operations: Vec<u32>,
}

/// A verdict and what it took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// The verdict.
    pub verdict: Verdict,
    /// Steps of the general search: questions to the model and comparisons, more where
    /// states or configurations are large. Where sorting decides, none.
    pub steps: u64,
}

/// A history that does not fit a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unfit {
    /// The model.
    pub model: ModelId,
    /// The first operation that it does not know.
    pub at: u32,
}

/// Steps that a check may take unless told otherwise: about two seconds natively, whatever
/// the history. A step is some 10 to 25 ns of work; what is more work is more steps.
pub const STEPS: u64 = 80_000_000;

/// Whether the history, taken as operations on such a thing, has such an order. Takes at
/// most about `steps` steps.
///
/// # Errors
/// Where the model does not know an operation.
pub fn check(
    history: &History,
    model: ModelId,
    order: Order,
    steps: u64,
) -> Result<Checked, Unfit> {
    check_by(history, model, order, steps, Method::Best)
}

/// As [`check`], by the general search alone: what [`check`] is compared with where it
/// sorts instead.
///
/// # Errors
/// Where the model does not know an operation.
pub fn check_by_search(history: &History, model: ModelId, steps: u64) -> Result<Checked, Unfit> {
    check_by(history, model, Order::Linearizable, steps, Method::Search)
}

fn check_by(
    history: &History,
    model: ModelId,
    order: Order,
    steps: u64,
    method: Method,
) -> Result<Checked, Unfit> {
    let mut operations = history.operations.iter();
    if let Some(at) = operations.position(|operation| !model.accepts(operation.action)) {
        return Err(Unfit {
            model,
            at: at as u32,
        });
    }
    let mut budget = Budget { left: steps };
    let verdict = match order {
        Order::Linearizable => linearizable(history, model, &mut budget, method),
        Order::Sequential => sequential(history, model, &mut budget),
    };
    Ok(Checked {
        verdict,
        steps: steps - budget.left,
    })
}

fn linearizable(history: &History, model: ModelId, budget: &mut Budget, method: Method) -> Verdict {
    let mut room = Room::default();
    let mut undecided = None;
    for part in parts(history, model) {
        let operations = part.operations(history);
        match decide::linearizable(model, history, &operations, &mut room, budget, method) {
            Decided::Holds => {}
            Decided::Violated(places) => {
                return Verdict::Violated(Conflict {
                    model,
                    order: Order::Linearizable,
                    operations: part.places(places),
                });
            }
            Decided::Undecided { linearized } => {
                undecided.get_or_insert(Verdict::Undecided { linearized });
            }
        }
    }
    undecided.unwrap_or(Verdict::Holds)
}

/// What is linearizable is sequential, and one key's part that is not says it for all; only
/// what is left is searched as a whole.
fn sequential(history: &History, model: ModelId, budget: &mut Budget) -> Verdict {
    if linearizable(history, model, budget, Method::Best) == Verdict::Holds {
        return Verdict::Holds;
    }
    let violated = |operations| {
        Verdict::Violated(Conflict {
            model,
            order: Order::Sequential,
            operations,
        })
    };
    let parts = by_key(history);
    if parts.len() > 1 {
        for part in &parts {
            let mut share = Budget {
                left: budget.left / (2 * parts.len() as u64),
            };
            let before = share.left;
            let operations = part.operations(history);
            let decided = decide::sequential(model, history, &operations, &mut share);
            budget.left -= before - share.left;
            if let Decided::Violated(places) = decided {
                return violated(part.places(places));
            }
        }
    }
    match decide::sequential(model, history, &history.operations, budget) {
        Decided::Holds => Verdict::Holds,
        Decided::Violated(places) => violated(places),
        Decided::Undecided { linearized } => Verdict::Undecided { linearized },
    }
}

/// Places of a history that know nothing of the others; none where it is all of it.
struct Part(Option<Vec<u32>>);

impl Part {
    fn operations<'a>(&self, history: &'a History) -> std::borrow::Cow<'a, [Operation]> {
        match &self.0 {
            None => (&history.operations).into(),
            Some(places) => {
                let of = |&at: &u32| history.operations[at as usize];
                places.iter().map(of).collect::<Vec<_>>().into()
            }
        }
    }

    /// Places in the history of places in the part.
    fn places(&self, places: Vec<u32>) -> Vec<u32> {
        match &self.0 {
            None => places,
            Some(of) => places.into_iter().map(|at| of[at as usize]).collect(),
        }
    }
}

/// A part a key, in the order of the keys' numbers.
fn by_key(history: &History) -> Vec<Part> {
    let mut operations = history.operations.iter();
    let first = history.operations.first().map(|operation| operation.key);
    if operations.all(|operation| Some(operation.key) == first) {
        return vec![Part(None)];
    }
    let most = history
        .operations
        .iter()
        .map(|operation| operation.key)
        .max();
    let mut places = vec![Vec::new(); most.map_or(0, |most| most as usize + 1)];
    for (at, operation) in history.operations.iter().enumerate() {
        places[operation.key as usize].push(at as u32);
    }
    places.retain(|places| !places.is_empty());
    places
        .into_iter()
        .map(|places| Part(Some(places)))
        .collect()
}

/// As [`by_key`], and where the model divides a key's operations further, so.
fn parts(history: &History, model: ModelId) -> Vec<Part> {
    let parts = by_key(history);
    let mut made = Vec::with_capacity(parts.len());
    for part in parts {
        let Some(of) = decide::divide(model, &part.operations(history)) else {
            made.push(part);
            continue;
        };
        let mut divided = std::collections::BTreeMap::<u32, Vec<u32>>::new();
        for (at, of) in of.into_iter().enumerate() {
            divided.entry(of).or_default().push(at as u32);
        }
        let divided = divided.into_values();
        made.extend(divided.map(|places| Part(Some(part.places(places)))));
    }
    made
}
