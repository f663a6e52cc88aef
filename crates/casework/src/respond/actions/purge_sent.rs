//! Fraud that was sent to colleagues is taken out of their mailboxes: by a person, not from here.

use crate::respond::action::{About, Action, Reversible, Stage};
use crate::respond::object::Object;
use crate::respond::state::State;
use crate::respond::written::quoted;
use model::{Ask, Change, Reply};

const ABOUT: About = About {
    id: "purge-sent",
    title: "Purge sent fraud",
    sentence: "Takes messages that the intruder sent out of the mailboxes of colleagues.",
    permissions: &["the eDiscovery role group with Search And Purge, held by a person"],
    stage: Stage::Links,
    reversible: Reversible::Partly("a soft deletion can be restored for 14 to 30 days"),
    notices: "The messages disappear from the mailboxes of everybody in the organisation.",
    limits: "An application by itself is not let to do it: a person runs the commands. Ten messages a mailbox at \
             most each time; mailboxes outside the organisation are not reached.",
    automatic: false,
    ticked: false,
    on_request: true,
    attack: &["T1534"],
};

/// Purges what was sent. It only tells what to type.
pub(crate) struct PurgeSent;

const BY_HAND: &str = "an application by itself is not let to purge mail: a person with the role Search And Purge runs the commands";

impl Action for PurgeSent {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn look(&self, _: &Object) -> Vec<Ask> {
        Vec::new()
    }

    fn seen(&self, _: &Object, _: &[Reply]) -> Result<State, String> {
        Err(BY_HAND.to_owned())
    }

    fn change(&self, _: &Object, _: &State) -> Result<Vec<Change>, String> {
        Err(BY_HAND.to_owned())
    }

    fn wanted(&self, _: &Object, _: &State) -> State {
        State::gone()
    }

    fn is_done(&self, _: &Object, _: &State, _: &State) -> bool {
        false
    }

    fn undo(&self, _: &Object, _: &State) -> Result<Vec<Change>, String> {
        Err(BY_HAND.to_owned())
    }

    /// The object's extra may narrow it: `from` and `until`, as `2026-03-11`. It finds nothing
    /// until a person has put the subject in: the owner's own mail is from the same address.
    fn manual(&self, object: &Object) -> String {
        let mut query = format!("from:{}", object.user);
        for (key, sign) in [("from", ">="), ("until", "<=")] {
            if !object.extra(key).is_empty() {
                query.push_str(" AND sent");
                query.push_str(sign);
                query.push_str(object.extra(key));
            }
        }
        query.push_str(" AND subject:\"PUT THE SUBJECT OF THE FRAUD HERE\"");
        let query = quoted(&query);
        format!(
            "Connect-IPPSSession; New-ComplianceSearch -Name 'sent-fraud' -ExchangeLocation All -ContentMatchQuery {query}; \
             Start-ComplianceSearch -Identity 'sent-fraud'; \
             New-ComplianceSearchAction -SearchName 'sent-fraud' -Purge -PurgeType SoftDelete"
        )
    }
}
