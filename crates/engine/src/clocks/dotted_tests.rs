//! Dotted version vectors against causal histories, and beside plain version vectors.

use proptest::prelude::*;

use super::*;

type Siblings = DottedVersionVectorSet<u32>;

fn sorted(set: &Siblings) -> Vec<u32> {
    let mut values: Vec<u32> = set.values().copied().collect();
    values.sort_unstable();
    values
}

/// What stores did before: one plain version vector a server for all siblings of a key.
/// A write whose context does not cover it can only be put beside everything.
#[derive(Default)]
struct PlainStore {
    clock: VersionVector,
    values: Vec<u32>,
}

impl PlainStore {
    fn write(&mut self, context: &VersionVector, server: u8, value: u32) {
        if context.covers(&self.clock) {
            self.values.clear();
        }
        self.clock.merge(context);
        self.clock.increment(server);
        self.values.push(value);
    }
}

/// Two clients take turns at one server; each writes what it makes of what it last read,
/// and the other has written in between.
fn take_turns(
    turns: u32,
    mut read: impl FnMut() -> VersionVector,
    mut write: impl FnMut(&VersionVector, u32),
) {
    let mut contexts = [read(), read()];
    for turn in 0..turns {
        let client = turn as usize % 2;
        write(&contexts[client], turn);
        contexts[client] = read();
    }
}

#[test]
fn siblings_do_not_explode_where_they_do_with_plain_version_vectors() {
    use std::cell::RefCell;
    let turns = 200;
    let (dotted, plain) = (
        RefCell::new(Siblings::default()),
        RefCell::new(PlainStore::default()),
    );
    let most = RefCell::new(0);
    take_turns(
        turns,
        || dotted.borrow().join(),
        |context, value| {
            dotted.borrow_mut().update(context, 0, value);
            let count = dotted.borrow().values().count();
            most.replace_with(|most| count.max(*most));
        },
    );
    take_turns(
        turns,
        || plain.borrow().clock.clone(),
        |context, value| plain.borrow_mut().write(context, 0, value),
    );
    assert_eq!(
        *most.borrow(),
        2,
        "never more than two writers, never more siblings"
    );
    assert!(plain.borrow().values.len() as u32 >= turns - 1);
}

#[test]
fn two_blind_writes_at_one_server_are_siblings_and_a_third_that_read_both_replaces_them() {
    let mut set = Siblings::default();
    let nothing = set.join();
    let first = set.update(&nothing, 0, 1);
    let second = set.update(&nothing, 0, 2);
    assert_eq!(first.compare(&second), Causality::Concurrent);
    assert_eq!(sorted(&set), [1, 2]);
    let read = set.join();
    let third = set.update(&read, 0, 3);
    assert_eq!(sorted(&set), [3]);
    assert_eq!(first.compare(&third), Causality::Before);
    assert_eq!(third.compare(&second), Causality::After);
    assert_eq!(third.compare(&third.clone()), Causality::Equal);
}

#[test]
fn a_stale_copy_does_not_bring_back_what_was_replaced() {
    let mut here = Siblings::default();
    here.update(&VersionVector::default(), 0, 1);
    let stale = here.clone();
    here.update(&stale.join(), 1, 2);
    here.sync(&stale);
    assert_eq!(sorted(&here), [2]);
    let mut there = stale;
    there.sync(&here);
    assert_eq!(there, here);
}

#[test]
fn a_context_that_was_read_elsewhere_replaces_what_arrives_here_later() {
    let mut read_at = Siblings::default();
    read_at.update(&VersionVector::default(), 0, 1);
    let mut written_at = Siblings::default();
    written_at.update(&read_at.join(), 1, 2);
    written_at.sync(&read_at);
    assert_eq!(sorted(&written_at), [2]);
}

#[test]
fn siblings_tell_their_dots() {
    let mut set = Siblings::default();
    set.update(&VersionVector::default(), 1, 7);
    set.update(&VersionVector::default(), 1, 8);
    let dotted: Vec<((u8, u32), u32)> = set.dotted().map(|(dot, &value)| (dot, value)).collect();
    assert_eq!(dotted, [((1, 2), 8), ((1, 1), 7)]);
}

const SERVERS: usize = 3;

