//! An autopsy as a sheet: two writes side by side, and lists of what happened where and who
//! was told what.

use splitbrain_engine::sim::fact::Outcome;
use splitbrain_lesson::autopsy::{
    Accepted, Autopsy, Conclusion, Loss, Moment, Payment, Place, PlaceState, Side, Told,
};

use crate::arg::Arg;
use crate::facts::Scene;
use crate::text::Text;
use crate::words::{Words, clock_us};

/// What is said, and the moment that it speaks of, if it is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The words.
    pub text: Text,
    /// The moment.
    pub moment: Option<Moment>,
}

/// A line of the table: what it is about, and what there is of it of each write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// What it is about.
    pub name: Text,
    /// As many as [`Sheet::columns`].
    pub cells: Vec<Line>,
}

/// A list with a heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// The heading.
    pub title: Text,
    /// What is in it.
    pub lines: Vec<Line>,
}

/// The sheet in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// Of what it is.
    pub title: Text,
    /// Whether it is a loss, in a word or two.
    pub verdict: Text,
    /// Why, in one sentence, without a full stop.
    pub conclusion: Text,
    /// The two writes, or the only one.
    pub columns: Vec<Text>,
    /// What is known of each.
    pub rows: Vec<Row>,
    /// Before, after or concurrent, and the message that would have made it otherwise.
    pub order: Vec<Line>,
    /// Lists.
    pub sections: Vec<Section>,
    /// How far the run was looked at.
    pub until: Text,
}

fn plain(text: Text) -> Line {
    Line { text, moment: None }
}

fn at(text: Text, moment: Moment) -> Line {
    let moment = Some(moment);
    Line { text, moment }
}

impl Words {
    /// An autopsy in words.
    pub fn autopsy(&self, scene: &Scene<'_>, sheet: &Autopsy) -> Sheet {
        let sides: Vec<&Side> = [Some(&sheet.lost), sheet.won.as_ref()]
            .into_iter()
            .flatten()
            .collect();
        let column = |(side, which): (&&Side, &str)| {
            let op = self.operation(scene, side.asked.fact);
            self.say(&format!("autopsy.column.{which}"), &[("op", op.into())])
        };
        let op = self.operation(scene, sheet.lost.asked.fact);
        let mut order = Vec::new();
        if let Some(found) = sheet.order {
            order.push(plain(self.get(&format!("autopsy.order.{}", found.id()))));
        }
        if let Some(unaware) = sheet.unaware {
            let text = self.get(&format!("autopsy.unaware.{}", unaware.id()));
            let sent = unaware.message().and_then(|fact| {
                let at = scene.trace.get(fact)?.at();
                Some(Moment { fact, at })
            });
            order.push(Line { text, moment: sent });
        }
        let verdict = match (sheet.loss, &sheet.payment) {
            (Loss::Lost, Some(_)) => "charge",
            (loss, _) => loss.id(),
        };
        Sheet {
            title: self.say("autopsy.title", &[("op", op.into())]),
            verdict: self.get(&format!("autopsy.loss.{verdict}")),
            conclusion: self.autopsy_conclusion(scene, sheet).sentence(),
            columns: sides.iter().zip(["it", "other"]).map(column).collect(),
            rows: self.autopsy_rows(scene, &sides),
            order,
            sections: self.autopsy_sections(scene, sheet),
            until: self.say("autopsy.until", &[("time", sheet.until.into())]),
        }
    }

