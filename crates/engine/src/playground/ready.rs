//! Ready worlds: one situation each that somebody can open and try something in.
//!
//! Each is the free playground with something else in the place of its services, so that
//! regions, people and physics are what one knows already. What there is to try stands in
//! the catalogues of words under `world.ID.try`.

use super::{chat, likes, orders, playground, profiles, stock};
use crate::scenario::{Scenario, Service, ServiceKind, Slot};
use crate::workload::Habits;

/// Those that a menu offers, the free playground first.
pub const READY: &[fn() -> Scenario] = &[
    playground, sessions, homes, queues, lock, chat, orders, profiles, likes, stock, report, clocks,
];

/// The playground under another id, with this design for a service.
fn with(id: &str, kind: ServiceKind, design: &[(Slot, &str)]) -> Scenario {
    let mut scenario = playground();
    scenario.id = id.into();
    let design = design
        .iter()
        .map(|(slot, policy)| (*slot, (*policy).into()));
    let service = Service {
        kind,
        design: design.collect(),
    };
    match scenario.services.iter_mut().find(|held| held.kind == kind) {
        Some(held) => *held = service,
        None => scenario.services.push(service),
    }
    scenario
}

/// One writer for carts, read at the nearest region, and customers with a token of what
/// they have seen.
pub fn sessions() -> Scenario {
    with(
        "sessions",
        ServiceKind::Carts,
        &[
            (Slot::Replication, "single_writer_asynchronous"),
            (Slot::Reads, "reads_at_replicas"),
            (Slot::Session, "session_token"),
        ],
    )
}

/// Carts that live where their owners do, and a shopkeeper who asks about all of them.
pub fn homes() -> Scenario {
    let mut scenario = with(
        "homes",
        ServiceKind::Carts,
        &[(Slot::Replication, "geo_sharded")],
    );
    for customer in &mut scenario.customers {
        if customer.habits == Habits::SHOPKEEPER {
            customer.habits.read_all = 20;
        }
    }
    scenario
}

/// Carts behind a queue to each other region.
pub fn queues() -> Scenario {
    with(
        "queues",
        ServiceKind::Carts,
        &[(Slot::Replication, "regional_queues_without_deduplication")],
    )
}

/// Prices under one lock for all regions.
pub fn lock() -> Scenario {
    with(
        "lock",
        ServiceKind::Prices,
        &[(Slot::Replication, "global_lock_without_fence")],
    )
}

/// The shop, and a report that every region is to make once at a time.
pub fn report() -> Scenario {
    with(
        "report",
        ServiceKind::Jobs,
        &[(Slot::Schedule, "everywhere")],
    )
}

/// The shop, whose regions' clocks are set by a reference clock.
pub fn clocks() -> Scenario {
    with(
        "clocks",
        ServiceKind::Time,
        &[(Slot::TimeSource, "reference_clock")],
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::playground::ALL;
    use crate::run::{Player, Run, Target};
    use crate::sim::time::Time;
    use std::rc::Rc;

    #[test]
    fn every_ready_world_is_sound_has_an_id_of_its_own_and_can_be_opened_by_link() {
        let mut ids = Vec::new();
        for world in READY {
            let scenario = world();
            assert_eq!(scenario.check(), [], "{}", scenario.id);
            assert!(
                ALL.iter().any(|known| known() == scenario),
                "{}",
                scenario.id
            );
            assert!(!ids.contains(&scenario.id), "{}", scenario.id);
            ids.push(scenario.id);
        }
    }

    #[test]
    fn something_happens_in_each_of_them() {
        for world in READY {
            let mut player = Player::new(Run::new(Rc::new(world()), 1));
            player.jump(Target::Time(Time(20_000_000)));
            assert!(player.trace().len() > 500, "{}", player.run().scenario.id);
        }
    }
}
