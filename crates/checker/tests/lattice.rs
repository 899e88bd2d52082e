//! The lattice across both families of models: no recorded history keeps a model and
//! breaks a weaker one, whatever was never answered and whatever the clock leaves open.
#![cfg(not(target_arch = "wasm32"))]

use proptest::prelude::*;
use splitbrain_checker::consistency::{Consistency, OF_OPERATIONS};
use splitbrain_checker::history::History;
use splitbrain_checker::history::sample::{Shape, of_model};
use splitbrain_checker::models::ModelId;
use splitbrain_checker::search::{STEPS, Verdict, check};
use splitbrain_checker::transactions::{NotJudged, Sessions};

/// Whether a history keeps a model; none where that is not known.
fn keeps(history: &History, model: ModelId, sessions: &Sessions, of: Consistency) -> Option<bool> {
    match of {
        Consistency::Ordered(order) => {
            let checked = check(history, model, order, STEPS).expect("it fits");
            match checked.verdict {
                Verdict::Holds => Some(true),
                Verdict::Violated(_) => Some(false),
                Verdict::Undecided { .. } => None,
            }
        }
        Consistency::Weak(weak) => match sessions.check(weak) {
            Ok(verdict) => Some(verdict.holds()),
            Err(NotJudged::Tied { .. }) => None,
            Err(other) => panic!("{other}"),
        },
    }
}

fn shapes() -> impl Strategy<Value = Shape> {
    let unknown = prop::sample::select(vec![0, 100_000, 400_000]);
    let wrong = prop::sample::select(vec![0, 100_000, 400_000]);
    let equal_times = prop::sample::select(vec![0, 0, 400_000]);
    let counts = (1..18_u32, 1..5_u32, 1..4_u32);
    (counts, unknown, wrong, equal_times).prop_map(|(counts, unknown, wrong, equal_times)| {
        let (operations, processes, keys) = counts;
        Shape {
            operations,
            processes,
            keys,
            values: None,
            unknown,
            wrong,
            equal_times,
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn no_history_keeps_a_model_and_breaks_a_weaker_one(seed in any::<u64>(), shape in shapes()) {
        let model = ModelId::Register;
        let history = of_model(seed, &shape, model);
        let sessions = Sessions::new(&history, Some(model)).expect("values are unique");
        let verdicts = OF_OPERATIONS.map(|of| (of, keeps(&history, model, &sessions, of)));
        for (stronger, keeps) in verdicts {
            if keeps != Some(true) {
                continue;
            }
            for weaker in stronger.implies() {
                let weaker = verdicts.iter().find(|it| it.0 == weaker);
                prop_assert!(weaker.is_none_or(|it| it.1 != Some(false)), "{verdicts:?}");
            }
        }
    }
}

#[test]
fn every_model_is_kept_and_broken_and_only_ties_leave_one_open() {
    let mut seen = OF_OPERATIONS.map(|of| (of, [0, 0, 0]));
    for seed in 0..4_000 {
        let shape = Shape {
            operations: 4 + (seed % 16) as u32,
            processes: 3,
            keys: 2,
            values: None,
            unknown: 100_000,
            wrong: 200_000,
            equal_times: if seed % 4 == 0 { 400_000 } else { 0 },
        };
        let history = of_model(seed, &shape, ModelId::Register);
        let sessions = Sessions::new(&history, None).expect("values are unique");
        for (of, counts) in &mut seen {
            let keeps = keeps(&history, ModelId::Register, &sessions, *of);
            assert!(keeps.is_some() || shape.equal_times > 0, "seed {seed}");
            counts[keeps.map_or(2, usize::from)] += 1;
        }
    }
    for (of, [broken, kept, open]) in seen {
        assert!(broken > 40 && kept > 40, "{of:?}: {broken}, {kept}, {open}");
    }
}