    fn autopsy_conclusion(&self, scene: &Scene<'_>, sheet: &Autopsy) -> Text {
        let region = |place: u8| Arg::from(self.region(scene.scenario, place));
        let nobody = || Arg::from(self.get("autopsy.nobody"));
        let customer = |side: Option<&Side>| {
            let customer = side.and_then(|side| side.customer);
            customer.map_or_else(nobody, |it| self.customer(scene.scenario, it).into())
        };
        let won = sheet.won.as_ref();
        let accepted = |side: Option<&Side>| side.and_then(|side| side.accepted.clone());
        let (here, there) = (accepted(Some(&sheet.lost)), accepted(won));
        let place = |accepted: &Option<Accepted>| {
            accepted
                .as_ref()
                .map_or_else(nobody, |accepted| region(accepted.region))
        };
        let mut args = vec![
            ("customer", customer(Some(&sheet.lost))),
            ("other", customer(won)),
            ("region", place(&here)),
            ("there", place(&there)),
        ];
        match sheet.conclusion {
            Conclusion::FastClock { ahead_us } | Conclusion::FastClockSeen { ahead_us } => {
                args.push(("span", Arg::Span(ahead_us)));
            }
            Conclusion::Concurrent => {
                let later = here.zip(there);
                let us = later.map_or(0, |(here, there)| there.wall_us - here.wall_us);
                args.push(("span", Arg::Span(us.unsigned_abs())));
            }
            Conclusion::HeirLost { displaced } => args.push(("time", displaced.at.into())),
            Conclusion::Promoted {
                region: place,
                promotion,
            } => {
                args.push(("place", region(place)));
                args.push(("time", promotion.at.into()));
            }
            Conclusion::RolledBack { region: place }
            | Conclusion::SetAside { region: place }
            | Conclusion::Unflushed { region: place }
            | Conclusion::NotedAgain { region: place } => args.push(("place", region(place))),
            Conclusion::NotedTwice { first, second } => {
                args.push(("first", region(first)));
                args.push(("second", region(second)));
            }
            _ => {}
        }
        let id = format!("autopsy.because.{}", sheet.conclusion.id());
        self.say(&id, &args)
    }

    fn autopsy_rows(&self, scene: &Scene<'_>, sides: &[&Side]) -> Vec<Row> {
        let row = |id: &str, cell: &dyn Fn(&Side) -> Line| Row {
            name: self.get(&format!("autopsy.row.{id}")),
            cells: sides.iter().map(|side| cell(side)).collect(),
        };
        let empty = || plain(self.get("autopsy.nothing"));
        let of_write = |side: &Side, cell: &dyn Fn(&Accepted) -> Line| {
            side.accepted.as_ref().map_or_else(empty, cell)
        };
        let mut rows = vec![
            row("asked", &|side| {
                at(
                    self.say("autopsy.at", &[("time", side.asked.at.into())]),
                    side.asked,
                )
            }),
            row("told", &|side| self.autopsy_answer(side)),
        ];
        if sides.iter().all(|side| side.accepted.is_none()) {
            return rows;
        }
        let value = |text: String| self.say("autopsy.value", &[("value", Arg::Value(text))]);
        rows.extend([
            row("accepted", &|side| {
                of_write(side, &|it| {
                    at(self.region(scene.scenario, it.region), it.moment)
                })
            }),
            row("true", &|side| {
                of_write(side, &|it| plain(value(clock_us(it.moment.at.0 as i64))))
            }),
            row("wall", &|side| {
                of_write(side, &|it| plain(value(clock_us(it.wall_us))))
            }),
            row("skew", &|side| {
                of_write(side, &|it| plain(self.skew(it.skew_us())))
            }),
            row("hybrid", &|side| {
                of_write(side, &|it| {
                    let l = clock_us(it.hybrid.l_us() as i64);
                    plain(value(format!("{l} +\u{a0}{}", it.hybrid.c())))
                })
            }),
            row("vector", &|side| {
                of_write(side, &|it| plain(self.seen(scene, it)))
            }),
        ]);
        rows
    }

    /// How far a clock is off.
    fn skew(&self, us: i64) -> Text {
        let id = match us {
            0 => "autopsy.skew.exact",
            1.. => "autopsy.skew.ahead",
            _ => "autopsy.skew.behind",
        };
        self.say(id, &[("span", Arg::Span(us.unsigned_abs()))])
    }

    /// How many writes of each region had been received.
    fn seen(&self, scene: &Scene<'_>, accepted: &Accepted) -> Text {
        let counts = (0..).zip(accepted.vector.counts());
        let counts = counts.filter(|&(_, &count)| count > 0);
        self.list(counts.map(|(place, &count)| {
            let region = self.region(scene.scenario, place);
            let args = [("region", region.into()), ("n", Arg::from(count))];
            self.say("autopsy.seen", &args)
        }))
    }

