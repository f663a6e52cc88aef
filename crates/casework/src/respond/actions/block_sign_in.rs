//! Nobody can sign in to the account any more.

use super::account::{is_synced, look, on_premises_name, state};
use crate::respond::action::{About, Action, Reversible, Stage};
use crate::respond::graph::change;
use crate::respond::object::Object;
use crate::respond::state::State;
use crate::respond::written::{object as json, part, quoted};
use model::{Ask, Change, Json, Reply, Verb};

const ABOUT: About = About {
    id: "block-sign-in",
    title: "Block sign-in",
    sentence: "Blocks the account, so that nobody can sign in to it.",
    permissions: &["User.EnableDisableAccount.All", "User.Read.All"],
    stage: Stage::Block,
    reversible: Reversible::Yes,
    notices: "The person cannot sign in anywhere; what is open goes on working for up to an hour.",
    limits: "Of an account that is synchronised from on premises the next synchronisation undoes it: it has to be \
             disabled there. For a holder of a directory role the application needs a role at least as high.",
    automatic: true,
    ticked: true,
    on_request: false,
    attack: &["T1078.004"],
};

const FIELD: &str = "accountEnabled";

/// Blocks sign-in.
pub(crate) struct BlockSignIn;

impl Action for BlockSignIn {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn look(&self, object: &Object) -> Vec<Ask> {
        look(object)
    }

    fn seen(&self, object: &Object, replies: &[Reply]) -> Result<State, String> {
        state(&ABOUT, object, replies, FIELD)
    }

    fn change(&self, object: &Object, _: &State) -> Result<Vec<Change>, String> {
        Ok(vec![set(object, false)])
    }

    fn wanted(&self, _: &Object, _: &State) -> State {
        State::default().with_truth(FIELD, false)
    }

    fn undo(&self, object: &Object, before: &State) -> Result<Vec<Change>, String> {
        match before.truth(FIELD) {
            Some(enabled) => Ok(vec![set(object, enabled)]),
            None => Err("it is not known whether the account was enabled".to_owned()),
        }
    }

    fn manual(&self, object: &Object) -> String {
        if is_synced(object) {
            let name = on_premises_name(object);
            return format!(
                "Disable-ADAccount -Identity {name}; Start-ADSyncSyncCycle -PolicyType Delta"
            );
        }
        let user = quoted(&object.user);
        format!("Update-MgUser -UserId {user} -AccountEnabled:$false")
    }
}

fn set(object: &Object, enabled: bool) -> Change {
    let body = json(&[(FIELD, Json::Bool(enabled))]);
    let path = format!("/v1.0/users/{}", part(&object.id));
    change(Verb::Patch, path, Some(body))
}
