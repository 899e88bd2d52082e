//! States worth merging, for whoever measures how fast that is: the same ones natively, in
//! the browser, and beside others' implementations.
//!
//! Three replicas hold eight elements that all of them have seen; then each does two things
//! more, neither having seen what the others did.

use super::Dot;
use super::replicated::{Act, Numbers, Verb, Writer};

/// Elements that all replicas have seen.
pub(super) const ELEMENTS: u8 = 8;

/// How many replicas there are.
pub const REPLICAS: u8 = 3;

/// Three replicas, brought there by what can be done to them; `act` does one thing to one
/// of them, `join` merges the second into the first.
pub fn replicas<S: Clone + Default>(
    verbs: &[Verb],
    act: impl Fn(&mut S, Writer, Act),
    join: impl Fn(&mut S, &S),
) -> [S; REPLICAS as usize] {
    let mut replicas: [S; REPLICAS as usize] = Default::default();
    let mut writers = Writers::default();
    let mut does = |replicas: &mut [S; REPLICAS as usize], at: u8, done: Act| {
        act(&mut replicas[usize::from(at)], writers.next(at), done);
    };
    let (more, less) = (more(verbs), less(verbs));
    for element in 0..ELEMENTS {
        let at = element % REPLICAS;
        // Everybody hears of it at once, so that texts are in order and rights are there.
        does(&mut replicas, at, on_element(more, element));
        let told = replicas[usize::from(at)].clone();
        for other in &mut replicas {
            join(other, &told);
        }
    }
    for at in 0..REPLICAS {
        does(&mut replicas, at, on_element(more, 2 * at));
        let done = on_element(less.unwrap_or(more), 2 * at + 1);
        does(&mut replicas, at, done);
    }
    replicas
}

/// Who acts next at each of the replicas: acts have their numbers and times in turn.
#[derive(Default)]
pub(super) struct Writers([u32; REPLICAS as usize]);

impl Writers {
    /// At this one.
    pub(super) fn next(&mut self, at: u8) -> Writer {
        let counter = &mut self.0[usize::from(at)];
        *counter += 1;
        Writer {
            dot: Dot {
                origin: at,
                counter: *counter,
            },
            time: *counter,
            replicas: REPLICAS,
        }
    }
}

/// What adds something.
pub(super) fn more(verbs: &[Verb]) -> Verb {
    verbs.first().copied().unwrap_or(Verb::Increment)
}

/// What takes something away, where there is such a thing.
pub(super) fn less(verbs: &[Verb]) -> Option<Verb> {
    const LESS: [Verb; 5] = [
        Verb::Decrement,
        Verb::Lower,
        Verb::Remove,
        Verb::Delete,
        Verb::Erase,
    ];
    LESS.into_iter().find(|verb| verbs.contains(verb))
}

/// An act on an element.
pub(super) fn on_element(verb: Verb, element: u8) -> Act {
    let number = u32::from(element);
    let numbers = Numbers {
        item: element,
        by: if verb == Verb::Increment {
            1 + number
        } else {
            1
        },
        value: number,
        at: number,
        letter: char::from(b'a' + element),
    };
    numbers.act(verb)
}

#[cfg(test)]
mod tests {
    use super::super::replicated::{Content, Replicated};
    use super::super::{GCounter, ObservedRemoveSet};
    use super::*;

    fn of<T: Replicated + Default>(verbs: &[Verb]) -> [T; 3] {
        let act = |state: &mut T, writer: Writer, act: Act| {
            if let Some(update) = state.prepare(writer, act) {
                state.apply(&update);
            }
        };
        replicas(verbs, act, T::merge)
    }

    #[test]
    fn no_replica_has_seen_what_another_did_last() {
        let items = |items: &[u8]| Content::Items(items.to_vec());
        let [one, other, _] = of::<ObservedRemoveSet>(&[Verb::Add, Verb::Remove]);
        assert_eq!(one.value(), items(&[0, 2, 3, 4, 5, 6, 7]));
        assert_eq!(other.value(), items(&[0, 1, 2, 4, 5, 6, 7]));
        let [one, other, _] = of::<GCounter>(&[Verb::Increment]);
        // 1 to 8 by everybody, then two more each.
        let all: i64 = (1..=8).sum();
        let values = [one.value(), other.value()];
        assert_eq!(values, [all + 3, all + 7].map(Content::Number));
    }
}
