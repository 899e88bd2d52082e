//! The polynomial checkers against the definitions of their models, on small
//! random histories.
//!
//! `splitbrain validate weak` tries a million of them.
#![cfg(not(target_arch = "wasm32"))]

use splitbrain_checker::history::sample::Dice;
use splitbrain_checker::transactions::definition::Naive;
use splitbrain_checker::transactions::sample::{random_sessions, tame_sessions};
use splitbrain_checker::transactions::*;

/// Histories of a kind.
const HISTORIES: u64 = 6_000;

/// How many histories hold and how many do not, so that neither is missing.
#[derive(Default)]
struct Seen {
    holds: u64,
    violated: u64,
}

impl Seen {
    fn count(&mut self, holds: bool) {
        if holds {
            self.holds += 1;
        } else {
            self.violated += 1;
        }
    }

    fn assert_both(&self, what: &str, of: u64) {
        let least = of / 100;
        assert!(self.holds > least, "{what} held {} times only", self.holds);
        assert!(
            self.violated > least,
            "{what} broke {} times only",
            self.violated
        );
    }
}

fn below(dice: &mut Dice, bound: u32) -> u64 {
    u64::from(dice.below(bound))
}

fn compare(longest: u64, seed: u64) {
    let mut seen: Vec<Seen> = Model::ALL.iter().map(|_| Seen::default()).collect();
    for number in 0..HISTORIES {
        let mut dice = Dice::new(seed ^ (number << 20));
        let operations = 2 + below(&mut dice, 6);
        let sessions = random_sessions(&mut dice, operations, longest);
        let history = TransactionalHistory::new(&sessions).expect("values differ");
        let naive = Naive::new(&history);
        for (model, seen) in Model::ALL.into_iter().zip(&mut seen) {
            let expected = naive.as_ref().is_some_and(|it| it.holds(model));
            let found = holds(&history, model).expect("few sessions");
            assert_eq!(found, expected, "{model:?} of {sessions:#?}");
            seen.count(found);
        }
    }
    for (model, seen) in Model::ALL.into_iter().zip(&seen) {
        // A transaction of one operation cannot be half seen.
        let is_whole = longest == 1 && matches!(model, Model::ReadCommitted);
        seen.assert_both(model.id(), if is_whole { 0 } else { HISTORIES });
    }
}

#[test]
fn single_operations_are_judged_as_the_definitions_say() {
    compare(1, 1);
}

#[test]
fn transactions_are_judged_as_the_definitions_say() {
    compare(4, 2);
}

#[test]
fn longer_histories_are_judged_as_closing_the_relations_says() {
    let mut seen: Vec<Seen> = Model::ALL.iter().map(|_| Seen::default()).collect();
    for number in 0..HISTORIES {
        let mut dice = Dice::new(5 ^ (number << 20));
        let (longest, spread) = (1 + below(&mut dice, 4), 1 + below(&mut dice, 3));
        let operations = 10 + below(&mut dice, 20);
        let sessions = tame_sessions(&mut dice, operations, longest, spread);
        let history = TransactionalHistory::new(&sessions).expect("values differ");
        let naive = Naive::new(&history);
        for (model, seen) in Model::ALL.into_iter().zip(&mut seen) {
            let expected = naive.as_ref().is_some_and(|it| it.holds_by_closure(model));
            let found = holds(&history, model).expect("few sessions");
            assert_eq!(found, expected, "{model:?} of {sessions:#?}");
            seen.count(found);
        }
    }
    for (model, seen) in Model::ALL.into_iter().zip(&seen) {
        seen.assert_both(model.id(), HISTORIES);
    }
}

#[test]
fn no_history_keeps_a_model_and_breaks_a_weaker_one() {
    let mut seen = Seen::default();
    for number in 0..HISTORIES {
        let mut dice = Dice::new(3 ^ (number << 20));
        let operations = 2 + below(&mut dice, 6);
        let longest = 1 + below(&mut dice, 2);
        let sessions = random_sessions(&mut dice, operations, longest);
        let history = TransactionalHistory::new(&sessions).expect("values differ");
        let naive = Naive::new(&history);
        let is_sequential = naive.as_ref().is_some_and(Naive::is_sequential);
        seen.count(is_sequential);
        let keeps = |model| holds(&history, model).expect("few sessions");
        assert!(
            !is_sequential || keeps(Model::CausalConvergence),
            "{sessions:#?}"
        );
        for model in Model::ALL.into_iter().filter(|it| keeps(*it)) {
            for weaker in model.implies() {
                assert!(
                    keeps(*weaker),
                    "{model:?} without {weaker:?}: {sessions:#?}"
                );
            }
        }
    }
    seen.assert_both("sequential consistency", HISTORIES);
}

