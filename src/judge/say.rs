//! What is found, in words.

use splitbrain_checker::consistency::Consistency;
use splitbrain_checker::models::ModelId;
use splitbrain_words::Arg;

use super::answer::{Axis, Opened, Silence, Trouble, Verdict};
use super::request::MAX_BYTES;
use crate::text::Text;

/// The name of a model of consistency.
pub(super) fn consistency(text: &Text, model: Consistency) -> String {
    text.get(&format!("ui.judge.model.{}", model.id()))
        .to_string()
}

/// Who did it, what, and when, as one line: `process 3: write 2, called at 5, answered at 9`.
pub(super) fn bar(text: &Text, opened: &Opened, bar: u32) -> String {
    let args = [
        ("who", Arg::from(who(text, opened, bar))),
        ("what", did(opened, bar).into()),
    ];
    let said = text.with("ui.judge.bar", &args);
    match when(text, opened, bar) {
        Some(when) => {
            let args = [("what", Arg::from(said.to_string())), ("when", when.into())];
            text.with("ui.judge.bar.when", &args).to_string()
        }
        None => said.to_string(),
    }
}

/// The process or the session.
pub(super) fn who(text: &Text, opened: &Opened, bar: u32) -> String {
    let lane = opened.bars.get(bar as usize).map_or(0, |bar| bar.lane);
    let name = opened.lanes.get(lane as usize).cloned().unwrap_or_default();
    let id = match opened.axis {
        Axis::Sessions => "ui.judge.session",
        Axis::Lines | Axis::Times => "ui.judge.process",
    };
    text.with(id, &[("name", name)]).to_string()
}

/// What it did, as its file says it.
pub(super) fn did(opened: &Opened, bar: u32) -> String {
    let label = opened.bars.get(bar as usize).map(|bar| bar.label);
    let label = label.and_then(|label| opened.labels.get(label as usize));
    label.cloned().unwrap_or_default()
}

/// When it was called and answered; nothing where the file has no order of sessions.
pub(super) fn when(text: &Text, opened: &Opened, bar: u32) -> Option<String> {
    let bar = opened.bars.get(bar as usize)?;
    if opened.axis == Axis::Sessions {
        return None;
    }
    let axis = opened.axis.id();
    let call = format!("{:.0}", bar.call);
    let said = if bar.ret.is_finite() {
        let args = [("call", call), ("ret", format!("{:.0}", bar.ret))];
        text.with(&format!("ui.judge.when.{axis}"), &args)
    } else {
        text.with(&format!("ui.judge.when.{axis}.open"), &[("call", call)])
    };
    Some(said.to_string())
}

/// Why there is no verdict.
pub(super) fn reason(
    text: &Text,
    opened: &Opened,
    verdict: &Verdict,
    steps: u64,
) -> Option<splitbrain_words::Text> {
    let what = |bar: u32| Arg::Value(did(opened, bar));
    Some(match verdict {
        Verdict::Holds | Verdict::Violated(_) => return None,
        Verdict::Spent { linearized } => {
            let all = Arg::from(opened.bars.len());
            let args = [
                ("n", Arg::from(*linearized)),
                ("all", all),
                ("steps", steps.into()),
            ];
            text.say("ui.judge.spent", &args)
        }
        Verdict::TooWide => text.say::<Arg>("ui.judge.too_wide", &[]),
        Verdict::Silent(silence) => match silence {
            Silence::Weak(why) => {
                let who = |bar| who(text, opened, bar);
                text.words().not_judged(*why, who, |bar| did(opened, bar))
            }
            Silence::Unfit(at) => {
                let object = opened.model.map_or("", ModelId::id);
                let object = text.get(&format!("ui.judge.object.{object}"));
                let args = [
                    ("what", what(*at)),
                    ("object", Arg::Plain(object.to_string())),
                ];
                text.say("ui.judge.silent.unfit", &args)
            }
            Silence::Nothing => text.say::<Arg>("ui.judge.silent.nothing", &[]),
        },
    })
}

/// Why a file cannot be judged.
pub(super) fn trouble(text: &Text, trouble: &Trouble) -> splitbrain_words::Text {
    match trouble {
        Trouble::Unknown => text.say::<Arg>("ui.judge.error.unknown", &[]),
        Trouble::Empty => text.say::<Arg>("ui.judge.error.empty", &[]),
        Trouble::TooLarge => {
            let most = Arg::from(MAX_BYTES >> 20);
            text.say("ui.judge.error.large", &[("n", most)])
        }
        Trouble::Unreadable => text.say::<Arg>("ui.judge.error.unreadable", &[]),
        Trouble::Stopped => text.say::<Arg>("ui.judge.error.stopped", &[]),
        Trouble::Line(error) => {
            let args = [
                ("line", Arg::Plain(error.line.to_string())),
                (
                    "expected",
                    text.words().import_expected(error.expected).into(),
                ),
                ("found", text.words().import_found(&error.found).into()),
            ];
            let id = if error.line > 0 {
                "ui.judge.error.line"
            } else {
                "ui.judge.error.whole"
            };
            text.say(id, &args)
        }
    }
}
