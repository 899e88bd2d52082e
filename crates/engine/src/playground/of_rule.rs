//! A world for a merge rule that somebody composed in the law lab: one in which that rule
//! decides between two versions that meet. Where it goes by values a write meets it at its
//! origin too, so that nothing goes back there; in the lab a write overwrites what its
//! replica has. [`Rule::overwrites`] tells them.
//!
//! [`Rule::overwrites`]: crate::crdt::laws::rules::Rule::overwrites

use super::{orders, playground, profiles};
use crate::conflict;
use crate::crdt::laws::rules::parse::parse;
use crate::crdt::laws::rules::{Kept, Plan};
use crate::design::{Choice, MergeRule, Service, ServiceKind, Slot};
use crate::scenario::Scenario;

/// A world, and the design of it in which this plan decides; nothing where no service is
/// merged so. What a world keeps under one key is a price, the state of an order or a
/// record of two fields.
pub fn of_rule(plan: &Plan) -> Option<(Scenario, Vec<Choice>)> {
    let (kind, world): (_, fn() -> Scenario) = match plan.kept {
        Kept::Price => (ServiceKind::Prices, playground),
        Kept::Status => (ServiceKind::Orders, orders),
        Kept::Record => (ServiceKind::Profiles, profiles),
        Kept::Count | Kept::Cart | Kept::Set => return None,
    };
    let mut designs = designs(kind).into_iter();
    let design = designs.find(|design| says(kind, design, plan))?;
    let choices = design.into_iter().map(|(slot, policy)| Choice {
        service: kind,
        slot,
        policy,
    });
    Some((world(), choices.collect()))
}

/// Every way in which the conflict rule of such a service can be chosen and set, where the
/// language of merge rules can say it.
fn designs(kind: ServiceKind) -> Vec<Vec<(Slot, String)>> {
    let rules = conflict::all().filter(|rule| rule.serves(kind) && rule.plan().is_some());
    let designs = rules.flat_map(|rule| {
        let chosen = vec![vec![(Slot::Merge, rule.info().id.to_owned())]];
        rule.slots().iter().fold(chosen, |designs, &slot| {
            let settings = slot.choices(kind);
            let longer = designs.iter().flat_map(|design| {
                settings.iter().map(move |info| {
                    let more = [(slot, info.id.to_owned())];
                    design.iter().cloned().chain(more).collect()
                })
            });
            longer.collect()
        })
    });
    designs.collect()
}

/// Whether a service of this design is merged by this plan.
fn says(kind: ServiceKind, design: &[(Slot, String)], plan: &Plan) -> bool {
    let service = Service {
        kind,
        design: design.to_vec(),
    };
    let Some(MergeRule::Conflict(rule)) = MergeRule::of(&service) else {
        return false;
    };
    let words = rule.plan();
    words.is_some_and(|words| parse(&words).as_ref() == Ok(plan))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conflict::tried::TRIED;
    use crate::crdt::laws::rules::{LAWS, RuleLab};
    use crate::crdt::laws::{Effort, Lab, Law, search};
    use crate::policy::Soundness;

    fn choices(words: &str) -> Option<Vec<(Slot, String)>> {
        let plan = parse(words).expect(words);
        let (world, choices) = of_rule(&plan)?;
        assert_eq!(world.with(&choices).check(), [], "{words}");
        Some(choices.into_iter().map(|it| (it.slot, it.policy)).collect())
    }

    #[test]
    fn a_rule_of_the_lab_decides_in_a_world_where_one_keeps_such_a_thing() {
        let of = |design: &[(Slot, &str)]| {
            let design = design.iter();
            Some(design.map(|&(slot, id)| (slot, id.to_owned())).collect())
        };
        assert_eq!(choices("price: minimum"), of(&[(Slot::Merge, "minimum")]));
        assert_eq!(choices("price: sum"), of(&[(Slot::Merge, "sum")]));
        assert_eq!(
            choices("price: latest"),
            of(&[(Slot::Merge, "last_writer_wins")])
        );
        assert_eq!(
            choices("status: placed < paid < shipped < cancelled"),
            of(&[
                (Slot::Merge, "order_of_states"),
                (Slot::StateOrder, "cancelled_last"),
            ])
        );
        assert_eq!(
            choices("record: { maximum, sum }"),
            of(&[
                (Slot::Merge, "field_wise"),
                (Slot::AddressRule, "field_maximum"),
                (Slot::PhoneRule, "field_sum"),
            ])
        );
        for nowhere in [
            "count: sum",
            "set: union",
            "status: open < closed",
            "record: { latest }",
            "record: { latest, latest, latest }",
        ] {
            assert_eq!(choices(nowhere), None, "{nowhere}");
        }
    }

    #[test]
    fn what_the_lab_finds_to_be_no_merge_is_marked_broken_in_its_world() {
        let kinds = [
            ServiceKind::Prices,
            ServiceKind::Orders,
            ServiceKind::Profiles,
        ];
        let mut tried = 0;
        for kind in kinds {
            for design in designs(kind) {
                let service = Service {
                    kind,
                    design: design.clone(),
                };
                let Some(MergeRule::Conflict(rule)) = MergeRule::of(&service) else {
                    panic!("{design:?} has a conflict rule");
                };
                let words = rule.plan().expect("it can be said");
                let lab = RuleLab::parse(&words).expect(&words);
                // Those of the merge alone: a write goes through the rule at its origin too
                // in a world, so that it does not go back, and in the lab it does not.
                let laws = [Law::Commutative, Law::Associative, Law::Idempotent];
                let found = search(&lab, &laws, Effort::default());
                let is_broken = found.iter().any(|it| it.counterexample.is_some());
                let infos = design.iter().flat_map(|(slot, id)| {
                    let all = slot.choices(kind).into_iter();
                    all.filter(move |info| info.id == id)
                });
                let mut infos = infos.map(|info| info.soundness);
                let is_marked = infos.any(|it| it != Soundness::Sound);
                assert_eq!(is_broken, is_marked, "{words}: {design:?}");
                tried += 1;
            }
        }
        assert!(tried >= 3 + 2 + 16, "{tried}");
    }

    #[test]
    fn a_rule_of_the_lab_breaks_what_the_same_breaks_in_a_world_but_for_overwriting() {
        let broken = |lab: &dyn Lab, laws: &[Law]| -> Vec<Law> {
            let found = search(lab, laws, Effort::default()).into_iter();
            let found = found.filter(|it| it.counterexample.is_some());
            found.map(|it| it.law).collect()
        };
        let mut overwriting = 0;
        for rule in conflict::all() {
            let entry = TRIED.iter().find(|entry| entry.info.id == rule.info().id);
            let (Some(words), Some(entry)) = (rule.plan(), entry) else {
                continue;
            };
            let composed = RuleLab::parse(&words).expect(&words);
            let of_plan = broken(&composed, LAWS);
            let of_entry = broken(entry.lab, LAWS);
            if composed.plan().rule.overwrites() {
                assert!(of_plan.contains(&Law::UpdatesGoUp), "{words}");
                assert_eq!(of_entry, [], "{words}");
                overwriting += 1;
            } else {
                assert_eq!(of_plan, of_entry, "{words}");
            }
        }
        assert_eq!(overwriting, 2);
    }
}
