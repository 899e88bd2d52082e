//! Desks as text, to be kept in the browser or handed to a host page.
//!
//! ```text
//! splitbrain 1
//! open 3
//! twin carts.merge=last_writer_wins
//! branch 0 - 8210000 AQEK…
//! branch 3 0@4350000 9100000 AQEK…
//! ```
//!
//! A line a branch: its number, the branch and the moment that it was forked from,
//! the furthest moment played, and the run in the wire format, in base64, with the
//! cursor and the digest. Times are microseconds. A line `twin`, if there is one, says in
//! what the design differs that the open branch is compared with. A line `kept` is of [`super::tabs`];
//! lines of other kinds belong to lessons. Versions are only ever added.

use std::fmt::Write as _;
use std::rc::Rc;

use splitbrain_engine::run::ENGINE_REVISION;
use splitbrain_engine::scenario::Scenario;
use splitbrain_engine::sim::time::Time;
use splitbrain_engine::wire::{Envelope, WireError, content_hash};

use super::desk::Desk;
use super::model::Branch;
use crate::base64::{self, Base64Error};

/// The version that is written.
const VERSION: u32 = 1;

/// Characters of a record at most; a browser keeps about five million in all.
pub const MAX_LENGTH: u32 = 4_000_000;

/// Bytes at most of what a design differs in.
const MAX_TWIN: u64 = splitbrain_lesson::twin::choices::MAX_BYTES as u64;

/// Branches on a desk at most.
pub const MAX_BRANCHES: u32 = 1_000;

/// What is wrong with a record.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// It is longer than anything that is ever written.
    #[error("{length} characters; at most {MAX_LENGTH} are allowed")]
    TooLong {
        /// How many there are.
        length: u64,
    },
    /// It does not begin as it should.
    #[error("line 1: not a record of Splitbrain")]
    Foreign,
    /// It comes from a later version.
    #[error("line 1: version {version} is newer than version {VERSION}, the newest known here")]
    Newer {
        /// Its version.
        version: u32,
    },
    /// A line is not what it should be.
    #[error("line {line}: {what} is wrong or missing")]
    Line {
        /// Which, from 1.
        line: u32,
        /// What is wrong: `branch`, `branches`, `from`, `reached`, `run`, `open`, `twin`,
        /// `progress`.
        what: &'static str,
    },
    /// A run's text is damaged.
    #[error("line {line}: {error}")]
    Text {
        /// Which, from 1.
        line: u32,
        /// What is wrong.
        error: Base64Error,
    },
    /// A run is damaged.
    #[error("line {line}: {error}")]
    Run {
        /// Which, from 1.
        line: u32,
        /// What is wrong.
        error: WireError,
    },
    /// A run is of a scenario that is not known here.
    #[error("line {line}: there is no scenario {scenario} here")]
    Scenario {
        /// Which, from 1.
        line: u32,
        /// Its id.
        scenario: String,
    },
}

/// A desk that was read, and whether anything that it leans on has changed since.
#[derive(Clone, Debug, PartialEq)]
pub struct Read {
    /// The desk.
    pub desk: Desk,
    /// Whether it was kept by another revision of the engine, or a scenario has changed.
    pub is_of_another_time: bool,
    /// The lines that are not about the desk, with their numbers.
    pub rest: Vec<(u32, String)>,
}

/// A desk as text.
pub fn write(desk: &Desk) -> String {
    let mut text = format!("splitbrain {VERSION}\nopen {}\n", desk.open);
    if let Some(twin) = &desk.twin {
        // Writing to a string does not fail.
        let _ = writeln!(text, "twin {twin}");
    }
    for branch in &desk.branches {
        let is_open = branch.number == desk.open;
        let digest = desk.digest.filter(|_| is_open).unwrap_or(0);
        let bytes = Envelope::of(&branch.run, branch.cursor, digest).encode();
        let from = branch
            .from
            .map_or("-".into(), |(number, at)| format!("{number}@{}", at.0));
        // Writing to a string does not fail.
        let _ = writeln!(
            text,
            "branch {} {from} {} {}",
            branch.number,
            branch.reached.0,
            base64::encode(&bytes)
        );
    }
    text
}

