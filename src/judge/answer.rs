//! What the judge answers: first what the file holds, then a verdict a model, one by one.

use splitbrain_checker::consistency::Consistency;
use splitbrain_checker::import::{Format, ImportError};
use splitbrain_checker::models::ModelId;
use splitbrain_checker::transactions::NotJudged;

/// An answer.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Answer {
    /// The file cannot be read.
    Failed(Trouble),
    /// What it holds.
    Opened(Opened),
    /// A verdict.
    Row(Row),
    /// That was the last one.
    Done,
}

/// Why a file cannot be judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// It is not of any known format, as far as its beginning tells.
    Unknown,
    /// It has no operation that was answered or may have happened.
    Empty,
    /// It has more than [`super::request::MAX_BYTES`].
    TooLarge,
    /// The browser does not give what is in it.
    Unreadable,
    /// Something else was expected there.
    Line(ImportError),
    /// The judge came to an end that it should not come to.
    Stopped,
}

/// What stands on the axis of the timeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Axis {
    /// The lines of the file: it has no times.
    Lines,
    /// The times in the file, in its unit; where it has none, the places of events.
    Times,
    /// The order within each session: sessions have no time in common.
    Sessions,
}

impl Axis {
    /// Its id, which words go by.
    pub(super) fn id(self) -> &'static str {
        match self {
            Self::Lines => "lines",
            Self::Times => "times",
            Self::Sessions => "sessions",
        }
    }
}

/// An operation as a bar.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Bar {
    /// The lane of its process or session.
    pub(super) lane: u32,
    /// Where it begins.
    pub(super) call: f64,
    /// Where it ends; infinity where it was never answered.
    pub(super) ret: f64,
    /// What it did, of [`Opened::labels`].
    pub(super) label: u32,
    /// Whether it may change something.
    pub(super) is_update: bool,
}

/// What a file holds.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Opened {
    /// Its format.
    pub(super) format: Format,
    /// What its operations are taken to be on; none for transactions, or where nothing
    /// fits.
    pub(super) model: Option<ModelId>,
    /// Transactions, where it holds such.
    pub(super) transactions: Option<u32>,
    /// What the bars are over.
    pub(super) axis: Axis,
    /// The names of processes or sessions.
    pub(super) lanes: Vec<String>,
    /// What operations did.
    pub(super) labels: Vec<String>,
    /// The operations, in the order of their calls, or session by session.
    pub(super) bars: Vec<Bar>,
}

/// A verdict on one model.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Row {
    /// Which.
    pub(super) model: Consistency,
    /// The verdict.
    pub(super) verdict: Verdict,
}

/// Whether a history keeps a model.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Verdict {
    /// It does.
    Holds,
    /// It does not.
    Violated(Proof),
    /// The budget was spent; so many operations were in order at best.
    Spent {
        /// Operations in order.
        linearized: u32,
    },
    /// There are too many sessions for the clocks that this takes.
    TooWide,
    /// The model says nothing of such a history.
    Silent(Silence),
}

impl Verdict {
    /// Its id, which words go by.
    pub(super) fn id(&self) -> &'static str {
        match self {
            Self::Holds => "holds",
            Self::Violated(_) => "violated",
            Self::Spent { .. } | Self::TooWide => "undecided",
            Self::Silent(_) => "silent",
        }
    }
}

/// Why a model says nothing of a history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Silence {
    /// The weak models cannot tell, for this reason; operations are named by their bars.
    Weak(NotJudged),
    /// What the operations are taken to be on knows nothing like this bar.
    Unfit(u32),
    /// Nothing that is known does all that these operations do.
    Nothing,
}

/// The proof of a violation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Proof {
    /// What went wrong, by the checker's id.
    pub(super) kind: &'static str,
    /// The operations that prove it, in the order in which they are told.
    pub(super) bars: Vec<u32>,
    /// Whether it was shown that none can be left out.
    pub(super) is_minimal: bool,
    /// Whether they prove it by themselves.
    pub(super) is_complete: bool,
}
