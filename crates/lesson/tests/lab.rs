//! Steps in the law lab: what may be asked, what counts as an answer, and who decides.
#![cfg(not(target_arch = "wasm32"))]

mod support;

use splitbrain_engine::crdt::laws::Law;
use splitbrain_lesson::format::{Folder, Lesson, from_folder};
use splitbrain_lesson::goal::{Arg, Status};
use splitbrain_lesson::grade::{grade, grade_script};
use splitbrain_lesson::lab::{self, Answer, Answers, Check, LabGoal, MAX_STEPS, Machine};
use splitbrain_lesson::lint::lint;
use support::{folders, load, name, open};

const LESSON: &str = "the-law-lab";

fn goal(lesson: &Lesson, id: &str) -> LabGoal {
    lesson
        .lab_goals()
        .find(|goal| goal.id == id)
        .expect("the lesson has it")
        .clone()
}

/// How a goal stands with this answer, under every seed of the lesson: `met`, or why not.
fn stands(lesson: &Lesson, id: &str, answer: &str) -> (&'static str, Vec<Arg>) {
    let goal = goal(lesson, id);
    let answer = Answer::parse(&goal, answer).expect("the lesson has it");
    let mut found = lesson.seeds.iter().map(|&seed| {
        let status = lab::status(&goal, Some(&answer), seed);
        let reason = status.reason();
        reason.map_or(("met", Vec::new()), |reason| {
            (reason.id, reason.args.clone())
        })
    });
    let first = found.next().expect("the lesson has it");
    assert!(found.all(|other| other == first), "{id}");
    first
}

#[test]
fn the_lab_decides_what_breaks_a_law() {
    let lesson = open(LESSON);
    let count = |args: &[u32]| args.iter().copied().map(Arg::Count).collect::<Vec<_>>();
    for (id, answer, expected, args) in [
        ("own-removal", "A: add(1); A: remove(1)", "met", &[][..]),
        ("comes-back", "B: add(0); B: remove(0); C <- B", "met", &[]),
        (
            "comes-back",
            "A: add(0); A: remove(0)",
            "lab_keeps_law",
            &[],
        ),
        ("comes-back", "A: remove(0); A: add(0); B <- A", "met", &[]),
        (
            "comes-back",
            "A: add(0); A: add(1); A: remove(0); B <- A",
            "lab_longer",
            &[4, 3],
        ),
        ("too-late", "A: remove(0); A: add(0)", "met", &[]),
        ("too-late", "A: add(0); A: remove(0)", "lab_keeps_law", &[]),
        ("which", "specification, updates_go_up", "met", &[]),
        ("which", "specification", "lab_named_otherwise", &[0, 1]),
        (
            "which",
            "commutative, idempotent, updates_go_up",
            "lab_named_otherwise",
            &[2, 1],
        ),
        ("safe-set", "growing set: per replica union", "met", &[]),
        (
            "safe-set",
            "growing count: per replica maximum",
            "lab_keeps_another",
            &[],
        ),
        ("safe-set", "set: intersection", "lab_rule_breaks", &[3]),
    ] {
        assert_eq!(
            stands(&lesson, id, answer),
            (expected, count(args)),
            "{id}: {answer}"
        );
    }
}

#[test]
fn an_answer_is_read_back_as_it_was_written() {
    let lesson = open(LESSON);
    for (id, source, written) in [
        (
            "comes-back",
            " A:add(0);A: remove( 0 ) ; B<-A",
            "A: add(0); A: remove(0); B <- A",
        ),
        (
            "which",
            "specification,idempotent",
            "idempotent, specification",
        ),
        ("safe-set", "growing  set :union", "growing set: union"),
    ] {
        let goal = goal(&lesson, id);
        let answer = Answer::parse(&goal, source).unwrap();
        assert_eq!(answer.to_string(), written);
        assert_eq!(Answer::parse(&goal, written), Ok(answer));
    }
}

