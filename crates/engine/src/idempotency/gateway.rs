//! The payment gateway: an outside party that charges a card.
//!
//! It never crashes and is equally near to every region. Given a key it has seen
//! it repeats its first answer; given none it charges. It sees what the region
//! sends, nothing of customers or intents.

use std::any::Any;

use splitbrain_sorted::Map;

use crate::sim::dice::Purpose;
use crate::sim::fact::{FactId, FactKind, Label};
use crate::sim::node::{Addr, Body, Context, Node, Payload, Timer, Value};

/// A region asks for a charge.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Charge {
    /// The operation it is for: for the trace only, the gateway ignores it.
    pub(crate) op: FactId,
    pub(crate) amount: Value,
    pub(crate) key: Option<u64>,
    /// The region's own number, to recognise the answer.
    pub(crate) ticket: u64,
}

/// The gateway's answer: the card has been charged.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Charged {
    pub(crate) ticket: u64,
}

macro_rules! payload {
    ($message:ty, $bytes:literal) => {
        impl Payload for $message {
            fn bytes(&self) -> u32 {
                $bytes
            }

            fn as_any(&self) -> &dyn Any {
                self
            }
        }
    };
}
payload!(Charge, 32);
payload!(Charged, 8);

/// The gateway's state machine.
#[derive(Clone, Debug, Default)]
pub struct Gateway {
    /// Work at hand, by timer.
    jobs: Map<u32, (Addr, Charge, FactId)>,
    /// Keys seen, with the fact of the charge.
    charged: Map<u64, FactId>,
    least_us: u64,
    spread_us: u32,
}

impl Gateway {
    /// A gateway that works at least this long on a charge, and at most `spread_us` longer.
    pub fn new(least_us: u64, spread_us: u32) -> Self {
        Self {
            least_us,
            spread_us,
            ..Self::default()
        }
    }
}

impl Node for Gateway {
    fn on_message(&mut self, cx: &mut Context<'_>, from: Addr, message: &dyn Payload) {
        let Some(charge) = message.as_any().downcast_ref::<Charge>() else {
            return;
        };
        let mut tick = cx.identity as u32;
        while self.jobs.contains_key(&tick) {
            tick = tick.wrapping_add(1);
        }
        let extra_us = cx
            .dice
            .below(Purpose::Processing, cx.identity, self.spread_us);
        self.jobs.insert(tick, (from, *charge, cx.cause));
        let timer = Timer { kind: 0, tick };
        cx.set_timer(self.least_us + u64::from(extra_us), timer, cx.cause);
    }

    fn on_timer(&mut self, cx: &mut Context<'_>, timer: Timer) {
        let Some((from, charge, cause)) = self.jobs.remove(&timer.tick) else {
            return;
        };
        let seen = charge.key.and_then(|key| self.charged.get(&key).copied());
        let fact = if let Some(first) = seen {
            let subjects = [charge.op.0, first.0, 0];
            cx.record_because(
                cause,
                FactKind::DuplicateSuppressed,
                0,
                from.host(),
                subjects,
            )
        } else {
            let subjects = [charge.op.0, charge.amount.0, 0];
            let made = cx.record_because(cause, FactKind::ChargeMade, 0, from.host(), subjects);
            if let Some(key) = charge.key {
                self.charged.insert(key, made);
            }
            made
        };
        let answer = Body::protocol(Charged {
            ticket: charge.ticket,
        });
        cx.send(from, Label::ChargeResult, answer, fact, charge.op);
    }

    fn boxed_clone(&self) -> Box<dyn Node> {
        Box::new(self.clone())
    }
}
