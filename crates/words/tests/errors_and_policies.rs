//! Errors and policies, told in every language; and a few texts word for word.

mod spoken;

use std::rc::Rc;

use splitbrain_engine::playground;
use splitbrain_engine::policy::{Cost, Property};
use splitbrain_engine::regions::{CATALOG, RegionId};
use splitbrain_engine::run::{Command, CommandError, Direction, Player, Run, Target};
use splitbrain_engine::scenario::{Choice, ServiceKind, Slot};
use splitbrain_engine::sim::fact::{FactId, FactKind, Fate, Label};
use splitbrain_engine::sim::time::Time;
use splitbrain_engine::wire::{Envelope, WireError};
use splitbrain_words::errors::{SAID_BY_THE_ENGINE, WIRE_FIELDS};
use splitbrain_words::{Lang, Role, Scene};

use spoken::{check, words};

#[test]
fn every_error_of_the_wire_has_a_sentence_in_every_language() {
    for &lang in Lang::ALL {
        let words = words(lang);
        let range = |found: &str, allowed: &str| WireError::Range {
            at: 7,
            what: "region",
            found: found.into(),
            allowed: allowed.into(),
        };
        let mut errors = vec![
            WireError::TooLarge {
                bytes: 5_000_000,
                most: 4_000_000,
            },
            WireError::Newer {
                version: 9,
                known: 1,
            },
            WireError::Long { at: 40, left: 1 },
            WireError::Foreign {
                command: 0,
                scenario: "playground".into(),
            },
            range("40", "0 to 31"),
            range("7", "1, 2, 3"),
        ];
        errors.extend(
            WIRE_FIELDS
                .iter()
                .map(|what| WireError::Short { at: 7, what }),
        );
        errors.extend(
            SAID_BY_THE_ENGINE
                .iter()
                .map(|phrase| range(phrase, phrase)),
        );
        for error in errors {
            check(&words.wire_error(&error), lang);
        }
        let errors = [
            CommandError::DoesNotFit,
            CommandError::TooMany,
            CommandError::TooLate,
        ];
        for error in errors {
            check(&words.command_error(error), lang);
        }
    }
}

#[test]
fn bytes_cut_anywhere_give_an_error_without_a_word_of_english_in_ukrainian() {
    let mut run = Run::new(Rc::new(playground::playground()), 1);
    let direction = Direction::Both;
    run.commands.push(splitbrain_engine::run::TimedCommand {
        at: Time(9),
        command: Command::CutLink {
            from: 0,
            to: 1,
            direction,
        },
    });
    let bytes = Envelope::of(&run, Time(9), 7).encode();
    let ukrainian = words(Lang::Uk);
    for end in 0..bytes.len() {
        let error = Envelope::decode(&bytes[..end]).expect_err("it is cut");
        let said = ukrainian.wire_error(&error).to_string();
        assert!(!said.contains(|c: char| c.is_ascii_alphabetic()), "{said}");
    }
}

#[test]
fn what_is_wrong_with_a_scenario_is_told_in_ukrainian_but_for_names() {
    let mut scenario = playground::playground();
    scenario.regions.push(scenario.regions[0]);
    scenario.customers[0].near = 40;
    scenario.customers[1].think_us = Some(5);
    scenario.customers[2].habits = splitbrain_engine::workload::Habits::default();
    scenario.services.push(scenario.services[0].clone());
    scenario.retry.attempts = 0;
    let errors = scenario.check();
    assert!(errors.len() >= 6, "{errors:?}");
    let ukrainian = words(Lang::Uk);
    for error in errors {
        let said = ukrainian.scenario_error(&error).to_string();
        assert!(!said.contains(" of ") && !said.contains("least"), "{said}");
    }
}

