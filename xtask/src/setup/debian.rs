//! Rust for wasm from Debian's packages alone.
//!
//! `rustc-web` is a whole toolchain in `/usr` with its own source and linker.
//! Its standard library for wasm is not packaged, so it is built once from that
//! source and copied to where rustc looks for it. rustup's toolchains stay as
//! they are; Debian's is linked beside them.

use super::rust::{DEBIAN_TOOLCHAIN, Rust, WASM};
use super::wasm_target::{field, library_folder, version, works};
use crate::error::{Error, Result};
use crate::machine::{apt_install, create_folder, remove_folder, run_as_root, which, write};
use crate::say::{say, step};
use crate::toolbox::{Run, Toolbox};
use std::path::{Path, PathBuf};

/// One toolchain; `rust-web-clippy` is its clippy. `lld-NN` is chosen when the
/// version of LLVM is known.
const PACKAGES: [&str; 5] = [
    "rustc-web",
    "cargo-web",
    "rust-web-src",
    "rust-web-llvm",
    "rust-web-clippy",
];

/// The same for somebody who has to type it.
pub(super) const PACKAGES_BY_HAND: &str = "          apt-get install --no-install-recommends \
    rustc-web cargo-web rust-web-src rust-web-llvm rust-web-clippy lld-NN\n          \
    (NN: the major LLVM version that /usr/bin/rustc -vV prints)";

/// Whether the toolchain is in `/usr` and, with rustup, known to it.
pub(super) fn is_linked(toolbox: &Toolbox, has_rustup: bool) -> bool {
    is_installed() && (!has_rustup || is_known_to_rustup(toolbox))
}

fn is_installed() -> bool {
    Path::new("/usr/bin/rustc").is_file() && Path::new("/usr/bin/cargo").is_file()
}

fn is_known_to_rustup(toolbox: &Toolbox) -> bool {
    let mut rustc = toolbox.command("rustc");
    rustc.env("RUSTUP_TOOLCHAIN", DEBIAN_TOOLCHAIN).arg("-vV");
    rustc.succeeds()
}

/// Installs what is missing, from the packages to the link, in steps that each
/// leave something a second run can go on from.
pub(super) fn install(toolbox: &Toolbox, has_rustup: bool) -> Result<()> {
    let by_path = Rust::debian(false);
    let why = "a Rust toolchain that compiles for wasm";
    if !has_source() || which("cargo-clippy").is_none() {
        apt_install(why, &PACKAGES)?;
    }
    let linker = linker_package(&version(toolbox, &by_path))?;
    if !is_package_installed(toolbox, &linker) {
        apt_install(why, &[&linker])?;
    }
    if !works(toolbox, &by_path)? {
        let built = build_std(toolbox, &by_path)?;
        copy_std(toolbox, &by_path, &built)?;
    }
    if has_rustup && !is_known_to_rustup(toolbox) {
        say(&format!("telling rustup of it as `{DEBIAN_TOOLCHAIN}`"));
        let mut rustup = toolbox.command("rustup");
        rustup
            .args(["toolchain", "link", DEBIAN_TOOLCHAIN, "/usr"])
            .run()?;
    }
    Ok(())
}

fn has_source() -> bool {
    is_installed() && Path::new("/usr/lib/rustlib/src/rust/library/std/Cargo.toml").is_file()
}

/// `rust-lld` of the toolchain is a link to this package's linker.
fn linker_package(version: &str) -> Result<String> {
    let llvm = field(version, "LLVM version").and_then(|v| v.split('.').next());
    llvm.map(|major| format!("lld-{major}"))
        .ok_or_else(|| Error::Missing {
            what: "/usr/bin/rustc does not say which LLVM it is built with".into(),
            remedy: format!("  run as root\n{PACKAGES_BY_HAND}"),
        })
}

fn is_package_installed(toolbox: &Toolbox, package: &str) -> bool {
    toolbox.command("dpkg").args(["-s", package]).succeeds()
}

/// Builds std for wasm as a dependency of an empty crate; returns the folder
/// with the libraries. Interrupted, the next run goes on where it stopped.
fn build_std(toolbox: &Toolbox, rust: &Rust) -> Result<PathBuf> {
    let folder = toolbox.cache.join("wasm-std-build");
    create_folder(&folder.join("src"))?;
    let manifest = "[package]\nname = \"empty\"\nversion = \"0.0.0\"\nedition = \"2021\"\n\n\
                    [workspace]\n";
    write(&folder.join("Cargo.toml"), manifest)?;
    write(&folder.join("src/lib.rs"), "")?;
    let target = folder.join("target");
    let mut cargo = toolbox.command(&rust.cargo);
    rust.choose_for(&mut cargo);
    cargo.current_dir(&folder);
    cargo.args(["build", "--release", "--target", WASM]);
    cargo.args(["-Z", "build-std=std,panic_abort,test"]);
    // Bitcode, or a build with LTO ends with "Can't find section .llvmbc".
    cargo
        .env("RUSTC_BOOTSTRAP", "1")
        .env("RUSTFLAGS", "-Cembed-bitcode=yes");
    cargo
        .env("CARGO", &rust.cargo)
        .env("CARGO_TARGET_DIR", &target);
    step(
        "building the standard library for wasm from Debian's source",
        || cargo.run(),
    )?;
    Ok(target.join(WASM).join("release/deps"))
}

/// Copies the libraries beside their place and renames them into it, so that
/// rustc never sees half of them.
fn copy_std(toolbox: &Toolbox, rust: &Rust, built: &Path) -> Result<()> {
    let library = library_folder(toolbox, rust).ok_or_else(|| Error::Missing {
        what: "/usr/bin/rustc does not say where its libraries for wasm belong".into(),
        remedy: format!("  run as root\n{PACKAGES_BY_HAND}"),
    })?;
    let (library, built_shown) = (library.display(), built.display());
    run_as_root(
        "putting the standard library for wasm where rustc looks for it",
        &format!(
            "rm -rf '{library}.partial'\n\
             mkdir -p '{library}.partial'\n\
             cp '{built_shown}'/*.rlib '{library}.partial/'\n\
             rm -f '{library}.partial'/libempty-*.rlib\n\
             rm -rf '{library}'\n\
             mv '{library}.partial' '{library}'\n"
        ),
    )?;
    remove_folder(&toolbox.cache.join("wasm-std-build"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_linker_follows_the_version_of_llvm() {
        let package = linker_package("rustc 1.96.0\nLLVM version: 22.1.8\n");
        assert_eq!(package.ok().as_deref(), Some("lld-22"));
    }
}
