//! What the fields of Sigma's rules mean in our records, a log a file.
//!
//! Rules spell one idea in up to five ways (`operationName`, `OperationName`,
//! `properties.message`, ...), and the same record comes in up to five dresses. So a field is
//! resolved by its name and the log it is asked of, typed columns first, then the body.

mod activity;
mod audit;
mod cluster;
mod directory;
mod known;
mod risk;
mod security;
mod sign_in;

pub(crate) use known::{closed_words, is_ever_answered, is_operation};

use super::parts::{both, flat, pairs};
use super::record::{Pouch, Record};
use super::route::Route;
use super::value::Value;

/// Marks a field that is asked for its pairs, each by itself.
pub(crate) const PAIRS: &str = "[]";

/// Returns what a field answers.
pub(crate) fn answer<'r>(record: &'r Record<'_>, route: Route, name: &str) -> Option<Value<'r>> {
    if let Some(bag) = name.strip_suffix(PAIRS) {
        return pouch_of(bag).map(|pouch| pairs(record.bag(pouch)));
    }
    let own = match route {
        Route::Unified => None,
        Route::Security => security::answer(record, name),
        Route::Directory => directory::answer(record, name),
        Route::SignIn => sign_in::answer(record, name),
        Route::Risk | Route::Pim => risk::answer(record, route, name),
        Route::Activity => activity::answer(record, name),
        Route::Kubernetes => return cluster::answer(record, name),
        Route::Storage | Route::Intune | Route::DevOps => None,
    };
    own.or_else(|| audit::answer(record, name))
        .or_else(|| in_bag(record, name))
        .or_else(|| record.path(name))
}

/// Returns whether a field's answer follows from the columns by which records are told apart
/// before any rule is asked.
pub(crate) fn is_settled(record: &Record<'_>, route: Route, name: &str) -> bool {
    match route {
        Route::Unified => matches!(name, "Operation" | "Workload" | "RecordType"),
        Route::Security => security::is_settled(record, name),
        Route::SignIn => sign_in::is_settled(record, name),
        Route::Kubernetes | Route::Pim | Route::Risk => false,
        Route::Directory if directory::is_settled(record, name) => true,
        Route::Directory | Route::Activity | Route::Intune | Route::DevOps | Route::Storage => {
            is_operation(route, name)
        }
    }
}

/// Returns the bag whose pairs a field names: `Parameters`, `TargetResources.ModifiedProperties`.
pub(crate) fn pouch_of(name: &str) -> Option<Pouch> {
    let last = name.rsplit('.').next().unwrap_or(name);
    Pouch::of_path(last)
        .filter(|(_, rest)| rest.is_empty())
        .map(|(pouch, _)| pouch)
}

/// Answers `Parameters`, `Parameters.ForwardTo`, `ModifiedProperties.DisplayName.NewValue`.
fn in_bag(record: &Record<'_>, name: &str) -> Option<Value<'static>> {
    let (pouch, rest) = Pouch::of_path(name)?;
    let bag = record.bag(pouch);
    if bag.is_empty() {
        return None;
    }
    let rest = rest.trim_start_matches('.');
    if rest.is_empty() {
        return Some(Value::text(flat(bag)));
    }
    let mut found = Vec::new();
    for one in bag {
        if let Some(value) = part(rest, &one.name, &one.value, &one.before) {
            found.push(value);
        }
    }
    Value::any_of(found)
}

/// Returns what a path behind a bag means for one of its pairs.
fn part(rest: &str, name: &str, value: &str, before: &str) -> Option<Value<'static>> {
    if rest.eq_ignore_ascii_case(name) {
        return Some(both(value));
    }
    let behind = rest
        .get(..name.len())
        .filter(|front| front.eq_ignore_ascii_case(name))
        .and_then(|front| rest[front.len()..].strip_prefix('.'));
    match leaf(behind.unwrap_or(rest))? {
        Leaf::Name => Some(Value::text(name.to_owned())),
        Leaf::Value => Some(both(value)),
        Leaf::Before => Some(both(before)),
    }
}

/// Which side of a pair a field asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Leaf {
    Name,
    Value,
    Before,
}

impl Leaf {
    /// Returns the key under which [`pairs`] gives it.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::Name => "Name",
            Self::Value => "Value",
            Self::Before => "OldValue",
        }
    }
}

/// Returns which side of a pair a last name asks for.
pub(crate) fn leaf(name: &str) -> Option<Leaf> {
    let is = |names: &[&str]| names.iter().any(|one| one.eq_ignore_ascii_case(name));
    if is(&["Name", "DisplayName", "Key"]) {
        return Some(Leaf::Name);
    }
    if is(&["Value", "NewValue"]) {
        return Some(Leaf::Value);
    }
    is(&["OldValue"]).then_some(Leaf::Before)
}
