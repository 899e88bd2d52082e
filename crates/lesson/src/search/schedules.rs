//! Schedules of faults and of what customers do meanwhile, by a seed. They know nothing of
//! what is judged under them.

use splitbrain_engine::documents::{Edit, Word};
use splitbrain_engine::measure::Chance;
use splitbrain_engine::records::{Field, Stage};
use splitbrain_engine::run::{Command, Direction, TimedCommand};
use splitbrain_engine::scenario::ServiceKind;
use splitbrain_engine::sim::dice::identity;
use splitbrain_engine::sim::fact::OpKind;
use splitbrain_engine::sim::node::{Action, Key, PaymentKey, Value};
use splitbrain_engine::sim::time::Time;

/// Faults stop here; after it every link is healed and every region runs, at its pace.
const CALM_MS: u64 = 12_000;

/// Two of so many regions.
fn pair(regions: u8, chance: &mut Chance) -> (u8, u8) {
    let region = chance.below(u64::from(regions)) as u8;
    let further = chance.below(u64::from(regions) - 1) as u8;
    (region, (region + 1 + further) % regions)
}

fn command(regions: u8, chance: &mut Chance) -> Command {
    let (region, other) = pair(regions, chance);
    let direction = [Direction::OneWay, Direction::Both][chance.below(2) as usize];
    match chance.below(16) {
        0 => Command::CutLink {
            from: region,
            to: other,
            direction,
        },
        1 => Command::HealLink {
            from: region,
            to: other,
            direction,
        },
        2 => Command::CrashRegion { region },
        3 => Command::RestartRegion { region },
        4 => Command::StepClock {
            region,
            offset_us: chance.below(4_000_000) as i64 - 2_000_000,
            // Mostly one that is set; now and then one that runs too fast or too slow for
            // any bound on drift.
            drift_ppm: [0, 0, 100_000, -100_000][chance.below(4) as usize],
        },
        5 => Command::DropNextReply {
            region,
            customer: None,
        },
        6 => Command::DegradeLink {
            from: region,
            to: other,
            loss_ppm: chance.below(400_000) as u32,
            duplicate_ppm: chance.below(400_000) as u32,
            reorder_ppm: chance.below(400_000) as u32,
            extra_us: chance.below(200_000) as u32,
        },
        7 => Command::PromoteRegion { region },
        8 => Command::PauseRegion { region },
        9 => Command::ResumeRegion { region },
        10 => Command::SlowRegion {
            region,
            extra_us: chance.below(1_000_000) as u32,
        },
        _ => {
            let (service, kind) = [
                (0, OpKind::Read),
                (0, OpKind::Write),
                (1, OpKind::Add),
                (1, OpKind::Add),
                (1, OpKind::Remove),
                (2, OpKind::Pay),
            ][chance.below(6) as usize];
            let customer = chance.below(4) as u16;
            let index = if service == 0 {
                0
            } else {
                u32::from(customer) / 2
            };
            Command::Act {
                customer,
                action: Action {
                    kind,
                    key: Key::new(service, index),
                    argument: Value(1 + chance.below(3) as u32),
                    payment_key: PaymentKey::Fresh,
                    via: None,
                },
            }
        }
    }
}

/// The change of what a read is to show.
fn changed(command: &Command, chance: &mut Chance) -> Option<Command> {
    let Command::Act { customer, action } = *command else {
        return None;
    };
    (action.kind == OpKind::Read).then(|| Command::Act {
        customer,
        action: Action {
            kind: OpKind::Write,
            argument: Value(1 + chance.below(3) as u32),
            ..action
        },
    })
}

/// Customers who act and faults that come, all at random.
pub(super) fn schedule(regions: u8, seed: u64) -> Vec<TimedCommand> {
    let mut chance = Chance::new(seed);
    let count = 8 + chance.below(24);
    let mut times: Vec<u64> = (0..count).map(|_| chance.below(CALM_MS * 1_000)).collect();
    times.sort_unstable();
    let mut commands = Vec::new();
    for at in times {
        let command = command(regions, &mut chance);
        let at = Time(at);
        // Who reads means to change what she reads, after a while.
        let change = changed(&command, &mut chance).map(|command| TimedCommand {
            at: Time(at.0 + chance.below(CALM_MS * 1_000 - at.0)),
            command,
        });
        commands.push(TimedCommand { at, command });
        commands.extend(change);
    }
    commands.sort_by_key(|timed| timed.at);
    end(regions, &mut commands);
    commands
}

