//! What can be asked of a run: the closed set, and the word for each in a lesson.

use splitbrain_engine::sim::fact::{OpKind, Outcome};
use splitbrain_engine::sim::node::{Key, Value};

use super::{Judged, Within};

/// Which of two writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// The earlier one.
    First,
    /// The later one.
    Last,
}

/// Which two writes that do not know of each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair {
    /// Where each was accepted.
    pub regions: [u8; 2],
    /// The time between them, in microseconds.
    pub apart_us: u64,
    /// What they wrote.
    pub wrote: Wrote,
}

/// What two writes said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrote {
    /// It does not matter.
    Anything,
    /// Different values.
    Different,
    /// These, in the order of the regions.
    These([Value; 2]),
    /// These; the first of them was accepted first, was never lost, and is what every region
    /// shows.
    TheseAndFirstStays([Value; 2]),
}

/// What a read has to have returned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// This value.
    Value(Value),
    /// A cart with these items in it, a bit each, whatever else is in.
    Items(u32),
}

/// What can be asked of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Predicate {
    /// Two regions each accepted a write to the key during one cut between them,
    /// neither having the other's.
    WrittenOnBothSides {
        /// Of what.
        key: Key,
        /// Which regions.
        regions: [u8; 2],
    },
    /// Customers were told "saved", and it was not to stay: at least so many times.
    WriteLost {
        /// Of what.
        key: Key,
        /// How many writes.
        at_least: u32,
    },
    /// Each of these regions accepted a write that was acknowledged, they have all
    /// arrived everywhere, and no acknowledged write was ever lost.
    NoWriteLost {
        /// Of what.
        key: Key,
        /// Where writes have to be accepted.
        accepted_in: Vec<u8>,
    },
    /// Something was written, in each of these regions too, every region has all of
    /// it, and all show the same.
    Converged {
        /// Of what.
        key: Key,
        /// Where writes have to be accepted.
        accepted_in: Vec<u8>,
    },
    /// Regions have received the same and show different values.
    Diverged {
        /// Of what.
        key: Key,
    },
    /// Of the last two writes to the key, every region shows this one.
    Survivor {
        /// Of what.
        key: Key,
        /// Which write.
        write: Which,
    },
    /// A region, or every region, shows this value.
    Shows {
        /// Of what.
        key: Key,
        /// Where; everywhere if it is not said.
        region: Option<u8>,
        /// Which value.
        value: Value,
    },
    /// Every region shows the item in the customer's cart.
    CartContains {
        /// Her cart.
        key: Key,
        /// The item's index.
        item: u8,
    },
    /// The item was in the customer's cart, and no region shows it any more.
    CartLacks {
        /// Her cart.
        key: Key,
        /// The item's index.
        item: u8,
        /// The only region that accepted its removal; it does not matter if it is not said.
        removed_in: Option<u8>,
        /// All has arrived everywhere, and nothing that was called saved was ever lost.
        for_good: bool,
    },
    /// The customer put an item in and then took it out, or liked something and then took
    /// that back, and both were saved.
    TookBack {
        /// Her cart, or what she liked.
        key: Key,
        /// Who.
        customer: u16,
        /// The item's index, of a cart.
        item: Option<u8>,
        /// Both during one cut of this link, in which this other customer put it in too; and
        /// nobody has put it in or taken it out since.
        cut: Option<([u8; 2], u16)>,
    },
    /// The customer's latest operation of this kind ended so.
    Told {
        /// Who.
        customer: u16,
        /// What she wanted.
        kind: OpKind,
        /// What she was told.
        outcome: Outcome,
    },
    /// A reply to the customer was lost.
    ReplyLost {
        /// To whom.
        customer: u16,
    },
    /// The customer's app tried again in another region.
    RetriedElsewhere {
        /// Whose.
        customer: u16,
    },
    /// The customer's latest payment charged her card so many times.
    Charged {
        /// Who.
        customer: u16,
        /// How many times.
        times: u32,
    },
    /// The customer paid, and none of her payments ever broke "exactly once".
    ExactlyOnce {
        /// Who.
        customer: u16,
    },
    /// The link was cut, both ways.
    LinkWasCut {
        /// Its ends.
        between: [u8; 2],
    },
    /// The link was cut both ways, and passes again both ways.
    LinkHealed {
        /// Its ends.
        between: [u8; 2],
    },
    /// The judge has something to say of it, and it was never broken.
    PropertyHolds(Judged),
    /// It was broken at some moment.
    PropertyBroken(Judged),
    /// The customer's latest operation of this kind was done, and took so long.
    AnsweredIn {
        /// Who.
        customer: u16,
        /// What she wanted.
        kind: OpKind,
        /// Of what; of anything if it is not said.
        key: Option<Key>,
        /// How long.
        within: Within,
    },
    /// From "saved" until the region had the last acknowledged write it took so long.
    Lag {
        /// Of what.
        key: Key,
        /// Where.
        region: u8,
        /// How long.
        within: Within,
    },
    /// Whenever a write was called saved, so many regions had it in their logs.
    CopiesWhenTold {
        /// Of what.
        key: Key,
        /// How many regions.
        at_least: u32,
    },
    /// Of at least so many reads, such a share returned what had been replaced before
    /// they began.
    StaleReads {
        /// Of what.
        key: Key,
        /// Reads, at least.
        reads: u32,
        /// At least so many in a hundred.
        at_least_percent: u32,
        /// Fewer than so many in a hundred.
        below_percent: u32,
    },
    /// Of the latest answers of all customers, such a share was "done" and came soon.
    MostlyAnsweredIn {
        /// How many answers are looked at.
        latest: u32,
        /// At least so many in a hundred.
        at_least_percent: u32,
        /// Sooner than this, in microseconds.
        below_us: u64,
    },
    /// The region crashed.
    RegionCrashed {
        /// Which.
        region: u8,
    },
    /// A message of a chat had to wait in the region for those that it follows.
    MessageKeptBack {
        /// Which region.
        region: u8,
        /// In this room; in any if it is not said.
        key: Option<Key>,
    },
    /// The region became the writer, or the leader, of a service, and it still is.
    Leads {
        /// The service, by its place.
        service: u8,
        /// Which region.
        region: u8,
    },
    /// While the link was cut, the customer asked for a write and was told "saved".
    SavedDuringCut {
        /// Of what.
        key: Key,
        /// Who.
        customer: u16,
        /// The ends of the link.
        between: [u8; 2],
    },
    /// While the link was cut, the customer asked for a write and was refused.
    RefusedDuringCut {
        /// Of what.
        key: Key,
        /// Who.
        customer: u16,
        /// The least that the region which refused her showed at that moment.
        shown_at_least: u32,
        /// The ends of the link.
        between: [u8; 2],
    },
    /// The customer asked a region for the key before it had what she had been told was
    /// saved, and was answered.
    ReadAhead {
        /// Of what.
        key: Key,
        /// Who.
        customer: u16,
        /// Which region.
        region: u8,
    },
    /// The customer's latest read of the key returned this.
    ReadShows {
        /// Of what.
        key: Key,
        /// Who.
        customer: u16,
        /// What.
        wanted: Wanted,
    },
    /// The scheduled time of a job that was run most often was run so many times.
    RunsOfATime {
        /// At least.
        at_least: u32,
        /// At most.
        at_most: u32,
    },
    /// Another region ran a time that this one had begun and was paused in.
    TakenOver {
        /// From which.
        region: u8,
    },
    /// The region was paused between the beginning of a run and its report.
    StoppedAtWork {
        /// Which.
        region: u8,
    },
    /// A report of the region reached the outside system so long after it had been begun.
    LateReport {
        /// Which.
        region: u8,
        /// How long, in microseconds.
        at_least_us: u64,
    },
    /// A region accepted a write when it had the last one of each of other regions.
    Knew {
        /// Of what.
        key: Key,
        /// Which region.
        region: u8,
        /// Whose writes it had.
        of: Vec<u8>,
        /// So long after those were accepted at most, in microseconds.
        within_us: Option<u64>,
        /// It wrote another value, was never lost, and is what every region shows.
        stays: bool,
    },
    /// Two regions accepted writes that did not know of each other.
    Concurrent {
        /// Of what.
        key: Key,
        /// Which writes.
        pair: Pair,
    },
    /// Two regions accepted these words of a document and nothing else, each in its order,
    /// and no insertion of one knew any of the other.
    TypedApart {
        /// Which document.
        key: Key,
        /// Which regions.
        regions: [u8; 2],
        /// What was typed in each, as a line.
        lines: [Value; 2],
    },
    /// Whoever wrote last had read what all before had written.
    ReadFirst {
        /// Of what.
        key: Key,
    },
    /// The latest writes are these customers', in this order and without reading in between.
    InTurn {
        /// Of what.
        key: Key,
        /// Whose.
        customers: Vec<u16>,
    },
    /// Every region shows so many different values side by side.
    SideBySide {
        /// Of what.
        key: Key,
        /// At least so many.
        at_least: u32,
        /// At most so many.
        at_most: u32,
    },
    /// People had to be asked so often which version is meant, or settled it unasked.
    Questions {
        /// Of what; of anything.
        key: Option<Key>,
        /// At least so often.
        at_least: u32,
        /// At most so often.
        at_most: u32,
        /// Only those count that a region did ask: it may have had no questions left.
        asked_only: bool,
    },
    /// Removals were made, and the region that remembers the most of them remembers so many.
    Tombstones {
        /// Of what.
        key: Key,
        /// At least so many.
        at_least: u32,
        /// At most so many.
        at_most: u32,
    },
    /// The region heard of a removal so long after it was made elsewhere.
    RemovalHeardLate {
        /// Of what.
        key: Key,
        /// Which region.
        region: u8,
        /// The last of this item; of any item if it is not said.
        item: Option<u8>,
        /// How long, in microseconds.
        at_least_us: u64,
    },
    /// A question about the key was asked and settled, and none is open.
    QuestionSettled {
        /// Of what.
        key: Key,
    },
}

