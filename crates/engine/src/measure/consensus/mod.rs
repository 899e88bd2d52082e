//! Consensus under random faults: schedules, and the properties of its proof, checked
//! after every event; and which deliberate mistake breaks which of them.

mod invariants;
mod schedules;
mod staged;

use crate::conflict::last_writer_wins::LastWriterWins;
use crate::design::MergeRule;
use crate::replication::Setup;
use crate::replication::consensus::{Changes, Mistake, Replica, Settings};
use crate::sim::fact::HostId;
use crate::sim::node::Addr;
use crate::sim::time::Time;
use crate::sim::trace::Trace;
use crate::sim::world::World;

pub use self::invariants::{Broken, Invariants};
pub use self::schedules::{Expected, Group, Schedule, schedule};

impl Broken {
    /// What a mistake breaks in some schedule, whatever else it breaks.
    pub const fn by(mistake: Mistake) -> Option<Self> {
        match mistake {
            Mistake::None => None,
            Mistake::VotesTwice => Some(Self::ElectionSafety),
            Mistake::LeaderGivesWay => Some(Self::LeaderAppendOnly),
            Mistake::SkipsTheCheck => Some(Self::LogMatching),
            Mistake::VotesForTheIgnorant
            | Mistake::CommitsOldTerms
            | Mistake::LeaderTruncates
            | Mistake::ChangesBeforeItsTerm => Some(Self::LeaderCompleteness),
            Mistake::CommitsUnseen => Some(Self::StateMachineSafety),
            Mistake::ReadsUnconfirmed | Mistake::LeaseWithoutMargin | Mistake::ForgetsTheLease => {
                Some(Self::Linearizability)
            }
            Mistake::NeverStepsDown => Some(Self::Progress),
            Mistake::SkipsPreVote => Some(Self::Stability),
        }
    }
}

impl Group {
    /// The group in whose schedules a mistake is looked for.
    pub const fn of(mistake: Mistake) -> Self {
        match mistake {
            Mistake::ChangesBeforeItsTerm => Self::CHANGING,
            Mistake::LeaseWithoutMargin | Mistake::ForgetsTheLease => Self::BY_LEASE,
            _ => Self::BY_INDEX,
        }
    }
}

/// The world of a schedule, with a mistake made by every member.
fn world(schedule: &Schedule, group: &Group, mistake: Mistake) -> World {
    let run = &schedule.run;
    let mut world = run.world();
    let Some(service) = run.scenario.services.first() else {
        return world;
    };
    let regions = run.scenario.regions.len() as u8;
    for host in 0..regions {
        let me = Addr::new(HostId(u16::from(host)), 0);
        let setup = Setup {
            me,
            regions,
            rule: MergeRule::Conflict(&LastWriterWins),
            initial: run.scenario.initial(service.kind),
            compare_every_us: run.scenario.physics.compare_every_us,
        };
        let changes = if group.changes_members {
            Changes::AtRandom
        } else {
            Changes::Never
        };
        let settings = Settings {
            changes,
            mistake,
            ..Settings::of(service)
        };
        world.replace(me, Box::new(Replica::new(setup, settings)));
    }
    world
}

/// What a schedule showed.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The checks, at the end.
    pub invariants: Invariants,
    /// Events that it took.
    pub events: u64,
    /// Changes of the group that were committed.
    pub changes: u32,
}

