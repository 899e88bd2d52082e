//! `wasm-opt`, which makes the release page's wasm smaller. From npm, since
//! Debian's is too old to read what today's compilers write.

use super::npm;
use crate::error::{Error, Result};
use crate::machine::{create_folder, remove_folder, rename};
use crate::say::step;
use crate::toolbox::{Run, Toolbox};
use std::path::Path;
use std::process::Stdio;

const VERSION: &str = "132";

/// The oldest that reads today's modules with room to spare.
const OLDEST: u32 = 120;

pub(super) fn find_or_install(toolbox: &mut Toolbox) -> Result<()> {
    let place = toolbox.cache.join(format!("binaryen-{VERSION}"));
    let programs = place.join("node_modules/.bin");
    if !is_right(toolbox, &programs.join("wasm-opt")) {
        if is_right(toolbox, Path::new("wasm-opt")) {
            return Ok(());
        }
        install(toolbox, &place)?;
    }
    toolbox.add_to_path(programs);
    Ok(())
}

fn install(toolbox: &Toolbox, place: &Path) -> Result<()> {
    let partial = place.with_file_name(format!("binaryen-{VERSION}.partial"));
    remove_folder(&partial)?;
    create_folder(&partial)?;
    let mut npm = npm::npm(toolbox);
    npm.args(["install", "--no-package-lock", "--prefix"])
        .arg(&partial);
    npm.arg(format!("binaryen@{VERSION}"));
    let what = format!("installing wasm-opt of binaryen {VERSION} (it shrinks the page's wasm)");
    step(&what, || npm.run())?;
    rename(&partial, place)?;
    if is_right(toolbox, &place.join("node_modules/.bin/wasm-opt")) {
        return Ok(());
    }
    Err(Error::Missing {
        what: "binaryen was installed but its wasm-opt does not run".into(),
        remedy: format!("  install binaryen {OLDEST} or later, so that wasm-opt is on the PATH"),
    })
}

fn is_right(toolbox: &Toolbox, program: &Path) -> bool {
    let output = toolbox
        .command(program)
        .arg("--version")
        .stderr(Stdio::null())
        .output();
    output.is_ok_and(|output| {
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        output.status.success() && version(&text).is_some_and(|version| version >= OLDEST)
    })
}

/// The number in `wasm-opt version 132 (version_132)`.
fn version(text: &str) -> Option<u32> {
    text.split_whitespace().find_map(|word| word.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_the_number_it_prints() {
        assert_eq!(version("wasm-opt version 132 (version_132)\n"), Some(132));
        assert_eq!(version("wasm-opt\n"), None);
    }
}
