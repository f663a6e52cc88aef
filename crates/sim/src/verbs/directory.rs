//! A change of the directory, written twice: in the audit log (record type 8) and in Graph's
//! `directoryAudits`.

use serde_json::{Value, json};

use super::stage::{Session, Stage};
use super::write::{pairs, text};
use crate::app::App;
use crate::person::{Device, User};
use crate::record::{ContentType, Micros, Stream};
use crate::story_time::{bare, precise};

/// A change.
pub(crate) struct Change<'a> {
    /// The operation as the audit log spells it: most end with a full stop.
    pub(crate) operation: &'a str,
    /// Graph's category, e.g. `ApplicationManagement`.
    pub(crate) category: &'a str,
    /// `Core Directory`, `Authentication Methods`, ...
    pub(crate) service: &'a str,
    /// `extendedAuditEventCategory`.
    pub(crate) event: &'a str,
    /// What was changed.
    pub(crate) target: Target,
    /// Names with old and new values, as the audit log writes them.
    pub(crate) modified: Vec<(&'a str, String, String)>,
    /// Why, in Graph.
    pub(crate) reason: &'a str,
}

/// What a change concerns.
pub(crate) struct Target {
    pub(crate) kind: &'static str,
    pub(crate) id: String,
    pub(crate) name: String,
    /// What the audit log calls `ObjectId`.
    pub(crate) object: String,
    /// UPN and PUID of a person.
    pub(crate) person: Option<(String, String)>,
}

impl Target {
    /// A person.
    pub(crate) fn user(user: &User) -> Self {
        Self {
            kind: "User",
            id: user.id.clone(),
            name: user.display_name.clone(),
            object: user.upn.clone(),
            person: Some((user.upn.clone(), user.puid.clone())),
        }
    }

    /// A service principal.
    pub(crate) fn service_principal(app: &App) -> Self {
        let mut names = vec![app.app_id.clone()];
        names.extend(app.names.iter().cloned());
        Self {
            kind: "ServicePrincipal",
            id: app.id.clone(),
            name: app.display_name.clone(),
            object: names.join(";"),
            person: None,
        }
    }

    /// A registration.
    pub(crate) fn application(app: &App) -> Self {
        let id = app.registration.clone().unwrap_or_else(|| app.id.clone());
        Self {
            kind: "Application",
            object: format!("Application_{id}"),
            name: app.display_name.clone(),
            id,
            person: None,
        }
    }

    /// A device.
    pub(crate) fn device(device: &Device) -> Self {
        Self {
            kind: "Device",
            id: device.object_id.clone(),
            name: device.name.clone(),
            object: format!("Device_{}", device.object_id),
            person: None,
        }
    }

    pub(crate) fn listed(&self) -> Value {
        let mut list = vec![
            json!({ "ID": format!("{}_{}", self.kind, self.id), "Type": 2 }),
            json!({ "ID": self.id, "Type": 2 }),
            json!({ "ID": self.kind, "Type": 2 }),
        ];
        if let Some((upn, puid)) = &self.person {
            list.push(json!({ "ID": upn, "Type": 5 }));
            list.push(json!({ "ID": puid, "Type": 3 }));
        } else {
            list.push(json!({ "ID": self.name, "Type": 1 }));
            list.push(json!({ "ID": self.object, "Type": 4 }));
        }
        Value::Array(list)
    }
}

impl Stage {
    /// Writes a change that a person made in a session.
    pub(crate) fn change(&mut self, at: Micros, session: &Session, change: &Change<'_>) {
        let correlation = self.chance.guid();
        self.audit_change(at, session, change, &correlation);
        self.graph_change(at, session, change, &correlation);
    }

    fn audit_change(
        &mut self,
        at: Micros,
        session: &Session,
        change: &Change<'_>,
        correlation: &str,
    ) {
        let (id, inner) = (self.chance.guid(), self.chance.guid());
        let user = self.user(session.user);
        let agent = json!({ "User-Agent": session.client.dress().user_agent });
        let modified: Value = change
            .modified
            .iter()
            .map(|(name, old, new)| json!({ "Name": name, "NewValue": new, "OldValue": old }))
            .collect();
        // Since May 2021 these records carry no address: it is in the sign-ins around them.
        let body = json!({
            "Id": id,
            "CreationTime": bare(at),
            "Operation": change.operation,
            "OrganizationId": self.here().id,
            "RecordType": 8,
            "ResultStatus": "Success",
            "UserKey": format!("{}@{}", user.puid, self.here().initial_domain),
            "UserType": 0,
            "Version": 1,
            "Workload": "AzureActiveDirectory",
            "ObjectId": change.target.object,
            "UserId": user.upn,
            "AzureActiveDirectoryEventType": 1,
            "ExtendedProperties": pairs([
                ("additionalDetails", text(&agent)),
                ("extendedAuditEventCategory", change.event.to_owned()),
            ]),
            "ModifiedProperties": modified,
            "Actor": [
                { "ID": user.upn, "Type": 5 },
                { "ID": user.puid, "Type": 3 },
                { "ID": format!("User_{}", user.id), "Type": 2 },
                { "ID": user.id, "Type": 2 },
                { "ID": "User", "Type": 2 },
            ],
            "ActorContextId": self.here().id,
            "InterSystemsId": correlation,
            "IntraSystemId": inner,
            "SupportTicketId": "",
            "Target": change.target.listed(),
            "TargetContextId": self.here().id,
        });
        self.unified(ContentType::AzureActiveDirectory, at, &body);
    }

    fn graph_change(
        &mut self,
        at: Micros,
        session: &Session,
        change: &Change<'_>,
        correlation: &str,
    ) {
        let prefix = change.service.split(' ').next_back().unwrap_or_default();
        let id = format!(
            "{prefix}_{correlation}_{}_{}",
            self.chance.upper_hex(5),
            self.chance.between(1_000_000, 99_999_999)
        );
        let user = self.user(session.user);
        let modified: Value = change
            .modified
            .iter()
            .map(|(name, old, new)| {
                let old = if old.is_empty() {
                    Value::Null
                } else {
                    json!(quoted(old))
                };
                json!({ "displayName": name, "oldValue": old, "newValue": quoted(new) })
            })
            .collect();
        let target = &change.target;
        let body = json!({
            "id": id,
            "category": change.category,
            "correlationId": correlation,
            "result": "success",
            "resultReason": change.reason,
            "activityDisplayName": change.operation.trim_end_matches('.'),
            "activityDateTime": precise(at),
            "loggedByService": change.service,
            "operationType": change.operation.split(' ').next().unwrap_or_default(),
            "initiatedBy": {
                "user": {
                    "id": user.id,
                    "displayName": user.display_name,
                    "userPrincipalName": user.upn,
                    "ipAddress": session.place.address,
                    "userType": "Member",
                    "homeTenantId": self.here().id,
                    "homeTenantName": null,
                },
                "app": null,
            },
            "targetResources": [{
                "id": target.id,
                "displayName": target.name,
                "type": target.kind,
                "userPrincipalName": target.person.as_ref().map(|(upn, _)| upn),
                "groupType": null,
                "modifiedProperties": modified,
            }],
            "additionalDetails": [
                { "key": "User-Agent", "value": session.client.dress().user_agent },
            ],
        });
        self.write(Stream::DirectoryAudit, id, at, &body);
    }
}

/// Graph writes values as JSON in a string; what is JSON already stays.
pub(crate) fn quoted(value: &str) -> String {
    if value.starts_with('[') && value.ends_with(']') && !value.starts_with("[[") {
        value.to_owned()
    } else {
        Value::String(value.to_owned()).to_string()
    }
}