#[derive(Clone, Debug)]
enum Step {
    Read { client: usize, server: usize },
    Write { client: usize, server: usize },
    Sync { from: usize, to: usize },
}

fn step() -> impl Strategy<Value = Step> {
    let (client, server) = (0..4_usize, 0..SERVERS);
    prop_oneof![
        (client.clone(), server.clone()).prop_map(|(client, server)| Step::Read { client, server }),
        (client, server.clone()).prop_map(|(client, server)| Step::Write { client, server }),
        (server.clone(), server).prop_map(|(from, to)| Step::Sync { from, to }),
    ]
}

/// The definition: a version and every version that its writer's context held, and what
/// those had in theirs. Sets of numbers, as bits.
#[derive(Clone, Copy, Default)]
struct History {
    /// Everything ever seen here.
    known: u128,
}

proptest! {
    /// Clients read and write at any server, with contexts that may be stale and from
    /// elsewhere; servers sync as they like.
    #[test]
    fn siblings_are_exactly_the_versions_that_no_known_version_has_seen(
        steps in prop::collection::vec(step(), 1..120)
    ) {
        let mut servers: [Siblings; SERVERS] = Default::default();
        let mut histories = [History::default(); SERVERS];
        let mut contexts = vec![(VersionVector::default(), 0_u128); 4];
        // Of each version: its causal past, and its clock.
        let mut pasts: Vec<u128> = Vec::new();
        let mut clocks: Vec<DottedVersionVector> = Vec::new();
        for step in steps {
            match step {
                Step::Read { client, server } => {
                    contexts[client] = (servers[server].join(), histories[server].known);
                }
                Step::Write { client, server } => {
                    let version = pasts.len() as u32;
                    let (context, seen) = contexts[client].clone();
                    clocks.push(servers[server].update(&context, server as u8, version));
                    pasts.push(seen);
                    histories[server].known |= seen | 1 << version;
                }
                Step::Sync { from, to } => {
                    let other = servers[from].clone();
                    servers[to].sync(&other);
                    histories[to].known |= histories[from].known;
                }
            }
            for (server, history) in servers.iter().zip(&histories) {
                let known = (0..pasts.len()).filter(|&it| history.known >> it & 1 == 1);
                let seen = known.clone().fold(0, |seen, it| seen | pasts[it]);
                let expected: Vec<u32> =
                    known.filter(|&it| seen >> it & 1 == 0).map(|it| it as u32).collect();
                prop_assert_eq!(sorted(server), expected);
            }
        }
        for (one, clock) in clocks.iter().enumerate() {
            for (two, other) in clocks.iter().enumerate() {
                let expected = if one == two {
                    Causality::Equal
                } else if pasts[two] >> one & 1 == 1 {
                    Causality::Before
                } else if pasts[one] >> two & 1 == 1 {
                    Causality::After
                } else {
                    Causality::Concurrent
                };
                prop_assert_eq!(clock.compare(other), expected);
            }
        }
    }

    #[test]
    fn sync_is_commutative_associative_and_idempotent(
        steps in prop::collection::vec(step(), 1..60)
    ) {
        let mut servers: [Siblings; SERVERS] = Default::default();
        let mut contexts = vec![VersionVector::default(); 4];
        for (version, step) in steps.into_iter().enumerate() {
            match step {
                Step::Read { client, server } => contexts[client] = servers[server].join(),
                Step::Write { client, server } => {
                    servers[server].update(&contexts[client], server as u8, version as u32);
                }
                Step::Sync { from, to } => {
                    let other = servers[from].clone();
                    servers[to].sync(&other);
                }
            }
        }
        let joined = |parts: &[&Siblings]| {
            let mut all = parts[0].clone();
            parts[1..].iter().for_each(|part| all.sync(part));
            (sorted(&all), all.join().compare(&VersionVector::default()), all)
        };
        let [a, b, c] = &servers;
        prop_assert_eq!(joined(&[a, b]).0, joined(&[b, a]).0);
        let (ab, bc) = (joined(&[a, b]).2, joined(&[b, c]).2);
        prop_assert_eq!(joined(&[&ab, c]).2, joined(&[a, &bc]).2);
        prop_assert_eq!(sorted(&joined(&[a, a]).2), sorted(a));
    }
}
