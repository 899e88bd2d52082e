//! What every entry of a catalogue says of itself: data, no prose.
//!
//! Names and texts stand in the word catalogues under the entry's id.

/// A property that the judge can decide about a run. The ids are the judge's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Property {
    /// What a customer was told is saved stays, or was seen by what replaced it.
    AcknowledgedWrites,
    /// Replicas that have received the same updates show the same value.
    Convergence,
    /// One effect an intent.
    ExactlyOnce,
    /// Every scheduled time of a job has exactly one run.
    JobRuns,
    /// No scheduled time of a job has two runs.
    OnceATick,
    /// Of two customers who change the same version, none changes it unheard.
    LostUpdate,
    /// Who wrote something reads it, or what replaced it.
    ReadYourWrites,
    /// Who has read a value reads no older one after it.
    MonotonicReads,
    /// The writes of one customer are seen in their order.
    MonotonicWrites,
    /// What a customer had read is seen before what the customer then wrote.
    WritesFollowReads,
    /// Nobody sees a write without what it follows from.
    Causal,
    /// There is one order of all that is done to a key, and it is that of real time.
    Linearizable,
    /// Nobody reads an answer before the question.
    MessageOrder,
    /// Customers are never told that more is theirs than there is in stock.
    NoOversell,
}

impl Property {
    /// Its stable id.
    pub const fn id(self) -> &'static str {
        match self {
            Self::AcknowledgedWrites => "acknowledged_writes",
            Self::Convergence => "convergence",
            Self::ExactlyOnce => "exactly_once",
            Self::JobRuns => "job_runs",
            Self::OnceATick => "once_a_tick",
            Self::LostUpdate => "lost_update",
            Self::ReadYourWrites => "read_your_writes",
            Self::MonotonicReads => "monotonic_reads",
            Self::MonotonicWrites => "monotonic_writes",
            Self::WritesFollowReads => "writes_follow_reads",
            Self::Causal => "causal",
            Self::Linearizable => "linearizable",
            Self::MessageOrder => "message_order",
            Self::NoOversell => "no_oversell",
        }
    }
}

/// Whether an entry does what its kind promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Soundness {
    /// It keeps its promises; what it gives up it gives up knowingly.
    Sound,
    /// It is here to be seen failing: some schedule makes it lose these.
    Broken {
        /// What a search for schedules makes it lose.
        loses: &'static [Property],
    },
}

/// What an entry costs. Ids, rendered elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cost {
    /// Answers without asking another region.
    AnswersLocally,
    /// A round trip to the home region for requests that arrive elsewhere.
    RoundTripToHome,
    /// One message to each other region a write.
    MessagePerPeer,
    /// A dot for each element and a vector a key.
    MetadataPerElement,
    /// A stamp a value.
    StampPerValue,
    /// A count for each replica that ever wrote.
    CountPerReplica,
    /// A mark for each removal, kept when what was removed is gone.
    TombstonePerRemoval,
    /// A stored record for each key, until it expires.
    RecordPerKey,
    /// Not served while the home region cannot be reached.
    UnavailableWithoutHome,
    /// The farther a customer, the longer the way.
    LatencyByDistance,
    /// A message to each region that holds the key.
    MessagePerCopy,
    /// A round trip to the last of the nearest majority.
    RoundTripToMajority,
    /// A round trip to the farthest, and not served while one cannot be reached.
    UnavailableWithoutAll,
    /// A message to each replica that was found stale.
    MessagePerStaleCopy,
    /// A second round trip before the answer.
    SecondRoundTrip,
    /// A stored update for each region that does not answer.
    RecordPerHint,
    /// A round trip to the writer for requests that arrive elsewhere.
    RoundTripToWriter,
    /// No writes while the writer cannot be reached.
    UnavailableWithoutWriter,
    /// A round trip from the writer to the nearest other region.
    RoundTripToNearestPeer,
    /// No writes from the loss of the writer until somebody promotes another region.
    UnavailableUntilPromoted,
    /// Not served where less than a majority can be reached.
    UnavailableWithoutMajority,
    /// A round trip to the writer for the reads of those who have written.
    ReadsAtWriterAfterWrite,
    /// An entry in a cache for each customer who has written.
    FlagPerSession,
    /// A few bytes more in each request and answer.
    TokenPerRequest,
    /// A wait where a replica does not have yet what the customer has seen.
    WaitsForReplica,
    /// A run in every region.
    RunPerRegion,
    /// No runs while the designated region is down.
    IdleWithoutRegion,
    /// A message to the lease store and back every third of a lease.
    LeaseRenewals,
    /// Nothing from the loss of a holder until its lease has run out.
    WaitsForExpiry,
    /// Nothing while the lease store cannot be reached.
    UnavailableWithoutStore,
    /// Whoever receives keeps a number and compares.
    CheckAtReceiver,
    /// A round trip to where locks are kept before each write, and the wait for its turn.
    RoundTripToLock,
    /// A stored update for each other region until it confirms.
    RecordPerDelivery,
    /// Somebody has to look at what collided.
    SomebodyHasToLook,
    /// Two messages each time a region asks.
    QuestionPerInterval,
    /// A count for each region in every message.
    ClockPerMessage,
    /// A message is kept back while one that it follows is missing.
    WaitsForCauses,
    /// A count for each region in every version, answer and write.
    VectorPerVersion,
    /// Whoever reads several values has to make one of them.
    ReaderMerges,
    /// A version with each write that did not know of the one before it.
    FalseSiblings,
    /// All that is held under a key in every message.
    StatePerMessage,
    /// A commit waits about twice as long as clocks may be wrong, if the majority is faster.
    WaitsOutUncertainty,
    /// A round trip to the last of as many of the nearest regions as have to answer.
    RoundTripToQuorum,
}

