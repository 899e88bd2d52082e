//! Goals of lessons.

use splitbrain_engine::scenario::Scenario;
use splitbrain_engine::sim::node::{Key, Value};
use splitbrain_lesson::goal::{Judged, Pair, Predicate, Status, Wanted, Which, Within, Wrote};

use crate::arg::Arg;
use crate::names::Form;
use crate::text::{Role, Text};
use crate::words::Words;

impl Words {
    /// What a goal asks for, in a sentence without a full stop.
    pub fn goal(&self, scenario: &Scenario, predicate: &Predicate) -> Text {
        let region = |place: u8| Arg::from(self.region(scenario, place));
        let regions = |places: &[u8]| {
            Arg::from(self.list(places.iter().map(|&place| self.region(scenario, place))))
        };
        let customer = |index: u16| ("customer", Arg::from(self.customer(scenario, index)));
        let key = |key| ("key", Arg::from(self.key(scenario, key, Form::Label)));
        let id = format!("goal.{}", predicate.id());
        let say = |variant: &str, args: &[(&str, Arg)]| {
            self.say(&format!("{id}{variant}"), args).sentence()
        };
        match predicate {
            Predicate::WrittenOnBothSides {
                key: held,
                regions: sides,
            } => say("", &[key(*held), ("regions", regions(sides))]),
            Predicate::WriteLost {
                key: held,
                at_least,
            } => say("", &[key(*held), ("n", Arg::from(*at_least))]),
            Predicate::NoWriteLost {
                key: held,
                accepted_in,
            }
            | Predicate::Converged {
                key: held,
                accepted_in,
            } => {
                if accepted_in.is_empty() {
                    say("", &[key(*held)])
                } else {
                    let regions = ("regions", regions(accepted_in));
                    say(".accepted_in", &[key(*held), regions])
                }
            }
            Predicate::Diverged { key: held } => say("", &[key(*held)]),
            Predicate::Survivor { key: held, write } => {
                let variant = match write {
                    Which::First => ".first",
                    Which::Last => ".last",
                };
                say(variant, &[key(*held)])
            }
            Predicate::Shows {
                key: held,
                region: place,
                value,
            } => {
                let value = ("value", Arg::from(self.value(scenario, *held, *value)));
                match place {
                    Some(place) => say("", &[key(*held), value, ("region", region(*place))]),
                    None => say(".everywhere", &[key(*held), value]),
                }
            }
            Predicate::CartContains { key: held, item } => {
                say("", &[key(*held), self.named_item(scenario, *item)])
            }
            Predicate::CartLacks {
                key: held,
                item,
                removed_in,
                for_good,
            } => {
                let mut args = vec![key(*held), self.named_item(scenario, *item)];
                args.extend(removed_in.map(|place| ("region", region(place))));
                let variant = match (removed_in, for_good) {
                    (None, false) => "",
                    (None, true) => ".for_good",
                    (Some(_), false) => ".removed_in",
                    (Some(_), true) => ".removed_in_for_good",
                };
                say(variant, &args)
            }
            Predicate::Told {
                customer: who,
                kind,
                outcome,
            } => {
                let kind = ("kind", Arg::from(self.wanted(*kind)));
                let outcome = ("outcome", Arg::from(self.told(*outcome)));
                say("", &[customer(*who), kind, outcome])
            }
            Predicate::Charged {
                customer: who,
                times,
            } => say("", &[customer(*who), ("n", Arg::from(*times))]),
            Predicate::ReplyLost { customer: who }
            | Predicate::RetriedElsewhere { customer: who }
            | Predicate::ExactlyOnce { customer: who } => say("", &[customer(*who)]),
            Predicate::LinkWasCut { between } | Predicate::LinkHealed { between } => {
                say("", &[("a", region(between[0])), ("b", region(between[1]))])
            }
            Predicate::PropertyHolds(judged) | Predicate::PropertyBroken(judged) => {
                let about = self.about(scenario, judged);
                match judged.key {
                    None => say("", &[("property", about.into())]),
                    Some(held) => say(".of", &[("property", about.into()), key(held)]),
                }
            }
            measured => self.measured_goal(scenario, measured, &id),
        }
    }

