//! Runs as bytes, for links, files and submissions.
//!
//! The format is apart from the engine's types and outlives them: a version, then
//! fields in a fixed order, integers as LEB128 varints, names by their stable ids
//! in one table. Tags are only ever appended. A decoder knows every version
//! ever published. All input is hostile: everything is bounded, and an error says
//! what was expected at which byte.

mod reader;
mod writer;

pub use reader::{Reader, WireError};
pub use writer::Writer;

use crate::run::{Command, Direction, ENGINE_REVISION, MAX_COMMANDS, Run, TimedCommand};
use crate::scenario::{Choice, Scenario, ServiceKind, Slot};
use crate::sim::fact::OpKind;
use crate::sim::node::{Action, Key, PaymentKey, Value};
use crate::sim::time::Time;

/// The version that is written.
pub const VERSION: u32 = 1;

/// Bytes of an encoded run at most.
pub const MAX_BYTES: u32 = 4 << 20;

/// Characters of a name at most.
const MAX_NAME: u32 = 64;

/// A run as it travels: names instead of places, and what the sender saw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Envelope {
    /// Revision of the engine that made it.
    pub engine_revision: u32,
    /// Id of the scenario.
    pub scenario: String,
    /// Hash of the scenario's content, see [`content_hash`].
    pub scenario_hash: u64,
    /// Policies that differ from the scenario's.
    pub choices: Vec<Choice>,
    /// The seed.
    pub seed: u64,
    /// The commands, with regions and customers by place.
    pub commands: Vec<TimedCommand>,
    /// The moment that was looked at.
    pub cursor: Time,
    /// The digest of the run up to that moment, as the sender had it.
    pub digest: u64,
}

impl Envelope {
    /// What to send of a run that is looked at at this moment.
    pub fn of(run: &Run, cursor: Time, digest: u64) -> Self {
        Self {
            engine_revision: ENGINE_REVISION,
            scenario: run.scenario.id.clone(),
            scenario_hash: content_hash(&run.scenario),
            choices: run.choices.clone(),
            seed: run.seed,
            commands: run.commands.clone(),
            cursor,
            digest,
        }
    }

    /// The run, in the scenario that it names.
    ///
    /// # Errors
    /// A command that names what the scenario does not have.
    pub fn open(&self, scenario: std::rc::Rc<Scenario>) -> Result<Run, WireError> {
        for (place, timed) in self.commands.iter().enumerate() {
            if !timed.command.fits(&scenario) {
                return Err(WireError::Foreign {
                    command: place as u32,
                    scenario: scenario.id.clone(),
                });
            }
        }
        let mut run = Run::new(scenario, self.seed);
        for choice in &self.choices {
            run = run.with(choice.clone());
        }
        if let Some(error) = run.design().check().into_iter().next() {
            return Err(WireError::Design(error));
        }
        run.commands.clone_from(&self.commands);
        Ok(run)
    }

    /// As bytes of the current version.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Writer::default();
        out.number(u64::from(VERSION));
        out.number(u64::from(self.engine_revision));
        out.name(&self.scenario);
        out.word(self.scenario_hash);
        out.number(self.choices.len() as u64);
        for choice in &self.choices {
            out.number(choice.service as u64);
            out.number(choice.slot as u64);
            out.name(&choice.policy);
        }
        out.word(self.seed);
        out.number(self.cursor.0);
        out.word(self.digest);
        out.number(self.commands.len() as u64);
        let mut last = Time::ZERO;
        for timed in &self.commands {
            out.number(timed.at.since(last));
            last = timed.at;
            write_command(&mut out, &timed.command);
        }
        out.finish()
    }

    /// From bytes of any published version.
    ///
    /// # Errors
    /// Bytes that are too many, of a newer version, cut short, or out of range.
    pub fn decode(bytes: &[u8]) -> Result<Self, WireError> {
        if bytes.len() as u64 > u64::from(MAX_BYTES) {
            return Err(WireError::TooLarge {
                bytes: bytes.len() as u64,
                most: MAX_BYTES,
            });
        }
        let mut input = Reader::new(bytes);
        match input.number("version", u64::from(u32::MAX))? {
            1 => Self::decode_1(&mut input),
            0 => Err(input.wrong("version", 0, "1 or more")),
            version => Err(WireError::Newer {
                version: version as u32,
                known: VERSION,
            }),
        }
    }

    fn decode_1(input: &mut Reader<'_>) -> Result<Self, WireError> {
        let engine_revision = input.number("engine revision", u64::from(u32::MAX))? as u32;
        let scenario = input.name("scenario", MAX_NAME)?;
        let scenario_hash = input.word("scenario hash")?;
        let mut choices = Vec::new();
        for _ in 0..input.number("number of choices", 64)? {
            let service = input.one_of("service", ServiceKind::ALL, |kind| *kind as u64)?;
            let slot = input.one_of("slot", Slot::ALL, |slot| *slot as u64)?;
            choices.push(Choice {
                service,
                slot,
                policy: input.name("policy", MAX_NAME)?,
            });
        }
        let seed = input.word("seed")?;
        let cursor = Time(input.number("cursor", Time::MAX.0)?);
        let digest = input.word("digest")?;
        let mut commands = Vec::new();
        let mut last = Time::ZERO;
        for _ in 0..input.number("number of commands", u64::from(MAX_COMMANDS))? {
            let since = input.number("time of a command", Time::MAX.0 - last.0)?;
            last = last.after(since);
            commands.push(TimedCommand {
                at: last,
                command: read_command(input)?,
            });
        }
        input.end()?;
        Ok(Self {
            engine_revision,
            scenario,
            scenario_hash,
            choices,
            seed,
            commands,
            cursor,
            digest,
        })
    }
}

