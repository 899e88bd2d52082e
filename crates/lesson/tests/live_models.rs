//! The live verdicts on consistency are those of the checkers on the whole history, read
//! from the trace a second time, naively.

#![cfg(not(target_arch = "wasm32"))]

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use splitbrain_checker::history::{Action, History, OPEN, Operation as Called, Value as Name};
use splitbrain_checker::models::ModelId;
use splitbrain_checker::search::{Order, Verdict as Searched, check};
use splitbrain_checker::transactions::{
    Key, Model, Operation, SingleOperation, Status, TransactionalHistory, Value, holds,
};
use splitbrain_checker::{PropertyId, Verdict};
use splitbrain_engine::golden;
use splitbrain_engine::playground::playground;
use splitbrain_engine::run::{Command, Direction, Player, Run, Target, TimedCommand};
use splitbrain_engine::sim::fact::{Fact, FactId, FactKind, OpKind, Outcome};
use splitbrain_engine::sim::time::Time;
use splitbrain_lesson::observe::Observer;

/// An operation on a price, as the trace tells it.
#[derive(Clone, Copy)]
struct Told {
    op: u32,
    customer: u16,
    key: u32,
    is_read: bool,
    ret: Option<u32>,
    outcome: Option<Outcome>,
    /// Of a read: the operation whose write it returned, 0 for none; or it is unclear.
    source: Option<u32>,
}

fn is_price(facts: &[(FactId, Fact)], key: u32) -> bool {
    !facts.iter().any(|(_, fact)| {
        let added = matches!(fact.op_kind(), Some(OpKind::Add | OpKind::Remove));
        fact.kind() == FactKind::OperationStarted && fact.a == key && added
    })
}

/// What a region shows of a key just before a fact: the newest write that is reflected.
fn shown(facts: &[(FactId, Fact)], region: u16, key: u32, before: FactId) -> u32 {
    let mut reflected: Vec<u32> = Vec::new();
    for (_, fact) in facts.iter().take_while(|it| it.0 < before) {
        if fact.host.0 != region {
            continue;
        }
        match fact.kind() {
            FactKind::WriteApplied if fact.b == key && fact.flag() == 1 => {
                reflected.retain(|write| *write != fact.a);
                reflected.push(fact.a);
            }
            FactKind::ValueOverwritten if fact.c == key && fact.a != fact.b => {
                reflected.retain(|write| *write != fact.a);
            }
            _ => {}
        }
    }
    let newest = reflected.last();
    newest.map_or(0, |write| facts[*write as usize].1.a + 1)
}

fn history(facts: &[(FactId, Fact)]) -> Vec<Told> {
    let mut all: BTreeMap<u32, Told> = BTreeMap::new();
    let prices: BTreeSet<u32> = facts
        .iter()
        .filter(|(_, fact)| {
            fact.kind() == FactKind::OperationStarted && fact.op_kind() == Some(OpKind::Write)
        })
        .map(|(_, fact)| fact.a)
        .filter(|key| is_price(facts, *key))
        .collect();
    for (id, fact) in facts {
        match (fact.kind(), fact.op_kind()) {
            (FactKind::OperationStarted, Some(kind @ (OpKind::Read | OpKind::Write)))
                if prices.contains(&fact.a) =>
            {
                let told = Told {
                    op: id.0,
                    customer: fact.host.0,
                    key: fact.a,
                    is_read: kind == OpKind::Read,
                    ret: None,
                    outcome: None,
                    source: None,
                };
                all.insert(id.0, told);
            }
            (FactKind::OperationReturned, _) => {
                if let Some(told) = all.get_mut(&fact.a) {
                    told.ret = Some(id.0);
                    told.outcome = fact.outcome();
                    let (key, op) = (told.key, told.op);
                    let served = facts.iter().take_while(|it| it.0 < *id).filter(|it| {
                        let here = it.1.kind() == FactKind::ReadServed && it.1.a == op;
                        here && it.1.host == fact.peer && it.1.c == fact.b
                    });
                    let sources: BTreeSet<u32> = served
                        .map(|it| shown(facts, fact.peer.0, key, it.0))
                        .collect();
                    told.source = (sources.len() == 1)
                        .then(|| sources.first().copied())
                        .flatten();
                }
            }
            _ => {}
        }
    }
    all.into_values().collect()
}

