//! Runs of small worlds as text, and what their scripts have in common.

use std::fmt::Write as _;
use std::rc::Rc;

use splitbrain_engine::run::{Command, Direction, Player, Run, Target, TimedCommand};
use splitbrain_engine::scenario::Scenario;
use splitbrain_engine::sim::fact::{FactId, FactKind, OpKind, Outcome};
use splitbrain_engine::sim::node::{Key, PaymentKey};
use splitbrain_engine::sim::time::Time;

use crate::worlds::action;

/// A run's facts as text, a line each, for people and for comparison.
pub(crate) fn trace_of(scenario: Scenario, commands: &[(u64, Command)]) -> String {
    trace_until(6_000, scenario, commands)
}

pub(crate) fn trace_until(end_ms: u64, scenario: Scenario, commands: &[(u64, Command)]) -> String {
    let mut run = Run::new(Rc::new(scenario), 1);
    run.commands = commands
        .iter()
        .map(|&(ms, command)| TimedCommand {
            at: Time::from_ms(ms),
            command,
        })
        .collect();
    let mut player = Player::new(run);
    player.jump(Target::Time(Time::from_ms(end_ms)));
    let mut text = String::new();
    for (id, fact) in player.trace().range(FactId(0), player.end()) {
        let detail = match fact.kind() {
            FactKind::MessageSent => format!("{:?}", fact.message().unwrap()),
            FactKind::OperationStarted | FactKind::WriteAccepted => {
                OpKind::from_number(fact.flag()).unwrap().id().into()
            }
            FactKind::OperationReturned => Outcome::from_number(fact.flag()).unwrap().id().into(),
            _ => String::new(),
        };
        let cause = if fact.cause.is_some() {
            fact.cause.0.to_string()
        } else {
            "-".into()
        };
        writeln!(
            text,
            "{:4} {:>9} h{} {} h{} ({} {} {}) because {cause} {detail}",
            id.0,
            fact.at().0,
            fact.host.0,
            fact.kind().id(),
            fact.peer.0,
            fact.a,
            fact.b,
            fact.c,
        )
        .unwrap();
    }
    text
}

pub(crate) fn act(customer: u16, kind: OpKind, service: u8, argument: u32) -> Command {
    Command::Act {
        customer,
        action: action(kind, Key::new(service, 0), argument, PaymentKey::Fresh),
    }
}

pub(crate) const CUT: Command = Command::CutLink {
    from: 0,
    to: 1,
    direction: Direction::Both,
};
pub(crate) const HEAL: Command = Command::HealLink {
    from: 0,
    to: 1,
    direction: Direction::Both,
};
