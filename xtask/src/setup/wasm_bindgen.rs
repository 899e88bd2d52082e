//! The command-line half of wasm-bindgen, with its test runner. Its version
//! must be that of the crate in the lock file, to the last digit.

use super::crate_tool::CrateTool;
use crate::error::{Error, Result};
use crate::machine::read;
use crate::toolbox::Toolbox;

pub(super) fn find_or_install(toolbox: &mut Toolbox) -> Result<()> {
    let lock_file = toolbox.root.join("Cargo.lock");
    let version = locked_version(&read(&lock_file)?).ok_or_else(|| Error::Missing {
        what: format!("{} has no wasm-bindgen", lock_file.display()),
        remedy: "  cargo generate-lockfile, with wasm-bindgen among the page's dependencies".into(),
    })?;
    let tool = CrateTool {
        package: "wasm-bindgen-cli",
        program: "wasm-bindgen",
        version: &version,
        features: None,
        why: "it joins wasm and JavaScript, and must equal the crate in Cargo.lock",
    };
    if let Some(programs) = tool.find_or_install(toolbox)? {
        toolbox.add_to_path(programs);
    }
    Ok(())
}

/// The version of the crate in a lock file.
fn locked_version(lock: &str) -> Option<String> {
    let mut lines = lock.lines();
    lines.find(|line| *line == "name = \"wasm-bindgen\"")?;
    let version = lines.next()?.strip_prefix("version = \"")?;
    Some(version.strip_suffix('"')?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_that_of_the_crate_itself() {
        let lock = "[[package]]\nname = \"wasm-bindgen-macro\"\nversion = \"0.1.0\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.129\"\n";
        assert_eq!(locked_version(lock).as_deref(), Some("0.2.129"));
        assert_eq!(locked_version("[[package]]\n"), None);
    }
}
