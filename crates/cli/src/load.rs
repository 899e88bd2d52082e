//! Where runs come from: a scenario and a seed, a file, or a link. Reference of the files that
//! people write: `docs/lesson-format.md`, under "Scenario files".

use std::io::Read;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use clap::Args;
use splitbrain_engine::playground;
use splitbrain_engine::run::Run;
use splitbrain_engine::scenario::Scenario;
use splitbrain_engine::sim::time::Time;
use splitbrain_engine::wire::Envelope;
use splitbrain_lesson::format::{MAX_BYTES, run_from_toml};

use crate::fail::Failure;
use crate::link;

/// Which run.
#[derive(Debug, Args)]
pub(crate) struct Source {
    /// A scenario file (.toml), a link to a run, a file that holds one, or `-` for standard
    /// input.
    #[arg(value_name = "FILE", conflicts_with = "scenario")]
    run: Option<String>,
    /// A world that comes with the engine: playground, busy, trial or trial-once.
    #[arg(long, default_value = "playground")]
    scenario: String,
    /// The seed of its dice. Without it that of the file, else 1.
    #[arg(long)]
    seed: Option<u64>,
    /// The moment to play to: 250ms, 12.5s or 10m. Without it that of the file or the link,
    /// else a minute.
    #[arg(long, value_parser = moment)]
    until: Option<Time>,
}

/// A run to play, and how far.
#[derive(Debug)]
pub(crate) struct Loaded {
    /// The run.
    pub(crate) run: Run,
    /// How far.
    pub(crate) until: Time,
    /// Whether its world stands in a file, which nobody else has.
    pub(crate) is_written: bool,
    /// What its maker sent along, if somebody made it.
    pub(crate) envelope: Option<Envelope>,
}

impl Source {
    /// What was asked for by name, if anything was.
    pub(crate) fn place(&self) -> Option<&str> {
        self.run.as_deref()
    }

    /// Gets it.
    pub(crate) fn load(&self) -> Result<Loaded, Failure> {
        let Some(place) = &self.run else {
            let scenario = scenario(&self.scenario)?;
            return Ok(Loaded {
                run: Run::new(scenario, self.seed.unwrap_or(1)),
                until: self.until.unwrap_or(Time::from_ms(60_000)),
                is_written: false,
                envelope: None,
            });
        };
        let is_toml = Path::new(place).extension().is_some_and(|it| it == "toml");
        if is_toml && !place.contains(link::MARK) {
            return self.written(place);
        }
        if self.seed.is_some() {
            return Err(Failure::HasSeed);
        }
        let bytes = bytes(place)?;
        let envelope = Envelope::decode(&bytes).map_err(Failure::Wire)?;
        let scenario = scenario(&envelope.scenario)?;
        Ok(Loaded {
            run: envelope.open(scenario).map_err(Failure::Wire)?,
            until: self.until.unwrap_or(envelope.cursor),
            is_written: false,
            envelope: Some(envelope),
        })
    }
}

impl Source {
    /// A run that somebody wrote down.
    fn written(&self, place: &str) -> Result<Loaded, Failure> {
        let failure = |error| Failure::File {
            path: PathBuf::from(place),
            error,
        };
        // No more than is looked at: a device has no end.
        let file = std::fs::File::open(place).map_err(failure)?;
        let mut content = String::new();
        file.take(MAX_BYTES + 1)
            .read_to_string(&mut content)
            .map_err(failure)?;
        let file = run_from_toml(place, &content).map_err(Failure::Written)?;
        Ok(Loaded {
            run: file.run(self.seed),
            until: self.until.unwrap_or(file.ends_at),
            is_written: true,
            envelope: None,
        })
    }
}

/// The bytes of a run: out of a link, or a file that holds a link or the bytes.
pub(crate) fn bytes(place: &str) -> Result<Vec<u8>, Failure> {
    if place.contains(link::MARK) {
        return link::decode(place).map_err(Failure::Link);
    }
    let content = read(place)?;
    match std::str::from_utf8(&content) {
        Ok(text) if text.contains(link::MARK) => link::decode(text).map_err(Failure::Link),
        _ => Ok(content),
    }
}

fn read(place: &str) -> Result<Vec<u8>, Failure> {
    let failure = |error| Failure::File {
        path: PathBuf::from(place),
        error,
    };
    if place == "-" {
        let mut content = Vec::new();
        std::io::stdin()
            .read_to_end(&mut content)
            .map_err(failure)?;
        return Ok(content);
    }
    std::fs::read(Path::new(place)).map_err(failure)
}

fn scenario(id: &str) -> Result<Rc<Scenario>, Failure> {
    let mut known = playground::ALL.iter().map(|world| world());
    let scenario = known.find(|scenario| scenario.id == id);
    let scenario = scenario.ok_or_else(|| Failure::Scenario(id.into()))?;
    Ok(Rc::new(scenario))
}

/// A moment as people type it, since the run began.
fn moment(typed: &str) -> Result<Time, String> {
    let units = [("ms", 1e3), ("s", 1e6), ("m", 60e6), ("min", 60e6)];
    let number_of = |(unit, us): (&str, f64)| {
        let number: f64 = typed.strip_suffix(unit)?.trim().parse().ok()?;
        Some(number * us)
    };
    let us = units.into_iter().find_map(number_of);
    let us = us.filter(|us| (0.0..=Time::MAX.0 as f64).contains(us));
    us.map(|us| Time(us.round() as u64))
        .ok_or_else(|| "a moment is like 250ms, 12.5s or 10m".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_read_as_people_type_them() {
        assert_eq!(moment("250ms"), Ok(Time::from_ms(250)));
        assert_eq!(moment("12.5s"), Ok(Time::from_ms(12_500)));
        assert_eq!(moment("10m"), Ok(Time::from_ms(600_000)));
        for wrong in ["", "s", "5", "-1s", "1e99s", "NaNs"] {
            assert!(moment(wrong).is_err(), "{wrong}");
        }
    }
}
