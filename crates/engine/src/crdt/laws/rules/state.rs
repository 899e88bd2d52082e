//! What a replica holds under a plan, and how two of them merge.

use std::rc::Rc;

use super::{Kept, Plan, Rule};
use crate::crdt::GSet;
use crate::crdt::replicated::{Act, Content, Datum, Part, Replicated, Stamp, Writer};

/// A number, a set, or one of them for each item, replica or field.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Held {
    /// Nothing was ever written.
    Nothing,
    Number(i64),
    /// A number with the stamp of its write.
    Dated(Stamp, i64),
    Set(GSet),
    /// Sorted; what is as at the beginning is left out.
    Each(Vec<(u8, Held)>),
}

impl Held {
    /// What a replica holds that has seen nothing.
    fn initial(kept: Kept, rule: &Rule) -> Self {
        match (rule, kept) {
            (Rule::PerReplica(_) | Rule::PerItem(_) | Rule::Fields(_), _) => Self::Each(Vec::new()),
            (_, Kept::Count | Kept::Cart) => Self::Number(0),
            (_, Kept::Set) => Self::Set(GSet::default()),
            (_, Kept::Price | Kept::Status | Kept::Record) => Self::Nothing,
        }
    }

    /// Every number below, with the way to it.
    fn leaves<'a>(&'a self, path: &mut Vec<u8>, visit: &mut impl FnMut(&[u8], &'a Self)) {
        match self {
            Self::Each(list) => {
                for (key, held) in list {
                    path.push(*key);
                    held.leaves(path, visit);
                    path.pop();
                }
            }
            leaf => visit(path, leaf),
        }
    }
}

/// The rule under a key of one that has several.
fn rule_of(rule: &Rule, key: u8) -> Option<&Rule> {
    match rule {
        Rule::PerReplica(rule) | Rule::PerItem(rule) => Some(rule),
        Rule::Fields(rules) => rules.get(usize::from(key)),
        _ => None,
    }
}

/// Merges by a rule.
fn merge(kept: Kept, rule: &Rule, own: &mut Held, other: &Held) {
    match (own, other) {
        (Held::Each(own), Held::Each(other)) => {
            let mut keys: Vec<u8> = own.iter().chain(other).map(|it| it.0).collect();
            keys.sort_unstable();
            keys.dedup();
            let merged = keys.into_iter().filter_map(|key| {
                let rule = rule_of(rule, key)?;
                let initial = Held::initial(kept, rule);
                let find = |list: &[(u8, Held)]| {
                    let found = list.iter().find(|it| it.0 == key);
                    found.map_or(initial.clone(), |it| it.1.clone())
                };
                let mut held = find(own);
                merge(kept, rule, &mut held, &find(other));
                (held != initial).then_some((key, held))
            });
            *own = merged.collect();
        }
        (Held::Number(own), Held::Number(other)) => {
            *own = rule.of_numbers(*own, *other);
        }
        (Held::Dated(stamp, own), Held::Dated(at, other)) => {
            (*stamp, *own) = (*stamp, *own).max((*at, *other));
        }
        (Held::Set(own), Held::Set(other)) => match rule {
            Rule::Intersection => own.intersect(other),
            _ => own.unite(other),
        },
        (own @ Held::Nothing, other) => *own = other.clone(),
        (_, Held::Nothing) => {}
        (own, other) => unreachable!("one plan, one shape: {own:?} and {other:?}"),
    }
}

/// Changes what an act is about: the way there goes by the rule.
fn change(kept: Kept, rule: &Rule, held: &mut Held, at: (u8, u8), to: &dyn Fn(&Rule, &mut Held)) {
    let (replica, item) = at;
    let key = match rule {
        Rule::PerReplica(_) => replica,
        Rule::PerItem(_) | Rule::Fields(_) => item,
        _ => return to(rule, held),
    };
    if let (Held::Each(list), Some(rule)) = (held, rule_of(rule, key)) {
        let initial = Held::initial(kept, rule);
        let found = list.binary_search_by_key(&key, |it| it.0);
        let place = found.unwrap_or_else(|place| {
            list.insert(place, (key, initial.clone()));
            place
        });
        change(kept, rule, &mut list[place].1, at, to);
        if list[place].1 == initial {
            list.remove(place);
        }
    }
}