#[test]
fn what_is_no_answer_is_refused_with_what_could_be() {
    let lesson = open(LESSON);
    let long = ["A <- B"; MAX_STEPS + 1].join(";");
    let huge = "x".repeat(5_000);
    for (id, source, expected) in [
        (
            "comes-back",
            "",
            "is no answer here; expected 1 to 24 steps",
        ),
        ("comes-back", "A: add(0);", "1 to 24 steps"),
        (
            "comes-back",
            "A: raise(0, 1)",
            "A: raise(0, 1) is no answer here",
        ),
        ("comes-back", "A: add(200)", "one of add, remove"),
        ("comes-back", &long, "25 steps is no answer here"),
        (
            "comes-back",
            &huge,
            "a text of 5000 bytes is no answer here; expected up to 1000",
        ),
        ("which", "", "expected commutative, associative"),
        ("which", "idempotent, deltas", "deltas is no answer here"),
        ("safe-set", "set: sum", "none from character 6"),
    ] {
        let wrong = Answer::parse(&goal(&lesson, id), source).unwrap_err();
        assert!(wrong.to_string().contains(expected), "{source}: {wrong}");
    }
}

/// What a page or a file says was answered to another goal decides nothing.
#[test]
fn an_answer_of_another_kind_meets_nothing() {
    let lesson = open(LESSON);
    let history = Answer::parse(&goal(&lesson, "comes-back"), "A: add(0)").unwrap();
    for id in ["which", "safe-set"] {
        let status = lab::status(&goal(&lesson, id), Some(&history), 1);
        assert_eq!(status.reason().unwrap().id, "lab_unanswered");
    }
    let laws = Answer::of_laws(&[Law::Specification]);
    let status = lab::status(&goal(&lesson, "comes-back"), Some(&laws), 1);
    assert_eq!(status.reason().unwrap().id, "lab_unanswered");
}

#[test]
fn slices_decide_what_a_stretch_decides() {
    let lesson = open(LESSON);
    let goal = goal(&lesson, "which");
    let answer = Answer::parse(&goal, "specification").unwrap();
    let mut check = Check::new(&goal, &answer, 19);
    let mut slices = 0;
    while !check.advance(7) {
        slices += 1;
    }
    assert!(slices > 10);
    let status = lab::status(&goal, Some(&answer), 19);
    assert_eq!(check.decided().status(), &status);
    assert_eq!(check.decided().answer(), answer.to_string());
}

#[test]
fn the_machine_needs_no_more_steps_than_the_solution() {
    let lesson = open(LESSON);
    let answers = &lesson.solutions[0].script.answers;
    for (id, steps) in [
        ("own-removal", 2),
        ("comes-back", 3),
        ("too-late", 2),
        ("same-tag", 4),
    ] {
        let goal = goal(&lesson, id);
        for &seed in &lesson.seeds {
            let mut machine = Machine::new(&goal, seed).unwrap();
            while !machine.advance(u32::MAX) {}
            let found = machine.found().unwrap();
            assert_eq!(found.history.steps.len(), steps, "{id} under seed {seed}");
        }
        let own = lab::own(&goal, answers.get(id).unwrap()).unwrap();
        assert_eq!(own.moments.len(), steps);
    }
    assert!(Machine::new(&goal(&lesson, "which"), 1).is_none());
}

/// A teacher replays a run and has the answers tried, with the run's own seed.
#[test]
fn a_grade_needs_the_run_and_the_answers() {
    let lesson = open(LESSON);
    let script = &lesson.solutions[0].script;
    let seed = lesson.seeds[1];
    let report = grade_script(&lesson, script, seed);
    assert!(report.is_solved());
    let order: Vec<&str> = report.goals.iter().map(|(id, _)| id.as_str()).collect();
    assert_eq!(order, lesson.goal_ids());
    let run = lesson.run_of(script, seed);
    let mut answers = Answers::default();
    let without = grade(&lesson, run.clone(), &answers, script.ends_at);
    let unanswered: Vec<String> = lesson.lab_goals().map(|goal| goal.id.clone()).collect();
    assert_eq!(without.unmet(), unanswered);
    for (id, answer) in script.answers.iter() {
        answers.insert(id, answer.clone());
    }
    let with = grade(&lesson, run, &answers, script.ends_at);
    assert_eq!(with, report);
    assert!(
        with.goals
            .iter()
            .all(|(_, status)| matches!(status, Status::Met { .. }))
    );
}

