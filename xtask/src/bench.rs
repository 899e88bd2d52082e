//! `cargo xtask bench`
use crate::error::Result;
use crate::toolbox::Toolbox;
pub(crate) fn run(_toolbox: &mut Toolbox, _passed_on: &[String]) -> Result<()> {
    let _ = crate::sizes::first_load;
    Ok(())
}
