//! Versions of a register that are kept side by side until a customer who has read them
//! all replaces them.
//!
//! A read gives out a context with the value: which versions it returned. Her app sends
//! it along with the customer's next write of the key. What a write replaces is for the
//! [`Causality`] of the rule to say; it is all that the rules differ in.
//!
//! A write without a context replaces nothing that its customer is known to have read.
//!
//! Source: Parker et al., "Detection of mutual inconsistency in distributed systems", 1983;
//! `DeCandia` et al., "Dynamo: Amazon's highly available key-value store", 2007, section 4.4.

use std::rc::Rc;

use super::shown::{self, Shown};
use super::{ConflictRule, Decision, ONE_REGISTER, Questions, ReadContext, Version};
use crate::crdt::{Change, DotContext, Object, Superseded, Update};
use crate::design::{ServiceKind, Slot};
use crate::policy::Info;
use crate::sim::fact::{FactId, FactKind, HostId, OpKind};
use crate::sim::node::{Context, Key, Value};
use crate::view::{Beside, VersionView};

/// A version with what its writer had read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sibling {
    /// The version.
    pub version: Version,
    /// The context that came with it.
    pub past: Rc<ReadContext>,
}

/// A rule that keeps versions side by side.
#[derive(Debug)]
pub struct SiblingsRule {
    /// What the catalogue says of it.
    pub info: &'static Info,
    /// How it tells which versions a write replaces.
    pub causality: &'static dyn Causality,
}

impl ConflictRule for SiblingsRule {
    fn info(&self) -> &'static Info {
        self.info
    }

    fn decides_by(&self) -> Decision {
        Decision::WhatWasRead
    }

    fn serves(&self, kind: ServiceKind) -> bool {
        ONE_REGISTER.contains(&kind)
    }

    fn slots(&self) -> &'static [Slot] {
        &[Slot::Contexts]
    }

    fn keeps_siblings(&self) -> bool {
        true
    }

    fn empty_object(&self, initial: Value, _region: u8) -> Box<dyn Object> {
        Box::new(Siblings::new(self.causality, initial))
    }
}

/// How a rule tells which versions a write replaces.
pub trait Causality: std::fmt::Debug + Sync {
    /// Whether a version replaces another.
    fn replaces(&self, newer: &Sibling, older: &Sibling) -> bool;

    /// The context of all of these.
    fn context(&self, siblings: &[Sibling]) -> DotContext;

    /// What of a context that was given back counts where these are held.
    fn counts(&self, _held: &[Sibling], read: Rc<ReadContext>) -> Rc<ReadContext> {
        read
    }
}

/// What whoever is told these versions gives back.
pub(super) fn context(causality: &dyn Causality, told: &[Sibling]) -> ReadContext {
    ReadContext {
        is_given: true,
        dots: causality.context(told),
        writes: told.iter().map(|held| held.version.write).collect(),
    }
}

/// One replica of a register that keeps siblings.
#[derive(Clone)]
pub struct Siblings {
    causality: &'static dyn Causality,
    /// None of them replaces another. In the order of their arrival.
    held: Vec<Sibling>,
    initial: Value,
}

impl std::fmt::Debug for Siblings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut text = f.debug_struct("Siblings");
        text.field("held", &self.held).finish_non_exhaustive()
    }
}

impl Siblings {
    /// A register that shows `initial` until it is written.
    pub fn new(causality: &'static dyn Causality, initial: Value) -> Self {
        Self {
            causality,
            held: Vec::new(),
            initial,
        }
    }

    /// The versions that stand side by side, in the order of their arrival.
    pub fn held(&self) -> &[Sibling] {
        &self.held
    }

    /// What is shown before anything was written.
    pub fn initial(&self) -> Value {
        self.initial
    }
}

impl Object for Siblings {
    fn prepare(&self, kind: OpKind, argument: Value) -> Change {
        self.prepare_after(kind, argument, None)
    }

    fn prepare_after(
        &self,
        kind: OpKind,
        argument: Value,
        read: Option<&Rc<ReadContext>>,
    ) -> Change {
        let past = if kind == OpKind::Resolve {
            // Whoever settles it was shown all that is here.
            let mut past = context(self.causality, &self.held);
            if let Some(read) = read {
                past.merge(read);
            }
            Rc::new(past)
        } else {
            let read = read.cloned().unwrap_or_default();
            self.causality.counts(&self.held, read)
        };
        let value = Value(argument.0.min(shown::MOST));
        Change::PutAfter { value, past }
    }

    fn apply(&mut self, update: &Update, superseded: &mut Vec<Superseded>) -> bool {
        let Change::PutAfter { value, past } = &update.change else {
            return false;
        };
        let version = Version {
            value: *value,
            stamp_us: update.stamp_us,
            count: 0,
            dot: update.dot,
            write: update.write,
        };
        let incoming = Sibling {
            version,
            past: Rc::clone(past),
        };
        let causality = self.causality;
        // What replaced it may have arrived first; whatever replaced that one covers it too.
        let newer = { self.held.iter() }.find(|held| causality.replaces(held, &incoming));
        if let Some(newer) = newer {
            superseded.push(Superseded {
                lost: update.write,
                by: newer.version.write,
            });
            return false;
        }
        self.held.retain(|held| {
            let is_replaced = causality.replaces(&incoming, held);
            if is_replaced {
                superseded.push(Superseded {
                    lost: held.version.write,
                    by: update.write,
                });
            }
            !is_replaced
        });
        self.held.push(incoming);
        true
    }

    fn value(&self) -> Value {
        let numbers = self.held.iter().map(|held| held.version.value.0);
        Shown::of(numbers, self.initial).value()
    }

    fn context(&self) -> Option<ReadContext> {
        Some(context(self.causality, &self.held))
    }

    fn record_context(
        &self,
        cx: &mut Context<'_>,
        write: FactId,
        customer: HostId,
        key: Key,
        change: &Change,
    ) {
        if let Change::PutAfter { past, .. } = change {
            past.record(cx, write, customer, key);
        }
    }

    fn record_apply(
        &mut self,
        cx: &mut Context<'_>,
        applied: FactId,
        update: &Update,
        _questions: &mut Questions,
    ) {
        let count = u8::try_from(self.held.len()).unwrap_or(u8::MAX);
        let is_held = |held: &Sibling| held.version.write == update.write;
        if !self.held.iter().any(is_held) {
            return;
        }
        let host = HostId(u16::from(update.dot.origin));
        for beside in self.held.iter().filter(|held| !is_held(held)) {
            let subjects = [update.write.0, beside.version.write.0, update.key.0];
            cx.record_because(applied, FactKind::SiblingKept, count, host, subjects);
        }
    }

    fn versions(&self, versions: &mut Vec<VersionView>) {
        versions.extend(self.held.iter().map(|held| held.version.view()));
    }

    fn beside(&self) -> Beside {
        let pasts = self.held.iter().map(|held| held.past.dots.clone());
        Beside::Pasts(pasts.collect())
    }

    fn boxed_clone(&self) -> Box<dyn Object> {
        Box::new(self.clone())
    }
}
