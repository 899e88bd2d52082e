//! Chromium with its driver, for the tests in a browser.

use crate::error::{Error, Result};
use crate::machine::{apt_install, which};
use crate::toolbox::Toolbox;
use std::path::PathBuf;

/// Under which names it is installed, most likely first.
const BROWSERS: [&str; 4] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
];
const DRIVER: &str = "chromedriver";

/// A browser and the driver that belongs to it.
pub(crate) struct Chromium {
    pub(crate) browser: PathBuf,
    pub(crate) driver: PathBuf,
}

/// Finds Chromium and its driver, or installs Debian's.
pub(crate) fn chromium(toolbox: &Toolbox) -> Result<Chromium> {
    if let Some(found) = find() {
        return Ok(found);
    }
    let _lock = super::lock(toolbox)?;
    apt_install(
        "the browser that the tests run in",
        &["chromium", "chromium-driver"],
    )?;
    find().ok_or_else(|| Error::Missing {
        what: format!("no Chromium with {DRIVER} here, though apt-get succeeded"),
        remedy: format!(
            "  install Chromium or Chrome and the {DRIVER} of the same version, and put both on \
             the PATH\n  (or name the files in SPLITBRAIN_CHROMIUM and CHROMEDRIVER)"
        ),
    })
}

fn find() -> Option<Chromium> {
    Some(Chromium {
        browser: named("SPLITBRAIN_CHROMIUM")
            .or_else(|| BROWSERS.iter().find_map(|name| which(name)))?,
        driver: named("CHROMEDRIVER").or_else(|| which(DRIVER))?,
    })
}

fn named(variable: &str) -> Option<PathBuf> {
    std::env::var_os(variable)
        .map(PathBuf::from)
        .filter(|file| file.is_file())
}
