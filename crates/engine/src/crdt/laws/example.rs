//! A history to begin with: two replicas act without knowing of each other, and then each
//! hears of what the other did.

use super::Lab;
use super::history::{History, Step};
use crate::crdt::merging::{less, more};
use crate::crdt::replicated::{Act, Numbers, Verb};

/// Three acts and three merges, whatever the type.
pub fn example(lab: &dyn Lab) -> History {
    let more = more(lab.verbs());
    let less = less(lab.verbs());
    let act = |replica: u8, time: u32, act: Act| Step::Act {
        replica,
        time: if lab.is_timed() { time } else { 0 },
        act,
    };
    let merge = |from, into| Step::Merge { from, into };
    let [first, here, there] = match less {
        // The same item, taken out here and put in again there.
        Some(less) => [small(more, 1), small(less, 1), small(more, 1)],
        None => [small(more, 2), small(more, 3), small(more, 1)],
    };
    History {
        steps: vec![
            act(0, 1, first),
            merge(0, 1),
            act(0, 2, here),
            act(1, 3, there),
            merge(1, 0),
            merge(0, 1),
        ],
    }
}

/// An act with small numbers, such as one makes by hand; `which` is 1 to 3.
fn small(verb: Verb, which: u8) -> Act {
    let number = u32::from(which);
    let numbers = Numbers {
        // Fields of a record are but two.
        item: if verb == Verb::Put { 1 } else { which % 3 },
        by: number,
        value: number,
        at: 0,
        letter: char::from(b'a' + which - 1),
    };
    numbers.act(verb)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crdt::catalogue::all;
    use crate::crdt::laws::counterexample::moments;
    use crate::crdt::laws::notation::is_offered;

    #[test]
    fn every_type_and_rule_has_one_in_which_a_merge_changes_something() {
        for entry in all() {
            let id = entry.info.id;
            let history = example(entry.lab);
            for &step in &history.steps {
                assert!(is_offered(step, entry.lab), "{id}: {step:?}");
            }
            let seen = moments(entry.lab, &history, 2);
            assert!(seen.iter().all(|moment| !moment.is_refused), "{id}");
            let changes = |at: usize| seen[at].replicas != seen[at - 1].replicas;
            assert!(changes(1), "{id}");
            assert!(changes(4) || changes(5), "{id}");
        }
    }
}
