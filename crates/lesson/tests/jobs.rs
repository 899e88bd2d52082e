//! How often a scheduled job runs, by who may run it: in calm weather, when its holder is
//! stopped between its check and its report, and under many schedules of pauses, crashes,
//! cuts and clocks that run wrong.
#![cfg(not(target_arch = "wasm32"))]

use std::rc::Rc;

use splitbrain_checker::{PropertyId, Verdict, ViolationKind};
use splitbrain_engine::measure::Chance;
use splitbrain_engine::playground::playground;
use splitbrain_engine::run::{Command, Direction, Player, Run, Target, TimedCommand};
use splitbrain_engine::scenario::{Scenario, Service, ServiceKind, Slot};
use splitbrain_engine::sim::fact::{Fact, FactId, FactKind, HostId};
use splitbrain_engine::sim::node::Addr;
use splitbrain_engine::sim::time::Time;
use splitbrain_engine::view::StateView;
use splitbrain_lesson::observe::Observer;
use splitbrain_lesson::why::{Role, why_fact, why_violation};

const FIRST: HostId = HostId(0);

/// Three regions and a job that is run every two seconds.
fn world(schedule: &str) -> Scenario {
    let mut scenario = playground();
    scenario.regions.truncate(3);
    scenario.customers.clear();
    scenario.services = vec![Service {
        kind: ServiceKind::Jobs,
        design: vec![(Slot::Schedule, schedule.into())],
    }];
    assert_eq!(scenario.check(), []);
    scenario
}

fn play(schedule: &str, seed: u64, commands: Vec<TimedCommand>, end_ms: u64) -> Player {
    let mut run = Run::new(Rc::new(world(schedule)), seed);
    run.commands = commands;
    let mut player = Player::new(run);
    player.jump(Target::Time(Time::from_ms(end_ms)));
    player
}

fn facts(player: &Player, kind: FactKind) -> Vec<(FactId, Fact)> {
    let all = player.trace().range(FactId(0), player.end());
    let held = all.map(|(id, fact)| (id, *fact));
    held.filter(|(_, fact)| fact.kind() == kind).collect()
}

/// Violations of a property by kind, those that ended among them.
fn found(player: &mut Player, property: PropertyId) -> Vec<ViolationKind> {
    let mut observer = Observer::new(&player.run().scenario);
    observer.follow_player(player);
    match observer.judge().verdict(property) {
        Verdict::Violated { violations, .. } => violations.iter().map(|it| it.kind).collect(),
        _ => Vec::new(),
    }
}

fn at(time: Time, command: Command) -> TimedCommand {
    TimedCommand { at: time, command }
}

#[test]
fn in_calm_weather_every_scheme_with_one_runner_runs_each_time_once() {
    for schedule in ["designated_region", "lease", "lease_with_fencing_token"] {
        let mut player = play(schedule, 3, Vec::new(), 61_000);
        let ran = facts(&player, FactKind::JobRan);
        let times: Vec<u32> = ran.iter().map(|(_, fact)| fact.a).collect();
        assert_eq!(times, (1..=30).collect::<Vec<u32>>(), "{schedule}");
        assert_eq!(found(&mut player, PropertyId::OnceATick), [], "{schedule}");
    }
    for schedule in ["everywhere", "lease_per_cluster"] {
        let player = play(schedule, 3, Vec::new(), 61_000);
        let ran = facts(&player, FactKind::JobRan);
        for time in 4..=30 {
            let of_time = ran.iter().filter(|(_, fact)| fact.a == time);
            let mut by: Vec<HostId> = of_time.map(|(_, fact)| fact.peer).collect();
            by.sort_unstable();
            assert_eq!(by, [0, 1, 2].map(HostId), "{schedule} at time {time}");
        }
    }
}

/// A holder that is not where the lease store is begins on a report and stands still until
/// its lease is another's.
fn stopped_holder(schedule: &str) -> (Player, Fact) {
    for seed in 0..40 {
        let calm = play(schedule, seed, Vec::new(), 9_000);
        let begun = facts(&calm, FactKind::JobStarted);
        let Some(&(_, job)) = begun.iter().find(|(_, fact)| fact.host != FIRST) else {
            continue;
        };
        let region = job.host.0 as u8;
        let script = vec![
            at(job.at().after(100_000), Command::PauseRegion { region }),
            at(job.at().after(8_000_000), Command::ResumeRegion { region }),
        ];
        return (play(schedule, seed, script, 25_000), job);
    }
    panic!("no region but the first ever holds the lease");
}

