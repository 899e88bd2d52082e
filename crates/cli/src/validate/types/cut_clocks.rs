//! Merges after which the map of `crdts` may show what was written over or deleted.
//!
//! Its map gives each value the whole clock of its writer, of all keys, and tells by that
//! clock which of two values is newer. When maps merge it also cuts such clocks: by what the
//! other side has seen of the map without this key, and by what was deleted of the key. A
//! value goes when nothing of its clock is left. If its writer had seen writes of others,
//! their events stay in the clock when the value's own event is cut, and so does the value;
//! and where they are cut from the clock of the newer value, that one no longer covers it.
//!
//! So a merge is [`is_doubtful`] if all of this is true of some write: one side still shows
//! it; the other has seen it replaced or deleted; its writer had seen another replica's
//! write; and its key is not empty after the merge, for then the whole key goes.
//!
//! By the specification, and by Almeida, Shoker and Baquero, "Delta state replicated data
//! types", 2018, section 7.4.2, what was seen and removed stays away whatever its writer knew.

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

/// Whether the map of `crdts` may bring something back when `into` hears of all that `from`
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
        let knew_others = facts().any(|(by, known)| {
            has(fact.past, by) && is_put(known) && known.writer.dot.origin != origin
        });
        let is_key_alive = facts().any(|(by, beside)| {
            is_put(beside) && key_of(beside.act) == key_of(fact.act) && stands(both, by)
        });
        is_split && knew_others && is_key_alive
    })
}
