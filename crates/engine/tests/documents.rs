//! Documents in running worlds: words that all stay, words that go with somebody else's
//! line, and words that come out mixed.
#![cfg(not(target_arch = "wasm32"))]

use std::rc::Rc;

use splitbrain_engine::design::{Choice, ServiceKind, Slot};
use splitbrain_engine::documents::{Edit, Line, MOST, WORDS, Word};
use splitbrain_engine::playground;
use splitbrain_engine::run::{Command, Direction, Player, Run, Target, TimedCommand};
use splitbrain_engine::sim::fact::{Fact, FactId, FactKind, HostId, OpKind, Outcome};
use splitbrain_engine::sim::node::{Action, Addr, Key, PaymentKey};
use splitbrain_engine::sim::time::Time;
use splitbrain_engine::view::StateView;

const PAGE: Key = Key::new(0, 0);
const FORMS: [&str; 3] = ["travels_operation", "travels_delta", "travels_state"];

fn at(ms: u64, command: Command) -> TimedCommand {
    TimedCommand {
        at: Time::from_ms(ms),
        command,
    }
}

fn word(id: &str) -> Word {
    Word::new(
        WORDS
            .iter()
            .position(|held| *held == id)
            .expect("a word that can be written") as u32,
    )
}

fn edit(ms: u64, customer: u16, kind: OpKind, at_word: u32, id: &str) -> TimedCommand {
    let edit = Edit {
        at: at_word,
        word: word(id),
    };
    let action = Action {
        kind,
        key: PAGE,
        argument: edit.argument(),
        payment_key: PaymentKey::Fresh,
        via: None,
    };
    at(ms, Command::Act { customer, action })
}

fn insert(ms: u64, customer: u16, at_word: u32, id: &str) -> TimedCommand {
    edit(ms, customer, OpKind::InsertWord, at_word, id)
}

fn delete(ms: u64, customer: u16, at_word: u32) -> TimedCommand {
    edit(ms, customer, OpKind::DeleteWord, at_word, "cats")
}

/// Every link between the first region and another, cut or healed.
fn alone(ms: u64, heals: bool) -> Vec<TimedCommand> {
    let links = (1..3).map(|to| {
        let (from, direction) = (0, Direction::Both);
        let command = if heals {
            Command::HealLink {
                from,
                to,
                direction,
            }
        } else {
            Command::CutLink {
                from,
                to,
                direction,
            }
        };
        at(ms, command)
    });
    links.collect()
}

fn played(merge: &str, form: &str, mut commands: Vec<TimedCommand>) -> Player {
    let choices = [(Slot::Merge, merge), (Slot::Travels, form)];
    let choices = choices.map(|(slot, policy)| Choice {
        service: ServiceKind::Documents,
        slot,
        policy: policy.into(),
    });
    let scenario = playground::documents_trial().with(&choices);
    assert_eq!(scenario.check(), []);
    let mut run = Run::new(Rc::new(scenario), 3);
    commands.sort_by_key(|timed| timed.at);
    run.commands = commands;
    let mut player = Player::new(run);
    player.jump(Target::Time(Time::from_ms(60_000)));
    player
}

/// What each region shows of the page.
fn shown(player: &Player) -> Vec<String> {
    let values = (0..3).map(|region| {
        let entries = player.world().view(Addr::new(HostId(region), 0));
        let held = entries.iter().find(|entry| entry.key == PAGE);
        let line = held.map_or_else(Line::default, |entry| Line::from_value(entry.value));
        let words: Vec<&str> = line.words.iter().map(|word| word.id()).collect();
        words.join(" ")
    });
    values.collect()
}

fn facts(player: &Player, kind: FactKind) -> Vec<(FactId, Fact)> {
    let facts = player.trace().range(FactId(0), player.end());
    facts
        .filter(|(_, fact)| fact.kind() == kind)
        .map(|(id, fact)| (id, *fact))
        .collect()
}

/// "cats sleep", then each of two customers in two regions that cannot reach each other puts
/// two words before it.
fn two_at_once() -> Vec<TimedCommand> {
    let mut commands = vec![
        insert(1_000, 0, 0, "cats"),
        insert(1_600, 0, 1, "sleep"),
        insert(6_000, 0, 0, "big"),
        insert(7_000, 0, 1, "old"),
        insert(6_100, 2, 0, "red"),
        insert(7_100, 2, 1, "quiet"),
    ];
    commands.extend(alone(5_000, false));
    commands.extend(alone(10_000, true));
    commands
}