#[test]
fn a_holder_that_stands_still_past_its_lease_runs_a_time_that_another_has_run() {
    let (mut player, job) = stopped_holder("lease");
    let mut observer = Observer::new(&player.run().scenario);
    observer.follow_player(&mut player);
    let Verdict::Violated { violations, .. } = observer.judge().verdict(PropertyId::OnceATick)
    else {
        panic!("nothing was run twice");
    };
    assert_eq!(violations.len(), 1, "{violations:?}");
    assert_eq!(
        violations[0].replicas.last().map(|it| it.0),
        Some(job.host.0 as u8)
    );
    // The story has the pause, the lease that ran out, whose it was next, and both runs.
    let steps = why_violation(player.trace(), violations[0], player.end());
    let role_of = |kind| {
        let mut of_kind = steps.iter().filter(|step| {
            let fact = player.trace().get(step.fact);
            fact.is_some_and(|fact| fact.kind() == kind)
        });
        of_kind.next_back().map(|step| step.role)
    };
    assert_eq!(role_of(FactKind::RegionPaused), Some(Role::Changed));
    assert_eq!(role_of(FactKind::RegionResumed), Some(Role::Changed));
    assert_eq!(role_of(FactKind::LeaseExpired), Some(Role::Ended));
    assert_eq!(role_of(FactKind::LeaseGranted), Some(Role::Leased));
    assert_eq!(role_of(FactKind::JobStarted), Some(Role::Began));
    assert_eq!(role_of(FactKind::JobRan), Some(Role::RanAgain));
}

#[test]
fn a_fencing_token_turns_the_late_report_away_and_says_why() {
    let (mut player, job) = stopped_holder("lease_with_fencing_token");
    assert_eq!(found(&mut player, PropertyId::OnceATick), []);
    let refused = facts(&player, FactKind::StaleTokenRefused);
    let (id, fact) = refused[0];
    assert_eq!((fact.peer, fact.a, fact.b), (job.host, job.a, job.c));
    assert!(fact.c > fact.b, "{fact:?}");
    let steps = why_fact(player.trace(), id, player.end());
    let has = |role| steps.iter().any(|step| step.role == role);
    assert!(
        has(Role::Refused) && has(Role::Began) && has(Role::Ended),
        "{steps:?}"
    );
}

#[test]
fn a_designated_region_that_is_down_is_late_and_never_runs_a_time_twice() {
    let script = vec![
        at(Time::from_ms(4_200), Command::CrashRegion { region: 0 }),
        at(Time::from_ms(12_500), Command::RestartRegion { region: 0 }),
    ];
    let mut player = play("designated_region", 1, script, 40_000);
    assert_eq!(found(&mut player, PropertyId::OnceATick), []);
    let missed = found(&mut player, PropertyId::JobRuns);
    assert!(missed.len() >= 3, "{missed:?}");
    let ran = facts(&player, FactKind::JobRan);
    let times: Vec<u32> = ran.iter().map(|(_, fact)| fact.a).collect();
    // The second time was begun when it crashed: nobody can say whether its report left.
    let expected: Vec<u32> = (1..20).filter(|&time| time != 2).collect();
    assert_eq!(times, expected);
}

#[test]
fn without_the_lease_store_nothing_runs_and_another_region_takes_over_from_a_holder() {
    let schedule = "lease_with_fencing_token";
    let down = vec![at(
        Time::from_ms(10_000),
        Command::CrashRegion { region: 0 },
    )];
    let player = play(schedule, 2, down, 40_000);
    let ran = facts(&player, FactKind::JobRan);
    let last = ran.last().expect("it ran before").1.at();
    assert!(last < Time::from_ms(14_000), "{last:?}");
    let (seed, holder) = (0..40)
        .find_map(|seed| {
            let calm = play(schedule, seed, Vec::new(), 9_000);
            let begun = facts(&calm, FactKind::JobStarted);
            let (_, last) = begun.last()?;
            (last.host != FIRST).then_some((seed, last.host))
        })
        .expect("some region but the first holds the lease");
    let region = holder.0 as u8;
    let gone = vec![at(Time::from_ms(10_000), Command::CrashRegion { region })];
    let mut player = play(schedule, seed, gone, 41_000);
    let ran = facts(&player, FactKind::JobRan);
    let times: Vec<u32> = ran.iter().map(|(_, fact)| fact.a).collect();
    assert_eq!(times, (1..=20).collect::<Vec<u32>>());
    assert_ne!(ran.last().map(|(_, fact)| fact.peer), Some(holder));
    assert_eq!(found(&mut player, PropertyId::OnceATick), []);
}

