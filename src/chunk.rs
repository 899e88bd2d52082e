//! Chunks: what the page fetches when it is first needed.
//!
//! The first load brings what a newcomer sees at once. Whatever opens later is cut out
//! of the module after it was linked, into a file of its own, with the code that
//! nothing else needs; what two chunks share becomes a chunk too.
//!
//! A chunk is a table of functions. Nothing outside names what is in it: whoever
//! needs it asks [`use_chunk`] or [`fetch`], finds it in [`Chunks`], and calls it
//! through its table. A direct call would pull the code back into the first load;
//! the gate on its weight would tell.
//!
//! A new one is a table in its own module, a line in [`Which`], [`Chunks`] and
//! [`table`].

use std::pin::Pin;

use gloo_events::EventListener;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use crate::session::{Action, Handle, NoticeKind, Place, Said, use_handle, use_session};
use crate::{dialogs, drawer, embed, judge, laws, lesson, panels, share, stage, truth, twin};

/// Which chunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// What opens over the page.
    Dialogs,
    /// Panels that are not the first, and why.
    Panels,
    /// Lessons: the column, the catalogue, and what lessons do.
    Lessons,
    /// Talking to a parent window.
    Embed,
    /// Runs that come from outside or were kept.
    Share,
    /// The judge of histories.
    Judge,
    /// Clocks at the events of the diagram.
    Clocks,
    /// Whatever can fill a design beyond what the page opens with, and the English words
    /// that its first sight does not need.
    Designs,
    /// How true it is.
    Truth,
    /// The law lab.
    Laws,
    /// Two designs side by side.
    Twin,
}

impl Which {
    /// What has to be there before it: what runs from outside may name, and the words of
    /// all that opens later than the first sight, come with the designs.
    fn needs(self) -> Option<Self> {
        match self {
            Self::Designs | Self::Clocks | Self::Judge => None,
            _ => Some(Self::Designs),
        }
    }
}

/// The chunks that have come.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Chunks {
    /// [`Which::Dialogs`]
    pub dialogs: Option<Table<dialogs::Chunk>>,
    /// [`Which::Panels`]
    pub panels: Option<Table<panels::Chunk>>,
    /// [`Which::Lessons`]
    pub lessons: Option<Table<lesson::Chunk>>,
    /// [`Which::Embed`]
    pub embed: Option<Table<embed::Chunk>>,
    /// [`Which::Share`]
    pub share: Option<Table<share::Chunk>>,
    /// [`Which::Judge`]
    pub judge: Option<Table<judge::Chunk>>,
    /// [`Which::Clocks`]
    pub clocks: Option<Table<stage::ClocksChunk>>,
    /// [`Which::Designs`]
    pub designs: Option<Table<drawer::Chunk>>,
    /// [`Which::Truth`]
    pub truth: Option<Table<truth::Chunk>>,
    /// [`Which::Laws`]
    pub laws: Option<Table<laws::Chunk>>,
    /// [`Which::Twin`]
    pub twin: Option<Table<twin::Chunk>>,
}

impl Chunks {
    /// Those that are there from the beginning: all where nothing is fetched, in tests
    /// of the session.
    pub fn at_first() -> Self {
        #[cfg(target_arch = "wasm32")]
        return Self::default();
        #[cfg(not(target_arch = "wasm32"))]
        (drawer::CHUNK.install)();
        #[cfg(not(target_arch = "wasm32"))]
        Self {
            dialogs: Some(Table(&dialogs::CHUNK)),
            panels: Some(Table(&panels::CHUNK)),
            lessons: Some(Table(&lesson::CHUNK)),
            embed: Some(Table(&embed::CHUNK)),
            share: Some(Table(&share::CHUNK)),
            judge: Some(Table(&judge::CHUNK)),
            clocks: Some(Table(&stage::CLOCKS_CHUNK)),
            designs: Some(Table(&drawer::CHUNK)),
            truth: Some(Table(&truth::CHUNK)),
            laws: Some(Table(&laws::CHUNK)),
            twin: Some(Table(&twin::CHUNK)),
        }
    }

    /// Takes in what has come.
    pub fn take_in(&mut self, other: Self) {
        self.dialogs = other.dialogs.or(self.dialogs);
        self.panels = other.panels.or(self.panels);
        self.lessons = other.lessons.or(self.lessons);
        self.embed = other.embed.or(self.embed);
        self.share = other.share.or(self.share);
        self.judge = other.judge.or(self.judge);
        self.clocks = other.clocks.or(self.clocks);
        self.designs = other.designs.or(self.designs);
        self.truth = other.truth.or(self.truth);
        self.laws = other.laws.or(self.laws);
        self.twin = other.twin.or(self.twin);
    }

    /// How what opens later looks, once any of it has come that stands on the page.
    pub fn style(&self) -> Option<&'static str> {
        let designs = self.designs.map(|chunk| chunk.0.style);
        let judge = self.judge.map(|chunk| chunk.0.style);
        designs.or(judge).map(|style| style())
    }

    /// What shows a place that is a page of its own, where it has come.
    pub fn page(&self, place: &Place) -> Option<fn() -> Html> {
        match place {
            Place::Lessons => self.lessons.map(|chunk| chunk.0.catalogue),
            Place::Judge => self.judge.map(|chunk| chunk.0.page),
            Place::Truth => self.truth.map(|chunk| chunk.0.page),
            Place::Laws(_) => self.laws.map(|chunk| chunk.0.page),
            Place::Playground | Place::Lesson { .. } => None,
        }
    }

    /// Whether this one has come.
    pub fn has(&self, which: Which) -> bool {
        match which {
            Which::Dialogs => self.dialogs.is_some(),
            Which::Panels => self.panels.is_some(),
            Which::Lessons => self.lessons.is_some(),
            Which::Embed => self.embed.is_some(),
            Which::Share => self.share.is_some(),
            Which::Judge => self.judge.is_some(),
            Which::Clocks => self.clocks.is_some(),
            Which::Designs => self.designs.is_some(),
            Which::Truth => self.truth.is_some(),
            Which::Laws => self.laws.is_some(),
            Which::Twin => self.twin.is_some(),
        }
    }
}

