//! `splitbrain check` as people call it.

mod splitbrain;

use std::process::Output;

use splitbrain::{complained, folder, root, said, splitbrain};

fn data(name: &str) -> String {
    let path = root().join("tests/data").join(name);
    path.display().to_string()
}

/// A file with this in it, in a folder of its own: tests run beside one another.
fn written(name: &str, text: &[u8]) -> String {
    let path = folder(&format!("check-{name}")).join(name);
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
    let files = [
        data("porcupine/jepsen/etcd_002.log"),
        data("porcupine/kv/c10-bad.txt"),
    ];
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
    assert!(self::said(&ukrainian).contains("замінили ще до виклику"));
}

fn verdicts(output: &Output) -> Vec<[String; 2]> {
    let lines = columns(output).into_iter();
    lines
        .map(|line| [line[1].clone(), line[2].clone()])
        .collect()
}

const CONDITIONS: [&str; 8] = [
    "linearizable",
    "sequential",
    "causal-convergence",
    "causal",
    "read-your-writes",
    "monotonic-reads",
    "monotonic-writes",
    "writes-follow-reads",
];

#[test]
fn all_adds_every_weaker_condition() {
    let file = written("stale_all.json", STALE.as_bytes());
    // The second process could have been slow: one order of all keeps both programs.
    let expected = CONDITIONS.map(|condition| match condition {
        "linearizable" => [condition, "violated"],
        _ => [condition, "holds"],
    });
    assert_eq!(verdicts(&splitbrain(&["check", "--all", &file])), expected);
}

const BACK: &str = r#"[
  { "process": "ann", "f": "write", "key": "x", "value": 1, "call": 0, "return": 10 },
  { "process": "bob", "f": "read", "key": "x", "value": 1, "call": 20, "return": 30 },
  { "process": "bob", "f": "read", "key": "x", "value": null, "call": 40, "return": 50 }
]"#;

#[test]
fn a_read_that_went_back_breaks_what_is_at_least_monotonic() {
    let file = written("back.json", BACK.as_bytes());
    let expected = CONDITIONS.map(|condition| match condition {
        "read-your-writes" | "monotonic-writes" | "writes-follow-reads" => [condition, "holds"],
        _ => [condition, "violated"],
    });
    assert_eq!(verdicts(&splitbrain(&["check", "--all", &file])), expected);
    let said = said(&splitbrain(&["check", "--all", "--witness", &file]));
    let monotonic = said.split("monotonic-reads").nth(1).expect("its line");
    let lines: Vec<&str> = monotonic.lines().skip(1).take(5).collect();
    assert_eq!(
        lines[0],
        "  Monotonic reads: why not. A session read less than it had read before."
    );
    assert!(lines[1].starts_with("    \"ann\": write 1"), "{said}");
    assert!(lines[3].starts_with("    \"bob\": read nil"), "{said}");
    assert!(lines[4].starts_with("  3 operations prove it"), "{said}");
}

