//! `splitbrain twin`, called as people call it.

mod splitbrain;

use splitbrain::{complained, folder, said, splitbrain};

/// Two who share a cart each add something while one of their regions is cut off.
const CARTS: &str = r#"
format = 1
id = "shared-cart"
seed = 5
end_ms = 12000

[scenario]
regions = ["us-east-1", "eu-west-1", "ap-northeast-1"]
items = ["lamp", "mug"]
customers = [
  { name = "Ana", near = "us-east-1", account = 0 },
  { name = "Ben", near = "eu-west-1", account = 0 },
]

[scenario.services.carts]
merge = "last_writer_wins"

[[commands]]
at_ms = 1000
do = "cut_link"
between = ["eu-west-1", "us-east-1"]

[[commands]]
at_ms = 1000
do = "cut_link"
between = ["eu-west-1", "ap-northeast-1"]

[[commands]]
at_ms = 2000
do = "add_to_cart"
customer = "Ana"
item = "lamp"

[[commands]]
at_ms = 2500
do = "add_to_cart"
customer = "Ben"
item = "mug"

[[commands]]
at_ms = 6000
do = "heal_link"
between = ["eu-west-1", "us-east-1"]

[[commands]]
at_ms = 6000
do = "heal_link"
between = ["eu-west-1", "ap-northeast-1"]
"#;

fn file(name: &str) -> String {
    let path = folder(name).join("carts.toml");
    std::fs::write(&path, CARTS).expect("a file can be written");
    path.to_string_lossy().into_owned()
}

#[test]
fn two_designs_of_a_cart_part_after_the_heal_and_one_has_lost_an_item() {
    let file = file("twin-parts");
    let with = ["--with", "carts.merge=observed_remove_set"];
    let text = splitbrain(&["twin", &file, with[0], with[1]]);
    assert_eq!(text.status.code(), Some(0), "{}", complained(&text));
    let text = said(&text);
    for part in [
        "Last writer wins",
        "They part at 00:06.",
        "Acknowledged writes lost",
        "A breaks “Acknowledged writes stay”:",
        "Ana’s",
    ] {
        assert!(text.contains(part), "{part} is not in\n{text}");
    }
    let json = splitbrain(&["twin", &file, with[0], with[1], "--json"]);
    let json: serde_json::Value = serde_json::from_str(&said(&json)).expect("it is JSON");
    assert_eq!(json["with"], with[1]);
    assert_eq!(json["twins"][0]["lost"], 1);
    assert_eq!(json["twins"][1]["lost"], 0);
    assert!(json["first_divergence"]["at_us"].as_u64() > Some(6_000_000));
    assert_eq!(json["keys"][0]["shown"][1], serde_json::json!([3, 3, 3]));
    let alone = splitbrain(&["run", &file, "--json"]);
    let alone: serde_json::Value = serde_json::from_str(&said(&alone)).expect("it is JSON");
    assert_eq!(json["twins"][0]["digest"], alone["digest"], "the run's own");
}

#[test]
fn what_is_wrong_is_said_with_file_field_and_what_is_allowed() {
    let file = file("twin-wrong");
    for (with, parts) in [
        (
            "carts.merge=best,shoes.merge=x",
            ["2 things are wrong", "carts.toml: ", "last_writer_wins"],
        ),
        (
            "carts.write_quorum=write_majority",
            ["services.carts", "write_quorum", "replication, merge"],
        ),
        ("carts.merge=last_writer_wins", ["already", "merge", ""]),
    ] {
        let output = splitbrain(&["twin", &file, "--with", with]);
        assert_eq!(output.status.code(), Some(2), "{with}");
        let complained = complained(&output);
        for part in parts {
            assert!(complained.contains(part), "{part} is not in\n{complained}");
        }
    }
    let output = splitbrain(&["twin", &file]);
    assert_eq!(output.status.code(), Some(2));
    assert!(complained(&output).contains("--with"));
}

#[test]
fn a_link_to_a_comparison_says_what_the_other_design_is() {
    let link = splitbrain(&["share", "encode", "--seed", "5", "--until", "9s"]);
    let link = said(&link);
    let link = link.trim();
    let twin = format!("https://example.org/#{link}~prices.replication=consensus");
    let output = splitbrain(&["twin", &twin]);
    assert_eq!(output.status.code(), Some(0), "{}", complained(&output));
    assert!(said(&output).contains("to 00:09.000"), "{}", said(&output));
    let plain = splitbrain(&["run", &twin, "--json"]);
    assert_eq!(said(&plain), said(&splitbrain(&["run", link, "--json"])));
    for hostile in [
        "~",
        "~~",
        "~prices.replication=consensus~",
        "~shoes.x=y",
        "~\u{202e}",
    ] {
        let output = splitbrain(&["twin", &format!("{link}{hostile}")]);
        assert_eq!(output.status.code(), Some(2), "{hostile:?}");
    }
}

#[test]
fn help_has_examples() {
    let help = said(&splitbrain(&["twin", "--help"]));
    assert!(help.contains("splitbrain twin two-shops.toml --with prices"));
}
