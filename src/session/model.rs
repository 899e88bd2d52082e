//! The model: everything that the page is showing, as one value.

use std::rc::Rc;

use splitbrain_engine::playground;
use splitbrain_engine::run::{Player, Run};
use splitbrain_engine::scenario::Scenario;
use splitbrain_engine::sim::time::Time;

use super::action::{Ask, Dialog, NoticeKind, Panel, Place, Selection};

/// Speeds, as multiples of real time in thousandths.
pub const SPEEDS: [u32; 9] = [10, 50, 100, 250, 1_000, 2_000, 5_000, 20_000, 100_000];

/// A run that is kept, and where it came from.
#[derive(Clone, Debug, PartialEq)]
pub struct Branch {
    /// Its number, never used twice in a session.
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Its number.
    pub number: u32,
    /// How grave it is.
    pub kind: NoticeKind,
    /// The sentence.
    pub text: String,
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
    /// Whether time passes.
    pub playing: bool,
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
    pub(super) next_number: u32,
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
        Self {
            place: Place::Playground,
            design: Rc::new(run.design()),
            player: Player::new(run),
            playing: true,
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
            next_number: 1,
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
}
