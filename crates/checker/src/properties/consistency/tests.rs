use super::guarantees::{Guarantees, MODELS};
use super::sets::{Change, Sets};
use crate::observation::{FactRef, KeyRef, OpRef, Outcome, Session};
use crate::properties::PropertyId;
use crate::transactions::{Model, Returned, SessionsLive};

const SESSIONS: u64 = 4;
const KEYS: u64 = 2;

#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    Write(Outcome),
    /// What it returned, by its place; and whether that had failed by then.
    Read(Option<usize>, bool),
}

#[derive(Debug, Clone, Copy)]
struct Did {
    session: u16,
    key: u32,
    kind: Kind,
}

/// A run, told to both, and written down.
#[derive(Default)]
struct Run {
    guarantees: Guarantees,
    live: SessionsLive,
    did: Vec<Did>,
    pending: [Option<usize>; SESSIONS as usize],
}

impl Run {
    fn random(seed: u64, steps: u32) -> Self {
        let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        let mut below = |n: u64| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 20) % n
        };
        let mut run = Self::default();
        for _ in 0..steps {
            let (session, key) = (below(SESSIONS) as u16, below(KEYS) as u32);
            match (below(5), run.pending[session as usize]) {
                (0 | 1, Some(write)) => {
                    let fails = below(6) == 0;
                    run.end(write, if fails { Outcome::Failed } else { Outcome::Ok });
                }
                (0 | 1, None) => run.call(session, key),
                (2, Some(_)) if below(2) == 0 => run.call(session, key),
                _ => {
                    let writes = run
                        .did
                        .iter()
                        .enumerate()
                        .filter(|(_, it)| matches!(it.kind, Kind::Write(_)) && it.key == key);
                    let writes: Vec<usize> = writes.map(|(place, _)| place).collect();
                    let chosen = below(writes.len() as u64 + 1) as usize;
                    run.read(session, key, writes.get(chosen).copied());
                }
            }
        }
        run
    }

    fn call(&mut self, session: u16, key: u32) {
        let op = OpRef(self.did.len() as u32);
        self.guarantees
            .call_write(op, Session(session), KeyRef(key));
        self.live.write_called(op, Session(session), KeyRef(key));
        self.pending[session as usize] = Some(self.did.len());
        let kind = Kind::Write(Outcome::Unknown);
        self.did.push(Did { session, key, kind });
    }

    fn end(&mut self, write: usize, outcome: Outcome) {
        let op = OpRef(write as u32);
        if outcome == Outcome::Ok {
            self.guarantees.return_write(op);
            self.live.write_returned(op);
        } else {
            self.guarantees.fail_write(op);
            self.live.write_failed(op);
        }
        self.did[write].kind = Kind::Write(outcome);
        self.pending[self.did[write].session as usize] = None;
    }

    fn read(&mut self, session: u16, key: u32, source: Option<usize>) {
        let op = OpRef(self.did.len() as u32);
        let of = source.map(|of| OpRef(of as u32));
        self.guarantees
            .return_read(op, Session(session), KeyRef(key), of);
        let returned = of.map_or(Returned::Initial, Returned::Write);
        self.live
            .read_returned(op, Session(session), KeyRef(key), returned);
        self.pending[session as usize] = None;
        let failed = source.is_some_and(|of| self.has_failed(of));
        let kind = Kind::Read(source, failed);
        self.did.push(Did { session, key, kind });
    }

    fn has_failed(&self, op: usize) -> bool {
        self.did[op].kind == Kind::Write(Outcome::Failed)
    }

    fn is_write(&self, op: usize) -> bool {
        matches!(self.did[op].kind, Kind::Write(_))
    }

    /// Whether it precedes what its session does afterwards.
    fn counts(&self, op: usize) -> bool {
        match self.did[op].kind {
            Kind::Write(outcome) => outcome == Outcome::Ok,
            Kind::Read(_, failed) => !failed,
        }
    }

    fn precedes(&self, one: usize, other: usize) -> bool {
        one < other && self.did[one].session == self.did[other].session && self.counts(one)
    }

    /// Of each operation what is in its past, by walking every way.
    fn pasts(&self) -> Vec<Vec<bool>> {
        let all = 0..self.did.len();
        let mut pasts = vec![vec![false; self.did.len()]; self.did.len()];
        for op in all.clone() {
            let mut from: Vec<usize> = all.clone().filter(|&it| self.precedes(it, op)).collect();
            if let Kind::Read(Some(source), false) = self.did[op].kind {
                from.push(source);
            }
            for it in from {
                pasts[op][it] = true;
                let theirs = pasts[it].clone();
                for (mine, theirs) in pasts[op].iter_mut().zip(theirs) {
                    *mine |= theirs;
                }
            }
        }
        pasts
    }

    /// Whether a read breaks a guarantee, by its definition.
    fn breaks(&self, pasts: &[Vec<bool>], model: PropertyId, read: usize) -> bool {
        let Kind::Read(source, _) = self.did[read].kind else {
            return false;
        };
        if source.is_some_and(|of| self.has_failed(of)) {
            return true;
        }
        let (session, key) = (self.did[read].session, self.did[read].key);
        let reads_of = |by: u16, of: usize, until: usize| {
            (0..until).any(|it| {
                let did = self.did[it];
                did.session == by && did.kind == Kind::Read(Some(of), false)
            })
        };
        let saw = |of: usize| source == Some(of) || reads_of(session, of, read);
        let is_obliged = |write: usize| match model {
            PropertyId::Causal => pasts[read][write],
            PropertyId::ReadYourWrites => self.precedes(write, read),
            PropertyId::MonotonicReads => reads_of(session, write, read),
            PropertyId::MonotonicWrites => (0..self.did.len())
                .any(|later| self.is_write(later) && self.precedes(write, later) && saw(later)),
            _ => (0..self.did.len()).any(|later| {
                let by = self.did[later].session;
                self.is_write(later) && saw(later) && reads_of(by, write, later)
            }),
        };
        (0..self.did.len()).any(|newer| {
            let is_it = self.is_write(newer) && self.did[newer].key == key;
            let is_older = source.is_none_or(|of| pasts[newer][of]);
            is_it && is_older && is_obliged(newer)
        })
    }
}

