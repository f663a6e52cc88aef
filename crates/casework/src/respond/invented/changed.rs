//! What a change makes of the invented tenant.

use super::{NORA_ID, Tenant, decoded, error, exchange_error, is, merge, reply};
use model::{Change, Reply, Verb};
use serde_json::{Map, Value, json};

impl Tenant {
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
            (verb, ["users", _, "mailFolders", _, "messageRules", rest @ ..]) => {
                let id = rest.first().copied().unwrap_or_default();
                let number = id.trim_start_matches("graph-");
                let rules = self.list("InboxRule");
                if verb == Verb::Post {
                    rules.push(json!({"RuleIdentity": "998", "Name": body["displayName"],
                        "Enabled": body["isEnabled"], "MoveToFolder": body["actions"]["moveToFolder"]}));
                } else if verb == Verb::Delete {
                    rules.retain(|rule| !is(rule, "RuleIdentity", number));
                } else {
                    let rule = rules
                        .iter_mut()
                        .find(|rule| is(rule, "RuleIdentity", number));
                    rule.expect("a rule of that id")["Enabled"] = body["isEnabled"].clone();
                }
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
            (Verb::Post, ["identity", "conditionalAccess", "policies"]) => {
                self.anew("policies", body);
            }
            (Verb::Delete, ["identity", "conditionalAccess", "policies", id]) => {
                return self.remove("policies", id);
            }
            (Verb::Patch, ["identity", "conditionalAccess", list @ "policies", id]) => {
                let found = self.list(list).iter_mut().find(|one| is(one, "id", id));
                merge(found.expect("a policy of that id"), &body);
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
