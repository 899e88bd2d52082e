//! How the tests of the types act.

use super::Dot;
use super::replicated::{Act, Replicated, Writer};

/// The first, second… act of a replica, at a time; what travels, unless it was refused.
pub(crate) fn act_at<T: Replicated>(
    state: &mut T,
    origin: u8,
    counter: u32,
    time: u32,
    act: Act,
) -> Option<T::Update> {
    let writer = Writer {
        dot: Dot { origin, counter },
        time,
        replicas: 3,
    };
    let update = state.prepare(writer, act)?;
    state.apply(&update);
    Some(update)
}

/// The same, where time does not matter.
pub(crate) fn act<T: Replicated>(
    state: &mut T,
    origin: u8,
    counter: u32,
    act: Act,
) -> Option<T::Update> {
    act_at(state, origin, counter, 0, act)
}
