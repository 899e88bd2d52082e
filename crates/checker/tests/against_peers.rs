//! Random histories get the verdict that other checkers give them.
#![cfg(not(target_arch = "wasm32"))]

mod peers;

use splitbrain_checker::history::sample::{Shape, of_model};
use splitbrain_checker::models::ModelId;
use splitbrain_checker::search::{Order, STEPS, Verdict, check};

#[test]
fn todc_utils_and_stateright_say_the_same_of_random_histories() {
    let shape = Shape {
        operations: 10,
        processes: 3,
        keys: 2,
        values: Some(3),
        unknown: 80_000,
        wrong: 60_000,
        equal_times: 0,
    };
    for model in [ModelId::Register, ModelId::CasRegister, ModelId::Kv] {
        // `todc-utils` has unknown operations happen at the end, where a text would show it.
        let is_kv = model == ModelId::Kv;
        let mut counts = [0, 0];
        for seed in 0..1200 {
            let unique = (seed % 2 == 0).then_some(3);
            let unknown = if is_kv { 0 } else { shape.unknown };
            let shape = Shape {
                values: unique,
                unknown,
                ..shape
            };
            let mut history = of_model(seed, &shape, model);
            let asked = |action| !matches!(action, splitbrain_checker::history::Action::Refused(_));
            history.operations.retain(|one| asked(one.action));
            let checked = check(&history, model, Order::Linearizable, STEPS);
            let holds = checked.expect("it fits").verdict == Verdict::Holds;
            counts[usize::from(holds)] += 1;
            let said = || format!("{} {seed}: {:#?}", model.id(), history.operations);
            assert_eq!(
                peers::todc(&history, is_kv),
                holds,
                "todc-utils, {}",
                said()
            );
            assert_eq!(
                peers::stateright(&history, is_kv),
                holds,
                "stateright, {}",
                said()
            );
        }
        assert!(counts.iter().all(|&count| count > 200), "{counts:?}");
    }
}
