//! What becomes of what is asked of the other session: what is done and where time goes
//! is asked of the first; what is looked at closely stays with it.

use std::rc::Rc;

use splitbrain_engine::sim::fact::Fact;

use crate::session::{Action, Handle, Selection};

/// Has the other session follow the first one until it is dropped. Both keep each other
/// alive until then.
pub(super) struct Led(Handle);

impl Led {
    pub(super) fn new(first: &Handle, other: &Handle) -> Self {
        let (to, own) = (first.clone(), other.clone());
        other.lead(Some(Rc::new(move |action| pass_on(&to, &own, action))));
        Self(other.clone())
    }
}

impl Drop for Led {
    fn drop(&mut self) {
        self.0.lead(None);
    }
}

fn pass_on(first: &Handle, other: &Handle, action: Action) {
    match action {
        // A fact, a violation and the answer to "why?" are one run's own.
        Action::Select(Selection::Fact(_) | Selection::Violation { .. }) | Action::CloseWhy => {
            other.take(action);
        }
        Action::Ask(_) => {
            other.take(action);
            // On a phone it stands behind a tab.
            first.dispatch(Action::CloseWhy);
            first.dispatch(Action::ShowTab("side"));
        }
        Action::GoToFact(fact) => {
            let at = other.read(|it| it.player.trace().get(fact).map(Fact::at));
            if let Some(at) = at {
                first.dispatch(Action::GoTo(at));
                other.take(Action::Select(Selection::Fact(fact)));
            }
        }
        // Regions and links are the same in both.
        Action::Select(what) => {
            other.take(Action::Select(what));
            first.dispatch(Action::Select(what));
        }
        _ => first.dispatch(action),
    }
}
