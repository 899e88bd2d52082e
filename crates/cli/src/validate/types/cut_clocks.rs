//! Merges after which the map of `crdts` may show what was written over or deleted, or one
//! write twice.
//!
//! Its map gives each value the whole clock of its writer, of all keys, and tells by that
//! clock which of two values is newer. When maps merge it also cuts such clocks: by what the
//! other side has seen of the map without this key, and by what was deleted of the key. A
//! value goes when nothing of its clock is left. If its writer had seen writes of others,
//! their events stay in the clock when the value's own event is cut, and so does the value;
//! and where they are cut from the clock of the newer value, that one no longer covers it.
//! If there were two others, two sides may cut the clock of one value in two ways of which
//! neither covers the other: then it stands beside itself.
//!
//! So a merge is [`is_doubtful`] if one of these is true of some write. *It may come back*:
//! one side still shows it; the other has seen it replaced or deleted; its writer had seen
//! another replica's write; and its key is not empty after the merge, for then the whole key
//! goes. *It may be doubled*: both sides show it, and its writer had seen the writes of two
//! other replicas.
//!
//! By the specification, and by Almeida, Shoker and Baquero, "Delta state replicated data
//! types", 2018, section 7.4.2, what was seen and removed stays away whatever its writer knew.

use splitbrain_engine::crdt::laws::history::REPLICAS;
use splitbrain_engine::crdt::laws::specification::Fact;
use splitbrain_engine::crdt::laws::world::World;
use splitbrain_engine::crdt::replicated::Act;

const fn key_of(act: Act) -> Option<u8> {
    match act {
        Act::Put { key, .. } | Act::Delete(key) => Some(key),
        _ => None,
    }
}

const fn is_put(fact: &Fact) -> bool {
    matches!(fact.act, Act::Put { .. })
}

/// Whether the map of `crdts` may be wrong when `into` hears of all that `from`
/// has. It asks what was done and seen alone, never a replica.
pub(super) fn is_doubtful(world: &World, from: usize, into: usize) -> bool {
    let facts = || (0..).zip(&world.facts);
    let has = |seen: u64, at: u32| seen >> at & 1 == 1;
    // Whether somebody who has seen this has seen the write replaced or deleted.
    let is_gone = |seen: u64, at: u32| {
        let key = key_of(world.facts[at as usize].act);
        facts().any(|(by, fact)| has(seen, by) && has(fact.past, at) && key_of(fact.act) == key)
    };
    let (one, other) = (world.seen[from], world.seen[into]);
    let both = one | other;
    let stands = |seen: u64, at: u32| has(seen, at) && !is_gone(seen, at);
    facts().filter(|(_, fact)| is_put(fact)).any(|(at, fact)| {
        let is_split =
            stands(one, at) && is_gone(other, at) || stands(other, at) && is_gone(one, at);
        let origin = fact.writer.dot.origin;
        let others = (0..REPLICAS).filter(|&other| {
            let is_known = |known: &Fact| is_put(known) && known.writer.dot.origin == other;
            other != origin && facts().any(|(by, known)| has(fact.past, by) && is_known(known))
        });
        let others = others.count();
        let is_shared = stands(one, at) && stands(other, at);
        let is_key_alive = facts().any(|(by, beside)| {
            is_put(beside) && key_of(beside.act) == key_of(fact.act) && stands(both, by)
        });
        let may_come_back = is_split && others > 0 && is_key_alive;
        may_come_back || is_shared && others > 1
    })
}
