//! What can be set of rules that keep versions side by side: what customers' apps do with
//! the context of what they read, and how many questions a region may ask.

use super::Questions;
use crate::design::{Service, Slot};
use crate::policy::{Cost, Info};

const DYNAMO: &str =
    "DeCandia et al., Dynamo: Amazon's highly available key-value store, SOSP 2007";
const BAYOU: &str = "Terry et al., Managing update conflicts in Bayou, 1995";

static RETURNED: Info = Info::setting("contexts_returned", &[Cost::TokenPerRequest], &[DYNAMO]);
static FORGOTTEN: Info = Info::setting("contexts_forgotten", &[], &[DYNAMO]);
static THREE: Info = Info::setting("three_questions", &[Cost::SomebodyHasToLook], &[BAYOU]);
static TEN: Info = Info::setting("ten_questions", &[Cost::SomebodyHasToLook], &[BAYOU]);
static ANY: Info = Info::setting("any_questions", &[Cost::SomebodyHasToLook], &[BAYOU]);

/// Whether apps give back with a write the context of what they last read of its key.
pub static CONTEXTS: &[&Info] = &[&RETURNED, &FORGOTTEN];
/// How many questions a region may ask in a run.
pub static QUESTIONS: &[&Info] = &[&THREE, &TEN, &ANY];

/// Whether the apps of this service's customers give back contexts.
pub fn returns_contexts(service: &Service) -> bool {
    service.slots().contains(&Slot::Contexts) && service.choice(Slot::Contexts) == Some(RETURNED.id)
}

impl Questions {
    /// As a design sets it.
    pub fn of(service: &Service) -> Self {
        let most = match service.choice(Slot::Questions) {
            Some("ten_questions") => 10,
            Some("any_questions") => u32::MAX,
            _ => 3,
        };
        Self { asked: 0, most }
    }
}
