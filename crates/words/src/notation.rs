//! How states and steps are written, in every language alike: replicas by letter, acts as
//! calls, dots as a replica and a number.

use splitbrain_engine::crdt::Dot;
use splitbrain_engine::crdt::laws::Step;
use splitbrain_engine::crdt::replicated::{Act, Content, Datum, Part, Stamp};

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
        Act::Write(value) => format!("{verb}({value})"),
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

fn list<T>(items: impl IntoIterator<Item = T>, item: impl Fn(T) -> String) -> String {
    let items: Vec<String> = items.into_iter().map(item).collect();
    items.join(", ")
}

/// What a read returns: `{}` around sets and maps, `[]` around the values of a register.
pub fn content(content: &Content) -> String {
    let numbers = |values: &[u32]| format!("[{}]", list(values, ToString::to_string));
    match content {
        Content::Number(number) => number.to_string(),
        Content::Items(items) => format!("{{{}}}", list(items, ToString::to_string)),
        Content::Quantities(all) => {
            let of = |(item, count): &(u8, i64)| format!("{item}: {count}");
            format!("{{{}}}", list(all, of))
        }
        Content::Values(values) => numbers(values),
        Content::Entries(entries) => {
            let of = |(key, values): &(u8, Vec<u32>)| format!("{key}: {}", numbers(values));
            format!("{{{}}}", list(entries, of))
        }
        Content::Text(text) => format!("{text:?}"),
    }
}

fn dot(dot: Dot) -> String {
    format!("{}{}", replica(dot.origin), dot.counter)
}

fn datum(datum: &Datum) -> String {
    match *datum {
        Datum::Replica(place) => replica(place).to_string(),
        Datum::Item(item) => item.to_string(),
        Datum::Number(number) => number.to_string(),
        Datum::Dot(name) => dot(name),
        Datum::Stamp(Stamp { time, dot: name }) => format!("@{time}/{}", dot(name)),
        Datum::Letter(letter) => format!("{letter:?}"),
    }
}

/// A row of a part: `A:3`.
pub fn row(data: &[Datum]) -> String {
    let data: Vec<String> = data.iter().map(datum).collect();
    data.join(":")
}

/// What a replica is made of: `counts A:3 B:1; seen_by`.
pub fn state(parts: &[Part]) -> String {
    let of_part = |part: &Part| {
        let mut told = vec![part.id.to_owned()];
        told.extend(part.rows.iter().map(|data| row(data)));
        told.join(" ")
    };
    let parts: Vec<String> = parts.iter().map(of_part).collect();
    parts.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_and_states_are_short_and_unambiguous() {
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
        let entries = Content::Entries(vec![(0, vec![1, 2]), (4, vec![9])]);
        assert_eq!(content(&entries), "{0: [1, 2], 4: [9]}");
        assert_eq!(content(&Content::Text("a\"b".into())), r#""a\"b""#);
        let dot = Dot {
            origin: 0,
            counter: 7,
        };
        let row = vec![
            Datum::Item(3),
            Datum::Dot(dot),
            Datum::Stamp(Stamp { time: 5, dot }),
        ];
        let parts = [
            Part::new("held", [row].into_iter()),
            Part::new("context", std::iter::empty()),
        ];
        assert_eq!(state(&parts), "held 3:A7:@5/A7; context");
    }
}
