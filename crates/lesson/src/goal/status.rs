//! How a goal stands, and what it says while it is not met.

use splitbrain_checker::PropertyId;
use splitbrain_engine::sim::fact::{FactId, OpKind, Outcome};
use splitbrain_engine::sim::node::{Key, Value};

use super::breach::Breach;

/// How a goal stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    /// It is met.
    Met {
        /// Since this fact.
        since: FactId,
    },
    /// Something has to be done, or went wrong.
    NotMet(Reason),
    /// Not yet: what is under way decides it.
    Open(Reason),
}

impl Status {
    /// Whether it is met.
    pub fn is_met(&self) -> bool {
        matches!(self, Self::Met { .. })
    }

    /// Its stable id.
    pub fn id(&self) -> &'static str {
        match self {
            Self::Met { .. } => "met",
            Self::NotMet(_) => "not_met",
            Self::Open(_) => "open",
        }
    }

    /// Why it is not met.
    pub fn reason(&self) -> Option<&Reason> {
        match self {
            Self::Met { .. } => None,
            Self::NotMet(reason) | Self::Open(reason) => Some(reason),
        }
    }
}

/// Why a goal is not met: an id for the catalogues of words, and actual values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// Stable id, one of [`Reason::IDS`].
    pub id: &'static str,
    /// The actual values, by kind; each kind stands at most twice, in order.
    pub args: Vec<Arg>,
    /// The fact to look at.
    pub first_fact: Option<FactId>,
    /// What the judge found, where it is the judge who says so.
    pub breach: Option<Box<Breach>>,
}

/// A value in a reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arg {
    /// A region, by its place.
    Region(u8),
    /// A customer, by her place.
    Customer(u16),
    /// A key.
    Key(Key),
    /// What a key holds.
    Value(Key, Value),
    /// An item's index.
    Item(u8),
    /// What was wanted.
    Kind(OpKind),
    /// What was told.
    Outcome(Outcome),
    /// How many.
    Count(u32),
    /// How long, in microseconds.
    Span(u64),
    /// What is judged.
    Property(PropertyId),
}

impl Reason {
    /// Every id, with the arguments that come with it.
    pub const IDS: &'static [(&'static str, &'static str)] = &[
        ("not_cut", "Region, Region"),
        ("still_cut", "Region, Region"),
        ("not_written_during_cut", "Region, Key"),
        ("had_the_other", "Region, Key"),
        ("not_written", "Key"),
        ("not_written_in", "Region, Key"),
        ("nothing_lost", "Key, Count"),
        ("decided_after_exchange", "Key"),
        ("was_lost", "Customer, Value or Item"),
        ("not_everywhere", "Region, Key"),
        ("not_diverged", "Key"),
        ("diverges", "Region, Value, Region, Value"),
        ("shows_otherwise", "Region, Value"),
        ("cart_lacks", "Region, Item"),
        ("cart_contains", "Region, Item"),
        ("was_never_in", "Item"),
        ("not_asked", "Customer, Kind"),
        ("not_answered", "Customer, Kind"),
        ("told_otherwise", "Customer, Kind, Outcome"),
        ("no_reply_lost", "Customer"),
        ("not_retried_elsewhere", "Customer"),
        ("charged_times", "Customer, Count"),
        ("charged_twice", "Customer, Count"),
        ("charged_though_failed", "Customer, Count"),
        ("never_charged", "Customer, Count"),
        ("nothing_to_judge", "Property, or with a Customer"),
        ("not_judged_yet", "Property, or with a Customer"),
        ("still_kept", "Property, or with a Customer"),
        ("violated", "Property, or with a Customer"),
        ("answered_after", "Customer, Kind, Span"),
        ("not_acknowledged", "Key"),
        ("visible_after", "Region, Span"),
        ("copies_when_told", "Customer, Count"),
        ("too_few_reads", "Count, Count"),
        ("stale_were", "Count, Count"),
        ("too_few_answers", "Count, Count"),
        ("answered_soon", "Count, Count, Span"),
        ("not_crashed", "Region"),
        ("not_kept_back", "Region"),
        ("not_promoted", "Region"),
        ("another_leads", "Region, Region"),
        ("leads_no_more", "Region"),
        ("not_saved_during_cut", "Customer, Key"),
        ("not_refused_during_cut", "Customer, Key"),
        ("no_removal", "Key"),
        ("tombstones_are", "Region, Count"),
        ("removal_not_heard", "Region"),
        ("removal_heard_sooner", "Region, Span"),
        ("not_read_ahead", "Customer, Region, Key"),
        ("read_otherwise", "Customer, Value"),
        ("no_runs", ""),
        ("runs_were", "Count, Count"),
        ("not_taken_over", "Region"),
        ("not_stopped_at_work", "Region"),
        ("report_took", "Region, Span"),
        ("no_report", "Region"),
        ("not_accepted_in", "Region, Key"),
        ("did_not_know", "Region, Region, Key"),
        ("knew_after", "Span"),
        ("side_by_side_are", "Region, Count, Key"),
        ("questions_were", "Count"),
        ("question_open", "Region, Key"),
        ("no_question", "Key"),
        ("less_apart", "Span"),
        ("knew_each_other", "Key"),
        ("not_accepted_value", "Region, Value"),
        ("was_first", "Region, Value"),
        ("same_value", "Key"),
        ("typed_otherwise", "Region, Value"),
        ("nobody_read_first", "Key"),
        ("not_in_turn", "Key"),
        ("read_in_between", "Customer, Key"),
        ("removed_elsewhere", "Region, Item"),
        ("not_removed_in", "Region, Item"),
        ("not_taken_out", "Customer, Item"),
        ("not_taken_back", "Customer, Key"),
        ("changed_since", "Customer, Key"),
        ("refused_showing", "Customer, Value"),
        ("lab_unanswered", ""),
        ("lab_keeps_law", ""),
        ("lab_longer", "Count, Count"),
        ("lab_named_otherwise", "Count, Count"),
        ("lab_keeps_another", ""),
        ("lab_rule_breaks", "Count"),
    ];

    pub(crate) fn new(id: &'static str, args: &[Arg]) -> Self {
        Self {
            id,
            args: args.to_vec(),
            first_fact: None,
            breach: None,
        }
    }

    pub(crate) fn with(mut self, breach: Breach) -> Self {
        self.breach = Some(Box::new(breach));
        self
    }

    pub(crate) fn at(mut self, fact: FactId) -> Self {
        self.first_fact = fact.is_some().then_some(fact);
        self
    }

    pub(crate) fn not_met(self) -> Status {
        Status::NotMet(self)
    }

    pub(crate) fn open(self) -> Status {
        Status::Open(self)
    }
}

pub(crate) fn met(since: FactId) -> Status {
    Status::Met { since }
}
