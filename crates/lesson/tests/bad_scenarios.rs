//! What is wrong with a file with a run is said once, where it stands.
#![cfg(not(target_arch = "wasm32"))]

use splitbrain_lesson::format::run_from_toml;

const SOUND: &str = r#"format = 1
id = "one-shop"
end_ms = 5000

[scenario]
regions = ["us-east-1", "eu-west-1"]
items = ["lamp", "mug"]
list_price = 100
customers = [{ name = "Mika", near = "us-east-1" }]

[scenario.services.prices]
replication = "quorum"

[[commands]]
at_ms = 5000
do = "write_price"
customer = "Mika"
item = "lamp"
value = 90
"#;

/// The errors of the file in which one text is replaced by another.
fn errors(from: &str, to: &str) -> Vec<String> {
    assert!(SOUND.contains(from), "{from}");
    let file = SOUND.replacen(from, to, 1);
    match run_from_toml("shop.toml", &file) {
        Ok(_) => Vec::new(),
        Err(errors) => errors.iter().map(ToString::to_string).collect(),
    }
}

#[test]
fn the_sound_one_is_sound() {
    assert_eq!(errors("format = 1", "format = 1"), Vec::<String>::new());
}

#[test]
fn an_item_that_stands_twice_is_named() {
    assert_eq!(
        errors("[\"lamp\", \"mug\"]", "[\"lamp\", \"lamp\"]"),
        ["shop.toml:7: scenario.items[1]: lamp stands here twice"]
    );
}

#[test]
fn a_command_after_the_end_is_named() {
    assert_eq!(
        errors("at_ms = 5000", "at_ms = 5001"),
        [
            "shop.toml:15: commands[0].at_ms: 5001 is not allowed; allowed: 0 to 5000, where the run ends"
        ]
    );
}

#[test]
fn a_home_that_no_key_has_cannot_be_moved() {
    let moved = "do = \"move_home\"\nitem = \"lamp\"\nregion = \"eu-west-1\"\n";
    let (head, _) = SOUND.split_once("do = ").expect("it has a command");
    let file = format!("{head}{moved}");
    let errors = run_from_toml("shop.toml", &file).expect_err("it has no homes");
    let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
    assert_eq!(
        errors,
        [
            "shop.toml:16: commands[0].do: move_home is not allowed; allowed: that of a service under geo_sharded"
        ]
    );
    let sharded = file.replacen("\"quorum\"", "\"geo_sharded\"", 1);
    assert!(run_from_toml("shop.toml", &sharded).is_ok());
}

#[test]
fn what_stands_beside_an_unknown_strategy_is_checked_as_well() {
    let wrong = "replication = \"quorums\"\ncopies = 3\nread_quorum = \"some\"\nspeed = 1";
    let errors = errors("replication = \"quorum\"", wrong);
    assert_eq!(errors.len(), 4, "{errors:?}");
    for expected in [
        "shop.toml:12: scenario.services.prices.replication: quorums is not allowed",
        "shop.toml:13: scenario.services.prices.copies: 3 is not allowed; allowed: 1 to 2",
        "shop.toml:14: scenario.services.prices.read_quorum: some is not allowed",
        "shop.toml:15: scenario.services.prices: unknown field speed",
    ] {
        assert!(
            errors.iter().any(|error| error.starts_with(expected)),
            "{expected}: {errors:?}"
        );
    }
}

#[test]
fn too_many_regions_are_told_once_and_not_again_where_they_are_used() {
    let names: Vec<String> = (0..10_000).map(|place| format!("\"r{place}\"")).collect();
    let regions = format!("[{}]", names.join(", "));
    let errors = errors("[\"us-east-1\", \"eu-west-1\"]", &regions);
    assert_eq!(errors.len(), 1, "{errors:?}");
    assert!(
        errors[0].starts_with("shop.toml:6: scenario.regions: "),
        "{errors:?}"
    );
}

#[test]
fn any_number_of_copies_and_answers_that_there_can_be_is_allowed() {
    let five = r#"["us-east-1", "eu-west-1", "ap-northeast-1", "sa-east-1", "ap-southeast-2"]"#;
    let errors_of = |copies: u8, read: u8, write: u8| {
        let file = SOUND.replacen(r#"["us-east-1", "eu-west-1"]"#, five, 1);
        let counts = format!(
            "replication = \"quorum\"\ncopies = {copies}\nread_quorum = {read}\nwrite_quorum = {write}"
        );
        let file = file.replacen("replication = \"quorum\"", &counts, 1);
        match run_from_toml("shop.toml", &file) {
            Ok(_) => Vec::new(),
            Err(errors) => errors.iter().map(ToString::to_string).collect(),
        }
    };
    for copies in 1..=5 {
        for read in 1..=copies {
            for write in 1..=copies {
                assert_eq!(errors_of(copies, read, write), Vec::<String>::new());
            }
        }
    }
    assert_eq!(
        errors_of(4, 5, 1),
        [
            "shop.toml:14: scenario.services.prices.read_quorum: 5 is not allowed; allowed: 1, 2, 3, 4 of 4"
        ]
    );
    assert_eq!(
        errors_of(6, 1, 1),
        [
            "shop.toml:13: scenario.services.prices.copies: 6 is not allowed; allowed: 1, 2, 3, 4, 5 of 5"
        ]
    );
}

#[test]
fn a_field_that_is_asked_for_twice_is_offered_once() {
    let wrong = "[scenario.services.payments]\nreplication = \"quorum\"\n\n[[commands]]";
    assert_eq!(
        errors("[[commands]]", wrong),
        [
            "shop.toml:14: scenario.services.payments.key_store: missing",
            "shop.toml:15: scenario.services.payments: unknown field replication; allowed: key_store"
        ]
    );
}
