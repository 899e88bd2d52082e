//! What is wrong with a lesson is said with file, field and line, and all at once.
#![cfg(not(target_arch = "wasm32"))]

mod support;

use splitbrain_lesson::format::error::Problem;
use splitbrain_lesson::format::{Folder, MAX_BYTES, from_folder, from_json, pack};
use support::{folder, load};

fn sound() -> Folder {
    load(&folder("charged-twice"))
}

/// The errors of a sound lesson in which one text is replaced by another.
fn errors(from: &str, to: &str) -> Vec<String> {
    let mut folder = sound();
    assert!(folder.lesson.contains(from), "{from}");
    folder.lesson = folder.lesson.replacen(from, to, 1);
    let errors = from_folder(&folder).expect_err(to);
    errors.iter().map(ToString::to_string).collect()
}

#[test]
fn each_fault_is_named_with_its_place_and_what_is_allowed() {
    for (from, to, expected) in [
        (
            "minutes = 8",
            "minuets = 8",
            "lesson.toml:5: unknown field minuets; allowed: format",
        ),
        ("minutes = 8", "", "minutes: missing"),
        (
            "order = 29",
            "order = \"x\"",
            "lesson.toml:4: order: text is not allowed; expected number",
        ),
        (
            "order = 29",
            "order = 1.5",
            "lesson.toml:4: fraction is not allowed",
        ),
        (
            "format = 1",
            "format = 2",
            "format 2 is not known; known: 1",
        ),
        (
            "near = \"us-east-1\"",
            "near = \"us-east-9\"",
            "scenario.customers[0].near: us-east-9 is not allowed; allowed: us-east-1, eu-west-1",
        ),
        (
            "regions = [\"us-east-1\", \"eu-west-1\"]",
            "regions = [\"us-east-1\", \"atlantis\"]",
            "lesson.toml:13: scenario.regions[1]: atlantis is not allowed; allowed: af-south-1",
        ),
        (
            "regions = [\"us-east-1\", \"eu-west-1\"]",
            "regions = [\"us-east-1\", \"us-east-1\"]",
            "scenario.regions[1]: us-east-1 stands here twice",
        ),
        (
            "[scenario.services.payments]",
            "[scenario.services.letters]",
            "unknown field letters; allowed: prices, carts, payments",
        ),
        (
            "key_store = \"none\"",
            "key_store = \"nowhere\"",
            "scenario.services.payments.key_store: nowhere is not allowed; allowed: none, per_region, home_region",
        ),
        (
            "goal = \"reply_lost\"",
            "goal = \"all_is_well\"",
            "steps[2].goals[0].goal: all_is_well is not allowed; allowed: written_on_both_sides",
        ),
        (
            "goal = \"reply_lost\"\ncustomer = \"Ana\"",
            "goal = \"link_was_cut\"\nbetween = [\"us-east-1\", \"eu-west-9\"]",
            "steps[2].goals[0].between[1]: eu-west-9 is not allowed; allowed: us-east-1, eu-west-1",
        ),
        (
            "goal = \"reply_lost\"\ncustomer = \"Ana\"",
            "goal = \"converged\"\nkey = \"prices/lamp\"",
            "steps[2].goals[0].key: prices/lamp is not allowed",
        ),
        (
            "goal = \"reply_lost\"\ncustomer = \"Ana\"",
            "goal = \"property_holds\"\nproperty = \"exactly_twice\"",
            "steps[2].goals[0].property: exactly_twice is not allowed; allowed: acknowledged_writes, convergence, exactly_once",
        ),
        (
            "goal = \"reply_lost\"\ncustomer = \"Ana\"",
            "goal = \"property_holds\"\nproperty = \"causal\"\ncustomer = \"Ana\"",
            "steps[2].goals[0].customer: a customer with causal is not allowed; allowed: a customer with acknowledged_writes",
        ),
        (
            "goal = \"reply_lost\"\ncustomer = \"Ana\"",
            "goal = \"property_broken\"\nproperty = \"exactly_once\"\ncustomer = \"Eve\"",
            "steps[2].goals[0].customer: Eve is not allowed; allowed: Ana, Ben",
        ),
        (
            "goal = \"reply_lost\"\ncustomer = \"Ana\"",
            "goal = \"property_holds\"",
            "steps[2].goals[0].property: missing",
        ),
        (
            "customer = \"Ana\", amount = 40",
            "customer = \"Eve\", amount = 40",
            "customer: Eve is not allowed; allowed: Ana, Ben",
        ),
        (
            "at_ms = 2000",
            "at_ms = -2000",
            "at_ms: -2000 is not allowed; allowed: 0 to 1800000",
        ),
        (
            "at_ms = 2000",
            "at_ms = 500",
            "a command at 500 ms is not allowed; allowed: after begins_ms, 1000",
        ),
        (
            "at_ms = 2000",
            "at_ms = 4000",
            "at_ms = 3000 is not allowed; allowed: 4000 or later",
        ),
        (
            "end_ms = 20000",
            "end_ms = 2500",
            "end_ms: 2500 is not allowed; allowed: a moment after the last command",
        ),
        (
            "breaks = \"once\"",
            "breaks = \"twice\"",
            "must_fail[0].breaks: twice is not allowed; allowed: reply-lost, elsewhere, told-paid, once",
        ),
        (
            "id = \"elsewhere\"",
            "id = \"reply-lost\"",
            "reply-lost stands here twice",
        ),
        (
            "seeds = [29, 2, 3, 7, 11]",
            "seeds = []",
            "seeds: 0 entries; allowed: 1 to 20",
        ),
        (
            "timeout_us = 1000000",
            "timeout_us = 5",
            "scenario.retry.timeout_us: 5 is not allowed",
        ),
        (
            "tools = [",
            "tools = [\"bomb\", ",
            "tools[0]: bomb is not allowed; allowed: read_price",
        ),
        (
            "id = \"one-tap\"",
            "id = \"two-taps\"",
            "en.md:1: steps: one-tap",
        ),
        (
            "[scenario.retry]",
            "[scenario.retry",
            "lesson.toml:22: unclosed table",
        ),
    ] {
        let found = errors(from, to);
        assert!(
            found.iter().any(|error| error.contains(expected)),
            "{to}\nexpected {expected}\nfound {found:#?}"
        );
    }
}

