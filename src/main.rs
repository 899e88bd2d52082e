//! Starts the page.

fn main() {
    splitbrain_page::start();
}
