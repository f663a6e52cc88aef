//! Whom and what a record of the directory is about, in every dress.

use crate::respond::names::is_guid;
use model::bags::{Bag, Property, body, each_object};
use model::{Event, Json, json};

/// What a record of the directory tells.
pub(super) struct Told {
    /// What it changed.
    changes: Vec<Property>,
    /// The ids of its targets, by their kind: `User`, `Application`, `ServicePrincipal`, `Device`.
    ids: Vec<(String, String)>,
    /// What its targets are called.
    names: Vec<String>,
    /// The UPNs among its targets, lower case.
    people: Vec<String>,
    /// Why, in the record's words.
    pub(super) reason: String,
}

impl Told {
    /// Reads a record.
    pub(super) fn read(event: &Event<'_>) -> Self {
        let body = body(&event.rest);
        let changes: Vec<Property> = Bag::read_changes(&body).into_iter().collect();
        let mut told = Self {
            changes,
            ids: Vec::new(),
            names: Vec::new(),
            people: Vec::new(),
            reason: word(&body, "resultReason"),
        };
        if told.reason.is_empty() {
            told.reason = word(&body, "resultDescription");
        }
        each_object(body.get_any_case("Target"), &mut |one| {
            told.audit_target(one);
        });
        each_object(body.get_any_case("TargetResources"), &mut |one| {
            told.graph_target(one);
        });
        each_object(body.get_any_case("properties"), &mut |inner| {
            each_object(inner.get_any_case("TargetResources"), &mut |one| {
                told.graph_target(one);
            });
        });
        told.person(&event.object);
        told
    }

    /// The audit log lists an id, its kind before it, the bare id, names and UPNs one by one.
    fn audit_target(&mut self, one: &Json<'_>) {
        const NAME: i64 = 1;
        let id = word(one, "ID");
        let kind = one.get_any_case("Type").and_then(Json::as_integer);
        match id.split_once('_') {
            Some((front, rest)) if is_guid(rest) => {
                self.ids.push((front.to_owned(), rest.to_lowercase()));
            }
            _ if kind == Some(NAME) => self.names.push(id.clone()),
            _ => {}
        }
        self.person(&id);
    }

    fn graph_target(&mut self, one: &Json<'_>) {
        self.ids
            .push((word(one, "type"), word(one, "id").to_lowercase()));
        let name = word(one, "displayName");
        self.person(&word(one, "userPrincipalName"));
        self.names.push(name);
    }

    fn person(&mut self, text: &str) {
        let text = text.trim().to_lowercase();
        let is_upn = text.contains('@') && !text.contains([' ', ';']);
        if is_upn && !self.people.contains(&text) {
            self.people.push(text);
        }
    }

    /// Returns the id of the first target of a kind, lower case; empty where there is none.
    pub(super) fn id(&self, kind: &str) -> &str {
        let found = self
            .ids
            .iter()
            .find(|(own, _)| own.eq_ignore_ascii_case(kind));
        found.map_or("", |(_, id)| id.as_str())
    }

    /// Returns what the first target that is called anything is called.
    pub(super) fn name(&self) -> &str {
        let named = self.names.iter().find(|name| !name.is_empty());
        named.map_or("", String::as_str)
    }

    /// Returns the person who was acted on, or else who acted.
    pub(super) fn whom(&self, event: &Event<'_>) -> String {
        match self.people.first() {
            Some(upn) => upn.clone(),
            None => event.user.to_lowercase(),
        }
    }

    /// Returns the change of a property.
    pub(super) fn change(&self, name: &str) -> Option<&Property> {
        let is = |one: &&Property| one.name.eq_ignore_ascii_case(name);
        self.changes.iter().find(is)
    }

    /// Returns the first text that the first of these properties was set to.
    pub(super) fn first_of(&self, names: &[&str]) -> String {
        let changed = names.iter().filter_map(|name| self.change(name));
        let mut found = changed.flat_map(|one| texts(&one.value));
        found.next().unwrap_or_default()
    }
}

fn word(object: &Json<'_>, key: &str) -> String {
    let found = object.get_any_case(key).and_then(Json::as_word);
    found.unwrap_or_default().to_owned()
}

/// Returns the texts in a changed value: `["a","b"]`, `"a"` and `a` alike.
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
        Json::Array(items) => items.iter().for_each(|item| collect(item, found)),
        other => found.extend(other.as_word().map(|word| word.trim().to_owned())),
    }
}
