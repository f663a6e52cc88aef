//! Authentication methods. None comes back: whoever lost one registers anew.

use serde_json::json;

use super::{Made, Note};
use crate::graph::{Visit, methods};
use crate::person::Method;
use crate::verbs::Target;
use crate::wire::Answer;

/// `DELETE .../authentication/{kind}Methods/{id}`: the default one only when it is the last.
pub(super) fn remove(visit: &Visit<'_>) -> Made {
    let place = visit.named()?;
    let (kind, id) = (visit.part(3), visit.part(4));
    let user = &visit.tenant.users[place];
    let mut known = user.methods.iter();
    let found = known.position(|method| method.id == id && methods::collection_of(method) == kind);
    let Some(found) = found else {
        return Err(visit.error(404, "resourceNotFound", "Authentication method not found."));
    };
    if found == 0 && user.methods.len() > 1 {
        let text = "Cannot delete default method with other methods configured: it matches the user's current \
                    default authentication method.";
        return Err(visit.error(400, "badRequest", text));
    }
    visit.cloud.change(visit.place, |tenant| {
        tenant.users[place].methods.retain(|method| method.id != id);
    });
    note(
        visit,
        "Admin deleted security info",
        place,
        &user.methods[found],
    );
    Ok(Answer::empty(204))
}

fn note(visit: &Visit<'_>, operation: &str, place: usize, method: &Method) {
    visit.note(Note {
        operation,
        category: "AuthenticationMethods",
        event: "User",
        target: Target::user(&visit.tenant.users[place]),
        modified: vec![(
            "StrongAuthenticationMethod",
            String::new(),
            format!("{}: {}", method.kind, method.detail),
        )],
    });
}

/// `POST .../authentication/phoneMethods`: the one that an administrator can give back.
pub(super) fn add_phone(visit: &Visit<'_>) -> Made {
    let place = visit.named()?;
    let body = visit.body()?;
    let (Some(number), Some("mobile")) = (body["phoneNumber"].as_str(), body["phoneType"].as_str())
    else {
        return Err(visit.error(400, "badRequest", "Invalid phone number or phone type."));
    };
    let user = &visit.tenant.users[place];
    let has = |method: &&Method| methods::collection_of(method) == "phoneMethods";
    if user.methods.iter().any(|method| has(&method)) {
        let text = "The user already has a phone method of this type.";
        return Err(visit.error(400, "badRequest", text));
    }
    let method = Method {
        id: visit.cloud.chance_of("method").guid(),
        kind: "OneWaySms".to_owned(),
        detail: number.to_owned(),
        registered: visit.cloud.now(),
    };
    visit.cloud.change(visit.place, |tenant| {
        tenant.users[place].methods.push(method.clone());
    });
    note(visit, "Admin registered security info", place, &method);
    Ok(Answer::json(201, &methods::method(&method)))
}

/// `resetPassword`: only for a person who is signed in.
pub(super) fn reset(visit: &Visit<'_>) -> Made {
    let place = visit.named()?;
    if visit.claims.upn.is_empty() {
        let text = "Application permissions are not supported for this operation.";
        return Err(visit.error(403, "accessDenied", text));
    }
    let user = &visit.tenant.users[place];
    if !visit.may_touch(user) {
        return Err(visit.denied());
    }
    let now = visit.cloud.now();
    visit.cloud.change(visit.place, |tenant| {
        let user = &mut tenant.users[place];
        (user.password_changed, user.sessions_valid_from) = (now, now);
    });
    visit.cloud.entra.revoke_user(&user.id);
    visit.note(Note {
        operation: "Reset user password.",
        category: "UserManagement",
        event: "User",
        target: Target::user(user),
        modified: Vec::new(),
    });
    Ok(Answer::json(202, &json!({})))
}
