//! The project's commands: `cargo xtask serve | build | test | lint | bench | validate`.
//!
//! Each command first sets up what it lacks, says what it does and why, and
//! keeps tools outside the checkout, by version. Nothing of the project is
//! linked here: the lessons and the catalogues are handled by the `splitbrain`
//! command-line tool, which these commands run.
//!
//! Code map
//! - `setup`: one tool a file, from the wasm target to Chromium
//! - `toolbox`: the tools found so far, and the environment children get
//! - `serve`, `build`, `test`, `lint`, `bench`, `validate`: one command a file
//! - `hook`: what Trunk runs after each build (packing lessons, `chunks`, `csp`)
//! - `sizes`, `first_load`: what a visitor downloads, and the budget

mod bench;
mod build;
mod chunks;
mod csp;
mod error;
mod first_load;
mod hook;
mod lint;
mod machine;
mod say;
mod serve;
mod setup;
mod short_names;
mod sizes;
mod tally;
mod test;
mod toolbox;
mod validate;

use error::{Error, Result};
use std::process::ExitCode;
use toolbox::Toolbox;

const HELP: &str = "\
Usage: cargo xtask COMMAND [OPTIONS] [-- ARGUMENTS OF THE TOOL IT RUNS]

  serve               the page, rebuilt at every change
  build               the release page in dist/, with sizes; fails over the budget
  test [PART] [--no-build]
                      every test, or one PART: native, wasm, lessons, e2e
                      (--no-build tests the dist/ that is already there)
  lint                formatting, clippy natively and for wasm, the page's HTML
  bench               speeds and sizes beside their targets
  validate [NAME…] [--histories N] [--json]
                      what was published and defined beside what is found, by
                      the million; fails where they differ
  setup               only get what the commands need

Each command sets up what it lacks. Tools are kept by version in
$SPLITBRAIN_TOOLS, else $XDG_CACHE_HOME/splitbrain/tools, else
~/.cache/splitbrain/tools.
";

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let command = arguments.next().unwrap_or_default();
    let (own, passed_on) = split_arguments(arguments.collect());
    let toolbox = &mut Toolbox::open()?;
    match command.as_str() {
        "serve" => serve::run(toolbox, &only(&own, &[])?, &passed_on),
        "build" => build::run(toolbox, &only(&own, &[])?, &passed_on),
        "test" => test::run(toolbox, &own, &passed_on),
        "lint" => lint::run(toolbox),
        "bench" => bench::run(toolbox, &passed_on),
        "validate" => validate::run(toolbox, &own, &passed_on),
        "setup" => setup::everything(toolbox),
        "post-build" => hook::run(toolbox),
        "help" | "--help" | "-h" => {
            print!("{HELP}");
            Ok(())
        }
        "" => Err(Error::Usage(format!("no command given\n\n{HELP}"))),
        other => Err(Error::Usage(format!("unknown command `{other}`\n\n{HELP}"))),
    }
}

/// Parts the command's own arguments from those after `--`.
fn split_arguments(mut all: Vec<String>) -> (Vec<String>, Vec<String>) {
    let Some(dashes) = all.iter().position(|a| a == "--") else {
        return (all, Vec::new());
    };
    let passed_on = all.split_off(dashes + 1);
    all.truncate(dashes);
    (all, passed_on)
}

/// The command's own arguments, if each of them is known.
fn only(own: &[String], known: &[&str]) -> Result<Vec<String>> {
    match own.iter().find(|a| !known.contains(&a.as_str())) {
        None => Ok(own.to_vec()),
        Some(unknown) => Err(Error::Usage(format!(
            "unknown argument `{unknown}` (arguments for the tool that runs go after `--`)"
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_after_two_dashes_are_passed_on() {
        let all = ["e2e", "--no-build", "--", "playground", "--", "x"];
        let (own, passed_on) = split_arguments(all.iter().map(ToString::to_string).collect());
        assert_eq!(own, ["e2e", "--no-build"]);
        assert_eq!(passed_on, ["playground", "--", "x"]);
    }

    #[test]
    fn an_unknown_argument_is_named() {
        let error = only(&["--quick".to_owned()], &[]).unwrap_err();
        assert!(error.to_string().contains("--quick"), "{error}");
    }
}
