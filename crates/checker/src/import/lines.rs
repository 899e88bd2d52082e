//! A file as lines of text.

use super::error::{ImportError, expected};

/// Bytes that a file may have.
pub const BYTES: usize = 64 << 20;

/// The whole of a file as text.
pub(super) fn text(bytes: &[u8]) -> Result<&str, ImportError> {
    if bytes.len() > BYTES {
        return Err(expected(0, "at most 64 MB", "more"));
    }
    std::str::from_utf8(bytes).map_err(|error| {
        let before = &bytes[..error.valid_up_to()];
        let line = before.split(|&byte| byte == b'\n').count() as u64;
        expected(line, "text in UTF-8", "bytes that are none")
    })
}

/// The lines that are not empty, with their numbers from 1.
pub(super) fn lines(bytes: &[u8]) -> Result<impl Iterator<Item = (u64, &str)>, ImportError> {
    let lines = text(bytes)?.lines().enumerate();
    let lines = lines.map(|(at, line)| (at as u64 + 1, line));
    Ok(lines.filter(|(_, line)| !line.trim().is_empty()))
}
