//! How a step of a history is written, in every language alike, and read back: replicas by
//! letter, acts as calls, a merge as an arrow.
//!
//! `A: add(0)`, `B: raise(1, 2)`, `C: write(3) @2` where clocks matter, `B <- A` for "B merges
//! the state of A". What is read may come from anywhere: it is a step only if the dice of
//! [`super::history`] could have rolled it.

use super::Lab;
use super::history::{REPLICAS, Step};
use crate::crdt::replicated::{Act, Verb};

/// Characters of a step at most.
const MOST_CHARACTERS: usize = 40;

/// A replica: A, B, C.
pub fn replica(place: u8) -> char {
    char::from(b'A' + place.min(25))
}

/// An act as a call, such as `raise(0, 1)`: the item or the key or the place first, then how
/// much or what.
pub fn act(act: Act) -> String {
    let verb = act.verb().id();
    match act {
        Act::Increment(by) | Act::Decrement(by) => format!("{verb}({by})"),
        Act::Transfer { to, by } => format!("{verb}({}, {by})", replica(to)),
        Act::Raise { item, by } | Act::Lower { item, by } => format!("{verb}({item}, {by})"),
        Act::Add(item) | Act::Remove(item) | Act::Delete(item) => format!("{verb}({item})"),
        Act::Write(value) | Act::BlindWrite(value) => format!("{verb}({value})"),
        Act::Put { key, value } => format!("{verb}({key}, {value})"),
        Act::Insert { at, letter } => format!("{verb}({at}, {letter:?})"),
        Act::Erase(at) => format!("{verb}({at})"),
        Act::Collect => format!("{verb}()"),
    }
}

/// An act, with the time where clocks matter: `write(3) @2`.
pub fn act_at(done: Act, time: Option<u32>) -> String {
    match time {
        Some(time) => format!("{} @{time}", act(done)),
        None => act(done),
    }
}

/// A step, with the time where clocks matter.
pub fn step(step: Step, is_timed: bool) -> String {
    match step {
        Step::Act {
            replica: place,
            time,
            act: done,
        } => {
            let done = act_at(done, is_timed.then_some(time));
            format!("{}: {done}", replica(place))
        }
        Step::Merge { from, into } => format!("{} <- {}", replica(into), replica(from)),
    }
}

/// Reads what [`step`] writes; nothing where it is no step that this lab offers.
pub fn parse_step(source: &str, lab: &dyn Lab) -> Option<Step> {
    if source.len() > MOST_CHARACTERS {
        return None;
    }
    let step = match source.split_once("<-") {
        Some((into, from)) => Step::Merge {
            from: place(from)?,
            into: place(into)?,
        },
        None => parse_act(source)?,
    };
    is_offered(step, lab).then_some(step)
}

fn place(source: &str) -> Option<u8> {
    let mut letters = source.trim().chars();
    let letter = letters
        .next()
        .filter(|_| letters.clone().next().is_none())?;
    (0..REPLICAS).find(|&place| replica(place) == letter)
}

fn parse_act(source: &str) -> Option<Step> {
    let (who, rest) = source.split_once(':')?;
    let (call, time) = match rest.split_once('@') {
        Some((call, time)) => (call, time.trim().parse().ok()?),
        None => (rest, 0),
    };
    let (verb, args) = call.trim().strip_suffix(')')?.split_once('(')?;
    let verb = Verb::ALL.into_iter().find(|it| it.id() == verb)?;
    let args: Vec<&str> = match args.trim() {
        "" => Vec::new(),
        args => args.split(',').map(str::trim).collect(),
    };
    Some(Step::Act {
        replica: place(who)?,
        time,
        act: act_of(verb, &args)?,
    })
}

