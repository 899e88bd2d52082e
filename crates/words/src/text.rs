//! What comes out: text in pieces, each with what it stands for.

use std::fmt;

use splitbrain_engine::sim::fact::FactId;
use splitbrain_engine::sim::time::Time;

/// A language that there is a catalogue for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lang {
    /// English: complete by definition; the others fall back to it.
    En,
    /// Ukrainian.
    Uk,
}

impl Lang {
    /// Every language, in the order in which menus show them.
    pub const ALL: &'static [Self] = &[Self::En, Self::Uk];

    /// Its BCP 47 tag, for `lang` attributes, file names and `Intl`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Uk => "uk",
        }
    }

    /// What it calls itself.
    pub const fn own_name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::Uk => "Українська",
        }
    }

    /// The language with this tag, region subtags ignored: `uk-UA` is Ukrainian.
    pub fn find(code: &str) -> Option<Self> {
        let primary = code.split(['-', '_']).next().unwrap_or(code);
        let known = |lang: &&Self| primary.eq_ignore_ascii_case(lang.code());
        Self::ALL.iter().find(known).copied()
    }
}

/// What a piece of text stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Just words.
    Plain,
    /// A region, by its place in the scenario.
    Region(u8),
    /// A customer, by index.
    Customer(u16),
    /// A value, an amount, a count.
    Value,
    /// A moment that can be gone to.
    Time(Time),
    /// Something that can be asked "why?": a write, an operation, a charge.
    Fact(FactId),
}

/// A stretch of text with one role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The words.
    pub text: String,
    /// What they stand for.
    pub role: Role,
    /// The language they are in; differs from the text's where a key fell back.
    pub lang: Lang,
}

/// A rendered text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// Its pieces, in order; neighbours with one role are joined.
    pub pieces: Vec<Piece>,
    /// The language of its sentence. Where it is not the one that was asked for,
    /// the page marks it with `lang`.
    pub lang: Lang,
}

impl Text {
    /// No text yet.
    pub fn empty(lang: Lang) -> Self {
        Self {
            pieces: Vec::new(),
            lang,
        }
    }

    /// One piece.
    pub fn of(text: impl Into<String>, role: Role, lang: Lang) -> Self {
        let mut all = Self::empty(lang);
        all.push(text, role);
        all
    }

    /// Appends words in the text's own language.
    pub fn push(&mut self, text: impl Into<String>, role: Role) {
        let lang = self.lang;
        self.push_piece(Piece {
            text: text.into(),
            role,
            lang,
        });
    }

    /// Appends another text; its pieces keep their roles and languages.
    pub fn append(&mut self, other: Self) {
        for piece in other.pieces {
            self.push_piece(piece);
        }
    }

    fn push_piece(&mut self, piece: Piece) {
        if piece.text.is_empty() {
            return;
        }
        match self.pieces.last_mut() {
            Some(last)
                if last.role == Role::Plain
                    && piece.role == Role::Plain
                    && last.lang == piece.lang =>
            {
                last.text.push_str(&piece.text);
            }
            _ => self.pieces.push(piece),
        }
    }

    /// With a capital at the start, unless it starts with a name.
    #[must_use]
    pub fn sentence(mut self) -> Self {
        if let Some(first) = self.pieces.first_mut()
            && first.role == Role::Plain
        {
            let mut chars = first.text.chars();
            if let Some(initial) = chars.next() {
                first.text = std::iter::once(capital(initial)).chain(chars).collect();
            }
        }
        self
    }

    /// With this role on every piece that has none of its own.
    #[must_use]
    pub fn with_role(mut self, role: Role) -> Self {
        for piece in &mut self.pieces {
            if matches!(piece.role, Role::Plain | Role::Value) {
                piece.role = role;
            }
        }
        self
    }
}

/// The text in small letters, for searching.
pub fn lowercase(text: &str) -> String {
    text.chars().map(small).collect()
}

/// The small letter of a capital; see [`capital`].
fn small(letter: char) -> char {
    let more = match letter {
        'Ґ' => 1,
        'A'..='Z' | 'А'..='Я' => 32,
        'Ѐ'..='Џ' => 80,
        _ => 0,
    };
    char::from_u32(letter as u32 + more).unwrap_or(letter)
}

/// The capital of a letter of the alphabets of [`Lang`]. `char::to_uppercase` knows
/// all alphabets, from a table of 12 kB.
fn capital(letter: char) -> char {
    let less = match letter {
        'ґ' => 1,
        'a'..='z' | 'а'..='я' => 32,
        'ѐ'..='џ' => 80,
        _ => 0,
    };
    char::from_u32(letter as u32 - less).unwrap_or(letter)
}

impl fmt::Display for Text {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.pieces
            .iter()
            .try_for_each(|piece| out.write_str(&piece.text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_found_by_its_tag_whatever_the_country() {
        assert_eq!(Lang::find("uk-UA"), Some(Lang::Uk));
        assert_eq!(Lang::find("EN_us"), Some(Lang::En));
        assert_eq!(Lang::find("ukulele"), None);
    }

    #[test]
    fn every_letter_of_every_language_has_its_capital() {
        let letters = "abcdefghijklmnopqrstuvwxyzабвгґдеєжзиіїйклмнопрстуфхцчшщьюя";
        let capitals: String = letters.chars().map(capital).collect();
        assert_eq!(capitals, letters.to_uppercase());
        assert_eq!(lowercase(&capitals), letters);
        assert_eq!("1€Aї".chars().map(capital).collect::<String>(), "1€AЇ");
    }

    #[test]
    fn a_sentence_that_starts_with_a_name_keeps_it() {
        let plain = Text::of("запит", Role::Plain, Lang::Uk).sentence();
        assert_eq!(plain.to_string(), "Запит");
        let name = Text::of("us-east-1", Role::Region(0), Lang::En).sentence();
        assert_eq!(name.to_string(), "us-east-1");
    }
}
