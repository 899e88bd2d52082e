//! Judging a file: reads it, and goes through the models one at a time, so that whoever
//! runs it can do something else between two of them.

use splitbrain_checker::consistency::{Consistency, OF_OPERATIONS, OF_TRANSACTIONS};
use splitbrain_checker::history::History;
use splitbrain_checker::import::{self, Expected, Found, ImportError, Imported, Instead};
use splitbrain_checker::models::ModelId;
use splitbrain_checker::search::{self, Order};
use splitbrain_checker::transactions::awdit::{self, AwditError};
use splitbrain_checker::transactions::{
    self, NotJudged, Repeats, Sessions, TransactionalHistory, Witness,
};

use super::answer::{Answer, Opened, Proof, Row, Silence, Trouble, Verdict};
use super::bars;
use super::request::{MAX_BYTES, Request};

/// Steps that each attempt to leave an operation out of a proof may take; there may be
/// hundreds of attempts.
const SHRINK_STEPS: u64 = 200_000;

/// A file that is being judged.
#[derive(Debug)]
pub(super) struct Job {
    opened: Option<Opened>,
    subject: Subject,
    models: std::array::IntoIter<Consistency, 8>,
    steps: u64,
    is_done: bool,
}

#[derive(Debug)]
enum Subject {
    Operations {
        history: History,
        model: Option<ModelId>,
        sessions: Result<Sessions, NotJudged>,
    },
    Transactions {
        history: TransactionalHistory,
        /// The bar of each operation.
        bars: Vec<u32>,
    },
}

impl Job {
    /// Reads the file.
    ///
    /// # Errors
    /// It cannot be read.
    pub(super) fn begin(request: &Request) -> Result<Self, Trouble> {
        if request.bytes.len() > MAX_BYTES {
            return Err(Trouble::TooLarge);
        }
        let format = request.format.or_else(|| import::guess(&request.bytes));
        let format = format.ok_or_else(|| unknown(&request.bytes))?;
        let (opened, subject, models) = match import::import(format, &request.bytes) {
            Some(Ok(Imported::Operations(history))) => {
                let model = request.model.or_else(|| ModelId::guess(&history));
                let sessions = Sessions::new(&history, model);
                let opened = bars::of_operations(&history, format, model);
                let subject = Subject::Operations {
                    history,
                    model,
                    sessions,
                };
                (opened, subject, OF_OPERATIONS)
            }
            Some(Ok(_)) => return Err(Trouble::Unknown),
            Some(Err(error)) => return Err(Trouble::Line(error)),
            None => {
                let history = awdit::read("", &request.bytes, Repeats::Refuse).map_err(line_of)?;
                let (opened, bars) = bars::of_transactions(&history, format);
                let subject = Subject::Transactions { history, bars };
                (opened, subject, OF_TRANSACTIONS)
            }
        };
        if opened.bars.is_empty() {
            return Err(Trouble::Empty);
        }
        Ok(Self {
            opened: Some(opened),
            subject,
            models: models.into_iter(),
            steps: request.steps,
            is_done: false,
        })
    }
}

impl Iterator for Job {
    type Item = Answer;

    fn next(&mut self) -> Option<Answer> {
        if let Some(opened) = self.opened.take() {
            return Some(Answer::Opened(opened));
        }
        let Some(model) = self.models.next() else {
            return (!std::mem::replace(&mut self.is_done, true)).then_some(Answer::Done);
        };
        let verdict = match (&self.subject, model) {
            (Subject::Operations { history, model, .. }, Consistency::Ordered(order)) => {
                ordered(history, *model, order, self.steps)
            }
            (Subject::Operations { sessions, .. }, Consistency::Weak(weak)) => {
                let judged = sessions.as_ref().map_err(|why| *why).and_then(|sessions| {
                    let verdict = sessions.check(weak)?;
                    Ok(verdict_of(verdict, |witness| sessions.places(witness)))
                });
                judged.unwrap_or_else(not_judged)
            }
            (Subject::Transactions { history, bars }, Consistency::Weak(weak)) => {
                match transactions::check(history, weak) {
                    Err(why) => not_judged(why.into()),
                    Ok(verdict) => verdict_of(verdict, |witness| {
                        let named = witness.operations();
                        named.iter().map(|it| bars[it.0 as usize]).collect()
                    }),
                }
            }
            // No list of models for transactions has one of these.
            (Subject::Transactions { .. }, Consistency::Ordered(_)) => {
                Verdict::Silent(Silence::Nothing)
            }
        };
        Some(Answer::Row(Row { model, verdict }))
    }
}

