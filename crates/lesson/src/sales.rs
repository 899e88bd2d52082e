//! What was bought and what came into stock, for the judge.

use splitbrain_checker::{FactRef, KeyRef, Observation, OpRef, Session};
use splitbrain_engine::sim::fact::{Fact, FactId, FactKind, OpKind, Outcome};
use splitbrain_sorted::Map;

use crate::record::Record;

/// Purchases that were not answered yet.
#[derive(Clone, Debug)]
pub(crate) struct Sales {
    regions: u8,
    /// Of which item, and how many units.
    open: Map<FactId, (u32, u32)>,
}

impl Sales {
    /// Of a world of so many regions in which nothing has happened.
    pub(crate) fn new(regions: u8) -> Self {
        Self {
            regions,
            open: Map::new(),
        }
    }

    /// Takes in the next fact, and tells what the judge is to know of it.
    pub(crate) fn feed(&mut self, id: FactId, fact: &Fact, mut tell: impl FnMut(&Observation)) {
        let at = FactRef(id.0);
        match (fact.kind(), fact.op_kind()) {
            (FactKind::OperationStarted, Some(OpKind::Buy)) => {
                self.open.insert(id, (fact.a, fact.b.max(1)));
            }
            (FactKind::WriteAccepted, Some(OpKind::Restock)) => tell(&Observation::Stocked {
                fact: at,
                item: KeyRef(fact.b),
                units: fact.c.max(1),
            }),
            (FactKind::OperationReturned, _) => {
                let sale = self.open.remove(&FactId(fact.a));
                let customer = Record::customer(self.regions, fact.host);
                if let (Some((item, units)), Some(customer)) = (sale, customer)
                    && fact.outcome() == Some(Outcome::Ok)
                {
                    tell(&Observation::Sold {
                        fact: at,
                        op: OpRef(fact.a),
                        session: Session(customer),
                        item: KeyRef(item),
                        units,
                    });
                }
            }
            _ => {}
        }
    }
}
