//! Hybrid logical clocks: their laws at every event of skewed schedules.

use splitbrain_engine::clocks::hybrid::validate;

use super::{Asked, Outcome, Phrase, Validation};

/// This validation.
pub(super) const HYBRID: Validation = Validation {
    name: "hybrid",
    what: "cli.validate.hybrid.what",
    source: "Kulkarni et al., OPODIS 2014",
    run: |asked| Ok(run(asked)),
};

fn run(asked: &Asked) -> Outcome {
    let report = validate(asked.histories, asked.seed);
    if let Some(broken) = report.broken {
        eprintln!("hybrid: {broken:?}");
    }
    let broken = u64::from(report.broken.is_some());
    Outcome {
        size: Phrase {
            id: "cli.validate.hybrid.size",
            counts: vec![
                ("n", report.schedules),
                ("events", report.events),
                ("pairs", report.ordered_pairs),
            ],
        },
        result: Phrase {
            id: "cli.validate.hybrid.result",
            counts: vec![("n", broken)],
        },
        expected: Phrase {
            id: "cli.validate.hybrid.result",
            counts: vec![("n", 0)],
        },
        is_as_expected: broken == 0 && report.ordered_pairs > report.schedules,
        beside: None,
    }
}
