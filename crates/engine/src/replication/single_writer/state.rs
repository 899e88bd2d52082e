//! What panels show of a region.

use super::replica::{Replica, Role};
use crate::view::{Reign, RoleView, StateView};

/// Its role and its log; of the writer, what every follower has of it, how far each is
/// behind, and which writes wait for confirmations.
pub(super) fn of(replica: &Replica, state: &mut Vec<StateView>) {
    let role = match replica.role {
        Role::Writer => RoleView::Writer,
        Role::Follower => RoleView::Follower,
        Role::Candidate => RoleView::Candidate,
    };
    let of = Reign::Epoch(replica.epoch);
    state.push(StateView::Role { role, of });
    let length = replica.log.len();
    if replica.role != Role::Writer {
        return state.push(StateView::log(&replica.log, length));
    }
    let matched = |region: u8| replica.peers[region as usize].matched.min(length);
    let everywhere = replica.others().map(matched).min().unwrap_or(length);
    state.push(StateView::log(&replica.log, everywhere));
    for waiting in &replica.waiting {
        let has = |region: &u8| matched(*region) > waiting.place;
        let followers = replica.others().filter(has);
        state.push(StateView::Waiting {
            key: waiting.asked.request.key,
            op: waiting.asked.request.op,
            is_write: true,
            answered: followers.fold(1 << replica.region(), |mask, region| mask | 1 << region),
            needed: replica.settings.confirmations + 1,
        });
    }
    for region in replica.others() {
        state.extend(StateView::behind(&replica.log, region, matched(region)));
    }
}
