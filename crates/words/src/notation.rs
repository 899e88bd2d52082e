//! How states and steps are written, in every language alike: replicas by letter, acts as
//! calls, dots as a replica and a number.

use splitbrain_engine::crdt::Dot;
pub use splitbrain_engine::crdt::laws::notation::{act, act_at, replica, step};
use splitbrain_engine::crdt::replicated::{Content, Datum, Part, Stamp};

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
    fn states_are_short_and_unambiguous() {
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