impl Predicate {
    /// Every id, in the order of the reference.
    pub const IDS: &'static [&'static str] = &[
        "written_on_both_sides",
        "write_lost",
        "no_write_lost",
        "converged",
        "diverged",
        "survivor",
        "shows",
        "cart_contains",
        "cart_lacks",
        "told",
        "reply_lost",
        "retried_elsewhere",
        "charged",
        "exactly_once",
        "link_was_cut",
        "link_healed",
        "property_holds",
        "property_broken",
        "answered_in",
        "lag",
        "copies_when_told",
        "stale_reads",
        "mostly_answered_in",
        "region_crashed",
        "leads",
        "saved_during_cut",
        "read_ahead",
        "read_shows",
        "runs_of_a_time",
        "taken_over",
        "stopped_at_work",
        "late_report",
        "message_kept_back",
        "knew",
        "concurrent",
        "side_by_side",
        "questions",
        "question_settled",
        "refused_during_cut",
        "tombstones",
        "removal_heard_late",
        "took_back",
        "typed_apart",
        "read_first",
        "in_turn",
    ];

    /// Its stable id: the word after `goal =` in a lesson.
    pub fn id(&self) -> &'static str {
        match self {
            Self::WrittenOnBothSides { .. } => "written_on_both_sides",
            Self::WriteLost { .. } => "write_lost",
            Self::NoWriteLost { .. } => "no_write_lost",
            Self::Converged { .. } => "converged",
            Self::Diverged { .. } => "diverged",
            Self::Survivor { .. } => "survivor",
            Self::Shows { .. } => "shows",
            Self::CartContains { .. } => "cart_contains",
            Self::CartLacks { .. } => "cart_lacks",
            Self::Told { .. } => "told",
            Self::ReplyLost { .. } => "reply_lost",
            Self::RetriedElsewhere { .. } => "retried_elsewhere",
            Self::Charged { .. } => "charged",
            Self::ExactlyOnce { .. } => "exactly_once",
            Self::LinkWasCut { .. } => "link_was_cut",
            Self::LinkHealed { .. } => "link_healed",
            Self::PropertyHolds(_) => "property_holds",
            Self::PropertyBroken(_) => "property_broken",
            Self::AnsweredIn { .. } => "answered_in",
            Self::Lag { .. } => "lag",
            Self::CopiesWhenTold { .. } => "copies_when_told",
            Self::StaleReads { .. } => "stale_reads",
            Self::MostlyAnsweredIn { .. } => "mostly_answered_in",
            Self::RegionCrashed { .. } => "region_crashed",
            Self::Leads { .. } => "leads",
            Self::SavedDuringCut { .. } => "saved_during_cut",
            Self::RefusedDuringCut { .. } => "refused_during_cut",
            Self::ReadAhead { .. } => "read_ahead",
            Self::ReadShows { .. } => "read_shows",
            Self::RunsOfATime { .. } => "runs_of_a_time",
            Self::TakenOver { .. } => "taken_over",
            Self::StoppedAtWork { .. } => "stopped_at_work",
            Self::LateReport { .. } => "late_report",
            Self::MessageKeptBack { .. } => "message_kept_back",
            Self::Knew { .. } => "knew",
            Self::Concurrent { .. } => "concurrent",
            Self::SideBySide { .. } => "side_by_side",
            Self::Questions { .. } => "questions",
            Self::QuestionSettled { .. } => "question_settled",
            Self::Tombstones { .. } => "tombstones",
            Self::RemovalHeardLate { .. } => "removal_heard_late",
            Self::TookBack { .. } => "took_back",
            Self::TypedApart { .. } => "typed_apart",
            Self::ReadFirst { .. } => "read_first",
            Self::InTurn { .. } => "in_turn",
        }
    }
}
