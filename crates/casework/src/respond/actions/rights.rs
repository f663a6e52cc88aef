//! Mailboxes and the rights over them, as Exchange lists them.

use crate::respond::action::About;
use crate::respond::exchange::{field, rows, word, words};
use crate::respond::names::is_same;
use crate::respond::object::Object;
use crate::respond::state::State;
use model::{Json, Reply};

/// Reads the one mailbox that was asked for.
pub(super) fn mailbox(
    about: &About,
    object: &Object,
    replies: &[Reply],
    read: impl FnOnce(&Json<'_>) -> Result<State, String>,
) -> Result<State, String> {
    let asked = format!("the mailbox {}", object.user);
    let read = rows(about, &asked, replies.first(), |rows| match rows {
        [row] => read(row),
        [] => Err(format!("exchange answered nothing about {asked}")),
        _ => Err(format!("exchange answered several for {asked}")),
    });
    read?.ok_or_else(|| format!("{asked} is not there"))
}

/// Reads who has which rights: what is inherited, or denies, is not what is removed.
pub(super) fn held(
    about: &About,
    object: &Object,
    replies: &[Reply],
    holder: &str,
) -> Result<State, String> {
    let asked = format!("the rights over {}", object.user);
    let read = rows(about, &asked, replies.first(), |rows| {
        let found = rows
            .iter()
            .find(|row| is_same(&word(row, holder), &object.id) && is_own_grant(row));
        Ok(found.map_or_else(State::gone, |row| {
            let state = State::default().with_set("AccessRights", &words(row, "AccessRights"));
            // The right to send as somebody is never inherited, and is given without a word on it.
            match holder {
                "User" => state.with_text("InheritanceType", &word(row, "InheritanceType")),
                _ => state,
            }
        }))
    });
    read?.ok_or_else(|| format!("the mailbox {} is not there", object.user))
}

/// Returns whether a row gives a right, at this mailbox.
pub(crate) fn is_own_grant(row: &Json<'_>) -> bool {
    let says = |name: &str| field(row, name).as_truth() == Some(true);
    let denies = is_same(&word(row, "AccessControlType"), "Deny");
    !says("IsInherited") && !says("Inherited") && !says("Deny") && !denies
}
