//! Rules that a mail client wrote: `UpdateInboxRules`, with the rule in `OperationProperties`.
//!
//! The condition is MAPI's own text, which nothing here evaluates; the actions are JSON in a
//! string, or a list of names with the recipients in a second JSON beside it.

use super::change::{Change, Setting, Verb, handle};
use super::words::{self, Part};
use model::Json;
use model::bags::Bag;

/// Fills in a change from the record's body; nothing where the record tells of no rule.
pub(super) fn understand(body: &Json<'_>, change: &mut Change) -> Option<()> {
    let found = Bag::read(body, "OperationProperties");
    let first = |names: [&str; 2]| names.into_iter().find_map(|name| found.get(name));
    let operation = first(["RuleOperation", "Operation"]).unwrap_or_default();
    change.verb = verb(operation);
    if let Some(id) = first(["RuleId", "Id"]).filter(|id| !id.trim().is_empty()) {
        change.unique = handle(id);
        change.handles.insert(change.unique.clone());
    }
    // Many records have the name without a value although the rule has one: that is no new name.
    let name = first(["RuleName", "Name"]).unwrap_or_default();
    if !name.is_empty() {
        change.name = Some(name.to_owned());
    }
    if !name.is_empty() || change.handles.is_empty() {
        change.handles.insert(handle(name));
    }
    change.is_on = found
        .get("RuleState")
        .filter(|state| !state.trim().is_empty())
        .map(is_enabled);
    change.settings = conditions(&found);
    change.settings.extend(actions(&found));
    (!found.is_empty()).then_some(())
}

fn verb(operation: &str) -> Verb {
    let operation = operation.to_ascii_lowercase();
    if operation.starts_with("remove") || operation.starts_with("delete") {
        Verb::Remove
    } else if operation.starts_with("add") || operation.starts_with("create") {
        Verb::Make
    } else {
        Verb::Replace
    }
}

/// A state is a list of flags, such as `Enabled, ExitAfterExecution`.
fn is_enabled(state: &str) -> bool {
    state
        .split([',', ';', '|', ' '])
        .any(|flag| flag.eq_ignore_ascii_case("Enabled"))
}

fn conditions(found: &Bag) -> Vec<Setting> {
    ["RuleCondition", "Condition", "Conditions"]
        .into_iter()
        .filter_map(|name| Some((name, found.get(name)?)))
        .filter(|(name, text)| !words::is_cleared(name, text))
        .map(|(name, text)| Setting {
            part: Part::Condition,
            name: name.to_owned(),
            value: text.to_owned(),
        })
        .collect()
}

fn actions(found: &Bag) -> Vec<Setting> {
    let mut actions = Vec::new();
    let mut recipients = Vec::new();
    for name in ["Recipients", "ServerRule"] {
        if let Some(text) = found.get(name) {
            recipients.extend(addresses_in_text(text));
        }
    }
    for name in ["RuleActions", "Actions"] {
        let Some(text) = found.get(name) else {
            continue;
        };
        match model::json::parse(text) {
            Ok(parsed) if !matches!(parsed.value, Json::String(_)) => {
                structured(&parsed.value, &recipients, &mut actions);
            }
            _ => listed(text, &recipients, &mut actions),
        }
    }
    actions
}

/// Reads `[{"ActionType": "Forward", "Recipients": ["a@b.example"]}]`.
fn structured(value: &Json<'_>, recipients: &[String], actions: &mut Vec<Setting>) {
    let items = match value {
        Json::Array(items) => items.as_slice(),
        single => std::slice::from_ref(single),
    };
    for item in items {
        let kind = ["ActionType", "Type", "Name"]
            .into_iter()
            .find_map(|key| item.get_any_case(key)?.as_word());
        let Some(kind) = kind.or_else(|| item.as_word()) else {
            continue;
        };
        let mut own = Vec::new();
        addresses(item, &mut own);
        push(
            kind,
            if own.is_empty() { recipients } else { &own },
            actions,
        );
    }
}

/// Reads `ForwardToRecipientsAction, StopProcessingAction`.
fn listed(text: &str, recipients: &[String], actions: &mut Vec<Setting>) {
    let mut all = addresses_in_text(text);
    all.extend_from_slice(recipients);
    let names = text
        .split(|character: char| {
            !character.is_ascii_alphanumeric() && character != '@' && character != '.'
        })
        .filter(|name| !name.is_empty() && !name.contains(['@', '.']));
    for name in names {
        push(name, &all, actions);
    }
}

fn push(name: &str, recipients: &[String], actions: &mut Vec<Setting>) {
    let value = if words::sends(name) && !recipients.is_empty() {
        recipients.join(";")
    } else {
        "True".to_owned()
    };
    actions.push(Setting {
        part: Part::Action,
        name: name.to_owned(),
        value,
    });
}

fn addresses_in_text(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    match model::json::parse(text) {
        Ok(parsed) => addresses(&parsed.value, &mut found),
        Err(_) if text.contains('@') => found.push(text.to_owned()),
        Err(_) => {}
    }
    found
}

/// Gathers every text with an `@`, however deep: where clients put recipients differs by version.
fn addresses(value: &Json<'_>, found: &mut Vec<String>) {
    match value {
        Json::String(text) if text.contains('@') => found.push(text.clone().into_owned()),
        Json::Array(items) => items.iter().for_each(|item| addresses(item, found)),
        Json::Object(entries) => entries
            .iter()
            .for_each(|(_, value)| addresses(value, found)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::invented::bag;
    use model::bags::body;

    fn check(pairs: &[(&str, &str)], expected: &[(&str, &str)]) {
        check_body(&bag("OperationProperties", pairs), expected);
    }

    fn check_body(text: &str, expected: &[(&str, &str)]) {
        let actions = actions(&Bag::read(&body(text), "OperationProperties"));
        let actions: Vec<(&str, &str)> = actions
            .iter()
            .map(|action| (action.name.as_str(), action.value.as_str()))
            .collect();
        assert_eq!(actions, expected);
    }

    #[test]
    fn actions_are_read_from_json_in_a_string() {
        let text = r#"[{"ActionType":"Forward","Recipients":["x@drop.example","y@drop.example"]},{"ActionType":"MarkAsRead"}]"#;
        check(
            &[("RuleActions", text)],
            &[
                ("Forward", "x@drop.example;y@drop.example"),
                ("MarkAsRead", "True"),
            ],
        );
    }

    #[test]
    fn actions_that_are_not_in_a_string_are_read_as_well() {
        check_body(
            r#"{"OperationProperties":{"RuleActions":[{"ActionType":"Forward","Recipients":["x@drop.example"]},{"ActionType":"MarkAsRead"}]}}"#,
            &[("Forward", "x@drop.example"), ("MarkAsRead", "True")],
        );
    }

    #[test]
    fn actions_that_are_only_named_have_their_recipients_beside_them() {
        let rule = r#"{"Actions":[{"Recipients":[{"Values":["X","SMTP:x@drop.example"]}]}]}"#;
        check(
            &[
                ("Actions", "ForwardToRecipientsAction, StopProcessingAction"),
                ("ServerRule", rule),
            ],
            &[
                ("ForwardToRecipientsAction", "SMTP:x@drop.example"),
                ("StopProcessingAction", "True"),
            ],
        );
    }

    #[test]
    fn a_state_is_a_list_of_flags() {
        assert!(is_enabled("Enabled, ExitAfterExecution"));
        assert!(!is_enabled("ExitAfterExecution"));
        assert!(!is_enabled("NotEnabled"));
    }
}
