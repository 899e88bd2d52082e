//! What became of an operation: dead, undone, missing somewhere, or fine.

use splitbrain_sorted::Map;

use super::Operation;
use crate::lineage::Lineage;
use crate::observation::{FactRef, OpRef, OperationKind, WriteKind, WriteRef};
use crate::verdict::AtRisk;
use crate::witness::Role;

/// Why an operation is lost, if it was told Ok.
#[derive(Debug, Clone)]
pub(super) struct Doom {
    pub(super) since: FactRef,
    pub(super) writes: Vec<WriteRef>,
    /// The write that won, and the fact by which it did.
    pub(super) winner: Option<(WriteRef, FactRef)>,
    pub(super) witness: Vec<(FactRef, Role)>,
}

/// None of its writes lives on.
pub(super) fn dead(
    operation: &Operation,
    since: FactRef,
    lineage: &Lineage,
    operations: &Map<OpRef, Operation>,
) -> Option<Doom> {
    let mut witness = Vec::new();
    for &write in &operation.writes {
        let it = lineage.write(write)?;
        if it.alive != 0 {
            return None;
        }
        witness.push((it.accepted, Role::Wrote));
    }
    let winner = operation
        .writes
        .iter()
        .find_map(|&write| winner(write, lineage, operations));
    if let Some((winner, displaced)) = winner {
        if let Some(it) = lineage.write(winner) {
            witness.push((it.accepted, Role::Winner));
        }
        witness.push((displaced, Role::Displaced));
    }
    let received = lineage
        .receipts()
        .iter()
        .rfind(|receipt| operation.writes.contains(&receipt.write));
    if received.is_some() || winner.is_none() {
        let fact = received.map_or(since, |receipt| receipt.fact);
        witness.push((fact, Role::Received));
    }
    Some(Doom {
        since: winner.map_or(since, |(_, displaced)| displaced.max(since)),
        writes: operation.writes.clone(),
        winner,
        witness,
    })
}

/// The write that a dead write gave way to and that lives on, maybe by way of
/// others that are dead too; and the fact by which it prevailed.
fn winner(
    write: WriteRef,
    lineage: &Lineage,
    operations: &Map<OpRef, Operation>,
) -> Option<(WriteRef, FactRef)> {
    let lives = |write| lineage.write(write).is_none_or(|it| it.alive != 0);
    let mut reached = vec![write];
    let mut next = 0;
    let mut fallback = None;
    while let Some(it) = reached.get(next).and_then(|&it| lineage.write(it)) {
        next += 1;
        for &(by, fact) in &it.displaced {
            if lives(by) {
                return Some((by, fact));
            }
            fallback = fallback.or(Some((by, fact)));
            if !reached.contains(&by) {
                reached.push(by);
            }
        }
        // The next version may know already, so a long chain is walked once.
        let known = operations
            .get(&it.op)
            .filter(|operation| operation.writes.len() == 1)
            .and_then(|operation| operation.doom.as_ref()?.winner);
        if known.is_some_and(|(winner, _)| lives(winner)) {
            return known;
        }
    }
    fallback
}

/// Told Ok, and no write was ever accepted for it. A removal may have had nothing
/// to remove.
pub(super) fn nothing_written(operation: &Operation) -> Option<Doom> {
    let told = operation.told_ok?;
    let due = [
        OperationKind::Write,
        OperationKind::Add,
        OperationKind::Count,
    ];
    due.contains(&operation.kind).then(|| Doom {
        since: told,
        writes: Vec::new(),
        winner: None,
        witness: Vec::new(),
    })
}

/// Every replica has all its removals, and an addition that one of them saw is
/// reflected.
pub(super) fn removal_undone(
    operation: &Operation,
    since: FactRef,
    lineage: &Lineage,
) -> Option<Doom> {
    if operation.kind != OperationKind::Remove {
        return None;
    }
    let mut witness = Vec::new();
    let mut undone = false;
    for &write in &operation.writes {
        let it = lineage.write(write)?;
        if lineage.holders(it.key) & !it.received != 0 {
            return None;
        }
        witness.push((it.accepted, Role::Wrote));
        undone |= undone_at(write, lineage) != 0;
    }
    witness.push((since, Role::Resurfaced));
    undone.then(|| Doom {
        since,
        writes: operation.writes.clone(),
        winner: None,
        witness,
    })
}

/// Mask of the replicas that reflect an addition which this removal saw, though
/// they have the removal.
fn undone_at(removal: WriteRef, lineage: &Lineage) -> u64 {
    let Some(it) = lineage.write(removal) else {
        return 0;
    };
    if !matches!(it.kind, WriteKind::Remove { .. }) {
        return 0;
    }
    let reflected = it
        .counterparts
        .iter()
        .filter_map(|&addition| lineage.write(addition))
        .fold(0, |mask, addition| mask | addition.reflected);
    reflected & it.received
}

/// Some replica received it and has nothing of it.
pub(super) fn missing_somewhere(
    op: OpRef,
    operation: &Operation,
    since: FactRef,
    lineage: &Lineage,
) -> Option<AtRisk> {
    let (mut alive, mut undone) = (0, 0);
    for &write in &operation.writes {
        alive |= lineage.write(write)?.alive;
        undone |= undone_at(write, lineage);
    }
    let missing = |write: &&WriteRef| {
        let received = lineage.write(**write).map_or(0, |it| it.received);
        received & (!alive | undone) != 0
    };
    let &write = operation.writes.iter().find(missing)?;
    Some(AtRisk {
        op,
        session: operation.session,
        key: operation.key,
        write,
        since: operation.told_ok.map_or(since, |told| told.max(since)),
    })
}