    /// Goals about how long something took, how much of it there was, and who writes.
    fn measured_goal(&self, scenario: &Scenario, predicate: &Predicate, id: &str) -> Text {
        let region = |place: u8| ("region", Arg::from(self.region(scenario, place)));
        let key = |key| ("key", Arg::from(self.key(scenario, key, Form::Label)));
        let say = |variant: &str, args: &[(&str, Arg)]| {
            self.say(&format!("{id}{variant}"), args).sentence()
        };
        let span = |within: &Within, mut args: Vec<(&str, Arg)>| {
            let least = Arg::Span(within.at_least_us);
            match within.below_us {
                None => {
                    args.push(("least", least));
                    say(".at_least", &args)
                }
                Some(below_us) if within.at_least_us == 0 => {
                    args.push(("below", Arg::Span(below_us)));
                    say("", &args)
                }
                Some(below_us) => {
                    args.extend([("least", least), ("below", Arg::Span(below_us))]);
                    say(".between", &args)
                }
            }
        };
        match predicate {
            Predicate::AnsweredIn {
                customer,
                kind,
                within,
                ..
            } => {
                let customer = self.customer(scenario, *customer).into();
                let kind = self.wanted(*kind).into();
                span(within, vec![("customer", customer), ("kind", kind)])
            }
            Predicate::Lag {
                key: held,
                region: place,
                within,
            } => span(within, vec![key(*held), region(*place)]),
            Predicate::CopiesWhenTold {
                key: held,
                at_least,
            } => say("", &[key(*held), ("n", Arg::from(*at_least))]),
            Predicate::StaleReads {
                key: held,
                at_least_percent,
                below_percent,
                ..
            } => {
                let share = |percent: u32| Arg::Share(u64::from(percent) * 10_000);
                let least = ("least", share(*at_least_percent));
                if *below_percent > 100 {
                    say(".at_least", &[key(*held), least])
                } else {
                    say("", &[key(*held), least, ("below", share(*below_percent))])
                }
            }
            Predicate::MostlyAnsweredIn {
                latest,
                at_least_percent,
                below_us,
            } => {
                let least = Arg::Share(u64::from(*at_least_percent) * 10_000);
                let args = [
                    ("n", Arg::from(*latest)),
                    ("least", least),
                    ("below", Arg::Span(*below_us)),
                ];
                say("", &args)
            }
            Predicate::Leads { region: place, .. }
            | Predicate::RegionCrashed { region: place }
            | Predicate::TakenOver { region: place }
            | Predicate::StoppedAtWork { region: place } => say("", &[region(*place)]),
            Predicate::LateReport {
                region: place,
                at_least_us,
            } => say("", &[region(*place), ("span", Arg::Span(*at_least_us))]),
            Predicate::SideBySide {
                key: held,
                at_least,
                at_most,
            } if at_least == at_most => say("", &[key(*held), ("n", Arg::from(*at_least))]),
            Predicate::SideBySide {
                key: held,
                at_least,
                at_most,
            } => {
                let (least, most) = (Arg::from(*at_least), Arg::from(*at_most));
                say(".between", &[key(*held), ("n", least), ("most", most)])
            }
            Predicate::Questions {
                at_least, at_most, ..
            } => {
                let (least, most) = (Arg::from(*at_least), Arg::from(*at_most));
                match (at_least, at_most) {
                    (0, _) => say(".most", &[("n", most)]),
                    (_, 1_000) => say("", &[("n", least)]),
                    _ => say(".between", &[("n", least), ("most", most)]),
                }
            }
            Predicate::Tombstones {
                key: held,
                at_least,
                at_most,
            } => {
                let (least, most) = (Arg::from(*at_least), Arg::from(*at_most));
                match (at_least, at_most) {
                    (0, _) => say(".most", &[key(*held), ("n", most)]),
                    (_, 1_000) => say("", &[key(*held), ("n", least)]),
                    _ => say(".between", &[key(*held), ("n", least), ("most", most)]),
                }
            }
            Predicate::RemovalHeardLate {
                key: held,
                region: place,
                item,
                at_least_us,
            } => {
                let span = ("span", Arg::Span(*at_least_us));
                let mut args = vec![key(*held), region(*place), span];
                args.extend(item.map(|item| self.named_item(scenario, item)));
                say(if item.is_some() { ".item" } else { "" }, &args)
            }
            Predicate::QuestionSettled { key: held } | Predicate::ReadFirst { key: held } => {
                say("", &[key(*held)])
            }
            Predicate::Knew {
                key: held,
                region: place,
                of,
                within_us,
                stays,
            } => {
                let of = of.iter().map(|&place| self.region(scenario, place));
                let other = ("other", self.list(of).into());
                let mut args = vec![key(*held), region(*place), other];
                args.extend(within_us.map(|within| ("span", Arg::Span(within))));
                let variant = match (within_us, stays) {
                    (None, false) => "",
                    (Some(_), false) => ".within",
                    (None, true) => ".stays",
                    (Some(_), true) => ".within_stays",
                };
                say(variant, &args)
            }
            Predicate::Concurrent { key: held, pair } => self.pair(scenario, *held, pair, id),
            Predicate::TypedApart {
                key: held,
                regions,
                lines,
            } => {
                let [a, b] = regions.map(|place| self.region(scenario, place).into());
                let [line, other] = lines.map(|line| self.value(scenario, *held, line).into());
                let lines = [("value", line), ("other_value", other)];
                say(
                    "",
                    &[key(*held), ("a", a), ("b", b)]
                        .into_iter()
                        .chain(lines)
                        .collect::<Vec<_>>(),
                )
            }
            Predicate::InTurn {
                key: held,
                customers,
            } => {
                let customers = customers.iter().map(|&who| self.customer(scenario, who));
                say(
                    "",
                    &[key(*held), ("customers", self.list(customers).into())],
                )
            }
            Predicate::TookBack {
                key: held,
                customer,
                item,
                cut,
            } => {
                let customer = ("customer", self.customer(scenario, *customer).into());
                let mut args = vec![key(*held), customer];
                args.extend(item.map(|item| self.named_item(scenario, item)));
                if let Some(([a, b], beside)) = cut {
                    let end = |place: u8| Arg::from(self.region(scenario, place));
                    let other = self.customer(scenario, *beside);
                    args.extend([("other", other.into()), ("a", end(*a)), ("b", end(*b))]);
                }
                let variant = match (item, cut) {
                    (_, Some(_)) => ".during_cut",
                    (Some(_), None) => ".item",
                    (None, None) => "",
                };
                say(variant, &args)
            }
            Predicate::ReadShows {
                key: held,
                customer,
                wanted,
            } => {
                let customer = ("customer", self.customer(scenario, *customer).into());
                let (variant, value) = match *wanted {
                    Wanted::Value(value) => ("", value),
                    Wanted::Items(items) => (".items", Value(items)),
                };
                let value = ("value", self.value(scenario, *held, value).into());
                say(variant, &[key(*held), customer, value])
            }
            Predicate::ReadAhead {
                key: held,
                customer,
                region: place,
            } => {
                let customer = ("customer", self.customer(scenario, *customer).into());
                say("", &[key(*held), customer, region(*place)])
            }
            Predicate::RunsOfATime { at_least, at_most } if at_least == at_most => {
                say("", &[("n", Arg::from(*at_least))])
            }
            Predicate::RunsOfATime { at_least, at_most } => {
                let (least, most) = (Arg::from(*at_least), Arg::from(*at_most));
                say(".between", &[("least", least), ("most", most)])
            }
            Predicate::MessageKeptBack {
                region: place,
                key: held,
            } => match held {
                None => say("", &[region(*place)]),
                Some(held) => say(".in", &[region(*place), key(*held)]),
            },
            Predicate::SavedDuringCut {
                key: held,
                customer,
                between: [a, b],
            } => {
                let end = |place: u8| Arg::from(self.region(scenario, place));
                let customer = ("customer", self.customer(scenario, *customer).into());
                say("", &[key(*held), customer, ("a", end(*a)), ("b", end(*b))])
            }
            Predicate::RefusedDuringCut {
                key: held,
                customer,
                shown_at_least,
                between: [a, b],
            } => {
                let end = |place: u8| Arg::from(self.region(scenario, place));
                let customer = ("customer", self.customer(scenario, *customer).into());
                let shown = self.value(scenario, *held, Value(*shown_at_least));
                let mut args = vec![key(*held), customer, ("a", end(*a)), ("b", end(*b))];
                args.push(("value", shown.into()));
                say(if *shown_at_least > 0 { ".showing" } else { "" }, &args)
            }
            // The others are told above.
            _ => Text::empty(self.lang()),
        }
    }