fn write_command(out: &mut Writer, command: &Command) {
    out.number(u64::from(command.tag()));
    match *command {
        Command::Act { customer, action } => {
            out.number(u64::from(customer));
            out.number(action.kind as u64);
            out.number(u64::from(action.key.service()));
            out.number(u64::from(action.key.index()));
            out.number(u64::from(action.argument.0));
            out.number(action.payment_key as u64);
            out.number(action.via.map_or(0, |region| u64::from(region) + 1));
        }
        Command::CutLink {
            from,
            to,
            direction,
        }
        | Command::HealLink {
            from,
            to,
            direction,
        } => {
            out.number(u64::from(from));
            out.number(u64::from(to));
            out.number(direction as u64);
        }
        Command::CrashRegion { region }
        | Command::RestartRegion { region }
        | Command::PromoteRegion { region }
        | Command::PauseRegion { region }
        | Command::ResumeRegion { region } => {
            out.number(u64::from(region));
        }
        Command::SlowRegion { region, extra_us } => {
            out.number(u64::from(region));
            out.number(u64::from(extra_us));
        }
        Command::MoveHome { key, region } => {
            out.number(u64::from(key.service()));
            out.number(u64::from(key.index()));
            out.number(u64::from(region));
        }
        Command::StepClock {
            region,
            offset_us,
            drift_ppm,
        } => {
            out.number(u64::from(region));
            out.signed(offset_us);
            out.signed(i64::from(drift_ppm));
        }
        Command::DropNextReply { region, customer } => {
            out.number(u64::from(region));
            out.number(customer.map_or(0, |who| u64::from(who) + 1));
        }
        Command::DegradeLink {
            from,
            to,
            loss_ppm,
            duplicate_ppm,
            reorder_ppm,
            extra_us,
        } => {
            out.number(u64::from(from));
            out.number(u64::from(to));
            for part in [loss_ppm, duplicate_ppm, reorder_ppm, extra_us] {
                out.number(u64::from(part));
            }
        }
    }
}

