//! `kubernetes/audit`: a managed cluster's audit log, whose event Azure Monitor wraps in a string.

use crate::sigma::parts::walk;
use crate::sigma::record::Record;
use crate::sigma::value::Value;

pub(super) fn answer<'r>(record: &'r Record<'_>, name: &str) -> Option<Value<'r>> {
    if name == "requestURI" && !record.columns.object.is_empty() {
        return Value::said(record.columns.object);
    }
    let Some(log) = record.value("log") else {
        return record.path(name);
    };
    let mut found = Vec::new();
    walk(&log, name, 3, &mut found);
    Value::any_of(found)
}
