//! Answers as bytes: what a worker sends to the page.

use splitbrain_checker::consistency::Consistency;
use splitbrain_checker::import::{Expected, Format, Found, ImportError, Instead};
use splitbrain_checker::models::ModelId;
use splitbrain_checker::search::Kind;
use splitbrain_checker::transactions::{NotJudged, Pattern};

use super::answer::{Answer, Axis, Bar, Opened, Proof, Row, Silence, Trouble, Verdict};
use super::packed::{Reader, Writer};

/// A kind of violation by the checker's id.
fn kind(id: &str) -> Option<&'static str> {
    let mut kinds = Kind::ALL.into_iter().map(Kind::id);
    let found = kinds.find(|known| *known == id);
    let mut patterns = Pattern::ALL.into_iter().map(Pattern::id);
    found.or_else(|| patterns.find(|known| *known == id))
}

impl Answer {
    /// To be sent to the page.
    pub(super) fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::default();
        match self {
            Self::Failed(trouble) => {
                writer.number(0);
                write_trouble(&mut writer, trouble);
            }
            Self::Opened(opened) => {
                writer.number(1);
                write_opened(&mut writer, opened);
            }
            Self::Row(row) => {
                writer.number(2);
                writer.text(row.model.id());
                write_verdict(&mut writer, &row.verdict);
            }
            Self::Done => writer.number(3),
        }
        writer.0
    }

    /// What [`Self::encode`] sent.
    pub(super) fn decode(bytes: &[u8]) -> Option<Self> {
        let reader = &mut Reader(bytes);
        Some(match reader.number()? {
            0 => Self::Failed(read_trouble(reader)?),
            1 => Self::Opened(read_opened(reader)?),
            2 => Self::Row(Row {
                model: Consistency::find(&reader.text()?)?,
                verdict: read_verdict(reader)?,
            }),
            3 => Self::Done,
            _ => return None,
        })
    }
}

fn write_trouble(writer: &mut Writer, trouble: &Trouble) {
    match trouble {
        Trouble::Line(error) => {
            writer.number(0);
            write_error(writer, error);
        }
        Trouble::Unknown => writer.number(1),
        Trouble::Empty => writer.number(2),
        Trouble::TooLarge => writer.number(3),
        Trouble::Unreadable => writer.number(4),
        Trouble::Stopped => writer.number(5),
    }
}

fn read_trouble(reader: &mut Reader<'_>) -> Option<Trouble> {
    Some(match reader.number()? {
        0 => Trouble::Line(read_error(reader)?),
        1 => Trouble::Unknown,
        2 => Trouble::Empty,
        3 => Trouble::TooLarge,
        4 => Trouble::Unreadable,
        5 => Trouble::Stopped,
        _ => return None,
    })
}

fn write_error(writer: &mut Writer, error: &ImportError) {
    writer.number(error.line);
    writer.text(error.expected.id());
    match &error.found {
        Found::Instead(instead) => {
            writer.number(0);
            writer.text(instead.id());
        }
        Found::Quoted(text) => {
            writer.number(1);
            writer.text(text);
        }
        Found::WrittenBefore { value, line } => {
            for number in [2, *value, *line] {
                writer.number(number);
            }
        }
    }
}

fn read_error(reader: &mut Reader<'_>) -> Option<ImportError> {
    Some(ImportError {
        line: reader.number()?,
        expected: Expected::find(&reader.text()?)?,
        found: match reader.number()? {
            0 => Found::Instead(Instead::find(&reader.text()?)?),
            1 => Found::Quoted(reader.text()?),
            2 => Found::WrittenBefore {
                value: reader.number()?,
                line: reader.number()?,
            },
            _ => return None,
        },
    })
}

const AXES: [Axis; 3] = [Axis::Lines, Axis::Times, Axis::Sessions];

fn write_opened(writer: &mut Writer, opened: &Opened) {
    writer.text(opened.format.id());
    writer.text(opened.model.map_or("", ModelId::id));
    // One more, so that nought is none.
    writer.number(opened.transactions.map_or(0, |count| u64::from(count) + 1));
    writer.number(opened.axis as u64);
    writer.list(&opened.lanes, |writer, lane| writer.text(lane));
    writer.list(&opened.labels, |writer, label| writer.text(label));
    writer.list(&opened.bars, |writer, bar| {
        writer.number(u64::from(bar.lane) << 1 | u64::from(bar.is_update));
        writer.number(bar.label.into());
        writer.real(bar.call);
        writer.real(bar.ret);
    });
}

fn read_opened(reader: &mut Reader<'_>) -> Option<Opened> {
    Some(Opened {
        format: Format::find(&reader.text()?)?,
        model: ModelId::find(&reader.text()?),
        transactions: reader.small()?.checked_sub(1),
        axis: *AXES.get(reader.small()? as usize)?,
        lanes: reader.list(Reader::text)?,
        labels: reader.list(Reader::text)?,
        bars: reader.list(|reader| {
            let lane = reader.number()?;
            Some(Bar {
                lane: (lane >> 1).try_into().ok()?,
                is_update: lane & 1 == 1,
                label: reader.small()?,
                call: reader.real()?,
                ret: reader.real()?,
            })
        })?,
    })
}

