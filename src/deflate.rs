//! Deflating and inflating with the browser's own streams, output counted.

use js_sys::{Array, Function, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{ReadableStream, ReadableStreamDefaultReader, WritableStream};

/// Why bytes could not be deflated or inflated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DeflateError {
    /// The browser is too old to do it.
    #[error("this browser has no compression streams")]
    Unsupported,
    /// They are no deflated data, or cut short.
    #[error("the data is damaged")]
    Damaged,
    /// They would be more than allowed.
    #[error("it inflates beyond {most} bytes")]
    TooLarge {
        /// What is allowed.
        most: u32,
    },
}

/// Fewer bytes that say the same.
///
/// # Errors
/// A browser that cannot.
pub async fn deflate(bytes: &[u8]) -> Result<Vec<u8>, DeflateError> {
    pass(bytes, "CompressionStream", u32::MAX).await
}

/// The bytes that were deflated, at most so many. A bomb is stopped as it unfolds.
///
/// # Errors
/// Damaged data, too much of it, or a browser that cannot.
pub async fn inflate(bytes: &[u8], most: u32) -> Result<Vec<u8>, DeflateError> {
    pass(bytes, "DecompressionStream", most).await
}

async fn pass(bytes: &[u8], class: &str, most: u32) -> Result<Vec<u8>, DeflateError> {
    let (readable, writable) = transform(class).ok_or(DeflateError::Unsupported)?;
    let damaged = |_: JsValue| DeflateError::Damaged;
    let writer = writable.get_writer().map_err(damaged)?;
    // Writing waits for reading, so nobody waits for it here; what goes wrong in it
    // comes out of the reading end too.
    for promise in [
        writer.write_with_chunk(&Uint8Array::from(bytes)),
        writer.close(),
    ] {
        spawn_local(async move {
            let _ = JsFuture::from(promise).await;
        });
    }
    let reader: ReadableStreamDefaultReader = readable
        .get_reader()
        .dyn_into()
        .map_err(|_| DeflateError::Unsupported)?;
    let mut out = Vec::new();
    loop {
        let chunk = JsFuture::from(reader.read()).await.map_err(damaged)?;
        let get = |name: &str| Reflect::get(&chunk, &JsValue::from_str(name));
        if get("done").is_ok_and(|done| done.is_truthy()) {
            return Ok(out);
        }
        let value: Uint8Array = get("value")
            .ok()
            .and_then(|value| value.dyn_into().ok())
            .ok_or(DeflateError::Damaged)?;
        if out.len() as u64 + u64::from(value.length()) > u64::from(most) {
            let cancelled = JsFuture::from(reader.cancel());
            spawn_local(async move {
                let _ = cancelled.await;
            });
            return Err(DeflateError::TooLarge { most });
        }
        out.extend(value.to_vec());
    }
}

/// A stream class of the browser, by name: its bindings count as unstable still.
fn transform(class: &str) -> Option<(ReadableStream, WritableStream)> {
    let class = Reflect::get(&js_sys::global(), &JsValue::from_str(class)).ok()?;
    let class: Function = class.dyn_into().ok()?;
    let format = Array::of1(&JsValue::from_str("deflate-raw"));
    let stream = Reflect::construct(&class, &format).ok()?;
    let end = |name: &str| Reflect::get(&stream, &JsValue::from_str(name)).ok();
    let readable = end("readable")?.dyn_into().ok()?;
    let writable = end("writable")?.dyn_into().ok()?;
    Some((readable, writable))
}
