//! A small invented tenant: it answers what is asked and makes what is changed, so that an action
//! is judged by what it did and not by what it said.

mod changed;
mod standing;

use model::{Ask, Change, Reply, Target};
use serde_json::{Value, json};
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
            ["users", _, "mailFolders", _, "messageRules"] => self.graph_rules(),
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
            ["identity", "conditionalAccess", "policies"] => self.all("policies", |_| true),
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

    /// Graph shows neither hidden rules nor numbers.
    fn graph_rules(&self) -> Reply {
        let rules = self.lists["InboxRule"].iter();
        let shown = rules.filter(|rule| rule["Hidden"] != json!(true));
        let rows: Vec<Value> = shown
            .map(|rule| {
                json!({"id": format!("graph-{}", rule["RuleIdentity"].as_str().unwrap_or_default()),
                    "displayName": rule["Name"], "isEnabled": rule["Enabled"], "isReadOnly": false,
                    "actions": {"moveToFolder": rule["MoveToFolder"]}})
            })
            .collect();
        reply(200, &json!({"value": rows}).to_string())
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
