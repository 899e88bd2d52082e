//! Scripts: what somebody chooses and does, and when it ends; and the tools that it
//! is done with.

use splitbrain_engine::run::{Command, TimedCommand};
use splitbrain_engine::scenario::{Choice, Scenario, ServiceKind};
use splitbrain_engine::sim::fact::OpKind;
use splitbrain_engine::sim::time::Time;

use crate::lab::Answers;

/// What a learner can be given to act with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tool {
    /// A customer looks up a price.
    ReadPrice,
    /// A customer sets a price.
    WritePrice,
    /// A customer settles which price is meant.
    Resolve,
    /// A customer looks into her cart.
    ReadCart,
    /// A customer puts an item into her cart.
    AddToCart,
    /// A customer takes an item out of her cart.
    RemoveFromCart,
    /// A customer reads a room.
    ReadRoom,
    /// A customer posts a message in a room.
    Post,
    /// A customer reads a profile or the state of an order.
    ReadRecord,
    /// A customer writes a field of a profile.
    WriteField,
    /// A customer puts an order into a state.
    WriteOrder,
    /// A customer pays.
    Pay,
    /// A customer asks about every key of a service.
    ReadAll,
    /// A customer looks up how many like an item, or how many are left of it.
    ReadCount,
    /// A customer likes an item.
    Like,
    /// A customer takes a like back.
    Unlike,
    /// A customer buys an item.
    Buy,
    /// Somebody brings an item into stock.
    Restock,
    /// A customer reads a document.
    ReadDocument,
    /// A customer puts a word into a document.
    InsertWord,
    /// A customer takes a word out of a document.
    DeleteWord,
    /// Cut a link.
    CutLink,
    /// Heal a link.
    HealLink,
    /// Crash a region.
    CrashRegion,
    /// Restart a region.
    RestartRegion,
    /// Set a region's wall clock.
    StepClock,
    /// Lose a region's next reply.
    DropNextReply,
    /// Make a link bad.
    DegradeLink,
    /// Make a region the writer.
    PromoteRegion,
    /// Pause a region.
    PauseRegion,
    /// Let a paused region go on.
    ResumeRegion,
    /// Make a region slow.
    SlowRegion,
    /// Move the home of a key.
    MoveHome,
}

