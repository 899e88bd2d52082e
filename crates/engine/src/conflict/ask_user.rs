//! Ask the user: versions that conflict become a question to whoever keeps the shop.
//!
//! # What it does
//! Versions are kept side by side and told apart by dotted version vectors. When two with
//! different values meet, the region of the first of them by name asks: the question
//! stands in its queue until somebody settles the key, there or elsewhere. Meanwhile
//! everybody is shown the version with the largest stamp, and whoever writes after reading
//! replaces that one only. A region may ask only so many questions in a run; of what meets
//! after that nobody is told, and it stays as it is until somebody settles it all the same.
//!
//! # Guarantees
//! No acknowledged write goes before somebody who was shown it decides so, and all regions
//! end up with the same versions.
//!
//! # Gives up
//! An answer at once. Until it comes, what is shown is a guess, and customers who read
//! meanwhile act on it. Regions that cannot reach each other may ask the same twice.
//!
//! # Cost
//! Somebody's time for every conflict; a dot and a vector a version. Answers without
//! asking another region.
//!
//! # Source
//! Terry et al., "Managing update conflicts in Bayou", 1995, section 4.3, on conflicts
//! that are left to people.

use std::rc::Rc;

use super::siblings::{self, Sibling, Siblings};
use super::siblings_by_dotted_version_vector::ByDots;
use super::{ConflictRule, Decision, ONE_REGISTER, Questions, ReadContext};
use crate::crdt::{Change, Object, Superseded, Update};
use crate::design::{ServiceKind, Slot};
use crate::policy::{Cost, Info, Property, Soundness};
use crate::sim::fact::{FactId, FactKind, HostId, OpKind};
use crate::sim::node::{Context, Key, Value};
use crate::view::{Beside, VersionView};

/// What the catalogue says of it.
pub const INFO: Info = Info {
    id: "ask_user",
    keeps: &[
        Property::AcknowledgedWrites,
        Property::Convergence,
        Property::LostUpdate,
    ],
    gives_up: &[],
    soundness: Soundness::Sound,
    costs: &[
        Cost::AnswersLocally,
        Cost::VectorPerVersion,
        Cost::SomebodyHasToLook,
    ],
    sources: &["Terry et al., Managing update conflicts in Bayou, 1995"],
};

/// The rule.
#[derive(Debug)]
pub struct AskUser;

impl ConflictRule for AskUser {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn decides_by(&self) -> Decision {
        Decision::WhatWasRead
    }

    fn serves(&self, kind: ServiceKind) -> bool {
        ONE_REGISTER.contains(&kind)
    }

    fn slots(&self) -> &'static [Slot] {
        &[Slot::Contexts, Slot::Questions]
    }

    fn empty_object(&self, initial: Value, _region: u8) -> Box<dyn Object> {
        Box::new(Asked {
            siblings: Siblings::new(&ByDots, initial),
            state: Stand::Settled,
        })
    }
}

/// How a region stands to a key's conflict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stand {
    /// There is none, or another region asks.
    Settled,
    /// It has asked: the question.
    Asked(FactId),
    /// It would have asked, had it any questions left.
    Silent,
}

/// One replica of a register.
#[derive(Clone, Debug)]
struct Asked {
    siblings: Siblings,
    state: Stand,
}

impl Asked {
    /// The version with the largest stamp.
    fn latest(&self) -> Option<&Sibling> {
        let held = self.siblings.held().iter();
        held.max_by_key(|held| (held.version.stamp_us, held.version.dot))
    }

    /// The first by name of the versions that conflict, and one whose value differs.
    fn conflict(&self) -> Option<(&Sibling, &Sibling)> {
        let held = self.siblings.held();
        let first = held.iter().min_by_key(|held| held.version.dot)?;
        let differs = |other: &&Sibling| other.version.value != first.version.value;
        Some((first, held.iter().find(differs)?))
    }
}

impl Object for Asked {
    fn prepare(&self, kind: OpKind, argument: Value) -> Change {
        self.siblings.prepare(kind, argument)
    }

    fn prepare_after(
        &self,
        kind: OpKind,
        argument: Value,
        read: Option<&Rc<ReadContext>>,
    ) -> Change {
        self.siblings.prepare_after(kind, argument, read)
    }

    fn apply(&mut self, update: &Update, superseded: &mut Vec<Superseded>) -> bool {
        self.siblings.apply(update, superseded)
    }

    fn value(&self) -> Value {
        let latest = self.latest();
        latest.map_or(self.siblings.initial(), |latest| latest.version.value)
    }

    fn context(&self) -> Option<ReadContext> {
        // Who reads sees the latest only, and has not read what stands beside it.
        let told = self.latest().map_or(&[][..], std::slice::from_ref);
        Some(siblings::context(&ByDots, told))
    }

    fn record_context(
        &self,
        cx: &mut Context<'_>,
        write: FactId,
        customer: HostId,
        key: Key,
        change: &Change,
    ) {
        self.siblings
            .record_context(cx, write, customer, key, change);
    }

    fn record_apply(
        &mut self,
        cx: &mut Context<'_>,
        applied: FactId,
        update: &Update,
        questions: &mut Questions,
    ) {
        self.siblings.record_apply(cx, applied, update, questions);
        let here = cx.me.host();
        let Some((first, other)) = self.conflict() else {
            if let Stand::Asked(question) = self.state {
                let subjects = [update.write.0, update.key.0, question.0];
                let kind = FactKind::QuestionAnswered;
                cx.record_because(applied, kind, 0, here, subjects);
            }
            self.state = Stand::Settled;
            return;
        };
        let is_asker = HostId(u16::from(first.version.dot.origin)) == here;
        if self.state != Stand::Settled || !is_asker {
            return;
        }
        let subjects = [first.version.write.0, other.version.write.0, update.key.0];
        let host = HostId(u16::from(other.version.dot.origin));
        if questions.asked < questions.most {
            questions.asked += 1;
            let kind = FactKind::QuestionAsked;
            let question = cx.record_because(applied, kind, 0, host, subjects);
            self.state = Stand::Asked(question);
        } else {
            let kind = FactKind::QuestionNotAsked;
            cx.record_because(applied, kind, 0, host, subjects);
            self.state = Stand::Silent;
        }
    }

    fn question(&self) -> Option<FactId> {
        match self.state {
            Stand::Asked(question) => Some(question),
            Stand::Settled | Stand::Silent => None,
        }
    }

    fn versions(&self, versions: &mut Vec<VersionView>) {
        self.siblings.versions(versions);
    }

    fn beside(&self) -> Beside {
        self.siblings.beside()
    }

    fn boxed_clone(&self) -> Box<dyn Object> {
        Box::new(self.clone())
    }
}
