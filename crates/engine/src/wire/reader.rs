//! Reading the wire format, trusting nothing.

use crate::scenario::ScenarioError;

/// What is wrong with bytes that were to be a run.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WireError {
    /// More than anybody needs.
    #[error("{bytes} bytes are more than the {most} that a run may have")]
    TooLarge {
        /// How many there are.
        bytes: u64,
        /// How many there may be.
        most: u32,
    },
    /// Made by a later version of this format.
    #[error("format version {version} is newer than version {known}, the newest known here")]
    Newer {
        /// Its version.
        version: u32,
        /// The newest known here.
        known: u32,
    },
    /// The bytes end too soon.
    #[error("the data ends at byte {at}, where {what} was expected")]
    Short {
        /// Where.
        at: u32,
        /// What was expected.
        what: &'static str,
    },
    /// A number, tag or name out of range.
    #[error("{what} at byte {at} is {found}; allowed: {allowed}")]
    Range {
        /// Where it starts.
        at: u32,
        /// What it is.
        what: &'static str,
        /// What was found.
        found: String,
        /// What is allowed.
        allowed: String,
    },
    /// Bytes are left over.
    #[error("{left} bytes are left over after the end at byte {at}")]
    Long {
        /// Where it should have ended.
        at: u32,
        /// How many more there are.
        left: u32,
    },
    /// A command that names what the scenario does not have.
    #[error(
        "command {command} names a region, customer or service that scenario {scenario} does not have"
    )]
    Foreign {
        /// Which, from 0.
        command: u32,
        /// The scenario.
        scenario: String,
    },
    /// A policy that cannot fill its slot.
    #[error("{0}")]
    Design(ScenarioError),
}

/// Bytes to be read from the front.
#[derive(Clone, Debug)]
pub struct Reader<'a> {
    bytes: &'a [u8],
    at: u32,
}

impl<'a> Reader<'a> {
    /// Reads these bytes from the start.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// An error about something of which this was found here.
    pub fn wrong(&self, what: &'static str, found: u64, allowed: &str) -> WireError {
        WireError::Range {
            at: self.at,
            what,
            found: found.to_string(),
            allowed: allowed.into(),
        }
    }

    fn take(&mut self, what: &'static str, count: u32) -> Result<&'a [u8], WireError> {
        let start = self.at as usize;
        let short = WireError::Short { at: self.at, what };
        let taken = self.bytes.get(start..start + count as usize).ok_or(short)?;
        self.at += count;
        Ok(taken)
    }

    /// A varint of at most `most`.
    pub fn number(&mut self, what: &'static str, most: u64) -> Result<u64, WireError> {
        let at = self.at;
        let mut number: u64 = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.take(what, 1)?[0];
            let bits = u64::from(byte & 0x7F);
            if bits << shift >> shift != bits {
                break;
            }
            number |= bits << shift;
            if byte & 0x80 == 0 {
                if number <= most {
                    return Ok(number);
                }
                self.at = at;
                return Err(self.wrong(what, number, &format!("0 to {most}")));
            }
        }
        self.at = at;
        Err(WireError::Range {
            at,
            what,
            found: "a number of more than 64 bits".into(),
            allowed: format!("0 to {most}"),
        })
    }

    /// A zigzag number from `-most` to `most`.
    pub fn signed(&mut self, what: &'static str, most: i64) -> Result<i64, WireError> {
        let zigzag = self.number(what, (most as u64) << 1)?;
        Ok((zigzag >> 1) as i64 ^ -((zigzag & 1) as i64))
    }

    /// Eight bytes, little endian.
    pub fn word(&mut self, what: &'static str) -> Result<u64, WireError> {
        let bytes = self.take(what, 8)?;
        Ok(bytes
            .iter()
            .rev()
            .fold(0, |word, &byte| word << 8 | u64::from(byte)))
    }

    /// A name of at most `most` bytes of UTF-8.
    pub fn name(&mut self, what: &'static str, most: u32) -> Result<String, WireError> {
        let at = self.at;
        let length = self.number(what, u64::from(most))? as u32;
        let bytes = self.take(what, length)?;
        let name = std::str::from_utf8(bytes).map_err(|_| WireError::Range {
            at,
            what,
            found: "not UTF-8".into(),
            allowed: "UTF-8".into(),
        })?;
        Ok(name.into())
    }

    /// One of a few values, by its number.
    pub fn one_of<T: Copy>(
        &mut self,
        what: &'static str,
        values: &[T],
        number_of: impl Fn(&T) -> u64,
    ) -> Result<T, WireError> {
        let at = self.at;
        let number = self.number(what, u64::MAX)?;
        let known = values
            .iter()
            .copied()
            .find(|value| number_of(value) == number);
        known.ok_or_else(|| WireError::Range {
            at,
            what,
            found: number.to_string(),
            allowed: values
                .iter()
                .map(|value| number_of(value).to_string())
                .collect::<Vec<_>>()
                .join(", "),
        })
    }

    /// Nothing may be left.
    pub fn end(&self) -> Result<(), WireError> {
        let left = self.bytes.len() as u32 - self.at;
        if left == 0 {
            return Ok(());
        }
        Err(WireError::Long { at: self.at, left })
    }
}