/// A replica under a plan.
#[derive(Clone, Debug)]
pub struct Composed {
    plan: Rc<Plan>,
    held: Held,
}

impl PartialEq for Composed {
    fn eq(&self, other: &Self) -> bool {
        self.held == other.held
    }
}

impl Composed {
    /// A replica that has seen nothing.
    pub fn new(plan: Rc<Plan>) -> Self {
        let held = Held::initial(plan.kept, &plan.rule);
        Self { plan, held }
    }

    /// How many of an item there are.
    fn quantity(&self, item: u8) -> i64 {
        let quantities = self.quantities();
        let found = quantities.iter().find(|it| it.0 == item);
        found.map_or(0, |it| it.1)
    }

    fn quantities(&self) -> Vec<(u8, i64)> {
        let depth = self.plan.rule.depth_of_items();
        let mut all: Vec<(u8, i64)> = Vec::new();
        self.held.leaves(&mut Vec::new(), &mut |path, leaf| {
            let (Some(&item), Held::Number(number)) = (path.get(depth), leaf) else {
                return;
            };
            match all.iter_mut().find(|it| it.0 == item) {
                Some(quantity) => quantity.1 = quantity.1.saturating_add(*number),
                None => all.push((item, *number)),
            }
        });
        all.retain(|it| it.1 != 0);
        all.sort_unstable();
        all
    }

    /// What is written in a field, or in all.
    fn written(&self, field: Option<u8>) -> Option<i64> {
        let mut written = None;
        self.held.leaves(&mut Vec::new(), &mut |path, leaf| {
            if path.first().copied() == field
                && let Held::Number(number) | Held::Dated(_, number) = leaf
            {
                written = Some(*number);
            }
        });
        written
    }

    /// A written number that its rule takes; a state that comes after the one there is.
    fn can_write(&self, field: Option<u8>, value: u32) -> bool {
        let rule = match field {
            None => Some(&self.plan.rule),
            Some(key) => rule_of(&self.plan.rule, key),
        };
        match rule {
            Some(Rule::Order(states)) => {
                value as usize <= states.len() && self.written(field) < Some(value.into())
            }
            rule => rule.is_some(),
        }
    }
}

impl Rule {
    /// How many keys stand before the item on the way to a number.
    fn depth_of_items(&self) -> usize {
        match self {
            Self::PerReplica(rule) => 1 + rule.depth_of_items(),
            _ => 0,
        }
    }
}

impl Replicated for Composed {
    /// Who and when, and what.
    type Update = (Writer, Act);

    fn prepare(&self, writer: Writer, act: Act) -> Option<Self::Update> {
        let is_known = match (self.plan.kept, act) {
            (Kept::Count, Act::Increment(_) | Act::Decrement(_))
            | (Kept::Cart, Act::Raise { .. })
            | (Kept::Set, Act::Add(_) | Act::Remove(_)) => true,
            (Kept::Cart, Act::Lower { item, by }) => self.quantity(item) >= by.into(),
            (Kept::Price | Kept::Status, Act::Write(value)) => self.can_write(None, value),
            (Kept::Record, Act::Put { key, value }) => self.can_write(Some(key), value),
            _ => false,
        };
        is_known.then_some((writer, act))
    }

