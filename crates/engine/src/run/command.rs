//! What a learner can do to a world, and when.

use crate::scenario::Scenario;
use crate::sim::dice::identity;
use crate::sim::node::{Action, Key};
use crate::sim::time::Time;

/// Which directions of a link a command is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From the first region to the second only.
    OneWay,
    /// Both.
    Both,
}

/// What a learner can do to a world. Regions and customers are named by their
/// places in the scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// A customer does something.
    Act {
        /// Who.
        customer: u16,
        /// What.
        action: Action,
    },
    /// Messages from a region to another no longer pass.
    CutLink {
        /// From.
        from: u8,
        /// To.
        to: u8,
        /// Or both ways.
        direction: Direction,
    },
    /// They pass again.
    HealLink {
        /// From.
        from: u8,
        /// To.
        to: u8,
        /// Or both ways.
        direction: Direction,
    },
    /// A region stops.
    CrashRegion {
        /// Which.
        region: u8,
    },
    /// A region comes back.
    RestartRegion {
        /// Which.
        region: u8,
    },
    /// A region's wall clock is set this far from true time, and drifts from then on.
    StepClock {
        /// Which.
        region: u8,
        /// Ahead of true time, in microseconds; negative for behind.
        offset_us: i64,
        /// Faster than true time, in parts per million.
        drift_ppm: i32,
    },
    /// The next reply that a region sends to a customer is lost.
    DropNextReply {
        /// Which region.
        region: u8,
        /// To this customer, or to anyone.
        customer: Option<u16>,
    },
    /// A link becomes lossy, duplicating, reordering or slow, both ways.
    DegradeLink {
        /// One end.
        from: u8,
        /// The other.
        to: u8,
        /// Messages lost, in parts per million.
        loss_ppm: u32,
        /// Messages that arrive twice, in parts per million.
        duplicate_ppm: u32,
        /// Messages held back, in parts per million.
        reorder_ppm: u32,
        /// Added to each message's time, in microseconds.
        extra_us: u32,
    },
    /// A region becomes the writer of every service that has one.
    PromoteRegion {
        /// Which.
        region: u8,
    },
    /// A region stops where it is and keeps everything; its clocks go on.
    PauseRegion {
        /// Which.
        region: u8,
    },
    /// A paused region goes on, late.
    ResumeRegion {
        /// Which.
        region: u8,
    },
    /// A region takes longer over each step of its work.
    SlowRegion {
        /// Which.
        region: u8,
        /// How much longer, in microseconds; 0 for as fast as ever.
        extra_us: u32,
    },
    /// A region becomes the home of a key, if keys of the service have one.
    MoveHome {
        /// Which key.
        key: Key,
        /// Which region.
        region: u8,
    },
}

impl Command {
    /// To cut a link, and to heal it.
    pub const fn cut_and_heal(from: u8, to: u8, direction: Direction) -> [Self; 2] {
        let cut = Self::CutLink {
            from,
            to,
            direction,
        };
        let heal = Self::HealLink {
            from,
            to,
            direction,
        };
        [cut, heal]
    }

    /// Its stable number, used on the wire and in facts.
    pub const fn tag(&self) -> u8 {
        match self {
            Self::Act { .. } => 1,
            Self::CutLink { .. } => 2,
            Self::HealLink { .. } => 3,
            Self::CrashRegion { .. } => 4,
            Self::RestartRegion { .. } => 5,
            Self::StepClock { .. } => 6,
            Self::DropNextReply { .. } => 7,
            Self::DegradeLink { .. } => 8,
            Self::PromoteRegion { .. } => 9,
            Self::PauseRegion { .. } => 10,
            Self::ResumeRegion { .. } => 11,
            Self::SlowRegion { .. } => 12,
            Self::MoveHome { .. } => 13,
        }
    }

