//! Accounts: switching on and off, passwords, sessions, and the profile.

use serde_json::{Value, json};

use super::{Made, Note, included, listed, quoted};
use crate::graph::Visit;
use crate::person::User;
use crate::stamp;
use crate::verbs::Target;
use crate::wire::Answer;

/// Properties of the profile that anybody who may write users may write.
const PROFILE: [&str; 4] = ["displayName", "jobTitle", "department", "officeLocation"];

/// `PATCH /users/{id}`: all that is asked for, or nothing of it.
pub(super) fn update(visit: &Visit<'_>) -> Made {
    let body = visit.body()?;
    let fields: Vec<&String> = body
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, _)| name)
        .collect();
    for name in &fields {
        permitted(visit, name)?;
    }
    let place = visit.named()?;
    let user = &visit.tenant.users[place];
    let sensitive = |name: &&String| ["accountEnabled", "passwordProfile"].contains(&name.as_str());
    if fields.iter().any(sensitive) {
        if !visit.may_touch(user) {
            return Err(visit.denied());
        }
        if user.synced {
            let text = "Unable to update the specified properties for on-premises mastered Directory Sync \
                        objects or objects currently undergoing migration.";
            return Err(visit.invalid(text));
        }
    }
    let enabled = body
        .get("accountEnabled")
        .map(|value| switch(visit, value))
        .transpose()?;
    let password = body
        .get("passwordProfile")
        .map(|value| profile(visit, value))
        .transpose()?;
    let now = visit.cloud.now();
    visit.cloud.change(visit.place, |tenant| {
        let user = &mut tenant.users[place];
        user.enabled = enabled.unwrap_or(user.enabled);
        if password.is_some() {
            user.password_changed = now;
            user.sessions_valid_from = now;
        }
        for name in PROFILE {
            if let Some(text) = body[name].as_str() {
                text.clone_into(match name {
                    "displayName" => &mut user.display_name,
                    "jobTitle" => &mut user.job_title,
                    "department" => &mut user.department,
                    _ => &mut user.office,
                });
            }
        }
    });
    if password.is_some() {
        visit.cloud.entra.revoke_user(&user.id);
    }
    record(visit, user, (enabled, password.is_some()), &body);
    Ok(Answer::empty(204))
}

/// Checks the permission for one property.
fn permitted(visit: &Visit<'_>, name: &str) -> Result<(), Answer> {
    let may = |name: &str| visit.claims.may(name);
    let all = may("User.ReadWrite.All") || may("Directory.ReadWrite.All");
    let allowed = match name {
        "accountEnabled" => all || may("User.EnableDisableAccount.All") && may("User.Read.All"),
        "passwordProfile" => may("User-PasswordProfile.ReadWrite.All"),
        _ => all,
    };
    if !allowed {
        return Err(visit.denied());
    }
    if name == "accountEnabled" || name == "passwordProfile" || PROFILE.contains(&name) {
        return Ok(());
    }
    let text =
        format!("Property '{name}' does not exist as a declared property or extension property.");
    Err(visit.invalid(&text))
}

fn switch(visit: &Visit<'_>, value: &Value) -> Result<bool, Answer> {
    let text = "Invalid value specified for property 'accountEnabled' of resource 'User'.";
    value.as_bool().ok_or_else(|| visit.invalid(text))
}

/// A password that is long enough and of three kinds of letters.
fn profile(visit: &Visit<'_>, value: &Value) -> Result<(), Answer> {
    let password = value["password"].as_str().unwrap_or_default();
    let kinds: [fn(char) -> bool; 4] = [
        |letter| letter.is_lowercase(),
        |letter| letter.is_uppercase(),
        |letter| letter.is_ascii_digit(),
        |letter| !letter.is_alphanumeric(),
    ];
    let of_kinds = kinds
        .iter()
        .filter(|kind| password.chars().any(kind))
        .count();
    if (8..=256).contains(&password.chars().count()) && of_kinds >= 3 {
        return Ok(());
    }
    let text = "The specified password does not comply with password complexity requirements. Please provide a \
                different password.";
    Err(visit.invalid(text))
}

fn record(visit: &Visit<'_>, user: &User, (enabled, password): (Option<bool>, bool), body: &Value) {
    let note = |operation, modified| {
        visit.note(Note {
            operation,
            category: "UserManagement",
            event: "User",
            target: Target::user(user),
            modified,
        });
    };
    if let Some(enabled) = enabled.filter(|enabled| *enabled != user.enabled) {
        let change = vec![
            ("AccountEnabled", listed(user.enabled), listed(enabled)),
            included("AccountEnabled"),
        ];
        note("Update user.", change.clone());
        let operation = if enabled {
            "Enable account."
        } else {
            "Disable account."
        };
        note(operation, change);
    }
    if password {
        note("Reset user password.", Vec::new());
        note_revoked(visit, user);
    }
    let names: Vec<&str> = PROFILE
        .into_iter()
        .filter(|name| body[*name].is_string())
        .collect();
    if !names.is_empty() {
        let values = names.iter().map(|name| {
            let value = body[*name].as_str().unwrap_or_default();
            (*name, String::new(), quoted(value))
        });
        note(
            "Update user.",
            values.chain([included(&names.join(", "))]).collect(),
        );
    }
}

fn note_revoked(visit: &Visit<'_>, user: &User) {
    let moment = |at| quoted(&stamp::seconds(at));
    visit.note(Note {
        operation: "Update StsRefreshTokenValidFrom Timestamp.",
        category: "UserManagement",
        event: "User",
        target: Target::user(user),
        modified: vec![
            (
                "StsRefreshTokensValidFrom",
                moment(user.sessions_valid_from),
                moment(visit.cloud.now()),
            ),
            included("StsRefreshTokensValidFrom"),
        ],
    });
}

/// `POST /users/{id}/revokeSignInSessions`.
pub(super) fn revoke(visit: &Visit<'_>) -> Made {
    let place = visit.named()?;
    let user = &visit.tenant.users[place];
    let now = visit.cloud.now();
    visit.cloud.change(visit.place, |tenant| {
        tenant.users[place].sessions_valid_from = now;
    });
    visit.cloud.entra.revoke_user(&user.id);
    note_revoked(visit, user);
    let context = crate::graph::page::context_of(visit, "Edm.Boolean");
    Ok(Answer::json(
        200,
        &json!({"@odata.context": context, "value": true}),
    ))
}
