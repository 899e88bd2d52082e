//! The wasm target: `rustup target add` where rustup reaches its server, else
//! Debian's toolchain with the standard library built from its own source.

use super::debian;
use super::rust::{Rust, WASM};
use crate::error::{Error, Result};
use crate::machine::{create_folder, read, which, write};
use crate::say::{say, step};
use crate::toolbox::{Run, Toolbox};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Stdio;

/// The toolchain that compiles for the browser on this machine.
pub(super) fn find_or_install(toolbox: &Toolbox) -> Result<Rust> {
    let inherited = Rust::inherited();
    if works(toolbox, &inherited)? {
        return Ok(inherited);
    }
    let has_rustup = which("rustup").is_some();
    let debian = Rust::debian(has_rustup);
    if debian::is_linked(toolbox, has_rustup) && works(toolbox, &debian)? {
        return Ok(debian);
    }
    if has_rustup && rustup_target_add(toolbox) && works(toolbox, &inherited)? {
        return Ok(inherited);
    }
    if which("apt-get").is_none() {
        return Err(nothing_works(toolbox));
    }
    say("rustup cannot give the wasm target here, so it comes from Debian's packages");
    debian::install(toolbox, has_rustup)?;
    if works(toolbox, &debian)? {
        return Ok(debian);
    }
    Err(nothing_works(toolbox))
}

fn rustup_target_add(toolbox: &Toolbox) -> bool {
    let mut rustup = toolbox.command("rustup");
    rustup.args(["target", "add", WASM]);
    let what = format!("adding the target of the page: rustup target add {WASM}");
    step(&what, || rustup.run().is_ok())
}

fn nothing_works(toolbox: &Toolbox) -> Error {
    Error::Missing {
        what: format!("no Rust toolchain here can compile for {WASM}"),
        remedy: format!(
            "  either  rustup target add {WASM}\n  \
             or, on Debian 12 or later, run as root\n{}\n  \
             and then the same command again; it builds the standard library for wasm in {}",
            debian::PACKAGES_BY_HAND,
            toolbox.cache.display()
        ),
    }
}

/// Whether this toolchain makes working wasm. A toolchain that once did is not
/// asked again until its version or its library folder changes.
pub(super) fn works(toolbox: &Toolbox, rust: &Rust) -> Result<bool> {
    let Some(library) = library_folder(toolbox, rust) else {
        return Ok(false);
    };
    if !has_std(&library) {
        return Ok(false);
    }
    let version = version(toolbox, rust);
    let seen = format!("{}\n{version}", library.display());
    let markers = toolbox.cache.join("wasm-std");
    let marker = markers.join(release(&version));
    if read(&marker).is_ok_and(|marked| marked == seen) {
        return Ok(true);
    }
    if !compiles(toolbox, rust)? {
        return Ok(false);
    }
    create_folder(&markers)?;
    write(&marker, &seen)?;
    Ok(true)
}

/// What `rustc -vV` says, or nothing if there is no such rustc.
pub(super) fn version(toolbox: &Toolbox, rust: &Rust) -> String {
    let mut rustc = toolbox.command(&rust.rustc);
    rust.choose_for(&mut rustc);
    rustc.arg("-vV").stderr(Stdio::null()).output().map_or_else(
        |_| String::new(),
        |output| String::from_utf8_lossy(&output.stdout).into_owned(),
    )
}

/// The value of one line of `rustc -vV`.
pub(super) fn field<'a>(version: &'a str, name: &str) -> Option<&'a str> {
    version
        .lines()
        .find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
}

/// A file name for a version: its release and where it comes from.
fn release(version: &str) -> String {
    let first = version.lines().next().unwrap_or("unknown");
    first
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || c == '.' {
                c
            } else {
                '-'
            }
        })
        .collect()
}

/// Where the toolchain looks for the standard library for wasm.
pub(super) fn library_folder(toolbox: &Toolbox, rust: &Rust) -> Option<PathBuf> {
    let mut rustc = toolbox.command(&rust.rustc);
    rust.choose_for(&mut rustc);
    rustc.args(["--print", "target-libdir", "--target", WASM]);
    let output = rustc.stderr(Stdio::null()).output().ok()?;
    let folder = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    (output.status.success() && !folder.is_empty()).then(|| folder.into())
}

fn has_std(library: &Path) -> bool {
    std::fs::read_dir(library).is_ok_and(|files| {
        files
            .flatten()
            .any(|file| file.file_name().to_string_lossy().starts_with("libstd-"))
    })
}

/// Links a program with std and test, with LTO as in the release page: a
/// library of another compiler, a half-copied one, one without bitcode and a
/// missing linker all show here.
fn compiles(toolbox: &Toolbox, rust: &Rust) -> Result<bool> {
    let folder = toolbox.target().join("xtask");
    create_folder(&folder)?;
    let mut rustc = toolbox.command(&rust.rustc);
    rust.choose_for(&mut rustc);
    rustc.args([
        "--test",
        "--target",
        WASM,
        "--crate-name",
        "probe",
        "-Clto=fat",
        "-o",
    ]);
    rustc.arg(folder.join("probe.wasm")).arg("-");
    rustc
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let start = |source| Error::Start {
        command: "rustc".into(),
        source,
    };
    let mut child = rustc.spawn().map_err(start)?;
    if let Some(mut stdin) = child.stdin.take() {
        // A compiler that ends before it reads shows in its status.
        stdin.write_all(b"fn main() { println!(\"probe\"); }").ok();
    }
    Ok(child.wait().map_err(start)?.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    const VERSION: &str = "rustc 1.96.0 (ac68faa20 2026-05-25) (built from a source tarball)\n\
                           release: 1.96.0\nLLVM version: 22.1.8\n";

    #[test]
    fn a_version_becomes_a_file_name() {
        assert!(release(VERSION).starts_with("rustc-1.96.0--ac68faa20-2026-05-25-"));
    }

    #[test]
    fn fields_of_a_version_are_found_by_name() {
        assert_eq!(field(VERSION, "LLVM version"), Some("22.1.8"));
        assert_eq!(field(VERSION, "host"), None);
    }
}
