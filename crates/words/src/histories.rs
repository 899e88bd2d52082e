//! What the checker says of recorded histories: operations of transactions, the edges of
//! a proof, and why a model says nothing.
//!
//! Their English is among the words of the judge of histories
//! ([`crate::catalog::ENGLISH_OF_JUDGE`]), which have to be added to a page's own.

use splitbrain_checker::transactions::{
    Access, Edge, EdgeKind, End, Key, NotJudged, OperationId, TransactionalHistory,
};

use crate::arg::Arg;
use crate::text::Text;
use crate::words::Words;

/// A number that names something, so without separators.
fn name(number: impl ToString) -> Arg {
    Arg::Plain(number.to_string())
}

impl Words {
    /// A transaction: "transaction 2 of session 1", both counted from 1.
    fn transaction(&self, history: &TransactionalHistory, of: OperationId) -> Text {
        let transaction = history.transaction_of(of);
        let session = history.session_of(transaction);
        let before = history.session(session).take_while(|it| *it < transaction);
        let args = [
            ("n", name(before.count() + 1)),
            ("session", name(session + 1)),
        ];
        self.say("history.transaction", &args)
    }

    /// What an operation of a transaction did, with the line of its file: "transaction 2
    /// of session 1 wrote 5 to key 0 (line 7)".
    pub fn transactional_operation(&self, history: &TransactionalHistory, of: OperationId) -> Text {
        let done = history.operation(of);
        let (id, value) = match done.access {
            Access::Write(value) => ("history.wrote", Some(value)),
            Access::Read(Some(value)) => ("history.read", Some(value)),
            Access::Read(None) => ("history.read_initial", None),
        };
        let mut args = vec![
            ("who", self.transaction(history, of).into()),
            ("key", name(done.key)),
            ("line", name(history.label(of))),
        ];
        args.extend(value.map(|value| ("value", Arg::Value(value.to_string()))));
        self.say(id, &args)
    }

    /// Why one end of an edge is before the other, as a sentence; of an edge that is
    /// itself proved, one that its proof has to follow.
    pub fn edge(&self, history: &TransactionalHistory, edge: &Edge<OperationId>) -> Text {
        let id = format!("history.edge.{}", edge.kind.id());
        let operation = |of: OperationId| Arg::from(self.transactional_operation(history, of));
        let sentence = match (edge.from, edge.to) {
            (End::Operation(from), End::Operation(to)) => match edge.kind {
                EdgeKind::MustPrecede => {
                    let mut args = self.written(history, from);
                    let other = self.transaction(history, to);
                    args.push(("other", other.into()));
                    args.push(("seen", value(history, to)));
                    self.say(&id, &args)
                }
                EdgeKind::ReadFrom => {
                    let who = self.transaction(history, from).into();
                    self.say(&id, &[("to", operation(to)), ("who", who)])
                }
                EdgeKind::SessionOrder | EdgeKind::Causal => {
                    self.say(&id, &[("from", operation(from)), ("to", operation(to))])
                }
            },
            (End::Operation(from), End::Initial(_)) => {
                self.say(&format!("{id}.initial"), &self.written(history, from))
            }
            (End::Initial(Key(key)), End::Operation(to)) => {
                let args = [("key", name(key)), ("to", operation(to))];
                self.say(&format!("{id}.initial"), &args)
            }
            // The initial values are before everything; nothing orders them.
            (End::Initial(_), End::Initial(_)) => Text::empty(self.lang()),
        };
        sentence.sentence()
    }

    /// Who wrote what, and where.
    fn written(&self, history: &TransactionalHistory, of: OperationId) -> Vec<(&str, Arg)> {
        vec![
            ("who", self.transaction(history, of).into()),
            ("key", name(history.operation(of).key)),
            ("value", value(history, of)),
        ]
    }

