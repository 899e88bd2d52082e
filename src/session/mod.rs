//! The state of the page, in one place.

mod action;
mod driver;
mod hooks;
mod model;
mod reducer;

pub use action::{Action, Ask, Dialog, NoticeKind, Panel, Place, Selection};
pub use driver::{FrameGuard, Handle, Subscription};
pub use hooks::{use_handle, use_session};
pub use model::{Branch, Notice, SPEEDS, Session};
