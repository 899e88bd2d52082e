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
use splitbrain_checker::{PropertyId, Session, Verdict};
use splitbrain_engine::golden;
use splitbrain_engine::playground::playground;
use splitbrain_engine::run::{Command, Direction, Player, Run, Target, TimedCommand};
use splitbrain_engine::scenario::{Choice, ServiceKind, Slot};
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
        // What is put in, taken out or counted.
        let added = fact.op_kind().is_some_and(|kind| {
            let replaces = matches!(kind, OpKind::Read | OpKind::Write | OpKind::ReadAll);
            !replaces && kind != OpKind::Pay
        });
        let is_cart = fact.kind() == FactKind::OperationStarted && fact.a == key && added;
        let is_room = fact.kind() == FactKind::MessagePosted && fact.b == key;
        is_cart || is_room
    })
}

/// The operation whose write a coordinator answered a read with, 0 for none, where it
/// said so just before.
fn chosen(facts: &[(FactId, Fact)], served: &(FactId, Fact)) -> Option<u32> {
    let (_, before) = facts[(served.0.0 as usize).checked_sub(1)?];
    let is_it = before.kind() == FactKind::VersionChosen
        && (before.host, before.a) == (served.1.host, served.1.a);
    is_it.then(|| match FactId(before.b) {
        FactId::NONE => 0,
        write => facts[write.0 as usize].1.a + 1,
    })
}

/// What a region shows of a key just before a fact: the newest write that is reflected, or
/// none where several stand side by side.
fn shown(facts: &[(FactId, Fact)], region: u16, key: u32, before: FactId) -> Option<u32> {
    let mut keeps_siblings = false;
    let mut reflected: Vec<u32> = Vec::new();
    for (_, fact) in facts.iter().take_while(|it| it.0 < before) {
        keeps_siblings |= fact.kind() == FactKind::SiblingKept && fact.c == key;
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
            FactKind::WriteRolledBack if fact.b == key => {
                reflected.retain(|write| *write != fact.a);
            }
            _ => {}
        }
    }
    if keeps_siblings && reflected.len() > 1 {
        return None;
    }
    let newest = reflected.last();
    Some(newest.map_or(0, |write| facts[*write as usize].1.a + 1))
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
                    let sources: BTreeSet<Option<u32>> = served
                        .map(|it| {
                            chosen(facts, it).or_else(|| shown(facts, fact.peer.0, key, it.0))
                        })
                        .collect();
                    told.source = (sources.len() == 1)
                        .then(|| sources.first().copied().flatten())
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

