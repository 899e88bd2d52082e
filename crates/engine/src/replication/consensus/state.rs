//! What panels show of a member.

use super::replica::{Replica, Role};
use crate::view::{Reign, RoleView, StateView};

/// What it is in its group.
pub(super) fn role(member: &Replica) -> RoleView {
    match member.role {
        Role::Leader => RoleView::Leader,
        Role::Follower if member.is_witness(member.region()) => RoleView::Witness,
        Role::Follower => RoleView::Follower,
        Role::PreCandidate | Role::Candidate => RoleView::Candidate,
    }
}

/// Its role, its log up to what is committed, and, of a leader, who follows how far and
/// which writes are filling up.
pub(super) fn of(member: &Replica, state: &mut Vec<StateView>) {
    let role = role(member);
    let of = Reign::Term(member.term);
    state.push(StateView::Role { role, of });
    state.push(StateView::log(&member.log, member.commit));
    if member.role != Role::Leader {
        return;
    }
    if let Some(handing) = &member.handing {
        state.push(StateView::HandingOver {
            region: handing.to,
            held: handing.held.len() as u32,
        });
    }
    let needed = member.majority() as u8;
    for waiting in &member.waiting {
        let has = |region: &u8| {
            let has_it = *region == member.region()
                || member.peers[*region as usize].matched > waiting.place;
            has_it && member.is_voter(*region)
        };
        let answered = (0..member.setup.regions).filter(has);
        state.push(StateView::Waiting {
            key: waiting.asked.request.key,
            op: waiting.asked.request.op,
            is_write: true,
            answered: answered.fold(0, |mask, region| mask | 1 << region),
            needed,
        });
    }
    let others = (0..member.setup.regions).filter(|&region| region != member.region());
    for region in others {
        let matched = member.peers[region as usize].matched;
        state.extend(StateView::behind(&member.log, region, matched));
    }
}
