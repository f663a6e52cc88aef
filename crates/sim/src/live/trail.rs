//! The trail of changes: each is recorded in the logs that Microsoft writes it to, and comes out
//! of them as late as everything else does.
//!
//! An application that acts as itself is named as directory records name it,
//! `ServicePrincipal_<object id>`.

use serde_json::{Value, json};

use crate::cloud::Cloud;
use crate::drive::{DriveItem, SharingLink};
use crate::office_apps::EXCHANGE;
use crate::person::User;
use crate::record::{ContentType, Micros, Record, Stream};
use crate::seed::Seed;
use crate::stamp;
use crate::token::Claims;
use crate::verbs::{Change, delay, pairs, quoted, text};
use crate::world::Tenant;

/// Who changes something, and where.
#[derive(Clone, Copy)]
pub(crate) struct By<'a> {
    pub(crate) place: usize,
    pub(crate) tenant: &'a Tenant,
    pub(crate) claims: &'a Claims,
}

/// An actor in the words of the directory.
struct Actor {
    user_id: String,
    user_key: String,
    user_type: u8,
    listed: Value,
    initiated: Value,
}

/// Where changes of applications come from.
const ADDRESS: &str = "198.51.100.190";

impl By<'_> {
    fn actor(&self) -> Actor {
        let Claims {
            oid, appid, upn, ..
        } = self.claims;
        if let Some(user) = self.tenant.user(oid).filter(|_| !upn.is_empty()) {
            return Actor {
                user_id: user.upn.clone(),
                user_key: format!("{}@{}", user.puid, self.tenant.initial_domain),
                user_type: 0,
                listed: json!([
                    { "ID": user.upn, "Type": 5 }, { "ID": user.puid, "Type": 3 },
                    { "ID": format!("User_{}", user.id), "Type": 2 }, { "ID": user.id, "Type": 2 },
                    { "ID": "User", "Type": 2 },
                ]),
                initiated: json!({"app": null, "user": {
                    "id": user.id, "displayName": user.display_name, "userPrincipalName": user.upn,
                    "ipAddress": ADDRESS, "userType": "Member", "homeTenantId": self.tenant.id,
                    "homeTenantName": null,
                }}),
            };
        }
        let name = self.tenant.app(appid).map(|app| app.display_name.clone());
        let name = name.unwrap_or_default();
        let user_id = format!("ServicePrincipal_{oid}");
        Actor {
            user_key: "Not Available".to_owned(),
            user_type: 4,
            listed: json!([
                { "ID": name, "Type": 1 }, { "ID": appid, "Type": 2 }, { "ID": user_id, "Type": 2 },
                { "ID": oid, "Type": 2 }, { "ID": "ServicePrincipal", "Type": 2 },
            ]),
            initiated: json!({"user": null, "app": {
                "appId": null, "displayName": name, "servicePrincipalId": oid, "servicePrincipalName": null,
            }}),
            user_id,
        }
    }
}

impl Cloud {
    /// Records a change of the directory, in both of its logs.
    pub(crate) fn note(&self, by: &By<'_>, change: &Change<'_>) {
        let mut chance = self.chance_of("trail");
        let correlation = chance.guid();
        let actor = by.actor();
        let (now, tenant, target) = (self.now(), by.tenant, &change.target);
        let modified: Vec<Value> = change
            .modified
            .iter()
            .map(|(name, old, new)| json!({ "Name": name, "NewValue": new, "OldValue": old }))
            .collect();
        let body = json!({
            "Id": chance.guid(), "CreationTime": bare(now), "Operation": change.operation,
            "OrganizationId": tenant.id, "RecordType": 8, "ResultStatus": "Success",
            "UserKey": actor.user_key, "UserType": actor.user_type, "Version": 1,
            "Workload": "AzureActiveDirectory", "ObjectId": target.object, "UserId": actor.user_id,
            "AzureActiveDirectoryEventType": 1,
            "ExtendedProperties": pairs([
                ("additionalDetails", "{}".to_owned()),
                ("extendedAuditEventCategory", change.event.to_owned()),
            ]),
            "ModifiedProperties": modified, "Actor": actor.listed, "ActorContextId": tenant.id,
            "InterSystemsId": correlation, "IntraSystemId": chance.guid(), "SupportTicketId": "",
            "Target": target.listed(), "TargetContextId": tenant.id,
        });
        self.unified(by, ContentType::AzureActiveDirectory, &body, &mut chance);
        let modified: Vec<Value> = change
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
        let prefix = change.service.split(' ').next_back().unwrap_or_default();
        let id = format!(
            "{prefix}_{correlation}_{}_{}",
            chance.upper_hex(5),
            chance.between(1_000_000, 99_999_999)
        );
        let body = json!({
            "id": id, "category": change.category, "correlationId": correlation, "result": "success",
            "resultReason": change.reason,
            "activityDisplayName": change.operation.trim_end_matches('.'),
            "activityDateTime": stamp::write("%Y-%m-%dT%H:%M:%S%.6f0Z", now),
            "loggedByService": change.service,
            "operationType": change.operation.split(' ').next().unwrap_or_default(),
            "initiatedBy": actor.initiated,
            "targetResources": [{
                "id": target.id, "displayName": target.name, "type": target.kind,
                "userPrincipalName": target.person.as_ref().map(|(upn, _)| upn),
                "groupType": null, "modifiedProperties": modified,
            }],
            "additionalDetails": [],
        });
        self.written(by.place, (Stream::DirectoryAudit, &id), &body, &mut chance);
    }

