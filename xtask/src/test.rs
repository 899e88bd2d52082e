//! `cargo xtask test`: natively, in Chromium, the lessons, and end to end
//! against the release page. Every part runs even if one before it is red.

use crate::error::{Error, Result};
use crate::hook::has_lessons;
use crate::machine::{create_folder, write};
use crate::say::{say, step};
use crate::setup::rust::WASM;
use crate::tally::{Tally, run_and_count};
use crate::toolbox::{Run, Toolbox, check};
use crate::{build, lint, setup, sizes};
use std::path::Path;

const NO_BUILD: &str = "--no-build";
const PARTS: [&str; 4] = ["native", "wasm", "lessons", "e2e"];

pub(crate) fn run(toolbox: &mut Toolbox, own: &[String], passed_on: &[String]) -> Result<()> {
    let known: Vec<&str> = PARTS.into_iter().chain([NO_BUILD]).collect();
    let own = crate::only(own, &known)?;
    let builds = !own.iter().any(|a| a == NO_BUILD);
    let chosen: Vec<&str> = PARTS
        .into_iter()
        .filter(|p| own.iter().any(|a| a == p))
        .collect();
    if chosen.len() != 1 && !passed_on.is_empty() {
        return Err(Error::Usage(format!(
            "arguments after `--` go to one runner, so name one part: {}",
            PARTS.join(", ")
        )));
    }
    setup::rust_for_wasm(toolbox)?;
    let mut red = Vec::new();
    for part in if chosen.is_empty() {
        PARTS.to_vec()
    } else {
        chosen
    } {
        let result = match part {
            "native" => native(toolbox, passed_on),
            "wasm" => wasm(toolbox, passed_on),
            "lessons" => lessons(toolbox, passed_on),
            _ => end_to_end(toolbox, builds, passed_on),
        };
        if let Err(error) = result {
            eprintln!("xtask: {part}: {error}");
            red.push(part);
        }
    }
    if red.is_empty() {
        return Ok(());
    }
    Err(Error::Verdict(format!("tests are red: {}", red.join(", "))))
}

fn native(toolbox: &Toolbox, passed_on: &[String]) -> Result<()> {
    let mut cargo = toolbox.cargo();
    cargo
        .args(["test", "--workspace", "--no-fail-fast", "--"])
        .args(passed_on);
    let (tally, status) = step("tests, natively", || run_and_count(&mut cargo))?;
    tally.print("native");
    check(&cargo, status)
}

/// Runs the integration tests that are written for the browser too: those named
/// `tests/wasm_*.rs` and `tests/both_*.rs`, in any crate.
fn wasm(toolbox: &mut Toolbox, passed_on: &[String]) -> Result<()> {
    let targets = browser_tests(&toolbox.root, &["wasm_", "both_"])?;
    if targets.is_empty() {
        say("no tests named tests/wasm_*.rs or tests/both_*.rs yet");
        Tally::default().print("wasm");
        return Ok(());
    }
    prepare_browser(toolbox)?;
    let mut cargo = toolbox.cargo();
    cargo.args(["test", "--target", WASM, "--no-fail-fast"]);
    for (package, test) in &targets {
        cargo.args(["--package", package, "--test", test]);
    }
    cargo.arg("--").args(passed_on);
    let (tally, status) = step("tests in Chromium", || run_and_count(&mut cargo))?;
    tally.print("wasm");
    check(&cargo, status)?;
    if tally.passed == 0 && passed_on.is_empty() {
        return Err(Error::Verdict(
            "no test ran in Chromium, though there are some".into(),
        ));
    }
    Ok(())
}

/// The test targets with these prefixes, as package and target name.
pub(crate) fn browser_tests(root: &Path, prefixes: &[&str]) -> Result<Vec<(String, String)>> {
    let crates = root.join("crates");
    let entries = std::fs::read_dir(&crates).map_err(Error::file("list", &crates))?;
    let mut places: Vec<(String, std::path::PathBuf)> = entries
        .flatten()
        .map(|entry| {
            let name = entry.file_name().to_string_lossy().into_owned();
            (format!("splitbrain-{name}"), entry.path().join("tests"))
        })
        .collect();
    places.push(("splitbrain-page".into(), root.join("tests")));
    let mut found = Vec::new();
    for (package, folder) in places {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let file = entry.file_name().to_string_lossy().into_owned();
            if let Some(name) = file.strip_suffix(".rs")
                && prefixes.iter().any(|prefix| name.starts_with(prefix))
            {
                found.push((package.clone(), name.to_owned()));
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Finds the browser and tells wasm-bindgen's runner how to start it.
pub(crate) fn prepare_browser(toolbox: &mut Toolbox) -> Result<()> {
    setup::wasm_test_runner(toolbox)?;
    let chromium = setup::chromium(toolbox)?;
    let folder = toolbox.target().join("xtask");
    create_folder(&folder)?;
    let capabilities = folder.join("webdriver.json");
    write(&capabilities, &webdriver_capabilities(&chromium.browser))?;
    toolbox.set("WASM_BINDGEN_TEST_WEBDRIVER_JSON", capabilities);
    toolbox.set("WASM_BINDGEN_TEST_TIMEOUT", "300");
    toolbox.set("CHROMEDRIVER", chromium.driver);
    let runner = "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER";
    toolbox.set(runner, "wasm-bindgen-test-runner");
    Ok(())
}

/// The flags that Chromium needs where it runs as root and without a screen.
fn webdriver_capabilities(browser: &Path) -> String {
    let browser = browser.to_string_lossy().replace('\\', "\\\\");
    format!(
        r#"{{
  "goog:chromeOptions": {{
    "binary": "{browser}",
    "args": [
      "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
      "--disable-background-networking", "--disable-component-update", "--disable-sync",
      "--disable-dev-shm-usage"
    ]
  }}
}}
"#
    )
}

/// Proves of every lesson that it can be solved and does not start solved.
fn lessons(toolbox: &Toolbox, passed_on: &[String]) -> Result<()> {
    if !has_lessons(toolbox)? {
        say("no lessons yet");
        return Ok(());
    }
    let mut lint = toolbox.splitbrain();
    lint.args(["lint", "lessons"]).args(passed_on);
    step("the lessons: splitbrain lint lessons/", || lint.run())
}

/// Playwright against the release page; the files in `tests/e2e` say what.
fn end_to_end(toolbox: &mut Toolbox, builds: bool, passed_on: &[String]) -> Result<()> {
    let dist = toolbox.root.join("dist");
    if builds || !dist.join("index.html").is_file() {
        build::release_page(toolbox, &[])?;
        sizes::report_and_check(&dist)?;
    }
    lint::html(toolbox)?;
    let chromium = setup::chromium(toolbox)?;
    let mut node = toolbox.command("node");
    node.arg("tests/e2e/run.mjs").args(passed_on);
    node.env("SPLITBRAIN_CHROMIUM", &chromium.browser);
    node.env("SPLITBRAIN_DIST", &dist);
    step("end to end, in Chromium, against the release page", || {
        node.run()
    })
}
