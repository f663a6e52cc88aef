//! Every session of the account ends.

use super::account::{look, state};
use crate::respond::action::{About, Action, Reversible, Stage};
use crate::respond::graph::change;
use crate::respond::object::Object;
use crate::respond::state::State;
use crate::respond::written::{part, quoted};
use model::{Ask, Change, Reply, Verb};

const ABOUT: About = About {
    id: "revoke-sessions",
    title: "Revoke sessions",
    sentence: "Ends every session: refresh tokens and browser cookies stop working.",
    permissions: &["User.RevokeSessions.All", "User.Read.All"],
    stage: Stage::Revoke,
    reversible: Reversible::No("an ended session does not come back; the person signs in again"),
    notices: "The person has to sign in again on every device.",
    limits: "Access tokens go on working for up to an hour where continuous access evaluation is not in use; it \
             takes some minutes; guests keep the sessions of their own tenant.",
    automatic: true,
    ticked: true,
    on_request: false,
    attack: &["T1550.001", "T1539"],
};

const FIELD: &str = "signInSessionsValidFromDateTime";

/// Revokes sessions.
pub(crate) struct RevokeSessions;

impl Action for RevokeSessions {
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
        let path = format!("/v1.0/users/{}/revokeSignInSessions", part(&object.id));
        Ok(vec![change(Verb::Post, path, None)])
    }

    fn wanted(&self, _: &Object, _: &State) -> State {
        State::default().with_text(FIELD, "the moment of the revocation")
    }

    /// The moment moved forward: spelled alike, later moments sort behind.
    fn is_done(&self, _: &Object, before: &State, after: &State) -> bool {
        match (before.word(FIELD), after.word(FIELD)) {
            (Some(before), Some(after)) => is_later(&after, &before),
            _ => false,
        }
    }

    fn manual(&self, object: &Object) -> String {
        format!(
            "Revoke-MgUserSignInSession -UserId {}",
            quoted(&object.user)
        )
    }
}

/// Returns whether one moment in RFC 3339 UTC is later than another: the fraction of a second may
/// be there or not.
pub(super) fn is_later(left: &str, right: &str) -> bool {
    let parts = |text: &str| {
        let text = text.trim_end_matches('Z');
        let (second, fraction) = text.split_once('.').unwrap_or((text, ""));
        (second.to_owned(), fraction.trim_end_matches('0').to_owned())
    };
    parts(left) > parts(right)
}
