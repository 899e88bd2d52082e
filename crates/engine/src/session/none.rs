//! No session guarantee.
//!
//! # What it does
//! Each read is answered by whatever region it reaches, from what that has.
//!
//! # Guarantees
//! None.
//!
//! # Gives up
//! A customer who has just written may read what was there before; one who asks another
//! region next time may go back.
//!
//! # Cost
//! None.
//!
//! # Source
//! Terry et al., "Session guarantees for weakly consistent replicated data", PDIS 1994.

use crate::policy::{Cost, Info, Property, Soundness};

/// What the catalogue says of it.
pub static INFO: Info = Info {
    id: "no_session",
    keeps: &[],
    gives_up: &[Property::ReadYourWrites, Property::MonotonicReads],
    soundness: Soundness::Sound,
    costs: &[Cost::AnswersLocally],
    sources: &["Terry et al., Session guarantees for weakly consistent replicated data, PDIS 1994"],
};
