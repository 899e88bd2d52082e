//! The committed digests, natively and in the browser.
//!
//! After a change of behaviour that is meant, renew them with
//! `RENEW_GOLDEN=1 cargo test -p splitbrain-engine --test both_digests`, in a
//! commit of its own that says what changed and why.

use splitbrain_engine::golden;

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

const COMMITTED: &str = include_str!("golden/digests.txt");

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
#[cfg_attr(not(target_arch = "wasm32"), test)]
fn every_golden_run_gives_its_committed_digest() {
    let digests = golden::digests();
    #[cfg(not(target_arch = "wasm32"))]
    if std::env::var_os("RENEW_GOLDEN").is_some() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/digests.txt");
        std::fs::write(path, &digests).expect("the golden file can be written");
        return;
    }
    assert!(digests.lines().count() >= 200);
    let differing: Vec<&str> = digests
        .lines()
        .zip(COMMITTED.lines())
        .filter(|(now, committed)| now != committed)
        .map(|(now, _)| now)
        .collect();
    assert_eq!(digests.lines().count(), COMMITTED.lines().count());
    assert!(
        differing.is_empty(),
        "{} of {} runs differ, the first: {}",
        differing.len(),
        digests.lines().count(),
        differing[0]
    );
}
