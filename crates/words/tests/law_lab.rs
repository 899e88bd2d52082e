//! What is said in the law lab: every law, every type, every broken law and every error of
//! a merge rule, in every language.

mod spoken;

use std::rc::Rc;

use splitbrain_engine::crdt::catalogue::all;
use splitbrain_engine::crdt::laws::rules::{RuleError, RuleLab, Wanted};
use splitbrain_engine::crdt::laws::{Effort, Law, search};
use splitbrain_words::{Catalog, Lang, Words};

use spoken::{check, words};

/// The words of the lab are not among those of every page.
fn lab(lang: Lang) -> Words {
    words(lang).and(Rc::new(Catalog::laws()))
}

#[test]
fn every_broken_law_is_told_in_every_language() {
    let effort = Effort {
        shrunk: 1,
        ..Effort::default()
    };
    for entry in all() {
        let findings = search(entry.lab, entry.breaks, effort);
        let found: Vec<_> = { findings.into_iter() }
            .filter_map(|it| it.counterexample)
            .collect();
        assert_eq!(found.len(), entry.breaks.len(), "{}", entry.info.id);
        for &lang in Lang::ALL {
            let words = lab(lang);
            check(&words.data_type(entry.info.id), lang);
            for found in &found {
                // States have braces of their own, so that `check` is not for them.
                let told = words.law_broken(found);
                assert_eq!(told.lang, lang);
                for name in [
                    "{a}",
                    "{b}",
                    "{c}",
                    "{found}",
                    "{expected}",
                    "{one}",
                    "{other}",
                ] {
                    assert!(!told.to_string().contains(name), "{told}");
                }
            }
        }
    }
}

#[test]
fn every_law_and_every_error_of_a_rule_has_words_in_every_language() {
    for &lang in Lang::ALL {
        let words = lab(lang);
        for law in Law::ALL {
            check(&words.law(law), lang);
        }
        for expected in Wanted::ALL {
            let found = String::new();
            check(
                &words.rule_error(&RuleError {
                    column: 3,
                    expected,
                    found,
                }),
                lang,
            );
        }
    }
    let error = RuleLab::parse("set: sum").expect_err("sets are not summed");
    assert_eq!(
        lab(Lang::En).rule_error(&error).to_string(),
        "character 6: expected union or intersection, found “sum”"
    );
}