    /// Its stable id, for catalogues of words.
    pub const fn id(&self) -> &'static str {
        match self {
            Self::Act { .. } => "act",
            Self::CutLink { .. } => "cut_link",
            Self::HealLink { .. } => "heal_link",
            Self::CrashRegion { .. } => "crash_region",
            Self::RestartRegion { .. } => "restart_region",
            Self::StepClock { .. } => "step_clock",
            Self::DropNextReply { .. } => "drop_next_reply",
            Self::DegradeLink { .. } => "degrade_link",
            Self::PromoteRegion { .. } => "promote_region",
            Self::PauseRegion { .. } => "pause_region",
            Self::ResumeRegion { .. } => "resume_region",
            Self::SlowRegion { .. } => "slow_region",
            Self::MoveHome { .. } => "move_home",
        }
    }

    /// Whether every region, customer and key it names is in the scenario.
    pub fn fits(&self, scenario: &Scenario) -> bool {
        let region = |place: u8| (place as usize) < scenario.regions.len();
        let customer = |place: u16| (place as usize) < scenario.customers.len();
        match *self {
            Self::Act {
                customer: who,
                action,
            } => {
                customer(who)
                    && (action.key.service() as usize) < scenario.services.len()
                    && action.via.is_none_or(region)
            }
            Self::CutLink { from, to, .. }
            | Self::HealLink { from, to, .. }
            | Self::DegradeLink { from, to, .. } => region(from) && region(to) && from != to,
            Self::CrashRegion { region: which }
            | Self::RestartRegion { region: which }
            | Self::PromoteRegion { region: which }
            | Self::PauseRegion { region: which }
            | Self::ResumeRegion { region: which }
            | Self::SlowRegion { region: which, .. }
            | Self::StepClock { region: which, .. } => region(which),
            Self::DropNextReply {
                region: which,
                customer: who,
            } => region(which) && who.is_none_or(customer),
            Self::MoveHome { key, region: which } => {
                region(which) && (key.service() as usize) < scenario.services.len()
            }
        }
    }

    /// Its content as numbers, in a defined order.
    fn words(&self) -> [u64; 6] {
        let tag = u64::from(self.tag());
        match *self {
            Self::Act { customer, action } => [
                tag,
                u64::from(customer),
                u64::from(action.key.0) << 8 | action.kind as u64,
                u64::from(action.argument.0),
                action.payment_key as u64,
                action.via.map_or(0, |region| u64::from(region) + 1),
            ],
            Self::CutLink {
                from,
                to,
                direction,
            }
            | Self::HealLink {
                from,
                to,
                direction,
            } => [tag, u64::from(from), u64::from(to), direction as u64, 0, 0],
            Self::CrashRegion { region }
            | Self::RestartRegion { region }
            | Self::PromoteRegion { region }
            | Self::PauseRegion { region }
            | Self::ResumeRegion { region } => [tag, u64::from(region), 0, 0, 0, 0],
            Self::SlowRegion { region, extra_us } => {
                [tag, u64::from(region), u64::from(extra_us), 0, 0, 0]
            }
            Self::MoveHome { key, region } => [tag, u64::from(region), u64::from(key.0), 0, 0, 0],
            Self::StepClock {
                region,
                offset_us,
                drift_ppm,
            } => [
                tag,
                u64::from(region),
                offset_us as u64,
                drift_ppm as u64,
                0,
                0,
            ],
            Self::DropNextReply { region, customer } => [
                tag,
                u64::from(region),
                customer.map_or(0, |who| u64::from(who) + 1),
                0,
                0,
                0,
            ],
            Self::DegradeLink {
                from,
                to,
                loss_ppm,
                duplicate_ppm,
                reorder_ppm,
                extra_us,
            } => [
                tag,
                u64::from(from) << 8 | u64::from(to),
                u64::from(loss_ppm),
                u64::from(duplicate_ppm),
                u64::from(reorder_ppm),
                u64::from(extra_us),
            ],
        }
    }
}

/// A command and when it takes effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimedCommand {
    /// When, in true time.
    pub at: Time,
    /// What.
    pub command: Command,
}

impl TimedCommand {
    /// Its stable identity: of its time and content, never of its place.
    pub fn identity(&self) -> u64 {
        let words = self.command.words();
        words
            .iter()
            .fold(identity(0, self.at.0), |id, &word| identity(id, word))
    }
}