fn sessions(told: &[Told]) -> TransactionalHistory {
    let single = |it: &Told| {
        let key = Key(it.key.into());
        let operation = if it.is_read {
            match it.source? {
                0 => Operation::read_initial(key),
                source => Operation::read(key, Value(source.into())),
            }
        } else {
            Operation::write(key, Value(u64::from(it.op) + 1))
        };
        let status = match it.outcome {
            Some(Outcome::Ok) => Status::Committed,
            Some(Outcome::Failed) => Status::Aborted,
            Some(Outcome::Unknown) | None => Status::Unknown,
        };
        let process = it.customer.into();
        (!it.is_read || status == Status::Committed).then_some(SingleOperation {
            process,
            status,
            operation,
        })
    };
    let list: Vec<SingleOperation> = told.iter().filter_map(single).collect();
    TransactionalHistory::of_operations(&list).expect("operations are unique")
}

fn registers(told: &[Told]) -> History {
    let mut history = History::default();
    let value = |history: &mut History, of: u32| match of {
        0 => history.initial,
        of => history.values.intern(Name::Int(of.into())),
    };
    for it in told {
        let action = match (it.is_read, it.source) {
            (false, _) => Action::Write(value(&mut history, it.op + 1)),
            (true, Some(source)) if it.outcome == Some(Outcome::Ok) => {
                Action::Read(value(&mut history, source))
            }
            _ => continue,
        };
        if it.outcome == Some(Outcome::Failed) {
            continue;
        }
        let ret = it.ret.filter(|_| it.outcome == Some(Outcome::Ok));
        let process = history.processes.intern(Name::Int(it.customer.into()));
        let key = history.keys.intern(Name::Int(it.key.into()));
        history.operations.push(Called {
            process,
            key,
            call: it.op.into(),
            ret: ret.map_or(OPEN, i64::from),
            action,
        });
    }
    history
}

const OF_SESSIONS: [(Model, PropertyId); 5] = [
    (Model::ReadYourWrites, PropertyId::ReadYourWrites),
    (Model::MonotonicReads, PropertyId::MonotonicReads),
    (Model::MonotonicWrites, PropertyId::MonotonicWrites),
    (Model::WritesFollowReads, PropertyId::WritesFollowReads),
    (Model::Causal, PropertyId::Causal),
];

/// A region is cut off, takes writes, and crashes: its customers go on elsewhere, where
/// nobody knows of them.
fn moved(seed: u64) -> Run {
    let mut run = Run::new(Rc::new(playground()), seed);
    let at = |ms, command| TimedCommand {
        at: Time::from_ms(ms),
        command,
    };
    let cut = |to| Command::CutLink {
        from: 1,
        to,
        direction: Direction::Both,
    };
    run.commands = [0, 2, 3, 4].map(|to| at(2_000, cut(to))).into();
    let crash = Command::CrashRegion { region: 1 };
    run.commands.push(at(9_000 + seed * 400, crash));
    run
}

fn runs() -> impl Iterator<Item = (String, Run)> {
    let golden = golden::all().into_iter().step_by(4);
    let golden = golden.map(|golden| (golden.name, golden.run));
    golden.chain((1..=20).map(|seed| (format!("moved {seed}"), moved(seed))))
}

#[test]
fn live_verdicts_are_those_on_the_whole_history() {
    let mut broken: BTreeMap<PropertyId, u32> = BTreeMap::new();
    let mut reads = 0;
    for (name, run) in runs() {
        let mut player = Player::new(run.clone());
        player.jump(Target::Time(Time::from_ms(40_000)));
        let mut observer = Observer::new(&run.scenario);
        observer.follow_player(&mut player);
        let facts: Vec<(FactId, Fact)> = player
            .trace()
            .range(FactId(0), player.end())
            .map(|(id, fact)| (id, *fact))
            .collect();
        let told = history(&facts);
        reads += told.iter().filter(|it| it.source.is_some()).count();
        let live = |property| matches!(observer.judge().verdict(property), Verdict::Holds);
        let sessions = sessions(&told);
        for (model, property) in OF_SESSIONS {
            let whole = holds(&sessions, model).expect("few sessions");
            assert_eq!(live(property), whole, "{property:?} in {name}");
            *broken.entry(property).or_default() += u32::from(!whole);
        }
        let order = Order::Linearizable;
        let checked = check(&registers(&told), ModelId::Register, order, 1_000_000);
        let verdict = checked.expect("a register").verdict;
        let whole = match verdict {
            Searched::Holds => true,
            Searched::Violated(_) => false,
            Searched::Undecided { .. } => panic!("undecided in {name}"),
        };
        let property = PropertyId::Linearizable;
        assert_eq!(live(property), whole, "{property:?} in {name}");
        *broken.entry(property).or_default() += u32::from(!whole);
    }
    assert!(reads > 500, "only {reads} reads were judged");
    assert!(broken[&PropertyId::Linearizable] > 0, "{broken:?}");
    assert!(broken[&PropertyId::Causal] > 0, "{broken:?}");
}
