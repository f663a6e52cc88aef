//! A rule that a mail client made: `UpdateInboxRules`, with `OperationProperties` and no parameters.
//!
//! Outlook writes its whole list of rules again and again: such a record names a rule's id and
//! nothing else (`RuleActions` is `[]`, `RuleCondition` is `{}`), and tells of no rule.

use super::rule::{Act, Rule, owner};
use crate::seen::Seen;
use model::Json;
use model::bags::each_object;
use std::collections::BTreeMap;

/// How deep recipients may stand inside an action.
const DEPTH: u8 = 6;

/// Reads the rule of a record; none for one that a client only wrote again.
pub(super) fn read(seen: &Seen<'_>) -> Option<Rule> {
    let properties = seen.properties();
    let act = act(properties.get("RuleOperation").unwrap_or_default())?;
    let is_rewrite =
        properties.truth("IsNew") == Some(false) && properties.truth("IsDirty") == Some(false);
    if is_rewrite {
        return None;
    }
    let mut parts = BTreeMap::new();
    for key in ["RuleActions", "Actions", "ServerRule"] {
        read_actions(properties.get(key).unwrap_or_default(), &mut parts);
    }
    let condition = ["RuleCondition", "Condition", "Conditions"]
        .iter()
        .find_map(|key| properties.get(key))
        .unwrap_or_default();
    if is_condition(condition) {
        parts.insert("RuleCondition", condition.to_owned());
    }
    let is_gone = act == Act::Removed;
    if parts.is_empty() && !is_gone {
        return None;
    }
    if properties
        .get("RuleState")
        .is_some_and(|state| state.contains("ExitAfter"))
    {
        parts.insert("StopProcessingRules", "True".to_owned());
    }
    let name = properties
        .get("RuleName")
        .or_else(|| properties.get("Name"));
    Some(Rule {
        act,
        is_from_client: true,
        // A change that leaves the name away does not mean that the rule has none.
        name: match (name.map(str::trim), act) {
            (Some("") | None, Act::Changed | Act::Removed) => None,
            (name, _) => name.map(str::to_owned),
        },
        owner: owner(seen),
        parts,
        is_whole: !is_gone,
    })
}

fn act(operation: &str) -> Option<Act> {
    let operation = operation.to_ascii_lowercase();
    [
        ("add", Act::Made),
        ("create", Act::Made),
        ("modify", Act::Changed),
        ("set", Act::Changed),
        ("remove", Act::Removed),
        ("delete", Act::Removed),
    ]
    .iter()
    .find(|(front, _)| operation.starts_with(front))
    .map(|(_, act)| *act)
}

/// `{}` and `[]` are how a client writes that there is none.
fn is_condition(text: &str) -> bool {
    text.contains(|character: char| character.is_alphanumeric())
}

/// Actions are a list in JSON, a rule in JSON that has them, or only their names.
fn read_actions(text: &str, parts: &mut BTreeMap<&'static str, String>) {
    let text = text.trim();
    if text.is_empty() {
        return;
    }
    let json = Json::String(text.into());
    let mut is_json = false;
    each_object(Some(&json), &mut |object| {
        is_json = true;
        let mut has_actions = false;
        each_object(object.get_any_case("Actions"), &mut |action| {
            has_actions = true;
            read_action(action, parts);
        });
        if !has_actions {
            read_action(object, parts);
        }
    });
    if !is_json && !text.starts_with(['[', '{']) {
        for one in text.split([';', ',', '\n']) {
            name_action(one, &addresses_in(one).join(";"), parts);
        }
    }
}

fn read_action(action: &Json<'_>, parts: &mut BTreeMap<&'static str, String>) {
    let kind = ["ActionType", "Type", "$type", "Name"]
        .iter()
        .find_map(|key| action.get_any_case(key).and_then(Json::as_word))
        .unwrap_or_default();
    let kind = kind.to_ascii_lowercase();
    if kind.contains("move") || kind.contains("copy") {
        let folder = [
            "DestinationFolder",
            "FolderName",
            "FolderPath",
            "Folder",
            "DestinationFolderId",
        ]
        .iter()
        .find_map(|key| action.get_any_case(key).and_then(Json::as_word))
        .unwrap_or("a folder");
        parts.insert("MoveToFolder", folder.to_owned());
        return;
    }
    let mut recipients = Vec::new();
    read_recipients(action, DEPTH, &mut recipients);
    name_action(&kind, &recipients.join(";"), parts);
}

fn name_action(kind: &str, recipients: &str, parts: &mut BTreeMap<&'static str, String>) {
    let kind = kind.trim().to_ascii_lowercase();
    let mut send = |name: &'static str| {
        // A recipient that the client names by a number only is one all the same.
        let whom = if recipients.is_empty() {
            "?"
        } else {
            recipients
        };
        let all = parts.entry(name).or_default();
        if !all.is_empty() {
            all.push(';');
        }
        all.push_str(whom);
    };
    if kind.contains("redirect") {
        send("RedirectTo");
    } else if kind.contains("attachment") {
        send("ForwardAsAttachmentTo");
    } else if kind.contains("forward") {
        send("ForwardTo");
    } else if kind.contains("delete") && !kind.contains("category") {
        parts.insert("DeleteMessage", "True".to_owned());
    } else if kind.contains("markasread") || kind.contains("mark as read") {
        parts.insert("MarkAsRead", "True".to_owned());
    } else if kind.contains("move") {
        parts.insert("MoveToFolder", "a folder".to_owned());
    }
}

/// Takes every address that stands anywhere in an action.
fn read_recipients(json: &Json<'_>, depth: u8, found: &mut Vec<String>) {
    if depth == 0 {
        return;
    }
    if let Some(word) = json.as_word() {
        found.extend(addresses_in(word));
        return;
    }
    for item in json.items() {
        read_recipients(item, depth - 1, found);
    }
    for (_, value) in json.entries() {
        read_recipients(value, depth - 1, found);
    }
}

/// Returns the addresses that stand in a text, in lower case: `SMTP:A@B` in a condition, `to a@b`.
pub(super) fn addresses_in(text: &str) -> Vec<String> {
    let is_end =
        |character: char| character.is_whitespace() || "()[]{}<>=,;:\"'\\".contains(character);
    let mut found: Vec<String> = text
        .split(is_end)
        .filter(|word| {
            word.split_once('@')
                .is_some_and(|(local, domain)| !local.is_empty() && domain.contains('.'))
        })
        .map(str::to_lowercase)
        .collect();
    found.sort();
    found.dedup();
    found
}
