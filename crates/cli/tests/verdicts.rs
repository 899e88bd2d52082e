//! The table of what designs keep and lose, which lies beside the page, is what the
//! terminal makes of the designs as they are now; and what it says agrees with what the
//! catalogues claim.

mod splitbrain;

use serde_json::Value;

use splitbrain::{complained, folder, root, said, splitbrain};

/// The table that lies beside the page.
fn kept() -> String {
    let path = root().join("static/data/verdicts.json");
    std::fs::read_to_string(path).expect("it lies there")
}

fn asked(arguments: &[&str]) -> String {
    let output = splitbrain(arguments);
    assert!(output.status.success(), "{}", complained(&output));
    said(&output)
}

fn ids(value: &Value) -> Vec<&str> {
    let list = value.as_array().map(Vec::as_slice).unwrap_or_default();
    list.iter().filter_map(Value::as_str).collect()
}

#[test]
fn the_table_beside_the_page_is_what_designs_do_now_and_what_they_claim() {
    let kept = kept();
    let now = asked(&["list", "--verdicts", "--json"]);
    let place = now
        .lines()
        .zip(kept.lines())
        .position(|(now, kept)| now != kept);
    let made = folder("verdicts").join("verdicts.json");
    std::fs::write(&made, &now).expect("it can be written");
    assert!(
        now == kept,
        "line {:?} of static/data/verdicts.json differs from {}",
        place.map(|place| place + 1),
        made.display()
    );

    let rows: Vec<Value> = serde_json::from_str(&kept).expect("it is JSON");
    let claims: Vec<Value> = serde_json::from_str(&asked(&["list", "--json"])).expect("JSON");
    for row in &rows {
        let claim = claims.iter().find(|claim| claim["id"] == row["policy"]);
        let claim = claim.expect("every row is of the catalogue");
        let lost: Vec<&str> = row["loses"]
            .as_array()
            .expect("a list")
            .iter()
            .filter_map(|loss| loss["property"].as_str())
            .collect();
        for kept in ids(&claim["keeps"]) {
            assert!(!lost.contains(&kept), "{} claims {kept}", row["policy"]);
        }
    }
    let missing = claims.iter().filter(|claim| {
        // Clocks promise nothing that a run could break; their own tests hold what they tell.
        let is_tried =
            ["routing", "home_region", "clock"].contains(&claim["slot"].as_str().unwrap_or(""));
        !is_tried && rows.iter().all(|row| row["policy"] != claim["id"])
    });
    // Whom regions ask for the time promises nobody anything, so there is nothing to try.
    let (silent, missing): (Vec<&Value>, Vec<&Value>) =
        missing.partition(|claim| claim["slot"] == "time_source");
    for claim in silent {
        assert!(ids(&claim["keeps"]).is_empty() && ids(&claim["gives_up"]).is_empty());
    }
    let missing: Vec<&Value> = missing.iter().map(|claim| &claim["id"]).collect();
    // What merges decides what multi-master keeps, so it has a row for each rule.
    assert_eq!(missing, ["multi_master"]);
}

#[test]
fn a_link_of_the_table_is_a_run_that_goes_as_it_says() {
    let kept = kept();
    let rows: Vec<Value> = serde_json::from_str(&kept).expect("it is JSON");
    let losses = rows
        .iter()
        .filter_map(|row| row["loses"].as_array())
        .flatten();
    let mut count = 0;
    for loss in losses.step_by(7) {
        let link = loss["link"].as_str().expect("a link");
        let said = asked(&["run", link, "--json"]);
        let run: Value = serde_json::from_str(&said).expect("JSON");
        let lost = loss["property"].as_str().expect("a property");
        assert!(ids(&run["broken"]).contains(&lost), "{lost}: {said}");
        count += 1;
    }
    assert!(count > 5, "{count}");
}
