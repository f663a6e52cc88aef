//! An application is switched off in the tenant, and kept as evidence.

use super::enabled::{Switch, wanted};
use crate::respond::action::{About, Action, Reversible, Stage};
use crate::respond::object::Object;
use crate::respond::state::State;
use crate::respond::written::quoted;
use model::{Ask, Change, Reply};

const ABOUT: About = About {
    id: "disable-service-principal",
    title: "Disable application",
    sentence: "Switches an application off for the whole tenant; it stays as evidence.",
    permissions: &["Application.ReadWrite.All"],
    stage: Stage::Applications,
    reversible: Reversible::Yes,
    notices: "Nobody in the tenant can use the application any more.",
    limits: "Tokens that were issued go on working until they end. Microsoft's own applications are left alone.",
    automatic: false,
    ticked: true,
    on_request: false,
    attack: &["T1528", "T1098.001"],
};

/// The tenants that Microsoft's own applications belong to.
const MICROSOFT: [&str; 2] = [
    "f8cdef31-a31e-4b4a-93e4-5f571e91255a",
    "72f988bf-86f1-41af-91ab-2d7cd011db47",
];

const PRINCIPAL: Switch = Switch {
    collection: "servicePrincipals",
    select: "id,appId,displayName,accountEnabled",
    name: "application",
};

/// Disables a service principal.
pub(crate) struct DisableServicePrincipal;

/// Returns whether a tenant is one of Microsoft's own.
pub(crate) fn is_microsofts(owner: &str) -> bool {
    MICROSOFT.iter().any(|id| id.eq_ignore_ascii_case(owner))
}

impl Action for DisableServicePrincipal {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn look(&self, object: &Object) -> Vec<Ask> {
        PRINCIPAL.look(object)
    }

    fn seen(&self, object: &Object, replies: &[Reply]) -> Result<State, String> {
        PRINCIPAL.seen(&ABOUT, object, replies)
    }

    fn change(&self, object: &Object, before: &State) -> Result<Vec<Change>, String> {
        if is_microsofts(object.extra("owner")) {
            return Err("it is an application of Microsoft's own".to_owned());
        }
        PRINCIPAL.off(object, before)
    }

    fn wanted(&self, _: &Object, before: &State) -> State {
        wanted(before)
    }

    fn undo(&self, object: &Object, before: &State) -> Result<Vec<Change>, String> {
        PRINCIPAL.back(object, before)
    }

    fn manual(&self, object: &Object) -> String {
        let id = quoted(&object.id);
        format!("Update-MgServicePrincipal -ServicePrincipalId {id} -AccountEnabled:$false")
    }
}