fn changed(from: &str, to: &str) -> Folder {
    let folder = folders().into_iter().find(|folder| name(folder) == LESSON);
    let mut source = load(&folder.expect("the lesson is there"));
    assert!(source.lesson.contains(from), "{from}");
    source.lesson = source.lesson.replacen(from, to, 1);
    source.texts.clear();
    source
}

#[test]
fn each_fault_of_a_lab_step_is_named_with_what_is_allowed() {
    for (from, to, expected) in [
        (
            "goal = \"broken_laws\"",
            "goal = \"broken_law\"",
            "steps[2].goals[0].goal: broken_law is not allowed; allowed: counterexample, broken_laws, safe_rule",
        ),
        (
            "law = \"updates_go_up\"",
            "law = \"idempotent\"",
            "steps[3].goals[0].law: idempotent is not allowed; allowed: updates_go_up, specification, deltas",
        ),
        (
            "subject = \"region_tag_set\"",
            "subject = \"g_set\"",
            "steps[5].goals[0].subject: g_set is not allowed; allowed: logoot, cart_by_maximum",
        ),
        (
            "at_most = 2",
            "at_most = 0",
            "at_most: 0 is not allowed; allowed: 1 to 24",
        ),
        (
            "keeps = \"set\"",
            "keeps = \"bag\"",
            "keeps: bag is not allowed; allowed: count, cart",
        ),
        (
            "\"idempotent\", \"updates_go_up\", \"specification\", \"convergence\"]",
            "\"idempotent\", \"idempotent\", \"bounds\"]",
            "idempotent stands here twice",
        ),
        (
            "keeps = \"set\"",
            "keeps = \"set\"\nhistories = 10",
            "histories: 10 is not allowed; allowed: 50 to 2000",
        ),
        ("at_most = 4", "at_mots = 4", "unknown field at_mots"),
        (
            "answer = \"A: add(0); A: remove(0)\"",
            "answer = \"A: add(9)\"",
            "solutions[0].answers[1].answer: A: add(9) is not allowed; allowed: 1 to 24 steps",
        ),
        (
            "{ goal = \"which\", answer",
            "{ goal = \"wich\", answer",
            "solutions[0].answers[0].goal: wich is not allowed; allowed: which, own-removal",
        ),
        (
            "{ goal = \"own-removal\", answer = \"A: add(0); A: remove(0)\" }",
            "{ goal = \"which\", answer = \"specification\" }",
            "which stands here twice",
        ),
        (
            "id = \"same-tag\"",
            "id = \"lamp-in\"",
            "lamp-in stands here twice",
        ),
    ] {
        let errors = from_folder(&changed(from, to)).unwrap_err();
        let told: Vec<String> = errors.iter().map(ToString::to_string).collect();
        assert!(
            told.iter().any(|it| it.contains(expected)),
            "{expected}: {told:#?}"
        );
    }
}

#[test]
fn the_linter_proves_what_is_answered_in_the_lab() {
    let folder = changed("answer = \"growing set: union\"", "answer = \"set: union\"");
    let found = lint(&from_folder(&folder).unwrap(), None);
    let told: Vec<String> = found.iter().map(ToString::to_string).collect();
    let expected = "seed 19: solution a-sound-set leaves safe-set unmet";
    assert!(told.iter().any(|it| it == expected), "{told:#?}");
    let folder = changed("breaks = \"which\"", "breaks = \"safe-set\"");
    let found = lint(&from_folder(&folder).unwrap(), None);
    let told: Vec<String> = found.iter().map(ToString::to_string).collect();
    let expected = "seed 19: only-the-value is to break only safe-set, and breaks which";
    assert!(told.iter().any(|it| it == expected), "{told:#?}");
}
