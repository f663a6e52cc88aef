//! A tenant's state as text that is the same whenever the state is: sorted, and without what
//! Microsoft makes up anew (the id of a rule or a grant that is made again).

use serde_json::{Value, json};

use crate::app::App;
use crate::mailbox::{Mailbox, Right, Rule};
use crate::person::User;
use crate::verbs::text;
use crate::world::Tenant;

/// Everything that can be changed: under `reversible` what a careful administrator can put back,
/// under `lasting` what nobody can: when a password was set, since when sessions count, methods,
/// credentials, which devices and links there are, what Entra thinks of an account.
pub(crate) fn whole(tenant: &Tenant) -> String {
    text(&json!({ "reversible": back(tenant), "lasting": lasting(tenant) }))
}

/// Only what can be put back.
pub(crate) fn reversible(tenant: &Tenant) -> String {
    text(&back(tenant))
}

fn back(tenant: &Tenant) -> Value {
    let people: serde_json::Map<String, Value> = tenant
        .users
        .iter()
        .map(|user| (user.upn.clone(), person(user)))
        .collect();
    let rules: Vec<Value> = tenant
        .transport_rules
        .iter()
        .map(|rule| json!({"name": rule.name, "state": rule.state, "parameters": rule.parameters}))
        .collect();
    let settings = &tenant.settings;
    json!({
        "people": people,
        "apps": sorted(tenant.apps.iter().map(|app| json!({"id": app.id, "enabled": app.enabled}))),
        "grants": sorted(tenant.grants.iter().map(|grant| json!({
            "client": grant.client_id, "resource": grant.resource_id, "principal": grant.principal_id,
            "scope": words(&grant.scope),
        }))),
        "roleGrants": sorted(tenant.role_grants.iter().map(|grant| json!({
            "principal": grant.principal_id, "resource": grant.resource_id, "role": grant.app_role_id,
        }))),
        "roles": sorted(tenant.roles.iter().map(|role| json!({
            "role": role.name, "members": sorted(role.members.iter().map(|member| json!(member))),
        }))),
        "transportRules": rules,
        "connectors": sorted(tenant.connectors.iter().map(|one| json!({
            "name": one.name, "inbound": one.inbound, "enabled": one.enabled,
            "parameters": sorted(one.parameters.iter().map(|pair| json!(pair))),
        }))),
        "settings": {
            "unifiedAudit": settings.unified_audit, "auditDisabled": settings.audit_disabled,
            "autoForwarding": settings.auto_forwarding,
            "policies": sorted(settings.policies.iter().map(|(_, name, state)| json!([name, state]))),
            "morePolicies": sorted(settings.more_policies.iter().map(|policy| json!({
                "name": policy["displayName"], "state": policy["state"],
                "conditions": policy["conditions"], "grantControls": policy["grantControls"],
            }))),
            "remoteDomainForwarding": settings.remote_domain_forwarding,
        },
    })
}

fn person(user: &User) -> Value {
    json!({
        "enabled": user.enabled, "displayName": user.display_name, "department": user.department,
        "jobTitle": user.job_title, "office": user.office,
        "devices": sorted(user.devices.iter().map(|device| json!({
            "id": device.object_id, "enabled": device.enabled,
        }))),
        "links": sorted(user.drive.items.iter().flat_map(|item| item.links.iter().map(move |link| json!({
            "file": item.name, "kind": link.kind, "scope": link.scope, "expires": link.expires,
        })))),
        "mailbox": user.mailbox.as_ref().map(of_mailbox),
    })
}

/// A mailbox, as far as it can be changed back.
pub(crate) fn of_mailbox(mailbox: &Mailbox) -> Value {
    let forwarding = &mailbox.forwarding;
    let audit = &mailbox.audit;
    json!({
        "rules": mailbox.rules.iter().map(rule).collect::<Vec<_>>(),
        "sweepRules": sorted(mailbox.sweep_rules.iter().map(|rule| json!({
            "name": rule.name, "enabled": rule.enabled, "sender": rule.sender,
            "destination": rule.destination, "keepLatest": rule.keep_latest,
        }))),
        "forwarding": {
            "smtp": forwarding.smtp_address, "recipient": forwarding.recipient,
            "keep": forwarding.deliver_and_forward,
        },
        "delegates": sorted(mailbox.delegates.iter().map(|delegate| json!({
            "who": delegate.upn.to_lowercase(), "right": right(&delegate.right),
        }))),
        "audit": {
            "enabled": audit.enabled, "bypass": audit.bypass, "owner": audit.owner,
            "delegate": audit.delegate, "admin": audit.admin, "default": audit.default_set,
        },
        "automaticReplies": {
            "state": mailbox.automatic_replies, "internal": mailbox.reply_texts.0,
            "external": mailbox.reply_texts.1,
        },
        "protocols": mailbox.protocols,
    })
}

fn rule(rule: &Rule) -> Value {
    let parameters: serde_json::Map<String, Value> = rule
        .parameters
        .iter()
        .map(|(name, value)| (name.clone(), json!(value)))
        .collect();
    json!({
        "name": rule.name, "enabled": rule.enabled, "sequence": rule.sequence, "hidden": rule.hidden,
        "clientOnly": rule.client_only, "parameters": parameters,
    })
}

/// A right in words.
pub(crate) fn right(right: &Right) -> String {
    match right {
        Right::FullAccess => "FullAccess".to_owned(),
        Right::SendAs => "SendAs".to_owned(),
        Right::SendOnBehalf => "SendOnBehalf".to_owned(),
        Right::Folder { path, role } => format!("{role} of {path}"),
    }
}

fn lasting(tenant: &Tenant) -> Value {
    let people: serde_json::Map<String, Value> = tenant
        .users
        .iter()
        .map(|user| {
            let value = json!({
                "passwordChanged": user.password_changed, "sessionsValidFrom": user.sessions_valid_from,
                "methods": user.methods.iter().map(|method| json!({
                    "id": method.id, "kind": method.kind, "detail": method.detail,
                })).collect::<Vec<_>>(),
                "devices": user.devices.iter().map(|device| &device.object_id).collect::<Vec<_>>(),
                "risk": user.risk,
                "phones": user.mailbox.iter().flat_map(|mailbox| &mailbox.phones).map(|phone| &phone.id).collect::<Vec<_>>(),
                "links": user.drive.items.iter().flat_map(|item| &item.links).map(|link| &link.id).collect::<Vec<_>>(),
            });
            (user.upn.clone(), value)
        })
        .collect();
    let credentials = |app: &App| {
        let keys = app
            .credentials
            .iter()
            .map(|credential| json!(credential.key_id));
        json!({"app": app.id, "credentials": sorted(keys)})
    };
    json!({ "people": people, "apps": sorted(tenant.apps.iter().map(credentials)) })
}

fn sorted(values: impl Iterator<Item = Value>) -> Vec<Value> {
    let mut values: Vec<Value> = values.collect();
    values.sort_by_cached_key(text);
    values
}

fn words(text: &str) -> Vec<&str> {
    let mut words: Vec<&str> = text.split_whitespace().collect();
    words.sort_unstable();
    words
}
