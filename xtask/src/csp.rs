//! The page's content security policy, put into its HTML after each build,
//! because the hashes of inline scripts are known only then.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use sha2::{Digest, Sha256};

/// Trunk leaves this in the script that reloads the page under `trunk serve`,
/// and replaces it as it serves, so no hash of that script could hold.
const RELOADER: &str = "__TRUNK_ADDRESS__";

/// Puts the policy first into the head, where it governs everything after it.
/// Nothing if the page has no head.
pub(crate) fn insert(html: &str) -> Option<String> {
    let head = html.find("<head>")? + "<head>".len();
    let charset = "<meta charset=\"utf-8\">";
    // The encoding must stay within the first 1024 bytes of the page.
    let after_charset = html[head..].to_ascii_lowercase().find(charset);
    let place = after_charset.map_or(head, |at| head + at + charset.len());
    let policy = policy(html);
    let (before, after) = html.split_at(place);
    Some(format!(
        "{before}<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">{after}"
    ))
}

fn policy(html: &str) -> String {
    let (scripts, connections) = if html.contains(RELOADER) {
        ("'unsafe-inline'".to_owned(), "'self' ws: wss:")
    } else {
        let hashes = inline_scripts(html).map(|script| {
            let hash = BASE64.encode(Sha256::digest(script.as_bytes()));
            format!("'sha256-{hash}'")
        });
        (hashes.collect::<Vec<_>>().join(" "), "'self'")
    };
    // Styles may be inline: yew sets style attributes, and text cannot run there.
    format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval' {scripts}; \
         style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; \
         connect-src {connections}; worker-src 'self' blob:; manifest-src 'self'; \
         frame-src 'self'; base-uri 'none'; form-action 'none'; object-src 'none'"
    )
}

/// The text of each script that is in the page itself.
fn inline_scripts(html: &str) -> impl Iterator<Item = &str> {
    html.split("<script").skip(1).filter_map(|rest| {
        let (attributes, rest) = rest.split_once('>')?;
        let (text, _) = rest.split_once("</script>")?;
        let is_loaded = attributes.split_whitespace().any(|a| a.starts_with("src="));
        (!is_loaded && !text.is_empty()).then_some(text)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inline_scripts_are_allowed_by_their_hash() {
        let html = "<html><head><meta charset=\"utf-8\"></head><body>\
                    <script src=\"a.js\"></script><script>alert(1)</script></body></html>";
        let page = insert(html).expect("the page has a head");
        // printf 'alert(1)' | openssl dgst -sha256 -binary | base64
        assert!(
            page.contains("'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='"),
            "{page}"
        );
        assert!(
            page.starts_with("<html><head><meta charset=\"utf-8\"><meta http-equiv"),
            "{page}"
        );
        assert_eq!(page.matches("sha256-").count(), 1);
    }

    #[test]
    fn a_served_page_may_reload_itself() {
        let html = "<html><head></head><script>'{{__TRUNK_ADDRESS__}}'</script></html>";
        let page = insert(html).expect("the page has a head");
        assert!(
            page.contains("script-src 'self' 'wasm-unsafe-eval' 'unsafe-inline'"),
            "{page}"
        );
        assert!(page.contains("ws:"), "{page}");
    }

    #[test]
    fn a_page_without_a_head_is_refused() {
        assert_eq!(insert("<p>"), None);
    }
}
