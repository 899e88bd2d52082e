//! A design that differs, as people and links write it: `service.slot=policy`, and
//! more of them after commas.
//!
//! ```
//! use splitbrain_engine::playground::playground;
//! use splitbrain_lesson::twin::choices;
//!
//! let text = "carts.merge=last_writer_wins";
//! let read = choices::read(text, &playground()).expect("the playground has carts");
//! assert_eq!(choices::write(&read), text);
//! ```

use splitbrain_engine::scenario::{Choice, Scenario, ScenarioError, Service, ServiceKind, Slot};

/// Bytes of such a text at most: more than every slot of every service takes.
pub const MAX_BYTES: u32 = 4_000;

/// The letters in which people write what a design differs in.
const FORM: &str = "service.slot=policy[,service.slot=policy…]";

/// Reads a design that differs from a scenario's. The field of an error is the place in
/// the list, `with[0]`, or the slot, `services.carts.merge`.
///
/// # Errors
/// Everything that is wrong with it, at once: no such service, slot or policy, a slot
/// named twice, one that the design does not have, or something in another form.
pub fn read(text: &str, scenario: &Scenario) -> Result<Vec<Choice>, Vec<ScenarioError>> {
    let wrong = |field: String, found: &str, allowed: String| ScenarioError {
        field,
        found: found.chars().take(80).collect(),
        allowed,
    };
    if text.len() as u64 > u64::from(MAX_BYTES) {
        let most = format!("{MAX_BYTES} bytes at most");
        return Err(vec![wrong("with".into(), &text.len().to_string(), most)]);
    }
    let mut choices: Vec<Choice> = Vec::new();
    let mut errors = Vec::new();
    for (place, part) in text.split(',').enumerate() {
        match one(part.trim(), scenario) {
            Err((found, allowed)) => errors.push(wrong(format!("with[{place}]"), found, allowed)),
            Ok(choice) => {
                let slot = (choice.service, choice.slot);
                if choices.iter().any(|held| (held.service, held.slot) == slot) {
                    let once = "each slot once".into();
                    errors.push(wrong(format!("with[{place}]"), part.trim(), once));
                }
                choices.push(choice);
            }
        }
    }
    if errors.is_empty() {
        errors = misfits(&choices, scenario);
    }
    if errors.is_empty() {
        Ok(choices)
    } else {
        Err(errors)
    }
}

/// The text that [`read`] reads.
pub fn write(choices: &[Choice]) -> String {
    let parts = choices.iter().map(|choice| {
        let (service, slot) = (choice.service.id(), choice.slot.id());
        format!("{service}.{slot}={}", choice.policy)
    });
    parts.collect::<Vec<_>>().join(",")
}

/// One of them, or what stands there and what may.
fn one<'a>(part: &'a str, scenario: &Scenario) -> Result<Choice, (&'a str, String)> {
    let split = part.split_once('=');
    let split = split.and_then(|(place, policy)| Some((place.split_once('.')?, policy)));
    let ((service, slot), policy) = split.ok_or_else(|| (part, FORM.to_owned()))?;
    let held = scenario.services.iter();
    let kind = held.map(|held| held.kind).find(|kind| kind.id() == service);
    let kind = kind.ok_or_else(|| {
        let services = scenario.services.iter().map(|held| held.kind.id());
        (service, services.collect::<Vec<_>>().join(", "))
    })?;
    let slots = kind.slots();
    let found = slots.iter().copied().find(|held| held.id() == slot);
    let slot = found.ok_or_else(|| {
        let slots = slots.iter().map(|slot| slot.id());
        (slot, slots.collect::<Vec<_>>().join(", "))
    })?;
    let policies: Vec<&str> = slot.choices(kind).iter().map(|info| info.id).collect();
    if policies.contains(&policy) {
        Ok(Choice {
            service: kind,
            slot,
            policy: policy.to_owned(),
        })
    } else {
        Err((policy, policies.join(", ")))
    }
}

/// Slots that the design does not have once all of it is chosen.
fn misfits(choices: &[Choice], scenario: &Scenario) -> Vec<ScenarioError> {
    let design = scenario.with(choices);
    let slots = |kind: ServiceKind| -> Vec<Slot> {
        let held = design.services.iter().find(|held| held.kind == kind);
        held.map(Service::slots).unwrap_or_default()
    };
    let misfits = choices.iter().filter_map(|choice| {
        let slots = slots(choice.service);
        (!slots.contains(&choice.slot)).then(|| ScenarioError {
            field: format!("services.{}", choice.service.id()),
            found: choice.slot.id().into(),
            allowed: slots
                .iter()
                .map(|slot| slot.id())
                .collect::<Vec<_>>()
                .join(", "),
        })
    });
    misfits.chain(design.check()).collect()
}

#[cfg(test)]
mod tests {
    use splitbrain_engine::playground::playground;

    use super::*;

    fn errors(text: &str) -> Vec<String> {
        let errors = read(text, &playground()).expect_err(text);
        errors.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn what_was_written_is_read_back() {
        let text =
            "carts.replication=quorum,carts.write_quorum=write_majority,prices.merge=arrival_order";
        let read = read(text, &playground()).expect(text);
        assert_eq!(read.len(), 3);
        assert_eq!(write(&read), text);
    }

    #[test]
    fn an_error_names_the_place_what_stands_there_and_what_may() {
        for (text, said) in [
            ("", ["with[0]", "service.slot=policy"]),
            ("carts", ["with[0]: carts", "service.slot=policy"]),
            ("carts.merge=", ["with[0]:  is not", "observed_remove_set"]),
            (
                "shoes.merge=x",
                ["with[0]: shoes", "prices, carts, payments"],
            ),
            ("carts.colour=x", ["with[0]: colour", "replication, merge"]),
            (
                "prices.merge=arrival_order,carts.merge=best",
                ["with[1]: best", "last_writer_wins"],
            ),
            (
                "carts.merge=arrival_order,carts.merge=last_writer_wins",
                ["with[1]", "each slot once"],
            ),
            (
                "carts.write_quorum=write_majority",
                ["services.carts: write_quorum", "replication, merge"],
            ),
        ] {
            let found = errors(text);
            for said in said {
                assert!(found[0].contains(said), "{text}: {found:?} lacks {said}");
            }
        }
    }

    #[test]
    fn everything_that_is_wrong_is_said_at_once_and_a_huge_text_is_not_read() {
        assert_eq!(errors("shoes.merge=x,carts.colour=y,z").len(), 3);
        assert_eq!(errors(&"carts.merge=x,".repeat(1_000)).len(), 1);
    }
}
