//! A mailbox is closed to every client.

use super::rights::mailbox;
use super::rules::PERMISSIONS;
use crate::respond::action::{About, Action, Reversible, Stage};
use crate::respond::exchange::{ask, change, field};
use crate::respond::object::Object;
use crate::respond::state::State;
use crate::respond::written::{kept, quoted, text};
use model::{Ask, Change, Json, Reply};

const ABOUT: About = About {
    id: "disable-protocols",
    title: "Close a mailbox to clients",
    sentence: "Closes a mailbox to the browser, Outlook, phones, IMAP, POP, EWS and authenticated SMTP.",
    permissions: PERMISSIONS,
    stage: Stage::Rules,
    reversible: Reversible::Yes,
    notices: "The person cannot open the mailbox with any program.",
    limits: "Can take hours to hold. Blocking sign-in and revoking sessions are quicker; this is for accounts that \
             cannot be blocked.",
    automatic: false,
    ticked: false,
    on_request: true,
    attack: &["T1114.002"],
};

/// Each switch and how it stands when the way is closed.
const SWITCHES: [(&str, bool); 10] = [
    ("OWAEnabled", false),
    ("ImapEnabled", false),
    ("PopEnabled", false),
    ("MAPIEnabled", false),
    ("EwsEnabled", false),
    ("ActiveSyncEnabled", false),
    ("OutlookMobileEnabled", false),
    ("MacOutlookEnabled", false),
    ("UniversalOutlookEnabled", false),
    // This one says what is off.
    ("SmtpClientAuthenticationDisabled", true),
];

/// Closes a mailbox to every client.
pub(crate) struct DisableProtocols;

impl Action for DisableProtocols {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn look(&self, object: &Object) -> Vec<Ask> {
        let identity = [("Identity", text(&object.user))];
        vec![ask(&object.tenant, "Get-CASMailbox", &identity)]
    }

    fn seen(&self, object: &Object, replies: &[Reply]) -> Result<State, String> {
        mailbox(&ABOUT, object, replies, |row| {
            let switches = SWITCHES.into_iter();
            Ok(switches.fold(State::default(), |state, (name, _)| {
                state.with(name, field(row, name))
            }))
        })
    }

    fn change(&self, object: &Object, _: &State) -> Result<Vec<Change>, String> {
        let values = SWITCHES.map(|(name, closed)| (name, Json::Bool(closed)));
        Ok(vec![set(object, values.into())])
    }

    fn wanted(&self, _: &Object, _: &State) -> State {
        let switches = SWITCHES.into_iter();
        switches.fold(State::default(), |state, (name, closed)| {
            state.with_truth(name, closed)
        })
    }

    /// What was never set is not set again: `null` is the tenant's own setting.
    fn undo(&self, object: &Object, before: &State) -> Result<Vec<Change>, String> {
        if before.is_gone() {
            return Err("it is not known which ways were open".to_owned());
        }
        let values = SWITCHES.map(|(name, _)| (name, kept(before.json(name))));
        Ok(vec![set(object, values.into())])
    }

    fn manual(&self, object: &Object) -> String {
        let switches = SWITCHES.map(|(name, closed)| format!(" -{name} ${closed}"));
        let mailbox = quoted(&object.user);
        format!("Set-CASMailbox -Identity {mailbox}{}", switches.concat())
    }
}

fn set(object: &Object, values: Vec<(&str, Json<'_>)>) -> Change {
    let mut parameters = vec![("Identity", text(&object.user))];
    parameters.extend(values);
    change(&object.tenant, "Set-CASMailbox", &parameters)
}
