//! A leader that is asked to hand over does so once, however busy it is, and nobody is left
//! without an answer (Ongaro, "Consensus: bridging theory and practice", section 3.10).
#![cfg(not(target_arch = "wasm32"))]

use std::rc::Rc;

use splitbrain_engine::design::{Choice, ServiceKind, Slot};
use splitbrain_engine::playground::three_and_three;
use splitbrain_engine::run::{Command, Direction, Player, Run, Target, TimedCommand};
use splitbrain_engine::sim::fact::{Fact, FactId, FactKind, HostId, OpKind, Outcome};
use splitbrain_engine::sim::node::{Action, Key, PaymentKey, Value};
use splitbrain_engine::sim::time::Time;

/// Who leads, who is to lead, and when that is asked for.
const LEADER: u8 = 0;
const NEXT: u8 = 2;
const ASKED_MS: u64 = 4_000;

fn at(ms: u64, command: Command) -> TimedCommand {
    let at = Time::from_ms(ms);
    TimedCommand { at, command }
}

/// Every 30 ms somebody writes, unless she still waits: much more often than the region that
/// is to lead can be reached.
fn writes() -> impl Iterator<Item = TimedCommand> {
    (0..100_u32).map(|place| {
        let customer = (place % 2) as u16;
        let action = Action {
            kind: OpKind::Write,
            key: Key::new(0, place % 4),
            argument: Value(40 + place),
            payment_key: PaymentKey::Fresh,
            via: Some(customer as u8),
        };
        let ms = ASKED_MS - 1_000 + u64::from(place) * 30;
        at(ms, Command::Act { customer, action })
    })
}

fn played(mut commands: Vec<TimedCommand>) -> Player {
    let mut scenario = three_and_three();
    scenario.retry.attempts = 1;
    scenario.retry.timeout_us = 20_000_000;
    let scenario = scenario.with(&[Choice {
        service: ServiceKind::Prices,
        slot: Slot::Replication,
        policy: "consensus".into(),
    }]);
    assert_eq!(scenario.check(), []);
    commands.push(at(1_000, Command::PromoteRegion { region: LEADER }));
    commands.push(at(ASKED_MS, Command::PromoteRegion { region: NEXT }));
    commands.extend(writes());
    commands.sort_by_key(|command| command.at);
    let mut run = Run::new(Rc::new(scenario), 5);
    run.commands = commands;
    let mut player = Player::new(run);
    player.jump(Target::Time(Time::from_ms(20_000)));
    player
}

fn facts(player: &Player, kind: FactKind) -> Vec<Fact> {
    let all = player.trace().range(FactId(0), player.end());
    let held = all.map(|(_, fact)| *fact);
    held.filter(|fact| fact.kind() == kind).collect()
}

/// Who began to lead after it was asked for.
fn promoted(player: &Player) -> Vec<HostId> {
    let all = facts(player, FactKind::RegionPromoted).into_iter();
    let later = all.filter(|fact| fact.at() >= Time::from_ms(ASKED_MS));
    later.map(|fact| fact.host).collect()
}

/// How many of the writes ended each way: saved, refused, and neither known.
fn outcomes(player: &Player) -> [usize; 3] {
    let mut counts = [0; 3];
    for fact in facts(player, FactKind::OperationReturned) {
        let place = match fact.outcome() {
            Some(Outcome::Ok) => 0,
            Some(Outcome::Failed) => 1,
            _ => 2,
        };
        counts[place] += 1;
    }
    counts
}

#[test]
fn a_busy_leader_hands_over_at_the_first_asking_and_leaves_nobody_in_doubt() {
    let player = played(Vec::new());
    assert_eq!(promoted(&player), [HostId(u16::from(NEXT))]);
    let down = facts(&player, FactKind::SteppedDown);
    let flagged = down
        .iter()
        .filter(|fact| fact.flag() & Fact::HANDED_OVER != 0);
    assert_eq!(flagged.count(), 1, "{down:?}");
    let [saved, refused, in_doubt] = outcomes(&player);
    assert_eq!(in_doubt, 0);
    assert!(saved > refused, "{saved} saved, {refused} refused");
}

#[test]
fn a_leader_whose_successor_is_cut_off_gives_up_and_takes_what_it_held() {
    let cut = Command::CutLink {
        from: LEADER,
        to: NEXT,
        direction: Direction::Both,
    };
    // After it has asked, and before it has all that was written meanwhile.
    let player = played(vec![at(ASKED_MS + 120, cut)]);
    assert!(!promoted(&player).contains(&HostId(u16::from(NEXT))));
    let [saved, refused, in_doubt] = outcomes(&player);
    assert_eq!([refused, in_doubt], [0, 0], "{saved} saved");
    // Some waited until the leader gave it up.
    let told = facts(&player, FactKind::OperationReturned).into_iter();
    let longest_us = told.filter_map(|end| {
        let begin = player.trace().get(FactId(end.a))?;
        Some(end.at().0 - begin.at().0)
    });
    assert!(longest_us.max().is_some_and(|us| us > 1_000_000));
}
