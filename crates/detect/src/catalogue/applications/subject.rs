//! Which application a directory record is about, and what it changed, in every dress.
//!
//! An application has three ids: its own, that of its registration, and that of its service
//! principal. A record seldom has all of them.

use crate::quoted::quoted;
use crate::seen::Seen;
use model::bags::{Bag, Property, each_object};
use model::{Json, json};

/// An application as far as one record names it; all ids in lower case, empty where it does not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Subject {
    /// The id of the application itself.
    pub(super) app: String,
    /// The id of its registration.
    pub(super) registration: String,
    /// The id of its service principal.
    pub(super) principal: String,
    /// What it is called.
    pub(super) name: String,
}

impl Subject {
    /// Returns the id that most records of one consent share.
    pub(super) fn key(&self) -> &str {
        let ids = [&self.principal, &self.registration, &self.app, &self.name];
        ids.into_iter()
            .find(|id| !id.is_empty())
            .map_or("", |id| id.as_str())
    }

    /// Returns the id by which it is best known.
    pub(super) fn best_id(&self) -> &str {
        if self.app.is_empty() {
            self.key()
        } else {
            &self.app
        }
    }

    /// Returns its name, or its id where it has none.
    pub(super) fn shown(&self) -> String {
        let text = if self.name.is_empty() {
            self.best_id()
        } else {
            &self.name
        };
        quoted(text)
    }
}

/// Returns the application that a record is about.
pub(super) fn subject(seen: &Seen<'_>) -> Subject {
    let changes = changes(seen);
    let mut found = Subject {
        app: first_of(
            &changes,
            &[
                "AppId",
                "AppPrincipalId",
                "Application.AppId",
                "ServicePrincipal.AppId",
            ],
        )
        .to_lowercase(),
        registration: first_of(&changes, &["Application.ObjectID"]).to_lowercase(),
        principal: first_of(&changes, &["ServicePrincipal.ObjectID"]).to_lowercase(),
        name: first_of(
            &changes,
            &[
                "DisplayName",
                "Application.DisplayName",
                "ServicePrincipal.DisplayName",
            ],
        ),
    };
    // What a grant acts on is the resource: the application stands in its properties only.
    if !is_grant(seen) {
        from_targets(seen, &changes, &mut found);
    }
    found
}

fn is_grant(seen: &Seen<'_>) -> bool {
    seen.is_action(&[
        "Add delegated permission grant",
        "Add OAuth2PermissionGrant",
        "Add app role assignment to service principal",
    ])
}

fn from_targets(seen: &Seen<'_>, changes: &[Property], found: &mut Subject) {
    for target in targets(seen) {
        let fill = |slot: &mut String, text: &str| {
            if slot.is_empty() {
                text.clone_into(slot);
            }
        };
        match target {
            Target::Registration(id) => fill(&mut found.registration, &id.to_lowercase()),
            Target::Principal(id) => fill(&mut found.principal, &id.to_lowercase()),
            Target::Name(name) => fill(&mut found.name, &name),
        }
    }
    if found.app.is_empty() {
        let names = first_of(changes, &["TargetId.ServicePrincipalNames"]);
        let mut ids = names.split([';', ',']).chain([seen.object()]);
        if let Some(id) = ids.find(|id| is_guid(id.trim())) {
            found.app = id.trim().to_lowercase();
        }
    }
}

enum Target {
    Registration(String),
    Principal(String),
    Name(String),
}