/// Customers who go on reading what they write, here and there, while links are cut for
/// seconds, regions crash and replies get lost.
pub(super) fn conversation(regions: u8, seed: u64) -> Vec<TimedCommand> {
    let mut chance = Chance::new(identity(2, seed));
    let mut commands = Vec::new();
    for place in 0..40 {
        let customer = chance.below(4) as u16;
        let (service, index, kind, argument) = if chance.below(2) == 0 {
            (0, 0, OpKind::Write, 1 + place)
        } else {
            let kind = [OpKind::Add, OpKind::Remove][chance.below(2) as usize];
            (1, u32::from(customer) / 2, kind, 1 + chance.below(3) as u32)
        };
        let from = chance.below(CALM_MS * 1_000);
        let mut act = |at, kind| {
            let elsewhere = chance.below(3) == 0;
            let action = Action {
                kind,
                key: Key::new(service, index),
                argument: Value(argument),
                payment_key: PaymentKey::Fresh,
                via: elsewhere.then(|| chance.below(u64::from(regions)) as u8),
            };
            let command = Command::Act { customer, action };
            let at = Time(at);
            commands.push(TimedCommand { at, command });
        };
        act(from, kind);
        for later_us in [1_000, 300_000, 1_500_000] {
            act(from + later_us, OpKind::Read);
        }
    }
    faults(regions, &mut commands, &mut chance);
    commands.retain(|timed| timed.at < Time::from_ms(CALM_MS));
    commands.sort_by_key(|timed| timed.at);
    end(regions, &mut commands);
    commands
}

/// Customers who put two items into the carts that they share and take them out again,
/// under faults of seconds.
pub(super) fn baskets(regions: u8, seed: u64) -> Vec<TimedCommand> {
    let mut chance = Chance::new(identity(4, seed));
    let mut commands = Vec::new();
    for _ in 0..40 {
        let customer = chance.below(4) as u16;
        let action = Action {
            kind: [OpKind::Add, OpKind::Remove][chance.below(2) as usize],
            key: Key::new(1, u32::from(customer) / 2),
            argument: Value(1 + chance.below(2) as u32),
            payment_key: PaymentKey::Fresh,
            via: None,
        };
        let at = Time(chance.below(CALM_MS * 1_000));
        let command = Command::Act { customer, action };
        commands.push(TimedCommand { at, command });
    }
    faults(regions, &mut commands, &mut chance);
    commands.retain(|timed| timed.at < Time::from_ms(CALM_MS));
    commands.sort_by_key(|timed| timed.at);
    end(regions, &mut commands);
    commands
}

/// The same while one region is away: for seconds, or for longer than anybody waits.
pub(super) fn absences(regions: u8, seed: u64) -> Vec<TimedCommand> {
    /// The longest absence, in milliseconds.
    const AWAY_MS: u64 = 50_000;
    let mut chance = Chance::new(identity(7, seed));
    let mut commands = baskets(regions, seed);
    let away = chance.below(u64::from(regions)) as u8;
    let from_us = chance.below(CALM_MS * 1_000);
    let until_us = from_us + (2_000 + chance.below(AWAY_MS)) * 1_000;
    let (leaves, returns) = if chance.below(3) == 0 {
        let region = away;
        let leaves = vec![Command::CrashRegion { region }];
        (leaves, vec![Command::RestartRegion { region }])
    } else {
        let (to, direction) = (away, Direction::Both);
        let others = (0..regions).filter(|&region| region != away);
        let cut = |from| Command::CutLink {
            from,
            to,
            direction,
        };
        let heal = |from| Command::HealLink {
            from,
            to,
            direction,
        };
        let leaves = others.clone().map(cut).collect();
        (leaves, others.map(heal).collect())
    };
    // The others are well again while it is still away.
    let is_its = |command: &Command| match *command {
        Command::HealLink { from, to, .. } => from == away || to == away,
        Command::RestartRegion { region } => region == away,
        _ => false,
    };
    commands.retain(|timed| !is_its(&timed.command) || timed.at < Time(from_us));
    let at = |us, command| TimedCommand {
        at: Time(us),
        command,
    };
    commands.extend(leaves.into_iter().map(|it| at(from_us, it)));
    commands.extend(returns.into_iter().map(|it| at(until_us, it)));
    commands.sort_by_key(|timed| timed.at);
    commands
}