fn write_verdict(writer: &mut Writer, verdict: &Verdict) {
    let mut numbers = |numbers: &[u32]| numbers.iter().for_each(|&it| writer.number(it.into()));
    match verdict {
        Verdict::Holds => numbers(&[0]),
        Verdict::Violated(proof) => {
            numbers(&[1, proof.is_minimal.into(), proof.is_complete.into()]);
            writer.text(proof.kind);
            writer.list(&proof.bars, |writer, &bar| writer.number(bar.into()));
        }
        Verdict::Spent { linearized } => numbers(&[2, *linearized]),
        Verdict::TooWide => numbers(&[3]),
        Verdict::Silent(Silence::Weak(why)) => match *why {
            NotJudged::RepeatedValues { first, second } => numbers(&[4, first, second]),
            NotJudged::OtherOperation(bar) => numbers(&[5, bar]),
            NotJudged::TooMany => numbers(&[8]),
            NotJudged::InitialValue(bar) => numbers(&[9, bar]),
            NotJudged::Tied { first, second } => numbers(&[10, first, second]),
            // Told of as what is too wide.
            NotJudged::Undecided(_) => numbers(&[3]),
        },
        Verdict::Silent(Silence::Unfit(bar)) => numbers(&[6, *bar]),
        Verdict::Silent(Silence::Nothing) => numbers(&[7]),
    }
}

fn read_verdict(reader: &mut Reader<'_>) -> Option<Verdict> {
    let weak = |why| Verdict::Silent(Silence::Weak(why));
    Some(match reader.number()? {
        0 => Verdict::Holds,
        1 => {
            let (is_minimal, is_complete) = (reader.number()? == 1, reader.number()? == 1);
            Verdict::Violated(Proof {
                kind: kind(&reader.text()?)?,
                bars: reader.list(Reader::small)?,
                is_minimal,
                is_complete,
            })
        }
        2 => Verdict::Spent {
            linearized: reader.small()?,
        },
        3 => Verdict::TooWide,
        4 => weak(NotJudged::RepeatedValues {
            first: reader.small()?,
            second: reader.small()?,
        }),
        5 => weak(NotJudged::OtherOperation(reader.small()?)),
        6 => Verdict::Silent(Silence::Unfit(reader.small()?)),
        7 => Verdict::Silent(Silence::Nothing),
        8 => weak(NotJudged::TooMany),
        9 => weak(NotJudged::InitialValue(reader.small()?)),
        10 => weak(NotJudged::Tied {
            first: reader.small()?,
            second: reader.small()?,
        }),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use splitbrain_checker::consistency::{OF_OPERATIONS, OF_TRANSACTIONS};

    use super::*;

    fn opened() -> Opened {
        Opened {
            format: Format::Edn,
            model: Some(ModelId::Queue),
            transactions: None,
            axis: Axis::Times,
            lanes: vec!["0".into(), "\"боб\"".into()],
            labels: vec!["enqueue 1".into()],
            bars: vec![Bar {
                lane: 1,
                call: -3.5,
                ret: f64::INFINITY,
                label: 0,
                is_update: true,
            }],
        }
    }

    fn answers() -> Vec<Answer> {
        let mut answers = vec![Answer::Done, Answer::Opened(opened())];
        answers.extend([Axis::Lines, Axis::Sessions].map(|axis| {
            Answer::Opened(Opened {
                axis,
                transactions: Some(0),
                model: None,
                ..opened()
            })
        }));
        answers.extend(
            [
                Trouble::Unknown,
                Trouble::Empty,
                Trouble::TooLarge,
                Trouble::Unreadable,
                Trouble::Stopped,
            ]
            .map(Answer::Failed),
        );
        let founds = [
            Found::Instead(Instead::EndOfFile),
            Found::Quoted("«ї»".into()),
            Found::WrittenBefore {
                value: u64::MAX,
                line: 3,
            },
        ];
        answers.extend(founds.map(|found| {
            Answer::Failed(Trouble::Line(ImportError {
                line: 7,
                expected: Expected::Value,
                found,
            }))
        }));
        let mut verdicts = vec![
            Verdict::Holds,
            Verdict::Spent { linearized: 40 },
            Verdict::TooWide,
        ];
        verdicts.extend(
            [
                Silence::Weak(NotJudged::RepeatedValues {
                    first: 1,
                    second: 2,
                }),
                Silence::Weak(NotJudged::InitialValue(5)),
                Silence::Weak(NotJudged::OtherOperation(3)),
                Silence::Weak(NotJudged::TooMany),
                Silence::Weak(NotJudged::Tied {
                    first: 6,
                    second: 7,
                }),
                Silence::Unfit(4),
                Silence::Nothing,
            ]
            .map(Verdict::Silent),
        );
        let kinds = Kind::ALL.map(Kind::id).into_iter();
        verdicts.extend(kinds.chain(Pattern::ALL.map(Pattern::id)).map(|kind| {
            Verdict::Violated(Proof {
                kind,
                bars: vec![0, 200_000],
                is_minimal: true,
                is_complete: false,
            })
        }));
        let models = OF_OPERATIONS.into_iter().chain(OF_TRANSACTIONS).cycle();
        answers.extend(
            verdicts
                .into_iter()
                .zip(models)
                .map(|(verdict, model)| Answer::Row(Row { model, verdict })),
        );
        answers
    }

    #[test]
    fn every_answer_arrives_as_it_was_sent() {
        for answer in answers() {
            assert_eq!(Answer::decode(&answer.encode()), Some(answer));
        }
    }

    #[test]
    fn an_answer_that_is_cut_is_none() {
        for answer in answers() {
            let bytes = answer.encode();
            for length in 0..bytes.len() {
                assert_eq!(Answer::decode(&bytes[..length]), None, "{answer:?}");
            }
        }
    }
}
