//! Autosave: writes what is on the desk down soon after it changes, and when the page
//! is left.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo_events::EventListener;

use super::action::{Action, NoticeKind, Said};
use super::driver::{FrameGuard, Handle, Subscription};
use super::record;
use super::store::{self, Trouble};

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
    trouble: RefCell<Option<Trouble>>,
}

/// Begins to keep a session.
pub fn keep(handle: &Handle) -> Keeper {
    let pending = Rc::new(Pending {
        handle: handle.clone(),
        kept: Cell::new(handle.read(|session| session.changes)),
        kept_ms: Cell::new(now_ms()),
        slot: RefCell::new(handle.read(|session| session.slot.clone())),
        trouble: RefCell::default(),
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
        if let Err(trouble) = store::set(&name, text) {
            self.trouble.replace(Some(trouble));
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

/// What was kept under a name, for a scenario lookup; what cannot be read is put aside,
/// and said.
pub fn recall(
    name: &str,
    find: impl Fn(&str) -> Option<Rc<splitbrain_engine::scenario::Scenario>>,
) -> (Option<record::Read>, Option<Said>) {
    let Some(text) = store::get(name) else {
        return (None, None);
    };
    match record::read(&text, find) {
        Ok(read) => (Some(read), None),
        Err(record::RecordError::Newer { .. }) => {
            store::put_aside(name);
            let said = Said::Words("ui.error.storage_newer", Vec::new());
            (None, Some(said))
        }
        Err(error) => (None, Some(put_aside(name, &error))),
    }
}

/// Puts what was kept under a name aside, and says so.
pub fn put_aside(name: &str, error: &record::RecordError) -> Said {
    let aside = store::put_aside(name);
    let what = Said::Record(aside, error.clone());
    Said::About("ui.error.storage_corrupt", Box::new(what))
}
