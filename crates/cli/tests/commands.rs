//! The command as people call it: output, exit codes, languages.

mod splitbrain;

use splitbrain::{complained, folder, root, said, splitbrain};

fn link() -> String {
    let made = splitbrain(&["share", "encode", "--seed", "5", "--until", "3s"]);
    assert!(made.status.success());
    said(&made).trim().to_owned()
}

#[test]
fn a_link_plays_to_the_same_digest_as_the_run_it_was_made_of() {
    let run = splitbrain(&["run", "--seed", "5", "--until", "3s", "--json"]);
    let again = splitbrain(&["run", &format!("https://example.org/#{}", link()), "--json"]);
    assert_eq!(again.status.code(), Some(0), "{}", complained(&again));
    assert_eq!(said(&run), said(&again));
}

#[test]
fn a_run_written_to_a_file_is_read_back() {
    let file = folder("run").join("run.bin");
    let file = file.to_string_lossy();
    let read = splitbrain(&["share", "decode", &link(), "--out", &file]);
    assert!(said(&read).contains("00:03.000"), "{}", said(&read));
    assert_eq!(splitbrain(&["run", &file]).status.code(), Some(0));
}

#[test]
fn a_link_whose_digest_is_not_ours_is_bad_news() {
    let file = folder("differs").join("run.bin");
    let name = file.to_string_lossy();
    splitbrain(&["share", "decode", &link(), "--out", &name]);
    let mut bytes = std::fs::read(&file).expect("it was written");
    let digest = bytes.len() - 2;
    bytes[digest] ^= 1;
    std::fs::write(&file, bytes).expect("it can be written");
    let played = splitbrain(&["run", &name]);
    assert_eq!(played.status.code(), Some(1));
    assert!(complained(&played).contains("goes otherwise"));
}

#[test]
fn the_trace_is_a_line_of_json_a_fact() {
    let traced = splitbrain(&["run", "--until", "2s", "--trace", "--lang", "uk"]);
    let lines = said(&traced);
    let facts: Vec<serde_json::Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).expect("it is JSON"))
        .collect();
    assert!(facts.len() > 50);
    for (place, fact) in facts.iter().enumerate() {
        assert_eq!(fact["id"], place);
    }
    assert!(
        lines.contains("хоче"),
        "sentences are in the language asked for"
    );
    assert!(complained(&traced).contains("Дайджест"));
}

