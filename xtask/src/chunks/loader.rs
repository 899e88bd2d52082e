//! The script that fetches chunks: `loader.js` with this build's names and lists.
//!
//! The cutter finds for every set of chunks what just these share, and makes each of it
//! a file. Most are small, many of a few bytes: an address or a word that two chunks use. A chunk
//! needs dozens of them, and a request each would take longer than the chunk itself. So
//! those below [`PIECE_MAX_BYTES`] are put one behind the other into one file, which
//! comes with the first chunk.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Below this a shared part travels with others, in bytes.
const PIECE_MAX_BYTES: usize = 4_000;

/// The script, with `MAIN` and `PIECES` for names.
const SCRIPT: &str = include_str!("loader.js");

/// A module that was cut out.
pub(super) struct Part {
    /// What the cutter calls it: `chunk_12`, or a chunk's own name.
    pub(super) stem: String,
    /// What its file is called in the page, without its ending.
    pub(super) file: String,
    /// The module, optimised.
    pub(super) wasm: Vec<u8>,
    /// The stems of what has to be there before it.
    pub(super) needs: Vec<String>,
}

impl Part {
    /// Whether it travels with others.
    pub(super) fn is_piece(&self) -> bool {
        self.wasm.len() < PIECE_MAX_BYTES
    }
}

/// All pieces, one behind the other.
pub(super) fn pieces(shared: &[Part]) -> Vec<u8> {
    let pieces = shared.iter().filter(|part| part.is_piece());
    pieces.flat_map(|part| part.wasm.iter().copied()).collect()
}

/// The script for the chunks and what they share.
///
/// # Errors
///
/// The stem of a part that is needed and was not cut.
pub(super) fn script(
    main: &str,
    pieces: &str,
    shared: &[Part],
    chunks: &[Part],
) -> std::result::Result<String, String> {
    let script = SCRIPT.replace("MAIN", main).replace("PIECES", pieces);
    let mut script = without_comments(&script);
    script.push_str("const PARTS=[");
    for part in shared {
        let _ = if part.is_piece() {
            write!(script, "piece({}),", part.wasm.len())
        } else {
            write!(script, "file(\"{}\"),", part.file)
        };
    }
    script.push_str("];\n");
    let places: BTreeMap<&str, usize> = shared
        .iter()
        .enumerate()
        .map(|(place, part)| (&*part.stem, place))
        .collect();
    for chunk in chunks {
        let mut needed = Vec::new();
        for stem in &chunk.needs {
            needed.push(*places.get(&**stem).ok_or_else(|| stem.clone())?);
        }
        needed.sort_unstable();
        let _ = writeln!(
            script,
            "export const __wasm_split_load_{}=chunk(\"{}\",{needed:?});",
            chunk.stem, chunk.file,
        );
    }
    Ok(script)
}

/// The script without its lines of comments and its indents.
fn without_comments(script: &str) -> String {
    let lines = script.lines().map(str::trim_start);
    let lines = lines.filter(|line| !line.is_empty() && !line.starts_with("//"));
    lines.flat_map(|line| [line, "\n"]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(stem: &str, bytes: usize, needs: &[&str]) -> Part {
        Part {
            stem: stem.into(),
            file: format!("{stem}-0a"),
            wasm: vec![7; bytes],
            needs: needs.iter().map(|&stem| stem.into()).collect(),
        }
    }

    #[test]
    fn small_parts_come_in_one_file_and_large_ones_in_their_own() {
        let shared = [
            part("chunk_1", 3, &[]),
            part("chunk_2", 5_000, &[]),
            part("chunk_3", 4, &[]),
        ];
        assert_eq!(pieces(&shared).len(), 7);
        let chunks = [part("dialogs", 9, &["chunk_3", "chunk_2"])];
        let script = script("page-1", "pieces-2.bin", &shared, &chunks).unwrap();
        assert!(script.contains("import { initSync } from \"./page-1.js\";"));
        assert!(script.contains("get(\"pieces-2.bin\")"));
        assert!(script.contains("const PARTS=[piece(3),file(\"chunk_2-0a\"),piece(4),];"));
        let load = "export const __wasm_split_load_dialogs=chunk(\"dialogs-0a\",[1, 2]);";
        assert!(script.contains(load), "{script}");
        assert!(!script.contains("//"));
    }

    #[test]
    fn a_need_that_was_not_cut_is_named() {
        let chunks = [part("dialogs", 9, &["chunk_9"])];
        let missing = script("page-1", "pieces-2.bin", &[], &chunks);
        assert_eq!(missing.unwrap_err(), "chunk_9");
    }
}
