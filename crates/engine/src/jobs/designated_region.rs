//! One region is designated to run the job.
//!
//! # What it does
//! The first region of the scenario runs the job. It logs that it begins a time before
//! it sends the report, and never begins that time again.
//!
//! # Guarantees
//! No time is run twice, through crashes and pauses: there is one region that could,
//! and it remembers.
//!
//! # Gives up
//! Runs while that region is down or stopped; when it is back it is late. A time that
//! was begun when it crashed is not run at all: it cannot know whether the report left.
//!
//! # Cost
//! Nothing but that.
//!
//! # Source
//! Beyer et al., *Site Reliability Engineering*, 2016, chapter 24: skip rather than run
//! twice.

use super::{Runner, Scheme};
use crate::policy::{Cost, Info, Property, Soundness};

/// What the catalogue says of it.
pub const INFO: Info = Info {
    id: "designated_region",
    keeps: &[Property::OnceATick],
    gives_up: &[Property::JobRuns],
    soundness: Soundness::Sound,
    costs: &[Cost::IdleWithoutRegion],
    sources: &["Beyer et al., Site Reliability Engineering, 2016, chapter 24"],
};

super::entry!(
    DesignatedRegion,
    Scheme {
        runner: Runner::FirstRegion,
        is_fenced: false,
    }
);
