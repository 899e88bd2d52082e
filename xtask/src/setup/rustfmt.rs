//! rustfmt, which Debian's toolchain lacks: then one of rustup's is used.

use super::rust::Rust;
use crate::error::{Error, Result};
use crate::toolbox::{Run, Toolbox};
use std::process::Command;

/// `cargo fmt`, of whichever toolchain has it.
pub(crate) fn rustfmt(toolbox: &Toolbox) -> Result<Command> {
    for toolchain in candidates(toolbox) {
        let fmt = |arguments: &[&str]| {
            let mut cargo = toolbox.command("cargo");
            Rust::inherited().choose_for(&mut cargo);
            match &toolchain {
                Some(name) => cargo.env("RUSTUP_TOOLCHAIN", name),
                None => cargo.env_remove("RUSTUP_TOOLCHAIN"),
            };
            cargo.arg("fmt").args(arguments);
            cargo
        };
        if fmt(&["--version"]).succeeds() {
            return Ok(fmt(&[]));
        }
    }
    Err(Error::Missing {
        what: "no toolchain here has rustfmt for the 2024 edition".into(),
        remedy: "  rustup component add rustfmt".into(),
    })
}

/// The toolchain the command was started with, rustup's default, the others.
fn candidates(toolbox: &Toolbox) -> Vec<Option<String>> {
    let mut found = vec![std::env::var("RUSTUP_TOOLCHAIN").ok(), None];
    if let Ok(list) = toolbox.command("rustup").args(["toolchain", "list"]).read() {
        let names = list
            .lines()
            .filter_map(|line| line.split_whitespace().next());
        found.extend(names.map(|name| Some(name.to_owned())));
    }
    found
}
