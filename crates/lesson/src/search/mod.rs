//! A search for schedules that break a policy. It does not know what it judges: the same
//! schedules, the same judge, the same effort for every entry of every catalogue.
//!
//! What it finds is said as runs, [shrunk](Loss::shrunk) to the commands that are needed,
//! so that each loss can be opened and looked at. That nothing is found proves nothing; it
//! says that so many schedules did not do it.

mod schedules;

use std::rc::Rc;

use splitbrain_checker::{PropertyId, Verdict, Violation};
use splitbrain_engine::jobs;
use splitbrain_engine::playground;
use splitbrain_engine::policy::{Info, Property};
use splitbrain_engine::replication::Strategy;
use splitbrain_engine::run::{Player, Run, Target, TimedCommand};
use splitbrain_engine::scenario::{Choice, Scenario, Service, ServiceKind, Slot};
use splitbrain_engine::sim::dice::identity;
use splitbrain_engine::sim::fact::{Fact, FactId};
use splitbrain_engine::sim::node::Key;
use splitbrain_engine::sim::time::Time;

use crate::observe::Observer;
use schedules::{
    absences, baskets, conversation, documents, likes, moves, of_records, records, rooms, schedule,
    stock,
};

/// What is looked at: what an entry of these catalogues can keep or give up. How stale
/// a read may be is up to the links and the replication between them.
pub const JUDGED: [PropertyId; 14] = [
    PropertyId::AcknowledgedWrites,
    PropertyId::Convergence,
    PropertyId::ReadYourWrites,
    PropertyId::MonotonicReads,
    PropertyId::LostUpdate,
    PropertyId::MonotonicWrites,
    PropertyId::WritesFollowReads,
    PropertyId::Causal,
    PropertyId::Linearizable,
    PropertyId::ExactlyOnce,
    PropertyId::JobRuns,
    PropertyId::OnceATick,
    PropertyId::MessageOrder,
    PropertyId::NoOversell,
];
/// Schedules tried for each entry, whatever it is.
const SCHEDULES: u64 = 120;
/// How long after the beginning of its faults a schedule ends, in microseconds: long enough
/// after the last one for every update to arrive.
const LENGTH_US: u64 = 25_000_000;
/// The same where regions are away for as long as it takes to forget what they lack.
const LENGTH_OF_ABSENCES_US: u64 = 75_000_000;
/// The faults of a schedule begin at most so long before a job is due for the first time, in
/// microseconds.
const BEFORE_DUE_US: u64 = 6_000_000;

/// What of [`JUDGED`] can be said of a service.
pub fn judged(service: ServiceKind) -> &'static [PropertyId] {
    match service {
        ServiceKind::Prices | ServiceKind::Orders => &JUDGED[..9],
        // What is put into a cart and taken out again is no version of it.
        ServiceKind::Carts => &JUDGED[..4],
        // Of keys that are written in parts, or counted, no read can be judged.
        ServiceKind::Profiles | ServiceKind::Likes | ServiceKind::Documents => &JUDGED[..2],
        ServiceKind::Payments => &JUDGED[9..10],
        ServiceKind::Jobs => &JUDGED[10..12],
        ServiceKind::Chat => &JUDGED[12..13],
        ServiceKind::Stock => &[
            PropertyId::AcknowledgedWrites,
            PropertyId::Convergence,
            PropertyId::NoOversell,
        ],
        // Nobody is promised anything of clocks.
        ServiceKind::Time => &[],
    }
}

/// An entry that a service can be given.
#[derive(Clone, Debug)]
pub struct Entry {
    /// What is tried.
    pub info: &'static Info,
    /// Which slot it fills.
    pub slot: Slot,
    /// Of which service.
    pub service: ServiceKind,
    /// The choices that put it there.
    pub design: Vec<Choice>,
    /// What that under which it is tried gives up by itself.
    pub given_up: Vec<Property>,
    /// Whether it is what a strategy is set to, and not what decides what is kept.
    pub is_setting: bool,
    /// Whether keys have homes that can be moved.
    pub has_homes: bool,
}

