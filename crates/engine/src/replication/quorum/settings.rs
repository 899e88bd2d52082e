//! What can be set of a quorum store: how many regions hold a key, how many of them
//! reads and writes wait for, what is done about stale replicas, and who stands in.

use crate::design::{Service, Slot};
use crate::policy::{Cost, Info, Property, Soundness};

const DYNAMO: &str =
    "DeCandia et al., Dynamo: Amazon's highly available key-value store, SOSP 2007";
const VOTING: &str = "Gifford, Weighted voting for replicated data, SOSP 1979";
const ABD: &str = "Attiya, Bar-Noy and Dolev, Sharing memory robustly in message-passing systems, \
                   JACM 1995";

/// What goes where the regions that a read waits for need not be among those that a write
/// waited for.
const NOT_MET: &[Property] = &[
    Property::ReadYourWrites,
    Property::MonotonicReads,
    Property::MonotonicWrites,
    Property::WritesFollowReads,
    Property::Causal,
    Property::Linearizable,
];

const fn setting(
    id: &'static str,
    gives_up: &'static [Property],
    costs: &'static [Cost],
    sources: &'static [&'static str],
) -> Info {
    Info {
        id,
        keeps: &[],
        gives_up,
        soundness: Soundness::Sound,
        costs,
        sources,
    }
}

static EVERYWHERE: Info = setting("copies_everywhere", &[], &[Cost::MessagePerPeer], &[VOTING]);
static THREE: Info = setting("copies_three", &[], &[Cost::MessagePerCopy], &[DYNAMO]);
static READ_ONE: Info = setting("read_one", NOT_MET, &[Cost::AnswersLocally], &[DYNAMO]);
static READ_MAJORITY: Info = setting(
    "read_majority",
    &[],
    &[Cost::RoundTripToMajority],
    &[VOTING],
);
static READ_ALL: Info = setting("read_all", &[], &[Cost::UnavailableWithoutAll], &[VOTING]);
static WRITE_ONE: Info = setting("write_one", NOT_MET, &[Cost::AnswersLocally], &[DYNAMO]);
static WRITE_MAJORITY: Info = setting(
    "write_majority",
    &[],
    &[Cost::RoundTripToMajority],
    &[VOTING],
);
static WRITE_ALL: Info = setting("write_all", &[], &[Cost::UnavailableWithoutAll], &[VOTING]);
static REPAIR: Info = setting("read_repair", &[], &[Cost::MessagePerStaleCopy], &[DYNAMO]);
static NO_REPAIR: Info = setting("no_read_repair", &[], &[], &[DYNAMO]);
static READ_BACK: Info = setting("read_back", &[], &[Cost::SecondRoundTrip], &[ABD]);
static STRICT: Info = setting("strict_quorum", &[], &[], &[VOTING]);
static SLOPPY: Info = setting("sloppy_quorum", NOT_MET, &[Cost::RecordPerHint], &[DYNAMO]);

/// How many regions hold a key.
pub static COPIES: &[&Info] = &[&EVERYWHERE, &THREE];
/// How many of them a read waits for.
pub static READ_QUORUMS: &[&Info] = &[&READ_MAJORITY, &READ_ONE, &READ_ALL];
/// How many of them a write waits for.
pub static WRITE_QUORUMS: &[&Info] = &[&WRITE_MAJORITY, &WRITE_ONE, &WRITE_ALL];
/// What a read does about replicas that it finds stale.
pub static READ_REPAIRS: &[&Info] = &[&REPAIR, &NO_REPAIR, &READ_BACK];
/// Who stands in for a replica that does not answer.
pub static SPARES: &[&Info] = &[&STRICT, &SLOPPY];

/// What a read does about replicas that it finds stale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadRepair {
    /// Nothing.
    None,
    /// It sends them the newest version that it saw, and answers meanwhile.
    Afterwards,
    /// It answers only when a write quorum has the version; and a write first asks a
    /// read quorum what its stamp has to be greater than.
    Before,
}

/// How a quorum store is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Regions that hold a key: N.
    pub copies: u8,
    /// Answers that a read waits for: R.
    pub read: u8,
    /// Answers that a write waits for: W.
    pub write: u8,
    /// What a read does about stale replicas.
    pub repair: ReadRepair,
    /// Whether regions beyond the N stand in for those that do not answer.
    pub has_spares: bool,
    /// Whether a region that does not hold a key coordinates all the same, in place of
    /// passing the request on to one that does.
    pub anyone_coordinates: bool,
    /// How long a coordinator waits for its quorum, in microseconds.
    pub wait_us: u64,
}

/// How long a coordinator waits for its quorum, in microseconds. A choice: half of what
/// apps wait.
pub const WAIT_US: u64 = 500_000;

impl Settings {
    /// The settings of a service's design, in a world of this many regions.
    pub fn of(service: &Service, regions: u8) -> Self {
        let chosen = |slot| service.choice(slot).unwrap_or_default();
        let copies = match chosen(Slot::Copies) {
            "copies_three" => regions.min(3),
            _ => regions,
        };
        let majority = copies / 2 + 1;
        Self {
            copies,
            read: match chosen(Slot::ReadQuorum) {
                "read_one" => 1,
                "read_all" => copies,
                _ => majority,
            },
            write: match chosen(Slot::WriteQuorum) {
                "write_one" => 1,
                "write_all" => copies,
                _ => majority,
            },
            repair: match chosen(Slot::ReadRepair) {
                "no_read_repair" => ReadRepair::None,
                "read_back" => ReadRepair::Before,
                _ => ReadRepair::Afterwards,
            },
            has_spares: chosen(Slot::Spares) == "sloppy_quorum",
            anyone_coordinates: false,
            wait_us: WAIT_US,
        }
    }
}
