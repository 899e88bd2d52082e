//! A lease kept inside each region. Broken.
//!
//! # What it does
//! Whoever holds the lease of its region's own lease store runs the job. That is how a
//! scheduler picks one of the machines of a cluster; each region is a cluster.
//!
//! # Guarantees
//! One leader in each region.
//!
//! # Gives up
//! One leader in all: every region has one, and each runs every time.
//!
//! # Cost
//! A run a region, and the renewals of its lease.
//!
//! # Source
//! Kubernetes elects leaders by a lease object of the cluster: documentation, "Leases",
//! 2023. Gray and Cheriton, "Leases", SOSP 1989.

use super::{Runner, Scheme, StoreAt};
use crate::policy::{Cost, Info, Property, Soundness};

/// What the catalogue says of it.
pub const INFO: Info = Info {
    id: "lease_per_cluster",
    keeps: &[],
    gives_up: &[Property::OnceATick, Property::JobRuns],
    soundness: Soundness::Broken {
        loses: &[Property::OnceATick, Property::JobRuns],
    },
    costs: &[Cost::RunPerRegion, Cost::LeaseRenewals],
    sources: &[
        "Kubernetes documentation, Leases, 2023",
        "Gray and Cheriton, Leases, SOSP 1989",
    ],
};

super::entry!(
    LeasePerCluster,
    Scheme {
        runner: Runner::Holder(StoreAt::EachRegion),
        is_fenced: false,
    }
);
