//! What "why?" answers in the runs that the lessons are about.
#![cfg(not(target_arch = "wasm32"))]

mod support;

use splitbrain_engine::run::{Player, Target};
use splitbrain_engine::sim::fact::FactId;
use splitbrain_engine::sim::trace::Trace;
use splitbrain_lesson::format::Lesson;
use splitbrain_lesson::observe::Observer;
use splitbrain_lesson::script::Script;
use splitbrain_lesson::why::{Step, why_fact, why_goal, why_value};
use support::open;

fn played(lesson: &Lesson, script: &Script) -> (Player, Observer) {
    let mut player = Player::new(lesson.run_of(script, lesson.seeds[0]));
    player.jump(Target::Time(script.ends_at));
    let mut observer = Observer::with_record(&lesson.scenario);
    observer.follow_player(&mut player);
    (player, observer)
}

/// Kinds and roles, a line a fact.
fn told(player: &Player, steps: &[Step]) -> Vec<String> {
    let lines = steps.iter().map(|step| {
        let kind = player.trace().get(step.fact).expect("in memory").kind();
        format!("{} {}", kind.id(), step.role.id())
    });
    lines.collect()
}

fn why(lesson: &Lesson, script: &Script, goal: &str) -> Vec<String> {
    let (player, observer) = played(lesson, script);
    let goal = lesson.goals().find(|held| held.id == goal).expect(goal);
    let steps = why_goal(player.trace(), &observer, &goal.predicate);
    told(&player, &steps)
}

#[test]
fn a_double_charge_is_explained_from_the_tap_to_the_second_charge() {
    let lesson = open("charged-twice");
    let without_keys = why(&lesson, &lesson.must_fail[1].script, "once");
    assert_eq!(
        without_keys,
        [
            "CommandGiven commanded",
            "OperationStarted asked",
            "AttemptStarted tried",
            "ChargeMade charged",
            "MessageSent not_arrived",
            "AttemptTimedOut timed_out",
            "AttemptStarted tried_again",
            "ChargeMade charged_again",
            "OperationReturned told",
        ]
    );
    let per_region = why(&lesson, &lesson.must_fail[0].script, "once");
    let marks = per_region
        .iter()
        .filter(|line| line.ends_with("noted_anew"));
    assert_eq!(marks.count(), 2);
    let at_home = why(&lesson, &lesson.solutions[0].script, "once");
    assert!(at_home.contains(&"DuplicateSuppressed recognised".into()));
}

#[test]
fn a_lost_write_is_explained_by_the_cut_that_kept_it_from_the_winner() {
    let lesson = open("last-write-wins-loses");
    let lost = why(&lesson, &lesson.solutions[0].script, "lost");
    assert_eq!(
        lost,
        [
            "LinkCut changed",
            "CommandGiven commanded",
            "OperationStarted asked",
            "WriteAccepted lost",
            "MessageSent not_arrived",
            "OperationReturned told",
            "CommandGiven commanded",
            "OperationStarted asked",
            "WriteAccepted won",
            "OperationReturned told",
            "WriteApplied arrived",
            "ValueOverwritten displaced",
        ]
    );
}

#[test]
fn without_a_cut_a_lost_write_is_explained_by_the_message_under_way() {
    let lesson = open("last-write-wins-loses");
    let lost = why(&lesson, &lesson.must_fail[0].script, "kept");
    assert!(lost.contains(&"MessageSent under_way".into()));
    assert!(!lost.iter().any(|line| line.starts_with("LinkCut")));
}

#[test]
fn a_write_that_lost_to_a_fast_clock_is_explained_by_the_clock() {
    let lesson = open("last-write-wins-loses");
    let lost = why(&lesson, &lesson.must_fail[1].script, "kept");
    assert!(lost.contains(&"ClockStepped changed".into()));
    assert!(!lost.contains(&"MessageSent under_way".into()));
}

#[test]
fn a_value_that_came_by_a_comparison_leads_back_to_its_write() {
    let lesson = open("last-write-wins-loses");
    let (player, observer) = played(&lesson, &lesson.solutions[0].script);
    let lamp = observer.ledger().keys()[0];
    let shown = why_value(player.trace(), observer.ledger(), 2, lamp);
    let shown = told(&player, &shown);
    assert_eq!(shown[0], "CommandGiven commanded");
    assert!(shown.contains(&"WriteAccepted accepted".into()));
    assert!(shown.contains(&"ReplicasCompared compared".into()));
    assert_eq!(shown.last().map(String::as_str), Some("ValueShown shown"));
}

#[test]
fn what_came_back_is_explained_by_who_forgot_its_removal_and_why_the_other_never_heard() {
    let lesson = open("forgetting-safely");
    let script = &lesson.must_fail[0].script;
    let expected = [
        "LinkCut changed",
        "MessageSent not_arrived",
        "TombstoneDropped forgotten",
        "RemovedReturned returned",
    ];
    let lost = why(&lesson, script, "nothing-returns");
    let (player, observer) = played(&lesson, script);
    let cart = observer.ledger().keys()[0];
    let shown = why_value(player.trace(), observer.ledger(), 0, cart);
    let shown = told(&player, &shown);
    for story in [lost, shown] {
        let places = expected.map(|line| story.iter().position(|told| told == line));
        assert!(places.iter().all(Option::is_some), "{story:#?}");
        assert!(places.is_sorted(), "{story:#?}");
    }
}

#[test]
fn facts_that_are_not_in_memory_are_left_out() {
    let lesson = open("charged-twice");
    let (player, observer) = played(&lesson, &lesson.solutions[0].script);
    let nothing = Trace::default();
    for fact in 0..player.trace().len() {
        assert_eq!(why_fact(&nothing, FactId(fact), observer.next()), []);
        let chain = why_fact(player.trace(), FactId(fact), observer.next());
        assert!(chain.len() <= 40, "{chain:?}");
        assert!(chain.is_sorted_by_key(|step| step.fact));
    }
}
