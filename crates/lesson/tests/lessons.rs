//! Every lesson in `lessons/` holds what the linter proves, packs, and reads back.
#![cfg(not(target_arch = "wasm32"))]

mod support;

use std::collections::BTreeSet;

use splitbrain_engine::run::{Command, Player, Run, Target, TimedCommand};
use splitbrain_engine::sim::time::Time;
use splitbrain_lesson::format::text::{Block, Inline};
use splitbrain_lesson::format::{Lesson, Prediction, Step, StepKind, from_folder, from_json, pack};
use splitbrain_lesson::grade::{goals, grade_script};
use splitbrain_lesson::lint::{MIN_HINTS, lint};
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

/// What every lesson has besides what the linter asks of a stranger's: something to reach by
/// acting and not by answers alone, hints that tell more each time, and one closing paragraph
/// under one title, in both languages.
#[test]
fn every_lesson_predicts_acts_hints_fails_and_closes() {
    let mut orders = BTreeSet::new();
    for folder in folders() {
        let lesson = from_folder(&load(&folder)).unwrap();
        let id = &lesson.id;
        assert!(orders.insert(lesson.order), "{id}: its place is taken");
        let is_predicted = |step: &Step| matches!(step.kind, StepKind::Predict(_));
        assert!(lesson.steps.iter().any(is_predicted), "{id}: no prediction");
        assert!(lesson.goals().count() > 0, "{id}: no goal by acting");
        assert!(!lesson.must_fail.is_empty(), "{id}: nothing has to fail");
        let shortest = lesson.solutions.iter().map(|it| it.script.actions()).min();
        assert_eq!(shortest, Some(lesson.par), "{id}: par");
        assert!(lesson.par > 0, "{id}: solved by doing nothing");
        for (language, closing) in [
            ("en", "Where real systems do this"),
            ("uk", "Де так роблять справжні системи"),
        ] {
            let text = lesson.text(language).unwrap().1;
            let last = lesson.steps.last().unwrap();
            assert!(matches!(last.kind, StepKind::Read), "{id}: how it closes");
            let said = text.steps.last().unwrap();
            assert_eq!(said.title, closing, "{id}, {language}");
            assert!(
                matches!(said.body.as_slice(), [Block::Paragraph(_)]),
                "{id}, {language}: one paragraph closes it"
            );
            for (step, said) in lesson.steps.iter().zip(&text.steps) {
                let is_done = matches!(step.kind, StepKind::Do(_) | StepKind::Lab(_));
                let due = if is_done { MIN_HINTS } else { 0 };
                assert!(said.hints.len() >= due, "{id}, {}: hints", step.id);
                for (place, hint) in said.hints.iter().enumerate() {
                    let is_told = said.hints[..place].contains(hint);
                    assert!(!is_told && !hint.is_empty(), "{id}, {}: a hint", step.id);
                }
            }
        }
    }
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

/// Every prediction of every lesson, and the option of which its texts say that it comes true.
const COMES_TRUE: &[(&str, &str, &str)] = &[
    ("answers-before-questions", "a-slow-link", "answer-first"),
    ("answers-before-questions", "not-an-answer", "waits-too"),
    ("last-write-wins-loses", "survivor", "last"),
    ("last-write-wins-loses", "a-blink", "one-lost"),
    ("who-knew-what", "published-example", "one-knew"),
    ("who-knew-what", "equal", "same"),
    ("keep-both", "what-is-read", "both"),
    ("keep-both", "one-region", "first-gone"),
    ("keep-both", "six-in-turn", "turn-six"),
    ("keep-both", "forgetful", "all-four"),
    ("ask-the-user", "meanwhile", "last"),
    ("ask-the-user", "who-is-asked", "the-chair"),
    ("ask-the-user", "a-busy-day", "nobody-asked"),
    ("the-business-decides", "a-parcel", "cancelled"),
    ("the-business-decides", "what-he-was-told", "saved-and-lost"),
    ("the-business-decides", "add-them-up", "differ"),
    ("the-business-decides", "the-lower-price", "stuck"),
    ("arrival-order-never-agrees", "same-moment", "swapped"),
    ("arrival-order-never-agrees", "a-minute", "still-apart"),
    ("the-fast-clock-wins", "two-seconds-later", "first"),
    ("the-fast-clock-wins", "it-spreads", "mika"),
    ("the-cart-that-remembers", "what-is-left", "no-mug"),
    ("the-cart-that-remembers", "under-the-old-rule", "something"),
    ("the-cart-that-remembers", "add-against-remove", "lamp-in"),
    ("counting-likes", "in-one-moment", "one"),
    ("counting-likes", "only-up", "refused"),
    ("the-law-lab", "out-for-good", "back"),
    ("never-below-zero", "two-buyers", "both"),
    ("never-below-zero", "elsewhere", "bought-late"),
    ("writing-together", "whole-lines", "his-alone"),
    ("writing-together", "shuffled", "mixed"),
    ("forgetting-safely", "twenty-seconds", "comes-back"),
    ("forgetting-safely", "meanwhile", "both"),
    ("charged-twice", "how-often", "twice"),
    ("charged-twice", "no-way-home", "once-and-told"),
    ("how-long-is-a-write-invisible", "coast-to-coast", "one-way"),
    (
        "how-long-is-a-write-invisible",
        "under-load",
        "two-and-a-wait",
    ),
    ("read-your-own-writes", "at-checkout", "empty"),
    ("read-your-own-writes", "a-flag", "flag-empty"),
    ("read-your-own-writes", "the-writer-is-gone", "no-answer"),
    ("read-your-own-writes", "the-cache-restarts", "cache-one"),
    ("read-your-own-writes", "the-flag-expires", "expired-back"),
    ("two-withdrawals", "each-by-itself", "both-pay"),
    ("two-withdrawals", "agree-first", "one-side-pays"),
    ("two-withdrawals", "nothing-is-cut", "a-round-trip"),
    ("quorums", "one-and-one", "one-some"),
    ("quorums", "two-and-two", "two-none"),
    ("quorums", "one-away", "nobody-knows"),
    ("quorums", "new-and-old", "new-old"),
    ("quorums", "written-back", "back-new"),
    ("quorums", "repaired", "repair-new"),
    ("quorums", "stand-ins", "sloppy-old"),
    ("quorums", "handed-over", "handed-new"),
    ("three-reports-at-midnight", "how-many", "three"),
    ("three-reports-at-midnight", "a-lease-each", "still-three"),
    ("three-reports-at-midnight", "it-wakes", "sends-it"),
    ("one-writer", "how-slow", "there-and-back"),
    ("one-writer", "comes-back", "gone"),
    ("each-region-owns-its-own", "ana-travels", "there-and-back"),
    ("each-region-owns-its-own", "everything", "farthest"),
    ("the-price-of-synchronous", "wait-for-all", "no-answer"),
    ("the-price-of-synchronous", "no-backup", "gone-everywhere"),
    ("a-majority-decides", "how-long", "twice"),
    ("a-majority-decides", "cut-off", "the-majority-goes-on"),
    ("a-majority-decides", "two-and-a-witness", "dublin-writes"),
    ("arrival-order-never-agrees", "equal-stamps", "each-its-own"),
    ("two-primaries", "both-write", "one-is-lost"),
    ("two-primaries", "with-epochs", "saved-and-lost"),
    ("two-primaries", "alone-and-newer", "lost"),
];

/// How long a learner may think before locking in, in milliseconds: what is due now and
/// then is due at another moment of each continuation.
const THINKS_MS: [u64; 5] = [0, 700, 1_900, 3_300, 4_600];

/// The texts say what comes true, so it has to be the same under every seed, and however
/// long the learner thinks.
#[test]
fn predictions_come_out_as_the_texts_say() {
    let mut otherwise = Vec::new();
    for (lesson, step, expected) in COMES_TRUE {
        let lesson = open(lesson);
        let step = &lesson.steps[lesson.step(step).unwrap()];
        let StepKind::Predict(prediction) = &step.kind else {
            panic!("{} is no prediction", step.id);
        };
        for &seed in &lesson.seeds {
            // Where the goals before it are met; at the beginning where there are none.
            let script = &lesson.solutions[0].script;
            let mut run = lesson.run_of(script, seed);
            let before = lesson.goals_before(lesson.step(&step.id).unwrap()).count();
            let at = if before == 0 {
                lesson.begins_at
            } else {
                first_met(&lesson, seed, before)
            };
            run.commands.retain(|it| it.at <= at);
            for thinks_ms in THINKS_MS {
                let at = at.after(thinks_ms * 1_000);
                let found = match predict::outcome(prediction, &run, at) {
                    Outcome::Option(place) => &prediction.options[usize::from(place)].id,
                    Outcome::Undecided => "undecided",
                };
                if found != *expected {
                    let step = &step.id;
                    otherwise.push(format!(
                        "{step}: {found}, not {expected}: seed {seed}, after {thinks_ms} ms"
                    ));
                }
            }
        }
    }
    assert!(otherwise.is_empty(), "{}", otherwise.join("\n"));
}

/// The kind of a goal alone: without times, amounts, outcomes, and who or what it is about.
fn kind(of: impl std::fmt::Debug) -> String {
    let said = format!("{of:?}");
    let name = said.split(|it: char| !it.is_alphanumeric()).next();
    name.unwrap_or_default().to_owned()
}

/// What a lesson asks for by acting, and what its solutions do, by kinds alone.
struct Asked {
    id: String,
    goals: Vec<String>,
    solutions: Vec<Vec<String>>,
}

impl Asked {
    fn of(lesson: &Lesson) -> Self {
        let goals = lesson.goals().map(|goal| kind(&goal.predicate));
        let solutions = lesson.solutions.iter().map(|solution| {
            let commands = solution.script.commands.iter();
            let kinds = commands.map(|timed| match timed.command {
                Command::Act { action, .. } => kind(action.kind),
                other => kind(other),
            });
            kinds.collect()
        });
        Self {
            id: lesson.id.clone(),
            goals: goals.collect(),
            solutions: solutions.collect(),
        }
    }

    /// Whether this lesson has nothing of its own beside the other one: what it asks for is
    /// asked for there, and what solves it is done there in the same order.
    fn is_within(&self, other: &Self) -> bool {
        let mut theirs = other.goals.clone();
        let has_goals = self.goals.iter().all(|goal| {
            let at = theirs.iter().position(|it| it == goal);
            at.map(|at| theirs.swap_remove(at)).is_some()
        });
        has_goals
            && self.solutions.iter().any(|own| {
                other.solutions.iter().any(|others| {
                    let mut others = others.iter();
                    own.iter().all(|command| others.any(|it| it == command))
                })
            })
    }
}

/// Lessons may look at one thing from two sides, and then each asks for something of its
/// own: what solves one of them does not solve another under other names, nor with a step
/// more.
#[test]
fn no_two_lessons_share_goals_and_solution() {
    let lessons = folders().into_iter().map(|folder| {
        let lesson = from_folder(&load(&folder)).unwrap();
        Asked::of(&lesson)
    });
    let lessons: Vec<Asked> = lessons.collect();
    for one in &lessons {
        for other in lessons.iter().filter(|other| other.id != one.id) {
            assert!(!one.is_within(other), "{} is {} again", one.id, other.id);
        }
    }
    // A lesson under other names, and one with a step more, would be noticed.
    let [one, mut longer] = [0, 0].map(|at: usize| Asked {
        id: String::new(),
        goals: lessons[at].goals.clone(),
        solutions: lessons[at].solutions.clone(),
    });
    longer.goals.push("ReadShows".into());
    longer.solutions[0].push("Read".into());
    assert!(one.is_within(&longer) && !longer.is_within(&one));
}

#[test]
fn no_prediction_is_left_out_of_what_comes_true() {
    let listed: BTreeSet<(&str, &str)> = COMES_TRUE.iter().map(|it| (it.0, it.1)).collect();
    for folder in folders() {
        let lesson = from_folder(&load(&folder)).unwrap();
        for step in &lesson.steps {
            let place = (lesson.id.as_str(), step.id.as_str());
            let predicts = matches!(step.kind, StepKind::Predict(_));
            assert_eq!(predicts, listed.contains(&place), "{place:?}");
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

/// The learner's run with these commands, each so many milliseconds after the beginning.
fn run_with(lesson: &Lesson, seed: u64, commands: &[(u64, Command)]) -> Run {
    let mut run = lesson.run(seed);
    run.commands.extend(commands.iter().map(|&(ms, command)| {
        let at = Time::from_ms(ms);
        TimedCommand { at, command }
    }));
    run
}

fn prediction(lesson: &Lesson, step: &str) -> Prediction {
    match &lesson.steps[lesson.step(step).expect("the step is there")].kind {
        StepKind::Predict(prediction) => prediction.clone(),
        _ => panic!("{step} is no prediction"),
    }
}

/// Regions' clocks differ by some milliseconds, so of two writes that lie closer
/// together the first may have the later stamp. The texts may not say otherwise.
#[test]
fn of_two_writes_in_one_moment_either_may_survive_and_never_both_or_none() {
    let lesson = open("last-write-wins-loses");
    let prediction = prediction(&lesson, "survivor");
    let write = |customer: &str| {
        let commands = lesson.solutions[0].script.commands.iter();
        let mut writes = commands.filter(|it| matches!(it.command, Command::Act { .. }));
        writes.nth(usize::from(customer == "Nora")).unwrap().command
    };
    let cut = lesson.solutions[0].script.commands[0].command;
    let mut came = [0; 3];
    for seed in 1..=60 {
        for apart_ms in [0, 1, 3, 2_000] {
            let writes = [
                (6_000, cut),
                (8_000, write("Mika")),
                (8_000 + apart_ms, write("Nora")),
            ];
            let run = run_with(&lesson, seed, &writes);
            let at = Time::from_ms(8_100 + apart_ms);
            let outcome = predict::outcome(&prediction, &run, at);
            let Outcome::Option(place) = outcome else {
                panic!("undecided under seed {seed}, {apart_ms} ms apart");
            };
            if apart_ms == 2_000 {
                assert_eq!(prediction.options[place as usize].id, "last", "{seed}");
            } else {
                came[place as usize] += 1;
            }
        }
    }
    let [first, last, each_its_own] = came;
    assert!(first > 0 && last > 0, "{came:?}");
    assert_eq!(each_its_own, 0);
}

/// "A blink" supposes a whole link and nothing about clocks: whatever was done to
/// either before, a price that was called saved is lost.
#[test]
fn whatever_the_learner_did_before_a_blink_loses_a_price() {
    let lesson = open("last-write-wins-loses");
    let prediction = prediction(&lesson, "a-blink");
    let cut = lesson.solutions[0].script.commands[0].command;
    let clock = |region, offset_us| Command::StepClock {
        region,
        offset_us,
        drift_ppm: 0,
    };
    let befores: [&[(u64, Command)]; 5] = [
        &[],
        &[(6_000, cut)],
        &[(6_000, clock(0, 60_000_000))],
        &[(6_000, clock(1, 60_000_000))],
        &[
            (6_000, clock(0, -60_000_000)),
            (6_500, clock(1, -60_000_000)),
        ],
    ];
    for seed in 1..=20 {
        for (place, before) in befores.iter().enumerate() {
            let run = run_with(&lesson, seed, before);
            let outcome = predict::outcome(&prediction, &run, Time::from_ms(9_000));
            let Outcome::Option(option) = outcome else {
                panic!("undecided under seed {seed} after {place}");
            };
            let id = &prediction.options[option as usize].id;
            assert_eq!(id, "one-lost", "{seed} after {place}");
        }
    }
}

/// Whatever is in no language: code, and numbers written in digits.
fn facts(blocks: &[Block]) -> BTreeSet<String> {
    fn visit(inlines: &[Inline], found: &mut BTreeSet<String>) {
        for inline in inlines {
            match inline {
                Inline::Text(text) => {
                    let numbers = text.split(|c: char| !c.is_ascii_digit());
                    found.extend(numbers.filter(|it| !it.is_empty()).map(str::to_string));
                }
                Inline::Code(code) => drop(found.insert(code.clone())),
                Inline::Emphasis(inner) | Inline::Strong(inner) => visit(inner, found),
                Inline::Link { to, content } => {
                    found.insert(to.clone());
                    visit(content, found);
                }
            }
        }
    }
    let mut found = BTreeSet::new();
    for block in blocks {
        match block {
            Block::Paragraph(inlines) => visit(inlines, &mut found),
            Block::Verdict { .. } => {}
            Block::List { items, .. } => items.iter().for_each(|item| visit(item, &mut found)),
        }
    }
    found
}

#[test]
fn every_lesson_says_the_same_in_english_and_in_ukrainian() {
    let is_cyrillic = |title: &str| title.chars().any(|c| ('\u{400}'..'\u{500}').contains(&c));
    for folder in folders() {
        let lesson = from_folder(&load(&folder)).unwrap();
        let (lang, english) = lesson.text("en").unwrap();
        assert_eq!(lang, "en");
        let (lang, ukrainian) = lesson.text("uk").unwrap();
        assert_eq!(lang, "uk", "{} is not in Ukrainian", lesson.id);
        assert!(is_cyrillic(&ukrainian.title));
        assert_eq!(facts(&english.summary), facts(&ukrainian.summary));
        for (en, uk) in english.steps.iter().zip(&ukrainian.steps) {
            let place = format!("{}, {}", lesson.id, en.id);
            assert!(is_cyrillic(&uk.title), "{place}");
            assert_eq!(facts(&en.body), facts(&uk.body), "{place}");
            assert_eq!(en.hints.len(), uk.hints.len(), "{place}");
            for (en, uk) in en.hints.iter().zip(&uk.hints) {
                assert_eq!(facts(en), facts(uk), "{place}");
            }
            for (en, uk) in en.parts.iter().zip(&uk.parts) {
                assert!(is_cyrillic(&uk.title), "{place}, {}", en.id);
                assert_eq!(facts(&en.body), facts(&uk.body), "{place}, {}", en.id);
            }
        }
    }
}
