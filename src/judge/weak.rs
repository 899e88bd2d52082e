//! A history of single reads and writes as the weak models take it: sessions of
//! operations, each a transaction of its own.

use splitbrain_checker::history::{Action, History, Id};
use splitbrain_checker::models::ModelId;
use splitbrain_checker::transactions::{
    HistoryError, Key, Operation, SingleOperation, Status, TransactionalHistory, Value,
};

use super::answer::Silence;

/// The history for the weak models; labels are the places of its operations.
///
/// # Errors
/// Why the weak models say nothing of it.
pub(super) fn sessions(
    history: &History,
    model: Option<ModelId>,
) -> Result<TransactionalHistory, Silence> {
    // A set or a counter is read too, but what is read there is no written value.
    let is_register = matches!(
        model,
        Some(ModelId::Register | ModelId::CasRegister | ModelId::Kv) | None
    );
    let mut list = Vec::with_capacity(history.operations.len());
    // By key: who wrote what the key holds at first, which a read could not tell from it.
    let mut again = None;
    for (at, operation) in (0..).zip(&history.operations) {
        let key = Key(operation.key.into());
        let value = |id: Id| Value(id.into());
        let done = match operation.action {
            Action::Read(id) if id == history.initial => Operation::read_initial(key),
            Action::Read(id) => Operation::read(key, value(id)),
            Action::Write(id) => {
                if id == history.initial {
                    again.get_or_insert(at);
                }
                Operation::write(key, value(id))
            }
            _ => return Err(Silence::Other(at)),
        };
        if !is_register {
            return Err(Silence::Other(at));
        }
        list.push(SingleOperation {
            process: operation.process,
            status: if operation.returned() {
                Status::Committed
            } else {
                Status::Unknown
            },
            operation: done,
        });
    }
    if let Some(at) = again {
        return Err(Silence::Initial(at));
    }
    TransactionalHistory::of_operations(&list).map_err(|error| match error {
        HistoryError::RepeatedValue { first, second, .. } => Silence::Repeated { first, second },
        HistoryError::TooManyOperations { .. } => Silence::TooMany,
    })
}

#[cfg(test)]
mod tests {
    use splitbrain_checker::import::{Format, Imported, import};
    use splitbrain_checker::transactions::{Model, holds};

    use super::*;

    fn history(operations: &str) -> History {
        let text = format!("[{operations}]");
        match import(Format::Json, text.as_bytes()) {
            Some(Ok(Imported::Operations(history))) => history,
            other => panic!("{other:?}"),
        }
    }

    const WRITE: &str = r#"{"process":0,"f":"write","value":1,"call":0,"return":1}"#;

    #[test]
    fn a_read_that_went_back_is_found_and_an_unanswered_write_blames_nobody() {
        let read = |value, call| {
            format!(
                r#"{{"process":1,"f":"read","value":{value},"call":{call},"return":{}}}"#,
                call + 1
            )
        };
        let back = history(&format!("{WRITE},{},{}", read("1", 2), read("null", 4)));
        let back = sessions(&back, Some(ModelId::Register)).expect("values are unique");
        assert_eq!(holds(&back, Model::MonotonicReads), Ok(false));
        assert_eq!(holds(&back, Model::ReadYourWrites), Ok(true));
        let lost = r#"{"process":2,"f":"write","value":2,"call":0,"return":null}"#;
        let lost = history(&format!("{lost},{}", read("null", 4)));
        let lost = sessions(&lost, Some(ModelId::Register)).expect("values are unique");
        assert_eq!(holds(&lost, Model::ReadYourWrites), Ok(true));
    }

    #[test]
    fn what_the_weak_models_cannot_tell_is_refused_with_the_operation() {
        let silence = |more: &str, model| {
            let history = history(&format!("{WRITE},{more}"));
            sessions(&history, model).expect_err("it is refused")
        };
        let again = r#"{"process":1,"f":"write","value":1,"call":2,"return":3}"#;
        let (first, second) = (0, 1);
        let register = Some(ModelId::Register);
        assert_eq!(
            silence(again, register),
            Silence::Repeated { first, second }
        );
        let nil = r#"{"process":1,"f":"write","value":null,"call":2,"return":3}"#;
        assert_eq!(silence(nil, register), Silence::Initial(1));
        let cas = r#"{"process":1,"f":"cas","value":[1,2],"call":2,"return":3}"#;
        assert_eq!(silence(cas, None), Silence::Other(1));
    }
}
