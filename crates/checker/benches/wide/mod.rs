//! Many clients at one key: the histories that are hard to judge.
//!
//! A line each: the time in microseconds, the steps, the verdict in the name. Of each kind
//! one history that holds, and one in which answers are wrong.

use std::time::Instant;

use splitbrain_checker::history::sample::{Shape, of_model};
use splitbrain_checker::models::{ALL, ModelId};
use splitbrain_checker::search::{Order, STEPS, check};

const CLIENTS: [u32; 2] = [10, 50];

/// Values to choose from; none where every written value is a new one.
const VALUES: [Option<u32>; 3] = [Some(3), Some(10), None];

/// Wrong answers in a million.
const WRONG: [(&str, u32); 2] = [("right", 0), ("wrong", 5_000)];

fn shape(processes: u32, values: Option<u32>, wrong: u32) -> Shape {
    Shape {
        operations: 4_000,
        processes,
        keys: 1,
        values,
        unknown: 10_000,
        wrong,
        equal_times: 0,
    }
}

fn measure(model: ModelId, clients: u32, values: Option<u32>, (name, wrong): (&str, u32)) {
    let shape = shape(clients, values, wrong);
    let history = of_model(u64::from(clients), &shape, model);
    let begun = Instant::now();
    let checked = check(&history, model, Order::Linearizable, STEPS).expect("it fits");
    let micros = begun.elapsed().as_secs_f64() * 1e6;
    let values = values.map_or("unique".to_owned(), |values| format!("v{values}"));
    let id = model.id();
    let verdict = checked.verdict.id();
    println!("bench wide_{id}_c{clients}_{values}_{name}_{verdict} {micros:.0}");
    println!(
        "bench wide_{id}_c{clients}_{values}_{name}_steps {}",
        checked.steps
    );
}

/// Every case whose name has this in it.
pub(crate) fn main(wanted: &str) {
    for info in ALL {
        for clients in CLIENTS {
            for values in VALUES {
                for wrong in WRONG {
                    if info.id.contains(wanted) {
                        measure(info.model, clients, values, wrong);
                    }
                }
            }
        }
    }
}