#[test]
fn several_faults_are_told_at_once() {
    let mut folder = sound();
    folder.lesson = folder
        .lesson
        .replace("minutes = 8", "minuets = 8")
        .replace("amount = 40", "amount = -1")
        .replace("goal = \"reply_lost\"", "goal = \"x\"");
    folder.texts[0].1.push_str("\n## Nameless\n");
    let found = from_folder(&folder).unwrap_err();
    assert!(found.len() >= 7, "{found:#?}");
}

#[test]
fn what_is_too_large_or_too_deep_or_no_lesson_is_refused() {
    let huge = " ".repeat(MAX_BYTES as usize + 1);
    let errors = from_json("huge.json", &huge).unwrap_err();
    assert!(matches!(errors[0].problem, Problem::TooLarge { .. }));
    let huge = Folder {
        lesson: huge,
        texts: Vec::new(),
    };
    let errors = from_folder(&huge).unwrap_err();
    assert_eq!(
        errors[0].to_string(),
        "lesson.toml: 262145 bytes; at most 262144 are allowed"
    );
    for source in [
        "",
        "{}",
        "[]",
        "nonsense",
        "{\"lesson\": {}}",
        "{\"lesson\": 3, \"texts\": 4}",
    ] {
        assert!(from_json("x.json", source).is_err(), "{source}");
    }
    assert!(from_json("x.json", &"[".repeat(MAX_BYTES as usize)).is_err());
}

