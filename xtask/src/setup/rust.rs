//! The Rust toolchain in force, and how children are made to use it.

use std::path::PathBuf;
use std::process::Command;

/// The name under which rustup knows Debian's toolchain.
pub(crate) const DEBIAN_TOOLCHAIN: &str = "wasm-debian";

/// The target of the page.
pub(crate) const WASM: &str = "wasm32-unknown-unknown";

/// One toolchain for native code and wasm alike.
#[derive(Debug, Clone)]
pub(crate) struct Rust {
    /// The cargo to start.
    pub(crate) cargo: PathBuf,
    /// The rustc to start.
    pub(crate) rustc: PathBuf,
    /// What tells cargo and rustup which toolchain it is.
    pub(crate) choice: Choice,
    /// The same for the reader.
    pub(crate) told: String,
}

/// Whose choice of toolchain children follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Choice {
    /// That of whoever started the command: nothing to change.
    Inherited,
    /// Debian's, through rustup.
    DebianByRustup,
    /// Debian's, called by its path, where there is no rustup.
    DebianByPath,
}

impl Rust {
    /// The toolchain the command was started with.
    pub(crate) fn inherited() -> Self {
        Self {
            cargo: "cargo".into(),
            rustc: "rustc".into(),
            choice: Choice::Inherited,
            told: "the toolchain this command was started with".into(),
        }
    }

    /// Debian's toolchain in `/usr`, leaving rustup's alone.
    pub(crate) fn debian(has_rustup: bool) -> Self {
        if has_rustup {
            return Self {
                cargo: "cargo".into(),
                rustc: "rustc".into(),
                choice: Choice::DebianByRustup,
                told: format!("Debian's, as RUSTUP_TOOLCHAIN={DEBIAN_TOOLCHAIN}"),
            };
        }
        Self {
            cargo: "/usr/bin/cargo".into(),
            rustc: "/usr/bin/rustc".into(),
            choice: Choice::DebianByPath,
            told: "Debian's, /usr/bin/cargo".into(),
        }
    }

    /// Makes a child use this toolchain.
    pub(crate) fn choose_for(&self, command: &mut Command) {
        match self.choice {
            Choice::Inherited => {}
            Choice::DebianByRustup => {
                command.env("RUSTUP_TOOLCHAIN", DEBIAN_TOOLCHAIN);
                command.env_remove("RUSTC").env_remove("RUSTDOC");
            }
            Choice::DebianByPath => {
                command.env_remove("RUSTUP_TOOLCHAIN");
                command
                    .env("RUSTC", "/usr/bin/rustc")
                    .env("RUSTDOC", "/usr/bin/rustdoc");
            }
        }
    }
}
