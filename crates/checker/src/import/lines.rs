//! A file as lines of text.

use super::error::{Expected, ImportError, Instead, expected};

/// Bytes that a file may have.
pub const BYTES: usize = 64 << 20;

/// The whole of a file as text.
pub(super) fn text(bytes: &[u8]) -> Result<&str, ImportError> {
    if bytes.len() > BYTES {
        return Err(expected(0, Expected::FewBytes, Instead::More));
    }
    std::str::from_utf8(bytes).map_err(|error| {
        let before = &bytes[..error.valid_up_to()];
        let line = before.split(|&byte| byte == b'\n').count() as u64;
        expected(line, Expected::Text, Instead::NoText)
    })
}

/// The lines that are not empty, with their numbers from 1.
pub(super) fn lines(bytes: &[u8]) -> Result<impl Iterator<Item = (u64, &str)>, ImportError> {
    let lines = text(bytes)?.lines().enumerate();
    let lines = lines.map(|(at, line)| (at as u64 + 1, line));
    Ok(lines.filter(|(_, line)| !line.trim().is_empty()))
}
