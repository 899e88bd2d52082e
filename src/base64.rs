//! Base64 for addresses: RFC 4648, section 5, without padding.

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// What is wrong with text that was to be base64.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Base64Error {
    /// A character that is not in the alphabet.
    #[error("character {at} is {found:?}, which is not base64")]
    Character {
        /// Which, from 1.
        at: u32,
        /// What stands there.
        found: char,
    },
    /// It ends in the middle of a byte.
    #[error("it ends in the middle of a byte, after {length} characters")]
    Cut {
        /// How many characters there are.
        length: u32,
    },
}

/// Bytes as text.
pub fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let word = chunk
            .iter()
            .fold(0_u32, |word, &byte| word << 8 | u32::from(byte))
            << (8 * (3 - chunk.len()));
        for place in 0..=chunk.len() {
            let index = word >> (18 - 6 * place) & 63;
            text.push(ALPHABET[index as usize] as char);
        }
    }
    text
}

/// Text as bytes.
///
/// # Errors
/// A foreign character or an impossible length.
pub fn decode(text: &str) -> Result<Vec<u8>, Base64Error> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3 + 2);
    let (mut word, mut bits) = (0_u32, 0_u32);
    let mut length = 0;
    for found in text.chars() {
        length += 1;
        let sextet = sextet(found).ok_or(Base64Error::Character { at: length, found })?;
        word = word << 6 | sextet;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push((word >> bits) as u8);
            word &= (1 << bits) - 1;
        }
    }
    // One character alone, or bits that no byte left behind: something is missing.
    if length % 4 == 1 || word != 0 {
        return Err(Base64Error::Cut { length });
    }
    Ok(bytes)
}

fn sextet(found: char) -> Option<u32> {
    let place = |first: u8, start: u32| found as u32 - u32::from(first) + start;
    Some(match found {
        'A'..='Z' => place(b'A', 0),
        'a'..='z' => place(b'a', 26),
        '0'..='9' => place(b'0', 52),
        '-' => 62,
        '_' => 63,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_examples_come_out() {
        // RFC 4648, section 10, without padding.
        for (bytes, text) in [
            ("", ""),
            ("f", "Zg"),
            ("fo", "Zm8"),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg"),
            ("fooba", "Zm9vYmE"),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(encode(bytes.as_bytes()), text);
            assert_eq!(decode(text), Ok(bytes.as_bytes().to_vec()));
        }
        assert_eq!(encode(&[0xFB, 0xFF]), "-_8");
    }

    #[test]
    fn what_is_not_base64_is_named_with_its_place() {
        assert_eq!(
            decode("Zm9v="),
            Err(Base64Error::Character { at: 5, found: '=' })
        );
        assert_eq!(decode("Z"), Err(Base64Error::Cut { length: 1 }));
        assert_eq!(decode("Zm9vY"), Err(Base64Error::Cut { length: 5 }));
        assert_eq!(decode("Zh"), Err(Base64Error::Cut { length: 2 }));
    }
}
