//! How components read the session.

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
    let update = use_force_update();
    let now = handle.read(&select);
    let seen = use_mut_ref(|| now.clone());
    seen.replace(now.clone());
    // The newest selector counts: it may close over props.
    let newest = use_mut_ref(|| None::<std::rc::Rc<dyn Fn(&Session) -> T>>);
    newest.replace(Some(std::rc::Rc::new(select)));
    use_effect_with(handle, move |handle| {
        let reader = handle.clone();
        let subscription = handle.subscribe(move || {
            let select = newest.borrow().clone();
            if let Some(select) = select {
                let value = reader.read(|session| select(session));
                if *seen.borrow() != value {
                    update.force_update();
                }
            }
        });
        move || drop(subscription)
    });
    now
}
