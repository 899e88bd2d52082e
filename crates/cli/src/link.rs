//! The letters of a link: `v1.` and, in base64url without padding, the deflated
//! bytes of a run.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use splitbrain_engine::wire::MAX_BYTES;
use splitbrain_words::{Arg, Text};

use crate::say::Voice;

/// What a link's fragment starts with.
pub(crate) const MARK: &str = "s=v1.";

/// What stands between the run and the design that it is compared with.
const TWIN: char = '~';

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// What is wrong with a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum LinkError {
    /// It lacks the mark.
    NoMark,
    /// A letter that links do not have.
    Letter {
        /// Which, from 1, after the mark.
        at: u64,
        /// The letter.
        found: char,
    },
    /// It ends in the middle of a byte.
    Cut,
    /// Its contents do not inflate.
    Damaged,
    /// They inflate to too much.
    TooLarge,
}

impl LinkError {
    /// For people.
    pub(crate) fn say(&self, voice: &Voice) -> Text {
        let what = match self {
            Self::NoMark => voice.say("ui.error.link.form", &[]),
            Self::Letter { at, found } => {
                let args = [("at", Arg::Count(*at)), ("found", found.to_string().into())];
                voice.say("ui.error.link.letters", &args)
            }
            Self::Cut | Self::Damaged => voice.say("ui.error.link.inflate", &[]),
            Self::TooLarge => voice.say("ui.error.link.bomb", &[("n", Arg::from(MAX_BYTES >> 20))]),
        };
        voice.say("cli.link", &[("what", what.into())])
    }
}

/// The fragment of a link to a run: `s=v1.…`.
pub(crate) fn encode(run: &[u8]) -> String {
    let mut deflate = DeflateEncoder::new(Vec::new(), Compression::best());
    // Writing into memory does not fail.
    let _ = deflate.write_all(run);
    let deflated = deflate.finish().unwrap_or_default();
    let mut fragment = MARK.to_owned();
    for chunk in deflated.chunks(3) {
        let word = chunk
            .iter()
            .fold(0, |word, &byte| word << 8 | u32::from(byte));
        let bits = 8 * chunk.len() as u32;
        let padded = word << (24 - bits);
        for place in 0..bits.div_ceil(6) {
            let letter = padded >> (18 - 6 * place) & 63;
            fragment.push(char::from(LETTERS[letter as usize]));
        }
    }
    fragment
}

/// What the other design of a link to a comparison has elsewhere, as
/// `splitbrain_lesson::twin::choices` reads it.
pub(crate) fn twin(link: &str) -> Option<&str> {
    let (_, fragment) = link.trim().split_once(MARK)?;
    Some(fragment.split_once(TWIN)?.1)
}

/// The bytes of the run that a link, or its fragment, holds.
pub(crate) fn decode(link: &str) -> Result<Vec<u8>, LinkError> {
    let (_, letters) = link.trim().split_once(MARK).ok_or(LinkError::NoMark)?;
    let letters = letters.split(TWIN).next().unwrap_or_default();
    let mut deflated = Vec::new();
    let (mut word, mut bits) = (0_u32, 0_u32);
    for (place, letter) in letters.chars().enumerate() {
        let number = LETTERS
            .iter()
            .position(|&known| char::from(known) == letter);
        let number = number.ok_or(LinkError::Letter {
            at: place as u64 + 1,
            found: letter,
        })?;
        word = word << 6 | number as u32;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            deflated.push((word >> bits) as u8);
            word &= (1 << bits) - 1;
        }
    }
    if bits >= 6 || word != 0 {
        return Err(LinkError::Cut);
    }
    let mut run = Vec::new();
    let most = u64::from(MAX_BYTES);
    let inflate = DeflateDecoder::new(deflated.as_slice());
    inflate
        .take(most + 1)
        .read_to_end(&mut run)
        .map_err(|_| LinkError::Damaged)?;
    if run.len() as u64 > most {
        return Err(LinkError::TooLarge);
    }
    Ok(run)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_into_a_link_comes_out_of_it() {
        for length in 0..70 {
            let run: Vec<u8> = (0..length).map(|n: u32| (n * 37 % 251) as u8).collect();
            let link = format!("https://example.org/play/?lang=uk#{}", encode(&run));
            assert_eq!(decode(&link), Ok(run));
        }
    }

    #[test]
    fn broken_links_are_told_apart() {
        let link = encode(b"a run");
        assert_eq!(
            decode("https://example.org/#/lessons"),
            Err(LinkError::NoMark)
        );
        let found = decode(&link.replace("v1.", "v1.!"));
        assert_eq!(found, Err(LinkError::Letter { at: 1, found: '!' }));
        assert_eq!(decode("s=v1.A"), Err(LinkError::Cut));
        assert_eq!(decode("s=v1.____"), Err(LinkError::Damaged));
        assert_eq!(decode(&encode(&vec![0; 5 << 20])), Err(LinkError::TooLarge));
    }
}
