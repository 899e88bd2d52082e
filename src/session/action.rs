//! What can be asked of the session.

use splitbrain_engine::run::{Command, CommandError, Run};
use splitbrain_engine::scenario::Choice;
use splitbrain_engine::sim::fact::FactId;
use splitbrain_engine::sim::node::Key;
use splitbrain_engine::sim::time::Time;
use splitbrain_engine::wire::WireError;
use splitbrain_lesson::format::error::LessonError;

use super::desk::Desk;
use super::record::RecordError;
use crate::chunk::Chunks;
use crate::fetch::FetchError;
use crate::lesson::LessonAction;
use crate::settings::Theme;
use crate::text::Text;

/// Where in the page somebody is; the part of the address after `#`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Place {
    /// The free playground.
    #[default]
    Playground,
    /// The catalogue of lessons.
    Lessons,
    /// The judge of histories from files.
    Judge,
    /// How true it is.
    Truth,
    /// The law lab: what of it is asked for, as the rest of the address has it.
    Laws(String),
    /// A step of a lesson.
    Lesson {
        /// The lesson's id.
        id: String,
        /// Which step, from 0.
        step: u8,
    },
}

impl Place {
    /// The id of its name.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Playground => "ui.place.playground",
            Self::Lessons => "ui.place.lessons",
            Self::Judge => "ui.place.judge",
            Self::Truth => "ui.place.truth",
            Self::Laws(_) => "ui.place.laws",
            Self::Lesson { .. } => "ui.lesson",
        }
    }
}

/// A tab of the panels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Panel {
    /// What each region holds.
    #[default]
    Regions,
    /// What customers were told beside what regions believe.
    Ledger,
    /// What the judge says.
    Verdicts,
    /// How far regions are behind, and where the time of writes went.
    Lag,
    /// Everything that happened.
    Log,
    /// What is modelled and what is not.
    Fidelity,
}

/// What is picked out on the stage.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Selection {
    /// Nothing.
    #[default]
    Nothing,
    /// A region, by its place.
    Region(u8),
    /// A link between two regions, the smaller place first.
    Link(u8, u8),
    /// A fact.
    Fact(FactId),
    /// A violation, by its place among those of a property.
    Violation {
        /// The property's id.
        property: &'static str,
        /// Which of its violations.
        index: u32,
    },
}

/// What "why?" was asked of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    /// A fact: a charge, a refusal, a lost message.
    Fact(FactId),
    /// The value that a region shows.
    Value {
        /// The region's place.
        region: u8,
        /// The key.
        key: Key,
    },
    /// A violation, by its place among those of a property.
    Violation {
        /// The property's id.
        property: &'static str,
        /// Which of its violations.
        index: u32,
    },
    /// The write or the payment that a fact speaks of: not the chain that led to it, but all
    /// that is known of it.
    Autopsy(FactId),
}

/// A form or a list that is open over the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialog {
    /// A tool's form, by the tool's id; see `stage::tools`.
    Tool(&'static str),
    /// Share link and file.
    Share,
    /// Keys.
    Keys,
    /// Everything that can be done, to search in.
    Palette,
    /// The branches.
    Branches,
    /// Ready worlds.
    Worlds,
    /// What to compare the run with.
    Compare,
}

/// How grave a notice is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeKind {
    /// Good to know.
    Info,
    /// Something may differ.
    Warning,
    /// Something was refused.
    Error,
}

/// The words for what was asked for while time stands still.
pub const WAITS: &str = "ui.form.paused";

/// A sentence that is said to the learner, in whatever language the page has when
/// it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// A sentence as it is.
    Plain(String),
    /// Words of the catalogue.
    Words(&'static str, Vec<(&'static str, SaidArg)>),
    /// Words of the catalogue about another sentence, `{what}`.
    About(&'static str, Box<Self>),
    /// Why a command was not taken.
    Command(CommandError),
    /// Why bytes are no run.
    Wire(WireError),
    /// What is wrong with a lesson.
    Lesson(LessonError),
    /// Why a file did not come.
    Fetch(FetchError),
    /// Why what was kept cannot be read, and where it was put.
    Record(String, RecordError),
}

/// An argument of a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SaidArg {
    /// As it is.
    Plain(String),
    /// A whole number.
    Count(u64),
    /// A moment.
    Time(Time),
}

/// What a run that came from outside is said to be at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expected {
    /// The moment.
    pub at: Time,
    /// The digest up to it.
    pub digest: u64,
}

/// Everything that can be asked of the session.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Goes on playing.
    Play,
    /// Stops playing.
    Pause,
    /// One or the other.
    TogglePlay,
    /// To the next event that left a fact.
    StepOn,
    /// To before the last event that left a fact.
    StepBack,
    /// To a moment.
    GoTo(Time),
    /// To the moment of a fact, and selects it.
    GoToFact(FactId),
    /// To the moment from which a violation stands, and selects it.
    GoToViolation {
        /// That moment.
        first: FactId,
        /// The property's id.
        property: &'static str,
        /// Which of its violations.
        index: u32,
    },
    /// Another speed, by its place in [`super::SPEEDS`].
    SetSpeed(u8),
    /// Real time passed, in milliseconds: the driver's own.
    Tick(f64),
    /// A command, now; in the past it forks.
    Act(Command),
    /// Another policy; forks.
    Choose(Choice),
    /// Goes to another branch, by its number.
    OpenBranch(u32),
    /// Forgets a branch that is not open.
    DropBranch(u32),
    /// Starts this run at its beginning, forgetting all branches; plays if asked to.
    Load {
        /// The run.
        run: Run,
        /// The moment to be at.
        cursor: Time,
        /// Whether to play on.
        play: bool,
    },
    /// Goes on in a run that came from outside, at this moment; what was open stays as
    /// a branch. At the moment its digest is compared with what it is said to be.
    Import {
        /// The run.
        run: Run,
        /// The moment to be at.
        cursor: Time,
        /// What to compare with.
        expected: Option<Expected>,
    },
    /// Puts a kept desk back as it was, paused or playing.
    Restore {
        /// The desk.
        desk: Desk,
        /// Whether to play on.
        play: bool,
    },
    /// Compares with the same run under another design, side by side, or ends that.
    Compare(Option<Run>),
    /// Something in the lesson that is open.
    Lesson(LessonAction),
    /// Parts of the page that have come.
    Arrived(Chunks),
    /// The lesson of this place did not come, or is being fetched again.
    LessonTrouble(Option<Said>),
    /// Picks something out.
    Select(Selection),
    /// Asks why.
    Ask(Ask),
    /// No more.
    CloseWhy,
    /// Shows a panel.
    ShowPanel(Panel),
    /// Shows a part of the page on a phone: `rail`, `diagram` or `side`.
    ShowTab(&'static str),
    /// Opens a form or list.
    Open(Dialog),
    /// Closes it.
    Close,
    /// Goes somewhere in the page.
    Navigate(Place),
    /// Says something to the learner.
    Tell(NoticeKind, String),
    /// Says something in the page's language.
    Say(NoticeKind, Said),
    /// Has been read.
    Dismiss(u32),
    /// The page speaks these words from now on.
    Speak(Text),
    /// The page is dark, light, or as the system is.
    SetTheme(Theme),
}
