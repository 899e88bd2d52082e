//! Designs: which services there are, which places a design has, and what may fill
//! them.

use crate::conflict::last_writer_wins::LastWriterWins;
use crate::conflict::{self, ConflictRule, Decision};
use crate::crdt::{self, DataType, MergedType, Object};
use crate::idempotency;
use crate::policy::Info;
use crate::records::Field;
use crate::replication::{self, Strategy};
use crate::sim::node::Value;

/// What a service holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum ServiceKind {
    /// A register an item: prices.
    Prices = 1,
    /// A set of items an account: carts.
    Carts = 2,
    /// Payments under idempotency keys.
    Payments = 3,
    /// What time it is, for the regions' own clocks.
    Time = 5,
    /// Rooms in which messages are posted.
    Chat = 4,
    /// A job that is run at set times.
    Jobs = 6,
    /// The state of an order an account.
    Orders = 9,
    /// A record of some fields an account.
    Profiles = 10,
    /// How many people like each item.
    Likes = 7,
    /// How many of each item are left.
    Stock = 8,
    /// A line of words that several people write.
    Documents = 11,
}

impl ServiceKind {
    /// All of them.
    pub const ALL: &'static [Self] = &[
        Self::Prices,
        Self::Carts,
        Self::Payments,
        Self::Jobs,
        Self::Time,
        Self::Chat,
        Self::Orders,
        Self::Profiles,
        Self::Likes,
        Self::Stock,
        Self::Documents,
    ];

    /// Its stable id.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Prices => "prices",
            Self::Carts => "carts",
            Self::Payments => "payments",
            Self::Chat => "chat",
            Self::Jobs => "jobs",
            Self::Time => "time",
            Self::Orders => "orders",
            Self::Profiles => "profiles",
            Self::Likes => "likes",
            Self::Stock => "stock",
            Self::Documents => "documents",
        }
    }

    /// Every design slot that a service of this kind can have, in the order in which
    /// menus show them. Which of them it has depends on its strategy: [`Service::slots`].
    pub fn slots(self) -> Vec<Slot> {
        let mut slots = vec![self.first_slot()];
        let strategies = replication::all().filter(|entry| entry.serves(self));
        for slot in strategies.flat_map(Strategy::slots) {
            let has_types = match slot {
                Slot::Collection => self == Self::Carts,
                _ => true,
            };
            if !slots.contains(slot) && has_types {
                slots.push(*slot);
            }
        }
        if slots.contains(&Slot::Merge) {
            let rules = conflict::all().filter(|rule| rule.serves(self));
            for slot in rules.flat_map(ConflictRule::slots) {
                if !slots.contains(slot) {
                    slots.push(*slot);
                }
            }
        }
        slots
    }

    /// The slot on which the others depend.
    pub const fn first_slot(self) -> Slot {
        match self {
            Self::Prices
            | Self::Carts
            | Self::Chat
            | Self::Orders
            | Self::Profiles
            | Self::Likes
            | Self::Stock
            | Self::Documents => Slot::Replication,
            Self::Payments => Slot::KeyStore,
            Self::Jobs => Slot::Schedule,
            Self::Time => Slot::TimeSource,
        }
    }
}

/// A place in a design that a policy fills.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Slot {
    /// How regions are kept in step.
    Replication = 1,
    /// What merges concurrent writes: a conflict rule or a data type.
    Merge = 2,
    /// Where idempotency keys live.
    KeyStore = 3,
    /// How many regions hold a key.
    Copies = 4,
    /// How many of them a read waits for.
    ReadQuorum = 5,
    /// How many of them a write waits for.
    WriteQuorum = 6,
    /// What a read does about replicas that it finds stale.
    ReadRepair = 7,
    /// Who stands in for a replica that does not answer.
    Spares = 8,
    /// Where reads go if one region writes.
    Reads = 9,
    /// Who becomes the writer when it is gone.
    Failover = 10,
    /// How a leader's reads are confirmed.
    LeaderReads = 11,
    /// Whether one region only votes.
    Witness = 12,
    /// Which region runs a job.
    Schedule = 13,
    /// How often a job runs.
    Period = 14,
    /// What customers' apps do with the context of what they read.
    Contexts = 15,
    /// How many questions a region may ask.
    Questions = 16,
    /// What decides about the address of a record.
    AddressRule = 17,
    /// What a customer may count on from one answer to the next.
    Session = 18,
    /// What of a data type travels between regions.
    Travels = 19,
    /// When a region forgets the removals that a data type remembers.
    Collection = 20,
    /// What decides about the phone of a record.
    PhoneRule = 21,
    /// Which of two states of an order comes later.
    StateOrder = 22,
    /// Whether a commit waits until its stamp has certainly passed.
    CommitWait = 23,
    /// What a region that was the writer does with writes that nobody else has.
    Failback = 25,
    /// Whom regions ask what time it is.
    TimeSource = 26,
}

