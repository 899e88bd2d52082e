//! Cuts the page's module into the first load and its chunks; see `src/chunk.rs`.
//!
//! Trunk has no step for it: by the time its hook runs, wasm-bindgen has thrown the
//! linker's relocations away, and those tell which code and data a chunk needs alone.
//! So the hook takes the linked module afresh, cuts it, runs wasm-bindgen on the first
//! part and wasm-opt on all, and puts them where Trunk had put the whole.

use crate::error::{Error, Result};
use crate::machine::{create_folder, read, remove_folder, rename, write};
use crate::say::{say, step};
use crate::setup;
use crate::setup::rust::WASM;
use crate::short_names;
use crate::toolbox::{Run, Toolbox};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use sha2::{Digest, Sha256, Sha384};
use std::path::{Path, PathBuf};

/// The binary of the page and the cargo profile of its release, as in `index.html`.
const BINARY: &str = "splitbrain-page";
const PROFILE: &str = "web";

/// No `--all-features`: what comes of it is dead in the browser. The memory that Rust
/// gets from its linker has nothing below 1 kB, and is zero where nothing was put.
const OPTIMISE: [&str; 5] = [
    "-Oz",
    "--low-memory-unused",
    "--zero-filled-memory",
    "--strip-debug",
    "--strip-producers",
];

/// What the file that fetches chunks is called, before Trunk's hash of the module.
pub(crate) const LOADER: &str = "chunks-";

/// Cuts the page that Trunk has just built, if it is a release.
pub(crate) fn cut(toolbox: &mut Toolbox, staging: &Path) -> Result<()> {
    if std::env::var("TRUNK_PROFILE").as_deref() != Ok("release") {
        return Ok(());
    }
    setup::chunk_tools(toolbox)?;
    step("cutting the page into chunks, and optimising them", || {
        cut_module(toolbox, staging)
    })
}

fn cut_module(toolbox: &Toolbox, staging: &Path) -> Result<()> {
    let page = staging.join("index.html");
    let html = read(&page)?;
    let hash = hash_in(&html)
        .ok_or_else(|| Error::Verdict(format!("{}: it loads no {BINARY}", page.display())))?;
    let folder = toolbox.target().join("chunks");
    remove_folder(&folder)?;
    create_folder(&folder)?;
    let loader = format!("{LOADER}{hash}.js");
    let main = folder.join("main.wasm");
    let chunks = transform(toolbox, &folder, &main, &loader, &hash)?;

    let out_name = format!("{BINARY}-{hash}");
    let mut bindgen = toolbox.command("wasm-bindgen");
    // Chunks take the table of functions from the module that was there before them.
    bindgen.args(["--target", "web", "--no-typescript", "--keep-lld-exports"]);
    bindgen.args(["--out-name", &out_name]);
    bindgen.arg("--out-dir").arg(staging).arg(&main).run()?;
    let module = staging.join(format!("{out_name}_bg.wasm"));
    optimise(toolbox, &module)?;
    shorten_names(&module, &staging.join(format!("{out_name}.js")))?;

    let mut script = read(&folder.join(&loader))?;
    for chunk in chunks {
        optimise(toolbox, &chunk)?;
        let (old, new) = names(&chunk)?;
        script = replace(&script, &format!("\"./{old}\""), &format!("\"./{new}\""))?;
        rename(&chunk, &staging.join(new))?;
    }
    write(&staging.join(&loader), &script)?;
    write(&page, &with_integrity(&html, staging, &out_name, &loader)?)
}

/// Trunk's hash of the module, as it stands in the page's HTML.
fn hash_in(html: &str) -> Option<String> {
    let (_, rest) = html.split_once(&format!("./{BINARY}-"))?;
    let (hash, _) = rest.split_once(".js")?;
    hash.bytes()
        .all(|byte| byte.is_ascii_hexdigit())
        .then(|| hash.to_owned())
}

/// Cuts the linked module; returns the files of the chunks.
fn transform(
    toolbox: &Toolbox,
    folder: &Path,
    main: &Path,
    loader: &str,
    hash: &str,
) -> Result<Vec<PathBuf>> {
    let linked = toolbox
        .target()
        .join(WASM)
        .join(PROFILE)
        .join(format!("{BINARY}.wasm"));
    let bytes = std::fs::read(&linked).map_err(Error::file("read", &linked))?;
    let link_name = format!("./{loader}");
    let main_module = format!("./{BINARY}-{hash}.js");
    let mut options = wasm_split_cli_support::Options::new(&bytes);
    options.output_dir = folder;
    options.main_out_path = main;
    options.link_name = &link_name;
    options.main_module = &main_module;
    let cut = wasm_split_cli_support::transform(options).map_err(|error| {
        Error::Verdict(format!("cutting {} failed: {error:?}", linked.display()))
    })?;
    if cut.split_modules.is_empty() {
        return Err(Error::Verdict(format!(
            "{} has no chunks: was it built with `in_chunks`, as build.rs sets it?",
            linked.display()
        )));
    }
    say(&format!("{} chunks", cut.split_modules.len()));
    Ok(cut.split_modules)
}

