//! A replica of any type, so that one code of the laws serves all.

use std::any::Any;
use std::fmt::Debug;
use std::rc::Rc;

use crate::crdt::replicated::{Act, Content, Part, Replicated, Writer};
use crate::crdt::{Dot, DotContext};

/// An update of any type, and its size on the wire in bytes.
#[derive(Clone)]
pub struct Operation {
    update: Rc<dyn Any>,
    /// In bytes.
    pub bytes: u32,
}

impl Debug for Operation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Operation of {} bytes", self.bytes)
    }
}

/// [`Replicated`], of no type in particular. A replica meets only those of its own type.
pub trait Replica: Debug {
    /// [`Replicated::prepare`].
    fn prepare(&self, writer: Writer, act: Act) -> Option<Operation>;

    /// [`Replicated::prepare_after`].
    fn prepare_after(&self, writer: Writer, act: Act, read: &DotContext) -> Option<Operation>;

    /// [`Replicated::told`].
    fn told(&self) -> Option<DotContext>;

    /// [`Replicated::apply`].
    fn apply(&mut self, operation: &Operation);

    /// [`Replicated::merge`].
    fn merge(&mut self, other: &dyn Replica);

    /// [`Replicated::delta`].
    fn delta(&self, operation: &Operation) -> Box<dyn Replica>;

    /// Whether two states are equal.
    fn is_same(&self, other: &dyn Replica) -> bool;

    /// [`Replicated::value`].
    fn value(&self) -> Content;

    /// [`Replicated::state`].
    fn state(&self) -> Vec<Part>;

    /// [`Replicated::bytes`].
    fn bytes(&self) -> u32;

    /// [`Replicated::tombstones`].
    fn tombstones(&self) -> Vec<Dot>;

    /// [`Replicated::forget`].
    fn forget(&mut self, removal: Dot);

    /// A copy.
    fn boxed_clone(&self) -> Box<dyn Replica>;

    /// Itself, to find its type again.
    fn as_any(&self) -> &dyn Any;
}

impl Clone for Box<dyn Replica> {
    fn clone(&self) -> Self {
        self.as_ref().boxed_clone()
    }
}

fn operation<T: Replicated>(update: T::Update) -> Operation
where
    T::Update: 'static,
{
    Operation {
        bytes: T::update_bytes(&update),
        update: Rc::new(update),
    }
}

fn update_of<T: Replicated + 'static>(operation: &Operation) -> &T::Update
where
    T::Update: 'static,
{
    let update = operation.update.downcast_ref();
    update.expect("an operation is applied to replicas of its type only")
}

fn state_of<T: Replicated + 'static>(replica: &dyn Replica) -> &T {
    let state = replica.as_any().downcast_ref();
    state.expect("a replica is merged with those of its type only")
}

impl<T: Replicated + 'static> Replica for T
where
    T::Update: 'static,
{
    fn prepare(&self, writer: Writer, act: Act) -> Option<Operation> {
        Replicated::prepare(self, writer, act).map(operation::<T>)
    }

    fn prepare_after(&self, writer: Writer, act: Act, read: &DotContext) -> Option<Operation> {
        Replicated::prepare_after(self, writer, act, read).map(operation::<T>)
    }

    fn told(&self) -> Option<DotContext> {
        Replicated::told(self)
    }

    fn apply(&mut self, operation: &Operation) {
        Replicated::apply(self, update_of::<T>(operation));
    }

    fn merge(&mut self, other: &dyn Replica) {
        Replicated::merge(self, state_of::<T>(other));
    }

    fn delta(&self, operation: &Operation) -> Box<dyn Replica> {
        Box::new(Replicated::delta(self, update_of::<T>(operation)))
    }

    fn is_same(&self, other: &dyn Replica) -> bool {
        self == state_of::<T>(other)
    }

    fn value(&self) -> Content {
        Replicated::value(self)
    }

    fn state(&self) -> Vec<Part> {
        Replicated::state(self)
    }

    fn bytes(&self) -> u32 {
        Replicated::bytes(self)
    }

    fn tombstones(&self) -> Vec<Dot> {
        Replicated::tombstones(self)
    }

    fn forget(&mut self, removal: Dot) {
        Replicated::forget(self, removal);
    }

    fn boxed_clone(&self) -> Box<dyn Replica> {
        Box::new(self.clone())
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// Two replicas merged, neither changed.
#[must_use]
pub fn joined(left: &dyn Replica, right: &dyn Replica) -> Box<dyn Replica> {
    let mut joined = left.boxed_clone();
    joined.merge(right);
    joined
}
