//! What the search for schedules finds, and what catalogues say of their entries, agree:
//! what is marked broken is broken by it, in what it is said to lose; what is sound is not,
//! in anything it is said to keep.
#![cfg(not(target_arch = "wasm32"))]

use splitbrain_checker::PropertyId;
use splitbrain_engine::policy::{Property, Soundness};
use splitbrain_engine::scenario::Slot;
use splitbrain_lesson::search::{Entry, Tried, entries, judged};

/// What an entry gives up and these schedules never take.
const NOT_SEEN: &[(&str, Property)] = &[
    // The sum shows both of two prices and neither: the judge takes it to reflect them.
    ("sum", Property::AcknowledgedWrites),
    // Quorums that meet keep these; with ONE, which they can be set to, they go.
    ("quorum", Property::ReadYourWrites),
    ("quorum", Property::MonotonicReads),
    // It takes three reads in three regions while one write is under way.
    ("write_one", Property::MonotonicReads),
    ("write_one", Property::MonotonicWrites),
    ("write_one", Property::WritesFollowReads),
    ("sloppy_quorum", Property::MonotonicReads),
    ("sloppy_quorum", Property::MonotonicWrites),
    ("sloppy_quorum", Property::WritesFollowReads),
    ("sloppy_quorum", Property::Causal),
    // Locks are handed over too seldom here for a customer to be fooled twice.
    ("global_lock_without_fence", Property::MonotonicWrites),
];

#[test]
fn what_is_marked_broken_is_broken_by_a_schedule_and_what_is_sound_is_not() {
    let searched: Vec<Tried> = entries().into_iter().map(Entry::tried).collect();
    let found = |tried: &Tried| -> Vec<&'static str> {
        let losses = tried.losses.iter();
        losses.map(|loss| loss.property.id()).collect()
    };
    let mut unseen = Vec::new();
    for tried in &searched {
        let Entry { info, service, .. } = &tried.entry;
        let lost = found(tried);
        let name = format!("{} for {}: found {lost:?}", info.id, service.id());
        for property in info.keeps {
            assert!(!lost.contains(&property.id()), "{name}");
        }
        if let Soundness::Broken { loses } = info.soundness {
            // What belongs to several strategies breaks some of them.
            let same = searched
                .iter()
                .filter(|other| other.entry.info.id == info.id && other.entry.service == *service);
            let lost: Vec<&str> = same.flat_map(found).collect();
            // What can not be said of a service is not lost by it.
            let judged = judged(*service);
            let sayable = |it: &&Property| judged.iter().any(|id| id.id() == it.id());
            for property in loses.iter().filter(sayable) {
                assert!(lost.contains(&property.id()), "{name}");
            }
        }
        // What is said to go goes under some schedule, in one service or another.
        let sayable = judged(*service);
        let elsewhere = searched
            .iter()
            .filter(|other| other.entry.info.id == info.id);
        let gone: Vec<&str> = elsewhere.flat_map(found).collect();
        for property in info.gives_up {
            let is_sayable = sayable.iter().any(|id| id.id() == property.id());
            let is_seen = gone.contains(&property.id());
            // Whether a quorum of so many meets the other is up to both of them.
            let is_count = matches!(tried.entry.slot, Slot::ReadQuorum | Slot::WriteQuorum)
                && !info.id.ends_with("_one");
            if is_sayable && !is_seen && !is_count && !NOT_SEEN.contains(&(info.id, *property)) {
                unseen.push((info.id, *property));
            }
        }
        for property in lost {
            let mut given_up = info.gives_up.iter().chain(&tried.entry.given_up);
            let is_known = given_up.any(|given| given.id() == property);
            assert!(is_known, "{name}");
        }
    }
    assert_eq!(unseen, [], "is given up, and nothing took it");
}

#[test]
fn a_loss_is_shrunk_to_what_is_needed_and_still_is_one() {
    let entry = entries()
        .into_iter()
        .find(|it| it.info.id == "arrival_order");
    let tried = entry.expect("it is in the catalogue").tried();
    let loss = tried
        .losses
        .iter()
        .find(|loss| loss.property == PropertyId::Convergence);
    let loss = loss.expect("arrival order does not converge").clone();
    let shrunk = loss.clone().shrunk();
    // Two writes, and what makes them cross.
    assert!(shrunk.run.commands.len() <= 3, "{:?}", shrunk.run.commands);
    for left_out in 0..shrunk.run.commands.len() {
        let mut fewer = shrunk.clone();
        fewer.run.commands.remove(left_out);
        assert!(!fewer.shows(), "command {left_out} is not needed");
    }
    assert!(shrunk.run.commands.len() < loss.run.commands.len());
    assert!(shrunk.shows());
}
