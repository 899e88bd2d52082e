//! A broken law, told step by step.

use splitbrain_engine::crdt::laws::{Counterexample, Step};
use splitbrain_words::laws::whole;
use splitbrain_words::notation::step;

use crate::say::Voice;

/// The steps, each with what it did to its replica, and what does not hold after them.
pub(super) fn lines(voice: &Voice, found: &Counterexample, is_timed: bool) -> Vec<String> {
    let steps = found.moments.iter();
    let steps: Vec<String> = steps.map(|it| step(it.step, is_timed)).collect();
    let widest = steps.iter().map(|it| it.chars().count()).max().unwrap_or(0);
    let mut lines: Vec<String> = Vec::new();
    for (number, (moment, told)) in (1..).zip(found.moments.iter().zip(&steps)) {
        let place = match moment.step {
            Step::Act { replica, .. } => replica,
            Step::Merge { into, .. } => into,
        };
        let after = if moment.is_refused {
            voice.words.get("law.refused").to_string()
        } else {
            let view = moment.replicas.get(usize::from(place));
            view.map_or_else(String::new, whole)
        };
        lines.push(format!("{number:>2}. {told:<widest$}   {after}"));
    }
    lines.push(voice.words.law_broken(found).to_string());
    lines
}