    /// That two writes did not know of each other, and what they said.
    fn pair(&self, scenario: &Scenario, key: Key, pair: &Pair, id: &str) -> Text {
        let names = pair.regions.map(|place| self.region(scenario, place));
        let [a, b] = names.clone().map(Arg::from);
        let mut args = vec![
            ("key", self.key(scenario, key, Form::Label).into()),
            ("regions", self.list(names).into()),
            ("span", Arg::Span(pair.apart_us)),
        ];
        let variant = match pair.wrote {
            Wrote::Anything => "",
            Wrote::Different => ".different",
            Wrote::These(_) => ".these",
            Wrote::TheseAndFirstStays(_) => ".first_stays",
        };
        if let Wrote::These(values) | Wrote::TheseAndFirstStays(values) = pair.wrote {
            let [value, other] = values.map(|value| self.value(scenario, key, value).into());
            args.extend([("a", a), ("b", b), ("value", value), ("other_value", other)]);
        }
        self.say(&format!("{id}{variant}"), &args).sentence()
    }

    /// An item, for a goal’s sentence.
    fn named_item(&self, scenario: &Scenario, item: u8) -> (&'static str, Arg) {
        let item = self.item(scenario, u32::from(item), Form::Label);
        ("item", item.with_role(Role::Value).into())
    }

    /// How a goal stands, in a word or two.
    pub fn goal_status(&self, status: &Status) -> Text {
        self.get(&format!("goal_status.{}", status.id()))
    }

    /// A property, and whom it is asked about: "Own writes are seen, for Ana".
    fn about(&self, scenario: &Scenario, judged: &Judged) -> Text {
        let property = self.judged(judged.property);
        match judged.customer {
            None => property,
            Some(customer) => {
                let customer = self.customer(scenario, customer).into();
                self.say(
                    "property.for_customer",
                    &[("property", property.into()), ("customer", customer)],
                )
            }
        }
    }
}