impl Tool {
    /// All of them, in the order of menus.
    pub const ALL: &'static [Self] = &[
        Self::ReadPrice,
        Self::WritePrice,
        Self::Resolve,
        Self::ReadCart,
        Self::AddToCart,
        Self::RemoveFromCart,
        Self::ReadRoom,
        Self::Post,
        Self::ReadRecord,
        Self::WriteField,
        Self::WriteOrder,
        Self::Pay,
        Self::ReadAll,
        Self::ReadCount,
        Self::Like,
        Self::Unlike,
        Self::Buy,
        Self::Restock,
        Self::ReadDocument,
        Self::InsertWord,
        Self::DeleteWord,
        Self::CutLink,
        Self::HealLink,
        Self::CrashRegion,
        Self::RestartRegion,
        Self::StepClock,
        Self::DropNextReply,
        Self::DegradeLink,
        Self::PromoteRegion,
        Self::PauseRegion,
        Self::ResumeRegion,
        Self::SlowRegion,
        Self::MoveHome,
    ];

    /// Its stable id.
    pub const fn id(self) -> &'static str {
        match self {
            Self::ReadPrice => "read_price",
            Self::WritePrice => "write_price",
            Self::Resolve => "resolve",
            Self::ReadCart => "read_cart",
            Self::AddToCart => "add_to_cart",
            Self::RemoveFromCart => "remove_from_cart",
            Self::ReadRoom => "read_room",
            Self::Post => "post",
            Self::ReadRecord => "read_record",
            Self::WriteField => "write_field",
            Self::WriteOrder => "write_order",
            Self::Pay => "pay",
            Self::ReadAll => "read_all",
            Self::ReadCount => "read_count",
            Self::Like => "like",
            Self::Unlike => "unlike",
            Self::Buy => "buy",
            Self::Restock => "restock",
            Self::ReadDocument => "read_document",
            Self::InsertWord => "insert_word",
            Self::DeleteWord => "delete_word",
            Self::CutLink => "cut_link",
            Self::HealLink => "heal_link",
            Self::CrashRegion => "crash_region",
            Self::RestartRegion => "restart_region",
            Self::StepClock => "step_clock",
            Self::DropNextReply => "drop_next_reply",
            Self::DegradeLink => "degrade_link",
            Self::PromoteRegion => "promote_region",
            Self::PauseRegion => "pause_region",
            Self::ResumeRegion => "resume_region",
            Self::SlowRegion => "slow_region",
            Self::MoveHome => "move_home",
        }
    }

    /// The tool that gives this command.
    pub fn of(command: &Command, scenario: &Scenario) -> Self {
        match command {
            Command::Act { action, .. } => match action.kind {
                OpKind::Read | OpKind::Write => {
                    let is_of = |kind| scenario.service(kind) == Some(action.key.service());
                    match (action.kind, is_of(ServiceKind::Chat)) {
                        (OpKind::Read, true) => Self::ReadRoom,
                        (_, true) => Self::Post,
                        (OpKind::Read, _) if is_of(ServiceKind::Carts) => Self::ReadCart,
                        (OpKind::Read, _) if is_of(ServiceKind::Documents) => Self::ReadDocument,
                        (OpKind::Read, _)
                            if is_of(ServiceKind::Likes) || is_of(ServiceKind::Stock) =>
                        {
                            Self::ReadCount
                        }
                        (OpKind::Read, _)
                            if is_of(ServiceKind::Orders) || is_of(ServiceKind::Profiles) =>
                        {
                            Self::ReadRecord
                        }
                        _ if is_of(ServiceKind::Orders) => Self::WriteOrder,
                        (OpKind::Read, _) => Self::ReadPrice,
                        _ => Self::WritePrice,
                    }
                }
                OpKind::Resolve => Self::Resolve,
                OpKind::WriteField => Self::WriteField,
                OpKind::Add => Self::AddToCart,
                OpKind::Remove => Self::RemoveFromCart,
                OpKind::Pay => Self::Pay,
                OpKind::ReadAll => Self::ReadAll,
                OpKind::Like => Self::Like,
                OpKind::Unlike => Self::Unlike,
                OpKind::Buy => Self::Buy,
                OpKind::Restock => Self::Restock,
                OpKind::InsertWord => Self::InsertWord,
                OpKind::DeleteWord => Self::DeleteWord,
            },
            Command::CutLink { .. } => Self::CutLink,
            Command::HealLink { .. } => Self::HealLink,
            Command::CrashRegion { .. } => Self::CrashRegion,
            Command::RestartRegion { .. } => Self::RestartRegion,
            Command::StepClock { .. } => Self::StepClock,
            Command::DropNextReply { .. } => Self::DropNextReply,
            Command::DegradeLink { .. } => Self::DegradeLink,
            Command::PromoteRegion { .. } => Self::PromoteRegion,
            Command::PauseRegion { .. } => Self::PauseRegion,
            Command::ResumeRegion { .. } => Self::ResumeRegion,
            Command::SlowRegion { .. } => Self::SlowRegion,
            Command::MoveHome { .. } => Self::MoveHome,
        }
    }
}

/// What somebody chooses and does, and when it ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    /// Policies that differ from the scenario's, from the beginning on.
    pub choices: Vec<Choice>,
    /// What is done, ordered by time.
    pub commands: Vec<TimedCommand>,
    /// What is answered in the law lab, which has no time.
    pub answers: Answers,
    /// When it ends.
    pub ends_at: Time,
}

impl Script {
    /// How many actions it takes: each choice and each command is one; what is answered in
    /// the law lab is none.
    pub fn actions(&self) -> u32 {
        (self.choices.len() + self.commands.len()) as u32
    }
}