/// A desk from text; scenarios are looked up by their ids.
///
/// # Errors
/// Whatever is wrong first, and its line.
pub fn read(text: &str, find: impl Fn(&str) -> Option<Rc<Scenario>>) -> Result<Read, RecordError> {
    if text.len() as u64 > u64::from(MAX_LENGTH) {
        let length = text.len() as u64;
        return Err(RecordError::TooLong { length });
    }
    let mut lines = (1_u32..).zip(text.lines());
    let version = lines
        .next()
        .and_then(|(_, line)| line.strip_prefix("splitbrain "));
    match version.and_then(|version| version.parse::<u32>().ok()) {
        Some(VERSION) => {}
        Some(version) if version > VERSION => return Err(RecordError::Newer { version }),
        _ => return Err(RecordError::Foreign),
    }
    let mut open = None;
    let mut branches: Vec<Branch> = Vec::new();
    let mut digests = Vec::new();
    let mut rest = Vec::new();
    let mut is_of_another_time = false;
    let mut twin = None;
    for (line, words) in lines {
        let wrong = |what| RecordError::Line { line, what };
        let mut parts = words.split(' ');
        match parts.next() {
            Some("open") => {
                let number = parts.next().and_then(|word| word.parse().ok());
                open = Some(number.ok_or_else(|| wrong("branch"))?);
            }
            Some("branch") => {
                if branches.len() as u64 >= u64::from(MAX_BRANCHES) {
                    return Err(wrong("branches"));
                }
                let (branch, envelope) = read_branch(line, &mut parts, &find)?;
                if branches.iter().any(|known| known.number == branch.number) {
                    return Err(wrong("branch"));
                }
                is_of_another_time |= envelope.engine_revision != ENGINE_REVISION
                    || envelope.scenario_hash != content_hash(&branch.run.scenario);
                digests.push(envelope.digest);
                branches.push(branch);
            }
            // Whoever resumes the comparison reads what it says.
            Some("twin") => {
                let with = parts.next().filter(|with| with.len() as u64 <= MAX_TWIN);
                twin = Some(with.ok_or_else(|| wrong("twin"))?.to_owned());
            }
            // When it was kept is the business of `tabs`.
            Some("" | "kept") | None => {}
            Some(_) => rest.push((line, words.to_owned())),
        }
    }
    let last = text.lines().count() as u32;
    let open = open.and_then(|open: u32| {
        let place = branches.iter().position(|branch| branch.number == open)?;
        Some((open, digests[place]))
    });
    let (open, digest) = open.ok_or(RecordError::Line {
        line: last,
        what: "open",
    })?;
    let desk = Desk {
        branches,
        open,
        digest: (digest != 0 && !is_of_another_time).then_some(digest),
        playing: false,
        twin,
        lesson: None,
    };
    Ok(Read {
        desk,
        is_of_another_time,
        rest,
    })
}

