//! What the surroundings know better: numbers, money and plurals of a language.
//!
//! The page asks `Intl`; a terminal has [`Terminal`], which knows the languages
//! that there are catalogues for.

use crate::message::Plural;
use crate::text::Lang;

/// Formats what depends on the language.
pub trait Host {
    /// A whole number, grouped.
    fn number(&self, lang: Lang, number: i64) -> String;

    /// A number given in thousandths, with this many digits after the point, 0 to 3.
    fn decimal(&self, lang: Lang, thousandths: i64, digits: u8) -> String;

    /// A whole number of euros.
    fn money(&self, lang: Lang, euros: i64) -> String;

    /// The plural category of a whole number.
    fn plural(&self, lang: Lang, number: u64) -> Plural;
}

/// Plain formatting for terminals and tests.
#[derive(Clone, Copy, Debug, Default)]
pub struct Terminal;

/// A no-break space.
const NBSP: char = '\u{a0}';

impl Host for Terminal {
    fn number(&self, lang: Lang, number: i64) -> String {
        let digits = number.unsigned_abs().to_string();
        let separator = match lang {
            Lang::En => ',',
            Lang::Uk => NBSP,
        };
        let mut grouped = String::new();
        if number < 0 {
            grouped.push('−');
        }
        for (place, digit) in digits.chars().enumerate() {
            // Ukrainian groups numbers of five digits and more.
            let is_long = lang != Lang::Uk || digits.len() > 4;
            if place > 0 && (digits.len() - place).is_multiple_of(3) && is_long {
                grouped.push(separator);
            }
            grouped.push(digit);
        }
        grouped
    }

    fn decimal(&self, lang: Lang, thousandths: i64, digits: u8) -> String {
        let unit = 10_i64.pow(3 - u32::from(digits.min(3)));
        let rounded = (thousandths.abs() + unit / 2) / unit * unit;
        let sign = if thousandths < 0 && rounded > 0 {
            "−"
        } else {
            ""
        };
        let whole = self.number(lang, rounded / 1_000);
        let point = match lang {
            Lang::En => '.',
            Lang::Uk => ',',
        };
        let rest = format!("{:03}", rounded % 1_000);
        match digits.min(3) {
            0 => format!("{sign}{whole}"),
            digits => format!("{sign}{whole}{point}{}", &rest[..digits as usize]),
        }
    }

    fn money(&self, lang: Lang, euros: i64) -> String {
        let number = self.number(lang, euros);
        match lang {
            Lang::En => format!("€{number}"),
            Lang::Uk => format!("{number}{NBSP}€"),
        }
    }

    fn plural(&self, lang: Lang, number: u64) -> Plural {
        match (lang, number % 10, number % 100) {
            (Lang::En, ..) if number == 1 => Plural::One,
            (Lang::En, ..) => Plural::Other,
            (Lang::Uk, 1, tens) if tens != 11 => Plural::One,
            (Lang::Uk, 2..=4, tens) if !(12..=14).contains(&tens) => Plural::Few,
            (Lang::Uk, ..) => Plural::Many,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ukrainian_plurals_follow_the_published_rules() {
        let category = |number| Terminal.plural(Lang::Uk, number).name();
        assert_eq!([1, 21, 101].map(category), ["one"; 3]);
        assert_eq!([2, 4, 22, 104].map(category), ["few"; 4]);
        assert_eq!([0, 5, 11, 12, 14, 111].map(category), ["many"; 6]);
    }

    #[test]
    fn numbers_are_grouped_and_rounded() {
        assert_eq!(Terminal.number(Lang::En, -1_234_567), "−1,234,567");
        assert_eq!(Terminal.number(Lang::Uk, 12_345), "12\u{a0}345");
        assert_eq!(Terminal.number(Lang::Uk, 1_234), "1234");
        assert_eq!(Terminal.decimal(Lang::Uk, 69_560, 1), "69,6");
        assert_eq!(Terminal.decimal(Lang::En, 999_960, 1), "1,000.0");
        assert_eq!(Terminal.decimal(Lang::En, -40, 1), "0.0");
        assert_eq!(Terminal.money(Lang::En, 45), "€45");
    }
}
