//! `splitbrain check` and `splitbrain validate` as people call them.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn splitbrain(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_splitbrain"))
        .args(arguments)
        .output()
        .expect("the command starts")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn complained(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn data(name: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/data/porcupine");
    root.join(name).display().to_string()
}

fn written(name: &str, text: &[u8]) -> String {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("check");
    std::fs::create_dir_all(&folder).expect("a folder can be made");
    let path = folder.join(name);
    std::fs::write(&path, text).expect("it can be written");
    path.display().to_string()
}

/// The columns of each line.
fn columns(output: &Output) -> Vec<Vec<String>> {
    let lines = said(output);
    let columns = |line: &str| line.split('\t').map(str::to_owned).collect();
    lines.lines().map(columns).collect()
}

#[test]
fn a_line_a_file_has_its_verdict_its_operations_and_a_time() {
    let files = [data("jepsen/etcd_002.log"), data("kv/c10-bad.txt")];
    let output = splitbrain(&["check", &files[0], &files[1]]);
    assert_eq!(output.status.code(), Some(0), "{}", complained(&output));
    let lines = columns(&output);
    assert_eq!(lines.len(), 2);
    for (line, file, verdict) in [
        (&lines[0], &files[0], "linearizable"),
        (&lines[1], &files[1], "not-linearizable"),
    ] {
        assert_eq!(line[..2], [file.clone(), verdict.to_owned()]);
        assert!(line[2].parse::<u32>().expect("a count") > 50, "{line:?}");
        assert!(line[3].parse::<f64>().expect("a time") >= 0.0, "{line:?}");
        assert_eq!(line.len(), 4);
    }
}

const STALE: &str = r#"[
  { "process": 0, "f": "write", "value": 1, "call": 0, "return": 10 },
  { "process": 0, "f": "write", "value": 2, "call": 20, "return": 30 },
  { "process": 1, "f": "read", "value": 1, "call": 40, "return": 50 },
  { "process": 1, "f": "read", "value": 2, "call": 60, "return": 70 }
]"#;

#[test]
fn the_witness_is_a_timeline_of_the_fewest_operations() {
    let file = written("stale.json", STALE.as_bytes());
    let output = splitbrain(&["check", "--witness", &file]);
    assert_eq!(output.status.code(), Some(0), "{}", complained(&output));
    let said = said(&output);
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines.len(), 5, "{said}");
    assert!(lines[1].contains("replaced before"), "{said}");
    assert_eq!(lines[2].trim_end(), "    0: write 1  |-----|");
    assert_eq!(lines[3].trim_end(), "    0: write 2              |-----|");
    assert_eq!(
        lines[4].trim_end(),
        "    1: read 1                           |-----|"
    );
    let ukrainian = splitbrain(&["check", "--witness", "--lang", "uk", &file]);
    assert!(self::said(&ukrainian).contains("замінено раніше"));
}

#[test]
fn all_adds_the_weaker_condition() {
    let file = written("stale_all.json", STALE.as_bytes());
    let lines = columns(&splitbrain(&["check", "--all", &file]));
    let verdicts: Vec<[&str; 2]> = lines.iter().map(|line| [&*line[1], &*line[2]]).collect();
    // The second process could have been slow: one order of all keeps both programs.
    assert_eq!(
        verdicts,
        [["linearizable", "violated"], ["sequential", "holds"]]
    );
}

#[test]
fn json_has_everything() {
    let file = written("stale_json.json", STALE.as_bytes());
    let output = splitbrain(&["check", "--json", &file]);
    let json: serde_json::Value = serde_json::from_str(&said(&output)).expect("JSON");
    assert_eq!(json["format"], "json");
    assert_eq!(json["model"], "register");
    let verdict = &json["verdicts"][0];
    assert_eq!(verdict["verdict"], "violated");
    assert_eq!(verdict["witness"]["kind"], "stale_read");
    assert_eq!(
        verdict["witness"]["operations"].as_array().map(Vec::len),
        Some(3)
    );
    assert_eq!(verdict["witness"]["operations"][2]["did"], "read 1");
}