/// Of each guarantee the customers that it was broken for, by its definition and every
/// way from one operation to another.
fn broken_for(told: &[Told]) -> BTreeMap<PropertyId, BTreeSet<u16>> {
    let is_ok = |it: &Told| it.outcome == Some(Outcome::Ok);
    let mut did: Vec<&Told> = told
        .iter()
        .filter(|it| !it.is_read || is_ok(it) && it.source.is_some())
        .collect();
    // A write may be seen from its call on, and a read has seen when it returns.
    did.sort_by_key(|it| if it.is_read { it.ret } else { Some(it.op) });
    let place: BTreeMap<u32, usize> = did.iter().enumerate().map(|(at, it)| (it.op, at)).collect();
    let source = |read: usize| match did[read].source {
        Some(op @ 1..) if did[read].is_read => Some(place[&(op - 1)]),
        _ => None,
    };
    let precedes = |one: usize, other: usize| {
        one < other && did[one].customer == did[other].customer && is_ok(did[one])
    };
    let mut pasts: Vec<BTreeSet<usize>> = Vec::new();
    for op in 0..did.len() {
        let mut past = BTreeSet::new();
        let before = (0..op).filter(|&it| precedes(it, op));
        for from in before.chain(source(op)) {
            past.insert(from);
            // What a write was read by comes later than it, so this is there already.
            past.extend(pasts[from].iter().copied());
        }
        pasts.push(past);
    }
    let reads_of = |by: u16, of: usize, until: usize| {
        (0..until).any(|it| did[it].customer == by && source(it) == Some(of))
    };
    let mut broken: BTreeMap<PropertyId, BTreeSet<u16>> = BTreeMap::new();
    for read in (0..did.len()).filter(|&it| did[it].is_read) {
        let (source, key, by) = (source(read), did[read].key, did[read].customer);
        let is_newer = |&it: &usize| {
            !did[it].is_read
                && did[it].key == key
                && source.is_none_or(|of| pasts[it].contains(&of))
        };
        let newer: Vec<usize> = (0..read).filter(is_newer).collect();
        let saw = |of: usize| source == Some(of) || reads_of(by, of, read);
        for (_, model) in OF_SESSIONS {
            let is_obliged = |write: usize| match model {
                PropertyId::ReadYourWrites => precedes(write, read),
                PropertyId::MonotonicReads => reads_of(by, write, read),
                PropertyId::MonotonicWrites => (write..did.len())
                    .any(|later| !did[later].is_read && precedes(write, later) && saw(later)),
                PropertyId::WritesFollowReads => (write..did.len()).any(|later| {
                    !did[later].is_read && saw(later) && reads_of(did[later].customer, write, later)
                }),
                _ => pasts[read].contains(&write),
            };
            if newer.iter().any(|&write| is_obliged(write)) {
                broken.entry(model).or_default().insert(by);
            }
        }
    }
    broken
}

/// An operation on a cart, as the trace tells it.
struct OfCart {
    op: u32,
    customer: u16,
    key: u32,
    kind: OpKind,
    argument: u32,
    /// The return, what was told, and what came with it.
    ret: Option<(u32, Outcome, u32)>,
}

fn carts(facts: &[(FactId, Fact)]) -> Vec<OfCart> {
    let mut all: Vec<OfCart> = Vec::new();
    for (id, fact) in facts {
        match (fact.kind(), fact.op_kind()) {
            (FactKind::OperationStarted, Some(kind)) => all.push(OfCart {
                op: id.0,
                customer: fact.host.0,
                key: fact.a,
                kind,
                argument: fact.b,
                ret: None,
            }),
            (FactKind::OperationReturned, _) => {
                if let Some(it) = all.iter_mut().find(|it| it.op == fact.a) {
                    it.ret = fact.outcome().map(|outcome| (id.0, outcome, fact.b));
                }
            }
            _ => {}
        }
    }
    let keys: BTreeSet<u32> = all
        .iter()
        .filter(|it| matches!(it.kind, OpKind::Add | OpKind::Remove))
        .map(|it| it.key)
        .collect();
    all.retain(|it| keys.contains(&it.key));
    all
}