#[test]
fn each_customer_is_judged_as_by_the_definitions_on_the_whole_run() {
    let mut broken = [0; MODELS.len()];
    for seed in 1..=8_000 {
        let mut run = Run::random(seed, 6 + (seed % 19) as u32);
        let faults = run.guarantees.take_faults();
        let pasts = run.pasts();
        for (place, model) in MODELS.into_iter().enumerate() {
            let breaks = |session: u16| {
                (0..run.did.len())
                    .any(|read| run.did[read].session == session && run.breaks(&pasts, model, read))
            };
            let sessions = 0..SESSIONS as u16;
            let by_definition: Vec<u16> = sessions.filter(|&it| breaks(it)).collect();
            let told = faults.iter().filter(|fault| fault.model == model);
            let mut told: Vec<u16> = told.map(|fault| fault.session.0).collect();
            told.sort_unstable();
            if model == PropertyId::Causal {
                assert_eq!(
                    told.is_empty(),
                    by_definition.is_empty(),
                    "{seed} {model:?}"
                );
            } else {
                assert_eq!(told, by_definition, "{seed} {model:?} {:?}", run.did);
            }
            for fault in faults.iter().filter(|fault| fault.model == model) {
                let read = fault.read.0 as usize;
                assert!(run.breaks(&pasts, model, read), "{seed} {fault:?}");
            }
            broken[place] += told.len();
        }
    }
    assert!(broken.iter().all(|&count| count > 300), "{broken:?}");
}

#[test]
fn somebody_breaks_a_guarantee_where_the_run_does() {
    let of = [
        Model::Causal,
        Model::ReadYourWrites,
        Model::MonotonicReads,
        Model::MonotonicWrites,
        Model::WritesFollowReads,
    ];
    for seed in 1..=4_000 {
        let mut run = Run::random(seed, 40);
        let faults = run.guarantees.take_faults();
        for (model, of) in MODELS.into_iter().zip(of) {
            let first = faults.iter().find(|fault| fault.model == model);
            let whole = run.live.violation(of).map(|it| it.read);
            assert_eq!(first.map(|it| it.read), whole, "{seed} {model:?}");
        }
    }
}

const ANA: Session = Session(0);
const BEN: Session = Session(1);
const EVE: Session = Session(2);
const CART: KeyRef = KeyRef(7);

