//! How panels find what the judge holds.

use splitbrain_checker::properties::{self, Info};
use splitbrain_checker::{PropertyId, Verdict, Violation};
use splitbrain_engine::sim::fact::FactId;

use crate::session::{Ask, Session};

/// The property with this id.
pub(crate) fn property(id: &str) -> Option<&'static Info> {
    properties::ALL.into_iter().find(|info| info.id == id)
}

/// The violations of a property, in the order in which they were found.
pub(crate) fn violations(session: &Session, property: PropertyId) -> Vec<&Violation> {
    match session.observer.judge().verdict(property) {
        Verdict::Violated { violations, .. } => violations,
        Verdict::Holds | Verdict::Open { .. } => Vec::new(),
    }
}

/// A violation, by its property's id and its place.
pub(crate) fn violation<'a>(session: &'a Session, id: &str, index: u32) -> Option<&'a Violation> {
    let all = violations(session, property(id)?.property);
    all.get(index as usize).copied()
}

/// What is wrong with an operation, newest first: what to ask, and whether it still is so.
pub(crate) fn of_operation(session: &Session, op: FactId) -> Option<(Ask, bool)> {
    properties::ALL.into_iter().find_map(|info| {
        let all = violations(session, info.property);
        let index = all
            .iter()
            .rposition(|it| it.op.is_some_and(|held| held.0 == op.0))?;
        let ask = Ask::Violation {
            property: info.id,
            index: index as u32,
        };
        Some((ask, all[index].stands()))
    })
}
