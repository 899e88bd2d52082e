//! Bytes and hashes of every version ever published, which links carry and which mean the
//! same for ever.
#![cfg(not(target_arch = "wasm32"))]
#![expect(
    clippy::unwrap_used,
    reason = "a fixture that is not what it was fails the test"
)]

mod worlds;

use std::rc::Rc;

use splitbrain_engine::playground::{chat, playground, stock};
use splitbrain_engine::run::{Command, Direction, TimedCommand};
use splitbrain_engine::scenario::{Choice, ServiceKind, Slot};
use splitbrain_engine::sim::fact::OpKind;
use splitbrain_engine::sim::node::{Action, Key, PaymentKey, Value};
use splitbrain_engine::sim::time::Time;
use splitbrain_engine::wire::{Envelope, WireError, content_hash};

use worlds::{action, five};

const VERSION_1: &str = include_str!("golden/run-v1.hex");

fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<u8> = hex.bytes().filter(u8::is_ascii_hexdigit).collect();
    let pair = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
    digits.chunks(2).map(pair).collect()
}

/// One of every command.
fn published() -> Envelope {
    let act = |customer, action| Command::Act { customer, action };
    let commands = [
        act(
            0,
            action(OpKind::Write, Key::new(0, 3), 110, PaymentKey::Fresh),
        ),
        act(
            8,
            Action {
                via: Some(4),
                ..action(OpKind::Pay, Key::new(2, 8), 45, PaymentKey::Previous)
            },
        ),
        Command::CutLink {
            from: 0,
            to: 1,
            direction: Direction::Both,
        },
        Command::HealLink {
            from: 1,
            to: 0,
            direction: Direction::OneWay,
        },
        Command::CrashRegion { region: 2 },
        Command::RestartRegion { region: 2 },
        Command::StepClock {
            region: 3,
            offset_us: -5_000_000,
            drift_ppm: 200,
        },
        Command::DropNextReply {
            region: 4,
            customer: Some(7),
        },
        Command::DegradeLink {
            from: 2,
            to: 3,
            loss_ppm: 1,
            duplicate_ppm: 2,
            reorder_ppm: 300_000,
            extra_us: 40_000,
        },
    ];
    Envelope {
        engine_revision: 1,
        scenario: "playground".into(),
        scenario_hash: 0x0123_4567_89AB_CDEF,
        choices: vec![Choice {
            service: ServiceKind::Carts,
            slot: Slot::Merge,
            policy: "last_writer_wins".into(),
        }],
        seed: u64::MAX,
        commands: (1_000_000..)
            .step_by(250_000)
            .zip(commands)
            .map(|(at, command)| TimedCommand {
                at: Time(at),
                command,
            })
            .collect(),
        cursor: Time(4_350_000),
        digest: 0xFEDC_BA98_7654_3210,
    }
}

#[test]
fn bytes_of_version_1_decode_for_ever() {
    assert_eq!(Envelope::decode(&bytes(VERSION_1)), Ok(published()));
    assert_eq!(published().encode(), bytes(VERSION_1));
}

/// Hashes that links of worlds without likes and stock carry.
const HASH_OF_THE_PLAYGROUND: u64 = 4_653_454_580_760_422_469;
const HASH_OF_THE_STOCK: u64 = 2_024_169_250_206_398_702;
const HASH_OF_THE_CHAT: u64 = 9_757_593_540_538_304_095;

/// Commands that came later, in the same version: their bytes, tags first.
const LATER: &[(&str, Command)] = &[
    ("01 02 0c 00 01 01 00 00", counted(OpKind::Like, 1)),
    ("01 02 0d 00 01 01 00 00", counted(OpKind::Unlike, 1)),
    ("01 02 0e 00 01 02 00 00", counted(OpKind::Buy, 2)),
    ("01 02 0f 00 01 05 00 00", counted(OpKind::Restock, 5)),
    (
        "01 02 10 00 01 83 04 00 00",
        counted(OpKind::InsertWord, 0x203),
    ),
    ("01 02 11 00 01 03 00 00", counted(OpKind::DeleteWord, 3)),
    ("09 02", Command::PromoteRegion { region: 2 }),
    ("0a 01", Command::PauseRegion { region: 1 }),
    ("0b 01", Command::ResumeRegion { region: 1 }),
    (
        "0c 03 90a10f",
        Command::SlowRegion {
            region: 3,
            extra_us: 250_000,
        },
    ),
    (
        "0d 01 07 02",
        Command::MoveHome {
            key: Key::new(1, 7),
            region: 2,
        },
    ),
];

const fn counted(kind: OpKind, argument: u32) -> Command {
    Command::Act {
        customer: 2,
        action: Action {
            kind,
            key: Key::new(0, 1),
            argument: Value(argument),
            payment_key: PaymentKey::Fresh,
            via: None,
        },
    }
}

