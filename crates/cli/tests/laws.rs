//! `splitbrain laws` as people call it.

mod splitbrain;

use serde_json::Value;
use splitbrain::{complained, folder, said, splitbrain};
use splitbrain_engine::crdt::catalogue::all;

/// The laws of the only type or rule that was asked for.
fn told(arguments: &[&str], code: i32) -> Value {
    let arguments = [&["laws", "--json"], arguments].concat();
    let output = splitbrain(&arguments);
    assert_eq!(output.status.code(), Some(code), "{}", complained(&output));
    let rows: Value = serde_json::from_str(&said(&output)).expect("JSON");
    assert_eq!(rows.as_array().map(Vec::len), Some(1));
    rows[0].clone()
}

fn law<'a>(row: &'a Value, id: &str) -> &'a Value {
    let mut laws = row["laws"].as_array().expect("laws").iter();
    laws.find(|it| it["law"] == id).expect("the law is there")
}

#[test]
fn a_sound_type_keeps_every_law_that_says_something_of_it() {
    let row = told(&["observed_remove_set", "--histories", "500"], 0);
    assert_eq!(
        (&row["id"], &row["sound"]),
        (&"observed_remove_set".into(), &true.into())
    );
    for it in row["laws"].as_array().expect("laws") {
        if it["law"] == "bounds" || it["law"] == "no_interleaving" {
            assert_eq!((&it["tried"], &it["holds"]), (&0.into(), &Value::Null));
        } else {
            assert!(it["tried"].as_u64() > Some(1_000), "{it}");
            assert_eq!(it["holds"], true);
        }
    }
}

#[test]
fn a_broken_law_comes_with_the_smallest_history_that_breaks_it() {
    let row = told(&["cart_by_maximum", "--histories", "500"], 0);
    assert_eq!(
        (&row["sound"], &row["as_expected"]),
        (&false.into(), &true.into())
    );
    assert_eq!(law(&row, "idempotent")["holds"], true);
    let broken = &law(&row, "updates_go_up")["counterexample"];
    let steps = broken["steps"].as_array().expect("steps");
    let names: Vec<&Value> = steps.iter().map(|it| &it["step"]).collect();
    assert_eq!(names, ["A: raise(0, 1)", "A: lower(0, 1)"]);
    assert_eq!(steps[1]["replicas"][0]["value"], "{}");
    assert_eq!(broken["found"]["value"], "{0: 1}");
    assert_eq!(broken["expected"]["value"], "{}");
    assert_eq!(law(&row, "operations")["counterexample"]["orders"][0][0], 1);
}

#[test]
fn the_same_is_told_step_by_step_in_the_language_asked_for() {
    let output = splitbrain(&["laws", "cart_by_maximum", "--histories", "500"]);
    let table = said(&output);
    assert!(table.contains("Broken on purpose"), "{table}");
    assert!(table.contains(" 1. A: raise(0, 1)   {0: 1}"), "{table}");
    let after = "A merged with what it was before its last update is {0: 1}, and not {}.";
    assert!(table.contains(after), "{table}");
    let output = splitbrain(&[
        "laws",
        "cart_by_maximum",
        "--histories",
        "500",
        "--lang",
        "uk",
    ]);
    assert!(said(&output).contains("ПОРУШЕНО"), "{}", said(&output));
}

#[test]
fn without_a_name_every_type_and_rule_is_tried() {
    let output = splitbrain(&["laws", "--histories", "1", "--json"]);
    // One history does not find what the broken types break, and that is said.
    assert_eq!(output.status.code(), Some(1));
    let rows: Value = serde_json::from_str(&said(&output)).expect("JSON");
    let ids = { rows.as_array().unwrap().iter() }.map(|row| row["id"].as_str().unwrap());
    assert!(ids.eq(all().map(|entry| entry.info.id)), "{rows}");
    let output = splitbrain(&["laws", "stock_counter", "--histories", "1"]);
    assert!(
        said(&output).contains("known to break"),
        "{}",
        said(&output)
    );
}

#[test]
fn a_rule_in_words_is_tried_and_a_broken_one_is_bad_news() {
    let row = told(&["--rule", "price: minimum"], 1);
    assert_eq!((&row["id"], &row["sound"]), (&Value::Null, &Value::Null));
    let broken = law(&row, "updates_go_up");
    assert_eq!(broken["counterexample"]["steps"][1]["step"], "A: write(2)");
    let row = told(&["--rule", "growing cart: per item per replica maximum"], 0);
    assert_eq!(row["as_expected"], true);
}

#[test]
fn rules_stand_in_a_file_one_a_line() {
    let folder = folder("laws");
    let path = folder.join("rules.txt");
    let name = path.display().to_string();
    std::fs::write(
        &path,
        "# two\ngrowing set: union\n\n  status: a < b # in order\n",
    )
    .expect("it can be written");
    let output = splitbrain(&["laws", "--rule", &name, "--histories", "200"]);
    assert_eq!(output.status.code(), Some(0), "{}", complained(&output));
    assert!(said(&output).contains("growing set: union\n"));
    assert!(said(&output).contains("\nstatus: a < b\n"));
    // All that is wrong is said at once, each with its line.
    std::fs::write(&path, "set: sum\n\n prize: minimum\n").expect("it can be written");
    let output = splitbrain(&["laws", "--rule", &name]);
    assert_eq!(output.status.code(), Some(2));
    let told = complained(&output);
    assert!(
        told.contains("rules.txt:1:6: expected union or intersection"),
        "{told}"
    );
    assert!(
        told.contains("rules.txt:3:2: expected count, cart"),
        "{told}"
    );
    for (content, why) in [
        ("# nothing\n".to_owned(), "no rule"),
        ("set: union\n".repeat(101), "100 rules"),
        ("#".repeat(70_000), "64 KiB"),
    ] {
        std::fs::write(&path, content).expect("it can be written");
        let output = splitbrain(&["laws", "--rule", &name]);
        assert_eq!(output.status.code(), Some(2));
        assert!(complained(&output).contains(why), "{}", complained(&output));
    }
}

#[test]
fn what_is_no_type_and_no_rule_is_said() {
    for (arguments, why) in [
        (
            ["laws", "abacus"].as_slice(),
            "known are g_counter, pn_counter",
        ),
        (
            &["laws", "--rule", "price minimum"],
            "character 7: expected a colon",
        ),
        (&["laws", "--rule", "no-such-file"], "no-such-file"),
        (
            &["laws", "g_set", "--rule", "set: union"],
            "cannot be used with",
        ),
        (&["laws", "--histories", "0"], "--histories"),
    ] {
        let output = splitbrain(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(complained(&output).contains(why), "{}", complained(&output));
    }
}
