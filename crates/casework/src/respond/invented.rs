//! A small invented tenant: it answers what is asked and makes what is changed, so that an action
//! is judged by what it did and not by what it said.

use model::{Ask, Change, Reply, Target, Verb};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

pub(crate) const TENANT: &str = "11111111-aaaa-4bbb-8ccc-000000000001";
pub(crate) const NORA: &str = "nora@corp.example";
pub(crate) const NORA_ID: &str = "22222222-aaaa-4bbb-8ccc-000000000001";
pub(crate) const HELPER: &str = "helper@corp.example";
pub(crate) const HELPER_ID: &str = "22222222-aaaa-4bbb-8ccc-000000000002";
pub(crate) const READER: &str = "33333333-aaaa-4bbb-8ccc-000000000001";
pub(crate) const READER_APP: &str = "44444444-aaaa-4bbb-8ccc-000000000001";
pub(crate) const GRAPH: &str = "33333333-aaaa-4bbb-8ccc-000000000002";
pub(crate) const BACKUP: &str = "55555555-aaaa-4bbb-8ccc-000000000001";
pub(crate) const ROLE: &str = "62e90394-69f5-4237-9190-012177145e10";

/// What stands in the tenant. Lists of objects, by a name of their own.
#[derive(Clone, Debug)]
pub(crate) struct Tenant {
    pub(crate) lists: BTreeMap<&'static str, Vec<Value>>,
    /// Parts of paths, or cmdlets, that are answered otherwise.
    pub(crate) refused: Vec<(&'static str, u16, String)>,
    /// Rises with every change.
    clock: u32,
    pub(crate) changes: Vec<Change>,
}

impl Tenant {
    /// Makes a tenant in which Nora has one of everything, hers and the intruder's.
    pub(crate) fn new() -> Self {
        let person = json!({"id": NORA_ID, "userPrincipalName": NORA, "displayName": "Nora Lindqvist",
            "accountEnabled": true, "userType": "Member", "onPremisesSyncEnabled": null,
            "onPremisesSamAccountName": null,
            "signInSessionsValidFromDateTime": "2026-01-05T08:00:00Z",
            "lastPasswordChangeDateTime": "2026-01-05T08:00:00Z"});
        let method = |kind: &str, id: &str, more: Value| {
            let kind = format!("#microsoft.graph.{kind}AuthenticationMethod");
            let mut found = json!({"@odata.type": kind, "id": id});
            merge(&mut found, &more);
            found
        };
        let rule = |id: &str, name: &str, more: Value| {
            let mut found = json!({"Identity": format!("nora\\{id}"), "RuleIdentity": id, "Name": name,
                "Enabled": true, "Priority": 1, "InError": false, "MailboxOwnerId": NORA, "ForwardTo": null});
            merge(&mut found, &more);
            found
        };
        let right = |holder: &str, user: &str, rights: Value, inherited: &str| {
            json!({"Identity": "nora", holder: user, "AccessRights": rights, inherited: false,
                "Deny": false, "AccessControlType": "Allow", "InheritanceType": "All"})
        };
        let folder = |user: &str, rights: &str| json!({"User": {"DisplayName": user}, "AccessRights": [rights], "SharingPermissionFlags": null});
        let helper = json!({"id": HELPER_ID, "userPrincipalName": HELPER, "displayName": "Helper",
            "accountEnabled": true, "onPremisesSyncEnabled": null,
            "signInSessionsValidFromDateTime": "2026-01-05T08:00:00Z",
            "lastPasswordChangeDateTime": "2026-03-10T21:22:00Z"});
        let lists = [
            ("users", vec![person, helper]),
            (
                "methods",
                vec![
                    method(
                        "password",
                        "28c10230-6103-485e-b985-444c60001490",
                        json!({}),
                    ),
                    method(
                        "microsoftAuthenticator",
                        "m-own",
                        json!({"displayName": "Nora's phone",
                        "createdDateTime": "2025-03-01T08:00:00Z"}),
                    ),
                    method(
                        "softwareOath",
                        "m-theirs",
                        json!({"displayName": "Pixel 6",
                        "createdDateTime": "2026-03-10T09:50:03Z"}),
                    ),
                    method(
                        "phone",
                        "3179e48a-750b-4051-897c-87b9720928f7",
                        json!({"phoneNumber": "+32 470000000", "phoneType": "mobile"}),
                    ),
                ],
            ),
            (
                "devices",
                vec![
                    json!({"id": "d-own", "deviceId": "dd-own", "displayName": "NORA-LAPTOP", "accountEnabled": true}),
                    json!({"id": "d-theirs", "deviceId": "dd-theirs", "displayName": "DESKTOP-7Q2KLM", "accountEnabled": true}),
                ],
            ),
            (
                "memberOf",
                vec![json!({"@odata.type": "#microsoft.graph.group", "displayName": "Finance"})],
            ),
            (
                "grants",
                vec![
                    json!({"id": "g/theirs=", "clientId": READER, "consentType": "Principal", "principalId": NORA_ID,
                        "resourceId": GRAPH, "scope": "Mail.Read offline_access"}),
                    json!({"id": "g-own", "clientId": BACKUP, "consentType": "Principal", "principalId": NORA_ID,
                        "resourceId": GRAPH, "scope": "User.Read"}),
                ],
            ),
            (
                "servicePrincipals",
                vec![
                    json!({"id": READER, "appId": READER_APP, "displayName": "0ffice Docs Reader",
                        "appOwnerOrganizationId": "99999999-aaaa-4bbb-8ccc-000000000001", "accountEnabled": true,
                        "passwordCredentials": [], "keyCredentials": []}),
                    json!({"id": BACKUP, "appId": "44444444-aaaa-4bbb-8ccc-000000000002", "displayName": "Backup",
                        "appOwnerOrganizationId": TENANT, "accountEnabled": true,
                        "passwordCredentials": [], "keyCredentials": []}),
                ],
            ),
            (
                "appRoles",
                vec![
                    json!({"id": "ar-1", "principalId": READER, "resourceId": GRAPH,
                    "appRoleId": "810c84a8-4a9e-49e6-bf7d-12d183f40d01"}),
                ],
            ),
            (
                "applications",
                vec![
                    json!({"id": "reg-1", "appId": "44444444-aaaa-4bbb-8ccc-000000000002", "displayName": "Backup",
                    "passwordCredentials": [
                        {"keyId": "k-own", "displayName": "2025", "startDateTime": "2025-01-01T00:00:00Z", "endDateTime": "2027-01-01T00:00:00Z"},
                        {"keyId": "k-theirs", "displayName": "sync", "startDateTime": "2026-03-10T10:00:00Z", "endDateTime": "2028-01-01T00:00:00Z"}],
                    "keyCredentials": [
                        {"keyId": "c-own", "displayName": "CN=own", "startDateTime": null, "endDateTime": null},
                        {"keyId": "c-theirs", "displayName": "CN=x", "startDateTime": null, "endDateTime": null}]}),
                ],
            ),
            (
                "roleAssignments",
                vec![
                    json!({"id": "ra-1", "principalId": NORA_ID, "roleDefinitionId": ROLE, "directoryScopeId": "/",
                    "roleDefinition": {"id": ROLE, "displayName": "Global Administrator", "templateId": ROLE}}),
                ],
            ),
            ("riskyUsers", vec![]),
            (
                "permissions",
                vec![
                    json!({"id": "p-theirs", "link": {"scope": "anonymous", "type": "edit"}}),
                    json!({"id": "p-own", "link": {"scope": "organization", "type": "view"}}),
                    json!({"id": "p-person", "grantedToV2": {"user": {"displayName": "Ann"}}}),
                ],
            ),
            (
                "Mailbox",
                vec![
                    json!({"UserPrincipalName": NORA, "Alias": "nora", "Identity": "nora", "DisplayName": "Nora Lindqvist",
                    "ExchangeGuid": "66666666-aaaa-4bbb-8ccc-000000000001", "PrimarySmtpAddress": NORA,
                    "EmailAddresses": [format!("SMTP:{NORA}")],
                    "ForwardingSmtpAddress": "smtp:drop@mailbox-keep.example", "ForwardingAddress": null,
                    "DeliverToMailboxAndForward": true,
                    "GrantSendOnBehalfTo": ["daniel@corp.example", "helper@corp.example"]}),
                ],
            ),
            (
                "InboxRule",
                vec![
                    rule(
                        "111",
                        ".",
                        json!({"SubjectOrBodyContainsWords": ["invoice", "payment"], "MoveToFolder": "RSS Feeds", "MarkAsRead": true}),
                    ),
                    rule(
                        "222",
                        "Newsletters",
                        json!({"From": ["\"News\" [SMTP:news@paper.example]"], "MoveToFolder": "News"}),
                    ),
                    rule("333", "Junk E-Mail Rule", json!({})),
                ],
            ),
            (
                "SweepRule",
                vec![
                    json!({"RuleId": "s1", "Name": "Sweep bank", "Enabled": true, "Sender": "bank@quay.example", "DestinationFolder": "Archive"}),
                ],
            ),
            (
                "MailboxAutoReplyConfiguration",
                vec![
                    json!({"Identity": "nora", "AutoReplyState": "Enabled", "InternalMessage": "in", "ExternalMessage": "out",
                    "ExternalAudience": "All", "StartTime": "x", "EndTime": "y"}),
                ],
            ),
            (
                "CASMailbox",
                vec![
                    json!({"OWAEnabled": true, "ImapEnabled": true, "PopEnabled": true, "MAPIEnabled": true, "EwsEnabled": null,
                    "ActiveSyncEnabled": true, "OutlookMobileEnabled": true, "MacOutlookEnabled": true,
                    "UniversalOutlookEnabled": true, "SmtpClientAuthenticationDisabled": null}),
                ],
            ),
            (
                "MailboxPermission",
                vec![
                    right(
                        "User",
                        "NT AUTHORITY\\SELF",
                        json!(["FullAccess", "ReadPermission"]),
                        "IsInherited",
                    ),
                    right(
                        "User",
                        "helper@corp.example",
                        json!(["FullAccess"]),
                        "IsInherited",
                    ),
                    right(
                        "User",
                        "daniel@corp.example",
                        json!(["FullAccess"]),
                        "IsInherited",
                    ),
                ],
            ),
            (
                "RecipientPermission",
                vec![
                    right(
                        "Trustee",
                        "NT AUTHORITY\\SELF",
                        json!(["SendAs"]),
                        "Inherited",
                    ),
                    right(
                        "Trustee",
                        "helper@corp.example",
                        json!(["SendAs"]),
                        "Inherited",
                    ),
                ],
            ),
            (
                "MailboxFolderStatistics",
                vec![
                    json!({"FolderPath": "/Inbox", "FolderType": "Inbox"}),
                    json!({"FolderPath": "/Private", "FolderType": "User Created"}),
                ],
            ),
            (
                "MailboxFolderPermission",
                vec![
                    folder("Default", "Reviewer"),
                    folder("Anonymous", "None"),
                    folder("Helper Person", "Editor"),
                ],
            ),
            (
                "TransportRule",
                vec![
                    json!({"Name": "Journal copy", "Guid": "t-theirs", "Identity": "Journal copy", "State": "Enabled", "Mode": "Enforce",
                        "BlindCopyTo": ["ledger.copy@mailbox-keep.example"]}),
                    json!({"Name": "Disclaimer", "Guid": "t-own", "Identity": "Disclaimer", "State": "Enabled", "Mode": "Enforce"}),
                ],
            ),
            (
                "InboundConnector",
                vec![
                    json!({"Name": "Relay", "Identity": "Relay", "Enabled": true, "SenderDomains": ["smtp:*;1"]}),
                ],
            ),
            (
                "OutboundConnector",
                vec![
                    json!({"Name": "Smart", "Identity": "Smart", "Enabled": true, "SmartHosts": ["203.0.113.9"]}),
                ],
            ),
            (
                "MailboxAuditBypassAssociation",
                vec![json!({"Identity": "nora", "AuditBypassEnabled": true})],
            ),
            (
                "AdminAuditLogConfig",
                vec![json!({"UnifiedAuditLogIngestionEnabled": false})],
            ),
            (
                "HostedOutboundSpamFilterPolicy",
                vec![json!({"Name": "Default", "Identity": "Default", "AutoForwardingMode": "On"})],
            ),
        ];
        Self {
            lists: lists.into_iter().collect(),
            refused: Vec::new(),
            clock: 0,
            changes: Vec::new(),
        }
    }

