//! An inbox rule is switched off, and kept as evidence.

use super::rules::{PERMISSIONS, all, call, find, identity, seen, state};
use crate::respond::action::{About, Action, Reversible, Stage};
use crate::respond::object::Object;
use crate::respond::state::State;
use crate::respond::written::quoted;
use model::{Ask, Change, Json, Reply};

const ABOUT: About = About {
    id: "disable-rule",
    title: "Disable inbox rule",
    sentence: "Switches an inbox rule off; it stays where it is.",
    permissions: PERMISSIONS,
    stage: Stage::Rules,
    reversible: Reversible::Partly(
        "rules that only run in a desktop Outlook are lost with any change of rules by a cmdlet",
    ),
    notices: "Mail that the rule moved, deleted or forwarded arrives in the inbox.",
    limits: "Rules of delegates (`Delegate Rule -n`) cannot be switched off; what the rule did already stays done.",
    automatic: true,
    ticked: true,
    on_request: false,
    attack: &["T1564.008", "T1114.003"],
};

/// Disables an inbox rule.
pub(crate) struct DisableRule;

impl Action for DisableRule {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn look(&self, object: &Object) -> Vec<Ask> {
        vec![all(&object.tenant, &object.user)]
    }

    fn seen(&self, object: &Object, replies: &[Reply]) -> Result<State, String> {
        seen(&ABOUT, object, replies, |rules| {
            Ok(find(rules, object)?.map_or_else(State::gone, state))
        })
    }

    fn change(&self, object: &Object, before: &State) -> Result<Vec<Change>, String> {
        if object.name.starts_with("Delegate Rule ") {
            return Err(
                "a rule of a delegate cannot be switched off: remove the delegate".to_owned(),
            );
        }
        if before.is_gone() {
            return Err("the rule is not there any more".to_owned());
        }
        Ok(vec![switch(object, "Disable-InboxRule")])
    }

    fn wanted(&self, _: &Object, before: &State) -> State {
        if before.is_gone() {
            return State::gone();
        }
        before.clone().with_truth("Enabled", false)
    }

    /// A rule that has gone in the meantime does nothing any more.
    fn is_done(&self, object: &Object, before: &State, after: &State) -> bool {
        after.is_gone() || *after == self.wanted(object, before)
    }

    fn undo(&self, object: &Object, before: &State) -> Result<Vec<Change>, String> {
        match before.truth("Enabled") {
            Some(true) => Ok(vec![switch(object, "Enable-InboxRule")]),
            Some(false) => Ok(Vec::new()),
            None => Err("the rule was not there".to_owned()),
        }
    }

    fn manual(&self, object: &Object) -> String {
        let (mailbox, rule) = (quoted(&object.user), quoted(identity(object)));
        format!("Disable-InboxRule -Mailbox {mailbox} -Identity {rule} -Force")
    }
}

fn switch(object: &Object, cmdlet: &'static str) -> Change {
    let more = [
        ("Force", Json::Bool(true)),
        ("AlwaysDeleteOutlookRulesBlob", Json::Bool(true)),
    ];
    call(object, cmdlet, &more)
}