/// Plays the schedule of a seed to its end and checks after every event; what happened is
/// put into the trace, if there is one.
pub fn play(seed: u64, group: &Group, mistake: Mistake, mut trace: Option<&mut Trace>) -> Outcome {
    let schedule = schedule(seed, group);
    let commands = &schedule.run.commands;
    let mut world = world(&schedule, group, mistake);
    let mut invariants = Invariants::new(0, schedule.run.scenario.regions.len() as u8);
    let mut before = None;
    let from = schedule.expected.map_or(Time::MAX, Expected::from);
    let end = schedule.ends_at();
    while let Some(at) = world.next_at(commands).filter(|&at| at <= end) {
        if before.is_none() && at >= from {
            before = Some((invariants.leader(), invariants.committed()));
        }
        world.step(commands, trace.as_deref_mut());
        invariants.check(&world);
    }
    if let Some((leader, committed)) = before {
        match schedule.expected {
            Some(Expected::Progress { .. }) if invariants.committed() == committed => {
                invariants.break_(Broken::Progress);
            }
            Some(Expected::Stability { leader: chosen, .. })
                if leader.is_some_and(|(region, _)| region == chosen)
                    && invariants.leader() != leader =>
            {
                invariants.break_(Broken::Stability);
            }
            _ => {}
        }
    }
    Outcome {
        changes: invariants.changes(),
        events: u64::from(world.events()),
        invariants,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::{Command, Direction, TimedCommand};
    use crate::sim::fact::OpKind;
    use crate::sim::node::{Action, Key, PaymentKey, Value};
    use crate::view::RoleView;

    /// Schedules of each kind of group, some of everything in each.
    const SCHEDULES: u64 = 120;
    /// Schedules in which a mistake has to be caught.
    const TRIES: u64 = 4_000;

    #[test]
    fn no_schedule_breaks_what_the_proof_says() {
        for group in Group::ALL {
            let (mut elections, mut committed, mut changes) = (0, 0, 0);
            for seed in 0..SCHEDULES {
                let outcome = play(seed, group, Mistake::None, None);
                let broken = outcome.invariants.broken();
                assert!(broken.is_empty(), "{group:?}, seed {seed}: {broken:?}");
                elections += outcome.invariants.elections();
                committed += outcome.invariants.committed();
                changes += outcome.changes;
            }
            assert!(elections > 180, "{group:?}: {elections}");
            assert!(committed > 500, "{group:?}: {committed}");
            assert_eq!(changes > 100, group.changes_members, "{group:?}: {changes}");
        }
    }

    #[test]
    fn every_mistake_breaks_the_property_that_it_is_about() {
        for &mistake in Mistake::ALL {
            let about = Broken::by(mistake).expect("every mistake is about something");
            if about == Broken::Linearizability {
                // Only a checker of histories can tell.
                continue;
            }
            let caught = (0..TRIES).any(|seed| {
                let outcome = play(seed, &Group::of(mistake), mistake, None);
                outcome.invariants.broken().contains(&about)
            });
            assert!(caught, "{mistake:?} does not break {about:?}");
        }
    }

    /// The one with the longest log of those left asks for votes about a term that the other
    /// has seen begin: it has to be told, or nobody could ever be elected.
    #[test]
    fn a_member_with_the_longest_log_learns_of_a_term_that_it_missed() {
        let (first, mut seed) = (0, 0);
        let mut schedule = loop {
            let schedule = schedule(seed, &Group::BY_INDEX);
            if schedule.run.scenario.regions.len() == 3 {
                break schedule;
            }
            seed += 1;
        };
        let commands = &mut schedule.run.commands;
        commands.clear();
        let at = |at_ms, command| TimedCommand {
            at: Time::from_ms(at_ms),
            command,
        };
        let direction = Direction::Both;
        let write = |customer: u16, value| Command::Act {
            customer,
            action: Action {
                kind: OpKind::Write,
                key: Key::new(0, 0),
                argument: Value(value),
                payment_key: PaymentKey::Fresh,
                via: None,
            },
        };
        commands.push(at(6_000, Command::PromoteRegion { region: first }));
        for to in [1, 2] {
            let from = first;
            commands.push(at(
                8_000,
                Command::CutLink {
                    from,
                    to,
                    direction,
                },
            ));
        }
        commands.push(at(8_100, write(0, 1)));
        let mut world = super::world(&schedule, &Group::BY_INDEX, Mistake::None);
        let next = loop {
            world.step(&schedule.run.commands, None);
            let leads = |region: u8| {
                let view = world.log_view(Addr::new(HostId(u16::from(region)), 0));
                view.is_some_and(|view| view.role == RoleView::Leader && view.term > 1)
            };
            let is_cut = world.now() > Time::from_ms(8_000);
            if let Some(next) = [1, 2].into_iter().find(|&region| is_cut && leads(region)) {
                break next;
            }
        };
        // It goes before its first entry is anywhere.
        let now = world.now().after(1);
        let other = 3 - next;
        let commands = &mut schedule.run.commands;
        commands.push(TimedCommand {
            at: now,
            command: Command::CrashRegion { region: next },
        });
        for to in [1, 2] {
            let from = first;
            let command = Command::HealLink {
                from,
                to,
                direction,
            };
            commands.push(TimedCommand { at: now, command });
        }
        let later = now.after(10_000_000);
        commands.push(TimedCommand {
            at: later,
            command: write(u16::from(other), 2),
        });
        let end = later.after(5_000_000);
        while world
            .next_at(&schedule.run.commands)
            .is_some_and(|at| at <= end)
        {
            world.step(&schedule.run.commands, None);
        }
        let view = world.log_view(Addr::new(HostId(u16::from(first)), 0));
        let view = view.expect("a member has a log");
        let last = view.log.entries().last().expect("it is not empty");
        assert_eq!((view.commit, last.argument), (view.log.len(), Value(2)));
    }

    #[test]
    fn every_property_is_broken_by_a_mistake_of_its_own() {
        for broken in Broken::ALL {
            let mut mistakes = Mistake::ALL.iter();
            assert!(
                mistakes.any(|&mistake| Broken::by(mistake) == Some(*broken)),
                "{broken:?}"
            );
        }
    }
}
