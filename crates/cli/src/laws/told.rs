//! What was tried, as JSON. The help of the command says what each field is.

use serde_json::{Value, json};
use splitbrain_engine::crdt::laws::{Counterexample, Finding, Moment, Sight, View};
use splitbrain_words::notation::{content, replica, state, step};

use super::Tried;

/// A type or a rule.
pub(super) fn row(tried: &Tried) -> Value {
    let laws = tried.findings.iter();
    let laws: Vec<Value> = laws.map(|it| law(it, tried.is_timed)).collect();
    let sample = tried.sample.as_ref();
    let bytes =
        sample.map(|it| json!({ "operation": it.operation, "delta": it.delta, "state": it.state }));
    json!({
        "id": tried.id,
        "name": tried.name,
        "sound": tried.id.map(|_| tried.breaks.is_empty()),
        "bytes": bytes,
        "sample": sample.map(|it| side(&it.view)),
        "as_expected": tried.is_as_expected(),
        "laws": laws,
    })
}

fn law(finding: &Finding, is_timed: bool) -> Value {
    let counterexample = finding.counterexample.as_ref();
    json!({
        "law": finding.law.id(),
        "tried": finding.tried,
        "holds": (finding.tried > 0).then_some(counterexample.is_none()),
        "counterexample": counterexample.map(|it| broken(it, is_timed)),
    })
}

fn broken(found: &Counterexample, is_timed: bool) -> Value {
    let violation = &found.violation;
    let steps = found.moments.iter().map(|it| moment(it, is_timed));
    let sight = match violation.sight {
        Sight::Value => "value",
        Sight::State => "state",
    };
    let from_one =
        |order: &Vec<u8>| -> Vec<u32> { order.iter().map(|&at| u32::from(at) + 1).collect() };
    let orders = violation.orders.as_ref();
    json!({
        "steps": steps.collect::<Vec<_>>(),
        "sight": sight,
        "replicas": names(violation.replicas.iter().copied()),
        "found": side(&violation.found),
        "expected": side(&violation.expected),
        "orders": orders.map(|orders| orders.each_ref().map(from_one)),
    })
}

fn names(places: impl Iterator<Item = u8>) -> Vec<String> {
    places.map(|it| replica(it).to_string()).collect()
}

fn side(view: &View) -> Value {
    let has_state = !view.state.is_empty();
    json!({
        "value": content(&view.value),
        "state": has_state.then(|| state(&view.state)),
    })
}

fn moment(moment: &Moment, is_timed: bool) -> Value {
    let replicas = (0_u8..).zip(&moment.replicas).map(|(place, view)| {
        json!({
            "name": replica(place).to_string(),
            "value": content(&view.value),
            "state": state(&view.state),
        })
    });
    json!({
        "step": step(moment.step, is_timed),
        "refused": moment.is_refused,
        "bytes": moment.bytes,
        "replicas": replicas.collect::<Vec<_>>(),
    })
}