fn read_branch<'a>(
    line: u32,
    parts: &mut impl Iterator<Item = &'a str>,
    find: &impl Fn(&str) -> Option<Rc<Scenario>>,
) -> Result<(Branch, Envelope), RecordError> {
    let wrong = |what| RecordError::Line { line, what };
    let number = parts.next().and_then(|word| word.parse().ok());
    let number = number.ok_or_else(|| wrong("branch"))?;
    let time = |word: &str| Some(Time(word.parse().ok()?)).filter(|time| *time <= Time::MAX);
    let from = match parts.next() {
        Some("-") => None,
        Some(word) => {
            let split = word.split_once('@');
            let from = split.and_then(|(from, at)| Some((from.parse().ok()?, time(at)?)));
            Some(from.ok_or_else(|| wrong("from"))?)
        }
        None => return Err(wrong("from")),
    };
    let reached = parts.next().and_then(time);
    let reached = reached.ok_or_else(|| wrong("reached"))?;
    let data = parts.next().ok_or_else(|| wrong("run"))?;
    let bytes = base64::decode(data).map_err(|error| RecordError::Text { line, error })?;
    let envelope = Envelope::decode(&bytes).map_err(|error| RecordError::Run { line, error })?;
    let scenario = find(&envelope.scenario).ok_or_else(|| RecordError::Scenario {
        line,
        scenario: envelope.scenario.clone(),
    })?;
    let run = envelope
        .open(scenario)
        .map_err(|error| RecordError::Run { line, error })?;
    let branch = Branch {
        number,
        from,
        run,
        reached: reached.max(envelope.cursor),
        cursor: envelope.cursor,
    };
    Ok((branch, envelope))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::{Action, Session};
    use splitbrain_engine::playground::playground;
    use splitbrain_engine::run::{Command, Target};

    fn find(id: &str) -> Option<Rc<Scenario>> {
        (id == "playground").then(|| Rc::new(playground()))
    }

    fn session() -> Session {
        let mut session = Session::new(7);
        for moment_ms in [3_000, 2_000, 1_000] {
            session.reduce(Action::GoTo(Time::from_ms(moment_ms)));
            while !session.work(u32::MAX) {}
            session.reduce(Action::Act(Command::CrashRegion { region: 1 }));
            while !session.work(u32::MAX) {}
        }
        session
    }

    #[test]
    fn a_desk_is_read_back_as_it_was_written() {
        let desk = Desk {
            playing: false,
            ..session().desk()
        };
        assert_eq!(desk.branches.len(), 3);
        let read = read(&write(&desk), find).unwrap();
        assert_eq!(read.desk, desk);
        assert!(!read.is_of_another_time);
    }

    #[test]
    fn what_a_design_is_compared_with_is_read_back_and_never_without_end() {
        let kept = |twin: &str| {
            let desk = Desk {
                twin: Some(twin.to_owned()),
                ..session().desk()
            };
            read(&write(&desk), find).map(|read| read.desk.twin)
        };
        let with = "carts.merge=last_writer_wins";
        assert_eq!(kept(with), Ok(Some(with.to_owned())));
        let longest = "x".repeat(MAX_TWIN as usize);
        assert_eq!(kept(&longest), Ok(Some(longest.clone())));
        let what = "twin";
        let refused = Err(RecordError::Line { line: 3, what });
        assert_eq!(kept(&format!("{longest}x")), refused);
    }

    #[test]
    fn a_desk_is_taken_up_where_it_was_left() {
        let before = session();
        let mut after = Session::new(1);
        after.reduce(Action::Restore {
            desk: before.desk(),
            play: false,
        });
        while !after.work(u32::MAX) {}
        assert_eq!(after.time(), before.time());
        assert_eq!(
            after.player.world().digest(),
            before.player.world().digest()
        );
        assert_eq!(after.notices, []);
        assert_eq!(write(&after.desk()), write(&before.desk()));
    }

    #[test]
    fn the_digest_of_a_moment_counts_everything_that_happens_at_it() {
        let mut session = Session::new(7);
        session.player.jump(Target::Event(1));
        let at = session.time();
        assert_eq!(
            session.digest_at_cursor(),
            session.player.run().digest_at(at)
        );
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line() {
        let text = write(&session().desk());
        let line_of = |text: &str| match read(text, find) {
            Err(
                RecordError::Line { line, .. }
                | RecordError::Text { line, .. }
                | RecordError::Run { line, .. }
                | RecordError::Scenario { line, .. },
            ) => line,
            other => panic!("{other:?}"),
        };
        assert_eq!(line_of(&text.replace("open", "shut")), 5);
        assert_eq!(line_of(&text.replace("branch 0 - ", "branch 0 ")), 3);
        assert_eq!(line_of(&text[..text.len() - 6]), 5);
        assert_eq!(read("hello", find), Err(RecordError::Foreign));
        assert_eq!(
            read("splitbrain 2\n", find),
            Err(RecordError::Newer { version: 2 })
        );
        let missing = read(&text, |_| None);
        assert!(matches!(
            missing,
            Err(RecordError::Scenario { line: 3, .. })
        ));
    }

    #[test]
    fn no_damage_makes_reading_fail_in_another_way_than_by_an_error() {
        let text = write(&session().desk());
        for at in (0..text.len()).step_by(7) {
            let mut bytes = text.clone().into_bytes();
            bytes[at] ^= 5;
            if let Ok(text) = String::from_utf8(bytes) {
                let _ = read(&text, find);
            }
        }
    }
}
