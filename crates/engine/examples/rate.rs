//! Prints events and facts a second on the busy world: a first look at speed.
use splitbrain_engine::{
    playground,
    run::{Player, Run, Target},
    sim::{fact::FactKind, time::Time},
};
use std::rc::Rc;
fn main() {
    let mut player = Player::new(Run::new(Rc::new(playground::busy()), 1));
    let begin = std::time::Instant::now();
    player.jump(Target::Time(Time::from_ms(600_000)));
    let s = begin.elapsed().as_secs_f64();
    println!(
        "{} events {} facts {:.2} s {:.2} M ev/s digest {:x} sim/real {:.0}",
        player.world().events(),
        player.world().facts(),
        s,
        player.world().events() as f64 / s / 1e6,
        player.world().digest(),
        600.0 / s
    );
    let mut world = player.run().world();
    let begin = std::time::Instant::now();
    while world
        .next_at(&[])
        .is_some_and(|at| at <= Time::from_ms(600_000))
    {
        world.step(&[], None);
    }
    let s = begin.elapsed().as_secs_f64();
    println!(
        "not recording {:.2} M ev/s",
        world.events() as f64 / s / 1e6
    );
    let mut p = Player::new(Run::new(Rc::new(playground::playground()), 1));
    p.jump(Target::Time(Time::from_ms(60_000)));
    let mut n = std::collections::BTreeMap::new();
    for (_, f) in p
        .trace()
        .range(splitbrain_engine::sim::fact::FactId(0), p.end())
    {
        *n.entry(f.kind()).or_insert(0u32) += 1;
    }
    println!("{n:?} {:?}", FactKind::ALL.len());
}
