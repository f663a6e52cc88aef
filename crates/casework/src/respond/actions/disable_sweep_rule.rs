//! A sweep rule is switched off.

use super::rules::PERMISSIONS;
use crate::respond::action::{About, Action, Reversible, Stage};
use crate::respond::exchange::{ask, change, field, rows, word};
use crate::respond::names::is_same;
use crate::respond::object::Object;
use crate::respond::state::State;
use crate::respond::written::{quoted, text};
use model::{Ask, Change, Json, Reply};

const ABOUT: About = About {
    id: "disable-sweep-rule",
    title: "Disable sweep rule",
    sentence: "Switches off a rule that sweeps mail of a sender into a folder.",
    permissions: PERMISSIONS,
    stage: Stage::Rules,
    reversible: Reversible::Yes,
    notices: "Mail of that sender stays in the inbox.",
    limits: "What was swept already stays where it is.",
    automatic: false,
    ticked: true,
    on_request: false,
    attack: &["T1564.008"],
};

/// Disables a sweep rule.
pub(crate) struct DisableSweepRule;

/// Asks for the sweep rules of a mailbox.
pub(crate) fn all(tenant: &str, mailbox: &str) -> Ask {
    ask(tenant, "Get-SweepRule", &[("Mailbox", text(mailbox))])
}

/// Returns the id by which a sweep rule is called.
pub(crate) fn id(rule: &Json<'_>) -> String {
    let id = word(rule, "RuleId");
    if id.is_empty() {
        word(rule, "Identity")
    } else {
        id
    }
}

impl Action for DisableSweepRule {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn look(&self, object: &Object) -> Vec<Ask> {
        vec![all(&object.tenant, &object.user)]
    }

    fn seen(&self, object: &Object, replies: &[Reply]) -> Result<State, String> {
        let asked = format!("the sweep rules of {}", object.user);
        let read = rows(&ABOUT, &asked, replies.first(), |rules| {
            let found = rules.iter().find(|rule| is_same(&id(rule), &object.id));
            Ok(found.map_or_else(State::gone, state))
        });
        read?.ok_or_else(|| format!("the mailbox {} is not there", object.user))
    }

    fn change(&self, object: &Object, before: &State) -> Result<Vec<Change>, String> {
        if before.is_gone() {
            return Err("the rule is not there any more".to_owned());
        }
        Ok(vec![switch(object, "Disable-SweepRule")])
    }

    fn wanted(&self, _: &Object, before: &State) -> State {
        if before.is_gone() {
            return State::gone();
        }
        before.clone().with_truth("Enabled", false)
    }

    fn undo(&self, object: &Object, before: &State) -> Result<Vec<Change>, String> {
        match before.truth("Enabled") {
            Some(true) => Ok(vec![switch(object, "Enable-SweepRule")]),
            Some(false) => Ok(Vec::new()),
            None => Err("the rule was not there".to_owned()),
        }
    }

    fn manual(&self, object: &Object) -> String {
        let (mailbox, rule) = (quoted(&object.user), quoted(&object.id));
        format!("Disable-SweepRule -Mailbox {mailbox} -Identity {rule}")
    }
}

fn state(rule: &Json<'_>) -> State {
    let fields = ["Name", "Sender", "DestinationFolder", "SourceFolder"];
    let enabled = field(rule, "Enabled").as_truth().unwrap_or(true);
    let state = State::default().with_truth("Enabled", enabled);
    fields
        .into_iter()
        .fold(state, |state, name| state.with(name, field(rule, name)))
}

fn switch(object: &Object, cmdlet: &'static str) -> Change {
    let parameters = [
        ("Mailbox", text(&object.user)),
        ("Identity", text(&object.id)),
        ("Confirm", Json::Bool(false)),
    ];
    change(&object.tenant, cmdlet, &parameters)
}
