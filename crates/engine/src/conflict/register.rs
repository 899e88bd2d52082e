//! A register: one value, kept or replaced by a conflict rule.
//!
//! A cart can be held in one too; then every addition or removal writes the
//! whole set as this replica sees it.

use super::{Version, Winner};
use crate::crdt::{Change, Object, Superseded, Update};
use crate::replication::change::changed;
use crate::sim::fact::OpKind;
use crate::sim::node::Value;
use crate::view::VersionView;

/// One replica of a register.
#[derive(Clone)]
pub struct Register {
    rule: &'static dyn Winner,
    current: Option<Version>,
    initial: Value,
}

impl std::fmt::Debug for Register {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut text = f.debug_struct("Register");
        text.field("current", &self.current).finish_non_exhaustive()
    }
}

impl Register {
    /// A register under a rule that shows `initial` until it is written.
    pub fn new(rule: &'static dyn Winner, initial: Value) -> Self {
        Self {
            rule,
            current: None,
            initial,
        }
    }
}

impl Object for Register {
    fn prepare(&self, kind: OpKind, argument: Value) -> Change {
        Change::Put(changed(kind, argument, self.value()))
    }

    fn apply(&mut self, update: &Update, superseded: &mut Vec<Superseded>) -> bool {
        let (value, count) = match update.change {
            Change::Put(value) => (value, 0),
            Change::PutAt { value, count } => (value, count),
            _ => return false,
        };
        let incoming = Version {
            value,
            stamp_us: update.stamp_us,
            count,
            dot: update.dot,
            write: update.write,
        };
        if let Some(current) = self.current {
            let replaces = self.rule.replaces(&current, &incoming);
            let (lost, by) = if replaces {
                (current.write, incoming.write)
            } else {
                (incoming.write, current.write)
            };
            superseded.push(Superseded { lost, by });
            if !replaces {
                return false;
            }
        }
        self.current = Some(incoming);
        true
    }

    fn value(&self) -> Value {
        self.current.map_or(self.initial, |version| version.value)
    }

    fn versions(&self, versions: &mut Vec<VersionView>) {
        versions.extend(self.current.iter().map(Version::view));
    }

    fn boxed_clone(&self) -> Box<dyn Object> {
        Box::new(self.clone())
    }
}
