//! A policy of conditional access shuts the account out, beside the switch of the account itself.

use crate::respond::action::{About, Action, Reversible, Stage};
use crate::respond::graph::{change, field, get, rows, word};
use crate::respond::names::is_same;
use crate::respond::object::Object;
use crate::respond::state::State;
use crate::respond::written::{list, nested, object as json, part, quoted, text};
use model::{Ask, Change, Reply, Verb};

const ABOUT: About = About {
    id: "block-by-policy",
    title: "Block by conditional access",
    sentence: "Makes a policy of conditional access that lets the account into no application.",
    permissions: &[
        "Policy.ReadWrite.ConditionalAccess",
        "Policy.Read.All",
        "Application.Read.All",
    ],
    stage: Stage::Block,
    reversible: Reversible::Yes,
    notices: "The person cannot sign in to anything, on any device.",
    limits: "Needs Entra ID P1, and security defaults have to be off. It holds for the next sign-in or the next \
             renewal of a token, and it stays when the account is switched on again by a synchronisation.",
    automatic: false,
    ticked: false,
    on_request: true,
    attack: &["T1078.004"],
};

/// How the policy stands: Graph's own word, or that there is none.
const FIELD: &str = "policy";
const NONE: &str = "none";
const ON: &str = "enabled";

const LIST: &str = "/v1.0/identity/conditionalAccess/policies";

/// Blocks an account by a policy of its own, which names nobody else. The object's extra `spared`
/// holds object ids that it must never hold for, by commas: accounts for emergencies.
pub(crate) struct BlockByPolicy;

/// What the policy is called: by that it is found again.
fn name(object: &Object) -> String {
    format!("IR-block {}", object.user)
}

impl Action for BlockByPolicy {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn look(&self, _: &Object) -> Vec<Ask> {
        vec![get(LIST)]
    }

    fn seen(&self, object: &Object, replies: &[Reply]) -> Result<State, String> {
        let asked = "the policies of conditional access";
        let read = rows(&ABOUT, asked, replies.first(), |policies| {
            let name = name(object);
            let found = policies
                .iter()
                .find(|one| is_same(&word(one, "displayName"), &name));
            let Some(found) = found else {
                return Ok(State::default().with_text(FIELD, NONE));
            };
            let users = field(field(found, "conditions"), "users");
            let whom = field(users, "includeUsers").items().iter();
            let whom: Vec<String> = whom
                .filter_map(|one| Some(one.as_word()?.to_owned()))
                .collect();
            Ok(State::default()
                .with_text(FIELD, &word(found, "state"))
                .with_text("id", &word(found, "id"))
                .with_set("includeUsers", &whom))
        });
        read?.ok_or_else(|| format!("{asked} are not there"))
    }

    fn change(&self, object: &Object, before: &State) -> Result<Vec<Change>, String> {
        if before.word(FIELD).as_deref() == Some(NONE) {
            return Ok(vec![change(Verb::Post, LIST, Some(policy(object)))]);
        }
        if !names(before, object) {
            let name = name(object);
            return Err(format!(
                "a policy {name} is there and holds for somebody else"
            ));
        }
        Ok(vec![set(before, ON)?])
    }

    fn wanted(&self, object: &Object, _: &State) -> State {
        State::default()
            .with_text(FIELD, ON)
            .with_text("id", "as Graph names it")
            .with_set("includeUsers", std::slice::from_ref(&object.id))
    }

    fn is_done(&self, object: &Object, _: &State, after: &State) -> bool {
        after.word(FIELD).as_deref() == Some(ON) && names(after, object)
    }

    fn undo_from(&self, _: &Object, before: &State, now: &State) -> Result<Vec<Change>, String> {
        if before.word(FIELD).as_deref() != Some(NONE) {
            let stood = before.word(FIELD).unwrap_or_default();
            return Ok(vec![set(now, &stood)?]);
        }
        let id = now.word("id").unwrap_or_default();
        if id.is_empty() {
            return Err("the policy is not there any more".to_owned());
        }
        let path = format!("{LIST}/{}", part(&id));
        Ok(vec![change(Verb::Delete, path, None)])
    }

    fn manual(&self, object: &Object) -> String {
        let body = quoted(&policy(object));
        format!("New-MgIdentityConditionalAccessPolicy -BodyParameter {body}")
    }
}

fn names(state: &State, object: &Object) -> bool {
    let own = State::default().with_set("includeUsers", std::slice::from_ref(&object.id));
    state.json("includeUsers") == own.json("includeUsers")
}

fn policy(object: &Object) -> String {
    let name = name(object);
    let spared = object.extra("spared").split(',');
    let spared = list(spared.filter(|id| !id.is_empty()));
    let users = nested(&[
        ("includeUsers", list([object.id.as_str()])),
        ("excludeUsers", spared),
    ]);
    let conditions = nested(&[
        ("users", users),
        (
            "applications",
            nested(&[("includeApplications", list(["All"]))]),
        ),
        ("clientAppTypes", list(["all"])),
    ]);
    let controls = nested(&[
        ("operator", text("OR")),
        ("builtInControls", list(["block"])),
    ]);
    json(&[
        ("displayName", text(&name)),
        ("state", text(ON)),
        ("conditions", conditions),
        ("grantControls", controls),
    ])
}

fn set(standing: &State, state: &str) -> Result<Change, String> {
    let id = standing.word("id").unwrap_or_default();
    if id.is_empty() {
        return Err("the policy is not there any more".to_owned());
    }
    let body = json(&[("state", text(state))]);
    Ok(change(
        Verb::Patch,
        format!("{LIST}/{}", part(&id)),
        Some(body),
    ))
}