fn optimise(toolbox: &Toolbox, file: &Path) -> Result<()> {
    let mut wasm_opt = toolbox.command("wasm-opt");
    wasm_opt.args(OPTIMISE).arg(file).arg("-o").arg(file);
    // It warns of names that it does not know and that are stripped anyway.
    wasm_opt.stderr(std::process::Stdio::null()).run()
}

/// Shortens the names that module and script share, in both.
fn shorten_names(module: &Path, script: &Path) -> Result<()> {
    let bytes = std::fs::read(module).map_err(Error::file("read", module))?;
    let (bytes, text) = short_names::shorten(&bytes, &read(script)?)?;
    std::fs::write(module, bytes).map_err(Error::file("write", module))?;
    write(script, &text)
}

/// The name of a chunk, and the one under which caches may keep it for ever.
fn names(chunk: &Path) -> Result<(String, String)> {
    let bytes = std::fs::read(chunk).map_err(Error::file("read", chunk))?;
    let digest = Sha256::digest(&bytes);
    let head = digest.iter().take(8);
    let hash = head.fold(0_u64, |hash, &byte| hash << 8 | u64::from(byte));
    let name = |path: &std::ffi::OsStr| path.to_string_lossy().into_owned();
    let old = chunk.file_name().map(name).unwrap_or_default();
    let stem = chunk.file_stem().map(name).unwrap_or_default();
    let stem = stem.strip_prefix("split_").unwrap_or(&stem);
    Ok((old, format!("{stem}-{hash:016x}.wasm")))
}

fn replace(text: &str, old: &str, new: &str) -> Result<String> {
    if !text.contains(old) {
        return Err(Error::Verdict(format!(
            "the chunks' loader does not name {old}"
        )));
    }
    Ok(text.replace(old, new))
}

/// The HTML with the integrity of what is there now, and the loader beside it.
fn with_integrity(html: &str, staging: &Path, out_name: &str, loader: &str) -> Result<String> {
    let mut html = html.to_owned();
    let script = format!("./{out_name}.js");
    for file in [format!("{out_name}.js"), format!("{out_name}_bg.wasm")] {
        let hash = integrity(&staging.join(&file))?;
        html = set_integrity(&html, &format!("href=\"./{file}\""), &hash).ok_or_else(|| {
            Error::Verdict(format!("index.html does not preload {file} with integrity"))
        })?;
    }
    let preload = format!("<link rel=\"modulepreload\" href=\"{script}\"");
    let hash = integrity(&staging.join(loader))?;
    let beside = format!(
        "<link rel=\"modulepreload\" href=\"./{loader}\" crossorigin=\"anonymous\" integrity=\"{hash}\">"
    );
    if !html.contains(&preload) {
        return Err(Error::Verdict(format!(
            "index.html does not preload {script}"
        )));
    }
    Ok(html.replacen(&preload, &format!("{beside}\n{preload}"), 1))
}

/// Replaces the integrity in the tag that has this attribute.
fn set_integrity(html: &str, attribute: &str, hash: &str) -> Option<String> {
    const NAME: &str = "integrity=\"";
    let tag = html.find(attribute)?;
    let end = tag + html[tag..].find('>')?;
    let from = tag + html[tag..end].find(NAME)? + NAME.len();
    let to = from + html[from..].find('"')?;
    Some(format!("{}{hash}{}", &html[..from], &html[to..]))
}

fn integrity(file: &Path) -> Result<String> {
    let bytes = std::fs::read(file).map_err(Error::file("read", file))?;
    Ok(format!("sha384-{}", BASE64.encode(Sha384::digest(&bytes))))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HTML: &str = "<link rel=\"modulepreload\" href=\"./splitbrain-page-0a1b.js\" \
                        integrity=\"sha384-old\">";

    #[test]
    fn the_hash_is_what_trunk_put_into_the_name() {
        assert_eq!(hash_in(HTML).as_deref(), Some("0a1b"));
        assert_eq!(hash_in("<p>"), None);
    }

    #[test]
    fn only_the_integrity_of_the_named_file_changes() {
        let html = format!("{HTML}<link href=\"./b.css\" integrity=\"sha384-kept\">");
        let new = set_integrity(&html, "href=\"./splitbrain-page-0a1b.js\"", "sha384-new");
        let new = new.expect("the tag has an integrity");
        assert!(new.contains("\"sha384-new\"") && new.contains("sha384-kept"));
        assert!(!new.contains("sha384-old"));
        assert_eq!(set_integrity(&html, "href=\"./c.js\"", "x"), None);
    }
}
