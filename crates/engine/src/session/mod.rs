//! Session guarantees, one a file: what a customer may count on from one answer to the
//! next, where reads are served by replicas that follow a writer.
//!
//! Source: Terry, Demers, Petersen, Spreitzer, Theimer and Welch, "Session guarantees
//! for weakly consistent replicated data", PDIS 1994.

pub mod flag;
pub mod none;
pub mod sticky;
pub mod token;

use crate::design::{Service, Slot};
use crate::policy::Info;

/// What can be promised to a session, in the order of menus.
pub static ALL: &[&Info] = &[&none::INFO, &flag::INFO, &sticky::INFO, &token::INFO];

/// What is promised to a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Session {
    /// Nothing.
    None,
    /// After a write, reads at the writer for a while.
    Flag,
    /// Whoever answered is asked again.
    Sticky,
    /// Nothing older than what a token names.
    Token,
}

impl Session {
    /// What a service's design says.
    pub fn of(service: &Service) -> Self {
        match service.choice(Slot::Session) {
            Some(id) if id == flag::INFO.id => Self::Flag,
            Some(id) if id == sticky::INFO.id => Self::Sticky,
            Some(id) if id == token::INFO.id => Self::Token,
            _ => Self::None,
        }
    }
}