#[test]
fn a_condition_that_says_nothing_of_a_history_says_why() {
    let write = |process, value, call| {
        format!(
            r#"{{ "process": {process}, "f": "write", "value": {value}, "call": {call}, "return": {} }}"#,
            call + 10
        )
    };
    let read = r#"{ "process": 0, "f": "read", "value": null, "call": 10, "return": 20 }"#;
    let cas = r#"{ "process": 1, "f": "cas", "value": [1, 2], "call": 20, "return": 30 }"#;
    for (name, second, reason, words) in [
        (
            "repeated",
            write(1, "1", 20),
            "repeated values",
            "write 1 was done by process 0 and again by process 1",
        ),
        (
            "initial",
            write(1, "null", 20),
            "initial value",
            "here is write nil by process 1",
        ),
        (
            "other",
            cas.to_owned(),
            "not a register",
            "here is cas 1 2 by process 1",
        ),
        (
            "tied",
            read.to_owned(),
            "tied",
            "write 1 and read nil of process 0 are at one instant",
        ),
    ] {
        let text = format!("[{}, {second}]", write(0, "1", 0));
        let file = written(&format!("{name}.json"), text.as_bytes());
        let output = splitbrain(&["check", "--all", "--witness", &file]);
        assert_eq!(output.status.code(), Some(0), "{}", complained(&output));
        let lines = said(&output);
        let not_judged = format!("\tread-your-writes\tnot judged: {reason}\t2\t");
        assert!(lines.contains(&not_judged), "{lines}");
        assert!(lines.contains(words), "{lines}");
        assert!(lines.contains("\tsequential\tholds\t"), "{lines}");
        let output = splitbrain(&["check", "--all", "--json", &file]);
        let json: serde_json::Value = serde_json::from_str(&said(&output)).expect("JSON");
        let verdict = &json["verdicts"][4];
        assert_eq!(verdict["condition"], "read_your_writes");
        assert_eq!(verdict["verdict"], "not-judged");
        assert_eq!(verdict["reason"], reason.replace(' ', "_"));
        assert_eq!(verdict["why"], format!("not judged: {reason}"));
        let sentence = verdict["sentence"].as_str().expect("words");
        assert!(sentence.contains(words), "{sentence}");
    }
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
    let output = splitbrain(&[
        "check",
        "--budget",
        "10",
        &data("porcupine/jepsen/etcd_002.log"),
    ]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(columns(&output)[0][1], "undecided");
}

#[test]
fn an_unreadable_file_is_named_with_its_line_and_the_others_are_still_checked() {
    let bad = written(
        "bad.log",
        b"INFO  jepsen.util - 0\t:invoke\t:read\tnil\nINFO  jepsen.util - 1\t:ok\t:read\t3\n",
    );
    let output = splitbrain(&[
        "check",
        &bad,
        "/does/not/exist",
        &data("porcupine/kv/c01-ok.txt"),
    ]);
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
fn a_file_of_transactions_has_the_strongest_level_that_holds() {
    let root = root().join("tests/data/awdit");
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
        complained.contains("damaged.txt, line 3: expected a value"),
        "{complained}"
    );
}

const FRACTURED: &[u8] = b"w 0 1\nw 1 2\n=====\nr 1 2\nr 0 3\n=====\nw 0 3\n-----\nr 0 1\n";

#[test]
fn a_proof_of_transactions_is_told_in_sentences_and_to_programs() {
    let file = written("fractured.txt", FRACTURED);
    let output = splitbrain(&["check", "--witness", &file]);
    assert_eq!(output.status.code(), Some(0), "{}", complained(&output));
    let english = said(&output);
    for words in [
        "why not. ",
        "    Transaction 1 of session 2 read 2 from key 1 (line 4), which transaction 1 of session \
         1 had written.",
        "must have written 1 to key 0 before transaction 1 of session 3 wrote 3, because:",
        "without any one of them the rest would pass",
    ] {
        assert!(english.contains(words), "{english}");
    }
    let ukrainian = said(&splitbrain(&["check", "--witness", "--lang", "uk", &file]));
    assert!(
        ukrainian.contains("мала записати 1 у ключ 0 раніше, ніж транзакція 1 сеансу 3"),
        "{ukrainian}"
    );
    let json = said(&splitbrain(&["check", "--json", &file]));
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    let verdicts = json["verdicts"].as_array().expect("a list");
    let witness = &verdicts[verdicts.len() - 1]["witness"];
    let edges = witness["edges"].as_array().expect("a list");
    let forced = edges
        .iter()
        .find(|edge| edge["kind"] == "must_precede" && edge["from"]["session"] == 1);
    let forced = forced.expect("reads force an order");
    assert_eq!(forced["from"]["line"], 1);
    assert_eq!(forced["from"]["key"], 0);
    assert!(forced["because"][0]["sentence"].is_string(), "{forced}");
}

#[test]
fn a_value_that_nobody_wrote_is_named_where_it_was_read() {
    let file = written("thin-air.txt", b"w 5 1\n=====\nr 5 9\n");
    let said = said(&splitbrain(&["check", "--witness", &file]));
    assert!(
        said.contains("    Transaction 1 of session 2 read 9 from key 5 (line 3).\n"),
        "{said}"
    );
}
