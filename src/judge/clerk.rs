//! Carries files from the desk to the judge, and answers back: a worker where one can
//! be started, else the page itself, a model at a time.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo_events::{EventListener, EventListenerOptions};
use gloo_timers::callback::Timeout;
use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, BlobPropertyBag, HtmlLinkElement, MessageEvent, Url, Worker};
use web_sys::{WorkerOptions, WorkerType};
use yew::Callback;

use super::answer::{Answer, Trouble};
use super::desk::Desk;
use super::job::Job;
use super::request::{Request, STEPS, STEPS_ON_PAGE};

/// The script of this module, as the page's HTML preloads it.
const SCRIPT: &str = "link[rel=modulepreload][href*=splitbrain-page]";
/// The module.
const MODULE: &str = "link[rel=preload][href*=splitbrain-page]";

/// The desk and who works at it. Clones are the same one.
#[derive(Clone)]
pub(super) struct Clerk(Rc<Inner>);

#[derive(Default)]
struct Inner {
    desk: RefCell<Desk>,
    changed: RefCell<Callback<()>>,
    help: RefCell<Option<Help>>,
    /// What waits for the worker to listen.
    waiting: RefCell<Option<Request>>,
    has_no_worker: Cell<bool>,
    /// What the page does itself, and when it goes on.
    own: RefCell<Option<(Task, Timeout)>>,
}

/// Work of the page itself.
enum Task {
    Begin(Request),
    GoOn(Job),
}

/// A worker.
struct Help {
    worker: Worker,
    listens: bool,
    _listeners: [EventListener; 2],
}

impl Drop for Help {
    fn drop(&mut self) {
        self.worker.terminate();
    }
}

impl PartialEq for Clerk {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

thread_local! {
    /// Stays as it is while somebody looks at another place of the page.
    static CLERK: Clerk = Clerk(Rc::default());
}

impl Clerk {
    /// The one.
    pub(super) fn the() -> Self {
        CLERK.with(Clone::clone)
    }

    /// Reads what lies on the desk.
    pub(super) fn read<T>(&self, read: impl FnOnce(&Desk) -> T) -> T {
        read(&self.0.desk.borrow())
    }

    /// Calls back whenever something has changed there.
    pub(super) fn tell(&self, changed: Callback<()>) {
        self.0.changed.replace(changed);
    }

    /// Whether no worker could be started.
    pub(super) fn has_no_worker(&self) -> bool {
        self.0.has_no_worker.get()
    }

    /// Steps that a search may take.
    pub(super) fn steps(&self) -> u64 {
        if self.has_no_worker() {
            STEPS_ON_PAGE
        } else {
            STEPS
        }
    }

    /// Changes something on the desk, and goes on with what waits there.
    pub(super) fn change(&self, change: impl FnOnce(&mut Desk)) {
        change(&mut self.0.desk.borrow_mut());
        self.go_on();
        let changed = self.0.changed.borrow().clone();
        changed.emit(());
    }

    /// The same, after stopping what is being judged, if it is this file.
    pub(super) fn change_file(&self, id: u32, change: impl FnOnce(&mut Desk)) {
        if self.read(Desk::running) == Some(id) {
            self.stop();
        }
        self.change(change);
    }

    /// Stops what is being judged.
    pub(super) fn halt(&self) {
        self.stop();
        self.change(|_| {});
    }

    fn stop(&self) {
        let inner = &self.0;
        inner.own.replace(None);
        // One that does not listen yet has nothing to stop.
        if inner.waiting.take().is_none() {
            inner.help.replace(None);
        }
        inner.desk.borrow_mut().halt();
    }

    fn go_on(&self) {
        let steps = self.steps();
        let request = self.0.desk.borrow_mut().start_next(steps);
        if let Some(request) = request {
            self.judge(request);
        }
    }

    fn judge(&self, request: Request) {
        if self.has_no_worker() {
            return self.judge_here(request);
        }
        if self.0.help.borrow().is_none() {
            let help = self.call_for_help();
            if help.is_none() {
                self.0.has_no_worker.set(true);
                return self.judge_here(request);
            }
            self.0.help.replace(help);
        }
        if let Some(help) = &*self.0.help.borrow()
            && help.listens
        {
            send(&help.worker, &request);
            return;
        }
        self.0.waiting.replace(Some(request));
    }

