//! What panels show of a region.

use super::replica::Replica;
use crate::view::StateView;

/// The locks, where they are kept; and which of its own writes wait for which regions.
pub(super) fn of(replica: &Replica, state: &mut Vec<StateView>) {
    replica.locks.state(state);
    for spread in &replica.spreading {
        if let Some((request, _)) = spread.waiting {
            state.push(StateView::Waiting {
                key: spread.key,
                op: request.op,
                is_write: true,
                answered: spread.answered,
                needed: replica.setup.regions,
            });
        }
    }
}
