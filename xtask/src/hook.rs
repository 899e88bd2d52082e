//! What Trunk runs after each build, before the page is in its place: packs the
//! lessons and the word catalogues, and writes the content security policy.
//!
//! Everything goes into Trunk's staging folder; nothing is written into a
//! folder that `trunk serve` watches, or it would build for ever.

use crate::error::{Error, Result};
use crate::machine::{create_folder, read, write};
use crate::say::say;
use crate::toolbox::{Run, Toolbox};
use crate::{csp, sizes};
use std::path::{Path, PathBuf};

pub(crate) fn run(toolbox: &Toolbox) -> Result<()> {
    let staging = std::env::var_os("TRUNK_STAGING_DIR").ok_or_else(|| {
        Error::Usage("post-build is run by Trunk, which sets TRUNK_STAGING_DIR".into())
    })?;
    let staging = PathBuf::from(staging);
    pack_lessons(toolbox, &staging)?;
    write_policy(&staging.join("index.html"))
}

/// Whether any lesson is there yet.
pub(crate) fn has_lessons(toolbox: &Toolbox) -> Result<bool> {
    let lessons = toolbox.root.join("lessons");
    if !lessons.is_dir() {
        return Ok(false);
    }
    let files = sizes::files_below(&lessons)?;
    Ok(files.iter().any(|file| file.ends_with("lesson.toml")))
}

/// `lessons/*.json`, which the page fetches when a lesson is opened.
fn pack_lessons(toolbox: &Toolbox, staging: &Path) -> Result<()> {
    if !has_lessons(toolbox)? {
        say("no lessons to pack");
        return Ok(());
    }
    let out = staging.join("lessons");
    create_folder(&out)?;
    toolbox
        .splitbrain()
        .args(["pack", "lessons", "--out"])
        .arg(&out)
        .run()
}

fn write_policy(page: &Path) -> Result<()> {
    let html = csp::insert(&read(page)?).ok_or_else(|| {
        Error::Verdict(format!(
            "{}: no <head> to put the content security policy into",
            page.display()
        ))
    })?;
    write(page, &html)
}
