//! `cargo xtask validate`: what the project is held against, at full size.
//!
//! The validations are the command-line tool's, one a file in
//! `crates/cli/src/validate`; here it is built in the release profile and run. It prints
//! the table, or with `--json` the same as JSON, to standard output.

use crate::error::Result;
use crate::say::step;
use crate::toolbox::{Run, Toolbox};
use std::process::Command;

pub(crate) fn run(toolbox: &Toolbox, own: &[String], passed_on: &[String]) -> Result<()> {
    let mut validate = release(toolbox, "run");
    validate.args(["--", "validate"]).args(own).args(passed_on);
    let mut build = release(toolbox, "build");
    step("building the validations", || build.run())?;
    step("validating", || validate.run())
}

/// Cargo, to do something to the tool in the release profile.
fn release(toolbox: &Toolbox, what: &str) -> Command {
    let mut cargo = toolbox.cargo();
    cargo.args([what, "--quiet", "--release"]);
    cargo.args(["--package", "splitbrain-cli", "--bin", "splitbrain"]);
    cargo
}
