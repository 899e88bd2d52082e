//! An exercise in somebody else's page: the frame's side of the contract in
//! `docs/embedding.md`. The only one that talks to a parent window.
//!
//! - [`incoming`] reads messages and trusts none; [`outgoing`] makes them; [`report`]
//!   notices what is worth one.
//! - This file has the port: whom it listens to, and what it does.
//!
//! # Invariants
//! - Only the parent window is listened to, and only from the origin that said hello.
//! - Before that nothing private is said; after it, everything goes to that origin.

pub mod incoming;
pub mod outgoing;
pub mod report;

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use gloo_events::EventListener;
use gloo_timers::callback::Interval;
use js_sys::{Date, JSON, Object};
use splitbrain_lesson::format::tree::Node;
use splitbrain_words::{Arg, Lang};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::spawn_local;
use web_sys::{MessageEvent, ResizeObserver, Window};

use self::incoming::{Incoming, Malformed};
use self::outgoing::{error, message, number};
use self::report::Reporter;
use crate::lesson::{LessonAction, LessonState};
use crate::session::{Action, Handle, PLAYGROUND, Session, Subscription, record};
use crate::settings;
use crate::share::playground_scenario;
use crate::text::Text;

/// The version of states.
const STATE_VERSION: u32 = 1;
/// How often the frame says that it is there until somebody answers.
const READY_EVERY_MS: u32 = 500;
const READY_TIMES: u32 = 20;
/// Requests that wait for a lesson to come at most.
const MAX_WAITING: usize = 100;

/// Talks to the parent window until it is dropped.
pub struct Port {
    inner: Rc<Inner>,
    _guards: (EventListener, Subscription),
    sizes: Option<(ResizeObserver, Closure<dyn FnMut()>)>,
}

impl Drop for Port {
    fn drop(&mut self) {
        if let Some((sizes, _)) = &self.sizes {
            sizes.disconnect();
        }
        self.inner.ready.take();
    }
}

struct Inner {
    handle: Handle,
    parent: Window,
    /// Whom this talks to.
    origin: RefCell<Option<String>>,
    ready: RefCell<Option<Interval>>,
    reporter: RefCell<Reporter>,
    waiting: RefCell<VecDeque<Incoming>>,
    height: Cell<u32>,
    is_trouble_told: Cell<bool>,
}

/// Begins to talk, where there is a parent window.
pub fn listen(handle: &Handle) -> Option<Port> {
    let window = web_sys::window()?;
    let parent = window.parent().ok().flatten()?;
    if Object::is(&parent, &window) {
        return None;
    }
    let inner = Rc::new(Inner {
        handle: handle.clone(),
        parent,
        origin: RefCell::default(),
        ready: RefCell::default(),
        reporter: RefCell::default(),
        waiting: RefCell::default(),
        height: Cell::new(0),
        is_trouble_told: Cell::new(false),
    });
    let listener = EventListener::new(&window, "message", {
        let inner = inner.clone();
        move |event| {
            if let Some(event) = event.dyn_ref::<MessageEvent>() {
                inner.receive(event);
            }
        }
    });
    let subscription = handle.subscribe({
        let inner = inner.clone();
        move || inner.look()
    });
    inner.clone().say_ready();
    let sizes = inner.clone().watch_height();
    Some(Port {
        inner,
        _guards: (listener, subscription),
        sizes,
    })
}

impl Inner {
    fn post(&self, text: &str, to: &str) {
        if let Ok(data) = JSON::parse(text) {
            // A parent that is gone hears nothing.
            let _ = self.parent.post_message(&data, to);
        }
    }

    /// Says something to the page that said hello; to nobody before that.
    fn say(&self, text: &str) {
        let origin = self.origin.borrow().clone();
        if let Some(origin) = origin {
            // A page without an origin can only be named by any. It is still the parent.
            let to = if origin == "null" { "*" } else { &origin };
            self.post(text, to);
        }
    }

