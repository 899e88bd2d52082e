//! `splitbrain validate` as people call it: a thousandth of its full size.

mod splitbrain;

use splitbrain::{complained, folder, root, said, splitbrain};

/// A validation, by its row of JSON.
fn row(name: &str) -> serde_json::Value {
    let output = splitbrain(&["validate", name, "--histories", "1000", "--json"]);
    assert_eq!(output.status.code(), Some(0), "{}", complained(&output));
    let rows: serde_json::Value = serde_json::from_str(&said(&output)).expect("JSON");
    assert_eq!(rows.as_array().map(Vec::len), Some(1));
    assert_eq!(rows[0]["name"], name);
    assert_eq!(rows[0]["passed"], true, "{rows}");
    is_told_in_every_language(&rows[0]);
    rows[0].clone()
}

/// What the terminal says in its own language stands there in every other too.
fn is_told_in_every_language(row: &serde_json::Value) {
    for part in ["what", "size", "result", "expected"] {
        assert_eq!(row["texts"]["en"][part], row[part], "{row}");
        let ukrainian = row["texts"]["uk"][part].as_str().expect("it is there");
        let is_cyrillic = |it: char| ('а'..='я').contains(&it);
        assert!(ukrainian.contains(is_cyrillic), "{part}: {ukrainian}");
    }
}

fn agrees(name: &str) {
    let counts = &row(name)["counts"];
    assert_eq!(counts["size"]["n"], 1000);
    assert_eq!(counts["result"]["n"], 0);
    for verdict in ["holds", "violated"] {
        assert!(counts["result"][verdict].as_u64() > Some(100), "{counts}");
    }
}

#[test]
fn three_ways_to_decide_linearizability_agree() {
    agrees("lin");
}

#[test]
fn the_weak_models_are_what_their_definitions_say() {
    agrees("weak");
}

#[test]
fn nothing_keeps_a_model_and_breaks_a_weaker_one() {
    agrees("lattice");
}

#[test]
fn published_histories_get_their_published_verdicts() {
    let counts = &row("data")["counts"];
    assert_eq!(counts["result"]["n"], 65);
    assert_eq!(counts["result"]["undecided"], 0);
}

#[test]
fn the_published_staleness_and_latency_come_out_of_the_quorum_store() {
    let row = row("pbs");
    let counts = &row["counts"];
    assert_eq!(counts["size"]["trials"], 20_000);
    assert_eq!(counts["result"]["n"], 44);
    assert_eq!(counts["result"]["off"], 0);
    // The paper's own figures stand beside, with why they are lower.
    let figures = row["beside"].as_array().expect("they are there");
    let printed: Vec<u64> = figures
        .iter()
        .filter_map(|it| it["printed_us"].as_u64())
        .collect();
    assert_eq!(printed, [1_850, 1_790, 45_500, 43_300, 13_600]);
    for figure in figures {
        assert!(figure["printed_us"].as_u64() < figure["expected_us"].as_u64());
        assert!(figure["found_us"].as_u64() > Some(1_000), "{figure}");
    }
    for lang in ["en", "uk"] {
        assert!(row["texts"][lang]["why"].as_str().map(str::len) > Some(100));
    }
}

#[test]
fn hybrid_clocks_keep_their_laws() {
    let counts = &row("hybrid")["counts"];
    assert_eq!(counts["size"]["n"], 1000);
    assert_eq!(counts["result"]["n"], 0);
    assert!(counts["size"]["pairs"].as_u64() > Some(10_000), "{counts}");
}

#[test]
fn consensus_keeps_what_its_proof_says_and_every_mistake_is_caught() {
    let counts = &row("consensus")["counts"];
    assert_eq!(counts["result"]["n"], 0);
    assert_eq!(counts["result"]["undecided"], 0);
    assert_eq!(counts["result"]["caught"], 13);
    assert!(counts["size"]["changes"].as_u64() > Some(10), "{counts}");
    assert!(counts["size"]["elections"].as_u64() > Some(100), "{counts}");
}

#[test]
fn data_types_are_what_their_specifications_and_another_library_say() {
    let output = splitbrain(&["validate", "types", "--histories", "3000", "--json"]);
    assert_eq!(output.status.code(), Some(0), "{}", complained(&output));
    let rows: serde_json::Value = serde_json::from_str(&said(&output)).expect("JSON");
    let counts = &rows[0]["counts"];
    assert_eq!(
        (&counts["size"]["types"], &counts["size"]["n"]),
        (&14.into(), &3000.into())
    );
    assert_eq!(counts["result"]["n"], 0, "{}", complained(&output));
    // The map of crdts is set aside by what happened in a trace, before it is looked at.
    assert!(counts["result"]["aside"].as_u64() < Some(30), "{counts}");
    for compared in ["values", "beside"] {
        assert!(
            counts["result"][compared].as_u64() > Some(200_000),
            "{counts}"
        );
    }
}

#[test]
fn dotted_version_vectors_neither_explode_nor_see_a_conflict_where_there_is_none() {
    let counts = &row("siblings")["counts"];
    assert_eq!(
        (&counts["result"]["n"], &counts["result"]["most"]),
        (&0.into(), &4.into())
    );
    for exploding in ["blind", "under_one"] {
        assert!(counts["result"][exploding].as_u64() > Some(12), "{counts}");
    }
    assert!(counts["result"]["lost"].as_u64() > Some(100), "{counts}");
}

#[test]
fn the_table_has_a_row_a_validation_in_the_language_asked_for() {
    let table = said(&splitbrain(&[
        "validate",
        "lin",
        "lattice",
        "--histories",
        "500",
    ]));
    let lines: Vec<&str> = table.lines().collect();
    assert_eq!(lines.len(), 3, "{table}");
    assert!(
        lines[1].starts_with("lin ") && lines[1].ends_with("pass"),
        "{table}"
    );
    assert!(lines[1].contains("Korach"), "{table}");
    let ukrainian = splitbrain(&["validate", "lin", "--histories", "500", "--lang", "uk"]);
    assert!(
        said(&ukrainian).contains("500 історій"),
        "{}",
        said(&ukrainian)
    );
}

#[test]
fn a_verdict_that_is_not_the_published_one_fails_and_is_named() {
    let data = folder("validate-data");
    copy(&root().join("tests/data"), &data);
    let list = data.join("porcupine/jepsen/VERDICTS.txt");
    let verdicts = std::fs::read_to_string(&list).expect("it was copied");
    let wrong = verdicts.replace("etcd_002.log linearizable", "etcd_002.log not-linearizable");
    std::fs::write(&list, wrong).expect("it can be written");
    let data = data.display().to_string();
    let output = splitbrain(&["validate", "data", "--data", &data]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        said(&output).contains("64 as published, 1 otherwise"),
        "{}",
        said(&output)
    );
    assert!(complained(&output).contains("etcd_002.log: linearizable, published as"));
}

#[test]
fn what_cannot_be_validated_is_said() {
    let nowhere = splitbrain(&["validate", "data", "--data", "/does/not/exist"]);
    assert_eq!(nowhere.status.code(), Some(2));
    assert!(complained(&nowhere).contains("/does/not/exist"));
    let unknown = splitbrain(&["validate", "everything"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(complained(&unknown).contains("known are lin, weak, lattice, data"));
}

fn copy(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to).expect("a folder can be made");
    for entry in std::fs::read_dir(from).expect("it is there") {
        let entry = entry.expect("it can be read");
        let (path, to) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            copy(&path, &to);
        } else {
            std::fs::copy(&path, &to).expect("it can be copied");
        }
    }
}
