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

const fn copies(id: &'static str) -> Info {
    setting(id, &[], &[Cost::MessagePerCopy], &[DYNAMO])
}

/// A quorum of as many regions as its id says; whether it meets the other depends on both.
const fn counted(id: &'static str) -> Info {
    setting(id, NOT_MET, &[Cost::RoundTripToQuorum], &[VOTING])
}

static EVERYWHERE: Info = setting("copies_everywhere", &[], &[Cost::MessagePerPeer], &[VOTING]);
static THREE: Info = copies("copies_three");
static COPIES_ONE: Info = copies("copies_one");
static COPIES_TWO: Info = copies("copies_two");
static COPIES_FOUR: Info = copies("copies_four");
static COPIES_FIVE: Info = copies("copies_five");
static READ_ONE: Info = setting("read_one", NOT_MET, &[Cost::AnswersLocally], &[DYNAMO]);
static READ_MAJORITY: Info = setting(
    "read_majority",
    &[],
    &[Cost::RoundTripToMajority],
    &[VOTING],
);
static READ_ALL: Info = setting("read_all", &[], &[Cost::UnavailableWithoutAll], &[VOTING]);
static READ_TWO: Info = counted("read_two");
static READ_THREE: Info = counted("read_three");
static READ_FOUR: Info = counted("read_four");
static READ_FIVE: Info = counted("read_five");
static WRITE_ONE: Info = setting("write_one", NOT_MET, &[Cost::AnswersLocally], &[DYNAMO]);
static WRITE_MAJORITY: Info = setting(
    "write_majority",
    &[],
    &[Cost::RoundTripToMajority],
    &[VOTING],
);
static WRITE_ALL: Info = setting("write_all", &[], &[Cost::UnavailableWithoutAll], &[VOTING]);
static WRITE_TWO: Info = counted("write_two");
static WRITE_THREE: Info = counted("write_three");
static WRITE_FOUR: Info = counted("write_four");
static WRITE_FIVE: Info = counted("write_five");
static REPAIR: Info = setting("read_repair", &[], &[Cost::MessagePerStaleCopy], &[DYNAMO]);
static NO_REPAIR: Info = setting("no_read_repair", &[], &[], &[DYNAMO]);
static READ_BACK: Info = setting("read_back", &[], &[Cost::SecondRoundTrip], &[ABD]);
static STRICT: Info = setting("strict_quorum", &[], &[], &[VOTING]);
static SLOPPY: Info = setting("sloppy_quorum", NOT_MET, &[Cost::RecordPerHint], &[DYNAMO]);

/// How many regions hold a key.
pub static COPIES: &[&Info] = &[
    &EVERYWHERE,
    &THREE,
    &COPIES_ONE,
    &COPIES_TWO,
    &COPIES_FOUR,
    &COPIES_FIVE,
];
/// How many of them a read waits for.
pub static READ_QUORUMS: &[&Info] = &[
    &READ_MAJORITY,
    &READ_ONE,
    &READ_ALL,
    &READ_TWO,
    &READ_THREE,
    &READ_FOUR,
    &READ_FIVE,
];
/// How many of them a write waits for.
pub static WRITE_QUORUMS: &[&Info] = &[
    &WRITE_MAJORITY,
    &WRITE_ONE,
    &WRITE_ALL,
    &WRITE_TWO,
    &WRITE_THREE,
    &WRITE_FOUR,
    &WRITE_FIVE,
];
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

/// The number of regions that a policy's id names, if it names one.
fn number_in(policy: &str) -> Option<u8> {
    let (_, number) = policy.split_once('_')?;
    let numbers = (1_u8..).zip(["one", "two", "three", "four", "five"]);
    let mut numbers = numbers.filter(|&(_, name)| name == number);
    numbers.next().map(|(count, _)| count)
}

impl Settings {
    /// The settings of a service's design, in a world of this many regions. A number of
    /// copies beyond the regions means all regions, and one of answers beyond the copies
    /// all copies.
    pub fn of(service: &Service, regions: u8) -> Self {
        let chosen = |slot| service.choice(slot).unwrap_or_default();
        let copies = number_in(chosen(Slot::Copies)).map_or(regions, |copies| copies.min(regions));
        let quorum = |policy: &str| match policy {
            "read_all" | "write_all" => copies,
            policy => number_in(policy).map_or(copies / 2 + 1, |count| count.min(copies)),
        };
        Self {
            copies,
            read: quorum(chosen(Slot::ReadQuorum)),
            write: quorum(chosen(Slot::WriteQuorum)),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::design::ServiceKind;

    fn settings(design: &[(Slot, &str)], regions: u8) -> (u8, u8, u8) {
        let design = design.iter().map(|&(slot, id)| (slot, id.to_owned()));
        let service = Service {
            kind: ServiceKind::Prices,
            design: design.collect(),
        };
        let settings = Settings::of(&service, regions);
        (settings.copies, settings.read, settings.write)
    }

    #[test]
    fn every_number_of_copies_and_answers_up_to_five_can_be_chosen() {
        for regions in 1..=5 {
            for slot in [Slot::Copies, Slot::ReadQuorum, Slot::WriteQuorum] {
                let choices = slot.choices(ServiceKind::Prices);
                let mut counts: Vec<u8> = choices
                    .iter()
                    .map(|info| {
                        let (copies, read, write) = settings(&[(slot, info.id)], regions);
                        match slot {
                            Slot::Copies => copies,
                            Slot::ReadQuorum => read,
                            _ => write,
                        }
                    })
                    .collect();
                counts.sort_unstable();
                counts.dedup();
                assert_eq!(counts, (1..=regions).collect::<Vec<u8>>(), "{slot:?}");
            }
        }
    }

    #[test]
    fn what_is_not_a_number_counts_from_the_copies() {
        let chosen = |copies, read, write| {
            let design = [
                (Slot::Copies, copies),
                (Slot::ReadQuorum, read),
                (Slot::WriteQuorum, write),
            ];
            settings(&design, 5)
        };
        assert_eq!(settings(&[], 5), (5, 3, 3));
        let by_name = chosen("copies_four", "read_majority", "write_all");
        assert_eq!(by_name, (4, 3, 4));
        assert_eq!(chosen("copies_two", "read_five", "write_one"), (2, 2, 1));
    }
}
