//! Tables by key and session.

use splitbrain_sorted::Map;

/// Something of each session that has it, in the order of the sessions.
pub(super) type BySession<T> = Map<u32, T>;

/// The entry of a key; the table grows to it.
pub(super) fn of_key<T: Default>(keys: &mut Vec<T>, key: u32) -> &mut T {
    let at = key as usize;
    if keys.len() <= at {
        keys.resize_with(at + 1, T::default);
    }
    &mut keys[at]
}

/// The entry of a session with a key.
pub(super) fn of_session<T: Default>(
    keys: &mut Vec<BySession<T>>,
    key: u32,
    session: u32,
) -> &mut T {
    of_key(keys, key).get_or_insert_with(session, T::default)
}
