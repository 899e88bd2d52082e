//! Fetching the page's own files: words, lessons.

use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::Response;

/// Why a file did not come.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}: {problem}")]
pub struct FetchError {
    /// Which file.
    pub file: String,
    /// What went wrong.
    pub problem: FetchProblem,
}

/// What can go wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FetchProblem {
    /// Nothing answered.
    #[error("the network does not answer")]
    Network,
    /// It is not there.
    #[error("not found")]
    Missing,
    /// The server refused.
    #[error("the server answers {0}")]
    Status(u16),
    /// It has more bytes than such a file may have.
    #[error("more than {0} bytes")]
    TooLarge(u32),
    /// It is not what it should be.
    #[error("{0}")]
    Content(String),
}

impl FetchError {
    /// A file that came and is not what it should be.
    pub fn content(file: &str, problem: String) -> Self {
        Self {
            file: file.to_owned(),
            problem: FetchProblem::Content(problem),
        }
    }
}

/// The text of a file of at most so many bytes, its address relative to the page.
///
/// # Errors
/// A file that does not come, is too large, or is not text.
pub async fn fetch_text(file: &str, most: u32) -> Result<String, FetchError> {
    let error = |problem| FetchError {
        file: file.to_owned(),
        problem,
    };
    let window = web_sys::window().ok_or_else(|| error(FetchProblem::Network))?;
    let response = JsFuture::from(window.fetch_with_str(file)).await;
    let response: Response = response
        .ok()
        .and_then(|response| response.dyn_into().ok())
        .ok_or_else(|| error(FetchProblem::Network))?;
    match response.status() {
        200..=299 => {}
        404 | 410 => return Err(error(FetchProblem::Missing)),
        status => return Err(error(FetchProblem::Status(status))),
    }
    let promise = response.text().map_err(|_| error(FetchProblem::Network))?;
    let text = JsFuture::from(promise).await;
    let text = text.ok().and_then(|text| text.as_string());
    let text = text.ok_or_else(|| error(FetchProblem::Network))?;
    if text.len() as u64 > u64::from(most) {
        return Err(error(FetchProblem::TooLarge(most)));
    }
    Ok(text)
}
