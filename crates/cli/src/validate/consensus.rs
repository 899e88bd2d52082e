//! Consensus: the five properties of its proof after every event of random fault
//! schedules, every history linearizable, and every deliberate mistake caught.

use splitbrain_checker::{PropertyId, Verdict};
use splitbrain_engine::measure::consensus::{ends_at, play, schedule};
use splitbrain_engine::replication::consensus::Mistake;
use splitbrain_engine::run::{Player, Target};
use splitbrain_lesson::observe::Observer;

use super::{Asked, Outcome, Phrase, Validation};

/// This validation.
pub(super) const CONSENSUS: Validation = Validation {
    name: "consensus",
    what: "cli.validate.consensus.what",
    source: "Ongaro and Ousterhout, USENIX ATC 2014, figure 3",
    run: |asked| Ok(run(asked)),
};

/// Schedules in which each mistake has to be caught.
const TRIES: u64 = 4_000;

fn run(asked: &Asked) -> Outcome {
    // A schedule is some hundred times the work of a history.
    let schedules = (asked.histories / 10).max(100);
    let (mut broken, mut elections, mut committed, mut events) = (0, 0, 0, 0);
    for at in 0..schedules {
        let seed = asked.seed.wrapping_add(at);
        let outcome = play(seed, Mistake::None);
        let found = outcome.invariants.broken();
        if !found.is_empty() {
            broken += 1;
            eprintln!("consensus, seed {seed}: {found:?}");
        }
        elections += u64::from(outcome.invariants.elections());
        committed += u64::from(outcome.invariants.committed());
        events += outcome.events;
        if !is_linearizable(seed) {
            broken += 1;
            eprintln!("consensus, seed {seed}: not linearizable");
        }
    }
    let caught = Mistake::ALL.iter().filter(|&&mistake| {
        let mut seeds = (0..TRIES).map(|at| asked.seed.wrapping_add(at));
        seeds.any(|seed| !play(seed, mistake).invariants.broken().is_empty())
    });
    let caught = caught.count() as u64;
    let mistakes = Mistake::ALL.len() as u64;
    Outcome {
        size: Phrase {
            id: "cli.validate.consensus.size",
            counts: vec![
                ("n", schedules),
                ("elections", elections),
                ("entries", committed),
                ("events", events),
            ],
        },
        result: Phrase {
            id: "cli.validate.consensus.result",
            counts: vec![("n", broken), ("caught", caught)],
        },
        expected: Phrase {
            id: "cli.validate.consensus.result",
            counts: vec![("n", 0), ("caught", mistakes)],
        },
        is_as_expected: broken == 0 && caught == mistakes && elections > schedules / 2,
    }
}

fn is_linearizable(seed: u64) -> bool {
    let run = schedule(seed, "read_index");
    let end = ends_at(&run);
    let scenario = run.scenario.clone();
    let mut player = Player::new(run);
    player.jump(Target::Time(end));
    let mut observer = Observer::new(&scenario);
    observer.follow_player(&mut player);
    let verdict = observer.judge().verdict(PropertyId::Linearizable);
    !matches!(verdict, Verdict::Violated { .. })
}
