//! The screen after a panic, in a browser.
#![cfg(target_arch = "wasm32")]

use splitbrain_page::fault::{Fault, Sentences, show};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{Document, Element};

wasm_bindgen_test_configure!(run_in_browser);

fn page() -> (Document, Element) {
    let document = web_sys::window().and_then(|window| window.document());
    let document = document.expect("a browser has a document");
    let root = document.get_element_by_id("app").unwrap_or_else(|| {
        let root = document.create_element("div").expect("a plain element");
        root.set_id("app");
        let body = document.body().expect("a body");
        body.append_child(&root).expect("a body takes children");
        root
    });
    (document, root)
}

fn sentences() -> Sentences {
    Sentences {
        title: "It stopped".into(),
        lede: "Our mistake".into(),
        restart: "Again".into(),
        fresh: "Afresh".into(),
        save: "Save".into(),
    }
}

fn fault<'a>(message: &'a str, run: Option<&'a [u8]>, restarts: u32) -> Fault<'a> {
    Fault {
        message,
        run,
        hash: None,
        restarts,
    }
}

fn links(root: &Element) -> Vec<(String, String)> {
    let found = root
        .query_selector_all("a")
        .expect("a selector that parses");
    let links = (0..found.length()).filter_map(|place| found.item(place));
    links
        .map(|link| {
            use wasm_bindgen::JsCast;
            let element: &Element = link.unchecked_ref();
            let text = element.text_content().unwrap_or_default();
            (text, element.get_attribute("href").unwrap_or_default())
        })
        .collect()
}

#[wasm_bindgen_test]
fn the_screen_replaces_the_page_and_says_what_happened() {
    let (_, root) = page();
    root.set_inner_html("<p>before</p>");
    show(
        &sentences(),
        &fault("queue <b>broke</b>", Some(&[1, 2, 3]), 1),
    )
    .expect("it is shown");
    let text = root.text_content().unwrap_or_default();
    assert!(!text.contains("before"), "{text}");
    // The message is text, whatever is in it.
    assert!(text.contains("queue <b>broke</b>"), "{text}");
    let alert = root
        .query_selector("[role=alert] h1")
        .expect("a selector that parses");
    assert_eq!(
        alert.and_then(|title| title.text_content()).as_deref(),
        Some("It stopped")
    );
}

#[wasm_bindgen_test]
fn its_buttons_are_links_that_need_no_module() {
    let (_, root) = page();
    show(&sentences(), &fault("broke", Some(&[1, 2, 3]), 2)).expect("it is shown");
    let links = links(&root);
    assert_eq!(links[0].0, "Again");
    assert!(links[0].1.contains("restart=2"), "{links:?}");
    assert_eq!(links[1].0, "Afresh");
    assert!(links[1].1.contains("fresh=2"), "{links:?}");
    assert_eq!(links[2].0, "Save");
    assert!(links[2].1.starts_with("blob:"), "{links:?}");
}

#[wasm_bindgen_test]
fn without_a_run_there_is_nothing_to_save() {
    let (_, root) = page();
    show(&sentences(), &fault("broke", None, 1)).expect("it is shown");
    assert_eq!(links(&root).len(), 2);
}
