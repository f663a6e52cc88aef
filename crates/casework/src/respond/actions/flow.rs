//! What concerns the organisation's mail on its way, as Exchange lists it.

use crate::respond::action::About;
use crate::respond::exchange::{rows, word};
use crate::respond::names::is_same;
use crate::respond::object::Object;
use crate::respond::state::State;
use model::{Json, Reply};

/// What Exchange needs for what concerns the organisation.
pub(super) const PERMISSIONS: &[&str] = &[
    "Exchange.ManageAsApp",
    "the directory role Exchange Administrator",
];

/// Reads a list and hands over the one of it that is meant, by its GUID or else its name.
pub(super) fn seen(
    about: &About,
    object: &Object,
    replies: &[Reply],
    state: impl FnOnce(&Json<'_>) -> State,
) -> Result<State, String> {
    let asked = format!("every {}", object.kind.name());
    let read = rows(about, &asked, replies.first(), |rows| {
        let found = rows.iter().find(|row| is_same(&id(row), &object.id));
        Ok(found.map_or_else(State::gone, state))
    });
    Ok(read?.unwrap_or_default())
}

/// Returns the id that a row is known by.
pub(crate) fn id(row: &Json<'_>) -> String {
    let names = ["Guid", "Identity", "Name"];
    let mut ids = names.into_iter().map(|name| word(row, name));
    ids.find(|id| !id.is_empty()).unwrap_or_default()
}
