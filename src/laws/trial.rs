//! Trying a subject in slices between frames: the page stays awake, and what is found is
//! the same as at a stretch.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use splitbrain_engine::crdt::laws::{Effort, Finding, Search};
use yew::prelude::*;

use super::subject::Subject;

/// How long a slice may take.
pub(super) const SLICE_MS: f64 = 6.0;

/// Histories between two looks at the clock: a millisecond or so.
pub(super) const PIECE: u32 = 8;

/// How often what was found so far is shown.
const SHOWN_EVERY_MS: f64 = 100.0;

/// How far it is, and what was found so far.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Seen {
    /// Of what, and how hard.
    of: (Subject, Effort),
    /// A finding for each law.
    pub(super) findings: Rc<[Finding]>,
    /// Whether each law is known to be broken; its smallest history may still be looked for.
    pub(super) broken: Rc<[bool]>,
    /// Histories that were tried, of how many.
    pub(super) progress: (u64, u64),
    /// Whether that is all.
    pub(super) is_done: bool,
}

impl Seen {
    fn of(subject: &Subject, effort: Effort, search: &Search) -> Self {
        let laws = subject.laws().iter();
        Self {
            of: (subject.clone(), effort),
            findings: search.findings().into(),
            broken: laws.map(|&law| search.is_broken(law)).collect(),
            progress: search.progress(),
            is_done: search.is_done(),
        }
    }
}

/// Tries a subject, from the beginning whenever it or the effort is another one.
#[hook]
pub(super) fn use_trial(subject: &Subject, effort: Effort) -> Seen {
    let seen = use_state(|| None::<Seen>);
    use_effect_with((subject.clone(), effort), {
        let seen = seen.setter();
        move |(subject, effort)| {
            let show = Callback::from(move |now| seen.set(Some(now)));
            let trial = Trial::start(subject.clone(), *effort, show);
            move || trial.stop()
        }
    });
    let of = (subject.clone(), effort);
    match &*seen {
        Some(seen) if seen.of == of => seen.clone(),
        // That was of another one.
        _ => Seen::of(subject, effort, &Search::new(subject.laws(), effort)),
    }
}

/// A search that goes on by itself until it is done or stopped.
struct Trial {
    subject: Subject,
    effort: Effort,
    search: RefCell<Search>,
    next: RefCell<Option<Timeout>>,
    shown_ms: Cell<f64>,
    show: Callback<Seen>,
}

impl Trial {
    fn start(subject: Subject, effort: Effort, show: Callback<Seen>) -> Rc<Self> {
        let trial = Rc::new(Self {
            search: RefCell::new(Search::new(subject.laws(), effort)),
            subject,
            effort,
            next: RefCell::default(),
            shown_ms: Cell::new(now_ms()),
            show,
        });
        trial.later();
        trial
    }

    fn stop(&self) {
        self.next.replace(None);
    }

    fn later(self: &Rc<Self>) {
        let trial = self.clone();
        let timer = Timeout::new(0, move || trial.slice());
        self.next.replace(Some(timer));
    }

    fn slice(self: &Rc<Self>) {
        let begin = now_ms();
        let mut search = self.search.borrow_mut();
        let mut is_done = false;
        while !is_done && now_ms() - begin < SLICE_MS {
            is_done = search.advance(self.subject.lab(), PIECE);
        }
        if is_done || begin - self.shown_ms.get() > SHOWN_EVERY_MS {
            self.shown_ms.set(begin);
            self.show
                .emit(Seen::of(&self.subject, self.effort, &search));
        }
        if !is_done {
            self.later();
        }
    }
}

/// For slices only: nothing that is found depends on it.
pub(super) fn now_ms() -> f64 {
    let performance = web_sys::window().and_then(|window| window.performance());
    performance.map_or(0.0, |performance| performance.now())
}