    /// Why the weak models say nothing of a history of single operations. Its operations
    /// are named by their places: who did one, and what it did.
    pub fn not_judged(
        &self,
        why: NotJudged,
        who: impl Fn(u32) -> String,
        did: impl Fn(u32) -> String,
    ) -> Text {
        let (first, second) = match why {
            NotJudged::RepeatedValues { first, second } | NotJudged::Tied { first, second } => {
                (first, second)
            }
            NotJudged::InitialValue(at) | NotJudged::OtherOperation(at) => (at, at),
            NotJudged::TooMany => return self.get("ui.judge.silent.too_many"),
            NotJudged::Undecided(_) => return self.get("ui.judge.too_wide"),
        };
        let args = [
            ("first", Arg::Value(did(first))),
            ("second", Arg::Value(did(second))),
            ("who", who(first).into()),
            ("other", who(second).into()),
        ];
        self.say(&format!("ui.judge.silent.{}", why.id()), &args)
    }
}

/// The value that was written or read; nothing for the initial one.
fn value(history: &TransactionalHistory, of: OperationId) -> Arg {
    Arg::Value(match history.operation(of).access {
        Access::Write(value) | Access::Read(Some(value)) => value.to_string(),
        Access::Read(None) => String::new(),
    })
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use splitbrain_checker::transactions::{
        Model, Operation, Repeats, Transaction, Value, Verdict, awdit, check,
    };

    use super::*;
    use crate::Catalog;
    use crate::text::Lang;

    /// The sentences that prove that a history breaks a model, those within indented.
    fn proof(history: &TransactionalHistory, model: Model, lang: Lang) -> Vec<String> {
        let ukrainian = include_str!("../catalog/uk.words");
        let other = (lang == Lang::Uk).then(|| Catalog::parse(lang, ukrainian).unwrap());
        let words = Words::terminal().and(Rc::new(Catalog::judge()));
        let words = words.with(other);
        let Ok(Verdict::Violated { witness }) = check(history, model) else {
            panic!("it is broken");
        };
        let mut lines = Vec::new();
        for edge in &witness.edges {
            lines.push(words.edge(history, edge).to_string());
            let why = edge.because.iter();
            lines.extend(why.map(|it| format!("  {}", words.edge(history, it))));
        }
        lines
    }

    #[test]
    fn a_proof_names_sessions_transactions_keys_values_and_lines() {
        let text = b"w 7 1\n-----\nw 7 2\n=====\nr 7 2\n-----\nr 7 1\n";
        let history = awdit::read("a.txt", text, Repeats::Refuse).unwrap();
        assert_eq!(
            proof(&history, Model::MonotonicReads, Lang::En),
            [
                "Transaction 1 of session 1 wrote 1 to key 7 (line 1), before transaction 2 of \
                 session 1 wrote 2 to key 7 (line 3).",
                "Transaction 2 of session 1 must have written 2 to key 7 before transaction 1 of \
                 session 1 wrote 1, because:",
                "  Transaction 1 of session 2 read 2 from key 7 (line 5), which transaction 2 of \
                 session 1 had written.",
                "  Transaction 1 of session 2 read 2 from key 7 (line 5), before transaction 2 of \
                 session 2 read 1 from key 7 (line 7).",
                "  Transaction 2 of session 2 read 1 from key 7 (line 7), which transaction 1 of \
                 session 1 had written.",
            ]
        );
        let ukrainian = proof(&history, Model::MonotonicReads, Lang::Uk);
        assert_eq!(
            ukrainian[1],
            "Транзакція 2 сеансу 1 мала записати 2 у ключ 7 раніше, ніж транзакція 1 сеансу 1 \
             записала 1, бо:"
        );
    }

    #[test]
    fn an_initial_value_is_called_so() {
        let of = |operation| Transaction::committed(vec![operation]);
        let (key, value) = (Key(7), Value(1));
        let reader = vec![
            of(Operation::read(key, value)),
            of(Operation::read_initial(key)),
        ];
        let writer = vec![of(Operation::write(key, value))];
        let history = TransactionalHistory::new(&[writer, reader]).unwrap();
        let proof = proof(&history, Model::MonotonicReads, Lang::En);
        assert_eq!(
            proof[0],
            "The initial value of key 7 was there before transaction 1 of session 1 wrote 1 to \
             key 7 (line 0)."
        );
        assert!(
            proof[1].contains("before the initial value was there"),
            "{proof:?}"
        );
        assert!(
            proof[proof.len() - 1].ends_with("read the initial value of key 7 (line 2)."),
            "{proof:?}"
        );
    }
}
