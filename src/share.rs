//! Runs that leave the page and come back: links and files.
//!
//! A link is `#s=v1.` and the base64 of the deflated wire bytes of the whole run; where
//! two designs are compared, `~` and what the other one has elsewhere follow. A
//! file, `.splitbrain`, is the wire bytes as they are.

use std::rc::Rc;

use js_sys::{Array, Uint8Array};
use splitbrain_engine::playground;
use splitbrain_engine::run::ENGINE_REVISION;
use splitbrain_engine::scenario::Scenario;
use splitbrain_engine::wire::{Envelope, MAX_BYTES, WireError, content_hash};
use splitbrain_lesson::twin::{choices, twin_of};
use wasm_bindgen::JsValue;
use web_sys::{Blob, BlobPropertyBag};

use crate::base64::{self, Base64Error};
use crate::chunk::{self, Later, Which};
use crate::deflate::{DeflateError, deflate, inflate};
use crate::session::{Action, Expected, Handle, NoticeKind, Said, SaidArg, Session, keeper};

/// Version of links.
pub const LINK_VERSION: &str = "v1";

/// Characters of a link's data at most; what is longer becomes a file.
pub const MAX_LINK: u32 = 8_000;

/// What stands in a link between a run and what it is compared with.
pub const TWIN: char = '~';

/// What ends the name of a file with a run.
pub const FILE_ENDING: &str = "splitbrain";

/// What the page fetches when a run comes from outside, or one was kept.
#[derive(Debug)]
pub struct Chunk {
    /// Opens the run of a link, of this version and with these data.
    pub open_link: fn(Handle, String, String) -> Later<()>,
    /// What was kept of the playground under a name; see [`keeper::recall`].
    pub recall: fn(&str) -> keeper::Recalled,
}

/// Its functions.
pub(crate) static CHUNK: Chunk = Chunk {
    open_link: |handle, version, data| {
        Box::pin(async move { open_link(&handle, &version, &data).await })
    },
    recall: |name| keeper::recall(name, playground_scenario, &|_| Ok(None)),
};

/// Where a run came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The address.
    Link,
    /// A file.
    File,
}

impl Source {
    const fn refusal(self) -> &'static str {
        match self {
            Self::Link => "ui.error.link",
            Self::File => "ui.error.file",
        }
    }
}

/// The run that is open, at its moment, as bytes.
pub fn bytes_of(session: &Session) -> Vec<u8> {
    let digest = session.digest_at_cursor();
    Envelope::of(session.player.run(), session.time(), digest).encode()
}

/// What follows the page's address in a link to these bytes.
///
/// # Errors
/// A browser that cannot deflate.
pub async fn link_of(bytes: &[u8]) -> Result<String, DeflateError> {
    let data = base64::encode(&deflate(bytes).await?);
    Ok(format!("#s={LINK_VERSION}.{data}"))
}

/// Opens the run of a link.
async fn open_link(handle: &Handle, version: &str, data: &str) {
    let (data, twin) = match data.split_once(TWIN) {
        Some((data, twin)) => (data, Some(twin)),
        None => (data, None),
    };
    let opened = match read_link(version, data).await {
        Ok(bytes) => open_bytes(handle, &bytes, Source::Link).await,
        Err(said) => Err(said),
    };
    let is_open = opened.is_ok();
    tell(handle, Source::Link, opened);
    if let Some(twin) = twin.filter(|_| is_open)
        && let Err(said) = open_twin(handle, twin).await
    {
        handle.dispatch(Action::Say(NoticeKind::Error, said));
    }
}

/// Compares the open run with what a link says. The run stays open where that is wrong.
async fn open_twin(handle: &Handle, with: &str) -> Result<(), Said> {
    let fetched = chunk::fetch(handle, Which::Twin).await;
    fetched.map_err(|_| chunk::said())?;
    let other = handle.read(|session| {
        let choices = choices::read(with, &session.design).map_err(|errors| {
            let words = session.text.words();
            let why = errors.first().map(|error| words.scenario_error(error));
            let why = why.map(|why| why.to_string()).unwrap_or_default();
            Said::Words("ui.share.twin", vec![("why", SaidArg::Plain(why))])
        })?;
        Ok(twin_of(session.player.run(), &choices))
    })?;
    handle.dispatch(Action::Compare(Some(other)));
    Ok(())
}

/// Opens the run of a file.
pub async fn open_file(handle: &Handle, bytes: &[u8]) {
    let opened = open_bytes(handle, bytes, Source::File).await;
    tell(handle, Source::File, opened);
}