impl Slot {
    /// All of them.
    pub const ALL: &'static [Self] = &[
        Self::Replication,
        Self::Merge,
        Self::Contexts,
        Self::Questions,
        Self::AddressRule,
        Self::PhoneRule,
        Self::StateOrder,
        Self::Travels,
        Self::Collection,
        Self::KeyStore,
        Self::Copies,
        Self::ReadQuorum,
        Self::WriteQuorum,
        Self::ReadRepair,
        Self::Spares,
        Self::Reads,
        Self::Failover,
        Self::LeaderReads,
        Self::Witness,
        Self::CommitWait,
        Self::Schedule,
        Self::Period,
        Self::Session,
        Self::Failback,
        Self::TimeSource,
    ];

    /// Those that belong to single strategies, and whose choices stand with these.
    pub const SETTINGS: &'static [Self] = &[
        Self::Contexts,
        Self::Questions,
        Self::AddressRule,
        Self::PhoneRule,
        Self::StateOrder,
        Self::Travels,
        Self::Collection,
        Self::Copies,
        Self::ReadQuorum,
        Self::WriteQuorum,
        Self::ReadRepair,
        Self::Spares,
        Self::Reads,
        Self::Failover,
        Self::LeaderReads,
        Self::Witness,
        Self::CommitWait,
        Self::Period,
        Self::Session,
        Self::Failback,
    ];

    /// Its stable id.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Replication => "replication",
            Self::Merge => "merge",
            Self::KeyStore => "key_store",
            Self::Copies => "copies",
            Self::ReadQuorum => "read_quorum",
            Self::WriteQuorum => "write_quorum",
            Self::ReadRepair => "read_repair",
            Self::Spares => "spares",
            Self::Reads => "reads",
            Self::Failover => "failover",
            Self::LeaderReads => "leader_reads",
            Self::Witness => "witness",
            Self::CommitWait => "commit_wait",
            Self::Schedule => "schedule",
            Self::Period => "period",
            Self::Contexts => "contexts",
            Self::Questions => "questions",
            Self::AddressRule => "address_rule",
            Self::PhoneRule => "phone_rule",
            Self::StateOrder => "state_order",
            Self::Session => "session",
            Self::Travels => "travels",
            Self::Collection => "collection",
            Self::Failback => "failback",
            Self::TimeSource => "time_source",
        }
    }

    /// What can fill it for a service of this kind, in the order of menus.
    pub fn choices(self, kind: ServiceKind) -> Vec<&'static Info> {
        match self {
            Self::Replication | Self::Schedule | Self::TimeSource => {
                let strategies = replication::all().filter(|entry| entry.serves(kind));
                strategies.map(Strategy::info).collect()
            }
            Self::Merge => {
                // What replaces a number loses what it did not see: for counts that one is a
                // type too.
                let rules = conflict::all().filter(|rule| rule.serves(kind));
                let rules = rules.map(ConflictRule::info);
                let types = crdt::ALL.iter().map(|entry| entry.info);
                let types = types.filter(|_| kind == ServiceKind::Carts);
                let own = |info: &Info| crdt::ALL.iter().any(|held| held.info.id == info.id);
                let merged = replication::merged_types().filter(|of| of.kinds.contains(&kind));
                let merged = merged.map(|of| of.info).filter(|info| !own(info));
                rules.chain(types).chain(merged).collect()
            }
            Self::KeyStore => idempotency::ALL.iter().map(|store| store.info()).collect(),
            setting => replication::settings(setting).to_vec(),
        }
    }

    /// What fills it where a design does not say; nothing where it has to.
    pub fn fallback(self, kind: ServiceKind) -> Option<&'static str> {
        match self {
            Self::Replication | Self::KeyStore | Self::Schedule | Self::TimeSource => None,
            _ => self.choices(kind).first().map(|info| info.id),
        }
    }
}

