//! Clocks: what a host can know of time and of causality.
//!
//! [`physical`] is what a host has; [`time_service`] and [`bounded`] make something of
//! it that can be trusted within a bound. [`lamport`], [`hybrid`], [`vector`] and
//! [`dotted`] order events by what led to what. All are state machines without I/O: a
//! node hands them its wall clock and what it received. [`published`] is how not to: it
//! serves one broken data type, and no list. [`reading`] is for whoever looks at
//! a run from outside: what each clock would show at each event.

pub mod bounded;
pub mod dotted;
pub mod facts;
pub mod hybrid;
pub mod lamport;
pub mod physical;
pub mod published;
pub mod reading;
pub mod time_service;
pub mod vector;

pub use bounded::BoundedClock;
pub use dotted::{DottedVersionVector, DottedVersionVectorSet};
pub use facts::{ClockInfo, Tells};
pub use hybrid::{HybridClock, HybridStamp};
pub use lamport::{LamportClock, LamportStamp};
pub use physical::PhysicalClock;
pub use reading::{Reading, Readings};
pub use vector::{Causality, VersionVector};

/// Every clock, in the order in which lists show them: each but the first adds something.
pub const ALL: &[&ClockInfo] = &[
    &physical::INFO,
    &lamport::INFO,
    &vector::INFO,
    &dotted::INFO,
    &hybrid::INFO,
    &bounded::INFO,
];
