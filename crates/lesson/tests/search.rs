//! What the search for schedules finds, and what catalogues say of their entries, agree:
//! what is marked broken is broken by it, in what it is said to lose; what is sound is not,
//! in anything it is said to keep.
#![cfg(not(target_arch = "wasm32"))]

use splitbrain_checker::PropertyId;
use splitbrain_engine::crdt::catalogue;
use splitbrain_engine::policy::{Property, Soundness};
use splitbrain_engine::records::Field;
use splitbrain_engine::run::{Command, TimedCommand};
use splitbrain_engine::scenario::Slot;
use splitbrain_engine::sim::fact::OpKind;
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

/// What a command is, without when it is given and to whom.
fn shape(timed: &TimedCommand) -> String {
    match timed.command {
        Command::Act { action, .. } if action.kind == OpKind::WriteField => {
            let (field, _) = Field::from_argument(action.argument);
            format!("{:?} {field:?}", action.kind)
        }
        Command::Act { action, .. } => match action.kind {
            OpKind::Write => "Write".into(),
            kind => format!("{kind:?} {}", action.argument.0),
        },
        Command::CrashRegion { region } => format!("Crash {region}"),
        Command::RestartRegion { region } => format!("Restart {region}"),
        ref other => format!("{other:?}"),
    }
}

/// Entries that are broken in worlds, and by the law lab not at all or otherwise, with what is known
/// by hand to be enough.
#[test]
fn what_is_broken_in_worlds_alone_is_shrunk_to_what_is_known_by_hand() {
    let collected = |item: u8, region: u8| {
        // An item is put in; a region is away while it is taken out and that forgotten; then
        // the region has it still, and nobody knows better.
        vec![
            format!("Add {item}"),
            format!("Crash {region}"),
            format!("Remove {item}"),
            format!("Restart {region}"),
        ]
    };
    let twice = |what: &str| vec![what.to_owned(); 2];
    // The first write of a field replaces nothing; the second one is added to it elsewhere.
    let known: &[(&str, Slot, PropertyId, Vec<String>)] = &[
        (
            "field_sum",
            Slot::AddressRule,
            PropertyId::Convergence,
            twice("WriteField Address"),
        ),
        (
            "field_sum",
            Slot::PhoneRule,
            PropertyId::Convergence,
            twice("WriteField Phone"),
        ),
        (
            "collect_after_10_s",
            Slot::Collection,
            PropertyId::Convergence,
            collected(2, 2),
        ),
        (
            "collect_after_30_s",
            Slot::Collection,
            PropertyId::Convergence,
            collected(2, 2),
        ),
        (
            "collect_when_majority_has_it",
            Slot::Collection,
            PropertyId::Convergence,
            collected(1, 1),
        ),
        // Two customers of one region, the second of whom had not read what the first wrote.
        (
            "siblings_by_version_vector",
            Slot::Merge,
            PropertyId::AcknowledgedWrites,
            twice("Write"),
        ),
    ];
    for (id, slot, property, expected) in known {
        let mut found = 0;
        let tried = entries().into_iter();
        for entry in tried.filter(|it| it.info.id == *id && it.slot == *slot) {
            let tried = entry.tried();
            let mut losses = tried.losses.into_iter();
            let loss = losses.find(|loss| loss.property == *property);
            let shrunk = loss.unwrap_or_else(|| panic!("{id}")).shrunk();
            let commands: Vec<String> = shrunk.run.commands.iter().map(shape).collect();
            assert_eq!(commands, *expected, "{id}");
            found += 1;
        }
        assert!(found > 0, "{id}");
    }
    // Nothing broken that merges is neither here nor in the lab.
    let merging = [
        Slot::Merge,
        Slot::Collection,
        Slot::AddressRule,
        Slot::PhoneRule,
    ];
    for entry in entries()
        .into_iter()
        .filter(|it| merging.contains(&it.slot))
    {
        let id = entry.info.id;
        if matches!(entry.info.soundness, Soundness::Broken { .. }) {
            let is_known = known.iter().any(|it| it.0 == id);
            assert!(is_known || catalogue::find(id).is_some(), "{id}");
        }
    }
}
