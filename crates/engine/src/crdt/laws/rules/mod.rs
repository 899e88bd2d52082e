//! Merge rules that a learner composes, tried by the same laws as the data types.
//!
//! A plan says what is kept and how two states of it become one: `count: per replica
//! maximum`, `price: minimum`, `status: placed < paid < shipped`. [`parse`] has the
//! grammar; [`state`] what a replica holds and how it merges.
//!
//! Rules merge states, so they have no delta and no operation form: [`LAWS`] are those that
//! can be tried.

pub mod parse;
pub mod state;

use std::fmt::{self, Display, Formatter};
use std::rc::Rc;

pub use parse::{RuleError, Wanted};
use state::Composed;

use super::specification::{self as by, Expected, Fact, Visible};
use super::{Lab, Law, Replica};
use crate::crdt::replicated::{Act, Content, Verb};

/// The laws that a merge rule can be tried by.
pub const LAWS: &[Law] = &[
    Law::Commutative,
    Law::Associative,
    Law::Idempotent,
    Law::UpdatesGoUp,
    Law::Specification,
    Law::Convergence,
];

/// How two states become one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rule {
    /// The smaller number.
    Minimum,
    /// The larger number.
    Maximum,
    /// Both numbers together.
    Sum,
    /// The one with the larger stamp.
    Latest,
    /// What either set has.
    Union,
    /// What both sets have.
    Intersection,
    /// Of some states, the later one in this order.
    Order(Vec<String>),
    /// A rule for each field.
    Fields(Vec<Rule>),
    /// The same rule for what each replica did.
    PerReplica(Box<Rule>),
    /// The same rule for each item.
    PerItem(Box<Rule>),
}

impl Rule {
    /// What two numbers become that meet. Which of two is the latest they do not tell: then
    /// the larger one.
    pub fn of_numbers(&self, own: i64, other: i64) -> i64 {
        match self {
            Self::Minimum => own.min(other),
            Self::Sum => own.saturating_add(other),
            _ => own.max(other),
        }
    }

    /// Whether a write replaces a number that this would have kept: a merge brings that back.
    /// A rule that serves in a world takes such a write to be merged where it is made, too.
    pub fn overwrites(&self) -> bool {
        match self {
            Self::Minimum | Self::Maximum => true,
            Self::Fields(rules) => rules.iter().any(Self::overwrites),
            _ => false,
        }
    }

    /// Whether it asks when something was written.
    fn is_timed(&self) -> bool {
        match self {
            Self::Latest => true,
            Self::Fields(rules) => rules.iter().any(Self::is_timed),
            _ => false,
        }
    }
}

/// What is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// A number that is counted up, and down.
    Count,
    /// How many of each item: more, and less.
    Cart,
    /// A set of items: additions, and removals.
    Set,
    /// A number that is written.
    Price,
    /// One of some states, written; what is not later is refused.
    Status,
    /// Some fields, written one at a time.
    Record,
}

impl Kept {
    /// Every one.
    pub const ALL: [Self; 6] = [
        Self::Count,
        Self::Cart,
        Self::Set,
        Self::Price,
        Self::Status,
        Self::Record,
    ];

    /// Its word in the language, and stable id.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Count => "count",
            Self::Cart => "cart",
            Self::Set => "set",
            Self::Price => "price",
            Self::Status => "status",
            Self::Record => "record",
        }
    }
}

/// What is kept, and how its states merge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// What.
    pub kept: Kept,
    /// Whether it is only ever added to.
    pub is_growing: bool,
    /// How.
    pub rule: Rule,
}

impl Display for Rule {
    /// In the language of [`parse`].
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Minimum => f.write_str("minimum"),
            Self::Maximum => f.write_str("maximum"),
            Self::Sum => f.write_str("sum"),
            Self::Latest => f.write_str("latest"),
            Self::Union => f.write_str("union"),
            Self::Intersection => f.write_str("intersection"),
            Self::Order(states) => f.write_str(&states.join(" < ")),
            Self::Fields(rules) => {
                let rules: Vec<String> = rules.iter().map(ToString::to_string).collect();
                write!(f, "{{ {} }}", rules.join(", "))
            }
            Self::PerReplica(rule) => write!(f, "per replica {rule}"),
            Self::PerItem(rule) => write!(f, "per item {rule}"),
        }
    }
}

impl Display for Plan {
    /// In the language of [`parse`], which reads it as the same plan.
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let growing = if self.is_growing { "growing " } else { "" };
        write!(f, "{growing}{}: {}", self.kept.id(), self.rule)
    }
}

/// A plan whose laws can be tried.
#[derive(Clone, Debug)]
pub struct RuleLab {
    plan: Rc<Plan>,
}