fn targets(seen: &Seen<'_>) -> Vec<Target> {
    const NAME: i64 = 1;
    let mut found = Vec::new();
    each_object(seen.body().get_any_case("Target"), &mut |one| {
        let id = one
            .get_any_case("ID")
            .and_then(Json::as_word)
            .unwrap_or_default();
        let kind = one.get_any_case("Type").and_then(Json::as_integer);
        if let Some(id) = id.strip_prefix("Application_") {
            found.push(Target::Registration(id.to_owned()));
        } else if let Some(id) = id.strip_prefix("ServicePrincipal_") {
            found.push(Target::Principal(id.to_owned()));
        } else if kind == Some(NAME) {
            found.push(Target::Name(id.to_owned()));
        }
    });
    let mut resources = |body: &Json<'_>| {
        each_object(body.get_any_case("TargetResources"), &mut |one| {
            let word = |key: &str| one.get_any_case(key).and_then(Json::as_word);
            let id = word("id").unwrap_or_default().to_owned();
            match word("type").unwrap_or_default() {
                "Application" => found.push(Target::Registration(id)),
                "ServicePrincipal" => found.push(Target::Principal(id)),
                _ => return,
            }
            found.extend(word("displayName").map(|name| Target::Name(name.to_owned())));
        });
    };
    resources(seen.body());
    each_object(seen.body().get_any_case("properties"), &mut resources);
    found
}

/// Returns what a record changed, wherever it keeps that.
pub(super) fn changes(seen: &Seen<'_>) -> Vec<Property> {
    let mut found: Vec<Property> = seen.changes().iter().cloned().collect();
    if found.is_empty() {
        each_object(seen.body().get_any_case("properties"), &mut |inner| {
            found.extend(Bag::read_changes(inner));
        });
    }
    found
}

/// Returns the change of that name.
pub(super) fn change<'c>(changes: &'c [Property], name: &str) -> Option<&'c Property> {
    changes
        .iter()
        .find(|one| one.name.eq_ignore_ascii_case(name))
}

fn first_of(changes: &[Property], names: &[&str]) -> String {
    names
        .iter()
        .filter_map(|name| change(changes, name))
        .flat_map(|one| texts(&one.value))
        .next()
        .unwrap_or_default()
}

/// Returns the texts in a changed value: `["a","b"]`, `"a"` and `a` alike; none if it is empty.
pub(super) fn texts(value: &str) -> Vec<String> {
    let mut found = Vec::new();
    match json::parse(value) {
        Ok(parsed) => collect(&parsed.value, &mut found),
        Err(_) => found.push(value.trim().to_owned()),
    }
    found.retain(|text| !text.is_empty());
    found
}

fn collect(value: &Json<'_>, found: &mut Vec<String>) {
    match value {
        Json::Null => {}
        Json::Array(items) => items.iter().for_each(|item| collect(item, found)),
        other => {
            if let Some(word) = other.as_word() {
                found.push(word.trim().to_owned());
            } else {
                let mut text = String::new();
                other.write(&mut text);
                found.push(text);
            }
        }
    }
}

/// Returns the texts that a change brought and that were not there before.
pub(super) fn added(change: &Property) -> Vec<String> {
    let before = texts(&change.before);
    let mut found = texts(&change.value);
    found.retain(|text| !before.contains(text));
    found
}

/// Microsoft's own services, by the names under which they change the directory.
const SERVICES: &[&str] = &[
    "managed service identity",
    "microsoft.azure.syncfabric",
    "microsoft managed policy manager",
    "aad app management",
    "azure ad cloud sync",
    "device registration service",
];

/// Returns whether Microsoft's own did it: a service, or one of its applications by itself.
pub(super) fn is_microsofts(seen: &Seen<'_>) -> bool {
    let is_person = seen.user().contains('@');
    seen.is_service()
        || SERVICES.contains(&seen.user())
        || (!is_person && crate::lists::apps::is_first_party(seen.app()))
}

/// Returns whether a text is spelled as a GUID.
pub(super) fn is_guid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_value_is_read_in_every_dress() {
        for (value, expected) in [
            ("[\r\n  \"a\",\r\n  \"b\"\r\n]", vec!["a", "b"]),
            ("\"a\"", vec!["a"]),
            ("plain text", vec!["plain text"]),
            ("[]", vec![]),
            ("", vec![]),
            ("null", vec![]),
            ("[true]", vec!["true"]),
        ] {
            assert_eq!(texts(value), expected, "{value}");
        }
    }
}
