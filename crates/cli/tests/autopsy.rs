//! `splitbrain autopsy`, called as people call it.

mod splitbrain;

use serde_json::Value;
use splitbrain::{complained, folder, said, splitbrain};

/// A clock in Europe is set five seconds ahead; then a price is written there, and another
/// one in America before that one can have arrived.
const FAST_CLOCK: &str = r#"
format = 1
id = "fast-clock"
seed = 5
end_ms = 20000

[scenario]
regions = ["us-east-1", "eu-west-1", "ap-northeast-1"]
items = ["lamp"]
list_price = 100
customers = [{ name = "Mika", near = "us-east-1" }, { name = "Nora", near = "eu-west-1" }]

[scenario.services.prices]
replication = "multi_master"
merge = "last_writer_wins"

[[commands]]
at_ms = 500
do = "step_clock"
region = "eu-west-1"
offset_ms = 5000

[[commands]]
at_ms = 1000
do = "write_price"
customer = "Nora"
item = "lamp"
value = 80

[[commands]]
at_ms = 1030
do = "write_price"
customer = "Mika"
item = "lamp"
value = 90
"#;

fn file(name: &str) -> String {
    let file = folder(name).join("fast-clock.toml");
    std::fs::write(&file, FAST_CLOCK).expect("it can be written");
    file.to_string_lossy().into_owned()
}

#[test]
fn the_lost_write_is_found_and_the_clock_is_named_in_both_languages() {
    let file = file("autopsy-languages");
    for (lang, sentence) in [
        (
            "en",
            "because the clock of eu-west-1 ran 5.0\u{a0}s ahead of that of us-east-1",
        ),
        (
            "uk",
            "бо годинник eu-west-1 поспішав на 5,0\u{a0}с проти годинника us-east-1",
        ),
    ] {
        let output = splitbrain(&["autopsy", &file, "--lang", lang]);
        assert_eq!(output.status.code(), Some(0), "{}", complained(&output));
        assert!(said(&output).contains(sentence), "{}", said(&output));
    }
}

#[test]
fn an_operation_can_be_asked_about_by_its_number_and_read_by_a_program() {
    let file = file("autopsy-json");
    let all = splitbrain(&["autopsy", &file, "--json"]);
    let all: Value = serde_json::from_str(&said(&all)).expect("it is JSON");
    assert_eq!(all.as_array().map(Vec::len), Some(1));
    let lost = &all[0];
    assert_eq!(
        (&lost["loss"], &lost["conclusion"]),
        (&"lost".into(), &"fast_clock".into())
    );
    assert_eq!(lost["lost"]["argument"], 90);
    let wall = |side: &Value| side["accepted"]["wall_us"].as_i64().expect("a number");
    assert!(wall(&lost["won"]) > wall(&lost["lost"]));
    let other = lost["won"]["op"].to_string();
    let other = splitbrain(&["autopsy", &file, "--op", &other, "--json"]);
    let other: Value = serde_json::from_str(&said(&other)).expect("it is JSON");
    assert_eq!(
        (&other[0]["loss"], &other[0]["conclusion"]),
        (&"none".into(), &"shown".into())
    );
}

#[test]
fn where_nothing_is_lost_it_says_so_and_a_number_that_is_no_write_is_refused() {
    let file = file("autopsy-none");
    let none = splitbrain(&["autopsy", &file, "--until", "900ms"]);
    assert_eq!(none.status.code(), Some(0), "{}", complained(&none));
    assert!(said(&none).starts_with("No write"), "{}", said(&none));
    for number in ["0", "999999"] {
        let refused = splitbrain(&["autopsy", &file, "--op", number]);
        assert_eq!(refused.status.code(), Some(2));
        assert!(complained(&refused).contains("no write and no payment"));
    }
}
