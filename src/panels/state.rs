//! What a strategy shows of itself in one region beside values: its role, the end of its
//! log, what waits for other regions, what is kept for them, who is behind.

use splitbrain_engine::crdt::Dot;
use splitbrain_engine::crdt::replicated::{Datum, Part};
use splitbrain_engine::documents::Word;
use splitbrain_engine::scenario::Scenario;
use splitbrain_engine::sim::fact::FactId;
use splitbrain_engine::sim::node::{Key, Value};
use splitbrain_engine::sim::time::Time;
use splitbrain_engine::view::{LogEntryView, MoveStage, Reign, RoleView, StateView};
use splitbrain_words::Arg;
use splitbrain_words::names::Form;
use yew::prelude::*;

use super::inside::Inside;
use super::regions::vector;
use crate::parts::shape;
use crate::session::use_session;
use crate::text::{Text, use_text};

/// An age is told in steps of this, in microseconds.
const AGE_STEP_US: u64 = 100_000;

/// What is shown of a region: a line each.
pub(crate) fn lines(text: &Text, scenario: &Scenario, state: &[StateView]) -> Html {
    let scene = Scene { text, scenario };
    let lines = { state.iter().enumerate() }.filter(|(_, line)| !is_folded(line));
    html! {
        <div class="state">
            { for lines.map(|(at, line)| html! { <div key={at}>{ scene.line(line) }</div> }) }
            { scene.unconfirmed(state) }
        </div>
    }
}

/// What is folded away below what a region shows: the inside of its values.
pub(crate) fn inside(state: &[StateView]) -> Html {
    if !state.iter().any(is_folded) {
        return Html::default();
    }
    html! { <Inside state={state.to_vec()} /> }
}

/// Whether it is a part of the inside, which [`lines`] has nothing of.
const fn is_folded(line: &StateView) -> bool {
    matches!(line, StateView::Inside { .. })
}

/// The id of the words for a role.
pub(crate) const fn role_id(role: RoleView) -> &'static str {
    match role {
        RoleView::Writer => "ui.state.role.writer",
        RoleView::Leader => "ui.state.role.leader",
        RoleView::Follower => "ui.state.role.follower",
        RoleView::Candidate => "ui.state.role.candidate",
        RoleView::Witness => "ui.state.role.witness",
    }
}

/// What words are made with.
pub(super) struct Scene<'a> {
    pub(super) text: &'a Text,
    pub(super) scenario: &'a Scenario,
}

