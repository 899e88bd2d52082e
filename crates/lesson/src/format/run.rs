//! A file with a run: a scenario, a seed, and what is done when. Reference:
//! `docs/lesson-format.md`, under "Scenario files".

use std::rc::Rc;

use splitbrain_engine::replication::{self, Strategy};
use splitbrain_engine::run::{Command, Run, TimedCommand};
use splitbrain_engine::scenario::{Scenario, Service};
use splitbrain_engine::sim::time::Time;

use super::command::{MAX_MS, read_all};
use super::error::LessonError;
use super::reader::Place;
use super::tree::Tree;
use super::{FORMAT, finish, parse, scenario, toml, version};
use crate::format::error::Problems;

/// What a file with a run says.
#[derive(Clone, Debug)]
pub struct RunFile {
    /// The world.
    pub scenario: Rc<Scenario>,
    /// The seed of its dice.
    pub seed: u64,
    /// What is done, in order.
    pub commands: Vec<TimedCommand>,
    /// How far it is to be played.
    pub ends_at: Time,
}

impl RunFile {
    /// The run, under this seed or its own.
    pub fn run(&self, seed: Option<u64>) -> Run {
        let mut run = Run::new(Rc::clone(&self.scenario), seed.unwrap_or(self.seed));
        run.commands.clone_from(&self.commands);
        run
    }
}

/// Reads a file with a run. `file` is how errors call it.
///
/// # Errors
/// Everything that is wrong with it, at once: file, line, field and what is allowed.
pub fn run_from_toml(file: &str, source: &str) -> Result<RunFile, Vec<LessonError>> {
    let problems = Problems::new(file);
    let read =
        parse(&problems, source, toml::read).and_then(|node| read(&Place::root(&node, &problems)));
    finish(read, problems)
}

fn read(place: &Place<'_>) -> Option<RunFile> {
    if let Err(problem) = version(place.node()) {
        place.wrong(problem);
        return None;
    }
    let table = place.table()?;
    table.number("format", FORMAT, FORMAT);
    let id = table.get("id").and_then(|id| id.id('-'));
    let seed = table.number_or("seed", 1, 0, i64::MAX);
    let end_ms = table.number_or("end_ms", 60_000, 1, MAX_MS);
    let world = table.get("scenario")?;
    let world = scenario::read(&world, format!("file/{}", id.unwrap_or("run")))?;
    let commands = read_all(&table, "commands", "at_ms", &world);
    if let Some(places) = table.entry("commands").and_then(|it| it.list(0, u32::MAX)) {
        refuse_late(&places, end_ms);
        refuse_homeless(&places, &commands, &world);
    }
    table.finish();
    Some(RunFile {
        scenario: Rc::new(world),
        seed: seed as u64,
        commands,
        ends_at: Time::from_ms(end_ms as u64),
    })
}

/// Notes each command that would come when the run is over.
fn refuse_late(commands: &[Place<'_>], end_ms: i64) {
    let moments = commands
        .iter()
        .filter_map(|place| match &place.node().tree {
            Tree::Table(_) => place.table()?.find("at_ms"),
            _ => None,
        });
    for moment in moments {
        if let Tree::Number(at_ms) = moment.node().tree
            && (end_ms + 1..=MAX_MS).contains(&at_ms)
        {
            moment.refuse(at_ms, format!("0 to {end_ms}, where the run ends"));
        }
    }
}

/// Notes each command that moves a home where keys have none: it would do nothing.
fn refuse_homeless(places: &[Place<'_>], commands: &[TimedCommand], scenario: &Scenario) {
    // Where one was not understood they do not stand side by side.
    if places.len() != commands.len() {
        return;
    }
    for (place, timed) in places.iter().zip(commands) {
        let Command::MoveHome { key, .. } = timed.command else {
            continue;
        };
        let service = scenario.services.get(usize::from(key.service()));
        let has_homes = service
            .and_then(Service::strategy)
            .is_some_and(Strategy::has_homes);
        if !has_homes && let Some(word) = place.table().and_then(|table| table.find("do")) {
            let strategies = replication::all().filter(|strategy| strategy.has_homes());
            let ids: Vec<&str> = strategies.map(|strategy| strategy.info().id).collect();
            let allowed = format!("that of a service under {}", ids.join(", "));
            word.refuse("move_home", allowed);
        }
    }
}
