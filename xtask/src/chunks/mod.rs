//! Cuts the page's module into the first load and its chunks; see `src/chunk.rs`.
//!
//! Trunk has no step for it: by the time its hook runs, wasm-bindgen has thrown the
//! linker's relocations away, and those tell which code and data a chunk needs alone.
//! So the hook takes the linked module afresh, cuts it, runs wasm-bindgen on the first
//! part and wasm-opt on all, and puts them where Trunk had put the whole.

use crate::error::{Error, Result};
use crate::machine::{create_folder, read, remove_folder, write};
use crate::say::{say, step};
use crate::setup;
use crate::setup::rust::WASM;
use crate::short_names;
use crate::toolbox::{Run, Toolbox};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use loader::Part;
use sha2::{Digest, Sha256, Sha384};
use std::collections::HashMap;
use std::path::Path;

mod loader;

/// The binary of the page and the cargo profile of its release, as in `index.html`.
const BINARY: &str = "splitbrain-page";
const PROFILE: &str = "web";

/// No `--all-features`: what comes of it is dead in the browser. The memory that Rust
/// gets from its linker has nothing below 1 kB, and is zero where nothing was put.
const OPTIMISE: [&str; 6] = [
    "-Oz",
    "--low-memory-unused",
    "--zero-filled-memory",
    "--strip-debug",
    "--strip-producers",
    "--strip-target-features",
];

/// What the cutter puts before the name of a chunk.
const CHUNK: &str = "split_";

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
    let main = folder.join("main.wasm");
    let loader = format!("{LOADER}{hash}.js");
    let (shared, chunks) = transform(toolbox, &folder, &main, &format!("./{loader}"))?;

    let out_name = format!("{BINARY}-{hash}");
    let mut bindgen = toolbox.command("wasm-bindgen");
    // Chunks take the table of functions from the module that was there before them.
    bindgen.args(["--target", "web", "--no-typescript", "--keep-lld-exports"]);
    bindgen.args(["--out-name", &out_name]);
    bindgen.arg("--out-dir").arg(staging).arg(&main).run()?;
    let module = staging.join(format!("{out_name}_bg.wasm"));
    optimise(toolbox, &module)?;
    shorten_names(&module, &staging.join(format!("{out_name}.js")))?;

    let pieces = loader::pieces(&shared);
    let pieces_name = format!("pieces-{:016x}.bin", short_digest(&pieces));
    write_bytes(&staging.join(&pieces_name), &pieces)?;
    let own_files = shared.iter().filter(|part| !part.is_piece());
    for part in own_files.chain(&chunks) {
        write_bytes(&staging.join(format!("{}.wasm", part.file)), &part.wasm)?;
    }
    let script = loader::script(&out_name, &pieces_name, &shared, &chunks)
        .map_err(|stem| Error::Verdict(format!("a chunk needs {stem}, which was not cut")))?;
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

/// Cuts the linked module, and optimises what was cut out of it: the parts that chunks
/// share, and the chunks.
fn transform(
    toolbox: &Toolbox,
    folder: &Path,
    main: &Path,
    loader: &str,
) -> Result<(Vec<Part>, Vec<Part>)> {
    let linked = toolbox
        .target()
        .join(WASM)
        .join(PROFILE)
        .join(format!("{BINARY}.wasm"));
    let bytes = std::fs::read(&linked).map_err(Error::file("read", &linked))?;
    let mut options = wasm_split_cli_support::Options::new(&bytes);
    options.output_dir = folder;
    options.main_out_path = main;
    // The module asks for its chunks there. What the cutter writes to it is not used.
    options.link_name = loader;
    let cut = wasm_split_cli_support::transform(options).map_err(|error| {
        Error::Verdict(format!("cutting {} failed: {error:?}", linked.display()))
    })?;
    if cut.split_modules.is_empty() {
        return Err(Error::Verdict(format!(
            "{} has no chunks: was it built with `in_chunks`, as build.rs sets it?",
            linked.display()
        )));
    }
    let mut needs: HashMap<String, Vec<String>> = cut.prefetch_map;
    let (mut shared, mut chunks) = (Vec::new(), Vec::new());
    for file in cut.split_modules {
        optimise(toolbox, &file)?;
        let name = file.file_stem().unwrap_or_default().to_string_lossy();
        let Some(chunk) = name.strip_prefix(CHUNK) else {
            shared.push(part(&name, &file)?);
            continue;
        };
        let mut needs = needs.remove(chunk).unwrap_or_default();
        needs.retain(|need| *need != name);
        chunks.push(Part {
            needs,
            ..part(chunk, &file)?
        });
    }
    // What is left are chunks without code of their own, for which nothing was written.
    if let Some(chunk) = needs.keys().min() {
        return Err(Error::Verdict(format!("the chunk {chunk} is empty")));
    }
    // In an order of their own, so that the same code gives the same files.
    shared.sort_by(|one, other| one.stem.cmp(&other.stem));
    chunks.sort_by(|one, other| one.stem.cmp(&other.stem));
    let pieces = shared.iter().filter(|part| part.is_piece()).count();
    say(&format!(
        "{} chunks, {} parts that they share, {pieces} of them in one file",
        chunks.len(),
        shared.len()
    ));
    Ok((shared, chunks))
}

/// A module that was cut out, with a name under which caches may keep it for ever.
fn part(stem: &str, file: &Path) -> Result<Part> {
    let wasm = std::fs::read(file).map_err(Error::file("read", file))?;
    let stem = stem.to_owned();
    let file = format!("{stem}-{:016x}", short_digest(&wasm));
    let needs = Vec::new();
    Ok(Part {
        stem,
        file,
        wasm,
        needs,
    })
}

/// The first eight bytes of a digest.
fn short_digest(bytes: &[u8]) -> u64 {
    let digest = Sha256::digest(bytes);
    let head = digest.iter().take(8);
    head.fold(0_u64, |hash, &byte| hash << 8 | u64::from(byte))
}

fn write_bytes(file: &Path, bytes: &[u8]) -> Result<()> {
    std::fs::write(file, bytes).map_err(Error::file("write", file))
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
    write_bytes(module, &bytes)?;
    write(script, &text)
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
