//! The README: what it links to is there, and its numbers are those of the table.

use std::path::{Path, PathBuf};

use serde_json::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn readme() -> String {
    std::fs::read_to_string(root().join("README.md")).expect("it is there")
}

#[test]
fn every_link_to_a_file_leads_to_one() {
    let readme = readme();
    let links = readme.split("](").skip(1);
    let links = links.filter_map(|rest| rest.split(')').next());
    let files: Vec<&str> = links
        .filter(|link| !link.contains("://") && !link.starts_with('#'))
        .map(|link| link.split('#').next().unwrap_or(link))
        .collect();
    assert!(files.len() >= 8, "{files:?}");
    for file in files {
        assert!(root().join(file).exists(), "{file}");
    }
}

#[test]
fn numbers_of_histories_and_schedules_are_those_that_were_tried() {
    let table = root().join("static/data/validation.json");
    let table = std::fs::read_to_string(table).expect("it is there");
    let rows: Vec<Value> = serde_json::from_str(&table).expect("it is JSON");
    let size = |name: &str, of: &str| {
        let row = rows.iter().find(|row| row["name"] == name);
        let size = row.and_then(|row| row["counts"]["size"][of].as_u64());
        size.expect("it is counted")
    };
    let [etcd, kv, transactional] = ["etcd", "kv", "transactional"].map(|of| size("data", of));
    let thousands = size("consensus", "n") / 1_000;
    for claim in [
        format!("{etcd} etcd histories"),
        format!("{kv} key-value histories"),
        format!("{transactional} transactional ones"),
        format!("{thousands},000 fault schedules"),
    ] {
        assert!(readme().contains(&claim), "{claim}");
    }
}
