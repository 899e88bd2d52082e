//! What is asked of the judge: the bytes of a file, and what they are to be taken for.

use splitbrain_checker::import::Format;
use splitbrain_checker::models::ModelId;
use splitbrain_checker::search;

use super::packed::{Reader, Writer};

/// Bytes of a file at most. A worker reads it in a second or two, and what is made of
/// it fits the memory of a phone.
pub(super) const MAX_BYTES: usize = 10 << 20;

/// Steps that the search for one order may take where a worker does it: a budget and
/// never a time, so that every machine says the same of a file. The checker's own.
pub(super) const STEPS: u64 = search::STEPS;

/// The same where the page itself has to do it, one model in a slice between frames.
pub(super) const STEPS_ON_PAGE: u64 = 200_000;

/// A file to be judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Request {
    /// Its format; none: to be guessed.
    pub(super) format: Option<Format>,
    /// What its operations are on; none: to be guessed.
    pub(super) model: Option<ModelId>,
    /// Steps that the search for one order may take.
    pub(super) steps: u64,
    /// What is in it.
    pub(super) bytes: Vec<u8>,
}

impl Request {
    /// To be sent to a worker.
    pub(super) fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::default();
        writer.text(self.format.map_or("", Format::id));
        writer.text(self.model.map_or("", ModelId::id));
        writer.number(self.steps);
        let mut bytes = writer.0;
        bytes.extend(&self.bytes);
        bytes
    }

    /// What [`Self::encode`] sent.
    pub(super) fn decode(bytes: &[u8]) -> Option<Self> {
        let mut reader = Reader(bytes);
        Some(Self {
            format: Format::find(&reader.text()?),
            model: ModelId::find(&reader.text()?),
            steps: reader.number()?,
            bytes: reader.0.to_vec(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_arrives_as_it_was_sent() {
        for (format, model) in [(None, None), (Some(Format::Kv), Some(ModelId::Kv))] {
            let request = Request {
                format,
                model,
                steps: STEPS,
                bytes: vec![0, 255, 10],
            };
            assert_eq!(Request::decode(&request.encode()), Some(request));
        }
        assert_eq!(Request::decode(&[9]), None);
    }
}