#[test]
fn panels_see_the_lease_where_it_is_given_and_where_it_is_held() {
    let player = play("lease_with_fencing_token", 3, Vec::new(), 9_000);
    let granted = facts(&player, FactKind::LeaseGranted);
    let (_, latest) = granted.last().expect("somebody holds the lease");
    let leases = |region| {
        let state = player.world().state(Addr::new(HostId(region), 0));
        let leases = state.into_iter().map(|line| match line {
            StateView::Lease {
                key: None,
                holder,
                token,
                until_us,
                ..
            } => (HostId(u16::from(holder)), token, until_us),
            other => panic!("{other:?}"),
        });
        leases.collect::<Vec<_>>()
    };
    let given = leases(0);
    assert_eq!(given.len(), 1);
    assert_eq!((given[0].0, given[0].1), (latest.peer, latest.a));
    assert!(given[0].2 > 9_000_000, "{given:?}");
    for region in [1, 2] {
        let held = leases(region);
        let holds = HostId(region) == latest.peer;
        assert_eq!(held.len(), usize::from(holds), "{held:?}");
        // It counts from when it asked, so it is never the last to know.
        let within = |&(_, token, until_us): &(_, u32, u64)| {
            token == given[0].1 && until_us <= given[0].2 + 1_000
        };
        assert!(held.iter().all(within), "{held:?} of {given:?}");
    }
}

/// Pauses, crashes, cuts, bad links and clocks for half a minute.
fn trouble(seed: u64) -> Vec<TimedCommand> {
    let mut chance = Chance::new(seed);
    let mut commands = Vec::new();
    for _ in 0..10 {
        let from = Time(chance.below(30_000_000));
        let until = from.after(chance.below(9_000_000));
        let region = chance.below(3) as u8;
        let to = (region + 1 + chance.below(2) as u8) % 3;
        let direction = Direction::Both;
        let degrade = |loss_ppm, extra_us| Command::DegradeLink {
            from: region,
            to,
            loss_ppm,
            duplicate_ppm: loss_ppm,
            reorder_ppm: loss_ppm,
            extra_us,
        };
        let slow = |extra_us| Command::SlowRegion { region, extra_us };
        let clock = |offset_us, drift_ppm| Command::StepClock {
            region,
            offset_us,
            drift_ppm,
        };
        let (bad, good) = match chance.below(7) {
            0 | 1 => (
                Command::PauseRegion { region },
                Command::ResumeRegion { region },
            ),
            2 => (
                Command::CrashRegion { region },
                Command::RestartRegion { region },
            ),
            3 => (
                Command::CutLink {
                    from: region,
                    to,
                    direction,
                },
                Command::HealLink {
                    from: region,
                    to,
                    direction,
                },
            ),
            4 => (degrade(400_000, 300_000), degrade(0, 0)),
            5 => (slow(chance.below(2_000_000) as u32), slow(0)),
            _ => {
                let offset_us = chance.below(8_000_000) as i64 - 4_000_000;
                let drift_ppm = chance.below(200_000) as i32 - 100_000;
                (clock(offset_us, drift_ppm), clock(0, 0))
            }
        };
        commands.extend([at(from, bad), at(until, good)]);
    }
    commands.sort_by_key(|timed| timed.at);
    commands
}

#[test]
fn under_trouble_a_lease_alone_runs_a_time_twice_and_what_is_sound_never_does() {
    let twice = |schedule| {
        let runs = (0..300).map(|seed| {
            let mut player = play(schedule, seed, trouble(seed), 60_000);
            let ran = facts(&player, FactKind::JobRan).len();
            assert!(ran >= 10, "{schedule} {seed}: {ran}");
            found(&mut player, PropertyId::OnceATick).len()
        });
        runs.sum::<usize>()
    };
    assert_eq!(twice("designated_region"), 0);
    assert_eq!(twice("lease_with_fencing_token"), 0);
    assert!(twice("lease") > 10);
}