#[test]
fn everything_that_a_drawer_shows_is_there_in_every_language() {
    for &lang in Lang::ALL {
        let words = words(lang);
        for &kind in ServiceKind::ALL {
            check(&words.service(kind), lang);
            for slot in kind.slots() {
                check(&words.slot(slot), lang);
                for info in slot.choices(kind) {
                    check(&words.policy(info.id), lang);
                    check(&words.policy_what(info.id), lang);
                    check(&words.policy_more(info.id), lang);
                    words.warning(info).iter().for_each(|it| check(it, lang));
                    info.costs
                        .iter()
                        .for_each(|&cost: &Cost| check(&words.cost(cost), lang));
                    let properties = info.keeps.iter().chain(info.gives_up);
                    properties.for_each(|&property: &Property| {
                        check(&words.property(property), lang);
                        check(&words.property_means(property), lang);
                    });
                }
            }
        }
        for &kind in FactKind::ALL {
            check(&words.fact_kind(kind), lang);
        }
        for &label in Label::ALL {
            check(&words.label(label), lang);
        }
        for &fate in Fate::ALL {
            check(&words.fate(fate), lang);
        }
    }
}

#[test]
fn what_fills_several_slots_is_told_service_by_service() {
    let words = words(Lang::En);
    let choice = |service, slot: Slot, policy: &str| Choice {
        service,
        slot,
        policy: policy.into(),
    };
    let mut choices = vec![
        choice(ServiceKind::Prices, Slot::Merge, "minimum"),
        choice(ServiceKind::Carts, Slot::Replication, "quorum"),
        choice(ServiceKind::Carts, Slot::ReadRepair, "read_repair"),
    ];
    let mut scenario = playground::playground();
    assert_eq!(
        words.design_parts(&scenario, &choices),
        "Prices: Minimum\u{a0}\u{b7} Carts: Quorum store; When a read finds a stale region: Read repair"
    );
    // Where there is one service only, it is that one.
    scenario.services.truncate(1);
    choices.truncate(1);
    assert_eq!(words.design_parts(&scenario, &choices), "Minimum");
}

#[test]
fn cities_are_called_as_the_engine_calls_them_in_english() {
    let english = words(Lang::En);
    for (place, region) in CATALOG.iter().enumerate() {
        assert_eq!(english.city(RegionId(place as u8)).to_string(), region.city);
    }
}

#[test]
fn a_lost_reply_reads_like_a_sentence_and_its_parts_can_be_followed() {
    let mut player = Player::new(Run::new(Rc::new(playground::playground()), 1));
    let command = Command::DropNextReply {
        region: 0,
        customer: Some(0),
    };
    player.act(command).expect("it fits");
    player.jump(Target::Time(Time::from_ms(20_000)));
    let design = player.run().design();
    let scene = Scene::of(&player, &design);
    let is_lost = |id: &FactId| {
        let message = player.trace().get(*id).and_then(|fact| {
            (fact.kind() == FactKind::MessageSent)
                .then(|| fact.message())
                .flatten()
        });
        matches!(message, Some((Label::Reply, Fate::Dropped)))
    };
    let lost = (0..player.trace().len())
        .map(FactId)
        .find(is_lost)
        .expect("a reply is lost");
    let said = words(Lang::En).fact(&scene, lost);
    assert_eq!(
        said.to_string(),
        "The reply of us-east-1 to Ana was lost: a learner asked for it"
    );
    let roles: Vec<Role> = said.pieces.iter().map(|piece| piece.role).collect();
    assert_eq!(
        roles,
        [
            Role::Plain,
            Role::Region(0),
            Role::Plain,
            Role::Customer(0),
            Role::Plain
        ]
    );
    let said = words(Lang::Uk).fact(&scene, lost);
    assert_eq!(
        said.to_string(),
        "Відповідь від us-east-1 для Ana: втрачено, бо так попросили"
    );
    let said = words(Lang::En).fact(&scene, FactId(0));
    assert_eq!(
        said.to_string(),
        "You arranged to lose the next reply of us-east-1 to Ana"
    );
}
