//! One store of keys, at the key's home region.
//!
//! # What it does
//! Whichever region receives a request passes it on to the region where the
//! customer's account lives. Only that one keeps the record, and it gives the
//! customer's key through to the payment gateway.
//!
//! # Guarantees
//! Exactly one effect an intent, wherever a retry arrives, and through a crash
//! between charge and store: after a restart the home region asks the gateway
//! again with the same key.
//!
//! # Gives up
//! Availability: while the home region cannot be reached nobody can pay.
//!
//! # Cost
//! A round trip to the home region, and a record a key.
//!
//! # Source
//! IETF draft "The Idempotency-Key HTTP Header Field"; Leach, "Designing robust
//! and predictable APIs with idempotency", Stripe, 2017.

use super::{Keeper, KeyStore};
use crate::policy::{Cost, Info, Property, Soundness};
use crate::sim::node::IdempotencyKey;

/// What the catalogue says of it.
pub const INFO: Info = Info {
    id: "home_region",
    keeps: &[Property::ExactlyOnce],
    gives_up: &[],
    soundness: Soundness::Sound,
    costs: &[
        Cost::RoundTripToHome,
        Cost::RecordPerKey,
        Cost::UnavailableWithoutHome,
    ],
    sources: &[
        "IETF draft, The Idempotency-Key HTTP Header Field",
        "Leach, Designing robust and predictable APIs with idempotency, 2017",
    ],
};

/// The store.
#[derive(Debug)]
pub struct HomeRegion;

impl KeyStore for HomeRegion {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn keeper(&self) -> Keeper {
        Keeper::Home
    }

    fn gateway_key(&self, key: IdempotencyKey, _region: u8) -> Option<u64> {
        Some(key.0)
    }
}
