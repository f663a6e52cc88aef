//! What an account does in mailboxes is recorded again.

use super::flow::PERMISSIONS;
use super::rights::mailbox;
use crate::respond::action::{About, Action, Reversible, Stage};
use crate::respond::exchange::{ask, change, field};
use crate::respond::object::Object;
use crate::respond::state::State;
use crate::respond::written::{quoted, text};
use model::{Ask, Change, Json, Reply};

const ABOUT: About = About {
    id: "end-audit-bypass",
    title: "End audit bypass",
    sentence: "Has what an account does in mailboxes recorded again.",
    permissions: PERMISSIONS,
    stage: Stage::Permissions,
    reversible: Reversible::Yes,
    notices: "Nobody notices anything; the log grows.",
    limits: "What was done meanwhile is in no log and never will be.",
    automatic: false,
    ticked: true,
    on_request: false,
    attack: &["T1562.008"],
};

const FIELD: &str = "AuditBypassEnabled";

/// Ends an audit bypass.
pub(crate) struct EndAuditBypass;

/// Asks whether what an account does is left out of the log.
pub(crate) fn one(tenant: &str, account: &str) -> Ask {
    let identity = [("Identity", text(account))];
    ask(tenant, "Get-MailboxAuditBypassAssociation", &identity)
}

impl Action for EndAuditBypass {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn look(&self, object: &Object) -> Vec<Ask> {
        vec![one(&object.tenant, &object.user)]
    }

    fn seen(&self, object: &Object, replies: &[Reply]) -> Result<State, String> {
        mailbox(&ABOUT, object, replies, |row| {
            match field(row, FIELD).as_truth() {
                Some(on) => Ok(State::default().with_truth(FIELD, on)),
                None => Err(format!("exchange told of {} without {FIELD}", object.user)),
            }
        })
    }

    fn change(&self, object: &Object, _: &State) -> Result<Vec<Change>, String> {
        Ok(vec![set(object, false)])
    }

    fn wanted(&self, _: &Object, _: &State) -> State {
        State::default().with_truth(FIELD, false)
    }

    fn undo(&self, object: &Object, before: &State) -> Result<Vec<Change>, String> {
        match before.truth(FIELD) {
            Some(on) => Ok(vec![set(object, on)]),
            None => Err("it is not known whether the account was left out".to_owned()),
        }
    }

    fn manual(&self, object: &Object) -> String {
        let account = quoted(&object.user);
        format!("Set-MailboxAuditBypassAssociation -Identity {account} -AuditBypassEnabled $false")
    }
}

fn set(object: &Object, on: bool) -> Change {
    let parameters = [("Identity", text(&object.user)), (FIELD, Json::Bool(on))];
    change(
        &object.tenant,
        "Set-MailboxAuditBypassAssociation",
        &parameters,
    )
}
