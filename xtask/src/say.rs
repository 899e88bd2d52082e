//! Tells the reader what is being done, and that it is still being done.

use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// How long a step may be silent before it is said to be alive.
const HEARTBEAT: Duration = Duration::from_secs(30);

/// Steps shorter than this end without a word.
const WORTH_TELLING: Duration = Duration::from_secs(5);

/// Prints one line that stands out between the output of the tools.
pub(crate) fn say(line: &str) {
    eprintln!("xtask: {line}");
}

/// Announces a long step, runs it, and prints a sign of life every half minute.
pub(crate) fn step<T>(what: &str, work: impl FnOnce() -> T) -> T {
    say(what);
    // What it is for has been said once.
    let what = what.split(" (").next().unwrap_or(what);
    let start = Instant::now();
    let (done, is_done) = channel::<()>();
    let result = std::thread::scope(|scope| {
        scope.spawn(move || {
            while is_done.recv_timeout(HEARTBEAT) == Err(RecvTimeoutError::Timeout) {
                say(&format!(
                    "still at it, {} s: {what}",
                    start.elapsed().as_secs()
                ));
            }
        });
        let result = work();
        drop(done);
        result
    });
    if start.elapsed() >= WORTH_TELLING {
        say(&format!("took {} s: {what}", start.elapsed().as_secs()));
    }
    result
}
