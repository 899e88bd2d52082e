//! Time from a reference clock outside.
//!
//! # What it does
//! Every region asks one time server that shows true time and is equally near to all, as a
//! satellite's or a national laboratory's is.
//!
//! # Guarantees
//! A wall clock is right to within half of the round trip of its best measurement, and what
//! it has drifted since.
//!
//! # Gives up
//! Nothing that is kept without it. Between two measurements a clock can be set wrong, and
//! a step that sets it right can turn it back.
//!
//! # Cost
//! Two messages each time a region asks.
//!
//! # Source
//! Mills et al., RFC 5905, 2010.

use super::Source;
use crate::policy::{Cost, Info, Soundness};

/// What the catalogue says of it.
pub const INFO: Info = Info {
    id: "reference_clock",
    keeps: &[],
    gives_up: &[],
    soundness: Soundness::Sound,
    costs: &[Cost::QuestionPerInterval],
    sources: &["Mills, Martin, Burbank and Kasch, RFC 5905, 2010"],
};

super::entry!(ReferenceClock, Source::Reference);
