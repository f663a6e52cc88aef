//! Inbox rules: made in the browser (a cmdlet) or in Outlook (a record of the mailbox), removed.

use serde::Deserialize;
use serde_json::json;

use super::cmdlet::{Runner, parameter};
use super::mail_record::Access;
use super::stage::Stage;
use super::write::pairs;
use crate::mailbox::Rule;
use crate::stroke::What;

/// A rule is made.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewRule {
    /// In which session. In a desktop Outlook the rule is written by the mailbox itself.
    pub(crate) session: String,
    /// Its name.
    pub(crate) name: String,
    /// Further parameters of `New-InboxRule`, lists joined by `;`.
    pub(crate) parameters: Vec<(String, String)>,
    /// Hidden from Outlook and Graph.
    #[serde(default)]
    pub(crate) hidden: bool,
}

/// A rule is removed.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RemoveRule {
    /// In which session.
    pub(crate) session: String,
    /// Whose rule, when not one's own.
    pub(crate) of: Option<String>,
    /// Its name.
    pub(crate) name: String,
}

impl NewRule {
    pub(crate) fn play(&self, stage: &mut Stage) -> Result<(), String> {
        let session = stage.session(&self.session)?;
        let user = session.user;
        let number = stage.chance.draw();
        let rule = Rule {
            id: number.to_string(),
            graph_id: format!("AQAA{}=", stage.chance.base64(8)),
            name: self.name.clone(),
            enabled: true,
            sequence: 0,
            hidden: self.hidden,
            client_only: false,
            parameters: self.parameters.clone(),
        };
        let alias = stage.mailbox(user)?.alias.clone();
        if session.client.dress().process.is_some() {
            let access = Access::of(&session, user);
            let more = json!({
                "OperationProperties": pairs([
                    ("RuleOperation", "AddMailboxRule".to_owned()),
                    // The mailbox writes the number with a sign.
                    ("RuleId", (number as i64).to_string()),
                    ("RuleState", "Enabled".to_owned()),
                    ("RuleCondition", self.condition()),
                    ("RuleName", self.name.clone()),
                    ("RuleProvider", "RuleOrganizer".to_owned()),
                    ("RuleActions", self.actions()),
                ]),
            });
            stage.mail_record(stage.now, &access, "UpdateInboxRules", 2, more)?;
        } else {
            let mut parameters = vec![
                parameter("AlwaysDeleteOutlookRulesBlob", "False"),
                parameter("Force", "False"),
                parameter("Name", self.name.clone()),
            ];
            parameters.extend(self.parameters.iter().cloned());
            let object = format!("{alias}\\{}", self.name);
            let runner = Runner::Person(&session);
            stage.cmdlet(stage.now, &runner, "New-InboxRule", &object, &parameters);
        }
        if stage.intruding() {
            let upn = stage.user(user).upn.clone();
            for target in rule.list("ForwardTo").chain(rule.list("RedirectTo")) {
                stage.truth.forwarded_to.insert(target.to_owned());
            }
            stage.truth.mailboxes.insert(upn.clone());
            stage.truth.rules.insert((upn, self.name.clone()));
        }
        stage.stroke(What::Rule { user, rule });
        Ok(())
    }

    /// The restriction as MAPI prints it.
    fn condition(&self) -> String {
        let word = |name: &str| {
            let found = self.parameters.iter().find(|(known, _)| known == name);
            found.map_or("", |(_, value)| value.as_str())
        };
        let words: Vec<String> = word("SubjectOrBodyContainsWords")
            .split(';')
            .filter(|word| !word.is_empty())
            .map(|word| format!("(Content {{SubString, IgnoreCase}} Subject {word})"))
            .collect();
        format!("(Or {})", words.join(" "))
    }

    fn actions(&self) -> String {
        let mut actions = Vec::new();
        for (name, value) in &self.parameters {
            let action = match name.as_str() {
                "MoveToFolder" => json!({ "ActionType": "Move", "FolderName": value }),
                "DeleteMessage" => json!({ "ActionType": "Delete" }),
                "MarkAsRead" => json!({ "ActionType": "MarkAsRead" }),
                "ForwardTo" => json!({
                    "ActionType": "Forward",
                    "Recipients": value.split(';').collect::<Vec<_>>(),
                    "ForwardFlags": "None",
                }),
                _ => continue,
            };
            actions.push(action);
        }
        super::write::text(&json!(actions))
    }
}

impl RemoveRule {
    pub(crate) fn play(&self, stage: &mut Stage) -> Result<(), String> {
        let session = stage.session(&self.session)?;
        let user = match &self.of {
            Some(name) => stage.person(name)?,
            None => session.user,
        };
        let mailbox = stage.mailbox(user)?;
        let place = mailbox.rules.iter().position(|rule| rule.name == self.name);
        let place = place.ok_or_else(|| format!("no rule is `{}`", self.name))?;
        let rule = mailbox.rules[place].clone();
        let object = format!("{}\\{}", mailbox.alias, rule.id);
        stage.stroke(What::RuleGone { user, rule, place });
        let parameters = [
            parameter("AlwaysDeleteOutlookRulesBlob", "False"),
            parameter("Force", "False"),
            parameter("Identity", object.clone()),
        ];
        let runner = Runner::Person(&session);
        stage.cmdlet(stage.now, &runner, "Remove-InboxRule", &object, &parameters);
        Ok(())
    }
}
