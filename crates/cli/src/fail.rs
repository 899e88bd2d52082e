//! What can go wrong, and which exit code says so.

use std::io;
use std::path::PathBuf;

use splitbrain_engine::scenario::ScenarioError;
use splitbrain_engine::wire::WireError;
use splitbrain_lesson::format::error::LessonError;
use splitbrain_words::Text;

use crate::bench::Wrong;
use crate::laws::NoPlan;
use crate::link::LinkError;
use crate::say::Voice;

/// Why a command did not succeed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// A file cannot be read or written.
    #[error("{path}: {error}")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// Standard output was closed.
    #[error("the output was closed")]
    ClosedPipe,
    /// Standard output cannot be written.
    #[error("the output cannot be written: {0}")]
    Output(io::Error),
    /// No scenario has this id.
    #[error("no scenario {0}")]
    Scenario(String),
    /// A scenario file is wrong in all of this.
    #[error("{0:?}")]
    Written(Vec<LessonError>),
    /// The world of a run stands in a file of one's own.
    #[error("a link cannot hold a scenario file")]
    NoLink,
    /// A run that was made has its seed.
    #[error("a link has its own seed")]
    HasSeed,
    /// Nobody says what to compare a run with.
    #[error("compare with what?")]
    NoTwin,
    /// What a run is to be compared with is its own design.
    #[error("{0} is what it has")]
    SameDesign(String),
    /// What was to be another design is none, in all of this.
    #[error("{errors:?}")]
    NoDesign {
        /// The file of the run, if it has one.
        path: Option<PathBuf>,
        /// Each place, with what is allowed.
        errors: Vec<ScenarioError>,
    },
    /// What was to be a link is none.
    #[error("{0:?}")]
    Link(LinkError),
    /// What was to be a run is none.
    #[error("{0}")]
    Wire(WireError),
    /// A model of delays is wrong in all of this.
    #[error("{path}: {wrong:?}")]
    Model {
        /// Which.
        path: PathBuf,
        /// Each field, with what is allowed.
        wrong: Vec<Wrong>,
    },
    /// What was to be merge rules is none, each with what is wrong with it.
    #[error("{0:?}")]
    NoPlan(Vec<NoPlan>),
    /// A file has more bytes or more rules than are taken.
    #[error("{0}: too large")]
    LargeRules(PathBuf),
    /// There is no rule in a file.
    #[error("{0}: no rule")]
    NoRules(PathBuf),
    /// So many types keep other laws than is said of them, or rules not all.
    #[error("{0} otherwise than expected")]
    Lawless(u32),
    /// There is no lesson in a folder.
    #[error("no lesson.toml in {0} or below")]
    NoLessons(PathBuf),
    /// Something is wrong with so many lessons.
    #[error("{0} lessons at fault")]
    Faulty(u32),
    /// So many files hold no history that can be read.
    #[error("{0} files cannot be read")]
    Unreadable(u32),
    /// So many files could not be decided within the budget.
    #[error("{0} files undecided")]
    Undecided(u32),
    /// So many validations found something else than was expected.
    #[error("{0} validations failed")]
    Invalid(u32),
    /// A fact of a run is no write and no payment.
    #[error("fact {0} is no write and no payment")]
    NoSubject(u32),
    /// The run goes otherwise than its maker saw it.
    #[error("the digest is {here:016x}, not {there:016x}")]
    Differs {
        /// The digest here.
        here: u64,
        /// The maker's.
        there: u64,
    },
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            Self::ClosedPipe
        } else {
            Self::Output(error)
        }
    }
}

impl Failure {
    /// 1 for bad news, 2 for a question that makes no sense.
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::Differs { .. }
            | Self::Faulty(_)
            | Self::Undecided(_)
            | Self::Invalid(_)
            | Self::Lawless(_) => 1,
            _ => 2,
        }
    }

    /// For people.
    pub(crate) fn say(&self, voice: &Voice) -> Text {
        match self {
            Self::File { path, error } => voice.say(
                "cli.file",
                &[
                    ("path", path.display().to_string().into()),
                    ("why", error.to_string().into()),
                ],
            ),
            Self::ClosedPipe => voice.say("cli.closed", &[]),
            Self::Output(error) => voice.say("cli.output", &[("why", error.to_string().into())]),
            Self::Scenario(id) => voice.say("cli.no_scenario", &[("id", id.as_str().into())]),
            Self::Written(errors) => {
                let lines = errors.iter();
                let lines = lines.map(|error| format!("\n  {}", voice.words.lesson_error(error)));
                let args = [
                    ("n", errors.len().into()),
                    ("why", lines.collect::<String>().into()),
                ];
                voice.say("cli.run.wrong", &args)
            }
            Self::NoLink => voice.say("cli.share.no_link", &[]),
            Self::HasSeed => voice.say("cli.run.has_seed", &[]),
            Self::NoTwin => voice.say("cli.twin.with_what", &[]),
            Self::SameDesign(with) => {
                voice.say("cli.twin.same_design", &[("with", with.as_str().into())])
            }
            Self::NoDesign { path, errors } => {
                let path = path.as_ref().map(|path| format!("{}: ", path.display()));
                let path = path.unwrap_or_default();
                let lines = errors.iter();
                let lines =
                    lines.map(|error| format!("\n  {path}{}", voice.words.scenario_error(error)));
                let args = [
                    ("n", errors.len().into()),
                    ("why", lines.collect::<String>().into()),
                ];
                voice.say("cli.twin.wrong", &args)
            }
            Self::Link(error) => error.say(voice),
            Self::Wire(error) => voice.words.wire_error(error),
            Self::Model { path, wrong } => {
                let lines: Vec<String> = wrong.iter().map(ToString::to_string).collect();
                let lines = format!("\n  {}", lines.join("\n  "));
                let path = path.display().to_string();
                voice.say(
                    "cli.pbs.wrong",
                    &[("path", path.into()), ("why", lines.into())],
                )
            }
            Self::NoPlan(wrong) => {
                let lines: Vec<String> = wrong.iter().map(|it| it.say(voice).to_string()).collect();
                voice.say("cli.laws.wrong", &[("why", lines.join("\n  ").into())])
            }
            Self::LargeRules(path) => {
                let args = [("path", path.display().to_string().into())];
                voice.say("cli.laws.large", &args)
            }
            Self::NoRules(path) => {
                let args = [("path", path.display().to_string().into())];
                voice.say("cli.laws.no_rules", &args)
            }
            Self::Lawless(count) => voice.say("cli.laws.lawless", &[("n", (*count).into())]),
            Self::NoLessons(path) => {
                let args = [("path", path.display().to_string().into())];
                voice.say("cli.no_lessons", &args)
            }
            Self::Unreadable(count) => voice.say("cli.check.unreadable", &[("n", (*count).into())]),
            Self::Undecided(count) => voice.say("cli.check.undecided", &[("n", (*count).into())]),
            Self::Invalid(count) => voice.say("cli.validate.invalid", &[("n", (*count).into())]),
            Self::Faulty(count) => voice.say("cli.lint.count", &[("n", (*count).into())]),
            Self::NoSubject(fact) => voice.say("cli.autopsy.no_subject", &[("n", (*fact).into())]),
            Self::Differs { here, there } => voice.say(
                "cli.differs",
                &[
                    ("here", format!("{here:016x}").into()),
                    ("there", format!("{there:016x}").into()),
                ],
            ),
        }
    }
}
