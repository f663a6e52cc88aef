//! How an account is read, and how it is called on premises.

use crate::respond::action::About;
use crate::respond::graph::{field, get, one};
use crate::respond::object::Object;
use crate::respond::state::State;
use crate::respond::written::{part, quoted};
use model::{Ask, Json, Reply};

/// What of an account is asked for.
const FIELDS: &str = "id,userPrincipalName,accountEnabled,onPremisesSyncEnabled,signInSessionsValidFromDateTime,lastPasswordChangeDateTime";

/// Asks for an account.
pub(super) fn look(object: &Object) -> Vec<Ask> {
    let id = part(&object.id);
    vec![get(format!("/v1.0/users/{id}?$select={FIELDS}"))]
}

/// Reads one field of an account: a field that the answer leaves out is not known, not empty.
pub(super) fn state(
    about: &About,
    object: &Object,
    replies: &[Reply],
    name: &'static str,
) -> Result<State, String> {
    let asked = format!("the account {}", object.user);
    let read = one(about, &asked, replies.first(), |account| {
        match field(account, name) {
            Json::Null => Err(format!("graph told of {asked} without {name}")),
            value => Ok(State::default().with(name, value)),
        }
    });
    read?.ok_or_else(|| format!("{asked} is not there"))
}

/// Returns whether the account is synchronised from on premises.
pub(super) fn is_synced(object: &Object) -> bool {
    object.extra("synced") == "yes"
}

/// Returns how the account is named for the cmdlets of Active Directory.
pub(super) fn on_premises_name(object: &Object) -> String {
    match object.extra("onPremises") {
        "" => quoted(object.user.split('@').next().unwrap_or_default()),
        name => quoted(name),
    }
}