/// Customers who like two things and take it back, under faults of seconds.
pub(super) fn likes(regions: u8, seed: u64) -> Vec<TimedCommand> {
    counted(regions, identity(5, seed), |chance| {
        let kinds = [OpKind::Like, OpKind::Like, OpKind::Unlike, OpKind::Read];
        (kinds[chance.below(4) as usize], 1)
    })
}

/// Customers who buy more of two things than there are, while some come in now and then.
pub(super) fn stock(regions: u8, seed: u64) -> Vec<TimedCommand> {
    counted(regions, identity(6, seed), |chance| match chance.below(8) {
        0 => (OpKind::Restock, 1 + chance.below(3) as u32),
        1 => (OpKind::Read, 0),
        _ => (OpKind::Buy, 1 + chance.below(2) as u32),
    })
}

/// Customers who put words into two documents and take some out.
pub(super) fn documents(regions: u8, seed: u64) -> Vec<TimedCommand> {
    counted(regions, identity(7, seed), |chance| {
        let edit = Edit {
            at: chance.below(4) as u32,
            word: Word::new(chance.below(15) as u32),
        };
        match chance.below(6) {
            0 => (OpKind::Read, 0),
            1 | 2 => (OpKind::DeleteWord, edit.at),
            _ => (OpKind::InsertWord, edit.argument().0),
        }
    })
}

/// Customers who do such things to two items, under faults of seconds.
fn counted(
    regions: u8,
    seed: u64,
    choose: impl Fn(&mut Chance) -> (OpKind, u32),
) -> Vec<TimedCommand> {
    let mut chance = Chance::new(seed);
    let mut commands = Vec::new();
    for _ in 0..50 {
        let (kind, argument) = choose(&mut chance);
        let action = Action {
            kind,
            key: Key::new(0, chance.below(2) as u32),
            argument: Value(argument),
            payment_key: PaymentKey::Fresh,
            via: None,
        };
        let customer = chance.below(4) as u16;
        let at = Time(chance.below(CALM_MS * 1_000));
        let command = Command::Act { customer, action };
        commands.push(TimedCommand { at, command });
    }
    faults(regions, &mut commands, &mut chance);
    commands.retain(|timed| timed.at < Time::from_ms(CALM_MS));
    commands.sort_by_key(|timed| timed.at);
    end(regions, &mut commands);
    commands
}

/// Customers who ask, answer and read in two rooms, mostly where they live and now and
/// then elsewhere, under both kinds of faults: those of seconds and those at random.
pub(super) fn rooms(regions: u8, seed: u64) -> Vec<TimedCommand> {
    let mut chance = Chance::new(identity(3, seed));
    let mut commands = Vec::new();
    for _ in 0..60 {
        let customer = chance.below(4) as u16;
        let posts = chance.below(5) < 2;
        let elsewhere = chance.below(4) == 0;
        let action = Action {
            kind: if posts { OpKind::Write } else { OpKind::Read },
            key: Key::new(0, chance.below(2) as u32),
            argument: Value(chance.below(6) as u32),
            payment_key: PaymentKey::Fresh,
            via: elsewhere.then(|| chance.below(u64::from(regions)) as u8),
        };
        let at = Time(chance.below(CALM_MS * 1_000));
        let command = Command::Act { customer, action };
        commands.push(TimedCommand { at, command });
    }
    for _ in 0..chance.below(12) {
        let command = command(regions, &mut chance);
        let at = Time(chance.below(CALM_MS * 1_000));
        if !matches!(command, Command::Act { .. }) {
            commands.push(TimedCommand { at, command });
        }
    }
    faults(regions, &mut commands, &mut chance);
    commands.retain(|timed| timed.at < Time::from_ms(CALM_MS));
    commands.sort_by_key(|timed| timed.at);
    end(regions, &mut commands);
    // Everybody reads what there is at last.
    for customer in 0..4 {
        for room in 0..2 {
            let action = Action {
                kind: OpKind::Read,
                key: Key::new(0, room),
                argument: Value(0),
                payment_key: PaymentKey::Fresh,
                via: None,
            };
            let command = Command::Act { customer, action };
            let at = Time::from_ms(CALM_MS + 8_000);
            commands.push(TimedCommand { at, command });
        }
    }
    commands
}

