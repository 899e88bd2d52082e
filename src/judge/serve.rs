//! The worker's side: the same module, started where there is no window.

use gloo_events::EventListener;
use js_sys::Uint8Array;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

use super::answer::Answer;
use super::job::Job;
use super::request::Request;

/// Answers whatever is asked, for as long as the worker is there. The first message
/// that it sends is empty, and says that it listens.
pub(super) fn serve() {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let listener = EventListener::new(&scope, "message", {
        let scope = scope.clone();
        move |event| {
            let data = event.unchecked_ref::<MessageEvent>().data();
            let request = Request::decode(&Uint8Array::new(&data).to_vec());
            match request.as_ref().map(Job::begin) {
                Some(Ok(job)) => job.for_each(|answer| send(&scope, &answer.encode())),
                Some(Err(trouble)) => send(&scope, &Answer::Failed(trouble).encode()),
                // Of another build than the page; there is none.
                None => {}
            }
        }
    });
    listener.forget();
    send(&scope, &[]);
}

fn send(scope: &DedicatedWorkerGlobalScope, bytes: &[u8]) {
    let bytes: JsValue = Uint8Array::from(bytes).into();
    // Bytes can always be cloned.
    let _ = scope.post_message(&bytes);
}
