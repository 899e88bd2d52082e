//! Experiments: what published results are held against, measured on the engine itself.
//!
//! Each builds a world of the engine's own nodes, steps it, and reads its facts. None
//! has a formula of its own.

mod chance;
pub mod consensus;
pub mod staleness;

pub use chance::Chance;
