//! What a linter finds.

use std::fmt;

use super::MIN_HINTS;
use crate::format::error::LessonError;

/// Something that every lesson has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// A step that asks for a prediction.
    Prediction,
    /// A goal.
    Goal,
    /// A script that solves it.
    Solution,
    /// A script that must fail.
    MustFail,
    /// Its English text.
    English,
    /// The last step, about real systems.
    LastStep,
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Prediction => "prediction",
            Self::Goal => "goal",
            Self::Solution => "solution",
            Self::MustFail => "script that must fail",
            Self::English => "en.md",
            Self::LastStep => "last step real-systems",
        })
    }
}

/// What a linter finds. `script` and `step` are ids of the lesson.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Finding {
    /// A file cannot be read.
    #[error(transparent)]
    Format(#[from] LessonError),
    /// The folder is named otherwise.
    #[error("the folder is {found}, the lesson says {expected}")]
    Folder {
        /// The folder.
        found: String,
        /// What the lesson says.
        expected: String,
    },
    /// Something that every lesson has is not there.
    #[error("no {what}")]
    Lacks {
        /// What.
        what: Part,
    },
    /// Too few hints.
    #[error("{language}.md: step {step} has {found} hints, at least {MIN_HINTS} are due")]
    Hints {
        /// In which language.
        language: String,
        /// In which step.
        step: String,
        /// How many there are.
        found: u32,
    },
    /// A script uses what the learner is not given.
    #[error("script {script} uses {what}, which the learner is not given")]
    NotGiven {
        /// Which script.
        script: String,
        /// A tool or a policy.
        what: String,
    },
    /// Solved before the learner has done anything, or by waiting.
    #[error("seed {seed}: solved before anything is done")]
    StartsSolved {
        /// Under which seed.
        seed: u64,
    },
    /// A goal is met before anything is done.
    #[error("seed {seed}: goal {goal} is met before anything is done")]
    GoalStartsMet {
        /// Under which seed.
        seed: u64,
        /// Which goal.
        goal: String,
    },
    /// A solution does not solve.
    #[error("seed {seed}: solution {script} leaves {} unmet", unmet.join(", "))]
    NotSolved {
        /// Under which seed.
        seed: u64,
        /// Which solution.
        script: String,
        /// The goals that are not met.
        unmet: Vec<String>,
    },
    /// A solution is longer than it need be.
    #[error("seed {seed}: the first {actions} commands of solution {script} are enough")]
    PrefixSolves {
        /// Under which seed.
        seed: u64,
        /// Which solution.
        script: String,
        /// How many commands are enough.
        actions: u32,
    },
    /// A script that must fail does not fail as it says.
    #[error("seed {seed}: {script} is to break only {breaks}, and breaks {}", broken.join(", "))]
    BreaksOther {
        /// Under which seed.
        seed: u64,
        /// Which script.
        script: String,
        /// The goal that it names.
        breaks: String,
        /// The goals that are not met.
        broken: Vec<String>,
    },
    /// Not exactly one option of a prediction comes true.
    #[error("seed {seed}: in step {step} not exactly one option comes true ({before})")]
    Undecided {
        /// Under which seed.
        seed: u64,
        /// Which step.
        step: String,
        /// After which solution's way there, or `start`.
        before: String,
    },
    /// Par is not the actions of the shortest solution.
    #[error("par is {found}, the shortest solution takes {expected} actions")]
    Par {
        /// What the lesson says.
        found: u32,
        /// What it takes.
        expected: u32,
    },
}
