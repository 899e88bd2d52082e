//! `cargo xtask serve`: the page at an address of this machine, rebuilt at
//! every change.

use crate::build::trunk;
use crate::error::Result;
use crate::say::say;
use crate::setup;
use crate::toolbox::{Run, Toolbox};

pub(crate) fn run(toolbox: &mut Toolbox, _own: &[String], passed_on: &[String]) -> Result<()> {
    setup::page_tools(toolbox)?;
    say(
        "starting `trunk serve`: it prints the address and rebuilds at every change; Ctrl-C ends it",
    );
    trunk(toolbox).arg("serve").args(passed_on).run()
}