/// All of them: strategies, and what each can be set to.
pub fn entries() -> Vec<Entry> {
    let mut all = Vec::new();
    for &service in ServiceKind::ALL {
        if judged(service).is_empty() {
            continue;
        }
        let first = service.first_slot();
        for strategy in first.choices(service) {
            let choice = |slot, info: &Info| Choice {
                service,
                slot,
                policy: info.id.into(),
            };
            let chosen = choice(first, strategy);
            let design = world(service, true, false).with(std::slice::from_ref(&chosen));
            let held = design.services.iter();
            let mut held = held.filter(|held| held.kind == service);
            let held = held.next();
            let slots = held.map(Service::slots).unwrap_or_default();
            let kept_by = held.and_then(Service::strategy);
            let has_homes = kept_by.is_some_and(Strategy::has_homes);
            // What it does then is up to what merges.
            if !slots.contains(&Slot::Merge) {
                all.push(Entry {
                    info: strategy,
                    slot: first,
                    service,
                    design: vec![chosen.clone()],
                    given_up: Vec::new(),
                    is_setting: false,
                    has_homes,
                });
            }
            for &slot in slots.iter().filter(|&&slot| slot != first) {
                for info in slot.choices(service) {
                    let mut design = vec![chosen.clone(), choice(slot, info)];
                    if slot == Slot::Spares {
                        // Nobody can stand in where every region holds the key.
                        let policy = "copies_three".into();
                        let slot = Slot::Copies;
                        design.insert(
                            1,
                            Choice {
                                service,
                                slot,
                                policy,
                            },
                        );
                    }
                    for (slot, setting) in settings(service, &design, &slots) {
                        let design = design.iter().cloned();
                        let design: Vec<Choice> = design.chain([choice(slot, setting)]).collect();
                        // What is forgotten, and what comes of it, travels in every form.
                        let ways = if slot == Slot::Collection {
                            ways(service, design)
                        } else {
                            vec![design]
                        };
                        for design in ways {
                            all.push(Entry {
                                info: setting,
                                slot,
                                service,
                                design,
                                given_up: [strategy.gives_up, info.gives_up].concat(),
                                is_setting: true,
                                has_homes,
                            });
                        }
                    }
                    let ways = if slot == Slot::Merge {
                        ways(service, design)
                    } else {
                        vec![design]
                    };
                    for design in ways {
                        all.push(Entry {
                            info,
                            slot,
                            service,
                            design,
                            given_up: strategy.gives_up.to_vec(),
                            is_setting: slot != Slot::Merge,
                            has_homes,
                        });
                    }
                }
            }
        }
    }
    all
}

/// What a design can be set to beyond these slots: those that what merges brings along. What
/// travels is tried with every data type, see [`ways`].
fn settings(service: ServiceKind, design: &[Choice], known: &[Slot]) -> Vec<(Slot, &'static Info)> {
    let whole = world(service, true, false).with(design);
    let held = whole.services.iter().find(|held| held.kind == service);
    let slots = held.map(Service::slots).unwrap_or_default();
    let further = slots
        .into_iter()
        .filter(|slot| !known.contains(slot) && *slot != Slot::Travels);
    let settings = further.flat_map(|slot| {
        let choices = slot.choices(service).into_iter();
        choices.map(move |info| (slot, info))
    });
    settings.collect()
}

/// The ways in which what merges can be tried: with everything that can travel, if it is a
/// data type.
fn ways(service: ServiceKind, design: Vec<Choice>) -> Vec<Vec<Choice>> {
    let whole = world(service, true, false).with(&design);
    let held = whole.services.iter().find(|held| held.kind == service);
    if !held.is_some_and(|held| held.slots().contains(&Slot::Travels)) {
        return vec![design];
    }
    let forms = Slot::Travels.choices(service).into_iter();
    let with = forms.map(|form| {
        let choice = Choice {
            service,
            slot: Slot::Travels,
            policy: form.id.into(),
        };
        design.iter().cloned().chain([choice]).collect()
    });
    with.collect()
}

