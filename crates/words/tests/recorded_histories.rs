//! What is said of recorded histories: every kind of error, of proof and of reason, in
//! every language.

mod spoken;

use std::rc::Rc;

use splitbrain_checker::consistency::{OF_OPERATIONS, OF_TRANSACTIONS};
use splitbrain_checker::import::{Expected, Found, Instead};
use splitbrain_checker::search::Kind;
use splitbrain_checker::transactions::{
    Edge, EdgeKind, End, Key, NotJudged, Operation, OperationId, Pattern, Transaction,
    TransactionalHistory, Undecided, Value,
};
use splitbrain_words::{Catalog, Lang, Words};

use spoken::{check, words};

/// The words of the judge are not among those of every page.
fn judge(lang: Lang) -> Words {
    words(lang).and(Rc::new(Catalog::judge()))
}

#[test]
fn every_error_of_an_importer_has_words_in_every_language() {
    for &lang in Lang::ALL {
        let words = judge(lang);
        for &expected in Expected::ALL {
            check(&words.import_expected(expected), lang);
        }
        let mut found: Vec<Found> = Instead::ALL.iter().copied().map(Found::Instead).collect();
        found.push(Found::Quoted("r 1\n".into()));
        found.push(Found::WrittenBefore { value: 5, line: 7 });
        for found in found {
            check(&words.import_found(&found), lang);
        }
    }
    let found = judge(Lang::En).import_found(&Found::Quoted("r 1\n".into()));
    assert_eq!(found.to_string(), "“r 1\\n”");
}

#[test]
fn every_model_and_every_kind_of_violation_has_words_in_every_language() {
    for &lang in Lang::ALL {
        let words = judge(lang);
        for model in OF_OPERATIONS.into_iter().chain(OF_TRANSACTIONS) {
            check(&words.get(&format!("ui.judge.model.{}", model.id())), lang);
        }
        let patterns = Pattern::ALL.map(Pattern::id);
        for kind in Kind::ALL.map(Kind::id).into_iter().chain(patterns) {
            check(&words.get(&format!("ui.judge.kind.{kind}")), lang);
        }
    }
}

#[test]
fn every_reason_not_to_judge_has_words_in_every_language() {
    let (first, second) = (0, 1);
    let reasons = [
        NotJudged::RepeatedValues { first, second },
        NotJudged::InitialValue(first),
        NotJudged::OtherOperation(first),
        NotJudged::Tied { first, second },
        NotJudged::TooMany,
        NotJudged::Undecided(Undecided::Clocks),
    ];
    assert_eq!(reasons.map(NotJudged::id), NotJudged::IDS);
    for &lang in Lang::ALL {
        let words = judge(lang);
        for why in reasons {
            let who = |at| format!("process {at}");
            check(
                &words.not_judged(why, who, |at| format!("write {at}")),
                lang,
            );
        }
    }
}

#[test]
fn every_kind_of_edge_has_words_in_every_language() {
    let key = Key(0);
    let session = vec![
        Transaction::committed(vec![Operation::write(key, Value(1))]),
        Transaction::committed(vec![Operation::read(key, Value(1))]),
        Transaction::committed(vec![Operation::read_initial(key)]),
    ];
    let history = TransactionalHistory::new(&[session]).expect("values differ");
    let [write, read, initial] = [0, 1, 2].map(|at| End::Operation(OperationId(at)));
    for &lang in Lang::ALL {
        let words = judge(lang);
        for kind in EdgeKind::ALL {
            let (from, to) = (write, read);
            let because = Vec::new();
            let edge = Edge {
                from,
                to,
                kind,
                because,
            };
            check(&words.edge(&history, &edge), lang);
            let (from, to) = match kind {
                EdgeKind::Causal => continue,
                EdgeKind::MustPrecede => (write, End::Initial(key)),
                EdgeKind::SessionOrder | EdgeKind::ReadFrom => (End::Initial(key), initial),
            };
            check(&words.edge(&history, &Edge { from, to, ..edge }), lang);
        }
    }
}
