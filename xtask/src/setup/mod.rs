//! Getting what a command needs, one tool a file.
//!
//! Each file finds its tool or installs it, says what it does and why, and
//! where no way works says what to install by hand. Everything may be
//! interrupted at any moment and run again: a tool is built in a folder beside
//! its place and renamed into place when it is whole.

mod chromium;
mod crate_tool;
mod debian;
mod node;
mod npm;
pub(crate) mod rust;
mod rustfmt;
mod trunk;
mod wasm_bindgen;
mod wasm_opt;
mod wasm_target;

use crate::error::{Error, Result};
use crate::say::say;
use crate::toolbox::Toolbox;
use std::fs::{File, TryLockError};

pub(crate) use chromium::chromium;
pub(crate) use npm::node_modules;
pub(crate) use rustfmt::rustfmt;

/// What any command needs that compiles for the browser.
pub(crate) fn rust_for_wasm(toolbox: &mut Toolbox) -> Result<()> {
    if toolbox.rust.is_some() {
        return Ok(());
    }
    let _lock = lock(toolbox)?;
    let rust = wasm_target::find_or_install(toolbox)?;
    say(&format!("Rust: {}", rust.told));
    toolbox.rust = Some(rust);
    Ok(())
}

/// What `trunk build` needs.
pub(crate) fn page_tools(toolbox: &mut Toolbox) -> Result<()> {
    rust_for_wasm(toolbox)?;
    let _lock = lock(toolbox)?;
    trunk::find_or_install(toolbox)?;
    wasm_bindgen::find_or_install(toolbox)?;
    node::find_or_install(toolbox)?;
    wasm_opt::find_or_install(toolbox)
}

/// What cutting the page into chunks needs.
pub(crate) fn chunk_tools(toolbox: &mut Toolbox) -> Result<()> {
    let _lock = lock(toolbox)?;
    wasm_bindgen::find_or_install(toolbox)?;
    node::find_or_install(toolbox)?;
    wasm_opt::find_or_install(toolbox)
}

/// What the tests of wasm in a browser need, beside the browser.
pub(crate) fn wasm_test_runner(toolbox: &mut Toolbox) -> Result<()> {
    rust_for_wasm(toolbox)?;
    let _lock = lock(toolbox)?;
    wasm_bindgen::find_or_install(toolbox)
}

/// Everything that any command needs.
pub(crate) fn everything(toolbox: &mut Toolbox) -> Result<()> {
    page_tools(toolbox)?;
    node_modules(toolbox)?;
    let chromium = chromium(toolbox)?;
    say(&format!("Chromium: {}", chromium.browser.display()));
    // Needed only by `lint`, and the one thing that Debian alone cannot give.
    match rustfmt(toolbox) {
        Ok(_) => say("everything is set up"),
        Err(error) => say(&format!("set up, but for rustfmt: {error}")),
    }
    Ok(())
}

/// Holds other `xtask`s off the tool cache. Released when the process ends,
/// however it ends.
fn lock(toolbox: &Toolbox) -> Result<File> {
    let path = toolbox.cache.join(".lock");
    let file = File::create(&path).map_err(Error::file("create", &path))?;
    match file.try_lock() {
        Ok(()) => return Ok(file),
        Err(TryLockError::WouldBlock) => say("waiting: another xtask is setting tools up"),
        Err(TryLockError::Error(source)) => return Err(Error::file("lock", &path)(source)),
    }
    file.lock().map_err(Error::file("lock", &path))?;
    Ok(file)
}
