//! What is wrong with a lesson's files: which file, which field, which line, and
//! what would be allowed.

use std::cell::RefCell;

use splitbrain_sorted::sort_short;

/// Problems that are told at once, at most.
pub const MAX_PROBLEMS: usize = 100;

/// A problem and where it is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}{}: {}{problem}", at_line(*.line), in_field(.field))]
pub struct LessonError {
    /// The file, by its name in the lesson's folder.
    pub file: String,
    /// The line, from 1; 0 where it is not known.
    pub line: u32,
    /// The field, such as `steps[2].goals[0].region`; empty for the whole file.
    pub field: String,
    /// What is wrong.
    pub problem: Problem,
}

fn at_line(line: u32) -> String {
    if line == 0 {
        String::new()
    } else {
        format!(":{line}")
    }
}

fn in_field(field: &str) -> String {
    if field.is_empty() {
        String::new()
    } else {
        format!("{field}: ")
    }
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// The file is too large to be a lesson.
    #[error("{bytes} bytes; at most {most} are allowed")]
    TooLarge {
        /// What it has.
        bytes: u64,
        /// What it may have.
        most: u64,
    },
    /// It is no TOML, JSON or Markdown of the kind that lessons use.
    #[error("{message}")]
    Syntax {
        /// What the parser says.
        message: String,
    },
    /// A version of the format that this program does not know.
    #[error("format {found} is not known; known: {known}")]
    Version {
        /// What stands there.
        found: i64,
        /// The latest that is known.
        known: i64,
    },
    /// A field that does not exist.
    #[error("unknown field {found}; allowed: {allowed}")]
    UnknownField {
        /// Its name.
        found: String,
        /// The names that are known here.
        allowed: String,
    },
    /// A field that has to be there.
    #[error("missing")]
    Missing,
    /// A value of another kind.
    #[error("{found} is not allowed; expected {expected}")]
    WrongKind {
        /// What stands there.
        found: &'static str,
        /// What may stand there.
        expected: &'static str,
    },
    /// A value that is not allowed.
    #[error("{found} is not allowed; allowed: {allowed}")]
    NotAllowed {
        /// What stands there.
        found: String,
        /// What may stand there.
        allowed: String,
    },
    /// Too few or too many of something.
    #[error("{found} entries; allowed: {least} to {most}")]
    Count {
        /// How many there are.
        found: u32,
        /// At least.
        least: u32,
        /// At most.
        most: u32,
    },
    /// The same name twice.
    #[error("{name} stands here twice")]
    Duplicate {
        /// The name.
        name: String,
    },
}

impl Problem {
    /// Its stable id, for catalogues of words.
    pub fn id(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "too_large",
            Self::Syntax { .. } => "syntax",
            Self::Version { .. } => "version",
            Self::UnknownField { .. } => "unknown_field",
            Self::Missing => "missing",
            Self::WrongKind { .. } => "wrong_kind",
            Self::NotAllowed { .. } => "not_allowed",
            Self::Count { .. } => "count",
            Self::Duplicate { .. } => "duplicate",
        }
    }
}

/// Collects problems of one file.
#[derive(Debug)]
pub struct Problems {
    file: String,
    found: RefCell<Vec<LessonError>>,
    doubted: RefCell<Vec<String>>,
}

impl Problems {
    /// None yet, in this file.
    pub fn new(file: impl Into<String>) -> Self {
        Self {
            file: file.into(),
            found: RefCell::default(),
            doubted: RefCell::default(),
        }
    }

    /// One more.
    pub fn add(&self, line: u32, field: impl Into<String>, problem: Problem) {
        let mut found = self.found.borrow_mut();
        if found.len() < MAX_PROBLEMS {
            found.push(LessonError {
                file: self.file.clone(),
                line,
                field: field.into(),
                problem,
            });
        }
    }

    /// From now on it is no news that this name is unknown.
    pub fn doubt(&self, name: &str) {
        self.doubted.borrow_mut().push(name.into());
    }

    /// Whether it was said already that this name is unknown.
    pub fn is_doubted(&self, name: &str) -> bool {
        self.doubted.borrow().iter().any(|held| held == name)
    }

    /// How many there are.
    pub fn count(&self) -> u32 {
        self.found.borrow().len() as u32
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.found.borrow().is_empty()
    }

    /// All of them, by line.
    pub fn into_list(self) -> Vec<LessonError> {
        let mut found = self.found.into_inner();
        sort_short(&mut found, |one, other| one.line < other.line);
        found
    }
}
