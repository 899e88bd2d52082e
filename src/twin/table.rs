//! What differs, in words, as values that are compared ten times a second.

use splitbrain_checker::Verdict;
use splitbrain_engine::scenario::{Choice, Scenario};
use splitbrain_engine::sim::node::{Key, Value};
use splitbrain_engine::sim::time::Time;
use splitbrain_lesson::twin::divergence::LATE_US;
use splitbrain_lesson::twin::{Comparison, Figures, Spans, Subject, differences};
use splitbrain_words::names::Form;
use splitbrain_words::{Arg, Scene, Text as Words, clock};
use yew::AttrValue;

use super::Twin;
use crate::panels::say;
use crate::session::Session;
use crate::text::Text;

/// Violations of a property that are told of each design: the newest.
const TOLD: usize = 3;
/// What stands where nothing can be said.
const NOTHING: &str = "\u{2013}";

/// A row: what it is about, what each has, and whether that is not the same.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Row {
    pub(super) name: AttrValue,
    pub(super) cells: [AttrValue; 2],
    pub(super) differs: bool,
    /// Of a verdict: what each is, as a sign and a meaning.
    pub(super) signs: [Option<(&'static str, &'static str)>; 2],
    /// Of a value: the region.
    pub(super) region: Option<u8>,
}

impl Row {
    fn new(name: AttrValue, cells: [String; 2]) -> Self {
        Self {
            name,
            differs: cells[0] != cells[1],
            cells: cells.map(Into::into),
            signs: [None; 2],
            region: None,
        }
    }
}

/// What regions show of a key.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct KeyRows {
    pub(super) key: Key,
    pub(super) name: AttrValue,
    pub(super) rows: Vec<Row>,
}

/// Where they part.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Parting {
    pub(super) at: Time,
    pub(super) said: AttrValue,
    pub(super) came: [AttrValue; 2],
}

/// A violation in one of them.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Loss {
    pub(super) property: &'static str,
    /// Its place among those of the property.
    pub(super) index: u32,
    pub(super) said: Words,
}

/// A property that one of them broke.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Broken {
    pub(super) side: usize,
    pub(super) property: &'static str,
    pub(super) name: AttrValue,
    pub(super) losses: Vec<Loss>,
    pub(super) more: usize,
}

/// What the two are called: what each has where they differ.
pub(super) fn names(text: &Text, session: &Session, twin: &Twin) -> [AttrValue; 2] {
    let one = session.player.run();
    let differing = differences(one, &twin.run(one));
    let design = |design: &Scenario| {
        let own = differing.iter().filter_map(|choice| {
            let mut services = design.services.iter();
            let held = services.find(|held| held.kind == choice.service)?;
            let has_slot = held.slots().contains(&choice.slot);
            let policy = held.choice(choice.slot).filter(|_| has_slot)?;
            Some(Choice {
                policy: policy.to_owned(),
                ..choice.clone()
            })
        });
        let own: Vec<Choice> = own.collect();
        AttrValue::from(text.words().design_parts(design, &own))
    };
    let other = twin.handle.read(|other| other.design.clone());
    [design(&session.design), design(&other)]
}

/// Where they part, in words.
pub(super) fn parting(text: &Text, session: &Session, twin: &Twin) -> Option<Parting> {
    let first = twin.first()?;
    let (words, design) = (text.words(), &session.design);
    let what = match first.subject {
        Subject::Told(customer) => {
            let who = words.customer(design, customer);
            text.say("ui.twin.told", &[("who", Arg::from(who))])
        }
        Subject::Shown(region, key) => {
            let args = [
                ("region", Arg::from(words.region(design, region))),
                ("key", words.key(design, key, Form::Label).into()),
            ];
            text.say("ui.twin.shown", &args)
        }
    };
    let came = |session: &Session, side: usize| match first.facts[side] {
        Some(fact) => {
            let scene = Scene::of(&session.player, &session.design);
            let at = session
                .player
                .trace()
                .get(fact)
                .map(|fact| clock(fact.at()));
            let said = words.fact(&scene, fact);
            AttrValue::from(format!("{} \u{b7} {said}", at.unwrap_or_default()))
        }
        None => text.with("ui.twin.nothing", &[("span", Arg::Span(LATE_US))]),
    };
    let args = [("time", Arg::from(first.at)), ("what", what.into())];
    Some(Parting {
        at: first.at,
        said: text.with("ui.twin.first", &args),
        came: [came(session, 0), twin.handle.read(|other| came(other, 1))],
    })
}