/// Tells a story about a cart; each part is an operation that returns before the next.
fn cart(story: &[(Session, Ask, Outcome)]) -> Vec<(PropertyId, Session, u32)> {
    let mut sets = Sets::default();
    let mut faults = Vec::new();
    for (place, &(session, ask, outcome)) in story.iter().enumerate() {
        let op = OpRef(place as u32);
        let (call, ret) = (FactRef(place as u32 * 2), FactRef(place as u32 * 2 + 1));
        let value = match ask {
            Ask::Add(item) => {
                sets.call_change((call, op), (session, CART), (Change::Add, item));
                0
            }
            Ask::Remove(item) => {
                sets.call_change((call, op), (session, CART), (Change::Remove, item));
                0
            }
            Ask::Read(value) => {
                sets.call_read((call, op), session, CART);
                sets.serve(op, CART, value);
                value
            }
        };
        let (_, found) = sets.answer(op, ret, outcome, value);
        faults.extend(found.into_iter().map(|it| (it.model, it.session, it.op.0)));
    }
    faults
}

#[derive(Debug, Clone, Copy)]
enum Ask {
    Add(u32),
    Remove(u32),
    Read(u32),
}

#[test]
fn an_item_that_was_called_saved_is_shown_unless_somebody_took_it_out() {
    use Ask::{Add, Read, Remove};
    use Outcome::{Failed, Ok, Unknown};
    let own = PropertyId::ReadYourWrites;
    let lost = [
        (ANA, Add(2), Ok),
        (BEN, Add(3), Ok),
        (ANA, Read(0b1000), Ok),
    ];
    assert_eq!(cart(&lost), [(own, ANA, 2)]);
    let twice = [lost[0], lost[2], lost[2], (BEN, Read(0), Ok)];
    assert_eq!(cart(&twice), [(own, ANA, 1)], "the first of each customer");
    for taken_out in [
        (BEN, Remove(2), Ok),
        (BEN, Remove(2), Unknown),
        (ANA, Remove(2), Unknown),
    ] {
        assert_eq!(cart(&[lost[0], taken_out, lost[2]]), []);
        assert_eq!(cart(&[taken_out, lost[0], lost[2]]), [], "it may come late");
    }
    let in_vain = (BEN, Remove(2), Failed);
    assert_eq!(cart(&[lost[0], in_vain, lost[2]]), [(own, ANA, 2)]);
    // Her own doing has an order.
    let once_more = [(ANA, Remove(2), Ok), lost[0], lost[2]];
    assert_eq!(cart(&once_more), [(own, ANA, 2)]);
    assert_eq!(cart(&[lost[0], (ANA, Remove(2), Ok), lost[2]]), []);
    let still_in = [lost[0], (ANA, Remove(2), Ok), (ANA, Read(0b100), Ok)];
    assert_eq!(cart(&still_in), [(own, ANA, 2)]);
    let put_in_again = [still_in[0], still_in[1], (BEN, Add(2), Ok), still_in[2]];
    assert_eq!(cart(&put_in_again), []);
    // Nobody knows whether it is saved.
    assert_eq!(cart(&[(ANA, Add(2), Unknown), lost[2]]), []);
    assert_eq!(cart(&[(ANA, Add(2), Failed), lost[2]]), []);
}

#[test]
fn an_item_that_was_shown_is_shown_again_unless_somebody_took_it_out() {
    use Ask::{Add, Read, Remove};
    use Outcome::{Ok, Unknown};
    let added = (BEN, Add(2), Ok);
    let (with, without) = ((ANA, Read(0b100), Ok), (ANA, Read(0), Ok));
    let back = [(PropertyId::MonotonicReads, ANA, 2)];
    assert_eq!(cart(&[added, with, without]), back);
    assert_eq!(cart(&[added, without, with]), []);
    for remove in [
        (BEN, Remove(2), Ok),
        (BEN, Remove(2), Unknown),
        (ANA, Remove(2), Ok),
    ] {
        assert_eq!(cart(&[added, with, remove, without]), []);
    }
    assert_eq!(cart(&[added, with, (BEN, Remove(1), Ok), without]).len(), 1);
    assert_eq!(
        cart(&[added, with, (EVE, Read(0), Ok)]),
        [],
        "another customer"
    );
}
