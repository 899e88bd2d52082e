//! What goals ask about scheduled jobs: who began a time, whether it was stopped before its
//! report left, and what became of the report.

use splitbrain_engine::sim::fact::{Fact, FactId, FactKind};
use splitbrain_engine::sim::time::Time;

/// A time of the schedule that a region began to run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Job {
    /// Which region.
    pub region: u8,
    /// Which time.
    pub tick: u32,
    /// The fact of its beginning.
    pub started: FactId,
    /// When.
    pub started_at: Time,
    /// The region was paused while it worked on it.
    pub stopped: Option<FactId>,
    /// Its report reached the outside system, which took or refused it.
    pub arrived: Option<(FactId, Time)>,
}

/// Every scheduled job of a run.
#[derive(Clone, Debug, Default)]
pub struct Jobs {
    begun: Vec<Job>,
    /// Reports that were taken: which time, and from which region.
    taken: Vec<(u32, u8, FactId)>,
}

impl Jobs {
    /// Every time that a region began, in order.
    pub fn begun(&self) -> &[Job] {
        &self.begun
    }

    /// Reports that the outside system took, in order: which time, from which region, and
    /// the fact.
    pub fn taken(&self) -> &[(u32, u8, FactId)] {
        &self.taken
    }

    /// Takes in the next fact.
    pub(super) fn feed(&mut self, id: FactId, fact: &Fact) {
        match fact.kind() {
            FactKind::JobStarted => self.begun.push(Job {
                region: fact.host.0 as u8,
                tick: fact.a,
                started: id,
                started_at: fact.at(),
                stopped: None,
                arrived: None,
            }),
            FactKind::RegionPaused => {
                let region = fact.host.0 as u8;
                let mut begun = self.begun.iter_mut().rev();
                let at_work = begun.find(|job| job.region == region);
                if let Some(job) = at_work.filter(|job| job.arrived.is_none()) {
                    job.stopped.get_or_insert(id);
                }
            }
            FactKind::JobRan => {
                self.taken.push((fact.a, fact.peer.0 as u8, id));
                self.arrive(id, fact);
            }
            FactKind::StaleTokenRefused => self.arrive(id, fact),
            _ => {}
        }
    }

    fn arrive(&mut self, id: FactId, fact: &Fact) {
        let of = (fact.peer.0 as u8, fact.a);
        let mut begun = self.begun.iter_mut().rev();
        let job = begun.find(|job| (job.region, job.tick) == of);
        if let Some(job) = job.filter(|job| job.arrived.is_none()) {
            job.arrived = Some((id, fact.at()));
        }
    }
}
