//! What the law lab finds: a law, what breaks it, and why something is no merge rule.
//!
//! Their English is among the words of the law lab ([`crate::catalog::ENGLISH_OF_LAWS`]).

use splitbrain_engine::crdt::laws::rules::RuleError;
use splitbrain_engine::crdt::laws::{Counterexample, Law, Sight, View};

use crate::arg::Arg;
use crate::notation::{content, replica, state};
use crate::text::Text;
use crate::words::Words;

impl Words {
    /// What a law says, in a few words: "merging twice changes nothing".
    pub fn law(&self, law: Law) -> Text {
        self.get(&format!("law.{}", law.id()))
    }

    /// The name of a replicated data type, by its id.
    pub fn data_type(&self, id: &str) -> Text {
        self.get(&format!("type.{id}"))
    }

    /// What does not hold at the end of a history, with the two that differ.
    pub fn law_broken(&self, found: &Counterexample) -> Text {
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
            let numbers = order.iter().map(|&at| (u32::from(at) + 1).to_string());
            numbers.collect::<Vec<_>>().join(", ")
        };
        let args: [(&str, Arg); 7] = [
            ("a", name(0).into()),
            ("b", name(1).into()),
            ("c", name(2).into()),
            ("found", Arg::Value(shown(&violation.found))),
            ("expected", Arg::Value(shown(&violation.expected))),
            ("one", order(0).into()),
            ("other", order(1).into()),
        ];
        self.say(&format!("law.{}.broken", violation.law.id()), &args)
    }

    /// Why something is no merge rule: where, what was expected, what is there.
    pub fn rule_error(&self, error: &RuleError) -> Text {
        let args: [(&str, Arg); 3] = [
            ("place", error.column.to_string().into()),
            ("expected", self.rule_wanted(error).into()),
            ("found", self.rule_found(error).into()),
        ];
        self.say("rule.wrong", &args)
    }

    /// What was expected in a merge rule.
    pub fn rule_wanted(&self, error: &RuleError) -> Text {
        self.get(&format!("rule.wanted.{}", error.expected.id()))
    }

    /// What is there instead.
    pub fn rule_found(&self, error: &RuleError) -> String {
        if error.found.is_empty() {
            return self.plain("rule.end");
        }
        format!("“{}”", error.found)
    }
}

/// What a replica shows, and what it is made of where that is known.
pub fn whole(view: &View) -> String {
    if view.state.is_empty() {
        return content(&view.value);
    }
    format!("{}   ({})", content(&view.value), state(&view.state))
}
