//! The judge against a naive oracle that recomputes every verdict from the whole
//! stream by definition, on small random runs: no difference at any step.
#![cfg(not(target_arch = "wasm32"))]

mod naive;
mod random_run;

use std::collections::BTreeMap;

use naive::{Expected, Naive, Subject};
use proptest::prelude::*;
use random_run::{Action, Design, random_run};
use splitbrain_checker::{Judge, Observation, PropertyId, Verdict, Violation, ViolationKind};

/// What the judge says, in the oracle's terms: the step of the first moment, and
/// whether it stands.
fn said(judge: &Judge, step_of: &BTreeMap<u32, u32>) -> Expected {
    let mut said = Expected::default();
    for report in judge.verdicts() {
        let (violations, at_risk) = match report.verdict {
            Verdict::Holds => continue,
            Verdict::Open { at_risk } => (Vec::new(), at_risk),
            Verdict::Violated {
                violations,
                at_risk,
            } => (violations, at_risk),
        };
        said.at_risk.extend(at_risk.iter().map(|it| it.op));
        for violation in violations {
            assert!(is_proved(violation), "{violation:?}");
            let of = match violation.op {
                Some(op) => Subject::Op(op),
                None => Subject::Key(violation.key.expect("a key or an operation")),
            };
            let first = step_of[&violation.first.0];
            let known = (first, violation.stands());
            assert!(
                said.violations
                    .insert((violation.kind, of), known)
                    .is_none()
            );
        }
    }
    said
}

fn is_proved(violation: &Violation) -> bool {
    let witness = &violation.witness;
    let in_order = witness.windows(2).all(|pair| pair[0] < pair[1]);
    let last = witness.last().is_some_and(|it| it.0 <= violation.first);
    in_order && last && violation.property().info().kinds.contains(&violation.kind)
}

fn compare(replicas: u8, design: Design, actions: &[Action]) {
    let steps = random_run(replicas, design, actions);
    let mut judge = Judge::new(replicas);
    let mut naive = Naive::new(replicas);
    let mut step_of = BTreeMap::new();
    for (step, observations) in steps.iter().enumerate() {
        for observation in observations {
            step_of.insert(observation.fact().0, step as u32);
            judge.observe(observation);
        }
        judge.end_of_step();
        let expected = naive.judge(&steps[..=step]);
        assert_eq!(
            said(&judge, &step_of),
            expected,
            "step {step} of {steps:#?}"
        );
        if let Verdict::Violated { violations, .. } = judge.verdict(PropertyId::AcknowledgedWrites)
        {
            for violation in violations
                .iter()
                .filter(|it| step_of[&it.first.0] == step as u32)
            {
                naive.check_winner(violation);
            }
        }
    }
}

fn play(judge: &mut Judge, steps: &[Vec<Observation>]) {
    for step in steps {
        for observation in step {
            judge.observe(observation);
        }
        judge.end_of_step();
    }
}

fn designs() -> impl Strategy<Value = Design> {
    prop_oneof![
        Just(Design::LastWriterWins),
        Just(Design::ArrivalOrder),
        Just(Design::ObservedRemove),
        Just(Design::ChaoticRegister),
        Just(Design::ChaoticSet),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..Default::default() })]

    #[test]
    fn the_judge_says_at_every_step_what_the_definitions_say(
        replicas in 1_u8..=4,
        design in designs(),
        actions in prop::collection::vec(any::<Action>(), 1..70),
    ) {
        compare(replicas, design, &actions);
    }

    #[test]
    fn a_sound_design_converges_and_a_sound_set_loses_nothing(
        last_writer_wins in any::<bool>(),
        actions in prop::collection::vec(any::<Action>(), 1..70),
    ) {
        let design = if last_writer_wins { Design::LastWriterWins } else { Design::ObservedRemove };
        let mut judge = Judge::new(3);
        play(&mut judge, &random_run(3, design, &actions));
        prop_assert_eq!(judge.verdict(PropertyId::Convergence), Verdict::Holds);
        if design == Design::ObservedRemove {
            prop_assert_eq!(judge.counts(PropertyId::AcknowledgedWrites).at_risk, 0);
            // The random customers are told Ok without a write, too: that vanished.
            if let Verdict::Violated { violations, .. } = judge.verdict(PropertyId::AcknowledgedWrites) {
                prop_assert!(violations.iter().all(|it| it.kind == ViolationKind::Vanished && it.writes.is_empty()));
            }
        }
    }

    #[test]
    fn a_clone_goes_on_as_the_original_does(
        design in designs(),
        actions in prop::collection::vec(any::<Action>(), 1..70),
        cut in any::<prop::sample::Index>(),
    ) {
        let steps = random_run(3, design, &actions);
        let cut = cut.index(steps.len() + 1);
        let mut judge = Judge::new(3);
        play(&mut judge, &steps[..cut]);
        let mut copy = judge.clone();
        play(&mut judge, &steps[cut..]);
        play(&mut copy, &steps[cut..]);
        prop_assert_eq!(judge.verdicts(), copy.verdicts());
    }
}