    fn autopsy_answer(&self, side: &Side) -> Line {
        let Some(answer) = side.told else {
            return plain(self.get("autopsy.told.nothing"));
        };
        let moment = Moment {
            fact: answer.fact,
            at: answer.at,
        };
        let id = format!("autopsy.told.{}", answer.outcome.id());
        let text = match answer.outcome {
            Outcome::Failed => {
                let status = self.status(answer.status);
                self.say(&id, &[("status", status.into())])
            }
            Outcome::Ok | Outcome::Unknown => self.get(&id),
        };
        at(text, moment)
    }

    fn autopsy_sections(&self, scene: &Scene<'_>, sheet: &Autopsy) -> Vec<Section> {
        let mut sections = Vec::new();
        let mut add = |id: &str, lines: Vec<Line>| {
            if !lines.is_empty() {
                let title = self.get(&format!("autopsy.list.{id}"));
                sections.push(Section { title, lines });
            }
        };
        let mut places: Vec<Line> = sheet
            .places
            .iter()
            .map(|place| self.autopsy_place(scene, place))
            .collect();
        if let Some((region, moment)) = sheet.forgotten {
            let region = self.region(scene.scenario, region);
            let args = [("region", region.into()), ("time", moment.at.into())];
            places.push(at(self.say("autopsy.forgotten", &args), moment));
        }
        add("places", places);
        let told = sheet.told.iter();
        add(
            "told",
            told.map(|it| self.autopsy_told(scene, it)).collect(),
        );
        if let Some(payment) = &sheet.payment {
            add("payment", self.autopsy_payment(scene, payment));
        }
        sections
    }

    fn autopsy_place(&self, scene: &Scene<'_>, place: &Place) -> Line {
        let region = self.region(scene.scenario, place.region);
        let id = format!("autopsy.place.{}", place.state.id());
        let mut args = vec![("region", Arg::from(region))];
        let moment = match place.state {
            PlaceState::Never => None,
            PlaceState::Discarded(moment) => Some(moment),
            PlaceState::Shown(since) => {
                args.push(("since", since.at.into()));
                Some(since)
            }
            PlaceState::Over(since, until) => {
                args.push(("since", since.at.into()));
                args.push(("until", until.at.into()));
                Some(until)
            }
        };
        Line {
            text: self.say(&id, &args),
            moment,
        }
    }

    fn autopsy_told(&self, scene: &Scene<'_>, told: &Told) -> Line {
        let customer = self.customer(scene.scenario, told.customer);
        let which = if told.is_winner { "other" } else { "it" };
        let id = format!("autopsy.who.{}.{which}", told.how.id());
        let args = [
            ("customer", customer.into()),
            ("n", Arg::from(told.times)),
            ("last", told.last.at.into()),
        ];
        at(self.say(&id, &args).sentence(), told.first)
    }

    /// What happened to a payment, in the order of time.
    fn autopsy_payment(&self, scene: &Scene<'_>, payment: &Payment) -> Vec<Line> {
        let region = |place: u8| Arg::from(self.region(scene.scenario, place));
        let line = |id: &str, moment: Moment, args: &[(&str, Arg)]| {
            at(
                self.say(&format!("autopsy.step.{id}"), args).sentence(),
                moment,
            )
        };
        let mut lines = Vec::new();
        for (&(place, moment), n) in payment.attempts.iter().zip(1_u32..) {
            let args = [("region", region(place)), ("n", Arg::from(n))];
            lines.push(line("attempt", moment, &args));
        }
        for &(place, moment) in &payment.noted {
            lines.push(line("noted", moment, &[("region", region(place))]));
        }
        for &moment in &payment.replies_lost {
            lines.push(line("reply_lost", moment, &[]));
        }
        for &moment in &payment.recognised {
            lines.push(line("recognised", moment, &[]));
        }
        for charge in &payment.charges {
            let amount = Arg::Money(u64::from(charge.amount.0));
            let args = [("region", region(charge.region)), ("amount", amount)];
            lines.push(line("charged", charge.moment, &args));
        }
        lines.sort_by_key(|line| line.moment.map(|it| it.fact));
        lines
    }
}
