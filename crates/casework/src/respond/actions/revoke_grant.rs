//! An application loses what a person, or an administrator for everybody, let it do.

use crate::respond::action::{About, Action, Reversible, Stage};
use crate::respond::graph::{change, field, get, rows, word};
use crate::respond::names::is_same;
use crate::respond::object::Object;
use crate::respond::state::State;
use crate::respond::written::{kept, literal, object as json, part, quoted, text};
use model::{Ask, Change, Json, Reply, Verb};

const ABOUT: About = About {
    id: "revoke-grant",
    title: "Revoke delegated grant",
    sentence: "Takes from an application what it was allowed to do in the name of a person, or of everybody.",
    permissions: &["DelegatedPermissionGrant.ReadWrite.All"],
    stage: Stage::Applications,
    reversible: Reversible::Partly("the grant is made anew with another id"),
    notices: "The application stops working for the person, or for everybody where it was granted for all.",
    limits: "Tokens that were issued go on working until they end, up to an hour or more: sessions are revoked \
             beside it. The person can consent again where the tenant allows that.",
    automatic: false,
    ticked: true,
    on_request: false,
    attack: &["T1528", "T1098.003"],
};

/// Revokes a delegated grant. There is one for each application, resource and person: by these it
/// is known, for one that is made anew has another id.
pub(crate) struct RevokeGrant;

impl Action for RevokeGrant {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn look(&self, object: &Object) -> Vec<Ask> {
        let clause = |field: &str, value: &str| format!("{field}%20eq%20{}", literal(value));
        let whom = match object.extra("principalId") {
            "" => clause("consentType", "AllPrincipals"),
            principal => clause("principalId", principal),
        };
        let client = clause("clientId", object.extra("clientId"));
        let path = format!("/v1.0/oauth2PermissionGrants?$filter={client}%20and%20{whom}");
        vec![get(path)]
    }

    fn seen(&self, object: &Object, replies: &[Reply]) -> Result<State, String> {
        let asked = format!("the grants of the application {}", object.extra("clientId"));
        let read = rows(&ABOUT, &asked, replies.first(), |grants| {
            let found = grants.iter().find(|grant| is_meant(object, grant));
            Ok(found.map_or_else(State::gone, |grant| {
                ["consentType", "scope"]
                    .into_iter()
                    .fold(State::default(), |state, name| {
                        state.with(name, field(grant, name))
                    })
            }))
        });
        Ok(read?.unwrap_or_default())
    }

    fn change(&self, object: &Object, before: &State) -> Result<Vec<Change>, String> {
        if before.is_gone() {
            return Err("the grant is not there any more".to_owned());
        }
        let path = format!("/v1.0/oauth2PermissionGrants/{}", part(&object.id));
        Ok(vec![change(Verb::Delete, path, None)])
    }

    fn wanted(&self, _: &Object, _: &State) -> State {
        State::gone()
    }

    fn undo(&self, object: &Object, before: &State) -> Result<Vec<Change>, String> {
        if before.is_gone() {
            return Ok(Vec::new());
        }
        let principal = match object.extra("principalId") {
            "" => Json::Null,
            id => text(id),
        };
        let body = json(&[
            ("clientId", text(object.extra("clientId"))),
            ("consentType", kept(before.json("consentType"))),
            ("principalId", principal),
            ("resourceId", text(object.extra("resourceId"))),
            ("scope", kept(before.json("scope"))),
        ]);
        let path = "/v1.0/oauth2PermissionGrants";
        Ok(vec![change(Verb::Post, path, Some(body))])
    }

    fn manual(&self, object: &Object) -> String {
        let id = quoted(&object.id);
        format!("Remove-MgOauth2PermissionGrant -OAuth2PermissionGrantId {id}")
    }
}

fn is_meant(object: &Object, grant: &Json<'_>) -> bool {
    let is = |name: &str| is_same(&word(grant, name), object.extra(name));
    let is_whom = match object.extra("principalId") {
        "" => word(grant, "consentType") == "AllPrincipals",
        _ => is("principalId"),
    };
    is("clientId") && is("resourceId") && is_whom
}
