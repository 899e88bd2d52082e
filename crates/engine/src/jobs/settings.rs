//! How often a job runs.

use crate::design::{Service, Slot};
use crate::policy::Info;

const BEYER: &str = "Beyer et al., Site Reliability Engineering, 2016, chapter 24";

static TWO_SECONDS: Info = Info::setting("every_two_seconds", &[], &[BEYER]);
static TEN_SECONDS: Info = Info::setting("every_ten_seconds", &[], &[BEYER]);
static MINUTE: Info = Info::setting("every_minute", &[], &[BEYER]);

/// How often a job runs.
pub static PERIODS: &[&Info] = &[&TWO_SECONDS, &TEN_SECONDS, &MINUTE];

/// The time from one run of a service's job to the next, in microseconds.
pub fn period_us(service: &Service) -> u64 {
    match service.choice(Slot::Period) {
        Some("every_ten_seconds") => 10_000_000,
        Some("every_minute") => 60_000_000,
        _ => 2_000_000,
    }
}