impl RuleLab {
    /// Of a plan in words.
    ///
    /// # Errors
    /// Where it is none, what was expected, and what was found.
    pub fn parse(source: &str) -> Result<Self, RuleError> {
        let plan = Rc::new(parse::parse(source)?);
        Ok(Self { plan })
    }

    /// The plan.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }
}

impl Lab for RuleLab {
    fn empty(&self) -> Box<dyn Replica> {
        Box::new(Composed::new(self.plan.clone()))
    }

    fn verbs(&self) -> &[Verb] {
        let (growing, both): (&[Verb], &[Verb]) = match self.plan.kept {
            Kept::Count => (&[Verb::Increment], &[Verb::Increment, Verb::Decrement]),
            Kept::Cart => (&[Verb::Raise], &[Verb::Raise, Verb::Lower]),
            Kept::Set => (&[Verb::Add], &[Verb::Add, Verb::Remove]),
            Kept::Price | Kept::Status => (&[Verb::Write], &[Verb::Write]),
            Kept::Record => (&[Verb::Put], &[Verb::Put]),
        };
        if self.plan.is_growing { growing } else { both }
    }

    fn is_timed(&self) -> bool {
        self.plan.rule.is_timed()
    }

    fn expected(&self, visible: &Visible<'_>) -> Expected {
        match self.plan.kept {
            Kept::Count => by::difference(visible),
            Kept::Cart => by::quantities(visible),
            Kept::Set => either(by::add_wins(visible), by::remove_wins(visible)),
            Kept::Price if self.plan.rule == Rule::Latest => by::last_by_stamp(visible),
            Kept::Price | Kept::Status => {
                let values = standing(visible, |act| match act {
                    Act::Write(value) => Some(value),
                    _ => None,
                });
                let written = values.into_iter().map(|value| Content::Values(vec![value]));
                one_of(written.collect(), Content::Values(Vec::new()))
            }
            Kept::Record => {
                let records = records(visible, &self.plan.rule);
                one_of(records, Content::Entries(Vec::new()))
            }
        }
    }

    fn is_allowed(&self) -> Option<fn(&Content) -> bool> {
        None
    }
}

fn one_of(allowed: Vec<Content>, untouched: Content) -> Expected {
    if allowed.is_empty() {
        return Expected::Is(untouched);
    }
    Expected::OneOf(allowed)
}

/// Either of two that are exact.
fn either(one: Expected, other: Expected) -> Expected {
    match (one, other) {
        (Expected::Is(one), Expected::Is(other)) => Expected::OneOf(vec![one, other]),
        (one, _) => one,
    }
}

/// What was written and not written over by anybody who had seen it: a merge of writes that
/// did not see each other may choose, but not bring back what was replaced.
fn standing(visible: &Visible<'_>, value: impl Fn(Act) -> Option<u32>) -> Vec<u32> {
    let writes = || visible.iter().filter(|(_, fact)| value(fact.act).is_some());
    let is_replaced = |at: usize| writes().any(|(_, other): (usize, &Fact)| other.saw(at));
    let last = writes().filter(|&(at, _)| !is_replaced(at));
    last.filter_map(|(_, fact)| value(fact.act)).collect()
}

/// What was written last by the stamps, if anything was.
fn last(visible: &Visible<'_>, value: impl Fn(Act) -> Option<u32>) -> Vec<u32> {
    let writes = visible.iter();
    let writes = writes.filter_map(|(_, fact)| Some((fact.writer.stamp(), value(fact.act)?)));
    writes.max().into_iter().map(|it| it.1).collect()
}

/// Every record in which each field is one that stands, or the latest where that is its
/// rule.
fn records(visible: &Visible<'_>, rule: &Rule) -> Vec<Content> {
    let is_latest = |field: u8| match rule {
        Rule::Fields(rules) => rules.get(usize::from(field)) == Some(&Rule::Latest),
        _ => false,
    };
    let mut records: Vec<Vec<(u8, Vec<u32>)>> = vec![Vec::new()];
    for field in 0..parse::MOST_FIELDS as u8 {
        let written = |act| match act {
            Act::Put { key, value } if key == field => Some(value),
            _ => None,
        };
        let values = if is_latest(field) {
            last(visible, written)
        } else {
            standing(visible, written)
        };
        if values.is_empty() {
            continue;
        }
        let longer = records.iter().flat_map(|record| {
            values.iter().map(move |&value| {
                let mut longer = record.clone();
                longer.push((field, vec![value]));
                longer
            })
        });
        records = longer.collect();
    }
    records.into_iter().map(Content::Entries).collect()
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;
