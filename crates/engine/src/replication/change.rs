//! What a customer's request makes of a value, where one place decides.

use crate::documents::{Edit, Line};
use crate::records::Field;
use crate::sim::fact::OpKind;
use crate::sim::node::Value;

/// The value after a change: a whole new one for a register, a bit an item for a set, the
/// bits of a field for a record, a word more or less for a line.
pub fn changed(kind: OpKind, argument: Value, held: Value) -> Value {
    let bit = 1_u32.checked_shl(argument.0).unwrap_or(0);
    match kind {
        OpKind::Add => Value(held.0 | bit),
        OpKind::Remove => Value(held.0 & !bit),
        OpKind::WriteField => {
            let (field, number) = Field::from_argument(argument);
            field.put(held, number)
        }
        OpKind::InsertWord | OpKind::DeleteWord => {
            let line = Line::from_value(held);
            line.changed(kind, Edit::from_argument(argument)).value()
        }
        _ => argument,
    }
}
