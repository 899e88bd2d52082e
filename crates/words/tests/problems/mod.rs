//! What can be wrong with a lesson.

use splitbrain_lesson::format::error::Problem;

/// One of each.
pub(crate) fn all() -> Vec<Problem> {
    let text = || "x".to_owned();
    vec![
        Problem::TooLarge { bytes: 9, most: 8 },
        Problem::Syntax { message: text() },
        Problem::Version { found: 2, known: 1 },
        Problem::UnknownField {
            found: text(),
            allowed: text(),
        },
        Problem::Missing,
        Problem::WrongKind {
            found: "truth",
            expected: "table",
        },
        Problem::NotAllowed {
            found: text(),
            allowed: text(),
        },
        Problem::Count {
            found: 3,
            least: 1,
            most: 2,
        },
        Problem::Duplicate { name: text() },
    ]
}
