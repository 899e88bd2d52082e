//! What each file of the page weighs, raw and as a server would send it, and
//! the budget for what the first visit downloads.

use crate::error::{Error, Result};
use crate::first_load;
use crate::machine::create_folder;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// The first load, brotli, all files together. Over this the build fails.
const FIRST_LOAD_MAX_BYTES: usize = 300_000;

/// The wasm alone, brotli: a target that is printed beside the value.
const WASM_TARGET_BYTES: usize = 230_000;

/// The sizes of one file, in bytes.
struct Weight {
    /// Relative to the page, with `/`.
    name: String,
    raw: usize,
    gzip: usize,
    brotli: usize,
    in_first_load: bool,
}

/// The weight of the first load, for the bench.
pub(crate) struct FirstLoad {
    pub(crate) brotli_bytes: usize,
    pub(crate) wasm_brotli_bytes: usize,
}

/// Prints the table, and fails if the first load is over its budget.
pub(crate) fn report_and_check(dist: &Path) -> Result<()> {
    let weights = weigh(dist)?;
    print!("{}", table(&weights));
    let first_load = first_load_of(&weights);
    println!(
        "first load: {} kB brotli of {} kB allowed; wasm: {} kB of {} kB aimed at",
        kilobytes(first_load.brotli_bytes),
        kilobytes(FIRST_LOAD_MAX_BYTES),
        kilobytes(first_load.wasm_brotli_bytes),
        kilobytes(WASM_TARGET_BYTES),
    );
    if first_load.wasm_brotli_bytes == 0 {
        return Err(Error::Verdict(format!(
            "{}: the page loads no wasm at its start",
            dist.join("index.html").display()
        )));
    }
    if first_load.brotli_bytes > FIRST_LOAD_MAX_BYTES {
        return Err(Error::Verdict(format!(
            "the first load is {} bytes over its budget of {FIRST_LOAD_MAX_BYTES} bytes brotli \
             (the files marked * above)",
            first_load.brotli_bytes - FIRST_LOAD_MAX_BYTES
        )));
    }
    Ok(())
}

/// The weight of the first load of a built page.
pub(crate) fn first_load(dist: &Path) -> Result<FirstLoad> {
    Ok(first_load_of(&weigh(dist)?))
}

fn first_load_of(weights: &[Weight]) -> FirstLoad {
    let counted = || weights.iter().filter(|w| w.in_first_load);
    FirstLoad {
        brotli_bytes: counted().map(|w| w.brotli).sum(),
        wasm_brotli_bytes: counted()
            .filter(|w| {
                w.name
                    .rsplit_once('.')
                    .is_some_and(|(_, ending)| ending == "wasm")
            })
            .map(|w| w.brotli)
            .sum(),
    }
}

fn weigh(dist: &Path) -> Result<Vec<Weight>> {
    create_folder(dist)?;
    let first = first_load::files(dist)?;
    let mut weights = Vec::new();
    for file in files_below(dist)? {
        let bytes = std::fs::read(&file).map_err(Error::file("read", &file))?;
        let name = file.strip_prefix(dist).unwrap_or(&file);
        let name = name.to_string_lossy().replace('\\', "/");
        weights.push(Weight {
            raw: bytes.len(),
            gzip: gzip(&bytes).map_err(Error::file("compress", &file))?,
            brotli: brotli(&bytes).map_err(Error::file("compress", &file))?,
            in_first_load: first.contains(&name),
            name,
        });
    }
    weights.sort_by(|a, b| {
        (b.in_first_load, b.brotli, &a.name).cmp(&(a.in_first_load, a.brotli, &b.name))
    });
    Ok(weights)
}

/// All files in a folder and those below it.
pub(crate) fn files_below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries = std::fs::read_dir(&folder).map_err(Error::file("list", &folder))?;
        for entry in entries {
            let path = entry.map_err(Error::file("list", &folder))?.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// The size after gzip at its best.
fn gzip(bytes: &[u8]) -> std::io::Result<usize> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?.len())
}

/// The size after brotli at its best, quality 11 with a window of 4 MiB.
fn brotli(bytes: &[u8]) -> std::io::Result<usize> {
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        size_hint: bytes.len(),
        ..Default::default()
    };
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut &bytes[..], &mut compressed, &parameters)?;
    Ok(compressed.len())
}

fn table(weights: &[Weight]) -> String {
    let mut text = format!(
        "{:>10} {:>10} {:>10}  file (* first load)\n",
        "raw", "gzip", "brotli"
    );
    let mut line = |raw: usize, gzip: usize, brotli: usize, name: &str| {
        writeln!(text, "{raw:>10} {gzip:>10} {brotli:>10}  {name}").ok();
    };
    for w in weights {
        let mark = if w.in_first_load { "*" } else { " " };
        line(w.raw, w.gzip, w.brotli, &format!("{mark} {}", w.name));
    }
    let sum = |size: fn(&Weight) -> usize, only_first: bool| {
        let counted = weights.iter().filter(|w| w.in_first_load || !only_first);
        counted.map(size).sum()
    };
    for (only_first, name) in [(true, "* all of the first load"), (false, "  everything")] {
        line(
            sum(|w| w.raw, only_first),
            sum(|w| w.gzip, only_first),
            sum(|w| w.brotli, only_first),
            name,
        );
    }
    text
}

/// Thousands of bytes with one digit after the point.
pub(crate) fn kilobytes(bytes: usize) -> String {
    format!("{}.{}", bytes / 1000, bytes % 1000 / 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compressing_the_same_bytes_gives_the_same_sizes() {
        let bytes: Vec<u8> = (0..2_000_u32).flat_map(u32::to_le_bytes).collect();
        let sizes = || (gzip(&bytes).ok(), brotli(&bytes).ok());
        assert_eq!(sizes(), sizes());
        assert!(brotli(&bytes).is_ok_and(|size| size < bytes.len()));
    }

    #[test]
    fn kilobytes_are_thousands_rounded_down() {
        assert_eq!(kilobytes(299_999), "299.9");
        assert_eq!(kilobytes(40), "0.0");
    }
}
