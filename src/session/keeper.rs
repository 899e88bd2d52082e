//! Autosave: writes what is on the desk down soon after it changes, and when the page
//! is left.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo_events::EventListener;
use splitbrain_engine::scenario::Scenario;

use super::action::{Action, NoticeKind, Said, SaidArg};
use super::desk::Desk;
use super::driver::{FrameGuard, Handle, Subscription};
use super::record::{self, RecordError};
use super::store::Trouble;
use super::tabs;
use crate::lesson::LessonState;

/// Real time from a change to its being kept, at most, in milliseconds.
const SOON_MS: f64 = 500.0;
/// The same for the mere passing of time.
const LATER_MS: f64 = 3_000.0;

/// Keeps the session until it is dropped.
pub struct Keeper {
    _guards: (Subscription, FrameGuard, Vec<EventListener>),
}

struct Pending {
    handle: Handle,
    /// Changes of the session when it was last kept.
    kept: Cell<u32>,
    kept_ms: Cell<f64>,
    /// Whose desk was before them when it was last looked at.
    slot: RefCell<String>,
    /// What is to be told.
    trouble: Cell<Option<Trouble>>,
    /// What has been told since something was kept last.
    told: Cell<Option<Trouble>>,
}

/// Begins to keep a session.
pub fn keep(handle: &Handle) -> Keeper {
    let pending = Rc::new(Pending {
        handle: handle.clone(),
        kept: Cell::new(handle.read(|session| session.changes)),
        kept_ms: Cell::new(now_ms()),
        slot: RefCell::new(handle.read(|session| session.slot.clone())),
        trouble: Cell::default(),
        told: Cell::default(),
    });
    let subscription = handle.subscribe({
        let pending = pending.clone();
        move || {
            pending.follow_slot();
            pending.tell();
        }
    });
    let frames = handle.on_frame({
        let pending = pending.clone();
        move |session| {
            let since_ms = now_ms() - pending.kept_ms.get();
            let is_changed = session.changes != pending.kept.get();
            let wait_ms = if is_changed { SOON_MS } else { LATER_MS };
            if since_ms >= wait_ms && (is_changed || session.playing) {
                pending.write();
            }
        }
    });
    let leaving = ["pagehide", "visibilitychange"]
        .into_iter()
        .filter_map(|event| {
            let document = web_sys::window()?.document()?;
            let target: web_sys::EventTarget = if event == "pagehide" {
                web_sys::window()?.into()
            } else {
                document.into()
            };
            let pending = pending.clone();
            Some(EventListener::new(&target, event, move |_| pending.write()))
        });
    Keeper {
        _guards: (subscription, frames, leaving.collect()),
    }
}

fn now_ms() -> f64 {
    let clock = web_sys::window().and_then(|window| window.performance());
    clock.map_or(0.0, |clock| clock.now())
}

impl Pending {
    fn write(&self) {
        self.kept_ms.set(now_ms());
        let (slot, text) = self.handle.read(|session| {
            self.kept.set(session.changes);
            (session.slot.clone(), session.desk().text())
        });
        self.put(&slot, &text);
    }

    /// Keeps what was laid aside, as soon as it is.
    fn follow_slot(&self) {
        let now = self.handle.read(|session| session.slot.clone());
        let before = self.slot.replace(now.clone());
        if before != now {
            let text = self
                .handle
                .read(|session| Some(session.desks.get(&before)?.text()));
            if let Some(text) = text {
                self.put(&before, &text);
            }
        }
    }

    fn put(&self, slot: &str, text: &str) {
        let name = self.handle.read(|session| session.desk_name(slot));
        let trouble = tabs::keep(&name, text, js_sys::Date::now() as u64).err();
        if self.told.replace(trouble) != trouble {
            self.trouble.set(trouble);
        }
    }

    /// Tells of trouble outside of the frame in which it came up.
    fn tell(&self) {
        let Some(trouble) = self.trouble.take() else {
            return;
        };
        let id = match trouble {
            Trouble::Refused => "ui.error.storage_refused",
            Trouble::Full => "ui.error.storage_full",
        };
        let handle = self.handle.clone();
        wasm_bindgen_futures::spawn_local(async move {
            let said = Said::Words(id, Vec::new());
            handle.dispatch(Action::Say(NoticeKind::Warning, said));
        });
    }
}

/// The lines of a record that are not about branches, as how far somebody has come.
type ReadLesson<'a> = &'a dyn Fn(&[(u32, String)]) -> Result<Option<LessonState>, RecordError>;

/// A desk that was kept, and what is to be said of it.
pub type Recalled = (Option<Desk>, Vec<(NoticeKind, Said)>);

/// What was kept of a desk, by this tab and by others, as one desk; and what is to be
/// said of it. What cannot be read is put aside.
pub fn recall(
    name: &str,
    find: impl Fn(&str) -> Option<Rc<Scenario>>,
    lesson: ReadLesson<'_>,
) -> Recalled {
    let mut kept: Option<Desk> = None;
    let mut said = Vec::new();
    let mut added = 0;
    for record in tabs::records(name) {
        let read = record::read(&record.text, &find).and_then(|read| {
            let lesson = lesson(&read.rest)?;
            let desk = Desk {
                lesson,
                ..read.desk
            };
            Ok((desk, read.is_of_another_time))
        });
        match (read, &mut kept) {
            (Ok((desk, is_of_another_time)), None) => {
                if is_of_another_time {
                    let changed = Said::Words("ui.warn.kept_changed", Vec::new());
                    said.push((NoticeKind::Warning, changed));
                }
                kept = Some(desk);
                tabs::take(name, record);
            }
            (Ok((desk, _)), Some(kept)) => {
                if let Some(branches) = kept.join(&desk) {
                    added += branches;
                    tabs::take(name, record);
                }
            }
            (Err(RecordError::Newer { .. }), _) => {
                tabs::put_aside(name, &record);
                let newer = Said::Words("ui.error.storage_newer", Vec::new());
                said.push((NoticeKind::Error, newer));
            }
            (Err(error), _) => {
                let what = Said::Record(tabs::put_aside(name, &record), error);
                let corrupt = Said::About("ui.error.storage_corrupt", Box::new(what));
                said.push((NoticeKind::Error, corrupt));
            }
        }
    }
    if added > 0 {
        let count = vec![("n", SaidArg::Count(added.into()))];
        said.push((NoticeKind::Info, Said::Words("ui.kept.joined", count)));
    }
    (kept, said)
}
