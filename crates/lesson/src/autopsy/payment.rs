//! The charges of one payment, and which regions took it for a new one.

use splitbrain_engine::sim::fact::{Fact, FactId, FactKind, Label};
use splitbrain_engine::sim::node::Value;

use super::Moment;

/// A charge at the payment gateway.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Charge {
    /// When.
    pub moment: Moment,
    /// The region that asked for it.
    pub region: u8,
    /// How much.
    pub amount: Value,
}

/// What is known of one payment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Payment {
    /// Its charges, in order.
    pub charges: Vec<Charge>,
    /// The regions that took it for a new one and noted its key, and when.
    pub noted: Vec<(u8, Moment)>,
    /// Each attempt of the customer's app: the region asked, and when.
    pub attempts: Vec<(u8, Moment)>,
    /// Replies to the customer that did not arrive.
    pub replies_lost: Vec<Moment>,
    /// When somebody recognised a repetition.
    pub recognised: Vec<Moment>,
}

impl Payment {
    /// Takes in a fact of the operation `op`.
    pub(super) fn feed(&mut self, op: FactId, id: FactId, fact: &Fact) {
        let moment = Moment {
            fact: id,
            at: fact.at(),
        };
        match fact.kind() {
            FactKind::ChargeMade if fact.a == op.0 => self.charges.push(Charge {
                moment,
                region: fact.peer.0 as u8,
                amount: Value(fact.b),
            }),
            FactKind::KeyMarkedInFlight if fact.a == op.0 => {
                self.noted.push((fact.host.0 as u8, moment));
            }
            FactKind::AttemptStarted if fact.a == op.0 => {
                self.attempts.push((fact.peer.0 as u8, moment));
            }
            FactKind::DuplicateSuppressed if fact.a == op.0 => self.recognised.push(moment),
            FactKind::MessageSent if fact.b == op.0 => {
                if let Some((Label::Reply, fate)) = fact.message()
                    && !fate.arrives()
                {
                    self.replies_lost.push(moment);
                }
            }
            _ => {}
        }
    }
}