    fn say_ready(self: Rc<Self>) {
        let ready = message("ready", [("contract", number(1))]);
        self.post(&ready, "*");
        let left = Cell::new(READY_TIMES - 1);
        let inner = self.clone();
        let interval = Interval::new(READY_EVERY_MS, move || {
            if left.get() == 0 || inner.origin.borrow().is_some() {
                inner.ready.take();
                return;
            }
            left.set(left.get() - 1);
            inner.post(&ready, "*");
        });
        self.ready.replace(Some(interval));
    }

    fn watch_height(self: Rc<Self>) -> Option<(ResizeObserver, Closure<dyn FnMut()>)> {
        let root = web_sys::window()?.document()?.get_element_by_id("app")?;
        let observed = root.clone();
        let closure = Closure::<dyn FnMut()>::new(move || {
            let height = root.get_bounding_client_rect().height().ceil() as u32;
            if self.height.replace(height) != height {
                self.say_height();
            }
        });
        let observer = ResizeObserver::new(closure.as_ref().unchecked_ref()).ok()?;
        observer.observe(&observed);
        Some((observer, closure))
    }

    fn say_height(&self) {
        let height = self.height.get();
        if height > 0 {
            self.say(&message("resize", [("height", number(height.into()))]));
        }
    }

    fn receive(&self, event: &MessageEvent) {
        let is_parent = event
            .source()
            .is_some_and(|source| Object::is(&source, &self.parent));
        if !is_parent {
            return;
        }
        let origin = event.origin();
        let pinned = self.origin.borrow().clone();
        if pinned.as_ref().is_some_and(|pinned| *pinned != origin) {
            return;
        }
        let Some(read) = incoming::read(&event.data()) else {
            return;
        };
        match (read, pinned.is_some()) {
            (Ok(Incoming::Hello), _) => {
                self.origin.replace(Some(origin));
                self.ready.take();
                self.reporter.borrow_mut().forget_progress();
                self.is_trouble_told.set(false);
                self.say_height();
                self.look();
            }
            // Before hello nobody is listened to.
            (_, false) => {}
            (Ok(incoming), true) => {
                let mut waiting = self.waiting.borrow_mut();
                if waiting.len() < MAX_WAITING {
                    waiting.push_back(incoming);
                }
                drop(waiting);
                self.look();
            }
            (Err(malformed), true) => self.refuse(&malformed),
        }
    }

    fn refuse(&self, malformed: &Malformed) {
        let (code, id) = if malformed.is_too_large {
            ("large", "ui.error.message.large")
        } else {
            ("message", "ui.error.message.shape")
        };
        let text = self.text();
        let what = Arg::from(text.words().get(id));
        let said = text.say("ui.error.message", &[("what", what)]).to_string();
        self.say(&error(malformed.id, code, &said, malformed.place));
    }

    fn text(&self) -> Text {
        self.handle.read(|session| session.text.clone())
    }

    /// Answers what waits, and says what is new.
    fn look(&self) {
        if self.origin.borrow().is_none() {
            return;
        }
        let (is_here, trouble) = self
            .handle
            .read(|session| (!session.lacks_lesson(), session.trouble.clone()));
        if let Some(said) = trouble
            .as_ref()
            .filter(|_| !self.is_trouble_told.replace(true))
        {
            let said = self.text().said(said).to_string();
            self.say(&error(None, "lesson", &said, ""));
        }
        if is_here || trouble.is_some() {
            loop {
                let next = self.waiting.borrow_mut().pop_front();
                let Some(incoming) = next else { break };
                self.answer(incoming);
            }
        }
        let page = page_address();
        let now = String::from(Date::new_0().to_iso_string());
        let news = self
            .handle
            .read(|session| self.reporter.borrow_mut().news(session, &page, &now));
        for text in news {
            self.say(&text);
        }
    }

