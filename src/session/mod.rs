//! The state of the page, in one place.

mod action;
mod arrival;
mod branches;
mod desk;
mod driver;
mod hooks;
mod join;
pub mod keeper;
mod model;
mod observing;
pub mod record;
mod reducer;
pub mod store;
pub mod tabs;

pub use action::{
    Action, Ask, Dialog, Expected, NoticeKind, Panel, Place, Said, SaidArg, Selection, WAITS,
};
pub use desk::{Desk, PLAYGROUND};
pub use driver::{FrameGuard, Handle, Subscription};
pub use hooks::{use_handle, use_session};
pub use model::{Branch, Notice, SPEEDS, Session};