    /// Records that a cmdlet ran on an object.
    pub(crate) fn note_cmdlet(
        &self,
        by: &By<'_>,
        name: &str,
        object: &str,
        parameters: &[(String, String)],
    ) {
        let mut chance = self.chance_of("trail");
        let actor = by.actor();
        let application = by.claims.upn.is_empty();
        let listed = parameters
            .iter()
            .map(|(name, value)| (name.as_str(), value.clone()));
        let body = json!({
            "Id": chance.guid(), "CreationTime": bare(self.now()), "Operation": name,
            "OrganizationId": by.tenant.id, "RecordType": 1, "ResultStatus": "True",
            "UserKey": actor.user_id, "UserType": if application { 5 } else { 2 }, "Version": 1,
            "Workload": "Exchange", "ObjectId": object, "UserId": actor.user_id,
            "AppId": if application { by.claims.appid.as_str() } else { EXCHANGE },
            "ClientAppId": by.claims.appid, "ClientIP": format!("{ADDRESS}:443"),
            "ExternalAccess": false, "OrganizationName": by.tenant.initial_domain,
            "OriginatingServer": "AM7PR07MB6548 (15.20.9678.021)", "Parameters": pairs(listed),
        });
        self.unified(by, ContentType::Exchange, &body, &mut chance);
    }

    /// Records what became of a link to a file.
    pub(crate) fn note_sharing(
        &self,
        by: &By<'_>,
        operation: &str,
        (owner, item): (&User, &DriveItem),
        link: &SharingLink,
    ) {
        let mut chance = self.chance_of("trail");
        // SharePoint names an application that acts as itself so.
        let person = by.tenant.user(&by.claims.oid);
        let person = person.filter(|_| !by.claims.upn.is_empty());
        let (user, key) = match person {
            Some(user) => (
                user.upn.to_lowercase(),
                format!("i:0h.f|membership|{}@live.com", user.puid.to_lowercase()),
            ),
            None => (
                "app@sharepoint".to_owned(),
                "i:0i.t|00000003-0000-0ff1-ce00-000000000000|app@sharepoint".to_owned(),
            ),
        };
        let kind = if link.kind == "edit" { "Edit" } else { "View" };
        let body = json!({
            "Id": chance.guid(), "CreationTime": bare(self.now()), "Operation": operation,
            "OrganizationId": by.tenant.id, "RecordType": 14, "UserKey": key, "UserType": 0, "Version": 1,
            "Workload": "OneDrive", "ClientIP": ADDRESS, "UserId": user, "ObjectId": owner.drive.url_of(item),
            "ApplicationId": by.claims.appid, "CorrelationId": chance.guid(), "EventSource": "SharePoint",
            "ItemType": "File", "ListItemUniqueId": item.unique_id, "SourceFileName": item.name,
            "SourceFileExtension": item.name.rsplit('.').next().unwrap_or_default(),
            "SourceRelativeUrl": "Documents", "SiteUrl": format!("{}/", owner.drive.url),
            "UniqueSharingId": link.id, "EventData": format!("<Type>{kind}</Type>"),
        });
        self.unified(by, ContentType::SharePoint, &body, &mut chance);
    }

    fn unified(&self, by: &By<'_>, content: ContentType, body: &Value, chance: &mut Seed) {
        if by.tenant.settings.unified_audit {
            let id = body["Id"].as_str().unwrap_or_default();
            self.written(by.place, (Stream::Unified(content), id), body, chance);
        }
    }

    /// Writes a record of this moment, to come out as late as its service lets it.
    pub(crate) fn written(
        &self,
        place: usize,
        (stream, id): (Stream, &str),
        body: &Value,
        chance: &mut Seed,
    ) {
        let now = self.now();
        self.add(Record {
            tenant: place,
            stream,
            id: id.to_owned(),
            time: now,
            available: now + delay(chance, stream),
            body: text(body),
        });
    }
}

fn bare(moment: Micros) -> String {
    stamp::write("%Y-%m-%dT%H:%M:%S", moment)
}