/// The look of what opens later. It comes with the chunks that every other one needs, and
/// with the one that needs none.
pub(crate) fn style() -> &'static str {
    include_str!("../static/style/later.css")
}

/// What a function of a chunk is still at.
pub type Later<T> = Pin<Box<dyn Future<Output = T>>>;

/// The functions of a chunk.
#[derive(Debug)]
pub struct Table<T: 'static>(pub &'static T);

impl<T> Clone for Table<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Table<T> {}

impl<T> PartialEq for Table<T> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}

/// A chunk that does not come.
#[derive(Debug)]
pub struct Missing;

#[cfg(in_chunks)]
impl From<wasm_split_helpers::SplitLoaderError> for Missing {
    fn from(_: wasm_split_helpers::SplitLoaderError) -> Self {
        Self
    }
}

/// A function that only the cut-out code has: its table.
macro_rules! cut {
    ($name:ident: $table:ty = $value:path) => {
        #[cfg(in_chunks)]
        #[wasm_split_helpers::wasm_split($name, fallible)]
        fn $name() -> Result<&'static $table, Missing> {
            Ok(&$value)
        }
        #[cfg(not(in_chunks))]
        async fn $name() -> Result<&'static $table, Missing> {
            Ok(&$value)
        }
    };
}

cut!(dialogs: dialogs::Chunk = dialogs::CHUNK);
cut!(panels: panels::Chunk = panels::CHUNK);
cut!(lessons: lesson::Chunk = lesson::CHUNK);
cut!(embed: embed::Chunk = embed::CHUNK);
cut!(sharing: share::Chunk = share::CHUNK);
cut!(judging: judge::Chunk = judge::CHUNK);
cut!(clocking: stage::ClocksChunk = stage::CLOCKS_CHUNK);
cut!(designing: drawer::Chunk = drawer::CHUNK);
cut!(telling_how_true: truth::Chunk = truth::CHUNK);
cut!(trying_laws: laws::Chunk = laws::CHUNK);
cut!(twinning: twin::Chunk = twin::CHUNK);

async fn table(which: Which) -> Result<Chunks, Missing> {
    let mut chunks = Chunks::default();
    match which {
        Which::Dialogs => chunks.dialogs = Some(Table(dialogs().await?)),
        Which::Panels => chunks.panels = Some(Table(panels().await?)),
        Which::Lessons => chunks.lessons = Some(Table(lessons().await?)),
        Which::Embed => chunks.embed = Some(Table(embed().await?)),
        Which::Share => chunks.share = Some(Table(sharing().await?)),
        Which::Judge => chunks.judge = Some(Table(judging().await?)),
        Which::Clocks => chunks.clocks = Some(Table(clocking().await?)),
        Which::Designs => chunks.designs = Some(Table(designing().await?)),
        Which::Truth => chunks.truth = Some(Table(telling_how_true().await?)),
        Which::Laws => chunks.laws = Some(Table(trying_laws().await?)),
        Which::Twin => chunks.twin = Some(Table(twinning().await?)),
    }
    Ok(chunks)
}

/// Fetches a chunk, unless it is there.
///
/// # Errors
/// It did not come; asking again tries again.
pub async fn fetch(handle: &Handle, which: Which) -> Result<(), Missing> {
    if handle.read(|session| session.chunks.has(which)) {
        return Ok(());
    }
    let mut chunks = table(which).await?;
    if let Some(first) = which.needs() {
        chunks.take_in(table(first).await?);
    }
    handle.dispatch(Action::Arrived(chunks));
    Ok(())
}

/// What the module does where there is no window: in a worker, which the judge starts.
pub fn serve() {
    spawn_local(async {
        match judging().await {
            Ok(judge) => (judge.serve)(),
            // The script of the worker tells the page.
            Err(Missing) => wasm_bindgen::throw_str("the judge does not come"),
        }
    });
}

/// Fetches what opens at a click as soon as somebody is there: at the first move of a
/// pointer, touch or key. Whoever only looks downloads nothing more.
pub fn fetch_for_whoever_acts(handle: &Handle) -> Vec<EventListener> {
    let Some(window) = web_sys::window() else {
        return Vec::new();
    };
    let events = ["pointermove", "pointerdown", "keydown"].into_iter();
    events
        .map(|event| {
            let handle = handle.clone();
            EventListener::once(&window, event, move |_| {
                spawn_local(async move {
                    for which in [Which::Designs, Which::Dialogs, Which::Panels] {
                        // Said when it is really asked for and does not come.
                        let _ = fetch(&handle, which).await;
                    }
                });
            })
        })
        .collect()
}

/// What to say of a chunk that did not come.
pub fn said() -> Said {
    Said::Words("ui.error.chunk", Vec::new())
}

/// The chunks that have come; fetches this one as soon as it is needed, and renders
/// again when it is there.
#[hook]
pub fn use_chunk(which: Which, is_needed: bool) -> Chunks {
    let handle = use_handle();
    let chunks = use_session(|session| session.chunks);
    use_effect_with(
        (which, is_needed && !chunks.has(which)),
        move |&(which, is_due)| {
            if is_due {
                spawn_local(async move {
                    if fetch(&handle, which).await.is_err() {
                        handle.dispatch(Action::Close);
                        handle.dispatch(Action::Say(NoticeKind::Error, said()));
                    }
                });
            }
        },
    );
    chunks
}
