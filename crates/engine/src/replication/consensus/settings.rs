//! What can be set of a consensus group: how reads are confirmed, and whether one
//! region only votes.

use crate::design::{Service, Slot};
use crate::policy::{Cost, Info, Property};

const ONGARO: &str = "Ongaro, Consensus: bridging theory and practice, 2014";
const LEASES: &str = "Gray and Cheriton, Leases, SOSP 1989";
const WITNESS: &str = "Pâris, Voting with witnesses, ICDCS 1986";

static READ_INDEX: Info = Info::setting("read_index", &[Cost::RoundTripToMajority], &[ONGARO]);
static READ_LEASE: Info =
    Info::setting("read_lease", &[Cost::RoundTripToWriter], &[LEASES, ONGARO]);
static READ_ANYWHERE: Info = Info {
    gives_up: &[
        Property::ReadYourWrites,
        Property::MonotonicReads,
        Property::MonotonicWrites,
        Property::WritesFollowReads,
        Property::Causal,
        Property::Linearizable,
    ],
    ..Info::setting("read_anywhere", &[Cost::AnswersLocally], &[ONGARO])
};
static NO_WITNESS: Info = Info::setting("no_witness", &[], &[ONGARO]);
const SPANNER: &str = "Corbett et al., Spanner: Google's globally distributed database, OSDI 2012";

static NO_COMMIT_WAIT: Info = Info::setting("no_commit_wait", &[], &[ONGARO]);
static COMMIT_WAIT_7_MS: Info =
    Info::setting("commit_wait_7ms", &[Cost::WaitsOutUncertainty], &[SPANNER]);
static COMMIT_WAIT_150_MS: Info = Info::setting(
    "commit_wait_150ms",
    &[Cost::WaitsOutUncertainty],
    &[SPANNER],
);
static LAST_IS_WITNESS: Info = Info::setting("witness_last", &[], &[WITNESS]);

/// How reads are confirmed.
pub static READS: &[&Info] = &[&READ_INDEX, &READ_LEASE, &READ_ANYWHERE];
/// Whether one region only votes.
pub static WITNESSES: &[&Info] = &[&NO_WITNESS, &LAST_IS_WITNESS];
/// Whether a commit waits until its stamp has certainly passed, and how wrong clocks are
/// held to be.
pub static COMMIT_WAITS: &[&Info] = &[&NO_COMMIT_WAIT, &COMMIT_WAIT_7_MS, &COMMIT_WAIT_150_MS];

/// How reads are confirmed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeaderReads {
    /// The leader asks a majority whether it still is the leader.
    Index,
    /// The leader answers by itself for as long as no other can have been elected, if
    /// clocks drift no more than a tenth.
    Lease,
    /// Every region answers from what it has applied.
    Anywhere,
}

/// A rule of the protocol that is broken on purpose, to see it caught.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mistake {
    /// None.
    None,
    /// A region votes for everybody in a term.
    VotesTwice,
    /// A region votes for candidates whose log is behind its own.
    VotesForTheIgnorant,
    /// A leader commits an older term's entry by counting logs, and adds none of its own.
    CommitsOldTerms,
    /// A follower takes entries without comparing what comes before them.
    SkipsTheCheck,
    /// A new leader cuts off what it does not know to be committed.
    LeaderTruncates,
    /// A leader cuts its own log where a follower's differs.
    LeaderGivesWay,
    /// A follower commits as much as the leader has, whether or not their logs agree.
    CommitsUnseen,
    /// A leader changes the group before it has committed an entry of its own term.
    ChangesBeforeItsTerm,
    /// A leader answers reads without asking whether it still is one.
    ReadsUnconfirmed,
    /// A leader trusts a majority's answer for longer than others wait, and leads on for as
    /// long.
    LeaseWithoutMargin,
    /// A member that restarts votes at once, although it may just have answered a leader.
    ForgetsTheLease,
    /// A leader that no majority answers leads on.
    NeverStepsDown,
    /// Whoever misses the leader is a candidate at once.
    SkipsPreVote,
}

impl Mistake {
    /// Every one but none.
    pub const ALL: &'static [Self] = &[
        Self::VotesTwice,
        Self::VotesForTheIgnorant,
        Self::CommitsOldTerms,
        Self::SkipsTheCheck,
        Self::LeaderTruncates,
        Self::LeaderGivesWay,
        Self::CommitsUnseen,
        Self::ChangesBeforeItsTerm,
        Self::ReadsUnconfirmed,
        Self::LeaseWithoutMargin,
        Self::ForgetsTheLease,
        Self::NeverStepsDown,
        Self::SkipsPreVote,
    ];
}

/// When members join and leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changes {
    /// Every region is a member, always.
    Never,
    /// All but the last region are members at first; from then on the leader has one join
    /// or leave at random moments.
    AtRandom,
}

/// How a consensus group is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// How reads are confirmed.
    pub reads: LeaderReads,
    /// Whether the last region of the scenario only votes.
    pub has_witness: bool,
    /// How wrong clocks may be when a run begins, in microseconds, if commits wait that out.
    pub commit_wait_us: Option<u32>,
    /// When members join and leave.
    pub changes: Changes,
    /// What is done wrong.
    pub mistake: Mistake,
}

impl Settings {
    /// The settings of a service's design.
    pub fn of(service: &Service) -> Self {
        Self {
            reads: match service.choice(Slot::LeaderReads) {
                Some("read_lease") => LeaderReads::Lease,
                Some("read_anywhere") => LeaderReads::Anywhere,
                _ => LeaderReads::Index,
            },
            has_witness: service.choice(Slot::Witness) == Some("witness_last"),
            commit_wait_us: match service.choice(Slot::CommitWait) {
                Some("commit_wait_7ms") => Some(7_000),
                Some("commit_wait_150ms") => Some(150_000),
                _ => None,
            },
            changes: Changes::Never,
            mistake: Mistake::None,
        }
    }
}