/// A run in which a design loses something.
#[derive(Clone, Debug)]
pub struct Loss {
    /// What.
    pub property: PropertyId,
    /// Of which service.
    pub service: ServiceKind,
    /// The run, of the world [`playground::trial`], of one of its siblings or, for a
    /// chat, records, likes, stock and documents, one of their own.
    pub run: Run,
    /// The moment at which the first violation became true.
    pub at: Time,
}

/// An entry, with what the search found against it.
#[derive(Clone, Debug)]
pub struct Tried {
    /// The entry.
    pub entry: Entry,
    /// How many schedules were tried.
    pub schedules: u64,
    /// The first run that loses each property, in the order in which they were found.
    pub losses: Vec<Loss>,
}

impl Entry {
    /// Tries it.
    pub fn tried(self) -> Tried {
        let mut losses: Vec<Loss> = Vec::new();
        for seed in 0..SCHEDULES {
            for run in self.runs(seed) {
                for (property, at) in broken(&run, self.service) {
                    if losses.iter().all(|loss| loss.property != property) {
                        losses.push(Loss {
                            property,
                            service: self.service,
                            run: run.clone(),
                            at,
                        });
                    }
                }
            }
        }
        Tried {
            entry: self,
            schedules: SCHEDULES,
            losses,
        }
    }

    /// What a seed has it tried under.
    fn runs(&self, seed: u64) -> Vec<Run> {
        // A key has fewer copies than there are regions in every second world.
        let is_wide = seed % 2 == 1;
        let regions = world(self.service, true, is_wide).regions.len() as u8;
        let first = match self.service {
            ServiceKind::Chat => rooms(regions, seed),
            ServiceKind::Orders | ServiceKind::Profiles => records(regions, seed, self.service),
            ServiceKind::Likes => likes(regions, seed),
            ServiceKind::Stock => stock(regions, seed),
            ServiceKind::Documents => documents(regions, seed),
            _ => schedule(regions, seed),
        };
        let mut schedules = vec![(first, true)];
        // A write that is tried again may take effect twice, with another between: a
        // customer who reads the older one again says nothing about the design.
        let is_read = matches!(
            self.service,
            ServiceKind::Prices | ServiceKind::Carts | ServiceKind::Jobs | ServiceKind::Orders
        );
        if is_read && seed.is_multiple_of(3) {
            let mut commands = conversation(regions, seed);
            if self.service == ServiceKind::Orders {
                of_records(&mut commands, self.service);
            }
            schedules.push((commands, false));
        }
        // Types differ in what they make of one item, in and out, in two regions.
        if self.service == ServiceKind::Carts
            && self.design.iter().any(|held| held.slot == Slot::Travels)
        {
            schedules.push((baskets(regions, seed), true));
        }
        // Regions are away for as long as it takes to forget what they lack.
        if self.slot == Slot::Collection {
            schedules.push((absences(regions, seed), true));
        }
        // Under every third one homes move too, where there are any.
        if self.has_homes && seed % 3 == 1 {
            for (commands, _) in &mut schedules {
                moves(regions, seed, commands);
            }
        }
        let runs = schedules.into_iter();
        runs.map(|(commands, tries_again)| self.run(seed, commands, tries_again, is_wide))
            .collect()
    }

    fn run(
        &self,
        seed: u64,
        mut commands: Vec<TimedCommand>,
        tries_again: bool,
        is_wide: bool,
    ) -> Run {
        let scenario = world(self.service, tries_again, is_wide);
        let run = Run::new(Rc::new(scenario), identity(1, seed));
        let design = self.design.iter().cloned();
        let run = design.fold(run, |run, choice| run.with(choice));
        let later_us = later_us(&run);
        for timed in &mut commands {
            timed.at = timed.at.after(later_us);
        }
        Run { commands, ..run }
    }
}

