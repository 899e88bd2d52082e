//! Clocks: what a host can know of time and of causality.

pub mod physical;
pub mod vector;

pub use physical::PhysicalClock;
pub use vector::{Causality, VersionVector};
