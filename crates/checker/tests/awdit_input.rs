//! The reader of AWDIT's format takes anything at all without a panic.
#![cfg(not(target_arch = "wasm32"))]

use proptest::prelude::*;
use splitbrain_checker::history::sample::Dice;
use splitbrain_checker::transactions::sample::random_sessions;
use splitbrain_checker::transactions::*;

/// A history as a file.
fn written(sessions: &[Vec<Transaction>]) -> String {
    let operation = |it: &Operation| match it.access {
        Access::Read(value) => format!("r {} {}\n", it.key, value.map_or(0, |it| it.0)),
        Access::Write(value) => format!("w {} {value}\n", it.key),
    };
    let transaction = |it: &Transaction| it.operations.iter().map(operation).collect::<String>();
    let session = |it: &Vec<Transaction>| {
        let transactions: Vec<_> = it.iter().map(transaction).collect();
        transactions.join("-----\n")
    };
    let sessions: Vec<_> = sessions.iter().map(session).collect();
    sessions.join("=====\n")
}

/// Reads it, and judges what can be read.
fn take(bytes: &[u8]) {
    for repeats in [Repeats::Refuse, Repeats::TakeLast] {
        match awdit::read("a.txt", bytes, repeats) {
            Ok(history) => {
                for model in Model::ALL {
                    check(&history, model).expect("few sessions");
                }
            }
            Err(error) => assert!(error.to_string().starts_with("a.txt:"), "{error}"),
        }
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(seed in any::<u64>()) {
        let mut dice = Dice::new(seed);
        let mut sessions = random_sessions(&mut dice, 30, 4);
        sessions.iter_mut().flatten().for_each(|it| it.status = Status::Committed);
        sessions.retain(|it| !it.is_empty());
        let text = written(&sessions);
        let history = awdit::read("a.txt", text.as_bytes(), Repeats::Refuse).unwrap();
        let again = |session: u32| {
            let transactions = history.session(session).map(|it| {
                let operations = history.operations_of(it).map(|it| history.operation(it));
                Transaction::committed(operations.collect())
            });
            transactions.collect::<Vec<_>>()
        };
        let again: Vec<_> = (0..history.session_count()).map(again).collect();
        prop_assert_eq!(written(&again), text);
    }

    #[test]
    fn random_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        take(&bytes);
    }

    #[test]
    fn random_lines_are_read_or_refused(
        lines in proptest::collection::vec("[rw=-]{0,3}[ \t]?[0-9]{0,2} ?[0-9]{0,2}[\r\n]{0,2}", 0..40)
    ) {
        take(lines.concat().as_bytes());
    }

    #[test]
    fn damaged_files_are_read_or_refused(
        seed in any::<u64>(),
        damage in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>(), 0..3_u8), 1..8),
    ) {
        let mut bytes = written(&random_sessions(&mut Dice::new(seed), 20, 3)).into_bytes();
        for (at, byte, how) in damage {
            let at = at.index(bytes.len());
            match how {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                _ => bytes.truncate(at + 1),
            }
        }
        take(&bytes);
    }
}
