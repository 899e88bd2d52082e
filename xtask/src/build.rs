//! `cargo xtask build`: the release page in `dist/`, and what it weighs.

use crate::error::Result;
use crate::say::{say, step};
use crate::toolbox::{Run, Toolbox};
use crate::{setup, sizes};
use std::path::PathBuf;
use std::process::Command;

pub(crate) fn run(toolbox: &mut Toolbox, _own: &[String], passed_on: &[String]) -> Result<()> {
    let dist = release_page(toolbox, passed_on)?;
    sizes::report_and_check(&dist)
}

/// Builds the release page and returns the folder it is in.
pub(crate) fn release_page(toolbox: &mut Toolbox, passed_on: &[String]) -> Result<PathBuf> {
    setup::page_tools(toolbox)?;
    let mut trunk = trunk(toolbox);
    trunk.args(["build", "--release"]).args(passed_on);
    step("building the release page: trunk build --release", || {
        trunk.run()
    })?;
    let dist = toolbox.root.join("dist");
    say(&format!("the release page is in {}", dist.display()));
    Ok(dist)
}

/// Trunk, which reads `NO_COLOR` as true or false and dies of the usual `1`.
pub(crate) fn trunk(toolbox: &Toolbox) -> Command {
    let mut trunk = toolbox.command("trunk");
    if std::env::var_os("NO_COLOR").is_some() {
        trunk.env("NO_COLOR", "true");
    }
    trunk
}
