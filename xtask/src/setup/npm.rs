//! npm, and the packages of the end-to-end tests as their lock file has them.

use crate::error::Result;
use crate::machine::{read, write};
use crate::say::step;
use crate::toolbox::{Run, Toolbox};
use std::path::Path;
use std::process::Command;

/// The authorities that Debian and its kin trust, the machine's own among them.
const AUTHORITIES: &str = "/etc/ssl/certs/ca-certificates.crt";

/// npm without the talk that is of no use here.
pub(super) fn npm(toolbox: &Toolbox) -> Command {
    let mut npm = toolbox.command("npm");
    // A Node that is not the system's trusts only the authorities it was built
    // with, which is not enough behind a proxy with one of its own.
    let authorities = "NODE_EXTRA_CA_CERTS";
    if std::env::var_os(authorities).is_none() && Path::new(AUTHORITIES).is_file() {
        npm.env(authorities, AUTHORITIES);
    }
    npm.env("npm_config_audit", "false");
    npm.env("npm_config_fund", "false");
    npm.env("npm_config_update_notifier", "false");
    npm
}

/// Installs what `tests/package-lock.json` names, unless that is there already.
pub(crate) fn node_modules(toolbox: &mut Toolbox) -> Result<()> {
    let _lock = super::lock(toolbox)?;
    super::node::find_or_install(toolbox)?;
    let tests = toolbox.root.join("tests");
    let wanted = read(&tests.join("package-lock.json"))?;
    // Written when npm is through, so an interrupted installation has none.
    let marker = tests.join("node_modules/.installed-from");
    if read(&marker).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    let mut npm = npm(toolbox);
    npm.arg("ci").current_dir(&tests);
    step(
        "installing the packages of the end-to-end tests: npm ci in tests/",
        || npm.run(),
    )?;
    write(&marker, &wanted)
}