/// What merges concurrent writes of a service.
#[derive(Clone, Copy, Debug)]
pub enum MergeRule {
    /// A register under a conflict rule.
    Conflict(&'static dyn ConflictRule),
    /// A replicated data type whose operations multi-master delivers as it does writes.
    Type(&'static DataType),
    /// A replicated data type that comes with a node of its own.
    Merged(&'static MergedType),
}

impl MergeRule {
    /// The rule or type with this id.
    pub fn find(id: &str) -> Option<Self> {
        let rule = conflict::all().find(|rule| rule.info().id == id);
        let entry = crdt::ALL.iter().find(|entry| entry.info.id == id);
        let merged = replication::merged_types().find(|of| of.info.id == id);
        rule.map(Self::Conflict)
            .or(entry.map(|&entry| Self::Type(entry)))
            .or(merged.map(Self::Merged))
    }

    /// What merges concurrent writes of a service, as its design sets it.
    pub fn of(service: &Service) -> Option<Self> {
        Self::find(service.choice(Slot::Merge)?).map(|found| match found {
            Self::Conflict(rule) => Self::Conflict(rule.as_set(service).unwrap_or(rule)),
            other => other,
        })
    }

    /// The design slots that it needs.
    fn slots(self) -> &'static [Slot] {
        match self {
            Self::Conflict(rule) => rule.slots(),
            Self::Merged(of) if of.has_siblings => &[Slot::Contexts],
            Self::Type(_) | Self::Merged(_) => &[],
        }
    }

    /// By what it decides between two writes that did not know of each other.
    pub fn decides_by(self) -> Decision {
        match self {
            Self::Conflict(rule) => rule.decides_by(),
            Self::Merged(of) => of.decides_by,
            Self::Type(_) => Decision::Merge,
        }
    }

    /// The same, between two of one field of a record.
    pub fn decides_by_field(self, field: Field) -> Decision {
        match self {
            Self::Conflict(rule) => rule.decides_by_field(field),
            Self::Merged(of) => of.decides_by,
            Self::Type(_) => Decision::Merge,
        }
    }

    /// The place of a value among those that it decides between, where it goes by values.
    pub fn rank(self, value: Value) -> u32 {
        match self {
            Self::Conflict(rule) => rule.rank(value),
            Self::Type(_) | Self::Merged(_) => value.0,
        }
    }

    /// Whether a read returns several values where several stand side by side.
    pub fn keeps_siblings(self) -> bool {
        match self {
            Self::Conflict(rule) => rule.keeps_siblings(),
            Self::Merged(of) => of.has_siblings,
            Self::Type(_) => false,
        }
    }

    /// Whether regions stamp writes with their hybrid clocks in place of their wall clocks.
    pub fn is_stamped_by_hybrid_clock(self) -> bool {
        matches!(self, Self::Conflict(rule) if rule.is_stamped_by_hybrid_clock())
    }

    /// What a key holds in a region before anything was written; a register shows `initial`.
    /// A type with a node of its own has no such object: where there is none of that node, a
    /// key is a register under the first rule.
    pub fn empty_object(self, initial: Value, region: u8) -> Box<dyn Object> {
        match self {
            Self::Conflict(rule) => rule.empty_object(initial, region),
            Self::Type(entry) => (entry.empty)(),
            Self::Merged(_) => LastWriterWins.empty_object(initial, region),
        }
    }
}

/// A service and its design.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// What it holds.
    pub kind: ServiceKind,
    /// The policy in each of its slots, by id.
    pub design: Vec<(Slot, String)>,
}

impl Service {
    /// The id of the policy in a slot; the first of its choices where the design does
    /// not say and need not.
    pub fn choice(&self, slot: Slot) -> Option<&str> {
        let entry = self.design.iter().find(|(held, _)| *held == slot);
        let chosen = entry.map(|(_, id)| id.as_str());
        chosen.or_else(|| slot.fallback(self.kind))
    }

    /// The strategy that keeps its regions in step, or by which they agree who runs a job,
    /// if it has one.
    pub fn strategy(&self) -> Option<&'static dyn Strategy> {
        let id = self.choice(self.kind.first_slot())?;
        replication::all().find(|entry| entry.info().id == id)
    }

    /// What merges concurrent writes of it, if anything does under its strategy.
    pub fn merge_rule(&self) -> Option<MergeRule> {
        let has_one = self.strategy()?.slots().contains(&Slot::Merge);
        has_one.then(|| MergeRule::of(self)).flatten()
    }

    /// The design slots that it has under its strategy, in the order in which menus
    /// show them.
    pub fn slots(&self) -> Vec<Slot> {
        let further = self.strategy().map_or(&[][..], |entry| entry.slots());
        let first = [self.kind.first_slot()];
        let of_rule = self.merge_rule().map_or(&[][..], MergeRule::slots);
        let slots = first.iter().chain(further).chain(of_rule).copied();
        slots.filter(|&slot| self.has(slot)).collect()
    }

    /// Whether a slot of its strategy is one of this design: of a register nothing travels
    /// but what was written, and few types remember what could be forgotten.
    fn has(&self, slot: Slot) -> bool {
        let merge = self.choice(Slot::Merge);
        let has_choices = self.choice(slot).is_some();
        match slot {
            Slot::Travels => merge.is_some_and(|id| {
                let is_rule = conflict::all().any(|rule| rule.info().id == id);
                !is_rule && has_choices
            }),
            Slot::Collection => {
                let mut types = replication::merged_types();
                let held = types.find(|of| Some(of.info.id) == merge);
                held.is_some_and(|of| of.has_tombstones) && has_choices
            }
            _ => true,
        }
    }
}

/// A policy put into a slot of a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Which service.
    pub service: ServiceKind,
    /// Which slot.
    pub slot: Slot,
    /// The policy's id.
    pub policy: String,
}
