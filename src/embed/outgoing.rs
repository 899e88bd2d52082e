//! What the frame says: plain data, made as a tree and sent as an object.

use splitbrain_lesson::format::json;
use splitbrain_lesson::format::tree::{Node, Tree};

/// A number in a message.
pub fn number(number: u64) -> Node {
    Node::new(Tree::Number(number as i64))
}

/// A truth value in a message.
pub fn truth(truth: bool) -> Node {
    Node::new(Tree::Truth(truth))
}

/// A message of the contract as JSON.
pub fn message<'a>(kind: &str, fields: impl IntoIterator<Item = (&'a str, Node)>) -> String {
    let head = [("splitbrain", number(1)), ("type", Node::text(kind))];
    json::write(&Node::table(head.into_iter().chain(fields)))
}

/// An error, about a request or about nothing in particular.
pub fn error(id: Option<f64>, code: &str, text: &str, place: &str) -> String {
    let id = id.map(|id| ("id", number(id as u64)));
    let place = (!place.is_empty()).then(|| ("where", Node::text(place)));
    let said = [("code", Node::text(code)), ("message", Node::text(text))];
    message("error", said.into_iter().chain(id).chain(place))
}

/// What an xAPI statement is about.
#[derive(Clone, Copy, Debug)]
pub struct Done<'a> {
    /// The last word of the verb's address: `answered`, `completed`.
    pub verb: &'static str,
    /// The address of the lesson, or of the question in it.
    pub object: &'a str,
    /// What it is called, and in which language.
    pub name: &'a str,
    /// That language.
    pub lang: &'a str,
    /// The last word of the address of its kind.
    pub kind: &'static str,
    /// Whether it went well.
    pub success: bool,
    /// Whether it is over.
    pub completion: bool,
    /// What was answered.
    pub response: Option<&'a str>,
    /// When, by ISO 8601.
    pub at: &'a str,
}

/// An xAPI statement without an actor: only the host knows who the learner is.
///
/// Source: xAPI 1.0.3, part two, statements; ADL's verbs and activity types.
pub fn statement(done: &Done<'_>) -> String {
    const VERBS: &str = "http://adlnet.gov/expapi/verbs/";
    const KINDS: &str = "http://adlnet.gov/expapi/activities/";
    let named = |lang: &str, text: &str| Node::table([(lang, Node::text(text))]);
    let verb = Node::table([
        ("id", Node::text(format!("{VERBS}{}", done.verb))),
        ("display", named("en", done.verb)),
    ]);
    let definition = Node::table([
        ("name", named(done.lang, done.name)),
        ("type", Node::text(format!("{KINDS}{}", done.kind))),
    ]);
    let object = Node::table([
        ("objectType", Node::text("Activity")),
        ("id", Node::text(done.object)),
        ("definition", definition),
    ]);
    let response = done.response.map(|word| ("response", Node::text(word)));
    let result = [
        ("success", truth(done.success)),
        ("completion", truth(done.completion)),
    ];
    let statement = Node::table([
        ("verb", verb),
        ("object", object),
        ("result", Node::table(result.into_iter().chain(response))),
        ("timestamp", Node::text(done.at)),
    ]);
    message("statement", [("statement", statement)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_says_its_contract_and_its_kind() {
        assert_eq!(
            message("ready", [("contract", number(1))]),
            r#"{"splitbrain":1,"type":"ready","contract":1}"#
        );
        assert_eq!(
            error(Some(7.0), "state", "no \"state\"", "state"),
            concat!(
                r#"{"splitbrain":1,"type":"error","code":"state","#,
                r#""message":"no \"state\"","id":7,"where":"state"}"#
            )
        );
    }

    #[test]
    fn a_statement_names_nobody() {
        let said = statement(&Done {
            verb: "completed",
            object: "https://x.example/#/lesson/y",
            name: "Y",
            lang: "en",
            kind: "lesson",
            success: true,
            completion: true,
            response: None,
            at: "2026-01-01T00:00:00.000Z",
        });
        assert!(said.contains("expapi/verbs/completed"), "{said}");
        assert!(!said.contains("actor"), "{said}");
    }
}
