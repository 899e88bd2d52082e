//! An exercise in somebody else's page: the frame's side of the contract.

use crate::session::Handle;

/// Talks to the parent window until it is dropped.
pub struct Port;

/// Begins to talk.
pub fn listen(_handle: &Handle) -> Port {
    Port
}
