//! The files of the tables, read strictly.

use splitbrain_lesson::format::json;
use splitbrain_lesson::format::tree::{Node, Tree};
use splitbrain_words::Lang;

use crate::fetch::{FetchError, fetch_text};

/// What each design keeps and loses: `splitbrain list --verdicts --json`.
const VERDICTS: &str = "data/verdicts.json";
/// What the project is held against: `splitbrain validate --json`.
const VALIDATION: &str = "data/validation.json";
/// Bytes of either at most.
const MAX_BYTES: u32 = 1 << 20;

/// Both tables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tables {
    /// A row a design.
    pub(super) rows: Vec<Row>,
    /// A row a validation.
    pub(super) validations: Vec<Validation>,
}

/// A design, and what the judge found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// The service's id.
    pub(super) service: String,
    /// What fills its slots: the ids of the slot and of the policy.
    pub(super) policies: Vec<(String, String)>,
    /// Whether it is here for its merits.
    pub(super) is_sound: bool,
    /// Schedules tried.
    pub(super) schedules: i64,
    /// Ids of properties that none of them broke.
    pub(super) keeps: Vec<String>,
    /// What was broken.
    pub(super) loses: Vec<Loss>,
}

/// A property that was broken, and a run in which it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Loss {
    pub(super) property: String,
    pub(super) commands: i64,
    pub(super) link: String,
}

/// A validation and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Validation {
    pub(super) name: String,
    /// Papers and names, which no language translates.
    pub(super) source: String,
    pub(super) passed: bool,
    /// What the terminal says of it in each language; English is there.
    texts: Vec<(Lang, Said)>,
    /// Times for which the source prints others than are expected.
    pub(super) beside: Vec<Figure>,
}

/// A time in microseconds: found, expected, and printed by the source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Figure {
    /// Of what, in the source's own terms, which no language translates.
    pub(super) of: String,
    pub(super) found_us: i64,
    pub(super) expected_us: i64,
    pub(super) printed_us: i64,
}

/// What is said of a validation in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) what: String,
    pub(super) size: String,
    pub(super) result: String,
    pub(super) expected: String,
    /// Why the source prints other figures, where it does.
    pub(super) why: Option<String>,
}

impl Validation {
    /// What is said in a language, else in English; and in which it is.
    pub(super) fn said(&self, lang: Lang) -> Option<&(Lang, Said)> {
        let of = |lang: Lang| self.texts.iter().find(|it| it.0 == lang);
        of(lang).or_else(|| of(Lang::En))
    }
}

/// Fetches both.
///
/// # Errors
/// A file that does not come, or is no such table.
pub(super) async fn fetch() -> Result<Tables, FetchError> {
    Ok(Tables {
        rows: table(VERDICTS, row).await?,
        validations: table(VALIDATION, validation).await?,
    })
}

async fn table<T>(file: &str, read: fn(&Node) -> Option<T>) -> Result<Vec<T>, FetchError> {
    let source = fetch_text(file, MAX_BYTES).await?;
    let wrong = |line: u32| FetchError::content(file, format!("{file}:{line}"));
    let node = json::read(&source).map_err(|(line, _)| wrong(line))?;
    let rows = node.as_list().ok_or_else(|| wrong(node.line))?;
    let rows = rows.iter();
    rows.map(|node| read(node).ok_or_else(|| wrong(node.line)))
        .collect()
}

fn text(node: &Node, name: &str) -> Option<String> {
    Some(node.get(name)?.as_text()?.to_owned())
}

fn number(node: &Node, name: &str) -> Option<i64> {
    match node.get(name)?.tree {
        Tree::Number(number) => Some(number),
        _ => None,
    }
}

fn truth(node: &Node, name: &str) -> Option<bool> {
    match node.get(name)?.tree {
        Tree::Truth(truth) => Some(truth),
        _ => None,
    }
}

fn row(node: &Node) -> Option<Row> {
    let design = node.get("design")?.as_list()?.iter();
    let keeps = node.get("keeps")?.as_list()?.iter();
    let loses = node.get("loses")?.as_list()?.iter().map(|loss| {
        // Nothing but a run is linked to.
        let link = text(loss, "link").filter(|link| link.starts_with("#s="))?;
        Some(Loss {
            property: text(loss, "property")?,
            commands: number(loss, "commands")?,
            link,
        })
    });
    Some(Row {
        service: text(node, "service")?,
        policies: design
            .map(|choice| Some((text(choice, "slot")?, text(choice, "policy")?)))
            .collect::<Option<_>>()?,
        is_sound: truth(node, "sound")?,
        schedules: number(node, "schedules")?,
        keeps: keeps
            .map(|id| Some(id.as_text()?.to_owned()))
            .collect::<Option<_>>()?,
        loses: loses.collect::<Option<_>>()?,
    })
}

fn validation(node: &Node) -> Option<Validation> {
    let texts = node.get("texts")?;
    let in_lang = |&lang: &Lang| Some((lang, said(texts.get(lang.code())?)?));
    let texts: Vec<(Lang, Said)> = Lang::ALL.iter().filter_map(in_lang).collect();
    let has_english = texts.iter().any(|it| it.0 == Lang::En);
    has_english.then_some(())?;
    Some(Validation {
        name: text(node, "name")?,
        source: text(node, "source")?,
        passed: truth(node, "passed")?,
        texts,
        beside: match node.get("beside") {
            Some(beside) => beside
                .as_list()?
                .iter()
                .map(figure)
                .collect::<Option<_>>()?,
            None => Vec::new(),
        },
    })
}

