//! Verdicts of a broken run, and what can be wrong with a lesson, told in every language.

mod problems;
mod spoken;

use std::rc::Rc;

use splitbrain_checker::{Role, Verdict, properties};
use splitbrain_engine::playground;
use splitbrain_engine::run::{Command, Direction, Player, Run, Target};
use splitbrain_engine::scenario::{Choice, ServiceKind, Slot};
use splitbrain_engine::sim::fact::OpKind;
use splitbrain_engine::sim::node::{Action, Key, PaymentKey, Value};
use splitbrain_engine::sim::time::Time;
use splitbrain_lesson::format::error::LessonError;
use splitbrain_lesson::observe::Observer;
use splitbrain_lesson::why;
use splitbrain_words::{Lang, Scene};

use spoken::{check, words};

const PRICE: Key = Key::new(0, 0);
const CART: Key = Key::new(1, 0);

#[test]
fn every_problem_of_a_lesson_has_a_sentence_in_every_language() {
    for &lang in Lang::ALL {
        for problem in problems::all() {
            let error = LessonError {
                file: "lesson.toml".into(),
                line: 12,
                field: "steps[0]".into(),
                problem,
            };
            let said = words(lang).lesson_error(&error);
            check(&said, lang);
            assert!(said.to_string().starts_with("lesson.toml:12: steps[0]: "));
        }
    }
}

/// Prices by arrival order, carts and payments without care, and writes on both
/// sides of a cut: everything that can be violated is.
fn broken_run() -> Player {
    let mut run = Run::new(Rc::new(playground::playground()), 3);
    for (service, slot, policy) in [
        (ServiceKind::Prices, Slot::Merge, "arrival_order"),
        (ServiceKind::Carts, Slot::Merge, "last_writer_wins"),
        (ServiceKind::Payments, Slot::KeyStore, "none"),
    ] {
        let policy = policy.into();
        run = run.with(Choice {
            service,
            slot,
            policy,
        });
    }
    let mut player = Player::new(run);
    let mut act = |command| {
        player.jump(Target::Time(player.time().after(300_000)));
        player.act(command).expect("it fits");
    };
    let ask = |customer, kind, key, argument| Command::Act {
        customer,
        action: Action {
            kind,
            key,
            argument: Value(argument),
            payment_key: PaymentKey::Fresh,
            via: None,
        },
    };
    for to in 1..5 {
        act(Command::CutLink {
            from: 0,
            to,
            direction: Direction::Both,
        });
    }
    act(ask(7, OpKind::Write, PRICE, 100));
    act(ask(8, OpKind::Write, PRICE, 110));
    act(ask(0, OpKind::Add, CART, 2));
    act(Command::DropNextReply {
        region: 0,
        customer: Some(0),
    });
    act(ask(0, OpKind::Pay, Key::new(2, 0), 45));
    for to in 1..5 {
        act(Command::HealLink {
            from: 0,
            to,
            direction: Direction::Both,
        });
    }
    player.jump(Target::Time(Time::from_ms(30_000)));
    player
}

#[test]
fn every_verdict_of_a_broken_run_can_be_told_in_every_language() {
    let mut player = broken_run();
    let design = player.run().design();
    let mut observer = Observer::new(&design);
    observer.follow_player(&mut player);
    let scene = Scene::of(&player, &design);
    let mut told = 0;
    for &lang in Lang::ALL {
        let words = words(lang);
        for &role in &Role::ALL {
            check(&words.part(role), lang);
        }
        for info in properties::ALL {
            check(&words.judged(info.property), lang);
            check(&words.judged_means(info.property), lang);
            for verdict in [Verdict::Holds, Verdict::Open { at_risk: vec![] }] {
                check(&words.verdict(info.property, &verdict), lang);
            }
            for &kind in info.kinds {
                check(&words.violation_kind(kind), lang);
            }
            let verdict = observer.judge().verdict(info.property);
            check(&words.verdict(info.property, &verdict), lang);
            let Verdict::Violated {
                violations,
                at_risk,
            } = verdict
            else {
                continue;
            };
            for violation in violations {
                told += 1;
                check(&words.violation(&scene, violation), lang);
                for step in why::why_violation(player.trace(), violation, player.end()) {
                    check(&words.why_part(step.role), lang);
                    check(&words.fact_at(&scene, step.fact), lang);
                }
            }
            for risk in &at_risk {
                check(&words.at_risk(&scene, risk), lang);
            }
        }
    }
    assert!(told >= 6, "{told} violations in all languages");
}
