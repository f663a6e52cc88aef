//! Conditional access: a policy that shuts somebody out, and its end.

use serde_json::{Value, json};

use super::{Made, Note};
use crate::graph::Visit;
use crate::stamp;
use crate::verbs::Target;
use crate::wire::Answer;

const STATES: [&str; 3] = ["enabled", "disabled", "enabledForReportingButNotEnforced"];

fn note(visit: &Visit<'_>, operation: &str, policy: &Value) {
    let text = |name: &str| policy[name].as_str().unwrap_or_default().to_owned();
    visit.note(Note {
        operation,
        category: "Policy",
        event: "Policy",
        target: Target {
            kind: "Policy",
            id: text("id"),
            name: text("displayName"),
            object: format!("Policy_{}", text("id")),
            person: None,
        },
        modified: vec![("ConditionalAccessPolicy", String::new(), policy.to_string())],
    });
}

/// Checks what can be checked without knowing every condition.
fn checked(visit: &Visit<'_>, policy: &Value) -> Result<(), Answer> {
    let state = policy["state"].as_str().unwrap_or_default();
    if !STATES.contains(&state) || !policy["displayName"].is_string() {
        return Err(visit.bad("1001: displayName and a known state are required."));
    }
    let named = |name: &str| policy.pointer(name).is_some_and(Value::is_array);
    if !named("/conditions/users/includeUsers")
        || !named("/conditions/applications/includeApplications")
    {
        return Err(visit.bad("1007: Incoming policy must name users and applications."));
    }
    if visit.tenant.settings.security_defaults && state == "enabled" {
        let text = "1076: Security Defaults is enabled in the tenant. You must disable Security defaults before \
                    enabling a Conditional Access policy.";
        return Err(visit.bad(text));
    }
    Ok(())
}

/// `POST /identity/conditionalAccess/policies`.
pub(super) fn add(visit: &Visit<'_>) -> Made {
    let mut policy = visit.body()?;
    checked(visit, &policy)?;
    policy["id"] = json!(visit.cloud.chance_of("policy").guid());
    policy["createdDateTime"] = json!(stamp::seconds(visit.cloud.now()));
    policy["modifiedDateTime"] = Value::Null;
    visit.cloud.change(visit.place, |tenant| {
        tenant.settings.more_policies.push(policy.clone());
    });
    note(visit, "Add conditional access policy", &policy);
    Ok(Answer::json(201, &policy))
}

/// Those that were made since can be changed; the others are not this application's business.
fn find<'a>(visit: &'a Visit<'_>) -> Result<&'a Value, Answer> {
    let id = visit.part(3);
    let mut policies = visit.tenant.settings.more_policies.iter();
    let found = policies.find(|policy| policy["id"] == id);
    found.ok_or_else(|| visit.not_found(id))
}

/// `PATCH /identity/conditionalAccess/policies/{id}`.
pub(super) fn update(visit: &Visit<'_>) -> Made {
    let mut policy = find(visit)?.clone();
    for (name, value) in visit.body()?.as_object().into_iter().flatten() {
        policy[name] = value.clone();
    }
    checked(visit, &policy)?;
    policy["id"] = json!(visit.part(3));
    policy["modifiedDateTime"] = json!(stamp::seconds(visit.cloud.now()));
    visit.cloud.change(visit.place, |tenant| {
        let policies = tenant.settings.more_policies.iter_mut();
        for known in policies.filter(|known| known["id"] == policy["id"]) {
            known.clone_from(&policy);
        }
    });
    note(visit, "Update conditional access policy", &policy);
    Ok(Answer::empty(204))
}

/// `DELETE /identity/conditionalAccess/policies/{id}`.
pub(super) fn remove(visit: &Visit<'_>) -> Made {
    let policy = find(visit)?;
    visit.cloud.change(visit.place, |tenant| {
        let policies = &mut tenant.settings.more_policies;
        policies.retain(|known| known["id"] != policy["id"]);
    });
    note(visit, "Delete conditional access policy", policy);
    Ok(Answer::empty(204))
}
