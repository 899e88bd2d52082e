//! The tools found so far, and the environment that children get.
//!
//! Cargo sets `RUSTUP_TOOLCHAIN`, `CARGO`, `CARGO_MANIFEST_DIR` and more for
//! what it runs, so what the commands run in turn would inherit a choice that
//! nobody made for it. Here each child gets them removed or set anew.

use crate::error::{Error, Result};
use crate::machine;
use crate::setup::rust::Rust;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What `cargo run` sets for the program, beside everything with the prefixes
/// below. `CARGO_HOME`, `CARGO_TARGET_DIR` and other choices of the reader stay.
const SET_BY_CARGO: [&str; 6] = [
    "CARGO",
    "CARGO_PRIMARY_PACKAGE",
    "CARGO_CRATE_NAME",
    "CARGO_BIN_NAME",
    "OUT_DIR",
    "RUST_RECURSION_COUNT",
];
const PREFIXES_SET_BY_CARGO: [&str; 2] = ["CARGO_PKG_", "CARGO_MANIFEST_"];

/// The checkout, the tool cache, and what was found in them.
pub(crate) struct Toolbox {
    /// The checkout.
    pub(crate) root: PathBuf,
    /// Where tools are kept, by version.
    pub(crate) cache: PathBuf,
    /// The Rust toolchain in force, once it is chosen.
    pub(crate) rust: Option<Rust>,
    /// Folders that children find their tools in, first of all.
    path: Vec<PathBuf>,
    /// Variables that children get.
    variables: Vec<(OsString, OsString)>,
}

impl Toolbox {
    /// Finds the checkout and the cache; chooses and installs nothing yet.
    pub(crate) fn open() -> Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let root = root
            .canonicalize()
            .map_err(Error::file("find the checkout at", &root))?;
        Ok(Self {
            root,
            cache: cache_folder()?,
            rust: None,
            path: Vec::new(),
            variables: Vec::new(),
        })
    }

    /// The build folder, where files that are not for keeping go.
    pub(crate) fn target(&self) -> PathBuf {
        std::env::var_os("CARGO_TARGET_DIR")
            .map_or_else(|| self.root.join("target"), |dir| self.root.join(dir))
    }

    /// From now on children find tools in this folder first.
    pub(crate) fn add_to_path(&mut self, folder: PathBuf) {
        if !self.path.contains(&folder) {
            self.path.insert(0, folder);
        }
    }

    /// From now on children get this variable.
    pub(crate) fn set(&mut self, name: impl Into<OsString>, value: impl Into<OsString>) {
        self.variables.push((name.into(), value.into()));
    }

    /// A child with the toolbox's environment, in the checkout, without stdin.
    pub(crate) fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root).stdin(Stdio::null());
        for (name, _) in std::env::vars_os() {
            let text = name.to_string_lossy();
            let by_prefix = PREFIXES_SET_BY_CARGO.iter().any(|p| text.starts_with(p));
            if by_prefix || SET_BY_CARGO.contains(&text.as_ref()) {
                command.env_remove(&name);
            }
        }
        self.clean_library_path(&mut command);
        command.env("PATH", self.path_variable());
        if let Some(rust) = &self.rust {
            rust.choose_for(&mut command);
        }
        for (name, value) in &self.variables {
            command.env(name, value);
        }
        command
    }

    /// Cargo of the toolchain in force.
    pub(crate) fn cargo(&self) -> Command {
        self.command(
            self.rust
                .as_ref()
                .map_or(Path::new("cargo"), |rust| &rust.cargo),
        )
    }

    /// The `splitbrain` command-line tool, built natively.
    pub(crate) fn splitbrain(&self) -> Command {
        let mut cargo = self.cargo();
        cargo.args(["run", "--quiet", "--package", "splitbrain-cli"]);
        cargo.args(["--bin", "splitbrain", "--"]);
        cargo
    }

    fn path_variable(&self) -> OsString {
        let inherited = std::env::var_os("PATH").unwrap_or_default();
        let folders = self.path.iter().cloned();
        let all: Vec<PathBuf> = folders.chain(std::env::split_paths(&inherited)).collect();
        std::env::join_paths(all).unwrap_or(inherited)
    }

    /// Takes out what cargo and rustup put in front for their own child: another
    /// toolchain must not load their libraries.
    fn clean_library_path(&self, command: &mut Command) {
        const NAME: &str = "LD_LIBRARY_PATH";
        let Some(value) = std::env::var_os(NAME) else {
            return;
        };
        let target = self.target();
        let kept = std::env::split_paths(&value).filter(|folder| {
            let text = folder.to_string_lossy();
            let of_toolchain = text.contains("/toolchains/") || text.contains("/rustlib/");
            !of_toolchain && !folder.starts_with(&target)
        });
        match std::env::join_paths(kept) {
            Ok(kept) if !kept.is_empty() => command.env(NAME, kept),
            _ => command.env_remove(NAME),
        };
    }
}

/// The folder where tools are kept.
fn cache_folder() -> Result<PathBuf> {
    let set = |name: &str| {
        std::env::var_os(name)
            .filter(|v| !v.is_empty())
            .map(PathBuf::from)
    };
    let cache = set("SPLITBRAIN_TOOLS")
        .or_else(|| set("XDG_CACHE_HOME").map(|dir| dir.join("splitbrain/tools")))
        .or_else(|| set("HOME").map(|dir| dir.join(".cache/splitbrain/tools")))
        .ok_or_else(|| Error::Missing {
            what:
                "no place to keep tools: neither SPLITBRAIN_TOOLS, XDG_CACHE_HOME nor HOME is set"
                    .into(),
            remedy: "  set SPLITBRAIN_TOOLS to a folder outside the checkout".into(),
        })?;
    machine::create_folder(&cache)?;
    Ok(cache)
}

/// What a command would look like in a shell.
fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let words: Vec<_> = words.map(OsStr::to_string_lossy).collect();
    words.join(" ")
}

/// Running a child, with errors that name it.
pub(crate) trait Run {
    /// Runs to the end with its output shown; an error unless it succeeds.
    fn run(&mut self) -> Result<()>;
    /// Runs to the end and returns what it wrote; an error unless it succeeds.
    fn read(&mut self) -> Result<String>;
    /// Whether it can be started and succeeds, without a word.
    fn succeeds(&mut self) -> bool;
}

impl Run for Command {
    fn run(&mut self) -> Result<()> {
        let status = self.status().map_err(|source| Error::Start {
            command: shown(self),
            source,
        })?;
        check(self, status)
    }

    fn read(&mut self) -> Result<String> {
        let output = self.stderr(Stdio::inherit()).output();
        let output = output.map_err(|source| Error::Start {
            command: shown(self),
            source,
        })?;
        check(self, output.status)?;
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    fn succeeds(&mut self) -> bool {
        self.stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
    }
}

/// An error that names the command, unless it succeeded.
pub(crate) fn check(command: &Command, status: std::process::ExitStatus) -> Result<()> {
    if status.success() {
        return Ok(());
    }
    Err(Error::Failed {
        command: shown(command),
        status: status.to_string(),
    })
}
