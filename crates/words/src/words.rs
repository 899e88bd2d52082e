//! Rendering: an id and arguments to a text, in the chosen language or else in
//! English.

use std::rc::Rc;

use splitbrain_engine::sim::time::Time;

use crate::arg::Arg;
use crate::catalog::Catalog;
use crate::host::{Host, Terminal};
use crate::message::{self, Part, Plural};
use crate::text::{Lang, Role, Text};

/// The words of one language, English behind them. Cheap to clone; equal when
/// they are of one language and as much of it came later.
#[derive(Clone)]
pub struct Words {
    english: Rc<Catalog>,
    /// English that came later.
    more: Vec<Rc<Catalog>>,
    chosen: Option<Rc<Catalog>>,
    host: Rc<dyn Host>,
}

impl std::fmt::Debug for Words {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_tuple("Words").field(&self.lang()).finish()
    }
}

impl PartialEq for Words {
    fn eq(&self, other: &Self) -> bool {
        self.lang() == other.lang()
            && self.more.len() == other.more.len()
            && Rc::ptr_eq(&self.host, &other.host)
    }
}

impl Words {
    /// English words.
    pub fn english(host: Rc<dyn Host>) -> Self {
        Self::new(Catalog::english(), host)
    }

    /// English words out of this catalogue: a program that has words of its own
    /// joins them to [`crate::catalog::ENGLISH`].
    pub fn new(english: Catalog, host: Rc<dyn Host>) -> Self {
        Self {
            english: Rc::new(english),
            more: Vec::new(),
            chosen: None,
            host,
        }
    }

    /// The same, in another language; `None` is back to English.
    #[must_use]
    pub fn with(&self, other: Option<Catalog>) -> Self {
        Self {
            english: self.english.clone(),
            more: self.more.clone(),
            chosen: other.map(Rc::new),
            host: self.host.clone(),
        }
    }

    /// The same, with more English in it: that of a part of the page that came later.
    #[must_use]
    pub fn and(&self, more: Rc<Catalog>) -> Self {
        let mut words = self.clone();
        words.more.push(more);
        words
    }

    /// The same, with what came to `other` later, if more came to it.
    #[must_use]
    pub fn keep_up_with(&self, other: &Self) -> Self {
        let mut words = self.clone();
        if other.more.len() > words.more.len() {
            words.more.clone_from(&other.more);
        }
        words
    }

    /// English words formatted for a terminal.
    pub fn terminal() -> Self {
        Self::english(Rc::new(Terminal))
    }

    /// The chosen language.
    pub fn lang(&self) -> Lang {
        self.chosen
            .as_ref()
            .map_or(Lang::En, |chosen| chosen.lang())
    }

    /// Whether there is a text under this id.
    pub fn has(&self, id: &str) -> bool {
        self.find(id).is_some()
    }

    fn find(&self, id: &str) -> Option<(&str, Lang)> {
        let chosen = self.chosen.as_ref();
        let own = chosen.and_then(|chosen| chosen.get(id).map(|text| (text, chosen.lang())));
        let english = || {
            let more = || self.more.iter().find_map(|more| more.get(id));
            self.english.get(id).or_else(more)
        };
        own.or_else(|| english().map(|text| (text, Lang::En)))
    }

    /// The text under an id that has no arguments.
    pub fn get(&self, id: &str) -> Text {
        self.say(id, &[])
    }

    /// The same as a string, for attributes.
    pub fn plain(&self, id: &str) -> String {
        self.get(id).to_string()
    }

    /// The text under an id, filled in. An id that no catalogue has gives itself.
    pub fn say(&self, id: &str, args: &[(&str, Arg)]) -> Text {
        let Some((template, lang)) = self.find(id) else {
            return Text::of(id, Role::Plain, Lang::En);
        };
        let mut out = Text::empty(lang);
        if let Ok(parts) = message::parse(template) {
            self.fill(&mut out, &parts, args);
        }
        out
    }