    fn apply(&mut self, &(writer, act): &Self::Update) {
        let (replica, stamp) = (writer.dot.origin, writer.stamp());
        let (item, number) = match act {
            Act::Increment(by) => (0, i64::from(by)),
            Act::Decrement(by) => (0, -i64::from(by)),
            Act::Raise { item, by } => (item, by.into()),
            Act::Lower { item, by } => (item, -i64::from(by)),
            Act::Add(item) | Act::Remove(item) => (item, 0),
            Act::Write(value) => (0, value.into()),
            Act::Put { key, value } => (key, value.into()),
            _ => return,
        };
        let to = |rule: &Rule, held: &mut Held| match (held, act) {
            (Held::Dated(at, held), _) => (*at, *held) = (*at, *held).max((stamp, number)),
            (held, Act::Write(_) | Act::Put { .. }) if *rule == Rule::Latest => {
                *held = Held::Dated(stamp, number);
            }
            (Held::Set(set), Act::Remove(_)) => {
                *set = set.items().filter(|&it| it != item).collect();
            }
            (Held::Set(set), _) => set.insert(item),
            (held, Act::Write(_) | Act::Put { .. }) => *held = Held::Number(number),
            (Held::Number(held), _) => *held = held.saturating_add(number),
            _ => {}
        };
        let Plan { kept, ref rule, .. } = *self.plan;
        change(kept, rule, &mut self.held, (replica, item), &to);
    }

    fn merge(&mut self, other: &Self) {
        merge(self.plan.kept, &self.plan.rule, &mut self.held, &other.held);
    }

    /// A rule merges states, so all of it travels.
    fn delta(&self, _: &Self::Update) -> Self {
        self.clone()
    }

    fn value(&self) -> Content {
        let number = |field| {
            let written = self.written(field).and_then(|it| u32::try_from(it).ok());
            written.into_iter().collect::<Vec<u32>>()
        };
        match self.plan.kept {
            Kept::Count => {
                let mut sum = 0_i64;
                self.held.leaves(&mut Vec::new(), &mut |_, leaf| {
                    if let Held::Number(number) = leaf {
                        sum = sum.saturating_add(*number);
                    }
                });
                Content::Number(sum)
            }
            Kept::Cart => Content::Quantities(self.quantities()),
            Kept::Set => {
                let mut all = GSet::default();
                self.held.leaves(&mut Vec::new(), &mut |_, leaf| {
                    if let Held::Set(set) = leaf {
                        all.unite(set);
                    }
                });
                all.value()
            }
            Kept::Price | Kept::Status => Content::Values(number(None)),
            Kept::Record => {
                let fields = (0..super::parse::MOST_FIELDS as u8).map(|it| (it, number(Some(it))));
                Content::Entries(fields.filter(|it| !it.1.is_empty()).collect())
            }
        }
    }

    fn state(&self) -> Vec<Part> {
        let items_at = self.plan.rule.depth_of_items();
        let mut rows = Vec::new();
        self.held.leaves(&mut Vec::new(), &mut |path, leaf| {
            let keys = path.iter().enumerate().map(|(depth, &key)| {
                let is_item = depth == items_at;
                if is_item {
                    Datum::Item(key)
                } else {
                    Datum::Replica(key)
                }
            });
            let mut row: Vec<Datum> = keys.collect();
            match leaf {
                Held::Number(number) => row.push(Datum::Number(*number)),
                Held::Dated(stamp, number) => {
                    row.extend([Datum::Number(*number), Datum::Stamp(*stamp)]);
                }
                Held::Set(set) => row.extend(set.items().map(Datum::Item)),
                Held::Nothing | Held::Each(_) => {}
            }
            rows.push(row);
        });
        vec![Part::new("held", rows.into_iter())]
    }

    fn bytes(&self) -> u32 {
        let mut bytes = 1;
        self.held.leaves(&mut Vec::new(), &mut |path, leaf| {
            bytes += path.len() as u32;
            bytes += match leaf {
                Held::Number(_) => 4,
                Held::Dated(..) => 4 + Stamp::BYTES,
                Held::Set(set) => set.bytes(),
                Held::Nothing | Held::Each(_) => 0,
            };
        });
        bytes
    }

    fn update_bytes(_: &Self::Update) -> u32 {
        6
    }
}