#[test]
fn nothing_can_be_spared_from_a_witness() {
    let mut patterns = Vec::new();
    for number in 0..HISTORIES / 4 {
        let mut dice = Dice::new(4 ^ (number << 20));
        let (operations, longest) = (2 + below(&mut dice, 18), 1 + below(&mut dice, 4));
        let sessions = random_sessions(&mut dice, operations, longest);
        let history = TransactionalHistory::new(&sessions).expect("values differ");
        for model in Model::ALL {
            let Verdict::Violated { witness } = check(&history, model).expect("few sessions")
            else {
                continue;
            };
            assert!(witness.is_minimal);
            let all = &witness.transactions;
            let rest = history.restrict(|it| all.contains(&it));
            assert!(
                !holds(&rest, model).expect("few sessions"),
                "{model:?} {witness:?}"
            );
            for spared in all {
                let rest = history.restrict(|it| it != *spared && all.contains(&it));
                assert!(
                    holds(&rest, model).expect("few sessions"),
                    "{model:?} {spared:?} {witness:?}"
                );
            }
            assert_edges(&history, &witness);
            let is_shared = Naive::new(&history).is_none();
            assert!(is_shared || model.info().patterns.contains(&witness.pattern));
            patterns.push(witness.pattern);
        }
    }
    patterns.sort_unstable();
    patterns.dedup();
    assert_eq!(patterns, Pattern::ALL);
}

/// Every edge is what it says, they follow one another, and a cycle closes.
fn assert_edges(history: &TransactionalHistory, witness: &Witness) {
    let transaction = |end: End<OperationId>| match end {
        End::Operation(it) => Some(history.transaction_of(it)),
        End::Initial(_) => None,
    };
    let assert_edge = |edge: &Edge<OperationId>| match (edge.kind, edge.from, edge.to) {
        (EdgeKind::SessionOrder, End::Initial(_), _) => {}
        (EdgeKind::SessionOrder, End::Operation(from), End::Operation(to)) => {
            let sessions = [from, to].map(|it| history.session_of(history.transaction_of(it)));
            assert!(from < to && sessions[0] == sessions[1], "{witness:?}");
        }
        (EdgeKind::ReadFrom, End::Operation(from), End::Operation(to)) => {
            assert_eq!(history.source(to), Source::Write(from));
        }
        (EdgeKind::ReadFrom, End::Initial(_), End::Operation(to)) => {
            assert_eq!(history.source(to), Source::Initial);
        }
        (EdgeKind::MustPrecede, End::Operation(from), to) => {
            let from = history.operation(from);
            assert!(from.is_write());
            match to {
                End::Operation(to) => assert_eq!(history.operation(to).key, from.key),
                End::Initial(key) => assert_eq!(key, from.key),
            }
        }
        _ => panic!("{edge:?} in {witness:?}"),
    };
    let is_cycle = |edges: &[Edge<OperationId>]| {
        let follows = |it: &[Edge<OperationId>]| transaction(it[0].to) == transaction(it[1].from);
        let closes = edges.first().map(|it| transaction(it.from))
            == edges.last().map(|it| transaction(it.to));
        edges.windows(2).all(follows) && closes
    };
    for edge in &witness.edges {
        assert_edge(edge);
        assert_eq!(edge.kind == EdgeKind::MustPrecede, !edge.because.is_empty());
        let Some((seen, way)) = edge.because.split_last() else {
            continue;
        };
        // From the earlier write to the transaction of the read, which saw the later.
        edge.because.iter().for_each(assert_edge);
        assert_eq!(seen.from, edge.to);
        assert_eq!(
            transaction(way[0].from),
            transaction(edge.from),
            "{witness:?}"
        );
        assert_eq!(
            transaction(way[way.len() - 1].to),
            transaction(seen.to),
            "{witness:?}"
        );
        assert!(
            way.windows(2)
                .all(|it| transaction(it[0].to) == transaction(it[1].from))
        );
    }
    let is_alone = matches!(
        witness.pattern,
        Pattern::ThinAirRead
            | Pattern::AbortedRead
            | Pattern::IntermediateRead
            | Pattern::FutureRead
            | Pattern::OwnWriteMissed
            | Pattern::OwnReplacedWriteRead
    );
    assert!(is_alone || is_cycle(&witness.edges), "{witness:?}");
    assert!(
        witness
            .transactions
            .contains(&history.transaction_of(witness.read))
    );
}
