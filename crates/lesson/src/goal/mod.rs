//! Goals: a closed set of predicates over what happened.
//!
//! They are decided from the [`Record`] of a trace and the verdicts of the
//! [`Judge`], never by asking protocol code. A goal that is not met says why, with
//! the actual values, and the fact to look at.

mod breach;
mod carts;
mod conflicts;
mod durations;
mod jobs;
mod judged;
mod knowledge;
mod links;
mod payments;
mod predicate;
mod regions;
mod removals;
mod status;
mod taken_back;
mod writes;

pub use breach::{Asked, Breach};
pub use durations::Within;
pub use judged::Judged;
pub use predicate::{Pair, Predicate, Wanted, Which, Wrote};
pub use status::{Arg, Reason, Status};

use splitbrain_checker::Judge;

use crate::record::Record;

impl Predicate {
    /// How it stands.
    pub fn status(&self, record: &Record, judge: &Judge) -> Status {
        match *self {
            Self::WrittenOnBothSides { key, regions } => {
                writes::on_both_sides(record, key, regions)
            }
            Self::WriteLost { key, at_least } => writes::lost(record, judge, key, at_least),
            Self::NoWriteLost {
                key,
                ref accepted_in,
            } => writes::none_lost(record, judge, key, accepted_in),
            Self::Converged {
                key,
                ref accepted_in,
            } => writes::converged(record, judge, key, accepted_in),
            Self::Diverged { key } => writes::diverged(judge, key),
            Self::Survivor { key, write } => writes::survivor(record, key, write),
            Self::Shows { key, region, value } => writes::shows(record, key, region, value),
            Self::CartContains { key, item } => carts::contains(record, key, item),
            Self::CartLacks {
                key,
                item,
                removed_in,
                for_good,
            } => {
                let judge = for_good.then_some(judge);
                carts::lacks(record, judge, (key, item), removed_in)
            }
            Self::TookBack {
                key,
                customer,
                item,
                cut,
            } => taken_back::took_back(record, (key, item), customer, cut),
            Self::Told {
                customer,
                kind,
                outcome,
            } => payments::told(record, customer, kind, outcome),
            Self::ReplyLost { customer } => payments::reply_lost(record, customer),
            Self::RetriedElsewhere { customer } => payments::retried_elsewhere(record, customer),
            Self::Charged { customer, times } => payments::charged(record, customer, times),
            Self::ExactlyOnce { customer } => payments::exactly_once(record, judge, customer),
            Self::LinkWasCut { between } => links::was_cut(record, between),
            Self::LinkHealed { between } => links::healed(record, between),
            Self::PropertyHolds(judged) => judged::holds(record, judge, judged),
            Self::PropertyBroken(judged) => judged::broken(record, judge, judged),
            Self::AnsweredIn {
                customer,
                kind,
                key,
                within,
            } => durations::answered_in(record, customer, kind, key, within),
            Self::Lag {
                key,
                region,
                within,
            } => durations::lag(record, key, region, within),
            Self::CopiesWhenTold { key, at_least } => {
                durations::copies_when_told(record, key, at_least)
            }
            Self::StaleReads {
                key,
                reads,
                at_least_percent,
                below_percent,
            } => durations::stale_reads(record, key, reads, at_least_percent, below_percent),
            Self::MostlyAnsweredIn {
                latest,
                at_least_percent,
                below_us,
            } => durations::mostly_answered_in(record, latest, at_least_percent, below_us),
            Self::RegionCrashed { region } => regions::crashed(record, region),
            Self::MessageKeptBack { region, key } => regions::kept_back(record, region, key),
            Self::Leads { service, region } => regions::leads(record, service, region),
            Self::SavedDuringCut {
                key,
                customer,
                between,
            } => regions::saved_during_cut(record, key, customer, between),
            Self::RefusedDuringCut {
                key,
                customer,
                shown_at_least,
                between,
            } => regions::refused_during_cut(record, key, customer, between, shown_at_least),
            Self::ReadAhead {
                key,
                customer,
                region,
            } => regions::read_ahead(record, key, customer, region),
            Self::ReadShows {
                key,
                customer,
                wanted,
            } => regions::read_shows(record, key, customer, wanted),
            Self::RunsOfATime { at_least, at_most } => {
                jobs::runs_of_a_time(record, at_least, at_most)
            }
            Self::TakenOver { region } => jobs::taken_over(record, region),
            Self::StoppedAtWork { region } => jobs::stopped_at_work(record, region),
            Self::LateReport {
                region,
                at_least_us,
            } => jobs::late_report(record, region, at_least_us),
            Self::Knew {
                key,
                region,
                ref of,
                within_us,
                stays,
            } => knowledge::knew(record, judge, (key, region, of), within_us, stays),
            Self::Concurrent { key, ref pair } => knowledge::concurrent(record, judge, key, pair),
            Self::TypedApart {
                key,
                regions,
                lines,
            } => knowledge::typed_apart(record, key, regions, lines),
            Self::ReadFirst { key } => knowledge::read_first(record, key),
            Self::InTurn { key, ref customers } => knowledge::in_turn(record, key, customers),
            Self::SideBySide {
                key,
                at_least,
                at_most,
            } => conflicts::side_by_side(record, key, at_least, at_most),
            Self::Questions {
                key,
                at_least,
                at_most,
                asked_only,
            } => conflicts::questions(record, (key, asked_only), at_least, at_most),
            Self::QuestionSettled { key } => conflicts::settled(record, key),
            Self::Tombstones {
                key,
                at_least,
                at_most,
            } => removals::remembered(record, key, at_least, at_most),
            Self::RemovalHeardLate {
                key,
                region,
                item,
                at_least_us,
            } => removals::heard_late(record, (key, item), region, at_least_us),
        }
    }
}

/// A goal of a lesson.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Goal {
    /// Stable id, unique in its lesson.
    pub id: String,
    /// What has to be so.
    pub predicate: Predicate,
}
