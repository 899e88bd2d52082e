//! The properties of the proof, checked after every event.
//!
//! Source: Ongaro and Ousterhout, "In search of an understandable consensus algorithm",
//! USENIX ATC 2014, figure 3.

use crate::replication::consensus::voters_of;
use crate::replication::log::Entry;
use crate::sim::fact::HostId;
use crate::sim::node::Addr;
use crate::sim::world::World;
use crate::view::{LogView, RoleView};

/// A property that was broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Broken {
    /// Two leaders in one term.
    ElectionSafety,
    /// A leader changed or took out an entry of its own log.
    LeaderAppendOnly,
    /// Two logs have an entry of one term at one place and differ before it.
    LogMatching,
    /// A new leader lacks an entry that was committed.
    LeaderCompleteness,
    /// Two members committed different entries at one place.
    StateMachineSafety,
    /// Customers were told what no order of their operations explains. Only a checker of
    /// histories can tell: no schedule played here reports it.
    Linearizability,
    /// A majority hears each other, and nothing is committed.
    Progress,
    /// Somebody who came back deposed a leader that a majority follows.
    Stability,
}

impl Broken {
    /// All of them.
    pub const ALL: &'static [Self] = &[
        Self::ElectionSafety,
        Self::LeaderAppendOnly,
        Self::LogMatching,
        Self::LeaderCompleteness,
        Self::StateMachineSafety,
        Self::Linearizability,
        Self::Progress,
        Self::Stability,
    ];
}

/// What is remembered of one member.
#[derive(Clone, Debug, Default)]
struct Seen {
    is_leader: bool,
    term: u32,
    commit: u32,
    entries: Vec<Entry>,
}

/// Checks a group while it runs.
#[derive(Clone, Debug)]
pub struct Invariants {
    service: u8,
    seen: Vec<Seen>,
    /// Who led in each term, in the order in which they were elected.
    leaders: Vec<(u32, u8)>,
    committed: Vec<Entry>,
    broken: Vec<Broken>,
}

/// How many entries two logs begin with alike.
fn shared(one: &[Entry], other: &[Entry]) -> usize {
    let pairs = one.iter().zip(other);
    pairs.take_while(|(one, other)| one == other).count()
}

impl Invariants {
    /// A check of the service at this place, in a world of so many regions.
    pub fn new(service: u8, regions: u8) -> Self {
        Self {
            service,
            seen: vec![Seen::default(); regions as usize],
            leaders: Vec::new(),
            committed: Vec::new(),
            broken: Vec::new(),
        }
    }

    /// What was broken so far, each once, in order.
    pub fn broken(&self) -> &[Broken] {
        &self.broken
    }

    /// Leaders elected so far.
    pub fn elections(&self) -> u32 {
        self.leaders.len() as u32
    }

    /// Entries committed so far.
    pub fn committed(&self) -> u32 {
        self.committed.len() as u32
    }

    /// Changes of the group among them.
    pub fn changes(&self) -> u32 {
        let changes = self.committed.iter().filter_map(voters_of);
        changes.count() as u32
    }

    /// Who leads, in the latest term in which anybody does, and that term.
    pub(super) fn leader(&self) -> Option<(u8, u32)> {
        let leaders = self.seen.iter().enumerate().filter(|(_, it)| it.is_leader);
        let latest = leaders.max_by_key(|(_, it)| it.term);
        latest.map(|(region, it)| (region as u8, it.term))
    }

    pub(super) fn break_(&mut self, what: Broken) {
        if !self.broken.contains(&what) {
            self.broken.push(what);
        }
    }

    /// Looks at every member after an event.
    pub fn check(&mut self, world: &World) {
        for region in 0..self.seen.len() as u8 {
            let at = Addr::new(HostId(u16::from(region)), self.service);
            if let Some(view) = world.log_view(at) {
                self.check_one(region, &view);
            }
        }
    }

    fn check_one(&mut self, region: u8, view: &LogView<'_>) {
        let entries = view.log.entries();
        let is_leader = view.role == RoleView::Leader;
        let held = &self.seen[region as usize];
        // Logs change at their ends, and an entry taken out is replaced by one of
        // another term or not at all.
        let is_same_log =
            held.entries.len() == entries.len() && held.entries.last() == entries.last();
        if is_same_log
            && (held.is_leader, held.term, held.commit) == (is_leader, view.term, view.commit)
        {
            return;
        }
        let led_on = held.is_leader && is_leader && held.term == view.term;
        let was_elected = is_leader && !led_on;
        let (kept, had) = (shared(&held.entries, entries), held.entries.len());
        if led_on && kept < had {
            self.break_(Broken::LeaderAppendOnly);
        }
        if was_elected {
            let other = self
                .leaders
                .iter()
                .any(|&(term, who)| term == view.term && who != region);
            if other {
                self.break_(Broken::ElectionSafety);
            }
            self.leaders.push((view.term, region));
            if shared(&self.committed, entries) < self.committed.len() {
                self.break_(Broken::LeaderCompleteness);
            }
        }
        if !is_same_log {
            let others = (0..self.seen.len()).filter(|&other| other != region as usize);
            let mismatched = others.map(|other| &self.seen[other].entries).any(|other| {
                let alike = shared(entries, other);
                let mut beyond = entries.iter().zip(other).skip(alike);
                beyond.any(|(one, other)| one.epoch == other.epoch)
            });
            if mismatched {
                self.break_(Broken::LogMatching);
            }
        }
        for (place, entry) in entries.iter().enumerate().take(view.commit as usize) {
            match self.committed.get(place) {
                None => self.committed.push(*entry),
                Some(other) if other != entry => {
                    self.break_(Broken::StateMachineSafety);
                    break;
                }
                Some(_) => {}
            }
        }
        let held = &mut self.seen[region as usize];
        if !is_same_log {
            held.entries.truncate(kept);
            held.entries.extend_from_slice(&entries[kept..]);
        }
        (held.is_leader, held.term, held.commit) = (is_leader, view.term, view.commit);
    }
}
