//! Consensus: the properties of its proof after every event of random fault schedules, with
//! reads by index and by lease, with a witness, and with members that join and leave;
//! every history linearizable; and every deliberate mistake caught by the property that it
//! is about.

use splitbrain_checker::{PropertyId, Verdict};
use splitbrain_engine::measure::consensus::{Broken, Group, play, schedule};
use splitbrain_engine::replication::consensus::Mistake;
use splitbrain_engine::sim::fact::FactId;
use splitbrain_engine::sim::trace::Trace;
use splitbrain_lesson::observe::Observer;

use super::{Asked, Outcome, Phrase, Validation};

/// This validation.
pub(super) const CONSENSUS: Validation = Validation {
    name: "consensus",
    what: "cli.validate.consensus.what",
    source: "Ongaro and Ousterhout, USENIX ATC 2014, figure 3; Ongaro 2014, chapter 4",
    run: |asked| Ok(run(asked)),
};

/// Schedules in which each mistake has to be caught. The rarest is caught in about one of
/// 1,300.
const TRIES: u64 = 10_000;

fn run(asked: &Asked) -> Outcome {
    // A schedule is some hundred times the work of a history.
    let schedules = (asked.histories / 10).max(100);
    let (mut broken, mut undecided, mut unread) = (0, 0, 0);
    let (mut elections, mut committed, mut changes, mut events) = (0, 0, 0, 0);
    for (at, group) in (0..schedules).zip(Group::ALL.iter().cycle()) {
        let seed = asked.seed.wrapping_add(at);
        let mut trace = Trace::default();
        let outcome = play(seed, group, Mistake::None, Some(&mut trace));
        let found = outcome.invariants.broken();
        if !found.is_empty() {
            broken += 1;
            eprintln!("consensus, {group:?}, seed {seed}: {found:?}");
        }
        elections += u64::from(outcome.invariants.elections());
        committed += u64::from(outcome.invariants.committed());
        changes += u64::from(outcome.changes);
        events += outcome.events;
        match judge(seed, group, &trace) {
            Judged::Holds => {}
            Judged::Violated => {
                broken += 1;
                eprintln!("consensus, {group:?}, seed {seed}: not linearizable");
            }
            Judged::Undecided => undecided += 1,
            Judged::Unread => unread += 1,
        }
    }
    let caught = Mistake::ALL.iter().filter(|&&mistake| {
        let mut seeds = (0..TRIES).map(|at| asked.seed.wrapping_add(at));
        seeds.any(|seed| is_caught(seed, mistake))
    });
    let caught = caught.count() as u64;
    let mistakes = Mistake::ALL.len() as u64;
    let result = |broken, undecided, caught| Phrase {
        id: "cli.validate.consensus.result",
        counts: vec![("n", broken), ("undecided", undecided), ("caught", caught)],
    };
    Outcome {
        size: Phrase {
            id: "cli.validate.consensus.size",
            counts: vec![
                ("n", schedules),
                ("elections", elections),
                ("entries", committed),
                ("changes", changes),
                ("events", events),
                ("unread", unread),
            ],
        },
        result: result(broken, undecided, caught),
        expected: result(0, 0, mistakes),
        is_as_expected: (broken, undecided, caught) == (0, 0, mistakes)
            && unread < schedules.div_ceil(4)
            && elections > schedules / 2
            && changes > schedules / 10,
        beside: None,
    }
}

/// Whether a schedule shows that the property which a mistake is about is broken.
fn is_caught(seed: u64, mistake: Mistake) -> bool {
    let group = Group::of(mistake);
    match Broken::by(mistake) {
        None => false,
        Some(Broken::Linearizability) => {
            let mut trace = Trace::default();
            play(seed, &group, mistake, Some(&mut trace));
            judge(seed, &group, &trace) == Judged::Violated
        }
        Some(broken) => {
            let outcome = play(seed, &group, mistake, None);
            outcome.invariants.broken().contains(&broken)
        }
    }
}

/// Whether a history is linearizable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Judged {
    Holds,
    Violated,
    Undecided,
    /// Nobody was told what was read: nothing to judge.
    Unread,
}

fn judge(seed: u64, group: &Group, trace: &Trace) -> Judged {
    let mut observer = Observer::new(&schedule(seed, group).run.scenario);
    if observer.follow(trace, FactId(trace.len())).is_err() {
        return Judged::Undecided;
    }
    let reports = observer.judge().verdicts();
    let mut reports = reports.iter();
    match reports.find(|it| it.info.property == PropertyId::Linearizable) {
        None => Judged::Unread,
        Some(report) => match report.verdict {
            Verdict::Holds => Judged::Holds,
            Verdict::Violated { .. } => Judged::Violated,
            Verdict::Open { .. } => Judged::Undecided,
        },
    }
}
