//! The commands that list and measure, as people call them.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn splitbrain(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_splitbrain"))
        .args(arguments)
        .output()
        .expect("the command starts")
}

fn model(name: &str, text: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, text).expect("a file can be written");
    path
}

/// LNKD-DISK of Bailis et al., VLDB 2012, table 3.
const DISK: &str = "replicas = 3
read = 1
write = 1
trials = 20000
[legs]
w = [{ share = 0.38, pareto = { scale = 1.05, shape = 1.51 } },
     { share = 0.62, exponential = { rate = 0.183 } }]
a = [{ share = 0.9122, pareto = { scale = 0.235, shape = 10 } },
     { share = 0.0878, exponential = { rate = 1.66 } }]
r = [{ share = 0.9122, pareto = { scale = 0.235, shape = 10 } },
     { share = 0.0878, exponential = { rate = 1.66 } }]
s = [{ share = 0.9122, pareto = { scale = 0.235, shape = 10 } },
     { share = 0.0878, exponential = { rate = 1.66 } }]
";

#[test]
fn the_published_staleness_of_disks_comes_out() {
    let path = model("disk.toml", DISK);
    let path = path.to_str().expect("it is text");
    let output = splitbrain(&["bench", "pbs", "--json", "--model", path]);
    assert!(output.status.success());
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
    let figure = |place: &str| report.pointer(place).and_then(serde_json::Value::as_f64);
    let near = |place: &str, published: f64, off: f64| {
        let figure = figure(place).expect("it is there");
        assert!((figure - published).abs() <= off, "{place}: {figure}");
    };
    near("/consistent_at_commit", 0.439, 0.01);
    // Twenty trials make this tail; at full size it is within 5 %.
    near("/read_latency_ms/p999", 0.66, 0.066);
    near("/write_latency_ms/p999", 10.99, 1.5);
    assert!(figure("/t_visibility_ms/p999") > figure("/t_visibility_ms/p50"));
    assert!(figure("/events") > Some(500_000.0));
    assert_eq!(figure("/consistent_at/share"), None);
    let later = splitbrain(&["bench", "pbs", "--json", "--model", path, "--at", "10"]);
    let later: serde_json::Value = serde_json::from_slice(&later.stdout).expect("it is JSON");
    assert_eq!(later["consistent_at"]["ms"], 10.0);
    let share = later["consistent_at"]["share"].as_f64();
    assert!(
        share.is_some_and(|it| (it - 0.925).abs() < 0.01),
        "{share:?}"
    );
    assert_eq!(
        later["consistent_at_commit"],
        report["consistent_at_commit"]
    );
    let never = splitbrain(&["bench", "pbs", "--model", path, "--at", "-1"]);
    assert_eq!(never.status.code(), Some(2));
}

#[test]
fn a_wrong_model_is_refused_with_every_field() {
    let wrong = DISK
        .replace("read = 1", "read = 4")
        .replace("share = 0.62", "share = 2");
    let path = model("wrong.toml", &wrong);
    let path = path.to_str().expect("it is text");
    let output = splitbrain(&["bench", "pbs", "--model", path]);
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains(path), "{said}");
    assert!(said.contains("read: 4; 1 to 3"), "{said}");
    assert!(said.contains("legs.w[1].share: 2"), "{said}");
}

#[test]
fn every_policy_is_listed_with_its_facts() {
    let output = splitbrain(&["list", "--json"]);
    assert!(output.status.success());
    let list: serde_json::Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
    let list = list.as_array().expect("it is an array");
    let broken = |id: &str| {
        let entry = list.iter().find(|entry| entry["id"] == id);
        entry.map(|entry| entry["sound"] == false)
    };
    assert_eq!(broken("quorum"), Some(false));
    assert_eq!(broken("arrival_order"), Some(true));
    let in_slot = |slot: &str| -> Vec<&str> {
        let entries = list.iter().filter(|entry| entry["slot"] == slot);
        entries.filter_map(|entry| entry["id"].as_str()).collect()
    };
    assert_eq!(in_slot("routing"), ["latency"]);
    let clocks = [
        "wall_clock",
        "lamport_clock",
        "version_vector",
        "dotted_version_vector",
        "hybrid_clock",
        "bounded_clock",
    ];
    assert_eq!(in_slot("clock"), clocks);
    let bounded = list.iter().find(|entry| entry["id"] == "bounded_clock");
    let bounded = bounded.expect("it is there");
    let holds = |key: &str, id: &str| {
        bounded[key]
            .as_array()
            .is_some_and(|it| it.contains(&id.into()))
    };
    assert!(holds("keeps", "real_time_order") && holds("gives_up", "concurrency"));
    assert!(holds("costs", "waits_out_uncertainty"));
    let told = splitbrain(&["list", "--lang", "uk"]);
    let told = String::from_utf8_lossy(&told.stdout).into_owned();
    assert!(told.contains("quorum") && told.contains("кворум"), "{told}");
    assert!(
        told.contains("bounded_clock  Годинник з обмеженою похибкою"),
        "{told}"
    );
    assert!(told.contains("Не показує: "), "{told}");
}

#[test]
fn data_types_and_texts_are_measured_beside_others() {
    let few = ["bench", "merges", "--merges", "1000", "--characters", "300"];
    let output = splitbrain(&[&few[..], &["--json"]].concat());
    assert!(output.status.success());
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("it is JSON");
    let merges = report["merges"].as_array().expect("it is an array");
    assert_eq!(merges.len(), 13);
    let of = |id: &str| {
        merges
            .iter()
            .find(|it| it["type"] == id)
            .expect("it is there")
    };
    // What eight elements take on the wire does not depend on the machine.
    assert_eq!(of("observed_remove_set")["ours"]["bytes"], 51);
    assert!(of("remove_wins_set")["crdts"].is_null());
    let peers = merges.iter().filter(|it| it["crdts"].is_object());
    assert_eq!(peers.count(), 9);
    for text in report["texts"].as_array().expect("it is an array") {
        assert_eq!(text["characters"], 300);
        assert_eq!(text["ours"]["bytes"], 4 + 300 * 15);
    }
    let told = splitbrain(&few);
    let told = String::from_utf8_lossy(&told.stdout).into_owned();
    assert!(
        told.contains("bench merges_per_s_observed_remove_set "),
        "{told}"
    );
    assert!(told.contains("bench typed_anywhere_ns "), "{told}");
    let none = splitbrain(&["bench", "merges", "--characters", "0"]);
    assert_eq!(none.status.code(), Some(2));
}
