//! How components read the session.

use std::rc::Rc;

use yew::prelude::*;

use super::driver::Handle;
use super::model::Session;

/// The session, to send actions to.
#[hook]
pub fn use_handle() -> Handle {
    use_context::<Handle>().expect("the app provides the session to everything in it")
}

/// A part of the session; the component renders again when that part changes.
/// Choose a small part: it is compared each time anything may have changed.
#[hook]
pub fn use_session<T, F>(select: F) -> T
where
    T: PartialEq + Clone + 'static,
    F: Fn(&Session) -> T + 'static,
{
    let handle = use_handle();
    let now = handle.read(&select);
    let seen = now.clone();
    use_watch(handle, Rc::new(move |session| select(session) != seen));
    now
}

/// Whether what a component shows is no longer what the session holds.
type Changed = Rc<dyn Fn(&Session) -> bool>;

/// Renders again when something changed. Not generic, so that it is in the page
/// once and not once for each part that is read.
#[hook]
fn use_watch(handle: Handle, changed: Changed) {
    let update = use_force_update();
    // The newest question counts: it may close over props.
    let newest = use_mut_ref(|| None::<Changed>);
    newest.replace(Some(changed));
    use_effect_with(handle, move |handle| {
        let reader = handle.clone();
        let subscription = handle.watch(move || {
            let changed = newest.borrow().clone();
            let is_changed = changed.is_some_and(|changed| reader.read(|it| changed(it)));
            if is_changed {
                update.force_update();
            }
            is_changed
        });
        move || drop(subscription)
    });
}
