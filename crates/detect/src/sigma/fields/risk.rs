//! `azure/riskdetection` and `azure/pim`: what Entra ID Protection and Privileged Identity
//! Management raise.

use crate::sigma::record::Record;
use crate::sigma::route::Route;
use crate::sigma::value::Value;
use std::borrow::Cow;

pub(super) fn answer<'r>(record: &'r Record<'_>, route: Route, name: &str) -> Option<Value<'r>> {
    match (route, name.strip_prefix("properties.").unwrap_or(name)) {
        (Route::Pim, "riskEventType") => role_alert(record),
        (_, "riskEventType" | "RiskEventType") => {
            let word = |key: &str| Cow::Owned(record.word(key).unwrap_or_default());
            Value::texts([
                record.columns.action.into(),
                word("riskEventType"),
                word("riskType"),
            ])
        }
        (_, "userPrincipalName" | "UserPrincipalName") => {
            Value::texts([record.columns.user_text.into(), record.columns.user.into()])
        }
        (_, "ipAddress" | "IpAddress") => super::audit::address(record),
        _ => None,
    }
}

/// A role alert is named by the tail of its definition's id; the rules ask for the names of the
/// old beta, which end with `Incident` or `Configuration`.
fn role_alert<'r>(record: &'r Record<'_>) -> Option<Value<'r>> {
    let mut texts = Vec::new();
    for key in ["alertDefinitionId", "@odata.type", "id", "alertType"] {
        let Some(word) = record.word(key) else {
            continue;
        };
        let tail = word.rsplit(['_', '.', '#']).next().unwrap_or_default();
        texts.push(Cow::Owned(format!("{tail}Incident")));
        texts.push(Cow::Owned(format!("{tail}Configuration")));
        texts.push(Cow::Owned(tail.to_owned()));
    }
    Value::texts(texts)
}