impl Cost {
    /// Its stable id.
    pub const fn id(self) -> &'static str {
        match self {
            Self::AnswersLocally => "answers_locally",
            Self::WaitsOutUncertainty => "waits_out_uncertainty",
            Self::RoundTripToHome => "round_trip_to_home",
            Self::MessagePerPeer => "message_per_peer",
            Self::MetadataPerElement => "metadata_per_element",
            Self::StampPerValue => "stamp_per_value",
            Self::CountPerReplica => "count_per_replica",
            Self::TombstonePerRemoval => "tombstone_per_removal",
            Self::RecordPerKey => "record_per_key",
            Self::UnavailableWithoutHome => "unavailable_without_home",
            Self::LatencyByDistance => "latency_by_distance",
            Self::MessagePerCopy => "message_per_copy",
            Self::RoundTripToMajority => "round_trip_to_majority",
            Self::RoundTripToQuorum => "round_trip_to_quorum",
            Self::UnavailableWithoutAll => "unavailable_without_all",
            Self::MessagePerStaleCopy => "message_per_stale_copy",
            Self::SecondRoundTrip => "second_round_trip",
            Self::RecordPerHint => "record_per_hint",
            Self::RoundTripToWriter => "round_trip_to_writer",
            Self::UnavailableWithoutWriter => "unavailable_without_writer",
            Self::RoundTripToNearestPeer => "round_trip_to_nearest_peer",
            Self::UnavailableUntilPromoted => "unavailable_until_promoted",
            Self::UnavailableWithoutMajority => "unavailable_without_majority",
            Self::ReadsAtWriterAfterWrite => "reads_at_writer_after_write",
            Self::FlagPerSession => "flag_per_session",
            Self::TokenPerRequest => "token_per_request",
            Self::WaitsForReplica => "waits_for_replica",
            Self::RunPerRegion => "run_per_region",
            Self::IdleWithoutRegion => "idle_without_region",
            Self::LeaseRenewals => "lease_renewals",
            Self::WaitsForExpiry => "waits_for_expiry",
            Self::UnavailableWithoutStore => "unavailable_without_store",
            Self::CheckAtReceiver => "check_at_receiver",
            Self::RoundTripToLock => "round_trip_to_lock",
            Self::RecordPerDelivery => "record_per_delivery",
            Self::QuestionPerInterval => "question_per_interval",
            Self::SomebodyHasToLook => "somebody_has_to_look",
            Self::ClockPerMessage => "clock_per_message",
            Self::WaitsForCauses => "waits_for_causes",
            Self::VectorPerVersion => "vector_per_version",
            Self::ReaderMerges => "reader_merges",
            Self::FalseSiblings => "false_siblings",
            Self::StatePerMessage => "state_per_message",
        }
    }
}

/// What an entry of a catalogue says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Info {
    /// Stable id: links, lessons and word catalogues use it.
    pub id: &'static str,
    /// What it keeps under every fault of the model.
    pub keeps: &'static [Property],
    /// What it gives up, knowingly or not.
    pub gives_up: &'static [Property],
    /// Whether it is here to be seen failing.
    pub soundness: Soundness,
    /// What it costs.
    pub costs: &'static [Cost],
    /// Where it was published: author, title, year.
    pub sources: &'static [&'static str],
}

impl Info {
    /// What a setting says of itself that is sound and decides nothing of what is kept.
    pub(crate) const fn setting(
        id: &'static str,
        costs: &'static [Cost],
        sources: &'static [&'static str],
    ) -> Self {
        Self {
            id,
            keeps: &[],
            gives_up: &[],
            soundness: Soundness::Sound,
            costs,
            sources,
        }
    }
}