fn figure(node: &Node) -> Option<Figure> {
    Some(Figure {
        of: text(node, "of")?,
        found_us: number(node, "found_us")?,
        expected_us: number(node, "expected_us")?,
        printed_us: number(node, "printed_us")?,
    })
}

fn said(node: &Node) -> Option<Said> {
    Some(Said {
        what: text(node, "what")?,
        size: text(node, "size")?,
        result: text(node, "result")?,
        expected: text(node, "expected")?,
        why: match node.get("why") {
            Some(why) => Some(why.as_text()?.to_owned()),
            None => None,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read<T>(source: &str, read: fn(&Node) -> Option<T>) -> Option<Vec<T>> {
        let node = json::read(source).ok()?;
        node.as_list()?.iter().map(read).collect()
    }

    #[test]
    fn the_tables_that_lie_beside_the_page_are_read() {
        let rows = read(include_str!("../../static/data/verdicts.json"), row);
        let rows = rows.expect("the terminal wrote it");
        assert!(rows.len() > 40, "{}", rows.len());
        assert!(rows.iter().any(|row| !row.loses.is_empty()));
        let validations = read(
            include_str!("../../static/data/validation.json"),
            validation,
        );
        let validations = validations.expect("the terminal wrote it");
        assert!(validations.len() >= 7 && validations.iter().all(|it| it.passed));
    }

    #[test]
    fn printed_figures_stand_beside_the_true_quantiles_with_why_they_differ() {
        let source = include_str!("../../static/data/validation.json");
        let rows = read(source, validation).expect("the terminal wrote it");
        let with: Vec<&Validation> = rows.iter().filter(|it| !it.beside.is_empty()).collect();
        assert_eq!(with.len(), 1);
        assert_eq!(with[0].name, "pbs");
        let printed: Vec<i64> = with[0].beside.iter().map(|it| it.printed_us).collect();
        assert_eq!(printed, [1_850, 1_790, 45_500, 43_300, 13_600]);
        for row in &rows {
            let why = |&lang: &Lang| row.said(lang).is_some_and(|said| said.1.why.is_some());
            let is_told = !row.beside.is_empty();
            assert!(Lang::ALL.iter().all(|lang| why(lang) == is_told));
        }
    }

    #[test]
    fn a_printed_figure_that_is_no_number_is_refused() {
        let table = |printed: &str| {
            let said = r#"{"what":"w","size":"s","result":"r","expected":"e","why":"y"}"#;
            let figure =
                format!(r#"{{"of":"o","found_us":2,"expected_us":2,"printed_us":{printed}}}"#);
            format!(
                r#"[{{"name":"n","source":"s","passed":true,"texts":{{"en":{said}}},
                "beside":[{figure}]}}]"#
            )
        };
        let whole = read(&table("1"), validation).expect("it is whole");
        assert_eq!(whole[0].beside[0].printed_us, 1);
        assert!(read(&table("\"1\""), validation).is_none());
    }

    /// The numbers in a text, however they are grouped, in order of size.
    fn numbers(text: &str) -> Vec<u64> {
        let ungrouped: Vec<char> = text.chars().filter(|it| !",\u{a0}".contains(*it)).collect();
        let is_digit = |it: &char| it.is_ascii_digit();
        let runs = ungrouped.chunk_by(|one, next| is_digit(one) == is_digit(next));
        let runs = runs.map(|run| run.iter().collect::<String>());
        let mut found: Vec<u64> = runs.filter_map(|run| run.parse().ok()).collect();
        found.sort_unstable();
        found
    }

    #[test]
    fn every_validation_is_told_in_every_language_with_the_same_figures() {
        let source = include_str!("../../static/data/validation.json");
        let rows = read(source, validation).expect("the terminal wrote it");
        let parts = |it: &Said| [&it.what, &it.size, &it.result, &it.expected].map(Clone::clone);
        for row in &rows {
            let (_, english) = row.said(Lang::En).expect("it is in English");
            for &lang in Lang::ALL {
                let (found, said) = row.said(lang).expect("it falls back at least");
                assert_eq!(*found, lang, "{} is missing in {}", row.name, lang.code());
                for (own, english) in parts(said).iter().zip(parts(english)) {
                    assert!(
                        !own.is_empty() && (lang == Lang::En || *own != english),
                        "{own}"
                    );
                    assert_eq!(numbers(own), numbers(&english), "{own}");
                }
            }
        }
    }

    #[test]
    fn a_validation_without_its_english_is_refused() {
        let table = |lang: &str| {
            let said = r#"{"what":"w","size":"s","result":"r","expected":"e"}"#;
            let texts = format!(r#"{{"{lang}":{said}}}"#);
            format!(r#"[{{"name":"n","source":"s","passed":true,"texts":{texts}}}]"#)
        };
        let english = read(&table("en"), validation).expect("it is whole");
        assert_eq!(english[0].said(Lang::Uk).map(|it| it.0), Some(Lang::En));
        assert!(read(&table("uk"), validation).is_none());
    }

    #[test]
    fn a_loss_links_to_a_run_and_to_nothing_else() {
        let table = |link: &str| {
            format!(
                r#"[{{"service":"prices","design":[],"sound":true,"schedules":1,"keeps":[],
                "loses":[{{"property":"convergence","commands":1,"link":"{link}"}}]}}]"#
            )
        };
        assert!(read(&table("#s=v1.AA"), row).is_some());
        assert!(read(&table("javascript:alert(1)"), row).is_none());
    }
}
