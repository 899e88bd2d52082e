//! What Trunk runs after each build, before the page is in its place: packs the
//! lessons and the word catalogues, cuts a release into chunks, and writes the
//! content security policy.
//!
//! Everything goes into Trunk's staging folder; nothing is written into a
//! folder that `trunk serve` watches, or it would build for ever.

use crate::error::{Error, Result};
use crate::machine::{create_folder, read, write};
use crate::say::say;
use crate::toolbox::{Run, Toolbox};
use crate::{chunks, csp, sizes};
use std::path::{Path, PathBuf};

/// The language that is compiled into the page.
const BUILT_IN_LANGUAGE: &str = "en";

pub(crate) fn run(toolbox: &mut Toolbox) -> Result<()> {
    let staging = std::env::var_os("TRUNK_STAGING_DIR").ok_or_else(|| {
        Error::Usage("post-build is run by Trunk, which sets TRUNK_STAGING_DIR".into())
    })?;
    let staging = PathBuf::from(staging);
    pack_lessons(toolbox, &staging)?;
    copy_words(toolbox, &staging)?;
    chunks::cut(toolbox, &staging)?;
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
        .run()?;
    if sizes::files_below(&out)?.is_empty() {
        return Err(Error::Verdict(
            "`splitbrain pack lessons` succeeded and wrote no lesson".into(),
        ));
    }
    Ok(())
}

/// `words/LANGUAGE.txt`, which the page fetches for any language but English,
/// which it has in itself. Under `.txt` hosts compress it and name its type.
fn copy_words(toolbox: &Toolbox, staging: &Path) -> Result<()> {
    let catalogues = toolbox.root.join("crates/words/catalog");
    let out = staging.join("words");
    create_folder(&out)?;
    for file in sizes::files_below(&catalogues)? {
        let is_catalogue = file.extension().is_some_and(|ending| ending == "words");
        let language = file.file_stem().unwrap_or_default();
        // `en.judge` is in the module too, in a chunk.
        let is_built_in = language
            .to_string_lossy()
            .split('.')
            .next()
            .is_some_and(|language| language == BUILT_IN_LANGUAGE);
        if is_catalogue && !is_built_in {
            write(&out.join(language).with_extension("txt"), &read(&file)?)?;
        }
    }
    Ok(())
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
