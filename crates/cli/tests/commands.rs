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
