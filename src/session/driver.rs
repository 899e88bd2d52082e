//! The driver: the only one that touches timers. It lets time pass, does the work
//! that actions began in slices, and tells components and painters.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo_render::{AnimationFrame, request_animation_frame};
use splitbrain_sorted::Map;

use super::action::Action;
use super::model::Session;

/// Work in one frame, in milliseconds: leaves room for painting in 8.
const SLICE_MS: f64 = 5.0;
/// Events between two looks at the clock.
const SLICE_EVENTS: u32 = 2_000;
/// Panels refresh at most this often while time passes, in milliseconds.
const REFRESH_MS: f64 = 100.0;
/// Then what is left of a refresh is shown at once, in milliseconds: where frames take
/// long, one component in each would take too long.
const LONGEST_ROUND_MS: f64 = 200.0;
/// Real time that a frame may stand for, in milliseconds: after a pause of the
/// whole page, time does not leap.
const FRAME_MS: f64 = 100.0;

/// Says whether it has something to show anew.
type Listener = Rc<dyn Fn() -> bool>;
type Painter = Rc<dyn Fn(&Session)>;
/// Takes what is asked of a session that follows another one.
type Lead = Rc<dyn Fn(Action)>;

struct Inner {
    session: RefCell<Session>,
    listeners: RefCell<Map<u32, Listener>>,
    painters: RefCell<Map<u32, Painter>>,
    next: Cell<u32>,
    frame: RefCell<Option<AnimationFrame>>,
    last_frame_ms: Cell<Option<f64>>,
    is_stale: Cell<bool>,
    round: RefCell<Round>,
    lead: RefCell<Option<Lead>>,
    is_held: Cell<bool>,
}

/// A refresh while time passes. Showing things anew is a good part of what a frame has
/// time for, so a frame does it for one component, and the next one for the next.
#[derive(Default)]
struct Round {
    began_ms: f64,
    /// Listeners that have not been called in it, the next one last.
    left: Vec<Listener>,
}

/// The session, shared by all components.
#[derive(Clone)]
pub struct Handle(Rc<Inner>);

impl PartialEq for Handle {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl std::fmt::Debug for Handle {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Handle")
    }
}

/// Keeps a listener; dropping it ends it.
pub struct Subscription(Handle, u32);

impl Drop for Subscription {
    fn drop(&mut self) {
        self.0.0.listeners.borrow_mut().remove(&self.1);
    }
}

/// Keeps a painter; dropping it ends it.
pub struct FrameGuard(Handle, u32);

impl Drop for FrameGuard {
    fn drop(&mut self) {
        self.0.0.painters.borrow_mut().remove(&self.1);
    }
}

impl Handle {
    /// Takes charge of a session. Nothing moves before [`Handle::start`].
    pub fn new(session: Session) -> Self {
        Self(Rc::new(Inner {
            session: RefCell::new(session),
            listeners: RefCell::default(),
            painters: RefCell::default(),
            next: Cell::new(0),
            frame: RefCell::new(None),
            last_frame_ms: Cell::new(None),
            is_stale: Cell::new(true),
            round: RefCell::default(),
            lead: RefCell::default(),
            is_held: Cell::new(false),
        }))
    }

    /// Lets frames come.
    pub fn start(&self) {
        let handle = self.clone();
        let frame = request_animation_frame(move |now_ms| {
            handle.frame(now_ms);
            handle.start();
        });
        *self.0.frame.borrow_mut() = Some(frame);
    }

    /// Lets no time pass for as long as something is pressed that time would move away
    /// from under the finger.
    pub fn hold(&self, is_held: bool) {
        self.0.is_held.set(is_held);
    }

    /// Reads from the session.
    pub fn read<T>(&self, read: impl FnOnce(&Session) -> T) -> T {
        read(&self.0.session.borrow())
    }

    /// Sends an action; components learn of it at once.
    pub fn dispatch(&self, action: Action) {
        let lead = self.0.lead.borrow().clone();
        match lead {
            Some(lead) => lead(action),
            None => self.take(action),
        }
    }

    /// From now on what is asked of this session goes there, or no longer.
    pub(crate) fn lead(&self, lead: Option<Lead>) {
        self.0.lead.replace(lead);
    }

    /// The same as [`Handle::dispatch`], whoever leads.
    pub(crate) fn take(&self, action: Action) {
        {
            let mut session = self.0.session.borrow_mut();
            session.reduce(action);
            Self::work(&mut session);
        }
        self.refresh();
    }

