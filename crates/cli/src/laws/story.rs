//! A broken law, told step by step.

use splitbrain_engine::crdt::laws::{Counterexample, Law, Sight, Step, View};
use splitbrain_words::{Arg, Text};

use super::notation::{content, replica, state, step};
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
            voice.say("cli.laws.refused", &[]).to_string()
        } else {
            let view = moment.replicas.get(usize::from(place));
            view.map_or_else(String::new, whole)
        };
        lines.push(format!("{number:>2}. {told:<widest$}   {after}"));
    }
    lines.push(sentence(voice, found).to_string());
    lines
}

/// What a replica shows, and what it is made of where that is known.
fn whole(view: &View) -> String {
    if view.state.is_empty() {
        return content(&view.value);
    }
    format!("{}   ({})", content(&view.value), state(&view.state))
}

/// What does not hold.
fn sentence(voice: &Voice, found: &Counterexample) -> Text {
    let violation = &found.violation;
    let shown = |view: &View| match violation.sight {
        Sight::Value => content(&view.value),
        Sight::State => whole(view),
    };
    let name = |place: usize| {
        let named = violation.replicas.get(place);
        named.map_or_else(String::new, |&it| replica(it).to_string())
    };
    let order = |which: usize| {
        let orders = violation.orders.as_ref();
        let order = orders.map_or(&[][..], |orders| &orders[which]);
        let numbers: Vec<String> = order
            .iter()
            .map(|&at| (u32::from(at) + 1).to_string())
            .collect();
        numbers.join(", ")
    };
    let args: [(&str, Arg); 7] = [
        ("a", name(0).into()),
        ("b", name(1).into()),
        ("c", name(2).into()),
        ("found", shown(&violation.found).into()),
        ("expected", shown(&violation.expected).into()),
        ("one", order(0).into()),
        ("other", order(1).into()),
    ];
    let id = match violation.law {
        Law::Commutative => "cli.laws.breaks.commutative",
        Law::Associative => "cli.laws.breaks.associative",
        Law::Idempotent => "cli.laws.breaks.idempotent",
        Law::UpdatesGoUp => "cli.laws.breaks.updates_go_up",
        Law::Specification => "cli.laws.breaks.specification",
        Law::Deltas => "cli.laws.breaks.deltas",
        Law::Operations => "cli.laws.breaks.operations",
        Law::Convergence => "cli.laws.breaks.convergence",
        Law::Bounds => "cli.laws.breaks.bounds",
    };
    voice.say(id, &args)
}
