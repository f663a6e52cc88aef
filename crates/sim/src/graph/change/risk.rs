//! What an administrator tells Entra of an account that it doubts.

use super::{Made, Note};
use crate::graph::Visit;
use crate::verbs::Target;
use crate::wire::Answer;

/// `confirmCompromised`.
pub(super) fn confirm(visit: &Visit<'_>) -> Made {
    say(
        visit,
        "ConfirmAccountCompromised",
        ("confirmedCompromised", "high"),
    )
}

/// `dismiss`.
pub(super) fn dismiss(visit: &Visit<'_>) -> Made {
    say(visit, "DismissUser", ("dismissed", "none"))
}

fn say(visit: &Visit<'_>, operation: &str, risk: (&'static str, &'static str)) -> Made {
    let body = visit.body()?;
    let ids = body["userIds"].as_array().filter(|ids| !ids.is_empty());
    let ids = ids.ok_or_else(|| visit.bad("The userIds are required."))?;
    let mut places = Vec::new();
    for id in ids.iter().map(|id| id.as_str().unwrap_or_default()) {
        places.push(visit.person(id).ok_or_else(|| visit.not_found(id))?);
    }
    for place in places {
        visit
            .cloud
            .change(visit.place, |tenant| tenant.users[place].risk = Some(risk));
        visit.note(Note {
            operation,
            category: "IdentityProtection",
            event: "User",
            target: Target::user(&visit.tenant.users[place]),
            modified: Vec::new(),
        });
    }
    Ok(Answer::empty(204))
}