    /// Starts a worker. It runs a script of a few lines that starts this very module,
    /// which there finds no window, and serves.
    fn call_for_help(&self) -> Option<Help> {
        let document = web_sys::window()?.document()?;
        let address = |of: &str| {
            let link = document.query_selector(of).ok()??;
            Some(link.dyn_into::<HtmlLinkElement>().ok()?.href())
        };
        let (script, module) = (address(SCRIPT)?, address(MODULE)?);
        // What fails in a promise is not told to the page by itself.
        let script = format!(
            "import start from {script:?};\n\
             const stop = (event) => {{ event.preventDefault?.(); postMessage(null); }};\n\
             addEventListener(\"unhandledrejection\", stop);\n\
             start({{ module_or_path: {module:?} }}).catch(stop);"
        );
        let options = BlobPropertyBag::new();
        options.set_type("text/javascript");
        let parts = Array::of1(&JsValue::from_str(&script));
        let blob = Blob::new_with_str_sequence_and_options(&parts, &options).ok()?;
        let url = Url::create_object_url_with_blob(&blob).ok()?;
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let worker = Worker::new_with_options(&url, &options);
        // Only after the worker has read it.
        Timeout::new(60_000, move || drop(Url::revoke_object_url(&url))).forget();
        let worker = worker.ok()?;
        let on_message = EventListener::new(&worker, "message", {
            let clerk = self.clone();
            move |event| match event.unchecked_ref::<MessageEvent>().data().dyn_into() {
                Ok(bytes) => clerk.hear(&Uint8Array::to_vec(&bytes)),
                Err(_) => clerk.lose_help(),
            }
        });
        let options = EventListenerOptions::enable_prevent_default();
        let on_error = EventListener::new_with_options(&worker, "error", options, {
            let clerk = self.clone();
            move |event| {
                // Told here; it is no fault of the page.
                event.prevent_default();
                clerk.lose_help();
            }
        });
        Some(Help {
            worker,
            listens: false,
            _listeners: [on_message, on_error],
        })
    }

    fn hear(&self, bytes: &[u8]) {
        if bytes.is_empty() {
            let waiting = self.0.waiting.take();
            if let Some(help) = &mut *self.0.help.borrow_mut() {
                help.listens = true;
                if let Some(request) = &waiting {
                    send(&help.worker, request);
                }
            }
            return;
        }
        let answer = Answer::decode(bytes).unwrap_or(Answer::Failed(Trouble::Stopped));
        self.change(|desk| desk.take(answer));
    }

    /// The worker came to an end that nobody asked for: at its start, so that the page
    /// does the work; or later, so that this file is too much.
    fn lose_help(&self) {
        // Not while its listener runs.
        let help = self.0.help.take();
        Timeout::new(0, move || drop(help)).forget();
        if let Some(mut request) = self.0.waiting.take() {
            self.0.has_no_worker.set(true);
            request.steps = STEPS_ON_PAGE;
            self.judge_here(request);
        } else {
            self.change(|desk| desk.take(Answer::Failed(Trouble::Stopped)));
        }
    }

    fn judge_here(&self, request: Request) {
        // So that what is about to happen is shown first.
        self.later(Task::Begin(request), 20);
    }

    fn later(&self, task: Task, after_ms: u32) {
        let clerk = self.clone();
        let timer = Timeout::new(after_ms, move || clerk.slice());
        self.0.own.replace(Some((task, timer)));
    }

    /// One piece of the page's own work: reading the file, or a model.
    fn slice(&self) {
        let Some((task, _)) = self.0.own.take() else {
            return;
        };
        let job = match task {
            Task::Begin(request) => Job::begin(&request),
            Task::GoOn(job) => Ok(job),
        };
        let answer = match job {
            Ok(mut job) => match job.next() {
                Some(Answer::Done) | None => Answer::Done,
                Some(answer) => {
                    self.later(Task::GoOn(job), 0);
                    answer
                }
            },
            Err(trouble) => Answer::Failed(trouble),
        };
        self.change(|desk| desk.take(answer));
    }
}

fn send(worker: &Worker, request: &Request) {
    let bytes = Uint8Array::from(request.encode().as_slice());
    let buffer: JsValue = bytes.buffer().into();
    // The buffer is its own; handed over, it is not copied.
    let _ = worker.post_message_with_transfer(&bytes, &Array::of1(&buffer));
}
