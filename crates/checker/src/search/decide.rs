//! Which way to decide one part of a history.

use super::beam;
use super::frontier::{Budget, Found};
use super::sweep::{Room, Swept, sweep};
use super::{bounds, fifo, links, sequential as by_process};
use crate::history::{History, Operation};
use crate::models::{CasRegister, Counter, Kv, Lock, Model, ModelId, Queue, Register, Set};

/// A part's verdict. Places are of the part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Decided {
    Holds,
    Violated(Vec<u32>),
    Undecided { linearized: u32 },
}

/// How.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Method {
    /// By sorting where that decides, by the search elsewhere.
    Best,
    /// By the search alone.
    Search,
}

/// Calls the function for the model of this name.
macro_rules! of_model {
    ($model:expr, $function:ident($($argument:expr),*)) => {
        match $model {
            ModelId::Register => $function::<Register>($($argument),*),
            ModelId::CasRegister => $function::<CasRegister>($($argument),*),
            ModelId::Kv => $function::<Kv>($($argument),*),
            ModelId::Counter => $function::<Counter>($($argument),*),
            ModelId::Set => $function::<Set>($($argument),*),
            ModelId::Queue => $function::<Queue>($($argument),*),
            ModelId::Lock => $function::<Lock>($($argument),*),
        }
    };
}

/// Whether these operations, on one key, are linearizable.
pub(super) fn linearizable(
    model: ModelId,
    history: &History,
    operations: &[Operation],
    room: &mut Room,
    budget: &mut Budget,
    method: Method,
) -> Decided {
    if method == Method::Best
        && let Some(decided) = by_sorting(model, history, operations, room)
    {
        return decided;
    }
    of_model!(model, search(history, operations, budget))
}

/// Fewer operations are searched at once: it costs no more than to look at their bounds.
const MANY: usize = 400;

fn by_sorting(
    model: ModelId,
    history: &History,
    operations: &[Operation],
    room: &mut Room,
) -> Option<Decided> {
    let chains = match model {
        ModelId::Register | ModelId::CasRegister => {
            match sweep(room, history.initial, operations) {
                Swept::Holds => return Some(Decided::Holds),
                Swept::Violated(places) => return Some(Decided::Violated(places)),
                Swept::NotUnique => match links::of_register(history, operations) {
                    None if operations.len() < MANY => return None,
                    None => {
                        let stale = bounds::of_register(history, operations);
                        return stale.map(Decided::Violated);
                    }
                    chains => chains,
                },
            }
        }
        ModelId::Kv => links::of_kv(&Kv::compile(history, operations), operations),
        ModelId::Counter => {
            return bounds::of_counter(history, operations).map(Decided::Violated);
        }
        ModelId::Queue => return fifo::decide(operations),
        _ => None,
    }?;
    Some(match chains.conflict(operations) {
        None => Decided::Holds,
        Some(places) => Decided::Violated(places),
    })
}

fn search<M: Model>(history: &History, operations: &[Operation], budget: &mut Budget) -> Decided {
    let model = M::compile(history, operations);
    match beam::search(&model, operations, budget) {
        Found::Order => Decided::Holds,
        Found::Spent { linearized } => Decided::Undecided { linearized },
        Found::None { at } => Decided::Violated(until::<M>(history, operations, at)),
    }
}

/// What was called before the return that cannot be accounted for; or everything, where
/// a read among them would lose its writer, which was called later.
fn until<M: Model>(history: &History, operations: &[Operation], at: u32) -> Vec<u32> {
    let end = operations[at as usize].ret;
    let mut keep: Vec<bool> = operations.iter().map(|other| other.call <= end).collect();
    let wanted = keep.clone();
    M::settle(history, operations, &mut keep, false);
    if keep != wanted {
        return (0..operations.len() as u32).collect();
    }
    (0..operations.len() as u32)
        .filter(|&at| keep[at as usize])
        .collect()
}

/// Whether these operations, on any keys, are sequentially consistent.
pub(super) fn sequential(
    model: ModelId,
    history: &History,
    operations: &[Operation],
    budget: &mut Budget,
) -> Decided {
    match of_model!(model, by_process_of(history, operations, budget)) {
        Found::Order => Decided::Holds,
        Found::Spent { linearized } => Decided::Undecided { linearized },
        Found::None { .. } => Decided::Violated((0..operations.len() as u32).collect()),
    }
}

fn by_process_of<M: Model>(
    history: &History,
    operations: &[Operation],
    budget: &mut Budget,
) -> Found {
    by_process::search::<M>(history, operations, budget)
}

/// [`Model::parts`].
pub(super) fn divide(model: ModelId, operations: &[Operation]) -> Option<Vec<u32>> {
    of_model!(model, parts_of(operations))
}

fn parts_of<M: Model>(operations: &[Operation]) -> Option<Vec<u32>> {
    M::parts(operations)
}

/// [`Model::settle`], each key by itself.
pub(super) fn settle(
    model: ModelId,
    history: &History,
    operations: &[Operation],
    keep: &mut [bool],
    every: bool,
) {
    let mut keys: Vec<u32> = operations.iter().map(|operation| operation.key).collect();
    keys.sort_unstable();
    keys.dedup();
    if keys.len() == 1 {
        of_model!(model, settle_of(history, operations, keep, every));
        return;
    }
    for key in keys {
        let places: Vec<usize> = (0..operations.len())
            .filter(|&at| operations[at].key == key)
            .collect();
        let part: Vec<Operation> = places.iter().map(|&at| operations[at]).collect();
        let mut kept: Vec<bool> = places.iter().map(|&at| keep[at]).collect();
        of_model!(model, settle_of(history, &part, &mut kept, every));
        for (at, kept) in places.into_iter().zip(kept) {
            keep[at] = kept;
        }
    }
}

fn settle_of<M: Model>(
    history: &History,
    operations: &[Operation],
    keep: &mut [bool],
    every: bool,
) {
    M::settle(history, operations, keep, every);
}
