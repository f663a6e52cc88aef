//! The account gets another password.

use super::account::{is_synced, look, on_premises_name, state};
use super::revoke_sessions::is_later;
use crate::respond::action::{About, Action, Reversible, Stage};
use crate::respond::graph::change;
use crate::respond::object::Object;
use crate::respond::secret::Sealed;
use crate::respond::state::State;
use crate::respond::written::{nested, object as json, part, quoted, text};
use model::{Ask, Change, Json, Reply, Secret, Verb};

const ABOUT: About = About {
    id: "reset-password",
    title: "Reset password",
    sentence: "Gives the account a new password that has to be changed at the next sign-in.",
    permissions: &["User-PasswordProfile.ReadWrite.All", "User.Read.All"],
    stage: Stage::Password,
    reversible: Reversible::No("nobody knows the password that was"),
    notices: "The old password stops working; the new one is handed over by voice or in person.",
    limits: "Not for accounts that are synchronised from on premises: it is reset there. For a holder of a directory \
             role the application needs a role at least as high. By itself it does not end sessions.",
    automatic: false,
    ticked: true,
    on_request: false,
    attack: &["T1078.004", "T1110"],
};

const FIELD: &str = "lastPasswordChangeDateTime";

/// Resets the password. The secret is in the request alone, never in a state.
pub(crate) struct ResetPassword;

impl Action for ResetPassword {
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
        refuse_synced(object)?;
        Err("a new password has to be made first".to_owned())
    }

    fn needs_secret(&self) -> bool {
        true
    }

    fn change_with(&self, object: &Object, _: &State, secret: &Secret) -> Result<Sealed, String> {
        refuse_synced(object)?;
        let profile = nested(&[
            ("password", text(secret.reveal())),
            ("forceChangePasswordNextSignIn", Json::Bool(true)),
        ]);
        // A call of its own: together with the block, a refusal of one would be a refusal of both.
        let body = json(&[("passwordProfile", profile)]);
        let path = format!("/v1.0/users/{}", part(&object.id));
        Ok(Sealed::new(change(Verb::Patch, path, Some(body))))
    }

    fn wanted(&self, _: &Object, _: &State) -> State {
        State::default().with_text(FIELD, "the moment of the reset")
    }

    fn is_done(&self, _: &Object, before: &State, after: &State) -> bool {
        match (before.word(FIELD), after.word(FIELD)) {
            (Some(before), Some(after)) => is_later(&after, &before),
            _ => false,
        }
    }

    fn manual(&self, object: &Object) -> String {
        if is_synced(object) {
            let name = on_premises_name(object);
            return format!(
                "Set-ADAccountPassword -Identity {name} -Reset; Set-ADUser -Identity {name} -ChangePasswordAtLogon $true; \
                 Start-ADSyncSyncCycle -PolicyType Delta"
            );
        }
        let user = quoted(&object.user);
        format!(
            "Update-MgUser -UserId {user} -PasswordProfile @{{ Password = (Read-Host); ForceChangePasswordNextSignIn = $true }}"
        )
    }
}

fn refuse_synced(object: &Object) -> Result<(), String> {
    if is_synced(object) {
        let words = "the account is synchronised from on premises: the password is reset there";
        return Err(words.to_owned());
    }
    Ok(())
}
