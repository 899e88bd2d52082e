//! Lost updates and staleness against a naive oracle that takes the definitions
//! literally, on small random runs: no difference at any step.
#![cfg(not(target_arch = "wasm32"))]

mod naive_reads;
mod random_reads;

use naive_reads::Naive;
use proptest::prelude::*;
use random_reads::{Action, Design, random_reads};
use splitbrain_checker::{FactRef, Further, Judge, OpRef, PropertyId, Verdict, Violation};

const BOUND_US: u64 = 8;

fn violations(judge: &Judge, property: PropertyId) -> Vec<&Violation> {
    match judge.verdict(property) {
        Verdict::Violated { violations, .. } => violations,
        _ => Vec::new(),
    }
}

fn said(violations: &[&Violation]) -> Vec<(OpRef, FactRef)> {
    for violation in violations {
        let witness = &violation.witness;
        assert!(witness.windows(2).all(|pair| pair[0] < pair[1]));
        assert_eq!(
            witness.last().map(|it| it.0),
            Some(violation.first),
            "{violation:?}"
        );
        assert!(violation.stands());
    }
    let mut said: Vec<_> = violations
        .iter()
        .map(|it| (it.op.expect("somebody's"), it.first))
        .collect();
    said.sort_unstable();
    said
}

/// Compares at every step; gives how many updates were lost and reads were stale.
fn compare(replicas: u8, design: Design, actions: &[Action]) -> (u32, u32) {
    let steps = random_reads(replicas, design, actions);
    let mut judge = Judge::with(replicas, Some(Further::with_staleness_bound(BOUND_US)));
    for (step, observations) in steps.iter().enumerate() {
        for observation in observations {
            judge.observe(observation);
        }
        judge.end_of_step();
        let naive = Naive::of(&steps[..=step]);
        let expected = naive.lost_updates();
        let found = violations(&judge, PropertyId::LostUpdate);
        let lost: Vec<_> = expected.iter().map(|(&op, it)| (op, it.0)).collect();
        assert_eq!(said(&found), lost, "step {step} of {steps:#?}");
        for violation in found {
            let (_, other) = violation.other.expect("another update");
            assert!(
                expected[&violation.op.expect("an update")]
                    .1
                    .contains(&other)
            );
        }
        let staleness = naive.staleness();
        let too_stale = staleness.iter().filter(|it| it.1.0 > BOUND_US);
        let too_stale: Vec<_> = too_stale.map(|(&op, it)| (op, it.1)).collect();
        let found = violations(&judge, PropertyId::BoundedStaleness);
        assert_eq!(said(&found), too_stale, "step {step} of {steps:#?}");
        for violation in found {
            let newer = violation.other.expect("a newer write").1;
            assert_eq!(staleness[&violation.op.expect("a read")].2, newer);
        }
        let worst = staleness.values().map(|it| it.0).max().unwrap_or(0);
        assert_eq!(judge.worst_staleness().map_or(0, |it| it.us), worst);
    }
    let count = |property| judge.counts(property).violations;
    (
        count(PropertyId::LostUpdate),
        count(PropertyId::BoundedStaleness),
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..Default::default() })]

    #[test]
    fn reads_are_judged_at_every_step_as_the_definitions_say(
        replicas in 1_u8..=3,
        design in prop_oneof![
            Just(Design::Ordered),
            Just(Design::ArrivalOrder),
            Just(Design::Chaotic),
        ],
        actions in prop::collection::vec(any::<Action>(), 1..90),
    ) {
        compare(replicas, design, &actions);
    }
}

#[test]
fn random_runs_lose_updates_and_read_stale_values_often_enough_to_prove_something() {
    let mut state = 7_u64;
    // SplitMix64, Steele et al. 2014.
    let mut byte = || {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        ((mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB) >> 56) as u8
    };
    let mut found = (0, 0);
    for _ in 0..60 {
        let actions: Vec<Action> = (0..120).map(|_| [(); 4].map(|()| byte())).collect();
        let (lost, stale) = compare(2, Design::Ordered, &actions);
        found = (found.0 + lost, found.1 + stale);
    }
    assert!(found.0 > 20 && found.1 > 5, "{found:?}");
}
