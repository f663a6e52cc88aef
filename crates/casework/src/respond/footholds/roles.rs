//! Directory roles that somebody was given.

use super::targets::Told;
use super::{Foothold, FootholdKind, Sign, called, foothold};
use model::Event;

/// Reads a role that was given.
pub(super) fn read(event: &Event<'_>) -> Vec<Foothold> {
    let names = [
        "Add member to role",
        "Add role assignment to role definition",
    ];
    if !names
        .iter()
        .any(|one| event.action.eq_ignore_ascii_case(one))
    {
        return Vec::new();
    }
    let told = Told::read(event);
    let name = told.first_of(&["Role.DisplayName"]);
    let mut signs = vec![
        Sign::Permission(told.first_of(&["Role.TemplateId"]).to_lowercase()),
        Sign::Permission(told.first_of(&["Role.ObjectID"]).to_lowercase()),
    ];
    if !name.is_empty() {
        signs.push(Sign::Name(name.to_lowercase()));
    }
    let application = told.id("ServicePrincipal");
    if !application.is_empty() {
        signs.push(Sign::Principal(application.to_owned()));
        let (app, role) = (called(told.name()), called(&name));
        let what = format!("gave the application {app} the directory role {role}");
        return vec![foothold(event, FootholdKind::Role, "", signs, &what)];
    }
    let whom = told.whom(event);
    let what = format!("gave {whom} the directory role {}", called(&name));
    vec![foothold(event, FootholdKind::Role, &whom, signs, &what)]
}