    /// Calls back whenever the session may have changed.
    pub fn subscribe(&self, listener: impl Fn() + 'static) -> Subscription {
        self.watch(move || {
            listener();
            false
        })
    }

    /// The same for components: the listener says whether its own renders again.
    pub fn watch(&self, listener: impl Fn() -> bool + 'static) -> Subscription {
        let number = self.number();
        self.0
            .listeners
            .borrow_mut()
            .insert(number, Rc::new(listener));
        Subscription(self.clone(), number)
    }

    /// Calls back in every frame, after time has passed.
    pub fn on_frame(&self, painter: impl Fn(&Session) + 'static) -> FrameGuard {
        let number = self.number();
        self.0
            .painters
            .borrow_mut()
            .insert(number, Rc::new(painter));
        FrameGuard(self.clone(), number)
    }

    fn number(&self) -> u32 {
        self.0.next.set(self.0.next.get() + 1);
        self.0.next.get()
    }

    fn frame(&self, now_ms: f64) {
        let last_ms = self.0.last_frame_ms.replace(Some(now_ms));
        let passed_ms = match last_ms {
            Some(last_ms) if !self.0.is_held.get() => (now_ms - last_ms).min(FRAME_MS),
            _ => 0.0,
        };
        {
            let mut session = self.0.session.borrow_mut();
            let before = seen(&session);
            session.reduce(Action::Tick(passed_ms));
            Self::work(&mut session);
            let after = seen(&session);
            if before != after || session.playing {
                self.0.is_stale.set(true);
            }
        }
        self.show(now_ms);
    }

    /// Changes a session that follows another one.
    pub(crate) fn change<T>(&self, change: impl FnOnce(&mut Session) -> T) -> T {
        self.0.is_stale.set(true);
        change(&mut self.0.session.borrow_mut())
    }

    /// Shows what there is, as once a frame; `now_ms` is the frame's.
    pub(crate) fn show(&self, now_ms: f64) {
        let painters: Vec<Painter> = self.0.painters.borrow().values().cloned().collect();
        for painter in painters {
            painter(&self.0.session.borrow());
        }
        // Nor does anything come in that has happened and was not shown yet.
        if !self.0.is_held.get() {
            self.go_on_with_round(now_ms);
        }
    }

    /// Begins a refresh if one is due, and calls listeners up to the first that has
    /// something to show; all that are left if it takes too long.
    fn go_on_with_round(&self, now_ms: f64) {
        let since_ms = now_ms - self.0.round.borrow().began_ms;
        if since_ms >= LONGEST_ROUND_MS {
            self.finish_round();
        }
        let is_due = since_ms >= REFRESH_MS && self.0.round.borrow().left.is_empty();
        if is_due && self.0.is_stale.replace(false) {
            let mut left: Vec<Listener> = self.0.listeners.borrow().values().cloned().collect();
            left.reverse();
            self.0.round.replace(Round {
                began_ms: now_ms,
                left,
            });
        }
        while let Some(listener) = self.next_in_round() {
            if listener() {
                break;
            }
        }
    }

    fn finish_round(&self) {
        while let Some(listener) = self.next_in_round() {
            listener();
        }
    }

    /// Listeners may themselves begin a refresh, so nothing stays borrowed.
    fn next_in_round(&self) -> Option<Listener> {
        self.0.round.borrow_mut().left.pop()
    }

    /// Goes on with what was begun until the slice is used up.
    fn work(session: &mut Session) {
        let clock = web_sys::window().and_then(|window| window.performance());
        let now_ms = || clock.as_ref().map_or(0.0, web_sys::Performance::now);
        let end_ms = now_ms() + SLICE_MS;
        while !session.work(SLICE_EVENTS) && now_ms() < end_ms {}
    }

    /// Calls all listeners at once, as after an action.
    fn refresh(&self) {
        self.0.is_stale.set(false);
        self.0.round.borrow_mut().left.clear();
        let listeners: Vec<Listener> = self.0.listeners.borrow().values().cloned().collect();
        for listener in listeners {
            listener();
        }
    }
}

/// What components may have to show anew when a frame has changed it.
fn seen(session: &Session) -> (u32, bool, bool, usize, u32) {
    (
        session.player.world().events(),
        session.seeking,
        session.is_observed(),
        session.notices.len(),
        session.changes,
    )
}