fn tell(handle: &Handle, source: Source, opened: Result<(), Said>) {
    if let Err(said) = opened {
        let said = Said::About(source.refusal(), Box::new(said));
        handle.dispatch(Action::Say(NoticeKind::Error, said));
    }
}

async fn read_link(version: &str, data: &str) -> Result<Vec<u8>, Said> {
    if version != LINK_VERSION {
        let newer = version
            .strip_prefix('v')
            .and_then(|n| n.parse::<u64>().ok());
        return Err(match newer {
            Some(newer @ 2..) => Said::Words(
                "ui.error.link.newer",
                vec![
                    ("version", SaidArg::Count(newer)),
                    ("known", SaidArg::Count(1)),
                ],
            ),
            _ => Said::Words("ui.error.link.form", Vec::new()),
        });
    }
    let bytes = base64::decode(data).map_err(|error| match error {
        Base64Error::Character { at, found } => Said::Words(
            "ui.error.link.letters",
            vec![
                ("at", SaidArg::Count(at.into())),
                ("found", SaidArg::Plain(found.into())),
            ],
        ),
        Base64Error::Cut { .. } => Said::Words("ui.error.link.form", Vec::new()),
    })?;
    if bytes.is_empty() {
        return Err(Said::Words("ui.error.link.form", Vec::new()));
    }
    inflate(&bytes, MAX_BYTES)
        .await
        .map_err(|error| match error {
            DeflateError::TooLarge { most } => Said::Words(
                "ui.error.link.bomb",
                vec![("n", SaidArg::Count(u64::from(most >> 20)))],
            ),
            DeflateError::Damaged => Said::Words("ui.error.link.inflate", Vec::new()),
            DeflateError::Unsupported => Said::Words("ui.error.link.old_browser", Vec::new()),
        })
}

async fn open_bytes(handle: &Handle, bytes: &[u8], source: Source) -> Result<(), Said> {
    let envelope = Envelope::decode(bytes).map_err(|error| match (error, source) {
        (WireError::TooLarge { most, .. }, Source::File) => Said::Words(
            "ui.error.file.large",
            vec![("n", SaidArg::Count(u64::from(most >> 20)))],
        ),
        (error, _) => Said::Wire(error),
    })?;
    let scenario = if let Some(scenario) = playground_scenario(&envelope.scenario) {
        handle.dispatch(Action::Navigate(crate::session::Place::Playground));
        scenario
    } else {
        let fetched = chunk::fetch(handle, Which::Lessons).await;
        fetched.map_err(|_| chunk::said())?;
        let lessons = handle.read(|session| session.chunks.lessons);
        let lessons = lessons.ok_or_else(chunk::said)?;
        (lessons.0.open_for_run)(handle.clone(), envelope.scenario.clone()).await?
    };
    let differs = difference(&envelope, &scenario);
    let run = envelope.open(scenario).map_err(Said::Wire)?;
    let expected = differs.is_none().then_some(Expected {
        at: envelope.cursor,
        digest: envelope.digest,
    });
    handle.dispatch(Action::Import {
        run,
        cursor: envelope.cursor,
        expected,
    });
    let opened = Said::Words(
        "ui.share.opened",
        vec![("time", SaidArg::Time(envelope.cursor))],
    );
    handle.dispatch(Action::Say(NoticeKind::Info, opened));
    if let Some(said) = differs {
        handle.dispatch(Action::Say(NoticeKind::Warning, said));
    }
    Ok(())
}

/// The world of this id that belongs to no lesson.
pub fn playground_scenario(id: &str) -> Option<Rc<Scenario>> {
    let mut known = playground::ALL.iter().map(|world| world());
    known.find(|scenario| scenario.id == id).map(Rc::new)
}

/// Why a run may go differently here than where it was made.
fn difference(envelope: &Envelope, scenario: &Scenario) -> Option<Said> {
    if envelope.scenario_hash != content_hash(scenario) {
        let id = SaidArg::Plain(scenario.id.clone());
        return Some(Said::Words(
            "ui.warn.scenario_changed",
            vec![("scenario", id)],
        ));
    }
    (envelope.engine_revision != ENGINE_REVISION).then(|| {
        let made = SaidArg::Count(envelope.engine_revision.into());
        let here = SaidArg::Count(ENGINE_REVISION.into());
        Said::Words("ui.warn.revision", vec![("made", made), ("here", here)])
    })
}

/// Bytes as something to be saved.
///
/// # Errors
/// A browser without blobs.
pub fn blob(bytes: &[u8]) -> Result<Blob, JsValue> {
    let options = BlobPropertyBag::new();
    options.set_type("application/octet-stream");
    let parts = Array::of1(&Uint8Array::from(bytes));
    Blob::new_with_u8_array_sequence_and_options(&parts, &options)
}
