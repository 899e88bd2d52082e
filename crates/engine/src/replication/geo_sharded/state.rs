//! What panels show of a region.

use splitbrain_sorted::Map;

use super::replica::Replica;
use crate::sim::fact::FactId;
use crate::view::{MoveStage, StateView};

/// Keys that are shown to be at home in a region, at most.
const HOMES_SHOWN: usize = 8;

/// The keys that are at home here, each with its epoch, and those on the move.
pub(super) fn of(replica: &Replica, state: &mut Vec<StateView>) {
    let here = replica.region();
    let mut homes = Map::new();
    for (key, _) in replica.values.iter() {
        homes.insert(key, replica.seats.logged(key).epoch);
    }
    for (key, epoch) in replica.seats.logged_at(here) {
        homes.insert(key, epoch);
    }
    let keys = homes.iter().map(|(&key, &epoch)| (key, epoch));
    state.push(StateView::Homes {
        keys: keys.take(HOMES_SHOWN).collect(),
        more: homes.len().saturating_sub(HOMES_SHOWN) as u32,
    });
    for (parcel, since) in &replica.parcels {
        state.push(StateView::Moving {
            key: parcel.key,
            region: parcel.seat.home,
            stage: MoveStage::Leaving,
            held: 0,
            since: *since,
        });
    }
    let mut coming = Map::new();
    for wish in &replica.wishes {
        coming.insert(wish.key, 0);
    }
    for held in &replica.held {
        *coming.get_or_insert_with(held.asked.request.key, || 0) += 1;
    }
    for (&key, &held) in coming.iter() {
        let stage = if replica.is_coming(key) {
            MoveStage::Arriving
        } else {
            MoveStage::Asked
        };
        // Of a key that is on its way here it is known who had it in the log last.
        let region = replica.seats.logged(key).home;
        state.push(StateView::Moving {
            key,
            region,
            stage,
            held,
            since: FactId::NONE,
        });
    }
}
