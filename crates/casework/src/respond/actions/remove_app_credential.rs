//! An application loses a secret or a certificate.

use crate::respond::action::{About, Action, Reversible, Stage};
use crate::respond::graph::{change, field, get, one, word};
use crate::respond::names::is_same;
use crate::respond::object::Object;
use crate::respond::state::State;
use crate::respond::written::{kept, object as json, part, quoted, text};
use model::{Ask, Change, Json, Reply, Verb};

const ABOUT: About = About {
    id: "remove-app-credential",
    title: "Remove application credential",
    sentence: "Removes a secret or a certificate from an application or its service principal.",
    permissions: &["Application.ReadWrite.All"],
    stage: Stage::Applications,
    reversible: Reversible::No("nobody can read a secret back; another one has to be made"),
    notices: "Whatever uses this secret or certificate stops working.",
    limits: "Tokens that were issued go on working until they end, up to an hour or more.",
    automatic: false,
    ticked: true,
    on_request: false,
    attack: &["T1098.001"],
};

/// Removes a credential. The object's extra says where it is: `holder` and, as `where`,
/// `applications` or `servicePrincipals`.
pub(crate) struct RemoveAppCredential;

const PASSWORDS: &str = "passwordCredentials";
const KEYS: &str = "keyCredentials";

impl Action for RemoveAppCredential {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn look(&self, object: &Object) -> Vec<Ask> {
        vec![get(format!(
            "{}?$select=id,{PASSWORDS},{KEYS}",
            holder(object)
        ))]
    }

    /// Of a certificate the others are kept too: they are sent again without it.
    fn seen(&self, object: &Object, replies: &[Reply]) -> Result<State, String> {
        let asked = format!("the credentials of {}", object.extra("holder"));
        let read = one(&ABOUT, &asked, replies.first(), |holder| {
            if !is_same(&word(holder, "id"), object.extra("holder")) {
                return Err(format!("graph was asked for {asked} and told of others"));
            }
            for kind in [PASSWORDS, KEYS] {
                let listed = field(holder, kind).items();
                let is_meant = |one: &&Json<'_>| is_same(&word(one, "keyId"), &object.id);
                let Some(found) = listed.iter().find(is_meant) else {
                    continue;
                };
                let state = ["displayName", "startDateTime", "endDateTime"]
                    .into_iter()
                    .fold(State::default(), |state, name| {
                        state.with(name, field(found, name))
                    })
                    .with_text("kind", kind);
                if kind == PASSWORDS {
                    return Ok(state);
                }
                let others = listed.iter().filter(|one| !is_meant(one)).cloned();
                return Ok(state.with("others", &Json::Array(others.collect())));
            }
            Ok(State::gone())
        });
        Ok(read?.unwrap_or_default())
    }

    fn change(&self, object: &Object, before: &State) -> Result<Vec<Change>, String> {
        let holder = holder(object);
        match before.word("kind").as_deref() {
            Some(PASSWORDS) => {
                let body = json(&[("keyId", text(&object.id))]);
                let path = format!("{holder}/removePassword");
                Ok(vec![change(Verb::Post, path, Some(body))])
            }
            // Removing a key by its own call needs a proof signed with another key.
            Some(KEYS) => {
                let body = json(&[(KEYS, kept(before.json("others")))]);
                Ok(vec![change(Verb::Patch, holder, Some(body))])
            }
            _ => Err("the credential is not there any more".to_owned()),
        }
    }

    fn wanted(&self, _: &Object, _: &State) -> State {
        State::gone()
    }

    fn manual(&self, object: &Object) -> String {
        let (id, key) = (quoted(object.extra("holder")), quoted(&object.id));
        if object.extra("where") == "servicePrincipals" {
            return format!(
                "Remove-MgServicePrincipalPassword -ServicePrincipalId {id} -KeyId {key}"
            );
        }
        format!("Remove-MgApplicationPassword -ApplicationId {id} -KeyId {key}")
    }
}

fn holder(object: &Object) -> String {
    let place = match object.extra("where") {
        "servicePrincipals" => "servicePrincipals",
        _ => "applications",
    };
    format!("/v1.0/{place}/{}", part(object.extra("holder")))
}
