//! Goals about what the judge says: a property is kept, or broken.

use splitbrain_checker::{Judge, PropertyId, Session, Verdict, Violation};
use splitbrain_engine::chat::Shown;
use splitbrain_engine::sim::fact::{FactId, OpKind, Outcome};
use splitbrain_engine::sim::node::Key;

use super::breach::Breach;
use super::status::met;
use super::{Arg, Reason, Status};
use crate::record::{Operation, Record};

/// What is judged: a property, and whom or what it is asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Judged {
    /// Which property or consistency model.
    pub property: PropertyId,
    /// For this customer alone; for everybody if it is not said.
    pub customer: Option<u16>,
    /// Of this key alone; of everything if it is not said.
    pub key: Option<Key>,
}

impl Judged {
    /// The first violation that it is about.
    fn broken(self, judge: &Judge) -> Result<Option<&Violation>, FactId> {
        let verdict = match self.customer {
            Some(customer) => judge.verdict_for(self.property, Session(customer)),
            None => judge.verdict(self.property),
        };
        let is_it = |key: u32| self.key.is_none_or(|wanted| wanted.0 == key);
        let (violations, at_risk) = match verdict {
            Verdict::Holds => return Ok(None),
            Verdict::Open { at_risk } => (Vec::new(), at_risk),
            Verdict::Violated {
                violations,
                at_risk,
            } => (violations, at_risk),
        };
        let mut violations = violations.into_iter();
        let found = violations.find(|it| it.key.map_or(self.key.is_none(), |key| is_it(key.0)));
        let open = at_risk.iter().find(|risk| is_it(risk.key.0));
        match (found, open) {
            (None, Some(risk)) => Err(FactId(risk.since.0)),
            (found, _) => Ok(found),
        }
    }

    /// The last answer that the property has something to say about. Kept is only what
    /// could have been broken: a customer who read nothing has not seen her own writes.
    fn exercised(self, record: &Record, judge: &Judge) -> Option<FactId> {
        if !judge
            .verdicts()
            .iter()
            .any(|it| it.info.property == self.property)
        {
            return None;
        }
        let mut answered = record.operations().iter().filter(|operation| {
            let is_hers = self.customer.is_none_or(|who| who == operation.customer);
            let is_there = self.key.is_none_or(|key| key == operation.key);
            is_hers && is_there && answer(operation).is_some()
        });
        let is_write = |it: &&Operation| {
            matches!(
                it.kind,
                OpKind::Write
                    | OpKind::Add
                    | OpKind::Remove
                    | OpKind::Like
                    | OpKind::Unlike
                    | OpKind::Buy
                    | OpKind::Restock
                    | OpKind::InsertWord
                    | OpKind::DeleteWord
            )
        };
        let last = match self.property {
            PropertyId::ExactlyOnce => answered.rfind(|it| it.kind == OpKind::Pay),
            PropertyId::AcknowledgedWrites | PropertyId::Convergence => answered.rfind(is_write),
            PropertyId::ReadYourWrites => {
                let all: Vec<&Operation> = answered.collect();
                let own = |read: &Operation| {
                    all.iter().any(|it| {
                        let is_same = (it.customer, it.key) == (read.customer, read.key);
                        is_write(it) && is_same && answer(it) < Some(read.id)
                    })
                };
                let mut reads = all.iter().copied().rev();
                reads.find(|it| it.kind == OpKind::Read && own(it))
            }
            PropertyId::MonotonicReads => {
                let all: Vec<&Operation> = answered.collect();
                let again = |read: &Operation| {
                    all.iter().any(|it| {
                        let is_same = (it.customer, it.key) == (read.customer, read.key);
                        it.kind == OpKind::Read && is_same && it.id < read.id
                    })
                };
                let mut reads = all.iter().copied().rev();
                reads.find(|it| it.kind == OpKind::Read && again(it))
            }
            PropertyId::BoundedStaleness
            | PropertyId::MonotonicWrites
            | PropertyId::WritesFollowReads
            | PropertyId::Causal
            | PropertyId::Linearizable => answered.rfind(|it| it.kind == OpKind::Read),
            PropertyId::JobRuns | PropertyId::OnceATick => {
                return record.jobs().taken().last().map(|run| run.2);
            }
            PropertyId::LostUpdate | PropertyId::NoOversell => answered.next_back(),
            // One message alone is in order.
            PropertyId::MessageOrder => answered.rfind(|it| {
                it.kind == OpKind::Read
                    && record.is_room(it.key)
                    && Shown::from_value(it.shown).count > 1
            }),
        };
        last.and_then(answer)
    }

    fn args(self) -> Vec<Arg> {
        let customer = self.customer.map(Arg::Customer);
        let property = Some(Arg::Property(self.property));
        [property, customer].into_iter().flatten().collect()
    }

    fn reason(self, id: &'static str) -> Reason {
        Reason::new(id, &self.args())
    }
}

fn answer(operation: &Operation) -> Option<FactId> {
    let told = operation.returned.filter(|it| it.1 == Outcome::Ok);
    told.map(|it| it.0)
}

pub(super) fn holds(record: &Record, judge: &Judge, judged: Judged) -> Status {
    match judged.broken(judge) {
        Ok(Some(violation)) => {
            let fact = FactId(violation.first.0);
            let breach = Breach::of(record, violation);
            judged.reason("violated").with(breach).at(fact).not_met()
        }
        Err(since) => judged.reason("not_judged_yet").at(since).open(),
        Ok(None) => match judged.exercised(record, judge) {
            Some(since) => met(since),
            None => judged.reason("nothing_to_judge").not_met(),
        },
    }
}

pub(super) fn broken(record: &Record, judge: &Judge, judged: Judged) -> Status {
    match judged.broken(judge) {
        Ok(Some(violation)) => met(FactId(violation.first.0)),
        Err(since) => judged.reason("not_judged_yet").at(since).open(),
        Ok(None) => {
            let id = match judged.exercised(record, judge) {
                Some(_) => "still_kept",
                None => "nothing_to_judge",
            };
            judged.reason(id).not_met()
        }
    }
}