/// How long the faults of a run wait, in microseconds, so that a job is due among them.
fn later_us(run: &Run) -> u64 {
    let design = run.design();
    let jobs = design.services.iter();
    let mut jobs = jobs.filter(|held| held.kind == ServiceKind::Jobs);
    let period_us = jobs.next().map_or(0, jobs::settings::period_us);
    if period_us > LENGTH_US {
        period_us - BEFORE_DUE_US
    } else {
        0
    }
}

/// The world that entries for a service are tried in.
fn world(service: ServiceKind, tries_again: bool, is_wide: bool) -> Scenario {
    match (service, tries_again, is_wide) {
        (ServiceKind::Chat, ..) => playground::chat_trial(),
        (ServiceKind::Orders | ServiceKind::Profiles, true, _) => playground::records_trial(),
        (ServiceKind::Orders | ServiceKind::Profiles, false, _) => playground::records_trial_once(),
        (ServiceKind::Likes, ..) => playground::likes_trial(),
        (ServiceKind::Stock, ..) => playground::stock_trial(),
        (ServiceKind::Documents, ..) => playground::documents_trial(),
        (_, true, false) => playground::trial(),
        (_, false, false) => playground::trial_once(),
        (_, true, true) => playground::trial_of_five(),
        (_, false, true) => playground::trial_of_five_once(),
    }
}

/// What a run breaks of one service, and when.
fn broken(run: &Run, service: ServiceKind) -> Vec<(PropertyId, Time)> {
    let place = run.scenario.service(service);
    let mut choices = run.choices.iter();
    let forgets = choices.any(|choice| choice.slot == Slot::Collection);
    let mut player = Player::new(run.clone());
    let length_us = if forgets {
        LENGTH_OF_ABSENCES_US
    } else {
        LENGTH_US
    };
    let end = Time(later_us(run) + length_us);
    player.jump(Target::Time(end));
    let mut observer = Observer::new(&run.scenario);
    observer.follow_player(&mut player);
    let is_here = |violation: &Violation| {
        let of = violation.key.map(|key| Key(key.0).service());
        of.is_none_or(|of| Some(of) == place)
    };
    let first = |property: &PropertyId| match observer.judge().verdict(*property) {
        Verdict::Violated { violations, .. } => {
            let mut here = violations.iter().filter(|violation| is_here(violation));
            here.next().map(|violation| violation.first)
        }
        _ => None,
    };
    let found = JUDGED.iter().filter_map(|property| {
        let fact = player.trace().get(FactId(first(property)?.0));
        Some((*property, fact.map_or(end, Fact::at)))
    });
    found.collect()
}

impl Loss {
    /// Whether its run shows it.
    pub fn shows(&self) -> bool {
        let found = broken(&self.run, self.service);
        found
            .iter()
            .any(|&(property, at)| property == self.property && at == self.at)
    }

    /// The same with no command that could be left out: dropping any one of them loses the
    /// loss.
    #[must_use]
    pub fn shrunk(mut self) -> Self {
        let mut size = self.run.commands.len() / 2;
        while size > 0 {
            let mut from = 0;
            let mut has_shrunk = false;
            while from < self.run.commands.len() {
                let to = (from + size).min(self.run.commands.len());
                let mut fewer = self.run.clone();
                fewer.commands.drain(from..to);
                let found = broken(&fewer, self.service);
                let found = found
                    .iter()
                    .find(|(property, _)| *property == self.property);
                match found {
                    Some(&(_, at)) => {
                        self.run = fewer;
                        self.at = at;
                        has_shrunk = true;
                    }
                    None => from = to,
                }
            }
            if size > 1 || !has_shrunk {
                size /= 2;
            }
        }
        self
    }
}
