//! The machine the commands run on: who runs them, what is on the PATH, and
//! whether anybody is there to answer a question.

use crate::error::{Error, Result};
use crate::say::say;
use std::io::{BufRead, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The file that running `name` would run.
pub(crate) fn which(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
}

/// Whether the commands run as root.
pub(crate) fn is_root() -> bool {
    Command::new("id")
        .arg("-u")
        .output()
        .is_ok_and(|out| out.stdout.trim_ascii() == b"0")
}

/// Whether somebody is there to answer.
fn is_interactive() -> bool {
    let ci = std::env::var_os("CI").is_some_and(|ci| !ci.is_empty() && ci != "false");
    !ci && std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

/// Runs a shell script as root. Where the commands do not run as root, asks
/// first, and refuses with the exact script where nobody can answer.
pub(crate) fn run_as_root(why: &str, script: &str) -> Result<()> {
    let mut shell = if is_root() {
        Command::new("sh")
    } else {
        ask_for_sudo(why, script)?;
        let mut sudo = Command::new("sudo");
        sudo.arg("sh");
        sudo
    };
    shell
        .arg("-euc")
        .arg(script)
        .env("DEBIAN_FRONTEND", "noninteractive");
    let status = shell.status().map_err(|source| Error::Start {
        command: "sudo sh".into(),
        source,
    })?;
    if status.success() {
        return Ok(());
    }
    Err(Error::Failed {
        command: script.trim().to_owned(),
        status: status.to_string(),
    })
}

fn ask_for_sudo(why: &str, script: &str) -> Result<()> {
    let remedy = || Error::Missing {
        what: format!("{why} needs root, and that was not granted"),
        remedy: format!("run this as root, then the same command again:\n{script}"),
    };
    if !is_interactive() || which("sudo").is_none() {
        return Err(remedy());
    }
    say(&format!(
        "{why} needs root. It would run with sudo:\n{script}"
    ));
    eprint!("Go ahead? [y/N] ");
    std::io::stderr().flush().ok();
    let mut answer = String::new();
    std::io::stdin().lock().read_line(&mut answer).ok();
    match answer.trim() {
        "y" | "Y" | "yes" => Ok(()),
        _ => Err(remedy()),
    }
}

/// Installs Debian packages. The list of packages is refreshed first, since on
/// a bare machine there is none; nothing installed is ever removed for them.
pub(crate) fn apt_install(why: &str, packages: &[&str]) -> Result<()> {
    let packages = packages.join(" ");
    if which("apt-get").is_none() {
        return Err(Error::Missing {
            what: format!("{why}: this machine has no apt-get to install {packages} with"),
            remedy: format!("  install the equivalents of these Debian packages: {packages}"),
        });
    }
    say(&format!("installing Debian packages ({why}): {packages}"));
    run_as_root(
        why,
        &format!(
            "apt-get update -q\n\
             apt-get install -q -y --no-remove --no-install-recommends {packages}\n"
        ),
    )
}

/// Creates a folder and those above it.
pub(crate) fn create_folder(path: &Path) -> Result<()> {
    std::fs::create_dir_all(path).map_err(Error::file("create the folder", path))
}

/// Removes a folder with all in it, if it is there.
pub(crate) fn remove_folder(path: &Path) -> Result<()> {
    if path.exists() {
        std::fs::remove_dir_all(path).map_err(Error::file("remove the folder", path))?;
    }
    Ok(())
}

/// Moves a finished folder to where it is looked for, in one step.
pub(crate) fn rename(from: &Path, to: &Path) -> Result<()> {
    remove_folder(to)?;
    std::fs::rename(from, to).map_err(Error::file("rename into place", from))
}

/// Reads a text file.
pub(crate) fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).map_err(Error::file("read", path))
}

/// Writes a text file.
pub(crate) fn write(path: &Path, text: &str) -> Result<()> {
    std::fs::write(path, text).map_err(Error::file("write", path))
}