fn read_command(input: &mut Reader<'_>) -> Result<Command, WireError> {
    const REGIONS: u64 = 31;
    const CUSTOMERS: u64 = crate::scenario::MAX_CUSTOMERS as u64 - 1;
    /// An hour either way: more would leave the range that panels show.
    const OFFSET_US: i64 = 3_600_000_000;
    const PPM: u64 = 1_000_000;
    let region =
        |input: &mut Reader<'_>| Ok::<u8, WireError>(input.number("region", REGIONS)? as u8);
    let key = |input: &mut Reader<'_>| {
        let service = input.number("service", 15)? as u8;
        Ok::<Key, WireError>(Key::new(service, input.number("key", 0x00FF_FFFF)? as u32))
    };
    let direction = |input: &mut Reader<'_>| {
        let ways = [Direction::OneWay, Direction::Both];
        input.one_of("direction", &ways, |way| *way as u64)
    };
    Ok(match input.number("command", 255)? {
        1 => Command::Act {
            customer: input.number("customer", CUSTOMERS)? as u16,
            action: Action {
                kind: input.one_of("operation", OpKind::ALL, |kind| *kind as u64)?,
                key: key(input)?,
                argument: Value(input.number("argument", u64::from(u32::MAX))? as u32),
                payment_key: {
                    let kinds = [PaymentKey::Fresh, PaymentKey::Missing, PaymentKey::Previous];
                    input.one_of("payment key", &kinds, |kind| *kind as u64)?
                },
                via: (input.number("region", REGIONS + 1)? as u8).checked_sub(1),
            },
        },
        2 => Command::CutLink {
            from: region(input)?,
            to: region(input)?,
            direction: direction(input)?,
        },
        3 => Command::HealLink {
            from: region(input)?,
            to: region(input)?,
            direction: direction(input)?,
        },
        4 => Command::CrashRegion {
            region: region(input)?,
        },
        5 => Command::RestartRegion {
            region: region(input)?,
        },
        6 => Command::StepClock {
            region: region(input)?,
            offset_us: input.signed("clock offset", OFFSET_US)?,
            drift_ppm: input.signed("clock drift", 100_000)? as i32,
        },
        7 => Command::DropNextReply {
            region: region(input)?,
            customer: (input.number("customer", CUSTOMERS + 1)? as u16).checked_sub(1),
        },
        8 => Command::DegradeLink {
            from: region(input)?,
            to: region(input)?,
            loss_ppm: input.number("loss", PPM)? as u32,
            duplicate_ppm: input.number("duplication", PPM)? as u32,
            reorder_ppm: input.number("reordering", PPM)? as u32,
            extra_us: input.number("extra delay", 60_000_000)? as u32,
        },
        9 => Command::PromoteRegion {
            region: region(input)?,
        },
        10 => Command::PauseRegion {
            region: region(input)?,
        },
        11 => Command::ResumeRegion {
            region: region(input)?,
        },
        12 => Command::SlowRegion {
            region: region(input)?,
            extra_us: input.number("extra delay", 60_000_000)? as u32,
        },
        13 => Command::MoveHome {
            key: key(input)?,
            region: region(input)?,
        },
        tag => return Err(input.wrong("command", tag, "1 to 13")),
    })
}

/// The last of the slots that every hash of a scenario has covered, filled or not.
const LAST_SLOT_OF_VERSION_1: Slot = Slot::Witness;

/// How many weights of what customers do every hash of a scenario has covered.
const HABITS_OF_VERSION_1: usize = 6;
/// How many of them there were each time after more had come: with what people do in rooms,
/// with counts.
const HABITS_LATER: &[usize] = &[9, 15];

/// A hash of everything that a scenario says, over bytes defined here.
pub fn content_hash(scenario: &Scenario) -> u64 {
    let mut out = Writer::default();
    out.name(&scenario.id);
    out.number(scenario.regions.len() as u64);
    for region in &scenario.regions {
        out.name(region.get().id);
    }
    out.number(scenario.customers.len() as u64);
    for customer in &scenario.customers {
        out.name(&customer.name);
        out.number(u64::from(customer.near));
        out.number(u64::from(customer.account));
        out.number(customer.think_us.map_or(0, |think_us| think_us + 1));
        let weights = customer.habits.weights();
        // A scenario keeps its hash when there is more that customers can do: what came at
        // one time is covered as far as the last of it that somebody does.
        let ends = [&[HABITS_OF_VERSION_1], HABITS_LATER, &[weights.len()]].concat();
        let last = weights.iter().rposition(|&weight| weight > 0);
        let needed = last.map_or(0, |last| last + 1);
        let covered = ends.into_iter().find(|&end| end >= needed);
        for &weight in &weights[..covered.unwrap_or(weights.len())] {
            out.number(u64::from(weight));
        }
    }
    out.number(scenario.services.len() as u64);
    for service in &scenario.services {
        out.number(service.kind as u64);
        for slot in service.slots() {
            let choice = service.choice(slot);
            // A scenario keeps its hash when designs get another slot.
            if slot <= LAST_SLOT_OF_VERSION_1 || choice != slot.fallback(service.kind) {
                out.name(choice.unwrap_or(""));
            }
        }
    }
    out.number(scenario.items.len() as u64);
    scenario.items.iter().for_each(|item| out.name(item));
    out.name(&scenario.routing);
    let retry = scenario.retry;
    for number in [
        retry.timeout_us,
        u64::from(retry.attempts),
        retry.backoff_us,
        retry.next as u64,
    ] {
        out.number(number);
    }
    let physics = scenario.physics;
    for number in [
        physics.jitter_ppm,
        physics.access_us,
        physics.gateway_us,
        physics.charge_least_us,
        physics.charge_spread_us,
        physics.clock_offset_us,
        physics.clock_drift_ppm,
    ] {
        out.number(u64::from(number));
    }
    out.number(physics.compare_every_us);
    out.number(u64::from(scenario.list_price));
    let bytes = out.finish();
    bytes.chunks(8).fold(bytes.len() as u64, |hash, chunk| {
        let word = chunk
            .iter()
            .rev()
            .fold(0, |word, &byte| word << 8 | u64::from(byte));
        crate::sim::dice::identity(hash, word)
    })
}