#[test]
fn a_sequence_keeps_the_words_of_both_and_keeps_them_together() {
    for form in FORMS {
        let player = played("sequence", form, two_at_once());
        let both = [
            "big old red quiet cats sleep",
            "red quiet big old cats sleep",
        ];
        let shows = shown(&player);
        assert!(both.contains(&shows[0].as_str()), "{form}: {}", shows[0]);
        assert_eq!(shows, vec![shows[0].clone(); 3], "{form}");
        assert!(facts(&player, FactKind::ValueOverwritten).is_empty());
    }
}

#[test]
fn positions_keep_the_words_of_both_and_mix_them() {
    for form in FORMS {
        let player = played("logoot", form, two_at_once());
        let mixed = [
            "big red old quiet cats sleep",
            "red big quiet old cats sleep",
        ];
        let shows = shown(&player);
        assert!(mixed.contains(&shows[0].as_str()), "{form}: {}", shows[0]);
        assert_eq!(shows, vec![shows[0].clone(); 3], "{form}");
        assert!(facts(&player, FactKind::ValueOverwritten).is_empty());
    }
}

#[test]
fn the_last_writer_takes_the_others_words_with_her_line() {
    let player = played("last_writer_wins", FORMS[0], two_at_once());
    assert_eq!(shown(&player), ["red quiet cats sleep"; 3]);
    assert!(!facts(&player, FactKind::ValueOverwritten).is_empty());
}

#[test]
fn a_word_says_after_which_other_it_stands_and_who_deleted_it() {
    for form in FORMS {
        let commands = vec![
            insert(1_000, 0, 0, "cats"),
            insert(3_000, 2, 1, "run"),
            delete(5_000, 0, 0),
        ];
        let player = played("sequence", form, commands);
        assert_eq!(shown(&player), ["run"; 3], "{form}");
        let accepted = facts(&player, FactKind::WriteAccepted);
        let writes: Vec<u32> = accepted.iter().map(|(id, _)| id.0).collect();
        let [cats, run, deletion] = writes[..] else {
            panic!("{writes:?}");
        };
        let subjects = |kind| -> Vec<[u32; 3]> {
            let all = facts(&player, kind).into_iter();
            all.map(|(_, fact)| [fact.a, fact.b, fact.c]).collect()
        };
        let inserted = subjects(FactKind::WordInserted);
        let first = [cats, PAGE.0, FactId::NONE.0];
        let second = [run, PAGE.0, cats];
        assert_eq!(inserted, [[first; 3], [second; 3]].concat(), "{form}");
        let deleted = subjects(FactKind::WordDeleted);
        assert_eq!(deleted, [[deletion, PAGE.0, cats]; 3], "{form}");
    }
}

#[test]
fn a_word_for_which_there_is_no_room_is_refused_under_every_design() {
    for merge in ["sequence", "logoot", "last_writer_wins"] {
        let words = (0..=MOST as u64).map(|turn| insert(1_000 + 500 * turn, 0, 99, "dogs"));
        let player = played(merge, FORMS[0], words.collect());
        assert_eq!(shown(&player), ["dogs dogs dogs dogs dogs dogs dogs"; 3]);
        let told = facts(&player, FactKind::OperationReturned);
        let last = told.last().unwrap().1;
        assert_eq!((last.outcome(), last.c), (Some(Outcome::Failed), 413));
        assert_eq!(facts(&player, FactKind::WriteAccepted).len(), MOST);
    }
}

#[test]
fn of_two_who_delete_one_word_both_are_told_and_one_word_goes() {
    let mut commands = vec![
        insert(1_000, 0, 0, "cats"),
        insert(2_000, 0, 1, "run"),
        delete(6_000, 0, 0),
        delete(6_000, 2, 0),
        delete(15_000, 0, 5),
    ];
    commands.extend(alone(5_000, false));
    commands.extend(alone(10_000, true));
    let player = played("sequence", FORMS[0], commands);
    assert_eq!(shown(&player), ["run"; 3]);
    let told = facts(&player, FactKind::OperationReturned);
    let told: Vec<u32> = told.iter().map(|(_, fact)| fact.c).collect();
    assert_eq!(told, [200, 200, 200, 200, 404]);
}

#[test]
fn what_is_inside_shows_words_by_their_dots_and_what_was_deleted() {
    let commands = vec![
        insert(1_000, 0, 0, "cats"),
        insert(2_000, 0, 1, "run"),
        delete(3_000, 0, 0),
    ];
    let player = played("sequence", FORMS[0], commands);
    let state = player.world().state(Addr::new(HostId(1), 0));
    let [StateView::Parts { parts, .. }] = &state[..] else {
        panic!("{state:?}");
    };
    let rows: Vec<(&str, usize)> = { parts.iter() }
        .map(|part| (part.id, part.rows.len()))
        .collect();
    assert_eq!(rows, [("letters", 1), ("deleted", 1), ("waiting", 0)]);
}
