//! What belongs to a fact: its lane, its causes, and what comes next on its lane.

use splitbrain_engine::sim::fact::{Fact, FactId, FactKind};
use splitbrain_engine::sim::trace::Trace;

use super::space_time_scene::mark;

/// Facts that are looked through for the next one on a lane.
const REACH: u32 = 50_000;
/// Facts in a chain of causes at most.
const CHAIN: usize = 64;

/// What is picked out, and with it what led to it.
#[derive(Debug, Default)]
pub(super) struct Focus {
    /// What is picked out.
    pub(super) selected: Option<FactId>,
    /// What something is said about: what the pointer is on, or else what is picked out.
    pub(super) shown: Option<FactId>,
    changes: u32,
    causes: Vec<FactId>,
}

impl Focus {
    /// Takes in what is picked out now; true if that is something else than before.
    pub(super) fn take(&mut self, trace: &Trace, selected: Option<FactId>, changes: u32) -> bool {
        let is_new = self.selected != selected;
        if is_new || self.changes != changes {
            self.changes = changes;
            self.selected = selected;
            self.causes = selected.map_or_else(Vec::new, |fact| causes(trace, fact));
        }
        is_new
    }

    /// Whether something else is picked out, which this fact, about that one, has no part in.
    pub(super) fn is_aside(&self, fact: FactId, about: FactId) -> bool {
        self.selected
            .is_some_and(|selected| !self.causes.contains(&fact) && about != selected)
    }
}

/// The lane a fact is shown on, if it is shown.
pub(super) fn lane_of(fact: &Fact, lanes: u16) -> Option<u8> {
    mark(fact, lanes).map(|(lane, _)| lane)
}

/// The next or the previous event on a lane.
pub(super) fn neighbour(
    trace: &Trace,
    from: FactId,
    lane: u8,
    lanes: u16,
    is_forward: bool,
) -> Option<FactId> {
    let is_on = |id: &FactId| {
        let fact = trace.get(*id);
        fact.and_then(|fact| lane_of(fact, lanes)) == Some(lane)
    };
    if is_forward {
        let first = from.0.checked_add(1)?;
        (first..trace.len().min(first.saturating_add(REACH)))
            .map(FactId)
            .find(is_on)
    } else {
        let end = from.0.min(trace.len());
        (end.saturating_sub(REACH)..end)
            .rev()
            .map(FactId)
            .find(is_on)
    }
}

/// A fact and everything that led to it.
fn causes(trace: &Trace, fact: FactId) -> Vec<FactId> {
    let mut found = Vec::new();
    let mut open = vec![fact];
    while let Some(id) = open.pop() {
        if !id.is_some() || found.len() >= CHAIN || found.contains(&id) {
            continue;
        }
        found.push(id);
        if let Some(fact) = trace.get(id) {
            open.push(fact.cause);
            match fact.kind() {
                FactKind::WriteApplied | FactKind::MessageDropped => open.push(FactId(fact.a)),
                FactKind::ValueOverwritten => open.extend([FactId(fact.a), FactId(fact.b)]),
                FactKind::DuplicateSuppressed => open.push(FactId(fact.b)),
                _ => {}
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::{Action, Session};
    use splitbrain_engine::sim::time::Time;

    fn session() -> Session {
        let mut session = Session::new(3);
        session.reduce(Action::GoTo(Time::from_ms(8_000)));
        while !session.work(u32::MAX) {}
        session
    }

    #[test]
    fn going_on_and_back_along_a_lane_ends_where_it_began() {
        let session = session();
        let trace = session.player.trace();
        let first = neighbour(trace, FactId(0), 1, 5, true).expect("something happens");
        let second = neighbour(trace, first, 1, 5, true).expect("and something else");
        assert!(first < second);
        assert_eq!(neighbour(trace, second, 1, 5, false), Some(first));
        let fact = trace.get(second).expect("it is in memory");
        assert_eq!(lane_of(fact, 5), Some(1));
    }

    #[test]
    fn a_write_applied_elsewhere_was_accepted_somewhere_and_wanted_by_somebody() {
        let session = session();
        let trace = session.player.trace();
        let (id, _) = trace
            .range(FactId(0), FactId(trace.len()))
            .find(|(_, fact)| fact.kind() == FactKind::WriteApplied && fact.host != fact.peer)
            .expect("writes travel");
        let kinds: Vec<FactKind> = causes(trace, id)
            .iter()
            .filter_map(|&id| trace.get(id))
            .map(Fact::kind)
            .collect();
        for kind in [
            FactKind::OperationStarted,
            FactKind::WriteAccepted,
            FactKind::MessageSent,
        ] {
            assert!(kinds.contains(&kind), "{kinds:?}");
        }
    }
}
