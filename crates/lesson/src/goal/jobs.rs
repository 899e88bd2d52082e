//! Goals about scheduled jobs: how often a time was run, by whom, and what a region that
//! stood still did afterwards.

use super::status::met;
use super::{Arg, Reason, Status};
use crate::record::Record;

/// The scheduled time that was run most often was run so many times.
pub(super) fn runs_of_a_time(record: &Record, at_least: u32, at_most: u32) -> Status {
    let taken = record.jobs().taken();
    let of = |tick: u32| taken.iter().filter(move |run| run.0 == tick);
    let most = taken.iter().map(|run| run.0);
    // The latest of those that were run most often.
    let Some(tick) = most.max_by_key(|&tick| (of(tick).count(), tick)) else {
        return Reason::new("no_runs", &[]).not_met();
    };
    let count = of(tick).count() as u32;
    let last = of(tick).next_back().map(|run| run.2);
    match last {
        Some(last) if (at_least..=at_most).contains(&count) => met(last),
        last => {
            let reason = Reason::new("runs_were", &[Arg::Count(tick), Arg::Count(count)]);
            last.map_or(reason.clone(), |last| reason.at(last))
                .not_met()
        }
    }
}

/// Another region ran a time that this one had begun and was paused in.
pub(super) fn taken_over(record: &Record, region: u8) -> Status {
    let jobs = record.jobs();
    let begun = jobs.begun().iter().filter(|job| job.region == region);
    let stopped = begun.filter_map(|job| Some((job.tick, job.stopped?)));
    let mut by_another = stopped.filter_map(|(tick, stopped)| {
        let mut taken = jobs.taken().iter();
        taken.find(|&&(of, by, fact)| of == tick && by != region && fact > stopped)
    });
    match by_another.next() {
        Some(&(_, _, fact)) => met(fact),
        None => Reason::new("not_taken_over", &[Arg::Region(region)]).not_met(),
    }
}

/// The region was paused between the beginning of a run and its report.
pub(super) fn stopped_at_work(record: &Record, region: u8) -> Status {
    let mut jobs = record.jobs().begun().iter();
    match jobs.find_map(|job| job.stopped.filter(|_| job.region == region)) {
        Some(stopped) => met(stopped),
        None => Reason::new("not_stopped_at_work", &[Arg::Region(region)]).not_met(),
    }
}

/// A report of the region came so long after it had begun with it, and was taken or refused.
pub(super) fn late_report(record: &Record, region: u8, at_least_us: u64) -> Status {
    let jobs = record.jobs().begun().iter();
    let reports = jobs.filter(|job| job.region == region);
    let arrived = reports.filter_map(|job| {
        let (fact, at) = job.arrived?;
        Some((at.0 - job.started_at.0, fact))
    });
    match arrived.max_by_key(|&(took_us, _)| took_us) {
        Some((took_us, fact)) if took_us >= at_least_us => met(fact),
        Some((took_us, fact)) => {
            let args = [Arg::Region(region), Arg::Span(took_us)];
            Reason::new("report_took", &args).at(fact).not_met()
        }
        None => Reason::new("no_report", &[Arg::Region(region)]).not_met(),
    }
}