/// What to say of a file that looks like nothing: bytes that are no text have a line.
fn unknown(bytes: &[u8]) -> Trouble {
    match std::str::from_utf8(bytes) {
        Ok(_) => Trouble::Unknown,
        Err(error) => {
            let before = &bytes[..error.valid_up_to()];
            Trouble::Line(ImportError {
                line: before.split(|&byte| byte == b'\n').count() as u64,
                expected: Expected::Text,
                found: Found::Instead(Instead::NoText),
            })
        }
    }
}

fn line_of(error: AwditError) -> Trouble {
    match error {
        AwditError::TooLong { .. } => Trouble::TooLarge,
        other => Trouble::Line(other.into()),
    }
}

fn ordered(history: &History, model: Option<ModelId>, order: Order, steps: u64) -> Verdict {
    let Some(model) = model else {
        return Verdict::Silent(Silence::Nothing);
    };
    match search::check(history, model, order, steps).map(|checked| checked.verdict) {
        Err(unfit) => Verdict::Silent(Silence::Unfit(unfit.at)),
        Ok(search::Verdict::Holds) => Verdict::Holds,
        Ok(search::Verdict::Undecided { linearized }) => Verdict::Spent { linearized },
        Ok(search::Verdict::Violated(conflict)) => {
            let witness = search::witness(history, &conflict, steps.min(SHRINK_STEPS));
            Verdict::Violated(Proof {
                kind: witness.kind.id(),
                is_minimal: witness.minimal,
                is_complete: witness.is_complete(),
                bars: witness.operations,
            })
        }
    }
}

/// A verdict of the weak models, and the bars that its proof names.
fn verdict_of(verdict: transactions::Verdict, bars: impl FnOnce(&Witness) -> Vec<u32>) -> Verdict {
    match verdict {
        transactions::Verdict::Holds => Verdict::Holds,
        transactions::Verdict::Violated { witness } => Verdict::Violated(Proof {
            kind: witness.pattern.id(),
            bars: bars(&witness),
            is_minimal: witness.is_minimal,
            is_complete: true,
        }),
    }
}

fn not_judged(why: NotJudged) -> Verdict {
    match why {
        NotJudged::Undecided(_) => Verdict::TooWide,
        other => Verdict::Silent(Silence::Weak(other)),
    }
}

#[cfg(test)]
mod tests {
    use splitbrain_checker::import::Format;

    use super::super::request::STEPS;
    use super::*;

    fn request(bytes: &[u8]) -> Request {
        Request {
            format: None,
            model: None,
            steps: STEPS,
            bytes: bytes.to_vec(),
        }
    }

    fn judge(bytes: &[u8]) -> (Opened, Vec<Row>) {
        let mut job = Job::begin(&request(bytes)).expect("it can be read");
        let Some(Answer::Opened(opened)) = job.next() else {
            panic!("first comes what it holds");
        };
        let mut rows = Vec::new();
        for answer in &mut job {
            match answer {
                Answer::Row(row) => rows.push(row),
                other => assert_eq!(other, Answer::Done),
            }
        }
        assert_eq!(job.next(), None);
        (opened, rows)
    }

    macro_rules! history {
        ($name:literal) => {
            include_bytes!(concat!("../../static/data/histories/", $name))
        };
    }

    fn verdict(rows: &[Row], id: &str) -> Verdict {
        let row = rows.iter().find(|row| row.model.id() == id);
        row.expect("there is such a row").verdict.clone()
    }

