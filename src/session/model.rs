//! The model: everything that the page is showing, as one value.

use std::rc::Rc;

use splitbrain_engine::playground;
use splitbrain_engine::run::{Player, Run};
use splitbrain_engine::scenario::Scenario;
use splitbrain_engine::scenario::{ServiceKind, Slot};
use splitbrain_engine::sim::time::Time;
use splitbrain_lesson::observe::Observer;
use splitbrain_sorted::Map;

use super::action::{Ask, Dialog, Expected, NoticeKind, Panel, Place, Said, Selection};
use super::desk::{Desk, PLAYGROUND};
use super::observing::observer_of;
use crate::chunk::Chunks;
use crate::lesson::{LessonState, Pending};
use crate::settings::Theme;
use crate::text::Text;
use crate::twin::Twin;

/// Speeds, as multiples of real time in thousandths.
pub const SPEEDS: [u32; 9] = [10, 50, 100, 250, 1_000, 2_000, 5_000, 20_000, 100_000];

/// A run that is kept, and where it came from.
#[derive(Clone, Debug, PartialEq)]
pub struct Branch {
    /// Its number, counted on each desk from 0.
    pub number: u32,
    /// The branch that it was forked from, and the moment.
    pub from: Option<(u32, Time)>,
    /// The run.
    pub run: Run,
    /// The furthest moment that has been played in it.
    pub reached: Time,
    /// The moment that was looked at when it was left.
    pub cursor: Time,
}

/// Something said to the learner.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    /// Its number.
    pub number: u32,
    /// How grave it is.
    pub kind: NoticeKind,
    /// The sentence.
    pub said: Said,
    /// Real time since it was said, in milliseconds.
    pub age_ms: f64,
}

/// The whole state of the page.
#[derive(Debug)]
pub struct Session {
    /// Where somebody is.
    pub place: Place,
    /// The run that is open, with the cursor.
    pub player: Player,
    /// The scenario with the run's own policies.
    pub design: Rc<Scenario>,
    /// Verdicts, ledger and the record of goals, up to the cursor or on the way there;
    /// see [`Session::is_observed`].
    pub observer: Observer,
    /// One that judges more, on its way to where the other is.
    pub(super) observer_to_be: Option<Observer>,
    /// Whether time passes.
    pub playing: bool,
    /// Whether somebody has stopped it by hand, by pausing or by stepping, and not let it go
    /// on since: then what she does waits for her too, and else it starts time.
    pub(crate) is_held: bool,
    /// The speed, by its place in [`SPEEDS`].
    pub speed: u8,
    /// The moment that playing is heading for, in microseconds; keeps fractions of
    /// slow speeds.
    pub heading_us: f64,
    /// Whether the cursor is still on its way to where it was sent.
    pub seeking: bool,
    /// All branches; the open one's run is the player's.
    pub branches: Vec<Branch>,
    /// The number of the open one.
    pub branch: u32,
    /// What is picked out.
    pub selection: Selection,
    /// What "why?" was asked of.
    pub why: Option<Ask>,
    /// The panel that is shown.
    pub panel: Panel,
    /// The part that a phone shows.
    pub tab: &'static str,
    /// The form or list that is open.
    pub dialog: Option<Dialog>,
    /// What has been said.
    pub notices: Vec<Notice>,
    pub(super) next_notice: u32,
    pub(super) next_branch: u32,
    /// The lesson that is open.
    pub lesson: Option<LessonState>,
    /// A prediction that is being played out.
    pub(crate) trial: Option<Pending>,
    /// Why the lesson of this place did not come.
    pub trouble: Option<Said>,
    /// Where playing stops of itself.
    pub(crate) stop_at: Option<Time>,
    /// The seed that the address asks for.
    pub seed: Option<u64>,
    /// Where the address says that lessons come from.
    pub src: Option<String>,
    /// Whose desk is before them; see [`Place::slot`].
    pub slot: String,
    /// What is laid aside while somebody is elsewhere, by slot; see [`Place::slot`].
    pub desks: Map<String, Desk>,
    /// What a run from outside is said to be when the cursor gets there.
    pub(super) expected: Option<Expected>,
    /// The same run under another design, if the two are compared.
    pub(crate) twin: Option<Twin>,
    /// What has been fetched of the page.
    pub chunks: Chunks,
    /// The words of the page's language.
    pub text: Text,
    /// Dark, light, or as the system is.
    pub theme: Theme,
    /// One more after every change that is not a mere passing of time.
    pub changes: u32,
}

impl Session {
    /// The free playground, already running.
    pub fn new(seed: u64) -> Self {
        Self::with_run(Run::new(Rc::new(playground::playground()), seed))
    }

    /// A session in this run, at its beginning, playing.
    pub fn with_run(run: Run) -> Self {
        let branch = Branch {
            number: 0,
            from: None,
            run: run.clone(),
            reached: Time::ZERO,
            cursor: Time::ZERO,
        };
        let chunks = Chunks::at_first();
        Self {
            place: Place::Playground,
            design: Rc::new(run.design()),
            observer: observer_of(&run, chunks),
            observer_to_be: None,
            player: Player::new(run),
            playing: true,
            is_held: false,
            speed: 4,
            heading_us: 0.0,
            seeking: false,
            branches: vec![branch],
            branch: 0,
            selection: Selection::Nothing,
            why: None,
            panel: Panel::Regions,
            tab: "rail",
            dialog: None,
            notices: Vec::new(),
            next_notice: 0,
            next_branch: 1,
            lesson: None,
            trial: None,
            trouble: None,
            stop_at: None,
            seed: None,
            src: None,
            slot: PLAYGROUND.into(),
            desks: Map::new(),
            expected: None,
            twin: None,
            chunks,
            text: Text::default(),
            theme: Theme::default(),
            changes: 0,
        }
    }

    /// The scenario of the open run, without its own policies.
    pub fn scenario(&self) -> &Rc<Scenario> {
        &self.player.run().scenario
    }

    /// The moment of the cursor.
    pub fn time(&self) -> Time {
        self.player.time()
    }

    /// Whether somebody may act with this tool here, by its id in the toolbox;
    /// everybody may in the playground.
    pub fn allows_tool(&self, tool: &str) -> bool {
        let lesson = self.lesson.as_ref();
        lesson.is_none_or(|lesson| lesson.allows_tool(tool))
    }

    /// Whether this policy may be put into this slot here.
    pub fn allows_policy(&self, service: ServiceKind, slot: Slot, policy: &str) -> bool {
        let lesson = self.lesson.as_ref();
        lesson.is_none_or(|lesson| {
            let policies = lesson.policies(service, slot);
            policies.iter().any(|allowed| allowed == policy)
        })
    }

    /// Whether anything may be put into this slot here.
    pub fn allows_choice(&self, service: ServiceKind, slot: Slot) -> bool {
        let lesson = self.lesson.as_ref();
        lesson.is_none_or(|lesson| !lesson.policies(service, slot).is_empty())
    }

    /// The name under which the desk of a slot is kept.
    pub fn desk_name(&self, slot: &str) -> String {
        super::store::desk_name(slot, self.seed, self.src.as_deref())
    }

    /// Whether the place is a lesson that has not been fetched.
    pub fn lacks_lesson(&self) -> bool {
        let slot = self.place.slot();
        slot.is_some_and(|slot| slot != self.slot)
    }
}
