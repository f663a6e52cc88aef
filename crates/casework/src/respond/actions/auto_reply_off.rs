//! A mailbox answers by itself no more.

use super::rights::mailbox;
use super::rules::PERMISSIONS;
use crate::respond::action::{About, Action, Reversible, Stage};
use crate::respond::exchange::{ask, change, field};
use crate::respond::object::Object;
use crate::respond::state::State;
use crate::respond::written::{kept, quoted, text};
use model::{Ask, Change, Reply};

const ABOUT: About = About {
    id: "auto-reply-off",
    title: "Switch automatic replies off",
    sentence: "Switches off the automatic reply of a mailbox; its texts are kept for the undo.",
    permissions: PERMISSIONS,
    stage: Stage::Rules,
    reversible: Reversible::Yes,
    notices: "Senders get no automatic reply.",
    limits: "An absence note of the owner's is switched off with it.",
    automatic: false,
    ticked: true,
    on_request: false,
    attack: &["T1534"],
};

const CMDLET: &str = "Get-MailboxAutoReplyConfiguration";

const FIELDS: [&str; 6] = [
    "AutoReplyState",
    "InternalMessage",
    "ExternalMessage",
    "ExternalAudience",
    "StartTime",
    "EndTime",
];

/// Switches automatic replies off.
pub(crate) struct AutoReplyOff;

/// Asks for the automatic reply of a mailbox.
pub(crate) fn one(tenant: &str, mailbox: &str) -> Ask {
    ask(tenant, CMDLET, &[("Identity", text(mailbox))])
}

impl Action for AutoReplyOff {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn look(&self, object: &Object) -> Vec<Ask> {
        vec![one(&object.tenant, &object.user)]
    }

    fn seen(&self, object: &Object, replies: &[Reply]) -> Result<State, String> {
        mailbox(&ABOUT, object, replies, |row| {
            let fields = FIELDS.into_iter();
            Ok(fields.fold(State::default(), |state, name| {
                state.with(name, field(row, name))
            }))
        })
    }

    fn change(&self, object: &Object, _: &State) -> Result<Vec<Change>, String> {
        let parameters = [
            ("Identity", text(&object.user)),
            ("AutoReplyState", text("Disabled")),
        ];
        Ok(vec![change(
            &object.tenant,
            "Set-MailboxAutoReplyConfiguration",
            &parameters,
        )])
    }

    fn wanted(&self, _: &Object, before: &State) -> State {
        before.clone().with_text("AutoReplyState", "Disabled")
    }

    /// Exchange moves the times of a reply that is off.
    fn is_done(&self, _: &Object, _: &State, after: &State) -> bool {
        after.word("AutoReplyState").as_deref() == Some("Disabled")
    }

    fn undo(&self, object: &Object, before: &State) -> Result<Vec<Change>, String> {
        let Some(was) = before.word("AutoReplyState") else {
            return Err("it is not known how the automatic reply stood".to_owned());
        };
        let is_scheduled = was == "Scheduled";
        let mut parameters = vec![("Identity", text(&object.user))];
        for name in FIELDS {
            let is_time = name.ends_with("Time");
            if before.json(name).is_some_and(|json| json != "null") && (is_scheduled || !is_time) {
                parameters.push((name, kept(before.json(name))));
            }
        }
        Ok(vec![change(
            &object.tenant,
            "Set-MailboxAutoReplyConfiguration",
            &parameters,
        )])
    }

    fn is_undone(&self, _: &Object, before: &State, after: &State) -> bool {
        let texts = &FIELDS[..4];
        texts
            .iter()
            .all(|name| before.json(name) == after.json(name))
    }

    fn manual(&self, object: &Object) -> String {
        let mailbox = quoted(&object.user);
        format!("Set-MailboxAutoReplyConfiguration -Identity {mailbox} -AutoReplyState Disabled")
    }
}
