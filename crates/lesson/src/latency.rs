//! Where the time of an operation went: its critical path, leg by leg.
//!
//! The facts that led to an answer make a chain, cause by cause, from the answer back to
//! the question. Each link of it is either a message under way or time spent in one
//! place: writing to a log, working, waiting to try again. What happened beside the
//! chain, such as confirmations that came later than the last one needed, cost nobody
//! anything and is not in it.

use splitbrain_engine::sim::fact::{Fact, FactId, FactKind, HostId, Label};
use splitbrain_engine::sim::trace::Trace;

/// Links of a chain followed at most.
const LINKS: u32 = 4_000;

/// What an operation waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    /// A message.
    Message {
        /// What it is.
        label: Label,
        /// Who sent it.
        from: HostId,
        /// Who received it.
        to: HostId,
    },
    /// Something in one place: the log, work, or the patience of a customer.
    At(HostId),
    /// Its stamp, which has to have passed by every clock within its bound before a commit.
    Uncertainty(HostId),
}

/// One leg.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leg {
    /// What was waited for.
    pub wait: Wait,
    /// How long, in microseconds.
    pub span_us: u64,
    /// The fact that it begins with.
    pub fact: FactId,
}

/// The legs from an operation's start to this answer, the first one first; their spans
/// sum to how long the customer waited. None for what is no answer, or where the trace
/// does not hold the chain any more.
pub fn legs(trace: &Trace, returned: FactId) -> Option<Vec<Leg>> {
    let answer = trace.get(returned)?;
    if answer.kind() != FactKind::OperationReturned {
        return None;
    }
    let started = FactId(answer.a);
    let mut chain: Vec<(FactId, Fact)> = vec![(returned, *answer)];
    while chain.last()?.0 != started {
        let cause = chain.last()?.1.cause;
        if chain.len() as u32 == LINKS {
            return None;
        }
        chain.push((cause, *trace.get(cause)?));
    }
    let mut legs: Vec<Leg> = Vec::new();
    for pair in chain.windows(2).rev() {
        let [(_, after), (id, before)] = pair else {
            continue;
        };
        let mut left_us = after.at().0.saturating_sub(before.at().0);
        if let Some((label, _)) = before.message()
            && before.kind() == FactKind::MessageSent
            && before.peer == after.host
        {
            let span_us = left_us.min(u64::from(before.a));
            let wait = Wait::Message {
                label,
                from: before.host,
                to: before.peer,
            };
            add(&mut legs, wait, span_us, *id);
            left_us -= span_us;
        }
        let wait = match before.kind() {
            FactKind::CommitHeld => Wait::Uncertainty(after.host),
            _ => Wait::At(after.host),
        };
        add(&mut legs, wait, left_us, *id);
    }
    Some(legs)
}

/// Adds a leg that took any time, to the one before if that is in the same place.
fn add(legs: &mut Vec<Leg>, wait: Wait, span_us: u64, fact: FactId) {
    if span_us == 0 {
        return;
    }
    match legs.last_mut() {
        Some(last) if last.wait == wait && matches!(wait, Wait::At(_)) => last.span_us += span_us,
        _ => legs.push(Leg {
            wait,
            span_us,
            fact,
        }),
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use splitbrain_engine::playground;
    use splitbrain_engine::run::{Player, Run, Target};
    use splitbrain_engine::scenario::{Choice, ServiceKind, Slot};
    use splitbrain_engine::sim::time::Time;

    use super::*;

    fn played(strategy: &str) -> Player {
        let scenario = playground::playground().with(&[Choice {
            service: ServiceKind::Prices,
            slot: Slot::Replication,
            policy: strategy.into(),
        }]);
        let mut player = Player::new(Run::new(Rc::new(scenario), 5));
        player.jump(Target::Time(Time(20_000_000)));
        player
    }

    #[test]
    fn legs_sum_to_what_the_customer_waited() {
        for strategy in [
            "multi_master",
            "single_writer_majority",
            "quorum",
            "consensus",
            "geo_sharded",
        ] {
            let player = played(strategy);
            let trace = player.trace();
            let mut answered = 0;
            for (id, fact) in trace.range(FactId(0), player.end()) {
                if fact.kind() != FactKind::OperationReturned {
                    continue;
                }
                let legs = legs(trace, id).expect("a whole run is held");
                let waited = fact.at().0 - trace.get(FactId(fact.a)).expect("held").at().0;
                assert_eq!(legs.iter().map(|leg| leg.span_us).sum::<u64>(), waited);
                answered += 1;
            }
            assert!(answered > 20, "{strategy}: {answered}");
        }
    }

    #[test]
    fn a_write_to_a_majority_waits_for_one_confirmation() {
        let player = played("single_writer_majority");
        let trace = player.trace();
        let confirmed = trace.range(FactId(0), player.end()).any(|(id, fact)| {
            let is_answer = fact.kind() == FactKind::OperationReturned;
            let legs = is_answer.then(|| legs(trace, id)).flatten();
            let of = |leg: &Leg| match leg.wait {
                Wait::Message { label, .. } => Some(label),
                Wait::At(_) | Wait::Uncertainty(_) => None,
            };
            let labels: Vec<Label> = legs.unwrap_or_default().iter().filter_map(of).collect();
            let confirmation = labels.iter().filter(|&&label| label == Label::LogAck);
            confirmation.count() == 1
        });
        assert!(confirmed);
    }

    #[test]
    fn what_is_no_answer_has_no_legs() {
        let player = played("multi_master");
        assert_eq!(legs(player.trace(), FactId(0)), None);
        assert_eq!(legs(player.trace(), FactId(u32::MAX - 1)), None);
    }
}
