//! An exercise in somebody else's page: the frame's side of the contract in
//! `docs/embedding.md`. The only one that talks to a parent window.
//!
//! - [`incoming`] reads messages and trusts none; [`outgoing`] makes them; [`report`]
//!   notices what is worth one.
//! - This file has the port: whom it listens to; `answer` what it then does.
//!
//! # Invariants
//! - Only the parent window is listened to, and only from the origin that said hello.
//! - Before that nothing private is said; after it, everything goes to that origin.

mod answer;
pub mod incoming;
pub mod outgoing;
pub mod report;

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use gloo_events::EventListener;
use gloo_timers::callback::Interval;
use js_sys::{Date, JSON, Object};
use splitbrain_words::Arg;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{MessageEvent, ResizeObserver, Window};

use self::incoming::{Incoming, Malformed};
use self::outgoing::{error, message, number};
use self::report::Reporter;
use crate::session::{Handle, Subscription};
use crate::text::Text;

/// How often the frame says that it is there until somebody answers.
const READY_EVERY_MS: u32 = 500;
const READY_TIMES: u32 = 20;
/// Requests that wait for a lesson to come at most.
const MAX_WAITING: usize = 100;

/// What the page fetches when it is in a frame.
#[derive(Debug)]
pub struct Chunk {
    /// Begins to talk, where there is a parent window, until what it returns is dropped.
    pub listen: fn(&Handle) -> Option<Box<dyn Any>>,
}

/// Its functions.
pub(crate) static CHUNK: Chunk = Chunk {
    listen: |handle| listen(handle).map(|port| Box::new(port) as Box<dyn Any>),
};

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
}

fn page_address() -> String {
    let location = web_sys::window().map(|window| window.location());
    let href = location.and_then(|location| location.href().ok());
    let href = href.unwrap_or_default();
    href.split(['#', '?']).next().unwrap_or_default().to_owned()
}