fn act_of(verb: Verb, args: &[&str]) -> Option<Act> {
    let small = |text: &str| text.parse::<u8>().ok();
    let number = |text: &str| text.parse::<u32>().ok();
    Some(match (verb, args) {
        (Verb::Increment, &[by]) => Act::Increment(number(by)?),
        (Verb::Decrement, &[by]) => Act::Decrement(number(by)?),
        (Verb::Transfer, &[to, by]) => Act::Transfer {
            to: place(to)?,
            by: number(by)?,
        },
        (Verb::Raise, &[item, by]) => Act::Raise {
            item: small(item)?,
            by: number(by)?,
        },
        (Verb::Lower, &[item, by]) => Act::Lower {
            item: small(item)?,
            by: number(by)?,
        },
        (Verb::Add, &[item]) => Act::Add(small(item)?),
        (Verb::Remove, &[item]) => Act::Remove(small(item)?),
        (Verb::Delete, &[key]) => Act::Delete(small(key)?),
        (Verb::Write, &[value]) => Act::Write(number(value)?),
        (Verb::BlindWrite, &[value]) => Act::BlindWrite(number(value)?),
        (Verb::Put, &[key, value]) => Act::Put {
            key: small(key)?,
            value: number(value)?,
        },
        (Verb::Insert, &[at, letter]) => {
            let mut letters = letter.strip_prefix('\'')?.strip_suffix('\'')?.chars();
            let letter = letters
                .next()
                .filter(|_| letters.clone().next().is_none())?;
            let at = number(at)?;
            Act::Insert { at, letter }
        }
        (Verb::Erase, &[at]) => Act::Erase(number(at)?),
        (Verb::Collect, &[]) => Act::Collect,
        _ => return None,
    })
}

/// Whether the dice of a lab could have rolled this step: its verbs, its replicas, small
/// numbers, and a time only where clocks matter.
pub fn is_offered(step: Step, lab: &dyn Lab) -> bool {
    let (items, amounts, values) = (0..=2_u8, 1..=3_u32, 1..=4_u32);
    match step {
        Step::Merge { from, into } => from < REPLICAS && into < REPLICAS && from != into,
        Step::Act { replica, time, act } => {
            let is_small = match act {
                Act::Increment(by) | Act::Decrement(by) => amounts.contains(&by),
                Act::Transfer { to, by } => to < REPLICAS && amounts.contains(&by),
                Act::Raise { item, by } | Act::Lower { item, by } => {
                    items.contains(&item) && amounts.contains(&by)
                }
                Act::Add(item) | Act::Remove(item) | Act::Delete(item) => items.contains(&item),
                Act::Write(value) | Act::BlindWrite(value) => values.contains(&value),
                Act::Put { key, value } => items.contains(&key) && values.contains(&value),
                Act::Insert { at, letter } => at <= 5 && ('a'..='e').contains(&letter),
                Act::Erase(at) => at <= 5,
                Act::Collect => true,
            };
            let last_time = if lab.is_timed() { 3 } else { 0 };
            let is_known = lab.verbs().contains(&act.verb());
            replica < REPLICAS && time <= last_time && is_known && is_small
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crdt::catalogue::{ALL_TYPES, find};
    use crate::crdt::laws::History;

    #[test]
    fn steps_are_short_and_unambiguous() {
        let put = Act::Put { key: 1, value: 3 };
        let (replica, time) = (1, 2);
        let done = Step::Act {
            replica,
            time,
            act: put,
        };
        assert_eq!(step(done, true), "B: put(1, 3) @2");
        assert_eq!(step(done, false), "B: put(1, 3)");
        assert_eq!(step(Step::Merge { from: 0, into: 2 }, true), "C <- A");
    }

    #[test]
    fn whatever_the_dice_roll_is_read_back_as_it_was() {
        for entry in ALL_TYPES {
            for seed in 0..60 {
                let is_timed = entry.lab.is_timed();
                let history = History::of_seed(seed, entry.lab.verbs(), is_timed);
                for rolled in history.steps {
                    let written = step(rolled, is_timed);
                    let read = parse_step(&written, entry.lab);
                    assert_eq!(read, Some(rolled), "{}: {written}", entry.info.id);
                }
            }
        }
    }

    #[test]
    fn what_the_lab_does_not_offer_is_no_step() {
        let set = find("published_add_wins_set").unwrap().lab;
        for source in [
            "",
            "A",
            "A <- A",
            "D <- A",
            "AB <- A",
            "A <- ",
            "A: add",
            "A: add(3)",
            "A: add(-1)",
            "A: add(0, 1)",
            "A: add(99999999999)",
            "A: write(1)",
            "A: collect()",
            "A: add(0) @1",
            "é: add(0)",
            "A: add(0);",
            "A: add(0)                                                ",
        ] {
            assert_eq!(parse_step(source, set), None, "{source}");
        }
        assert!(parse_step("A:add( 0 )", set).is_some());
    }
}
