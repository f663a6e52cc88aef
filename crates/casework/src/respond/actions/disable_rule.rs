//! An inbox rule is switched off, and kept as evidence.

use super::rules::{RULE_PERMISSIONS, all, by_graph, call, find, identity, seen, state};
use crate::respond::action::{About, Action, Reversible, Stage};
use crate::respond::object::Object;
use crate::respond::state::State;
use crate::respond::written::{object as json, quoted};
use model::{Ask, Change, Json, Reply, Verb};

const ABOUT: About = About {
    id: "disable-rule",
    title: "Disable inbox rule",
    sentence: "Switches an inbox rule off; it stays where it is.",
    permissions: RULE_PERMISSIONS,
    stage: Stage::Rules,
    reversible: Reversible::Partly(
        "where a cmdlet has to do it, because the rule is hidden or read-only, rules that only run in a desktop \
         Outlook are lost",
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
        Ok(vec![switch(object, false)])
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
            Some(true) => Ok(vec![switch(object, true)]),
            Some(false) => Ok(Vec::new()),
            None => Err("the rule was not there".to_owned()),
        }
    }

    fn manual(&self, object: &Object) -> String {
        let (mailbox, rule) = (quoted(&object.user), quoted(identity(object)));
        format!("Disable-InboxRule -Mailbox {mailbox} -Identity {rule} -Force")
    }
}

fn switch(object: &Object, on: bool) -> Change {
    let body = json(&[("isEnabled", Json::Bool(on))]);
    if let Some(change) = by_graph(object, Verb::Patch, Some(body)) {
        return change;
    }
    let more = [
        ("Force", Json::Bool(true)),
        ("AlwaysDeleteOutlookRulesBlob", Json::Bool(true)),
    ];
    let cmdlet = if on {
        "Enable-InboxRule"
    } else {
        "Disable-InboxRule"
    };
    call(object, cmdlet, &more)
}