    pub(crate) fn list(&mut self, name: &str) -> &mut Vec<Value> {
        self.lists.get_mut(name).expect("a list of that name")
    }

    pub(crate) fn refuse(&mut self, part: &'static str, status: u16, body: &str) {
        self.refused.push((part, status, body.to_owned()));
    }

    /// Answers a question.
    pub(crate) fn answer(&self, ask: &Ask) -> Reply {
        let path = match &ask.target {
            Target::Path(path) => path,
            Target::Link(link) => link,
        };
        match &ask.body {
            Some(body) => self.cmdlet_asked(body),
            None => self.got(path),
        }
    }

    fn refusal(&self, about: &str) -> Option<Reply> {
        let mut refused = self.refused.iter();
        let (_, status, body) = refused.find(|(part, _, _)| about.contains(part))?;
        Some(reply(*status, body))
    }

    fn got(&self, path: &str) -> Reply {
        if let Some(refusal) = self.refusal(path) {
            return refusal;
        }
        let (bare, query) = path.split_once('?').unwrap_or((path, ""));
        let parts: Vec<String> = bare.split('/').skip(2).map(decoded).collect();
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        let query = decoded(query);
        match parts.as_slice() {
            ["users", id] => self.one("users", |user| {
                is(user, "id", id) || is(user, "userPrincipalName", id)
            }),
            ["users", _, "transitiveMemberOf"] => self.all("memberOf", |_| true),
            ["users", _, "authentication", "methods"] => self.all("methods", |_| true),
            ["users", _, "authentication", "signInPreferences"] => reply(
                200,
                r#"{"userPreferredMethodForSecondaryAuthentication":"push"}"#,
            ),
            ["users", _, "authentication", segment, id] => {
                let kind = segment.trim_end_matches("Methods");
                let typed = format!("#microsoft.graph.{kind}AuthenticationMethod");
                self.one("methods", |one| {
                    is(one, "id", id) && is(one, "@odata.type", &typed)
                })
            }
            ["users", _, "registeredDevices"] => self.all("devices", |_| true),
            ["users", id, "oauth2PermissionGrants"] => {
                self.all("grants", |one| is(one, "principalId", id))
            }
            ["oauth2PermissionGrants"] => self.all("grants", |one| {
                let says = |name: &str| {
                    let value = one[name].as_str().unwrap_or_default();
                    !query.contains(&format!("{name} eq "))
                        || query.contains(&format!("{name} eq '{value}'"))
                };
                says("clientId") && says("principalId") && says("consentType")
            }),
            ["servicePrincipals"] => self.all("servicePrincipals", |one| {
                query.contains(&format!("'{}'", one["appId"].as_str().unwrap_or_default()))
            }),
            ["servicePrincipals", id] => self.one("servicePrincipals", |one| is(one, "id", id)),
            ["servicePrincipals", id, "appRoleAssignments"] => {
                self.all("appRoles", |one| is(one, "principalId", id))
            }
            ["applications", id] => self.one("applications", |one| is(one, "id", id)),
            ["roleManagement", "directory", "roleAssignments"] => {
                self.all("roleAssignments", |_| true)
            }
            ["identityProtection", "riskyUsers", id] => {
                self.one("riskyUsers", |one| is(one, "id", id))
            }
            ["devices", id] => self.one("devices", |one| is(one, "id", id)),
            ["shares", _, "driveItem"] => {
                reply(200, r#"{"id":"i1","parentReference":{"driveId":"dr1"}}"#)
            }
            ["drives", _, "items", _, "permissions"] => self.all("permissions", |_| true),
            _ => reply(
                400,
                &error(
                    "BadRequest",
                    &format!("Resource not found for the segment '{bare}'."),
                ),
            ),
        }
    }

    fn one(&self, list: &str, of: impl Fn(&Value) -> bool) -> Reply {
        match self.lists[list].iter().find(|one| of(one)) {
            Some(one) => reply(200, &one.to_string()),
            None => reply(
                404,
                &error("Request_ResourceNotFound", "Resource does not exist"),
            ),
        }
    }

    fn all(&self, list: &str, of: impl Fn(&Value) -> bool) -> Reply {
        let rows: Vec<&Value> = self.lists[list].iter().filter(|one| of(one)).collect();
        reply(200, &json!({"value": rows}).to_string())
    }

    fn cmdlet_asked(&self, body: &str) -> Reply {
        let body: Value = serde_json::from_str(body).expect("a body of JSON");
        let cmdlet = body["CmdletInput"]["CmdletName"].as_str().expect("a name");
        if let Some(refusal) = self.refusal(cmdlet) {
            return refusal;
        }
        let noun = cmdlet.strip_prefix("Get-").expect("a question");
        let whose = ["Identity", "Mailbox"]
            .iter()
            .find_map(|name| body["CmdletInput"]["Parameters"][*name].as_str());
        let owner = whose.unwrap_or(NORA).split(':').next().unwrap_or_default();
        if ![NORA, "nora"].contains(&owner.to_lowercase().as_str()) {
            return reply(
                404,
                &exchange_error(&format!("object '{owner}' couldn't be found.")),
            );
        }
        let shows_hidden = body["CmdletInput"]["Parameters"]["IncludeHidden"] == json!(true);
        self.all(noun, |row| shows_hidden || row["Hidden"] != json!(true))
    }

    /// Makes a change.
    pub(crate) fn make(&mut self, change: &Change) -> Reply {
        self.changes.push(change.clone());
        self.clock += 1;
        let body: Value = change.body.as_deref().map_or(Value::Null, |body| {
            serde_json::from_str(body).expect("JSON")
        });
        if change.path.ends_with("/InvokeCommand") {
            return self.cmdlet_run(&body["CmdletInput"]);
        }
        if let Some(refusal) = self.refusal(&change.path) {
            return refusal;
        }
        let parts: Vec<String> = change.path.split('/').skip(2).map(decoded).collect();
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        let now = format!("2026-03-12T09:00:{:02}Z", self.clock);
        match (change.verb, parts.as_slice()) {
            (Verb::Patch, ["users", id]) => {
                let user = self.list("users").iter_mut().find(|one| is(one, "id", id));
                let user = user.expect("a user of that id");
                if body.get("passwordProfile").is_some() {
                    user["lastPasswordChangeDateTime"] = json!(now);
                } else {
                    merge(user, &body);
                }
            }
            (Verb::Post, ["users", id, "revokeSignInSessions"]) => {
                let user = self.list("users").iter_mut().find(|one| is(one, "id", id));
                user.expect("a user of that id")["signInSessionsValidFromDateTime"] = json!(now);
                return reply(200, r#"{"value":true}"#);
            }
            (Verb::Post, ["users", _, "authentication", "phoneMethods"]) => {
                let mut phone = json!({"@odata.type": "#microsoft.graph.phoneAuthenticationMethod",
                    "id": "3179e48a-750b-4051-897c-87b9720928f7"});
                merge(&mut phone, &body);
                self.list("methods").push(phone);
            }
            (Verb::Delete, ["users", _, "authentication", _, id]) => {
                return self.remove("methods", id);
            }
            (Verb::Delete, ["oauth2PermissionGrants", id]) => return self.remove("grants", id),
            (Verb::Delete, ["servicePrincipals", _, "appRoleAssignments", id]) => {
                return self.remove("appRoles", id);
            }
            (Verb::Delete, ["roleManagement", "directory", "roleAssignments", id]) => {
                return self.remove("roleAssignments", id);
            }
            (Verb::Delete, ["drives", _, "items", _, "permissions", id]) => {
                return self.remove("permissions", id);
            }
            (Verb::Post, ["drives", _, "items", _, "createLink"]) => {
                let link = json!({"id": "p-new", "link": body});
                self.list("permissions").push(link);
            }
            (Verb::Post, ["oauth2PermissionGrants"]) => self.anew("grants", body),
            (Verb::Post, ["servicePrincipals", _, "appRoleAssignments"]) => {
                self.anew("appRoles", body);
            }
            (Verb::Post, ["roleManagement", "directory", "roleAssignments"]) => {
                self.anew("roleAssignments", body);
            }
            (Verb::Post, ["applications", _, "removePassword"]) => {
                let listed = self.list("applications")[0]["passwordCredentials"].as_array_mut();
                listed
                    .expect("a list")
                    .retain(|one| one["keyId"] != body["keyId"]);
            }
            (Verb::Patch, ["applications", _]) => merge(&mut self.list("applications")[0], &body),
            (Verb::Patch, [list @ ("devices" | "servicePrincipals"), id]) => {
                let found = self.list(list).iter_mut().find(|one| is(one, "id", id));
                merge(found.expect("an object of that id"), &body);
            }
            (Verb::Post, ["identityProtection", "riskyUsers", what]) => {
                let state = if *what == "dismiss" {
                    "dismissed"
                } else {
                    "confirmedCompromised"
                };
                let risky = json!({"id": NORA_ID, "riskState": state});
                *self.list("riskyUsers") = vec![risky];
            }
            _ => panic!("nobody knows {} {}", change.verb.name(), change.path),
        }
        reply(204, "")
    }

    fn remove(&mut self, list: &str, id: &str) -> Reply {
        let list = self.list(list);
        let before = list.len();
        list.retain(|one| !is(one, "id", id));
        if list.len() == before {
            return reply(404, &error("Request_ResourceNotFound", "it does not exist"));
        }
        reply(204, "")
    }

    fn anew(&mut self, list: &str, mut body: Value) {
        body["id"] = json!(format!("new-{}", self.clock));
        self.list(list).push(body);
    }

    fn cmdlet_run(&mut self, input: &Value) -> Reply {
        let cmdlet = input["CmdletName"].as_str().expect("a name").to_owned();
        if let Some(refusal) = self.refusal(&cmdlet) {
            return refusal;
        }
        let given = input["Parameters"].as_object().expect("parameters").clone();
        let word = |name: &str| {
            given
                .get(name)
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        let (verb, noun) = cmdlet.split_once('-').expect("a cmdlet");
        let noun = noun.to_owned();
        let ids = [
            "RuleIdentity",
            "RuleId",
            "Guid",
            "Identity",
            "Name",
            "User",
            "Trustee",
        ];
        let identity = match noun.as_str() {
            "MailboxPermission" => word("User"),
            "RecipientPermission" => word("Trustee"),
            "MailboxFolderPermission" => word("User"),
            _ => word("Identity"),
        };
        let is_meant = |row: &Value| {
            let shown = row["User"]["DisplayName"].as_str();
            ids.iter().any(|id| row[*id].as_str() == Some(&identity)) || shown == Some(&identity)
        };
        let of_mailbox = noun.ends_with("Mailbox")
            || noun.ends_with("Configuration")
            || noun.ends_with("Association")
            || noun.ends_with("Config");
        let list = self
            .lists
            .get_mut(noun.as_str())
            .expect("a list of that name");
        let row = list.iter_mut().find(|row| of_mailbox || is_meant(row));
        match (verb, row) {
            ("Disable" | "Enable", Some(row)) => {
                let on = verb == "Enable";
                if noun == "TransportRule" {
                    row["State"] = json!(if on { "Enabled" } else { "Disabled" });
                } else {
                    row["Enabled"] = json!(on);
                }
            }
            ("Set", Some(row)) => set(row, &given),
            ("Remove", Some(_)) => list.retain(|row| !is_meant(row)),
            ("New" | "Add", None) => list.push(made(&noun, &given)),
            ("Remove", None) => {
                let text = "because the ACE doesn't exist on the object.";
                return reply(
                    200,
                    &json!({"value": [], "@adminapi.warnings": [text]}).to_string(),
                );
            }
            _ => {
                return reply(
                    404,
                    &exchange_error(&format!("object '{identity}' couldn't be found.")),
                );
            }
        }
        reply(200, r#"{"value":[]}"#)
    }
}

fn set(row: &mut Value, given: &Map<String, Value>) {
    for (name, value) in given {
        if ["Identity", "User", "Confirm"].contains(&name.as_str()) {
            continue;
        }
        if let Some(listed) = value.get("remove").and_then(Value::as_array) {
            let kept = row[name].as_array_mut().expect("a list");
            kept.retain(|one| !listed.contains(one));
        } else if let Some(listed) = value.get("add").and_then(Value::as_array) {
            row[name]
                .as_array_mut()
                .expect("a list")
                .extend(listed.clone());
        } else {
            row[name] = value.clone();
        }
    }
}

fn made(noun: &str, given: &Map<String, Value>) -> Value {
    let mut row = Value::Object(given.clone());
    match noun {
        "InboxRule" => {
            row["RuleIdentity"] = json!("999");
            row["Enabled"] = json!(true);
            for name in ["Mailbox", "Force", "AlwaysDeleteOutlookRulesBlob"] {
                row.as_object_mut().expect("an object").remove(name);
            }
        }
        "MailboxFolderPermission" => row["User"] = json!({"DisplayName": given["User"]}),
        _ => {}
    }
    row
}

fn is(value: &Value, name: &str, text: &str) -> bool {
    value[name]
        .as_str()
        .is_some_and(|own| own.eq_ignore_ascii_case(text))
}

fn merge(into: &mut Value, from: &Value) {
    for (name, value) in from.as_object().expect("an object") {
        into[name] = value.clone();
    }
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits: String = rest.by_ref().take(2).map(char::from).collect();
            bytes.push(u8::from_str_radix(&digits, 16).expect("two digits"));
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).expect("text")
}

/// Makes an answer.
pub(crate) fn reply(status: u16, body: &str) -> Reply {
    Reply {
        status,
        body: body.as_bytes().to_vec(),
        ..Reply::default()
    }
}

/// Writes an error as Graph does.
pub(crate) fn error(code: &str, message: &str) -> String {
    json!({"error": {"code": code, "message": message}}).to_string()
}

/// Writes an error as Exchange does.
pub(crate) fn exchange_error(message: &str) -> String {
    json!({"error": {"code": "NotFound", "message": "Invalid Operation",
        "innererror": {"internalexception": {"message": message}}}})
    .to_string()
}