#[test]
fn choices_of_what_travels_decode_for_ever() {
    let mut envelope = published();
    envelope.choices = vec![Choice {
        service: ServiceKind::Stock,
        slot: Slot::Travels,
        policy: "travels_delta".into(),
    }];
    let encoded = envelope.encode();
    let choice = bytes("01 08 13");
    assert!(encoded.windows(3).any(|window| window == choice));
    assert_eq!(Envelope::decode(&encoded), Ok(envelope));
}

#[test]
fn habits_that_came_later_change_no_hash_of_a_scenario_without_them() {
    assert_eq!(content_hash(&playground()), HASH_OF_THE_PLAYGROUND);
    assert_eq!(content_hash(&chat()), HASH_OF_THE_CHAT);
    let mut liked = playground();
    liked.customers[0].habits.like = 1;
    assert_ne!(content_hash(&liked), HASH_OF_THE_PLAYGROUND);
    assert_eq!(content_hash(&stock()), HASH_OF_THE_STOCK);
    let mut moved = stock();
    moved.customers[0].habits.change_address = 1;
    assert_ne!(content_hash(&moved), HASH_OF_THE_STOCK);
}

#[test]
fn commands_that_came_later_decode_for_ever() {
    let mut envelope = published();
    for &(hex, command) in LATER {
        envelope.commands.clear();
        let none = envelope.encode();
        envelope.commands = vec![TimedCommand {
            at: Time(5),
            command,
        }];
        let mut expected = none[..none.len() - 1].to_vec();
        expected.extend([1, 5]);
        expected.extend(bytes(hex));
        assert_eq!(envelope.encode(), expected, "{hex}");
        assert_eq!(Envelope::decode(&expected), Ok(envelope.clone()));
    }
}

#[test]
fn what_is_wrong_with_bytes_is_said_with_its_place() {
    let good = bytes(VERSION_1);
    let error = |bytes: &[u8]| Envelope::decode(bytes).unwrap_err().to_string();
    assert_eq!(
        error(&[]),
        "the data ends at byte 0, where version was expected"
    );
    assert_eq!(
        error(&[9]),
        "format version 9 is newer than version 1, the newest known here"
    );
    assert_eq!(
        error(&good[..good.len() - 1]),
        format!(
            "the data ends at byte {}, where extra delay was expected",
            good.len() - 1
        )
    );
    let mut long = good.clone();
    long.push(0);
    assert_eq!(
        error(&long),
        format!("1 bytes are left over after the end at byte {}", good.len())
    );
    assert!(matches!(
        Envelope::decode(&vec![1; 5 << 20]),
        Err(WireError::TooLarge { .. })
    ));
    let mut foreign = published();
    foreign.commands[4].command = Command::CrashRegion { region: 9 };
    assert!(matches!(
        foreign.open(Rc::new(playground())),
        Err(WireError::Foreign { command: 4, .. })
    ));
    let mut unknown = published();
    unknown.choices[0].policy = "first_writer_wins".into();
    assert_eq!(
        unknown.open(Rc::new(playground())).unwrap_err().to_string(),
        "services.carts.merge: first_writer_wins is not allowed; allowed: \
         last_writer_wins, hybrid_last_writer_wins, arrival_order, own_on_equal, \
         observed_remove_set, g_set, two_phase_set, lww_element_set, tombstone_set, \
         remove_wins_set, published_add_wins_set, region_tag_set, early_collecting_set, \
         cart_by_maximum"
    );
}

#[test]
fn choices_of_when_removals_are_forgotten_decode_for_ever() {
    let mut envelope = published();
    envelope.choices = vec![Choice {
        service: ServiceKind::Carts,
        slot: Slot::Collection,
        policy: "collect_never".into(),
    }];
    let encoded = envelope.encode();
    let choice = bytes("01 02 14");
    assert!(encoded.windows(3).any(|window| window == choice));
    assert_eq!(Envelope::decode(&encoded), Ok(envelope));
}

#[test]
fn a_slot_that_came_later_changes_no_hash_of_a_scenario_that_does_not_fill_it() {
    let written = (Slot::Replication, "single_writer_asynchronous");
    let hash = |session: Option<&str>| {
        let session = session.map(|policy| (Slot::Session, policy));
        let choices: Vec<_> = [written].into_iter().chain(session).collect();
        content_hash(&five(&choices))
    };
    assert_eq!(hash(None), hash(Some("no_session")));
    assert_ne!(hash(None), hash(Some("session_token")));
    // Of the last revision that had no sessions.
    assert_eq!(hash(None), 16_717_686_250_671_027_120);
}