    fn fill(&self, out: &mut Text, parts: &[Part<'_>], args: &[(&str, Arg)]) {
        let find = |name: &str| {
            args.iter()
                .find(|(known, _)| *known == name)
                .map(|(_, arg)| arg)
        };
        for part in parts {
            match part {
                Part::Words(words) => out.push(*words, Role::Plain),
                Part::Argument(name) => match find(name) {
                    Some(arg) => self.put(out, arg),
                    None => out.push(format!("{{{name}}}"), Role::Plain),
                },
                Part::Choice { argument, arms } => {
                    let category = match find(argument) {
                        Some(Arg::Count(number)) => self.host.plural(out.lang, *number),
                        Some(Arg::Signed(number)) => {
                            self.host.plural(out.lang, number.unsigned_abs())
                        }
                        _ => Plural::Other,
                    };
                    let arm = |wanted| arms.iter().find(|(category, _)| *category == wanted);
                    if let Some((_, arm)) = arm(category).or_else(|| arm(Plural::Other)) {
                        self.fill(out, arm, args);
                    }
                }
            }
        }
    }

    fn put(&self, out: &mut Text, arg: &Arg) {
        let lang = out.lang;
        match arg {
            Arg::Plain(words) => out.push(words.as_str(), Role::Plain),
            Arg::Value(value) => out.push(value.as_str(), Role::Value),
            Arg::Count(number) => out.push(self.host.number(lang, *number as i64), Role::Value),
            Arg::Signed(number) => out.push(self.host.number(lang, *number), Role::Value),
            Arg::Money(euros) => out.push(self.host.money(lang, *euros as i64), Role::Value),
            Arg::Time(time) => out.push(clock(*time), Role::Time(*time)),
            Arg::Span(span_us) => out.append(self.span(*span_us)),
            Arg::Share(ppm) => out.append(self.share(*ppm)),
            Arg::Text(text) => out.append(text.clone()),
        }
    }

    /// An amount of money.
    pub fn money(&self, euros: u64) -> Text {
        let lang = self.lang();
        Text::of(self.host.money(lang, euros as i64), Role::Value, lang)
    }

    /// A whole number, grouped.
    pub fn number(&self, number: i64) -> Text {
        let lang = self.lang();
        Text::of(self.host.number(lang, number), Role::Value, lang)
    }

    /// A number given in thousandths, with this many digits after the point, 0 to 3.
    pub fn decimal(&self, thousandths: i64, digits: u8) -> Text {
        let lang = self.lang();
        let number = self.host.decimal(lang, thousandths, digits);
        Text::of(number, Role::Value, lang)
    }

    /// A span of time in the unit that suits it: `350 µs`, `69.6 ms`, `1.2 s`, `12 min`.
    pub fn span(&self, span_us: u64) -> Text {
        let (unit, thousandths, digits) = match span_us {
            0..1_000 => ("unit.us", span_us * 1_000, 0),
            1_000..10_000 => ("unit.ms", span_us, 1),
            10_000..1_000_000 => ("unit.ms", span_us, u8::from(span_us % 1_000 >= 50)),
            1_000_000..120_000_000 => ("unit.s", span_us / 1_000, 1),
            _ => ("unit.min", span_us / 60_000, 1),
        };
        self.measured(unit, thousandths, digits)
    }

    /// A share in per cent, from parts per million.
    pub fn share(&self, ppm: u64) -> Text {
        let digits = u8::from(!ppm.is_multiple_of(10_000)) + u8::from(!ppm.is_multiple_of(1_000));
        self.measured("unit.percent", ppm / 10, digits)
    }

    fn measured(&self, unit: &str, thousandths: u64, digits: u8) -> Text {
        let lang = self.find(unit).map_or(Lang::En, |(_, lang)| lang);
        let digits = if thousandths.is_multiple_of(1_000) {
            0
        } else {
            digits
        };
        let number = self.host.decimal(lang, thousandths as i64, digits);
        let text = self.say(unit, &[("n", Arg::Plain(number))]);
        text.with_role(Role::Value)
    }

    /// A list: `a, b`.
    pub fn list(&self, texts: impl IntoIterator<Item = Text>) -> Text {
        let mut out = Text::empty(self.lang());
        for (place, text) in texts.into_iter().enumerate() {
            if place > 0 {
                out.push(", ", Role::Plain);
            }
            out.append(text);
        }
        out
    }
}

/// A moment as `mm:ss.mmm` since the run began.
pub fn clock(time: Time) -> String {
    let ms = time.0 / 1_000;
    format!(
        "{:02}:{:02}.{:03}",
        ms / 60_000,
        ms / 1_000 % 60,
        ms % 1_000
    )
}

/// What a clock shows, as `mm:ss.mmmmmm`; it may show a moment before the run began.
pub fn clock_us(us: i64) -> String {
    let sign = if us < 0 { "\u{2212}" } else { "" };
    let us = us.unsigned_abs();
    let (minutes, seconds) = (us / 60_000_000, us / 1_000_000 % 60);
    format!("{sign}{minutes:02}:{seconds:02}.{:06}", us % 1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ukrainian(source: &'static str) -> Words {
        let catalog = Catalog::parse(Lang::Uk, source).expect("it is right");
        Words::terminal().with(Some(catalog))
    }

    #[test]
    fn a_missing_key_falls_back_to_english_and_says_so() {
        let words = ukrainian("x = х");
        assert_eq!(words.get("x").lang, Lang::Uk);
        let fallback = words.get("unit.ms");
        assert_eq!(fallback.lang, Lang::En);
        assert_eq!(words.get("no.such.id").to_string(), "no.such.id");
    }

    #[test]
    fn plurals_are_of_the_language_of_the_text() {
        let words = ukrainian("n = {n, plural, one {# запис} few {# записи} other {# записів}}");
        let say = |n: u64| words.say("n", &[("n", n.into())]).to_string();
        assert_eq!([1, 3, 5].map(say), ["1 запис", "3 записи", "5 записів"]);
    }

    #[test]
    fn spans_have_the_unit_that_suits_them() {
        let words = Words::terminal();
        let say = |span_us| words.span(span_us).to_string();
        assert_eq!(say(350), "350\u{a0}µs");
        assert_eq!(say(69_560), "69.6\u{a0}ms");
        assert_eq!(say(40_000), "40\u{a0}ms");
        assert_eq!(say(1_250_000), "1.3\u{a0}s");
        assert_eq!(say(600_000_000), "10\u{a0}min");
        assert_eq!(words.share(12_500).to_string(), "1.25%");
    }

    #[test]
    fn a_moment_is_minutes_seconds_and_milliseconds() {
        assert_eq!(clock(Time(4_210_999)), "00:04.210");
        assert_eq!(clock(Time::from_ms(6_000_000)), "100:00.000");
        assert_eq!(clock_us(4_210_999), "00:04.210999");
        assert_eq!(clock_us(-61_000_001), "\u{2212}01:01.000001");
    }
}