    fn answer(&self, incoming: Incoming) {
        match incoming {
            Incoming::Hello => {}
            Incoming::GetState { id } => self.say_state(id),
            Incoming::SetState {
                id,
                version,
                lesson,
                record,
            } => match self.set_state(version, &lesson, &record) {
                Ok(()) => self.say_state(id),
                Err((place, said)) => {
                    let text = self.text();
                    let what = Arg::from(said);
                    let said = text.say("ui.error.state", &[("what", what)]).to_string();
                    self.say(&error(Some(id), "state", &said, place));
                }
            },
            Incoming::Reset => {
                let is_lesson = self.handle.read(|session| session.lesson.is_some());
                if is_lesson {
                    self.handle.dispatch(Action::Lesson(LessonAction::Reset));
                }
            }
            Incoming::Configure {
                theme,
                lang,
                controls,
            } => {
                if let Some(theme) = theme {
                    settings::choose_theme(&self.handle, theme, false);
                }
                if let Some(controls) = controls {
                    settings::choose_controls(controls.as_deref());
                }
                if let Some(lang) = lang {
                    let lang = lang.unwrap_or_else(browser_language);
                    let handle = self.handle.clone();
                    spawn_local(async move {
                        settings::choose_language(&handle, lang, false).await;
                    });
                }
            }
        }
    }

    fn say_state(&self, id: f64) {
        let (lesson, record) = self
            .handle
            .read(|session| (session.slot.clone(), session.desk().text()));
        let state = Node::table([
            ("version", number(STATE_VERSION.into())),
            ("lesson", Node::text(lesson)),
            ("record", Node::text(record)),
        ]);
        self.say(&message(
            "state",
            [("id", number(id as u64)), ("state", state)],
        ));
    }

    /// Puts a state back, or changes nothing and says which field is wrong.
    fn set_state(
        &self,
        version: u32,
        lesson: &str,
        record: &str,
    ) -> Result<(), (&'static str, splitbrain_words::Text)> {
        let text = self.text();
        if version != STATE_VERSION {
            let args = [("version", Arg::from(version))];
            return Err(("state.version", text.say("ui.error.record.newer", &args)));
        }
        let (slot, open) = self
            .handle
            .read(|session| (session.slot.clone(), session.lesson.clone()));
        let is_here = !self.handle.read(Session::lacks_lesson);
        if lesson != slot || !is_here {
            let args = [("lesson", Arg::from(lesson))];
            return Err(("state.lesson", text.say("ui.error.state.lesson", &args)));
        }
        let scenario = |id: &str| {
            let own = open.as_ref().map(|open| open.lesson.scenario.clone());
            own.filter(|own| own.id == id)
                .or_else(|| playground_scenario(id))
        };
        let wrong = |error: record::RecordError| ("state.record", text.record_error(&error));
        let read = record::read(record, scenario).map_err(wrong)?;
        match open {
            Some(open) => {
                let mut state = LessonState::new(open.lesson, None);
                state.read(&read.rest).map_err(wrong)?;
                let desk = Some(read.desk);
                let step = state.progress.reached;
                let open = LessonAction::Open(Box::new(state), desk);
                self.handle.dispatch(Action::Lesson(open));
                self.handle
                    .dispatch(Action::Lesson(LessonAction::GoTo(step)));
            }
            None if slot == PLAYGROUND => {
                let desk = read.desk;
                self.handle.dispatch(Action::Restore { desk, play: false });
            }
            None => {}
        }
        Ok(())
    }
}

fn page_address() -> String {
    let location = web_sys::window().map(|window| window.location());
    let href = location.and_then(|location| location.href().ok());
    let href = href.unwrap_or_default();
    href.split(['#', '?']).next().unwrap_or_default().to_owned()
}

/// The language that the browser prefers, as far as there are words for it.
fn browser_language() -> Lang {
    let preferred = web_sys::window().and_then(|window| window.navigator().language());
    preferred
        .and_then(|code| Lang::find(&code))
        .unwrap_or(Lang::En)
}
