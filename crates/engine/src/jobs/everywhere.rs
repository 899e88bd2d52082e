//! Every region runs the job. Broken.
//!
//! # What it does
//! Each region has the same schedule and sends the report when its time comes.
//!
//! # Guarantees
//! A time is run while any region is up.
//!
//! # Gives up
//! One run a time: there are as many as there are regions.
//!
//! # Cost
//! A run a region.
//!
//! # Source
//! Beyer et al., *Site Reliability Engineering*, 2016, chapter 24: what cron does when
//! the machine that it ran on becomes several.

use super::{Runner, Scheme};
use crate::policy::{Cost, Info, Property, Soundness};

/// What the catalogue says of it.
pub const INFO: Info = Info {
    id: "everywhere",
    keeps: &[],
    gives_up: &[Property::OnceATick, Property::JobRuns],
    soundness: Soundness::Broken {
        loses: &[Property::OnceATick, Property::JobRuns],
    },
    costs: &[Cost::RunPerRegion],
    sources: &["Beyer et al., Site Reliability Engineering, 2016, chapter 24"],
};

super::entry!(
    Everywhere,
    Scheme {
        runner: Runner::Everyone,
        is_fenced: false,
    }
);