/// Whom own writes were not shown to, and who went back, in carts.
fn broken_carts(all: &[OfCart]) -> BTreeMap<PropertyId, BTreeSet<u16>> {
    let mut broken: BTreeMap<PropertyId, BTreeSet<u16>> = BTreeMap::new();
    let told = |it: &OfCart| it.ret.filter(|ret| ret.1 == Outcome::Ok);
    for read in all.iter().filter(|it| it.kind == OpKind::Read) {
        let Some((ret, _, value)) = told(read) else {
            continue;
        };
        let own = |it: &&OfCart| it.customer == read.customer && it.key == read.key;
        for item in 0..32 {
            let shows = |value: u32| value >> item & 1 == 1;
            let changes = || {
                all.iter().filter(move |it| {
                    let is_change = matches!(it.kind, OpKind::Add | OpKind::Remove);
                    is_change && it.key == read.key && it.argument == item
                })
            };
            let may_come = |kind: OpKind| {
                changes().any(|it| {
                    let known = it.ret.filter(|known| known.0 < ret).map(|known| known.1);
                    let is_mine = it.customer == read.customer;
                    it.kind == kind
                        && it.op < ret
                        && known != Some(Outcome::Failed)
                        && !(is_mine && known == Some(Outcome::Ok))
                })
            };
            let last = changes()
                .filter(|it| own(it) && told(it).is_some_and(|told| told.0 < ret))
                .max_by_key(|it| told(it));
            if let Some(last) = last
                && (last.kind == OpKind::Add) != shows(value)
                && !may_come(if last.kind == OpKind::Add {
                    OpKind::Remove
                } else {
                    OpKind::Add
                })
            {
                let of = broken.entry(PropertyId::ReadYourWrites).or_default();
                of.insert(read.customer);
            }
            let removed_at = changes()
                .filter(|it| own(it) && it.kind == OpKind::Remove)
                .filter_map(told)
                .filter(|told| told.0 < ret)
                .map(|told| told.0)
                .max();
            let was_shown = all.iter().filter(own).any(|it| {
                let seen = told(it).filter(|told| told.0 < ret && shows(told.2));
                let is_since = seen.is_some_and(|seen| removed_at.is_none_or(|at| at < seen.0));
                it.kind == OpKind::Read && is_since
            });
            if was_shown && !shows(value) && !may_come(OpKind::Remove) {
                let of = broken.entry(PropertyId::MonotonicReads).or_default();
                of.insert(read.customer);
            }
        }
    }
    broken
}

/// Carts as one value each: whole carts give way. And in each customer's account
/// somebody else has a hand, from the other side of a cut.
fn forgetful(seed: u64) -> Run {
    let choice = Choice {
        service: ServiceKind::Carts,
        slot: Slot::Merge,
        policy: "last_writer_wins".into(),
    };
    moved(seed).with(choice)
}

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
    let moved = (1..=20).map(|seed| (format!("moved {seed}"), moved(seed)));
    let forgetful = (21..=30).map(|seed| (format!("forgetful {seed}"), forgetful(seed)));
    golden.chain(moved).chain(forgetful)
}

#[test]
fn live_verdicts_are_those_on_the_whole_history() {
    let mut broken: BTreeMap<PropertyId, u32> = BTreeMap::new();
    let (mut reads, mut cart_reads, mut for_one, mut in_carts) = (0, 0, 0, 0);
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
        let (of_prices, carts) = (broken_for(&told), carts(&facts));
        cart_reads += carts.iter().filter(|it| it.kind == OpKind::Read).count();
        let of_carts = broken_carts(&carts);
        for (model, property) in OF_SESSIONS {
            let by = |of: &BTreeMap<PropertyId, BTreeSet<u16>>| {
                of.get(&property).cloned().unwrap_or_default()
            };
            let (of_prices, of_carts) = (by(&of_prices), by(&of_carts));
            let whole = holds(&sessions, model).expect("few sessions");
            assert_eq!(of_prices.is_empty(), whole, "{property:?} in {name}");
            let whole = whole && of_carts.is_empty();
            assert_eq!(live(property), whole, "{property:?} in {name}");
            *broken.entry(property).or_default() += u32::from(!whole);
            if !property.info().per_customer {
                continue;
            }
            let first = run.scenario.customer_host(0).0;
            for customer in 0..run.scenario.customers.len() as u16 {
                let is_broken = |of: &BTreeSet<u16>| of.contains(&(first + customer));
                let whole = !is_broken(&of_prices) && !is_broken(&of_carts);
                let live = observer.judge().verdict_for(property, Session(customer));
                let live = matches!(live, Verdict::Holds);
                assert_eq!(live, whole, "{property:?} for {customer} in {name}");
                for_one += u32::from(!whole);
            }
            in_carts += of_carts.len();
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
    assert!(
        cart_reads > 500,
        "only {cart_reads} reads of carts were judged"
    );
    assert!(
        for_one > 0 && in_carts > 0,
        "{for_one} customers, {in_carts} of them in carts"
    );
    assert!(broken[&PropertyId::Linearizable] > 0, "{broken:?}");
    assert!(broken[&PropertyId::Causal] > 0, "{broken:?}");
}
