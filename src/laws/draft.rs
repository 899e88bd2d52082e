//! A merge rule as a form has it: a choice a field, and back to the rule.

use splitbrain_engine::crdt::laws::rules::{Kept, Plan, Rule, parse};

/// What somebody who has none begins with.
pub(super) const FIRST: &str = "count: maximum";

/// The states that a form offers, to be put in an order.
pub(super) const STATES: [&str; 7] = [
    "draft",
    "placed",
    "paid",
    "packed",
    "shipped",
    "delivered",
    "cancelled",
];

/// The rules of numbers; the last of them for what is written only, which has a stamp.
pub(super) const OF_NUMBERS: [&str; 4] = ["minimum", "maximum", "sum", "latest"];

/// How many of them there are for what is counted.
pub(super) const OF_COUNTS: usize = 3;

/// The rules of sets.
pub(super) const OF_SETS: [&str; 2] = ["union", "intersection"];

/// What stands for an order among the rules of a field.
pub(super) const ORDER: &str = "order";

/// Every choice of the form; those that what is kept has no use for are kept too, so that
/// going back and forth loses nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Draft {
    /// What is kept.
    pub(super) kept: Kept,
    /// Whether it is only added to.
    pub(super) is_growing: bool,
    /// Whether each replica has one of its own.
    pub(super) per_replica: bool,
    /// One of [`OF_NUMBERS`].
    pub(super) of_numbers: String,
    /// One of [`OF_SETS`].
    pub(super) of_sets: String,
    /// The order of a status; of a field too.
    pub(super) states: Vec<String>,
    /// The rules of the fields of a record: of [`OF_NUMBERS`], or [`ORDER`].
    pub(super) fields: Vec<String>,
}

impl Default for Draft {
    fn default() -> Self {
        Self {
            kept: Kept::Count,
            is_growing: false,
            per_replica: false,
            of_numbers: "maximum".into(),
            of_sets: "union".into(),
            states: ["placed", "paid", "shipped"].map(str::to_owned).into(),
            fields: vec!["maximum".into(), ORDER.into()],
        }
    }
}

impl Draft {
    /// The choices that make this plan; what it says nothing of is as it was before.
    pub(super) fn of(plan: &Plan, before: &Self) -> Self {
        let mut draft = before.clone();
        draft.kept = plan.kept;
        draft.is_growing = plan.is_growing;
        draft.per_replica = false;
        draft.take(&plan.rule);
        draft
    }

    fn take(&mut self, rule: &Rule) {
        match rule {
            Rule::Minimum | Rule::Maximum | Rule::Sum | Rule::Latest => {
                self.of_numbers = rule.to_string();
            }
            Rule::Union | Rule::Intersection => self.of_sets = rule.to_string(),
            Rule::Order(states) => self.states.clone_from(states),
            Rule::PerReplica(rule) => {
                self.per_replica = true;
                self.take(rule);
            }
            Rule::PerItem(rule) => self.take(rule),
            Rule::Fields(rules) => {
                let fields = rules.iter().map(|rule| match rule {
                    Rule::Order(_) => ORDER.to_owned(),
                    rule => rule.to_string(),
                });
                self.fields = fields.collect();
                if let Some(order) = rules.iter().find(|it| matches!(it, Rule::Order(_))) {
                    self.take(order);
                }
            }
        }
    }

    /// The rule of what is counted, which has no stamp to be the latest by.
    fn of_counts(&self) -> &str {
        let counted = &OF_NUMBERS[..OF_COUNTS];
        let is_one = counted.contains(&self.of_numbers.as_str());
        if is_one { &self.of_numbers } else { counted[1] }
    }

    /// Whether it can be one that only grows, and one for each replica.
    pub(super) fn can_grow(&self) -> bool {
        matches!(self.kept, Kept::Count | Kept::Cart | Kept::Set)
    }

    /// Whether an order of states is part of it.
    pub(super) fn has_order(&self) -> bool {
        let is_order = |rule: &String| rule == ORDER;
        match self.kept {
            Kept::Status => true,
            Kept::Record => self.fields.iter().any(is_order),
            _ => false,
        }
    }

    /// The rule, in words.
    pub(super) fn words(&self) -> String {
        let order = self.states.join(" < ");
        let each = if self.per_replica && self.can_grow() {
            "per replica "
        } else {
            ""
        };
        let rule = match self.kept {
            Kept::Count => format!("{each}{}", self.of_counts()),
            Kept::Cart => format!("per item {each}{}", self.of_counts()),
            Kept::Set => format!("{each}{}", self.of_sets),
            Kept::Price => self.of_numbers.clone(),
            Kept::Status => order,
            Kept::Record => {
                let rule = |rule: &String| match rule.as_str() {
                    ORDER => order.clone(),
                    rule => rule.to_owned(),
                };
                let rules: Vec<String> = self.fields.iter().map(rule).collect();
                format!("{{ {} }}", rules.join(", "))
            }
        };
        let growing = if self.is_growing && self.can_grow() {
            "growing "
        } else {
            ""
        };
        format!("{growing}{}: {rule}", self.kept.id())
    }

    /// Puts a state at a place of the order, or with nothing takes out what is there.
    pub(super) fn put_state(&mut self, place: usize, state: &str) {
        if state.is_empty() {
            self.states.truncate(place.max(2));
        } else if let Some(old) = self.states.get_mut(place) {
            state.clone_into(old);
        } else if self.states.len() < parse::MOST_STATES {
            self.states.push(state.to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_goes_through_the_form_and_comes_out_as_it_was() {
        for source in [
            FIRST,
            "growing count: per replica sum",
            "cart: per item minimum",
            "growing cart: per item per replica maximum",
            "set: intersection",
            "price: minimum",
            "status: placed < paid",
            "record: { sum, open < closed, minimum }",
        ] {
            let plan = parse::parse(source).expect("it is one");
            let draft = Draft::of(&plan, &Draft::default());
            assert_eq!(draft.words(), source);
        }
    }

    #[test]
    fn whatever_is_chosen_is_a_rule() {
        for kept in Kept::ALL {
            for (is_growing, per_replica) in [(false, false), (true, false), (true, true)] {
                let draft = Draft {
                    kept,
                    is_growing,
                    per_replica,
                    ..Draft::default()
                };
                let words = draft.words();
                assert!(parse::parse(&words).is_ok(), "{words}");
            }
        }
    }

    #[test]
    fn an_order_has_two_to_four_states() {
        let mut draft = Draft::default();
        for place in [3, 2, 1, 0] {
            draft.put_state(place, "");
        }
        assert_eq!(draft.states, ["placed", "paid"]);
        for place in 2..9 {
            draft.put_state(place, STATES[place % 7]);
        }
        assert_eq!(draft.states.len(), parse::MOST_STATES);
    }
}
