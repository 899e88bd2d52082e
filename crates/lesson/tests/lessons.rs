//! Every lesson in `lessons/` holds what the linter proves, packs, and reads back.
#![cfg(not(target_arch = "wasm32"))]

mod support;

use splitbrain_engine::run::{Player, Target};
use splitbrain_engine::sim::time::Time;
use splitbrain_lesson::format::{Lesson, StepKind, from_folder, from_json, pack};
use splitbrain_lesson::grade::{goals, grade_script};
use splitbrain_lesson::lint::lint;
use splitbrain_lesson::observe::Observer;
use splitbrain_lesson::predict::{self, Outcome};
use support::{folders, load, name, open};

#[test]
fn every_lesson_passes_the_linter() {
    let mut findings = Vec::new();
    let folders = folders();
    assert!(folders.len() >= 3);
    for folder in &folders {
        let names = [name(folder.parent().unwrap()), name(folder)];
        match from_folder(&load(folder)) {
            Ok(lesson) => {
                let found = lint(&lesson, Some(names));
                findings.extend(found.iter().map(|it| format!("{}: {it}", names[1])));
            }
            Err(errors) => findings.extend(errors.iter().map(|it| format!("{}: {it}", names[1]))),
        }
    }
    assert!(findings.is_empty(), "{}", findings.join("\n"));
}

#[test]
fn a_packed_lesson_is_the_lesson() {
    for folder in folders() {
        let source = load(&folder);
        let lesson = from_folder(&source).unwrap();
        let packed = pack(&source, None).unwrap();
        assert_eq!(from_json("packed.json", &packed).unwrap(), lesson);
        let english = pack(&source, Some(&["en"])).unwrap();
        let languages: Vec<String> = from_json("packed.json", &english)
            .unwrap()
            .texts
            .into_keys()
            .collect();
        assert_eq!(languages, ["en"]);
    }
}

/// The texts say what comes true, so it has to be the same under every seed.
#[test]
fn predictions_come_out_as_the_texts_say() {
    for (lesson, step, expected) in [
        ("last-write-wins-loses", "survivor", "last"),
        ("last-write-wins-loses", "a-blink", "one-lost"),
        ("the-cart-that-remembers", "what-is-left", "no-mug"),
        ("the-cart-that-remembers", "add-against-remove", "lamp-in"),
        ("charged-twice", "how-often", "twice"),
        ("charged-twice", "no-way-home", "once-and-told"),
    ] {
        let lesson = open(lesson);
        let step = &lesson.steps[lesson.step(step).unwrap()];
        let StepKind::Predict(prediction) = &step.kind else {
            panic!("{} is no prediction", step.id);
        };
        for &seed in &lesson.seeds {
            // Where the goals before it are met; at the beginning where there are none.
            let script = &lesson.solutions[0].script;
            let run = lesson.run_of(script, seed);
            let before = lesson.goals_before(lesson.step(&step.id).unwrap()).count();
            let at = if before == 0 {
                lesson.begins_at
            } else {
                first_met(&lesson, seed, before)
            };
            let outcome = predict::outcome(prediction, &run, at);
            let Outcome::Option(place) = outcome else {
                panic!("{}: undecided under seed {seed}", step.id);
            };
            assert_eq!(prediction.options[place as usize].id, expected, "{seed}");
        }
    }
}

/// When so many of a solution's goals are met, to a tenth of a second.
fn first_met(lesson: &Lesson, seed: u64, goals_due: usize) -> Time {
    let script = &lesson.solutions[0].script;
    let mut player = Player::new(lesson.run_of(script, seed));
    let mut observer = Observer::with_record(&lesson.scenario);
    for tenth in 0..script.ends_at.0 / 100_000 {
        player.jump(Target::Time(Time(tenth * 100_000)));
        observer.follow_player(&mut player);
        let standing = goals(lesson, &observer);
        if standing[..goals_due].iter().all(|(_, it)| it.is_met()) {
            return player.time();
        }
    }
    panic!("never met");
}

#[test]
fn a_grade_says_what_it_took_and_is_the_same_every_time() {
    for folder in folders() {
        let lesson = from_folder(&load(&folder)).unwrap();
        let script = &lesson.solutions[0].script;
        let report = grade_script(&lesson, script, lesson.seeds[0]);
        assert_eq!((report.actions, report.par), (lesson.par, lesson.par));
        assert_eq!(grade_script(&lesson, script, lesson.seeds[0]), report);
        let failing = &lesson.must_fail[0];
        let report = grade_script(&lesson, &failing.script, lesson.seeds[0]);
        assert_eq!(report.unmet(), [failing.breaks.as_str()]);
    }
}
