//! `cargo xtask lint`: formatting, clippy natively and for wasm with warnings as
//! errors, and the HTML of the built page.

use crate::error::{Error, Result};
use crate::say::step;
use crate::setup;
use crate::setup::rust::WASM;
use crate::toolbox::{Run, Toolbox};

/// What is compiled for the browser.
const WASM_PACKAGES: [&str; 6] = [
    "splitbrain-page",
    "splitbrain-engine",
    "splitbrain-checker",
    "splitbrain-lesson",
    "splitbrain-words",
    "splitbrain-peers",
];

pub(crate) fn run(toolbox: &mut Toolbox) -> Result<()> {
    setup::rust_for_wasm(toolbox)?;
    let mut red = Vec::new();
    let mut check = |name: &'static str, result: Result<()>| {
        if let Err(error) = result {
            eprintln!("xtask: {error}");
            red.push(name);
        }
    };
    check(
        "formatting (repair with cargo fmt)",
        step("cargo fmt --check", || {
            setup::rustfmt(toolbox)?.args(["--all", "--check"]).run()
        }),
    );
    check(
        "clippy",
        step("clippy, natively", || clippy(toolbox, &["--workspace"])),
    );
    check(
        "clippy for wasm",
        step("clippy, for wasm", || {
            let packages = WASM_PACKAGES
                .iter()
                .flat_map(|package| ["--package", package]);
            let arguments: Vec<&str> = packages.chain(["--target", WASM]).collect();
            clippy(toolbox, &arguments)
        }),
    );
    if toolbox.root.join("dist/index.html").is_file() {
        check("the page's HTML", html(toolbox));
    }
    if red.is_empty() {
        println!("lint: formatting, clippy natively and for wasm, HTML: all green");
        return Ok(());
    }
    Err(Error::Verdict(format!("lint is red: {}", red.join(", "))))
}

fn clippy(toolbox: &Toolbox, which: &[&str]) -> Result<()> {
    let mut cargo = toolbox.cargo();
    cargo.arg("clippy").args(which);
    cargo.args(["--all-targets", "--quiet", "--", "--deny", "warnings"]);
    cargo.run()
}

/// The page as Trunk built it last.
pub(crate) fn html(toolbox: &mut Toolbox) -> Result<()> {
    setup::node_modules(toolbox)?;
    let mut lint = toolbox.command("tests/node_modules/.bin/html-validate");
    lint.args(["--config", "tests/htmlvalidate.json", "dist/index.html"]);
    step("html-validate on dist/index.html", || lint.run())
}