    #[test]
    fn the_histories_that_are_there_to_try_are_judged_as_their_source_says() {
        let logs: [(&[u8], bool); 4] = [
            (history!("etcd_002.log"), true),
            (history!("etcd_005.log"), true),
            (history!("etcd_000.log"), false),
            (history!("etcd_004.log"), false),
        ];
        for (bytes, holds) in logs {
            let (opened, rows) = judge(bytes);
            assert_eq!(opened.format, Format::Jepsen);
            assert_eq!(opened.model, Some(ModelId::CasRegister));
            assert_eq!(rows.len(), OF_OPERATIONS.len());
            match verdict(&rows, "linearizable") {
                Verdict::Holds => assert!(holds),
                Verdict::Violated(proof) => {
                    assert!(!holds && proof.is_minimal && !proof.bars.is_empty());
                }
                other => panic!("{other:?}"),
            }
        }
        let (opened, rows) = judge(history!("c01-bad.txt"));
        assert_eq!(opened.model, Some(ModelId::Kv));
        assert_eq!(verdict(&rows, "linearizable").id(), "violated");
        let (opened, rows) = judge(history!("lost-update.txt"));
        assert_eq!(opened.transactions, Some(3));
        assert!(
            rows.iter().all(|row| row.verdict == Verdict::Holds),
            "{rows:?}"
        );
    }

    #[test]
    fn a_weaker_model_never_fails_what_a_stronger_one_allows() {
        for bytes in [
            &b"w 0 0\n-----\nw 0 1\n=====\nr 0 1\n-----\nr 0 0"[..],
            br#"[{"process":0,"f":"write","value":1,"call":0,"return":1},
                 {"process":1,"f":"read","value":1,"call":2,"return":3},
                 {"process":1,"f":"read","value":null,"call":4,"return":5}]"#,
        ] {
            let (_, rows) = judge(bytes);
            assert!(rows.iter().any(|row| row.verdict.id() == "violated"));
            for row in &rows {
                let Consistency::Weak(model) = row.model else {
                    continue;
                };
                for implied in model.implies() {
                    let weaker = rows
                        .iter()
                        .find(|it| it.model == Consistency::Weak(*implied));
                    let is_kept = weaker.is_none_or(|it| it.verdict == Verdict::Holds);
                    assert!(row.verdict != Verdict::Holds || is_kept);
                }
            }
        }
    }

    #[test]
    fn a_file_that_cannot_be_read_says_where_and_why() {
        let line = |bytes: &[u8]| match Job::begin(&request(bytes)) {
            Err(Trouble::Line(error)) => error.line,
            other => panic!("{other:?}"),
        };
        let jepsen = "INFO  jepsen.util - 0\t:invoke\t:read\tnil\n";
        assert_eq!(line(format!("{jepsen}{jepsen}").as_bytes()), 2);
        assert_eq!(line(b"w 0 1\nw 0 1"), 2);
        assert_eq!(line(b"w 0 1\nwrite 0"), 2);
        assert_eq!(line(b"\xFF\xFE"), 1);
        let whole = |bytes: &[u8]| Job::begin(&request(bytes)).map(|_| ());
        assert_eq!(whole(b"hello"), Err(Trouble::Unknown));
        assert_eq!(whole(b"[]"), Err(Trouble::Empty));
        assert_eq!(whole(&vec![b'('; MAX_BYTES + 1]), Err(Trouble::TooLarge));
        assert!(whole(&vec![b'('; MAX_BYTES]).is_err());
    }

    #[test]
    fn another_model_than_the_guessed_one_is_taken_at_its_word() {
        let mut asked = request(history!("etcd_002.log"));
        asked.model = Some(ModelId::Lock);
        let mut job = Job::begin(&asked).expect("it can be read");
        let first = job.find(|answer| matches!(answer, Answer::Row(_)));
        assert!(matches!(
            first,
            Some(Answer::Row(Row {
                verdict: Verdict::Silent(Silence::Unfit(0)),
                ..
            }))
        ));
    }
}