#[test]
fn a_budget_that_is_too_small_leaves_a_file_undecided() {
    let output = splitbrain(&["check", "--budget", "10", &data("jepsen/etcd_002.log")]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(columns(&output)[0][1], "undecided");
}

#[test]
fn an_unreadable_file_is_named_with_its_line_and_the_others_are_still_checked() {
    let bad = written(
        "bad.log",
        b"INFO  jepsen.util - 0\t:invoke\t:read\tnil\nINFO  jepsen.util - 1\t:ok\t:read\t3\n",
    );
    let output = splitbrain(&["check", &bad, "/does/not/exist", &data("kv/c01-ok.txt")]);
    assert_eq!(output.status.code(), Some(2));
    let complained = complained(&output);
    assert!(complained.contains("bad.log, line 2: expected a call of this process first"));
    assert!(complained.contains("/does/not/exist"));
    assert_eq!(columns(&output).len(), 1);
    assert_eq!(columns(&output)[0][1], "linearizable");
}

#[test]
fn files_that_are_no_histories_say_what_was_expected() {
    for (name, bytes, words) in [
        ("empty", &b""[..], "a history in a known format"),
        (
            "binary",
            &b"INFO jepsen.util - \xff\xfe"[..],
            "text in UTF-8",
        ),
        (
            "cut.json",
            &b"[{\"process\": 0, \"f\""[..],
            "the end of the file",
        ),
        (
            "cut.edn",
            &b"[{:process 0, :type :invoke"[..],
            "the end of the file",
        ),
    ] {
        let output = splitbrain(&["check", &written(name, bytes)]);
        assert_eq!(output.status.code(), Some(2), "{name}");
        assert!(
            complained(&output).contains(words),
            "{}",
            complained(&output)
        );
    }
}

#[test]
fn a_model_that_does_not_know_an_operation_is_refused() {
    let file = written("stale_model.json", STALE.as_bytes());
    let output = splitbrain(&["check", "--model", "queue", &file]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        complained(&output).contains("found write 1"),
        "{}",
        complained(&output)
    );
    let unknown = splitbrain(&["check", "--model", "tree", &file]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(complained(&unknown).contains("cas-register"));
}

#[test]
fn validating_counts_histories_and_finds_no_difference() {
    let output = splitbrain(&["validate", "lin", "--histories", "3000"]);
    assert_eq!(output.status.code(), Some(0), "{}", complained(&output));
    let said = said(&output);
    let numbers: Vec<u64> = said
        .lines()
        .filter_map(|line| line.split_whitespace().last()?.parse().ok())
        .collect();
    assert_eq!((numbers[0], numbers[4]), (3000, 0), "{said}");
    assert!(numbers[2] > 500 && numbers[3] > 500, "{said}");
}

#[test]
fn a_file_of_transactions_has_the_strongest_level_that_holds() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/data/awdit");
    let mut seen = 0;
    for level in ["none", "read-committed", "read-atomic", "causal"] {
        for file in std::fs::read_dir(root.join(level)).expect("the data are there") {
            let path = file.expect("a file").path().display().to_string();
            let output = splitbrain(&["check", &path]);
            assert_eq!(output.status.code(), Some(0), "{}", complained(&output));
            assert_eq!(columns(&output)[0][1], level, "{path}");
            seen += 1;
        }
    }
    assert_eq!(seen, 9);
}

#[test]
fn a_damaged_file_of_transactions_is_named_with_its_line() {
    let bad = written("damaged.txt", b"w 0 1\n-----\nr 0 x\n=====\n");
    let output = splitbrain(&["check", "--format", "awdit", &bad]);
    assert_eq!(output.status.code(), Some(2));
    let complained = complained(&output);
    assert!(
        complained.contains("damaged.txt:3: expected a value"),
        "{complained}"
    );
}
