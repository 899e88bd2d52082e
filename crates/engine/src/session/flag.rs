//! A flag in a cache: after a write, reads at the writer for a while.
//!
//! # What it does
//! The region that a customer talks to sets a flag for her once the writer has said that
//! her write is committed, and sends her reads to the writer while it stands: 5 seconds.
//!
//! # Guarantees
//! She sees what she wrote, while the flag stands, in that region, if it was set.
//!
//! # Gives up
//! All of that when the answer of the writer is lost (the write stands, the flag does
//! not), when the region crashes or another one is asked (the flag is in the memory of
//! one region), and when the lag outlasts the flag: then she goes from the newer value
//! back to the older one.
//!
//! # Cost
//! A round trip to the writer for 5 seconds after each write, an entry in a cache.
//!
//! # Source
//! Rails guides, "Multiple databases with Active Record" (reads stay at the writer for a
//! while after a write). Modelled is the recipe of a cache entry that lives for 5 seconds
//! and is set after the commit.

use splitbrain_sorted::Map;

use crate::policy::{Cost, Info, Property, Soundness};
use crate::sim::node::Addr;

const LOSES: &[Property] = &[Property::ReadYourWrites, Property::MonotonicReads];

/// What the catalogue says of it.
pub static INFO: Info = Info {
    id: "session_flag",
    keeps: &[],
    gives_up: LOSES,
    soundness: Soundness::Broken { loses: LOSES },
    costs: &[Cost::ReadsAtWriterAfterWrite, Cost::FlagPerSession],
    sources: &[
        "Rails guides, Multiple databases with Active Record: automatic role switching",
        "Terry et al., Session guarantees for weakly consistent replicated data, PDIS 1994",
    ],
};

/// For how long a flag stands, in microseconds of the region's monotonic clock.
pub const STANDS_US: u64 = 5_000_000;

/// Whether a customer has a flag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flag {
    /// She has none.
    Absent,
    /// She had one, until now.
    Expired,
    /// She has one.
    Stands,
}

/// The flags in one region's cache. In memory only.
#[derive(Clone, Debug, Default)]
pub struct Flags(Map<Addr, u64>);

impl Flags {
    /// Sets a customer's flag.
    pub fn set(&mut self, customer: Addr, now_us: u64) {
        self.0.insert(customer, now_us + STANDS_US);
    }

    /// Looks for a customer's flag; one that has expired is let go.
    pub fn look(&mut self, customer: Addr, now_us: u64) -> Flag {
        match self.0.get(&customer) {
            None => Flag::Absent,
            Some(&until_us) if now_us < until_us => Flag::Stands,
            Some(_) => {
                self.0.remove(&customer);
                Flag::Expired
            }
        }
    }

    /// All of them are gone.
    pub fn clear(&mut self) {
        self.0 = Map::new();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flag_stands_for_five_seconds_and_is_one_customers() {
        let (ana, ben) = (Addr(100), Addr(116));
        let mut flags = Flags::default();
        flags.set(ana, 1_000);
        assert_eq!(flags.look(ana, 5_000_999), Flag::Stands);
        assert_eq!(flags.look(ben, 5_000_999), Flag::Absent);
        assert_eq!(flags.look(ana, 5_001_000), Flag::Expired);
        assert_eq!(flags.look(ana, 5_001_000), Flag::Absent);
    }
}
