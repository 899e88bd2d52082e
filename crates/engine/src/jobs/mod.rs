//! Scheduled jobs: at a set time, every so often, a report is to be sent exactly once
//! for each of its times. What the schemes of this folder share; they differ in which
//! region runs the job and in whether the outside system that gets the report refuses
//! an old token.
//!
//! Every region keeps the schedule by its own wall clock: time n comes when that clock
//! shows n periods. Whoever may run a job begins the times that it does not know to have
//! been run, the oldest first, works on each for [`WORK_US`], and then sends its report.
//! Between the beginning and the report a process can be stopped for as long as anybody
//! likes, so a check at the beginning says nothing about the moment of the effect.
//! Real systems also have jobs that take longer than their period, and skip a time
//! rather than run it late.
//!
//! Source: Beyer et al., *Site Reliability Engineering*, 2016, chapter 24; Gray and
//! Cheriton, "Leases", SOSP 1989; Burrows, "The Chubby lock service", OSDI 2006,
//! section 2.4 (sequencers); Kleppmann, "How to do distributed locking", 2016.

pub mod designated_region;
pub mod everywhere;
pub mod lease;
pub mod lease_per_cluster;
mod lease_store;
pub mod lease_with_fencing_token;
mod message;
mod scheduler;
pub mod settings;
mod sink;

pub use scheduler::Scheduler;
pub use sink::Sink;

/// How long a region works on one report, in microseconds: a choice, long enough to be
/// stopped in.
pub const WORK_US: u64 = 400_000;

/// How long a lease lasts, in microseconds: a choice. Its holder asks for more every
/// third of it.
pub const LEASE_US: u64 = 3_000_000;

/// Where leases are given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoreAt {
    /// In every region, to itself.
    EachRegion,
    /// In the first region of the scenario, to all.
    FirstRegion,
}

/// Who may run a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Runner {
    /// Every region.
    Everyone,
    /// The first region of the scenario.
    FirstRegion,
    /// Whoever holds a lease.
    Holder(StoreAt),
}

/// What sets a scheme apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scheme {
    /// Who may run a job.
    pub runner: Runner,
    /// Whether the outside system refuses a token older than the newest it has seen.
    pub is_fenced: bool,
}

macro_rules! entry {
    ($name:ident, $scheme:expr) => {
        /// The scheme.
        #[derive(Debug)]
        pub struct $name;

        impl crate::replication::Strategy for $name {
            fn info(&self) -> &'static crate::policy::Info {
                &INFO
            }

            fn serves(&self, kind: crate::design::ServiceKind) -> bool {
                kind == crate::design::ServiceKind::Jobs
            }

            fn slots(&self) -> &'static [crate::design::Slot] {
                &[crate::design::Slot::Period]
            }

            fn replica(
                &self,
                setup: crate::replication::Setup,
                service: &crate::design::Service,
            ) -> Box<dyn crate::sim::node::Node> {
                let period_us = super::settings::period_us(service);
                Box::new(super::Scheduler::new(&setup, $scheme, period_us))
            }

            fn outside(
                &self,
                setup: crate::replication::Setup,
                service: &crate::design::Service,
            ) -> Option<Box<dyn crate::sim::node::Node>> {
                let scheme: super::Scheme = $scheme;
                let period_us = super::settings::period_us(service);
                let sink = super::Sink::new(&setup, scheme.is_fenced, period_us);
                Some(Box::new(sink))
            }
        }
    };
}
use entry;