/// The same faults as in [`schedule`], while customers write what is a record: fields of a
/// profile, or states of an order, where prices are written otherwise.
pub(super) fn records(regions: u8, seed: u64, service: ServiceKind) -> Vec<TimedCommand> {
    let mut commands = schedule(regions, seed);
    of_records(&mut commands, service);
    commands
}

/// Has customers write what is a record where they write prices, and do nothing else.
pub(super) fn of_records(commands: &mut Vec<TimedCommand>, service: ServiceKind) {
    let place = u8::from(service == ServiceKind::Profiles);
    commands.retain_mut(|timed| {
        let Command::Act { action, .. } = &mut timed.command else {
            return true;
        };
        let is_price = action.key.service() == 0;
        action.key = Key::new(place, 0);
        let drawn = action.argument.0;
        match (action.kind, service) {
            (OpKind::Write, ServiceKind::Profiles) => {
                action.kind = OpKind::WriteField;
                let field = Field::ALL[drawn as usize % Field::ALL.len()];
                action.argument = field.argument(drawn + (timed.at.0 % 1_000) as u32);
            }
            (OpKind::Write, _) => {
                let stages = Stage::ALL.len() as u64;
                action.argument = Value(1 + ((u64::from(drawn) + timed.at.0) % stages) as u32);
            }
            _ => {}
        }
        is_price
    });
}

/// Links that are cut and regions that are down for seconds, and replies that get lost.
fn faults(regions: u8, commands: &mut Vec<TimedCommand>, chance: &mut Chance) {
    for _ in 0..2 + chance.below(5) {
        let (from, to) = pair(regions, chance);
        let region = from;
        let at = chance.below(CALM_MS * 1_000);
        let until = at + 1_000_000 + chance.below(6_000_000);
        let direction = [Direction::OneWay, Direction::Both][chance.below(2) as usize];
        let (bad, good) = match chance.below(5) {
            0 | 1 => Command::cut_and_heal(from, to, direction).into(),
            2 => (
                Command::CrashRegion { region },
                Command::RestartRegion { region },
            ),
            3 => {
                let drop = Command::DropNextReply {
                    region,
                    customer: None,
                };
                (drop, drop)
            }
            _ => {
                let promote = Command::PromoteRegion { region };
                (promote, promote)
            }
        };
        for (at, command) in [(at, bad), (until, good)] {
            let at = Time(at);
            commands.push(TimedCommand { at, command });
        }
    }
}

/// The homes of the keys that these schedules touch are moved now and then.
pub(super) fn moves(regions: u8, seed: u64, commands: &mut Vec<TimedCommand>) {
    let mut chance = Chance::new(identity(3, seed));
    for _ in 0..2 + chance.below(8) {
        let (service, index) = [(0, 0), (1, 0), (1, 1)][chance.below(3) as usize];
        let command = Command::MoveHome {
            key: Key::new(service, index),
            region: chance.below(u64::from(regions)) as u8,
        };
        let at = Time(chance.below(CALM_MS * 1_000));
        commands.push(TimedCommand { at, command });
    }
    commands.sort_by_key(|timed| timed.at);
}

/// Every link is healed and every region runs from here on.
fn end(regions: u8, commands: &mut Vec<TimedCommand>) {
    let calm = |command| TimedCommand {
        at: Time::from_ms(CALM_MS),
        command,
    };
    let pairs = (0..regions).flat_map(|from| (from + 1..regions).map(move |to| (from, to)));
    for (from, to) in pairs {
        commands.push(calm(Command::HealLink {
            from,
            to,
            direction: Direction::Both,
        }));
        commands.push(calm(Command::DegradeLink {
            from,
            to,
            loss_ppm: 0,
            duplicate_ppm: 0,
            reorder_ppm: 0,
            extra_us: 0,
        }));
    }
    for region in 0..regions {
        commands.push(calm(Command::RestartRegion { region }));
        commands.push(calm(Command::ResumeRegion { region }));
        let extra_us = 0;
        commands.push(calm(Command::SlowRegion { region, extra_us }));
    }
}