impl Scene<'_> {
    fn line(&self, line: &StateView) -> Html {
        match line {
            StateView::Role { role, of } => {
                let takes_writes = matches!(role, RoleView::Writer | RoleView::Leader);
                let (of, n) = match of {
                    Reign::Term(n) => ("ui.state.term", n),
                    Reign::Epoch(n) => ("ui.state.epoch", n),
                };
                html! {
                    <p class={classes!("state-role", takes_writes.then_some("is-first"))}>
                        <span>{ self.text.get(role_id(*role)) }</span>
                        <span class="muted">{ self.text.with(of, &[("n", u64::from(*n))]) }</span>
                    </p>
                }
            }
            StateView::Log {
                first,
                entries,
                settled,
            } => self.log(*first, entries, *settled),
            StateView::Waiting {
                key,
                is_write,
                answered,
                needed,
                ..
            } => self.waiting(&self.key(*key), *is_write, *answered, *needed),
            StateView::Question { key, versions, .. } => {
                let words = self.text.words();
                let values = versions
                    .iter()
                    .map(|held| words.value(self.scenario, *key, held.value).to_string());
                let (key, values) = (self.key(*key), values.collect::<Vec<String>>().join(", "));
                let args = [("key", Arg::from(key)), ("values", Arg::from(values))];
                html! { <p>{ self.text.with("ui.state.question", &args) }</p> }
            }
            StateView::Homes { keys, more } => self.homes(keys, *more),
            StateView::Moving {
                key,
                region,
                stage,
                held,
                since,
            } => {
                let id = match stage {
                    MoveStage::Asked => "ui.state.move.asked",
                    MoveStage::Arriving => "ui.state.move.arriving",
                    MoveStage::Leaving => "ui.state.move.leaving",
                };
                let args = [
                    ("key", Arg::Plain(self.key(*key))),
                    ("region", Arg::Plain(self.region(*region))),
                ];
                let held = self.waits(*held);
                html! { <p>{ shape(*region) }<span>{ self.text.with(id, &args) }</span>{ for held }<Age fact={*since} is_oldest={false} /></p> }
            }
            StateView::HandingOver { region, held } => {
                let args = [("region", Arg::Plain(self.region(*region)))];
                let held = self.waits(*held);
                html! { <p>{ shape(*region) }<span>{ self.text.with("ui.state.handing", &args) }</span>{ for held }</p> }
            }
            StateView::Clock { counts } => html! {
                <p>
                    <span>{ self.text.get("ui.state.clock") }</span>
                    <span class="version">{ vector(counts.counts()) }</span>
                    <span class="muted">{ self.text.get("ui.state.clock.what") }</span>
                </p>
            },
            StateView::Held {
                text, past, needs, ..
            } => self.held(*text, past.counts(), needs),
            StateView::Lease {
                key,
                holder,
                token,
                until_us,
                waiting,
            } => self.lease(*key, (*holder, *token), *until_us, waiting),
            // It opens by itself.
            StateView::Inside { .. } => Html::default(),
            StateView::Parts { key, bytes, parts } => self.parts(*key, *bytes, parts),
            StateView::Tombstones {
                key,
                count,
                awaited,
            } => self.tombstones(&self.key(*key), *count, *awaited),
            StateView::Queue {
                region,
                count,
                oldest,
            } => self.about("ui.state.queue", *region, *count, *oldest),
            StateView::Hints {
                region,
                count,
                oldest,
            } => self.about("ui.state.hints", *region, *count, *oldest),
            // All links in one line.
            StateView::Unconfirmed { .. } => html! {},
            StateView::Behind {
                region,
                count,
                oldest,
            } => self.about("ui.state.behind", *region, *count, *oldest),
        }
    }

    /// What was made here and is not confirmed from elsewhere: a box a link, with how many
    /// updates and how old the oldest of them is.
    fn unconfirmed(&self, state: &[StateView]) -> Html {
        let links = state.iter().filter_map(|line| match *line {
            StateView::Unconfirmed {
                region,
                count,
                oldest,
            } => Some((region, count, oldest)),
            _ => None,
        });
        let links: Vec<Html> = links
            .map(|(region, count, oldest)| {
                let args = [
                    ("region", Arg::Plain(self.region(region))),
                    ("n", Arg::from(u64::from(count))),
                ];
                html! {
                    <li key={region}>
                        { shape(region) }
                        <span aria-hidden="true">{ count }</span>
                        <span class="visually-hidden">{ self.text.with("ui.state.unconfirmed.link", &args) }</span>
                        <Age fact={oldest} is_oldest={false} />
                    </li>
                }
            })
            .collect();
        if links.is_empty() {
            return html! {};
        }
        let name = self.text.get("ui.state.unconfirmed");
        html! {
            <>
                <p class="muted">{ name.clone() }</p>
                <ul class="state-log" aria-label={name}>{ for links }</ul>
            </>
        }
    }

    /// What a data type holds under a key: a line a part.
    fn parts(&self, key: Key, bytes: u32, parts: &[Part]) -> Html {
        let args = [
            ("key", Arg::Plain(self.key(key))),
            ("n", Arg::from(u64::from(bytes))),
        ];
        let lines = parts.iter().map(|part| {
            let rows = part.rows.iter().map(|row| self.row(row));
            let rows: Vec<String> = rows.collect();
            let name = self.text.get(&format!("ui.state.part.{}", part.id));
            let what = if rows.is_empty() {
                self.text.get("ui.state.part.none").to_string()
            } else {
                rows.join(", ")
            };
            let args = [
                ("part", Arg::Plain(name.to_string())),
                ("what", Arg::Plain(what)),
            ];
            html! { <li key={part.id}>{ self.text.with("ui.state.part", &args) }</li> }
        });
        let name = self.text.with("ui.state.parts", &args);
        html! {
            <>
                <p class="muted">{ name.clone() }</p>
                <ul class="state-parts" aria-label={name}>{ for lines }</ul>
            </>
        }
    }

    /// How many removals are remembered, and who is not known to have all of them.
    fn tombstones(&self, key: &str, count: u32, awaited: u32) -> Html {
        let args = [
            ("key", Arg::Plain(key.into())),
            ("n", Arg::from(u64::from(count))),
        ];
        let regions = self.scenario.regions.len().min(32) as u8;
        let names = (0..regions).filter(|place| awaited >> place & 1 == 1);
        let names: Vec<String> = names.map(|place| self.region(place)).collect();
        let lacks = (!names.is_empty()).then(|| {
            let args = [("regions", Arg::Plain(names.join(", ")))];
            html! { <span class="muted">{ self.text.with("ui.state.tombstones.awaited", &args) }</span> }
        });
        html! {
            <p><span>{ self.text.with("ui.state.tombstones", &args) }</span>{ for lacks }</p>
        }
    }

    /// A row of a part: an item by its name, a dot as region and number there, a character as
    /// the word that it stands for.
    pub(super) fn row(&self, row: &[Datum]) -> String {
        let dot = |dot: Dot| format!("{}\u{b7}{}", dot.origin + 1, dot.counter);
        let words = row.iter().map(|datum| match *datum {
            Datum::Replica(place) => self.region(place),
            Datum::Item(item) => {
                let words = self.text.words();
                let name = words.item(self.scenario, item.into(), Form::Label);
                name.to_string()
            }
            Datum::Number(number) => number.to_string(),
            Datum::Dot(it) => dot(it),
            Datum::Stamp(stamp) => format!("@{}/{}", stamp.time, dot(stamp.dot)),
            Datum::Letter(letter) => {
                let word = Word::from_letter(letter);
                word.map_or_else(String::new, |word| self.text.words().word(word).to_string())
            }
        });
        words.collect::<Vec<_>>().join(" ")
    }

    pub(super) fn key(&self, key: Key) -> String {
        let words = self.text.words();
        words.key(self.scenario, key, Form::Label).to_string()
    }

    /// The keys that are at home here, each with its epoch once it has moved.
    fn homes(&self, keys: &[(Key, u32)], more: u32) -> Html {
        if keys.is_empty() {
            return html! { <p class="muted">{ self.text.get("ui.state.homes.none") }</p> };
        }
        let of = keys.iter().map(|&(key, epoch)| {
            let epoch = Arg::from(u64::from(epoch));
            html! {
                <li key={key.0}>
                    <span>{ self.key(key) }</span>
                    <small class="muted">{ self.text.with("ui.state.epoch", &[("n", epoch)]) }</small>
                </li>
            }
        });
        let more = (more > 0).then(|| {
            let more = Arg::from(u64::from(more));
            html! { <p class="muted">{ self.text.with("ui.state.homes.more", &[("n", more)]) }</p> }
        });
        html! {
            <>
                <p class="muted">{ self.text.get("ui.state.homes") }</p>
                <ul class="state-log" aria-label={self.text.get("ui.state.homes")}>{ for of }</ul>
                { for more }
            </>
        }
    }

    /// Who holds a lease or a lock under which token, until when, and who waits.
    fn lease(
        &self,
        key: Option<Key>,
        (holder, token): (u8, u32),
        until_us: u64,
        waiting: &[u8],
    ) -> Html {
        let mut args = vec![
            ("region", Arg::Plain(self.region(holder))),
            ("n", Arg::from(u64::from(token))),
            ("until", Arg::from(Time(until_us))),
        ];
        if let Some(key) = key {
            let key = self.text.words().key(self.scenario, key, Form::Label);
            args.push(("key", key.into()));
        }
        let id = if key.is_some() {
            "ui.state.lock"
        } else {
            "ui.state.lease"
        };
        let queue = (!waiting.is_empty()).then(|| {
            let names = waiting.iter().map(|&region| self.region(region));
            let names: Vec<String> = names.collect();
            let args = [("regions", Arg::Plain(names.join(", ")))];
            html! { <span class="muted">{ self.text.with("ui.state.lock.queue", &args) }</span> }
        });
        html! {
            <p>{ shape(holder) }<span>{ self.text.with(id, &args) }</span>{ for queue }</p>
        }
    }

    /// Writes counted of another region, and how old the oldest of them is.
    fn about(&self, id: &str, region: u8, count: u32, oldest: FactId) -> Html {
        let name = self.region(region);
        let args = [
            ("region", Arg::Plain(name)),
            ("n", Arg::from(u64::from(count))),
        ];
        html! {
            <p>
                { shape(region) }
                <span>{ self.text.with(id, &args) }</span>
                <Age fact={oldest} is_oldest={true} />
            </p>
        }
    }

    fn region(&self, place: u8) -> String {
        self.text.words().region(self.scenario, place).to_string()
    }

    /// A message that waits, with its clock, and for what.
    fn held(&self, said: Value, past: &[u32], needs: &[(u8, u32)]) -> Html {
        let needs = needs.iter().map(|&(region, number)| {
            let args = [
                ("region", Arg::Plain(self.region(region))),
                ("n", Arg::from(u64::from(number))),
            ];
            self.text.with("ui.state.held.need", &args).to_string()
        });
        let needs: Vec<String> = needs.collect();
        let words = self.text.words();
        let args = [
            (
                "message",
                Arg::Plain(words.said(self.scenario, said).to_string()),
            ),
            ("clock", Arg::Plain(vector(past))),
            ("needs", Arg::Plain(needs.join(", "))),
        ];
        html! { <p class="state-held">{ self.text.with("ui.state.held", &args) }</p> }
    }

    /// The end of a log: a box an entry, open where it may be taken back.
    fn log(&self, first: u32, entries: &[LogEntryView], settled: u32) -> Html {
        if entries.is_empty() {
            return html! { <p class="muted">{ self.text.get("ui.state.log.empty") }</p> };
        }
        let length = first + entries.len() as u32;
        let args = [
            ("n", Arg::from(u64::from(length))),
            ("settled", Arg::from(u64::from(settled.min(length)))),
        ];
        let boxes = entries.iter().enumerate().map(|(at, entry)| {
            let place = first + at as u32;
            let is_settled = place < settled;
            let open = (!is_settled).then_some("is-open");
            let said = (!is_settled).then(|| self.text.get("ui.state.log.open"));
            html! {
                <li key={place} class={classes!(open)}>
                    <small>{ entry.term }</small>
                    <span>{ self.entry(entry) }</span>
                    { for said.map(|said| html! { <span class="visually-hidden">{ said }</span> }) }
                </li>
            }
        });
        html! {
            <>
                <p class="muted">{ self.text.with("ui.state.log", &args) }</p>
                <ol class="state-log" aria-label={self.text.get("ui.state.log.name")}>{ for boxes }</ol>
            </>
        }
    }

    /// A write in a few characters.
    fn entry(&self, entry: &LogEntryView) -> String {
        if !entry.write.is_some() {
            return "\u{2013}".into();
        }
        let words = self.text.words();
        words.brief(self.scenario, entry.kind, entry.key, entry.argument)
    }

    /// How much waits for what is under way.
    fn waits(&self, held: u32) -> Option<Html> {
        (held > 0).then(|| {
            let n = [("n", u64::from(held))];
            html! { <span class="muted">{ self.text.with("ui.state.move.held", &n) }</span> }
        })
    }

    /// Who has answered of those that are needed.
    fn waiting(&self, key: &str, is_write: bool, answered: u32, needed: u8) -> Html {
        let regions = self.scenario.regions.len() as u8;
        let id = if is_write {
            "ui.state.waiting.write"
        } else {
            "ui.state.waiting.read"
        };
        let args = [
            ("key", Arg::Plain(key.to_owned())),
            ("have", Arg::from(u64::from(answered.count_ones()))),
            ("needed", Arg::from(u64::from(needed))),
        ];
        let who = (0..regions).filter(|region| answered >> region & 1 == 1);
        html! {
            <p><span>{ self.text.with(id, &args) }</span>{ for who.map(shape) }</p>
        }
    }
}

/// Of what the age is told.
#[derive(Clone, PartialEq, Properties)]
struct AgeProps {
    /// The fact since which it is; none: nothing is told.
    fact: FactId,
    /// Whether there may be younger ones beside it.
    is_oldest: bool,
}

/// How long ago a fact was. A component of its own, since it changes while nothing else does.
#[component]
fn Age(props: &AgeProps) -> Html {
    let text = use_text();
    let fact = props.fact;
    let age_us = use_session(move |session| {
        let fact = session.player.trace().get(fact)?;
        let age_us = session.time().0.saturating_sub(fact.at().0);
        Some(age_us / AGE_STEP_US * AGE_STEP_US)
    });
    let said = age_us.map(|age_us| {
        let id = match (props.is_oldest, age_us) {
            (true, 0) => "ui.state.oldest.now",
            (false, 0) => "ui.state.since.now",
            (true, _) => "ui.state.oldest",
            (false, _) => "ui.state.since",
        };
        let span = Arg::Plain(text.words().span(age_us).to_string());
        text.with(id, &[("span", span)])
    });
    let Some(said) = said else {
        return html! {};
    };
    html! { <span class="muted">{ said }</span> }
}
