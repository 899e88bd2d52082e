//! Latency routing: the region that answers a customer soonest.
//!
//! # What it does
//! Orders the regions by the measured time to them and back, as they are when
//! nothing is wrong; ties by their place in the scenario.
//!
//! # Guarantees
//! The shortest way for every customer.
//!
//! # Gives up
//! Any notice of a region that is down: customers learn it by a time-out, and
//! choose the next one themselves.
//!
//! # Cost
//! Latency by distance.
//!
//! # Source
//! Amazon Route 53 developer guide, "Latency-based routing".

use splitbrain_sorted::sort_short;

use super::RoutingPolicy;
use crate::policy::{Cost, Info, Soundness};
use crate::sim::network::{Network, Place};

/// What the catalogue says of it.
pub const INFO: Info = Info {
    id: "latency",
    keeps: &[],
    gives_up: &[],
    soundness: Soundness::Sound,
    costs: &[Cost::LatencyByDistance],
    sources: &["Amazon Route 53 developer guide, Latency-based routing"],
};

/// The policy.
#[derive(Debug)]
pub struct Latency;

impl RoutingPolicy for Latency {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn rank(&self, network: &Network, regions: u8, near: u8) -> Vec<u8> {
        let mut ranked: Vec<u8> = (0..regions).collect();
        let customer = Place::Near(near);
        let round_trip_us = |region: u8| {
            let region = Place::Region(region);
            network.base_us(customer, region) + network.base_us(region, customer)
        };
        sort_short(&mut ranked, |&one, &other| {
            round_trip_us(one) < round_trip_us(other)
        });
        ranked
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_are_ranked_by_the_way_there_and_back() {
        let network = Network::new(3, |from, to| {
            [[1, 50, 9], [50, 1, 50], [60, 10, 1]][from as usize][to as usize]
        });
        assert_eq!(Latency.rank(&network, 3, 0), [0, 2, 1]);
        assert_eq!(Latency.rank(&network, 3, 1), [1, 2, 0]);
    }
}
