//! Facts: what happened, as records small enough to keep millions of them.
//!
//! A fact is 32 bytes and `Copy`. It knows where it happened, when (true time; the
//! local readings follow from the clock history), which fact led to it, and up
//! to three typed subjects. Text is made elsewhere, and only when somebody
//! reads it.

mod kinds;

pub use kinds::{FactKind, Fate, Label, MoveRefusal, OpKind, Outcome};

use super::time::Time;

/// The place of a fact in its trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FactId(pub u32);

impl FactId {
    /// No fact.
    pub const NONE: Self = Self(u32::MAX);

    /// Whether it names a fact.
    pub fn is_some(self) -> bool {
        self != Self::NONE
    }
}

/// A host by its number: regions first, then the gateway, then customers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HostId(pub u16);

/// One thing that happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fact {
    at_kind_flag: u64,
    /// The event in whose course it happened, counted from the start of the run.
    pub event: u32,
    /// The fact that led to it, or [`FactId::NONE`].
    pub cause: FactId,
    /// Where it happened.
    pub host: HostId,
    /// The other party; see [`FactKind`].
    pub peer: HostId,
    /// First subject; see [`FactKind`].
    pub a: u32,
    /// Second subject.
    pub b: u32,
    /// Third subject.
    pub c: u32,
}

/// What a protocol says happened; the world adds time, event and place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Draft {
    /// What kind of thing.
    pub kind: FactKind,
    /// Detail; see [`FactKind`].
    pub flag: u8,
    /// The other party.
    pub peer: HostId,
    /// The subjects.
    pub subjects: [u32; 3],
}

impl Fact {
    /// Puts a fact together.
    pub fn new(draft: Draft, at: Time, event: u32, cause: FactId, host: HostId) -> Self {
        let [a, b, c] = draft.subjects;
        Self {
            at_kind_flag: at.0 << 16 | (draft.kind as u64) << 8 | draft.flag as u64,
            event,
            cause,
            host,
            peer: draft.peer,
            a,
            b,
            c,
        }
    }

    /// When it happened, in true time.
    pub fn at(&self) -> Time {
        Time(self.at_kind_flag >> 16)
    }

    /// What kind of thing happened.
    pub fn kind(&self) -> FactKind {
        // Facts are made from a kind only, so the number is always known.
        FactKind::from_number((self.at_kind_flag >> 8) as u8).unwrap_or(FactKind::CommandGiven)
    }

    /// The detail; see [`FactKind`].
    pub fn flag(&self) -> u8 {
        self.at_kind_flag as u8
    }

    /// For [`FactKind::OperationStarted`] and [`FactKind::WriteAccepted`]: what was wanted.
    pub fn op_kind(&self) -> Option<OpKind> {
        OpKind::from_number(self.flag())
    }

    /// For [`FactKind::OperationReturned`]: how it ended.
    pub fn outcome(&self) -> Option<Outcome> {
        Outcome::from_number(self.flag())
    }

    /// For [`FactKind::MessageSent`]: what it is and what becomes of it; none for others.
    pub fn message(&self) -> Option<(Label, Fate)> {
        if self.kind() != FactKind::MessageSent {
            return None;
        }
        let flag = self.flag();
        let label = Label::from_number(flag >> 4 | (flag & 8) << 1)?;
        Some((label, Fate::from_number(flag & 7)?))
    }

    /// The flag of a message fact: the low four bits of the label, its fifth, and three
    /// bits of fate.
    pub fn message_flag(label: Label, fate: Fate) -> u8 {
        (label as u8) << 4 | (label as u8 >> 4) << 3 | fate as u8
    }

    /// For [`FactKind::MessageSent`]: when it arrives, or would have.
    pub fn arrives_at(&self) -> Time {
        self.at().after(u64::from(self.a))
    }

    /// Flag of elections: what is numbered is a leader's term, and not a writer's epoch.
    pub const OF_A_TERM: u8 = 1;
    /// Flag bit of [`FactKind::SteppedDown`]: so that another may lead that asked for it.
    pub const HANDED_OVER: u8 = 2;

    /// Flag of [`FactKind::ClockStepped`]: set by the time service, and not by hand.
    pub const SET_BY_SERVICE: u8 = 1;
    /// The same: it runs faster or slower from now on, or no longer does.
    pub const SLEWED: u8 = 2;

    /// For [`FactKind::ClockStepped`]: the new offset in microseconds.
    pub fn clock_offset_us(&self) -> i64 {
        (u64::from(self.a) | u64::from(self.b) << 32) as i64
    }

    /// The four words that a digest covers, in a defined order.
    pub fn words(&self) -> [u64; 4] {
        let pair = |low: u32, high: u32| u64::from(low) | u64::from(high) << 32;
        [
            self.at_kind_flag,
            pair(self.event, self.cause.0),
            pair(
                u32::from(self.host.0) | u32::from(self.peer.0) << 16,
                self.a,
            ),
            pair(self.b, self.c),
        ]
    }
}

/// A digest of all facts so far: equal traces, equal digests, on every target.
///
/// Each word is rotated, added and multiplied in (the step of `FxHash`), and the
/// whole is mixed when read. It tells runs apart; it is no defence against
/// somebody who looks for a collision.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Digest(u64);

impl Digest {
    /// Covers one more fact.
    pub fn cover(&mut self, fact: &Fact) {
        for word in fact.words() {
            self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x517C_C1B7_2722_0A95);
        }
    }

    /// The digest of what was covered so far.
    pub fn value(self) -> u64 {
        super::dice::mix(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fact_is_at_most_32_bytes() {
        assert_eq!(size_of::<Fact>(), 32);
    }

    #[test]
    fn a_fact_gives_back_what_was_put_in() {
        let draft = Draft {
            kind: FactKind::MessageSent,
            flag: Fact::message_flag(Label::ForwardResult, Fate::Duplicated),
            peer: HostId(3),
            subjects: [250, 1, 2],
        };
        let fact = Fact::new(draft, Time::MAX, 7, FactId(6), HostId(2));
        assert_eq!(fact.at(), Time::MAX);
        assert_eq!(fact.kind(), FactKind::MessageSent);
        assert_eq!(
            fact.message(),
            Some((Label::ForwardResult, Fate::Duplicated))
        );
    }
}