#[test]
fn questions_that_make_no_sense_exit_with_2() {
    for arguments in [
        ["run", "s=v1.!"].as_slice(),
        &["run", "no-such-file"],
        &["run", "--scenario", "atlantis"],
        &["run", "--until", "soon"],
        &["lint", "no-such-folder"],
        &["--lang", "tlh", "run"],
        &["dance"],
    ] {
        let output = splitbrain(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(!complained(&output).is_empty());
    }
}

#[test]
fn lint_names_file_line_and_field_in_the_language_asked_for() {
    let own = root().join("lessons/06-once/charged-twice");
    let own = std::fs::read_to_string(own.join("lesson.toml")).expect("it is there");
    let root = folder("faulty");
    let lesson = root.join("06-once/charged-twice");
    std::fs::create_dir_all(&lesson).expect("a folder can be made");
    std::fs::write(lesson.join("lesson.toml"), format!("wings = 2\n{own}"))
        .expect("a file can be written");
    let root = root.to_string_lossy();
    let linted = splitbrain(&["lint", &root]);
    assert_eq!(linted.status.code(), Some(1));
    assert!(
        said(&linted).contains("lesson.toml:1: "),
        "{}",
        said(&linted)
    );
    assert!(said(&linted).contains("There is no field wings"));
    let linted = splitbrain(&["lint", &root, "--lang", "uk"]);
    assert!(
        said(&linted).contains("Поля wings немає"),
        "{}",
        said(&linted)
    );
}

#[test]
fn our_lessons_are_packed_with_an_index() {
    let lessons = root().join("lessons");
    let out = folder("packed");
    let arguments = [
        "pack",
        &lessons.to_string_lossy(),
        "--out",
        &out.to_string_lossy(),
    ];
    let packed = splitbrain(&arguments);
    assert_eq!(packed.status.code(), Some(0), "{}", complained(&packed));
    let read = |name: &str| -> serde_json::Value {
        let source = std::fs::read_to_string(out.join(name)).expect("it was written");
        serde_json::from_str(&source).expect("it is JSON")
    };
    let index = read("index.json");
    let lessons = index["lessons"].as_array().expect("a list");
    assert!(!lessons.is_empty());
    for entry in lessons {
        let id = entry["id"].as_str().expect("an id");
        assert!(entry["texts"]["en"]["title"].is_string(), "{id}");
        assert!(read(&format!("{id}.json"))["lesson"].is_object(), "{id}");
    }
}

const TWO_SHOPS: &str = r#"
format = 1
id = "two-shops"
seed = 5
end_ms = 20000

[scenario]
regions = ["us-east-1", "eu-west-1", "ap-northeast-1"]
items = ["lamp"]
list_price = 100
customers = [{ name = "Mika", near = "us-east-1" }, { name = "Nora", near = "eu-west-1" }]

[scenario.services.prices]
replication = "quorum"
copies = 3
read_quorum = 2
write_quorum = 3

[[commands]]
at_ms = 1000
do = "write_price"
customer = "Mika"
item = "lamp"
value = 90

[[commands]]
at_ms = 5000
do = "cut_link"
between = ["us-east-1", "ap-northeast-1"]

[[commands]]
at_ms = 6000
do = "write_price"
customer = "Nora"
item = "lamp"
value = 80
"#;

fn written(name: &str, content: &str) -> String {
    let file = folder(name).join(format!("{name}.toml"));
    std::fs::write(&file, content).expect("it can be written");
    file.to_string_lossy().into()
}

#[test]
fn a_scenario_file_is_played_and_its_seed_may_be_another() {
    let file = written("two-shops", TWO_SHOPS);
    let played = splitbrain(&["run", &file, "--json"]);
    assert_eq!(played.status.code(), Some(0), "{}", complained(&played));
    let summary: serde_json::Value = serde_json::from_str(&said(&played)).expect("it is JSON");
    assert_eq!(summary["scenario"], "file/two-shops");
    assert_eq!(summary["seed"], 5);
    assert_eq!(summary["commands"], 3);
    assert_eq!(summary["until_us"], 20_000_000);
    assert_eq!(summary["operations"], 2);
    let again = splitbrain(&["run", &file, "--json"]);
    assert_eq!(said(&played), said(&again));
    let other = splitbrain(&["run", &file, "--json", "--seed", "6"]);
    let other: serde_json::Value = serde_json::from_str(&said(&other)).expect("it is JSON");
    assert_ne!(other["digest"], summary["digest"]);
    let link = splitbrain(&["share", "encode", &file]);
    assert_eq!(link.status.code(), Some(2));
    assert!(complained(&link).contains("a world that everybody has"));
    // A number of regions is one of the policies that are known by name.
    let named = TWO_SHOPS
        .replace("read_quorum = 2", "read_quorum = \"read_majority\"")
        .replace("write_quorum = 3", "write_quorum = \"write_all\"");
    let named = splitbrain(&["run", &written("two-shops-named", &named), "--json"]);
    assert_eq!(said(&played), said(&named));
}

#[test]
fn everything_that_is_wrong_with_a_scenario_file_is_said_at_once() {
    let wrong = TWO_SHOPS
        .replace("\"ap-northeast-1\"]\nitems", "\"atlantis-1\"]\nitems")
        .replace("near = \"eu-west-1\"", "near = \"atlantis-1\"")
        .replace("read_quorum = 2", "read_quorum = 4")
        .replace("at_ms = 1000", "at_ms = -1000")
        .replace("seed = 5", "sead = 5")
        + "[scenario.services.carts]\nreplication = \"lease\"\n";
    let played = splitbrain(&["run", &written("wrong", &wrong)]);
    assert_eq!(played.status.code(), Some(2));
    let said = complained(&played);
    for expected in [
        "6 things are wrong",
        "wrong.toml:4: There is no field sead. Allowed: format, id, seed, end_ms",
        "wrong.toml:8: scenario.regions[2]: atlantis-1",
        "scenario.services.prices.read_quorum: 4 is not allowed. Allowed: 1, 2, 3 of 3",
        "commands[0].at_ms: -1000 is not allowed. Allowed: 0 to",
        "scenario.services.carts.replication: lease is not allowed. Allowed: multi_master,",
        // The name of the region that is known to nobody is wrong where it is used as well,
        // which is no news; one that the file only forgot is.
        "commands[1].between[1]: ap-northeast-1 is not allowed. Allowed: us-east-1, eu-west-1",
    ] {
        assert!(said.contains(expected), "{expected} is not in {said}");
    }
    assert!(!said.contains("near"), "{said}");
}

#[test]
fn ten_thousand_regions_are_one_mistake() {
    let names: Vec<String> = (0..10_000).map(|place| format!("\"r-{place}\"")).collect();
    let list = format!("regions = [{}]", names.join(","));
    let many = TWO_SHOPS.replace(
        "regions = [\"us-east-1\", \"eu-west-1\", \"ap-northeast-1\"]",
        &list,
    );
    let many = many
        .replace("near = \"us-east-1\"", "near = \"r-7\"")
        .replace("near = \"eu-west-1\"", "near = \"r-8\"")
        .replace(
            "between = [\"us-east-1\", \"ap-northeast-1\"]",
            "between = [\"r-1\", \"r-2\"]",
        );
    let played = splitbrain(&["run", &written("many", &many)]);
    assert_eq!(played.status.code(), Some(2));
    let said = complained(&played);
    assert!(said.contains("1 thing is wrong"), "{said}");
    assert!(
        said.contains("scenario.regions: 10,000 entries. Allowed: 1 to 32"),
        "{said}"
    );
}
