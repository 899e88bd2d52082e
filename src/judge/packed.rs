//! Numbers and texts in a row of bytes, as page and worker send them to each other.
//!
//! Both ends are of one build, so there is no version; a reader still never goes past
//! the end, nor makes room for more than there is.

/// Writes.
#[derive(Debug, Default)]
pub(super) struct Writer(pub(super) Vec<u8>);

impl Writer {
    /// A whole number, seven bits a byte, the lowest first.
    pub(super) fn number(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.0.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.0.push(number as u8);
    }

    /// A moment or a length.
    pub(super) fn real(&mut self, real: f64) {
        self.0.extend(real.to_le_bytes());
    }

    /// A text.
    pub(super) fn text(&mut self, text: &str) {
        self.number(text.len() as u64);
        self.0.extend(text.as_bytes());
    }

    /// A list, each by this.
    pub(super) fn list<T>(&mut self, list: &[T], mut each: impl FnMut(&mut Self, &T)) {
        self.number(list.len() as u64);
        for one in list {
            each(self, one);
        }
    }
}

/// Reads what [`Writer`] wrote; none at the first thing that is not there.
#[derive(Debug)]
pub(super) struct Reader<'a>(pub(super) &'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    /// [`Writer::number`].
    pub(super) fn number(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.take(1)?[0];
            number |= u64::from(byte & 0x7F) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    /// The same, where it is small.
    pub(super) fn small(&mut self) -> Option<u32> {
        self.number()?.try_into().ok()
    }

    /// [`Writer::real`].
    pub(super) fn real(&mut self) -> Option<f64> {
        Some(f64::from_le_bytes(self.take(8)?.try_into().ok()?))
    }

    /// [`Writer::text`].
    pub(super) fn text(&mut self) -> Option<String> {
        let length = self.small()?;
        String::from_utf8(self.take(length as usize)?.to_vec()).ok()
    }

    /// [`Writer::list`].
    pub(super) fn list<T>(
        &mut self,
        mut each: impl FnMut(&mut Self) -> Option<T>,
    ) -> Option<Vec<T>> {
        let length = self.small()? as usize;
        // Whatever is in it takes a byte at least.
        if length > self.0.len() {
            return None;
        }
        (0..length).map(|_| each(self)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_what_is_cut_is_not() {
        let mut writer = Writer::default();
        for number in [0, 127, 128, u64::MAX] {
            writer.number(number);
        }
        writer.real(f64::INFINITY);
        writer.text("запис ∞");
        writer.list(&[1_u64, 300], |writer, &number| writer.number(number));
        let whole = writer.0;
        let read = |bytes: &[u8]| {
            let mut reader = Reader(bytes);
            let mut numbers = Vec::new();
            for _ in 0..4 {
                numbers.push(reader.number()?);
            }
            Some((
                numbers,
                reader.real()?,
                reader.text()?,
                reader.list(Reader::number)?,
            ))
        };
        let (numbers, real, text, list) = read(&whole).expect("it is whole");
        assert_eq!(numbers, [0, 127, 128, u64::MAX]);
        assert!(real.is_infinite());
        assert_eq!((text.as_str(), list), ("запис ∞", vec![1, 300]));
        for length in 0..whole.len() {
            assert_eq!(read(&whole[..length]), None, "{length}");
        }
        assert_eq!(Reader(&[0xFF; 5]).list(Reader::number), None);
    }
}
