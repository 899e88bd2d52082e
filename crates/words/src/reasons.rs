//! Why goals of lessons are not met.

use splitbrain_engine::scenario::Scenario;
use splitbrain_engine::sim::fact::{OpKind, Outcome};
use splitbrain_engine::sim::node::Key;
use splitbrain_lesson::goal::{Arg as Given, Asked, Breach, Reason};

use crate::arg::Arg;
use crate::names::Form;
use crate::text::{Role, Text};
use crate::words::Words;

impl Words {
    /// What the judge found, with names and values, without the trace: "Ana’s read of
    /// the cart did not show Ana’s addition of the lamp; the answer was: empty".
    pub fn breach(&self, scenario: &Scenario, breach: &Breach) -> Text {
        let asked = |asked: Option<&Asked>| match asked {
            None => self.get("op.unknown"),
            Some(it) => {
                let customer = self.customer(scenario, it.customer);
                self.asked(scenario, customer, it.kind, it.key, it.argument)
            }
        };
        let winner = match &breach.winner {
            None => self.get("write.unknown"),
            Some(it) if matches!(it.kind, OpKind::Write | OpKind::Pay) => {
                self.value(scenario, it.key, it.argument)
            }
            winner => asked(winner.as_ref()),
        };
        let key = breach.key.unwrap_or(Key(u32::MAX));
        let regions = breach.regions.iter();
        let regions = regions.map(|&region| self.region(scenario, region));
        let args = [
            ("op", asked(breach.op.as_ref()).into()),
            ("other", asked(breach.other.as_ref()).into()),
            ("winner", winner.into()),
            ("key", self.key(scenario, key, Form::Label).into()),
            ("regions", self.list(regions).into()),
        ];
        let what = self.say(&format!("violation.{}.what", breach.kind.id()), &args);
        let shown = breach.op.and_then(|op| Some((op.key, op.shown?)));
        match shown {
            None => what,
            Some((key, shown)) => {
                let value = self.value(scenario, key, shown).into();
                self.say(
                    "reason.violated.shown",
                    &[("what", what.into()), ("value", value)],
                )
            }
        }
    }

    /// Why a goal is not met.
    pub fn reason(&self, scenario: &Scenario, reason: &Reason) -> Text {
        if let Some(breach) = &reason.breach {
            return self.breach(scenario, breach).sentence();
        }
        let mut args: Vec<(&str, Arg)> = Vec::new();
        for given in &reason.args {
            let (name, second, arg) = self.given(scenario, given);
            let is_second = args.iter().any(|(known, _)| *known == name);
            args.push((if is_second { second } else { name }, arg));
        }
        let customer = args.iter().position(|(name, _)| *name == "customer");
        let is_judged = args.iter().any(|(name, _)| *name == "property");
        if let Some(place) = customer.filter(|_| is_judged) {
            let (_, customer) = args.remove(place);
            let (_, property) = args.remove(0);
            let about = self.say(
                "property.for_customer",
                &[("property", property), ("customer", customer)],
            );
            args.push(("property", about.into()));
        }
        let is_of_nobody = reason.id == "was_lost" && args.is_empty();
        let variant = if is_of_nobody { ".unknown" } else { "" };
        self.say(&format!("reason.{}{variant}", reason.id), &args)
            .sentence()
    }

    /// The name of an argument of a reason, its name if it is the second of its kind,
    /// and its words.
    fn given(&self, scenario: &Scenario, given: &Given) -> (&'static str, &'static str, Arg) {
        match *given {
            Given::Region(place) => ("region", "other", self.region(scenario, place).into()),
            Given::Customer(index) => {
                let customer = self.customer(scenario, index);
                ("customer", "customer", customer.into())
            }
            Given::Key(key) => ("key", "key", self.key(scenario, key, Form::Label).into()),
            Given::Value(key, value) => (
                "value",
                "other_value",
                self.value(scenario, key, value).into(),
            ),
            Given::Item(item) => {
                let item = self.item(scenario, u32::from(item), Form::Label);
                ("value", "other_value", item.with_role(Role::Value).into())
            }
            Given::Kind(kind) => ("kind", "kind", self.wanted(kind).into()),
            Given::Outcome(outcome) => ("outcome", "outcome", self.told(outcome).into()),
            Given::Count(count) => ("n", "total", count.into()),
            Given::Span(span_us) => ("span", "span", Arg::Span(span_us)),
            Given::Property(property) => ("property", "property", self.judged(property).into()),
        }
    }

    /// What was wanted, as a noun: "a payment".
    pub fn wanted(&self, kind: OpKind) -> Text {
        self.get(&format!("wanted.{}", kind.id()))
    }

    /// What was told, in quotes.
    pub fn told(&self, outcome: Outcome) -> Text {
        self.get(&format!("told.{}", outcome.id()))
    }
}