/// How customers fared, and what it cost to send.
pub(super) fn figures(text: &Text, comparison: &Comparison) -> Vec<Row> {
    let words = text.words();
    let row = |id: &str, of: &dyn Fn(&Figures) -> String| {
        Row::new(text.get(id), comparison.figures.each_ref().map(of))
    };
    let count = |count: u64| {
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        words.number(count).to_string()
    };
    let spans = |spans: Option<Spans>| match spans {
        Some(it) => {
            let (median, p95) = (words.span(it.median_us), words.span(it.p95_us));
            format!("{median} / {p95}")
        }
        None => NOTHING.to_owned(),
    };
    vec![
        row("ui.twin.lost", &|it| count(it.lost.into())),
        row("ui.twin.done", &|it| count(it.done.into())),
        row("ui.twin.refused", &|it| count(it.refused.into())),
        row("ui.twin.unknown", &|it| count(it.unknown.into())),
        row("ui.twin.reads", &|it| spans(it.reads)),
        row("ui.twin.writes", &|it| spans(it.writes)),
        row("ui.twin.messages", &|it| count(it.traffic.messages)),
        row("ui.twin.bytes", &|it| count(it.traffic.bytes)),
        row("ui.twin.between", &|it| {
            count(it.traffic.bytes_between_regions)
        }),
    ]
}

/// What the judge says.
pub(super) fn verdicts(text: &Text, comparison: &Comparison) -> Vec<Row> {
    let rows = comparison.verdicts.iter().map(|verdict| {
        let said = [0, 1].map(|side| match verdict.verdicts[side] {
            Some(id) => {
                let said = text.get(&format!("ui.verdicts.{id}"));
                match verdict.counts[side].violations {
                    0 => said.to_string(),
                    n => format!("{said} ({n})"),
                }
            }
            None => NOTHING.to_owned(),
        });
        let signs = verdict.verdicts.map(|id| {
            id.map(|id| match id {
                "violated" => ("cross", "bad"),
                "open" => ("circle", "warn"),
                _ => ("check", "good"),
            })
        });
        let name = text.words().judged(verdict.property).to_string();
        Row {
            signs,
            ..Row::new(name.into(), said)
        }
    });
    rows.collect()
}

/// What regions show, where it is not the same.
pub(super) fn values(text: &Text, design: &Scenario, comparison: &Comparison) -> Vec<KeyRows> {
    let keys = comparison.keys.iter().map(|row| {
        let initial = say::initial(design, row.key);
        let shown = |side: usize, region: usize| {
            let held: Option<Value> = row.shown[side].get(region).copied().flatten();
            let held = held.unwrap_or(initial);
            text.words().value(design, row.key, held).to_string()
        };
        let regions = 0..design.regions.len();
        let rows = regions.map(|region| {
            let name = say::region(design, region as u8);
            Row {
                region: Some(region as u8),
                ..Row::new(name.into(), [shown(0, region), shown(1, region)])
            }
        });
        let name = text.words().key(design, row.key, Form::Label).to_string();
        KeyRows {
            key: row.key,
            name: name.into(),
            rows: rows.filter(|row| row.differs).collect(),
        }
    });
    keys.filter(|key| !key.rows.is_empty()).collect()
}

/// What each of them broke.
pub(super) fn broken(text: &Text, session: &Session, twin: &Twin) -> Vec<Broken> {
    let mut all = broken_in(text, session, 0);
    all.extend(twin.handle.read(|other| broken_in(text, other, 1)));
    all
}

fn broken_in(text: &Text, session: &Session, side: usize) -> Vec<Broken> {
    let scene = Scene::of(&session.player, &session.design);
    let reports = session.observer.judge().verdicts().into_iter();
    let broken = reports.filter_map(|report| {
        let Verdict::Violated { violations, .. } = report.verdict else {
            return None;
        };
        let property = report.info.property;
        let losses = violations.iter().enumerate().rev().take(TOLD);
        let losses = losses.map(|(index, violation)| Loss {
            property: property.id(),
            index: index as u32,
            said: text.words().violation(&scene, violation),
        });
        Some(Broken {
            side,
            property: property.id(),
            name: text.words().judged(property).to_string().into(),
            losses: losses.collect(),
            more: violations.len().saturating_sub(TOLD),
        })
    });
    broken.collect()
}
