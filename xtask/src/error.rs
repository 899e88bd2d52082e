//! What can go wrong, each with what the reader can do about it.

use std::path::{Path, PathBuf};

/// The result of a step.
pub(crate) type Result<T> = std::result::Result<T, Error>;

/// Why a command stopped.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// The command line makes no sense.
    #[error("{0}")]
    Usage(String),
    /// A child could not be started at all.
    #[error("cannot start `{command}`: {source}")]
    Start {
        command: String,
        source: std::io::Error,
    },
    /// A child ran and failed; its own output says why.
    #[error("`{command}` failed ({status})")]
    Failed { command: String, status: String },
    /// A file or folder could not be read or written.
    #[error("cannot {action} {}: {source}", path.display())]
    File {
        action: &'static str,
        path: PathBuf,
        source: std::io::Error,
    },
    /// A tool is missing and no way of getting it worked.
    #[error("{what}\n\nWhat to do:\n{remedy}")]
    Missing { what: String, remedy: String },
    /// What was built or tested is not good enough.
    #[error("{0}")]
    Verdict(String),
}

impl Error {
    /// For `map_err`: names the file and what was being done to it.
    pub(crate) fn file(action: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::File {
            action,
            path,
            source,
        }
    }
}
