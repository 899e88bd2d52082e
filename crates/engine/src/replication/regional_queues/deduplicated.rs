//! Regional queues whose receivers take each update once.
//!
//! # What it does
//! A region logs a write with its place in the queue to every other region, answers, and
//! delivers. A receiver notes origin and sequence in the log write by which it applies an
//! update, confirms, and confirms again whatever it has already, without applying it.
//!
//! # Guarantees
//! Every update reaches every region that can be reached again, and counts once,
//! through cuts, crashes and lost confirmations. So carts converge, and what a customer
//! was told stays.
//!
//! # Gives up
//! The newest: who moves to another region may not see there yet what she did.
//!
//! # Cost
//! A stored update for each region until it confirms, a message and a confirmation
//! each, and at the receiver a number for each origin. Real systems forget old numbers
//! after some days, and what comes again after that counts twice.
//!
//! # Source
//! Hohpe and Woolf, *Enterprise Integration Patterns*, 2003 (guaranteed delivery,
//! idempotent receiver); Helland, "Life beyond distributed transactions", CIDR 2007.

use crate::policy::{Cost, Info, Property, Soundness};

/// What the catalogue says of it.
pub const INFO: Info = Info {
    id: "regional_queues",
    keeps: &[Property::AcknowledgedWrites, Property::Convergence],
    gives_up: &[Property::ReadYourWrites, Property::MonotonicReads],
    soundness: Soundness::Sound,
    costs: &[
        Cost::AnswersLocally,
        Cost::MessagePerPeer,
        Cost::RecordPerDelivery,
        Cost::CheckAtReceiver,
    ],
    sources: super::SOURCES,
};

super::entry!(RegionalQueues, true);
