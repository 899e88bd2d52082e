//! One replica to look at, and what an update of it weighs in each of its forms.
//!
//! Three replicas do eight things in turn, and everybody hears of each at once; then one of
//! the eight is undone, where the type can. What a replica is made of after that is shown,
//! and the next update is weighed: as an operation, as a delta, and as the whole state that
//! has it. Almeida, Shoker and Baquero, "Delta state replicated data types", 2018, on what
//! the three are for.

use super::{Lab, Replica, View};
use crate::crdt::merging::{ELEMENTS, REPLICAS, Writers, less, more, on_element};

/// A replica, and what travels of it. Sizes are on the wire, in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    /// The replica before the update that is weighed.
    pub view: View,
    /// The update as an operation.
    pub operation: u32,
    /// Its delta.
    pub delta: u32,
    /// The whole state with it.
    pub state: u32,
}

impl Sample {
    /// Of a type; nothing where it refuses the last update.
    pub fn of(lab: &dyn Lab) -> Option<Self> {
        let mut replicas: Vec<Box<dyn Replica>> = (0..REPLICAS).map(|_| lab.empty()).collect();
        let mut writers = Writers::default();
        let done = (0..ELEMENTS).map(|element| on_element(more(lab.verbs()), element));
        let undone = less(lab.verbs()).map(|verb| on_element(verb, 1));
        for (at, act) in (0..REPLICAS).cycle().zip(done.chain(undone)) {
            let place = usize::from(at);
            if let Some(operation) = replicas[place].prepare(writers.next(at), act) {
                for replica in &mut replicas {
                    replica.apply(&operation);
                }
            }
        }
        let view = View::of(replicas[0].as_ref());
        let act = on_element(more(lab.verbs()), 2);
        let operation = replicas[0].prepare(writers.next(0), act)?;
        replicas[0].apply(&operation);
        Some(Self {
            view,
            operation: operation.bytes,
            delta: replicas[0].delta(&operation).bytes(),
            state: replicas[0].bytes(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crdt::ALL_TYPES;
    use crate::crdt::catalogue::find;
    use crate::crdt::replicated::Content;

    fn sample(id: &str) -> Sample {
        Sample::of(find(id).unwrap().lab).unwrap()
    }

    #[test]
    fn every_type_has_one_and_nothing_weighs_more_than_the_whole() {
        for entry in ALL_TYPES {
            let id = entry.info.id;
            let sample = Sample::of(entry.lab).unwrap_or_else(|| panic!("{id}"));
            assert!(!sample.view.state.is_empty(), "{id}");
            assert!(sample.operation > 0 && sample.delta > 0, "{id}: {sample:?}");
            assert!(sample.delta <= sample.state, "{id}: {sample:?}");
        }
    }

    #[test]
    fn what_was_undone_is_gone_and_its_tombstone_is_seen() {
        let with = sample("tombstone_set");
        let items = Content::Items(vec![0, 2, 3, 4, 5, 6, 7]);
        assert_eq!(with.view.value, items);
        let without = sample("observed_remove_set");
        assert_eq!(without.view.value, items);
        assert!(with.state > without.state);
    }

    #[test]
    fn a_delta_of_a_set_is_news_and_not_the_set() {
        let set = sample("observed_remove_set");
        assert!(set.delta * 2 < set.state, "{set:?}");
    }
}