#[test]
fn a_packed_lesson_that_somebody_tampered_with_is_checked_as_strictly() {
    let packed = pack(&sound(), None).unwrap();
    for (from, to) in [
        ("\"minutes\":8", "\"minutes\":8,\"script\":\"alert(1)\""),
        ("\"eu-west-1\"]", "\"eu-west-9\"]"),
        ("[\"p\",", "[\"script\","),
        ("{\"lesson\":", "{\"more\":1,\"lesson\":"),
        ("[\"em\",", "[\"a\",\"javascript:alert(1)\","),
    ] {
        assert!(packed.contains(from), "{from}");
        let tampered = packed.replacen(from, to, 1);
        assert!(from_json("x.json", &tampered).is_err(), "{to}");
    }
}

proptest::proptest! {
    /// Nothing that stands in a file makes the reader panic.
    #[test]
    fn a_mangled_lesson_is_an_error_or_a_lesson(at in 0_usize..12_000, cut in 0_usize..40, word in "[\\PC]{0,8}") {
        let packed = pack(&sound(), None).unwrap();
        let start = (at..=packed.len()).find(|&i| packed.is_char_boundary(i)).unwrap_or(0);
        let end = (start + cut..=packed.len()).find(|&i| packed.is_char_boundary(i));
        let mangled = format!("{}{word}{}", &packed[..start], &packed[end.unwrap_or(packed.len())..]);
        let _ = from_json("x.json", &mangled);
    }
}

/// The errors of a sound lesson with a line put into its English text.
fn errors_of_line(after: &str, line: &str) -> Vec<String> {
    let mut folder = sound();
    let (_, text) = folder
        .texts
        .iter_mut()
        .find(|it| it.0 == "en")
        .expect("it has English");
    assert!(text.contains(after), "{after}");
    *text = text.replacen(after, &format!("{after}\n\n{line}\n"), 1);
    let errors = from_folder(&folder).expect_err(line);
    errors.iter().map(ToString::to_string).collect()
}

#[test]
fn a_verdict_that_cannot_be_shown_is_named_with_its_line() {
    let step = "## One tap {#one-tap}";
    for (after, line, expected) in [
        (
            step,
            ":::verdict exactly_twice",
            "en.md:7: exactly_twice is not allowed; allowed: acknowledged_writes, convergence",
        ),
        (
            step,
            ":::verdict",
            "en.md:7:  is not allowed; allowed: acknowledged_writes",
        ),
        (
            step,
            ":::note Ana",
            "en.md:7: note Ana is not allowed; allowed: verdict PROPERTY",
        ),
        (
            step,
            ":::verdict causal Ana",
            "en.md:7: verdict causal Ana is not allowed; allowed: causal without a customer",
        ),
        (
            step,
            ":::verdict exactly_once Eve",
            "verdict: Eve is not allowed; allowed: Ana, Ben",
        ),
        (
            "### Hint",
            ":::verdict exactly_once Ana",
            "exactly_once is not allowed; allowed: in what a step says",
        ),
    ] {
        let errors = errors_of_line(after, line);
        let found = errors.iter().any(|error| error.contains(expected));
        assert!(found, "{line}: {errors:#?}");
    }
}

#[test]
fn a_packed_verdict_is_checked_like_any_other() {
    let packed = pack(&sound(), None).unwrap();
    let block = "[\"verdict\",\"exactly_once\",\"Ana\"]";
    assert!(packed.contains(block));
    for (wrong, expected) in [
        (
            "[\"verdict\",\"exactly_once\",\"Eve\"]",
            "Eve is not allowed; allowed: Ana, Ben",
        ),
        (
            "[\"verdict\",\"joy\",\"Ana\"]",
            "joy is not allowed; allowed: acknowledged_writes",
        ),
        (
            "[\"verdict\",\"causal\",\"Ana\"]",
            "a customer with causal is not allowed",
        ),
        ("[\"verdict\"]", "1 entries; allowed: 2 to 3"),
        (
            "[\"verdict\",\"exactly_once\",7]",
            "number is not allowed; expected text",
        ),
    ] {
        let errors = from_json("packed.json", &packed.replacen(block, wrong, 1)).expect_err(wrong);
        let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
        assert!(
            errors.iter().any(|it| it.contains(expected)),
            "{wrong}: {errors:#?}"
        );
    }
}
