//! Going from place to place: the address follows the session, and the session the
//! address; title and focus follow both.

use std::rc::Rc;

use gloo_events::EventListener;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlElement;

use crate::chunk::{self, Which};
use crate::fault::{FRESH, RESTART, settings_without};
use crate::route::{self, Route};
use crate::session::{Action, Handle, NoticeKind, Place, Said, SaidArg, Subscription};

/// Keeps address and session together until it is dropped.
pub struct Navigation {
    _guards: (Option<EventListener>, Subscription),
}

/// Is where the address says from the first sight on, fetched or not.
pub fn begin(handle: &Handle) {
    forget_restart();
    if let Route::Place(place) = route::parse(&hash()) {
        handle.dispatch(Action::Navigate(place));
    }
}

/// The slot of the place that the address names.
pub fn first_slot() -> Option<String> {
    match route::parse(&hash()) {
        Route::Place(place) => place.slot(),
        _ => None,
    }
}

/// Takes out of the address what was for one start only.
fn forget_restart() {
    let Some(window) = web_sys::window() else {
        return;
    };
    let location = window.location();
    let search = location.search().unwrap_or_default();
    if !search.contains(RESTART) && !search.contains(FRESH) {
        return;
    }
    let kept = settings_without(&search, &[RESTART, FRESH]).join("&");
    let sign = if kept.is_empty() { "" } else { "?" };
    let path = location.pathname().unwrap_or_default();
    let address = format!("{path}{sign}{kept}{}", hash());
    if let Ok(history) = window.history() {
        // Refused in a sandbox without an origin; then it stays, and asks again.
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&address));
    }
}

/// Follows the address from now on, beginning with what it is.
pub fn listen(handle: &Handle) -> Navigation {
    follow(handle);
    let listener = web_sys::window().map(|window| {
        let handle = handle.clone();
        EventListener::new(&window, "hashchange", move |_| follow(&handle))
    });
    let shown = Rc::new(std::cell::RefCell::new(handle.read(|s| s.place.clone())));
    let subscription = handle.subscribe({
        let handle = handle.clone();
        move || {
            let place = handle.read(|session| session.place.clone());
            if *shown.borrow() != place {
                shown.replace(place.clone());
                show_address(&place);
            }
        }
    });
    Navigation {
        _guards: (listener, subscription),
    }
}

fn hash() -> String {
    let location = web_sys::window().map(|window| window.location());
    location
        .and_then(|location| location.hash().ok())
        .unwrap_or_default()
}

/// Goes where the address says.
fn follow(handle: &Handle) {
    match route::parse(&hash()) {
        Route::Place(place) => {
            if handle.read(|session| session.place == place && !session.lacks_lesson()) {
                return;
            }
            let handle = handle.clone();
            spawn_local(async move { go(&handle, place).await });
        }
        Route::Run { version, data } => {
            // The run is on its way into the session; its address has done its work,
            // and would open it again at each reload.
            replace_address(&handle.read(|session| session.place.clone()));
            let handle = handle.clone();
            spawn_local(async move {
                if chunk::fetch(&handle, Which::Share).await.is_err() {
                    return handle.dispatch(Action::Say(NoticeKind::Error, chunk::said()));
                }
                if let Some(share) = handle.read(|session| session.chunks.share) {
                    (share.0.open_link)(handle, version, data).await;
                }
            });
        }
        Route::Unknown(found) => {
            let args = vec![("address", SaidArg::Plain(found))];
            let said = Said::Words("ui.error.address", args);
            handle.dispatch(Action::Say(NoticeKind::Error, said));
            replace_address(&handle.read(|session| session.place.clone()));
        }
    }
}

/// Goes to a place, fetching what it needs.
async fn go(handle: &Handle, place: Place) {
    if let Place::Lesson { id, step } = &place {
        // The place is shown at once, and the lesson when everything has come.
        handle.dispatch(Action::LessonTrouble(None));
        handle.dispatch(Action::Navigate(place.clone()));
        if chunk::fetch(handle, Which::Lessons).await.is_err() {
            return handle.dispatch(Action::LessonTrouble(Some(chunk::said())));
        }
        if let Some(lessons) = handle.read(|session| session.chunks.lessons) {
            (lessons.0.open)(handle.clone(), id.clone(), *step).await;
        }
    } else {
        handle.dispatch(Action::Navigate(place));
    }
}

fn show_address(place: &Place) {
    if route::parse(&hash()) != Route::Place(place.clone())
        && let Some(window) = web_sys::window()
    {
        // Refused only to documents that are gone.
        let _ = window.location().set_hash(&route::address(place));
    }
}

fn replace_address(place: &Place) {
    let history = web_sys::window().and_then(|window| window.history().ok());
    if let Some(history) = history {
        let address = route::address(place);
        // Refused in a sandbox without an origin; then the address stays as it is.
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&address));
    }
}

/// Gives the document its title.
pub fn set_title(title: &str) {
    if let Some(document) = web_sys::window().and_then(|window| window.document()) {
        document.set_title(title);
    }
}

/// Moves the focus to the heading of what came, so that a screen reader reads it and
/// the next Tab goes on from there.
pub fn focus_heading() {
    let document = web_sys::window().and_then(|window| window.document());
    let heading = document.and_then(|document| document.query_selector("h1").ok().flatten());
    let heading = heading.and_then(|heading| heading.dyn_into::<HtmlElement>().ok());
    if let Some(heading) = heading {
        heading.set_tab_index(-1);
        // An element that is there takes the focus.
        let _ = heading.focus();
    }
}
