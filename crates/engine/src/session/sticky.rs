//! Sticky sessions: whoever answered is asked again.
//!
//! # What it does
//! Each answer tells the customer's app which region served it: for a write the writer.
//! Her next request goes there, and not to the region that routing would choose.
//!
//! # Guarantees
//! She sees what she wrote and never goes back, as long as she keeps to that region and
//! it does not lose its place as the writer.
//!
//! # Gives up
//! Both when the region does not answer in time and she is sent elsewhere: the region
//! that she sticks to then may lag.
//!
//! # Cost
//! Reads as far away as the writer, for everybody who has ever written.
//!
//! # Source
//! Vogels, "Eventually consistent", CACM 52(1), 2009 ("sticky" sessions); Amazon Elastic
//! Load Balancing user guide, "Sticky sessions".

use crate::policy::{Cost, Info, Property, Soundness};
use crate::sim::node::SessionToken;

const LOSES: &[Property] = &[Property::ReadYourWrites, Property::MonotonicReads];

/// What the catalogue says of it.
pub static INFO: Info = Info {
    id: "session_sticky",
    keeps: &[],
    gives_up: LOSES,
    soundness: Soundness::Broken { loses: LOSES },
    costs: &[Cost::ReadsAtWriterAfterWrite],
    sources: &[
        "Vogels, Eventually consistent, CACM 52(1), 2009",
        "Amazon Elastic Load Balancing user guide, Sticky sessions",
    ],
};

/// What an answer says that this region served.
pub fn served_by(region: u8) -> SessionToken {
    SessionToken::to_region(region)
}
