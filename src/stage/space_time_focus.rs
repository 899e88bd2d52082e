//! What belongs to a fact or a violation that is picked out: its lane, its causes, and
//! what comes next on its lane.

use splitbrain_engine::sim::fact::{Fact, FactId, FactKind};
use splitbrain_engine::sim::trace::Trace;

use super::space_time_scene::mark;
use crate::panels::judged;
use crate::session::{Selection, Session};

/// Facts that are looked through for the next one on a lane.
const REACH: u32 = 50_000;
/// Facts in a chain of causes at most.
const CHAIN: usize = 64;

/// What is picked out, and with it what led to it.
#[derive(Debug, Default)]
pub(super) struct Focus {
    /// The fact that is picked out.
    pub(super) selected: Option<FactId>,
    /// What something is said about: what the pointer is on, or else what is picked out.
    pub(super) shown: Option<FactId>,
    picked: Selection,
    changes: u32,
    /// The fact that is picked out, or those that prove the violation that is.
    heart: Vec<FactId>,
    causes: Vec<FactId>,
}

impl Focus {
    /// Takes in what is picked out now; true if that is something else than before.
    pub(super) fn take(&mut self, session: &Session) -> bool {
        let is_new = self.picked != session.selection;
        // The judge may have to read on, or again, before it finds a violation.
        let is_wanting = self.heart.is_empty() && session.selection != Selection::Nothing;
        if !is_new && !is_wanting && self.changes == session.changes {
            return false;
        }
        let was_wanting = self.heart.is_empty();
        self.picked = session.selection;
        self.changes = session.changes;
        self.selected = match self.picked {
            Selection::Fact(fact) => Some(fact),
            _ => None,
        };
        match heart(session) {
            Some(heart) => self.heart = heart,
            // What was found stays while the judge reads again.
            None if !is_new => return false,
            None => self.heart.clear(),
        }
        let trace = session.player.trace();
        let all = self.heart.iter();
        self.causes = all.flat_map(|&fact| causes(trace, fact)).collect();
        is_new || was_wanting != self.heart.is_empty()
    }

    /// Whether a fact or a violation is picked out.
    pub(super) fn is_any(&self) -> bool {
        !self.heart.is_empty()
    }

    /// Whether this fact is picked out, or proves the violation that is.
    pub(super) fn is_heart(&self, fact: FactId) -> bool {
        self.heart.contains(&fact)
    }

    /// Whether something else is picked out, which this fact, about that one, has no part in.
    pub(super) fn is_aside(&self, fact: FactId, about: FactId) -> bool {
        self.is_any() && !self.causes.contains(&fact) && self.selected != Some(about)
    }
}

/// The facts that are picked out; none if the judge does not find the violation now.
fn heart(session: &Session) -> Option<Vec<FactId>> {
    match session.selection {
        Selection::Fact(fact) => Some(vec![fact]),
        Selection::Violation { property, index } => {
            let violation = judged::violation(session, property, index)?;
            let witness = violation.witness.iter();
            Some(witness.map(|(fact, _)| FactId(fact.0)).collect())
        }
        Selection::Nothing | Selection::Region(_) | Selection::Link(..) => Some(Vec::new()),
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
                FactKind::WriteApplied
                | FactKind::MessageDropped
                | FactKind::MessageBuffered
                | FactKind::MessageDelivered => open.push(FactId(fact.a)),
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
    use crate::session::Action;
    use std::rc::Rc;

    use splitbrain_checker::PropertyId;
    use splitbrain_engine::playground::playground;
    use splitbrain_engine::run::{Command, Run, TimedCommand};
    use splitbrain_engine::scenario::{Choice, ServiceKind, Slot};
    use splitbrain_engine::sim::fact::{Label, OpKind};
    use splitbrain_engine::sim::node::{self, Key, PaymentKey, Value};
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

    /// A session in which somebody paid, was not told, and was charged twice.
    fn charged_twice() -> Session {
        let (service, slot) = (ServiceKind::Payments, Slot::KeyStore);
        let mut run = Run::new(Rc::new(playground()), 3).with(Choice {
            service,
            slot,
            policy: "none".into(),
        });
        let at = Time::from_ms(1_000);
        let pay = node::Action {
            kind: OpKind::Pay,
            key: Key::new(2, 0),
            argument: Value(45),
            payment_key: PaymentKey::Fresh,
            via: None,
        };
        let drop = Command::DropNextReply {
            region: 0,
            customer: Some(0),
        };
        let act = Command::Act {
            customer: 0,
            action: pay,
        };
        run.commands = [drop, act]
            .map(|command| TimedCommand { at, command })
            .to_vec();
        let mut session = Session::with_run(run);
        session.reduce(Action::GoTo(Time::from_ms(20_000)));
        while !session.work(u32::MAX) {}
        session
    }

    #[test]
    fn a_violation_lights_the_facts_that_prove_it_and_what_led_to_them_and_nothing_else() {
        let mut session = charged_twice();
        let id = PropertyId::ExactlyOnce.id();
        let violation = judged::violation(&session, id, 0).expect("charged twice");
        let first = FactId(violation.first.0);
        let witness: Vec<FactId> = violation.witness.iter().map(|it| FactId(it.0.0)).collect();
        session.reduce(Action::GoToViolation {
            first,
            property: id,
            index: 0,
        });
        while !session.work(u32::MAX) {}
        let mut focus = Focus::default();
        assert!(focus.take(&session));
        assert!(focus.is_any() && focus.selected.is_none());
        let trace = session.player.trace();
        for &fact in &witness {
            assert!(focus.is_heart(fact));
            let request = causes(trace, fact)
                .into_iter()
                .find(|&id| {
                    let held = trace.get(id).and_then(Fact::message);
                    held.is_some_and(|(label, _)| label == Label::Request)
                })
                .expect("a charge was asked for");
            assert!(!focus.is_aside(request, FactId::NONE));
        }
        let (other, _) = trace
            .range(FactId(0), first)
            .find(|(_, fact)| {
                fact.kind() == FactKind::MessageSent && fact.host.0 != 0 && fact.peer.0 != 0
            })
            .expect("others talk too");
        assert!(focus.is_aside(other, FactId::NONE));
        assert!(!focus.take(&session), "nothing is new");
        session.reduce(Action::Select(Selection::Nothing));
        assert!(focus.take(&session));
        assert!(!focus.is_aside(other, FactId::NONE));
    }
}
