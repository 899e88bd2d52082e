//! Regional queues whose receivers apply whatever is delivered. Broken.
//!
//! # What it does
//! The same queues; a receiver does not ask whether it has an update already.
//!
//! # Guarantees
//! Every update reaches every region that can be reached again, at least once.
//!
//! # Gives up
//! Once: when a confirmation is lost, or the network delivers twice, an addition is
//! applied again. If its item was taken out meanwhile, it is back in the cart, in that
//! region only.
//!
//! # Cost
//! A stored update for each region until it confirms, a message and a confirmation each.
//!
//! # Source
//! Hohpe and Woolf, *Enterprise Integration Patterns*, 2003: what a receiver that is not
//! idempotent makes of guaranteed delivery.

use crate::policy::{Cost, Info, Property, Soundness};

/// What the catalogue says of it.
pub const INFO: Info = Info {
    id: "regional_queues_without_deduplication",
    keeps: &[],
    gives_up: &[
        Property::AcknowledgedWrites,
        Property::Convergence,
        Property::ReadYourWrites,
        Property::MonotonicReads,
    ],
    soundness: Soundness::Broken {
        loses: &[Property::AcknowledgedWrites, Property::Convergence],
    },
    costs: &[
        Cost::AnswersLocally,
        Cost::MessagePerPeer,
        Cost::RecordPerDelivery,
    ],
    sources: super::SOURCES,
};

super::entry!(WithoutDeduplication, false);
