//! Inbox rules as Graph writes them: what an Outlook keeps for itself is left alone, and hidden
//! rules are not there.

use serde_json::Value;

use super::Made;
use crate::graph::Visit;
use crate::graph::mail;
use crate::mailbox::{Mailbox, Rule};
use crate::stroke::number_rules;
use crate::wire::Answer;

/// Checks that the path names the inbox of a mailbox, and returns whose.
fn owner(visit: &Visit<'_>) -> Result<usize, Answer> {
    let place = visit.person(visit.part(1)).ok_or_else(|| {
        let text = format!("The requested user '{}' is invalid.", visit.part(1));
        visit.error(404, "ErrorInvalidUser", &text)
    })?;
    let Some(mailbox) = &visit.tenant.users[place].mailbox else {
        let text = "The mailbox is either inactive, soft-deleted, or is hosted on-premise.";
        return Err(visit.error(404, "MailboxNotEnabledForRESTAPI", text));
    };
    let folder = mail::find_folder(mailbox, visit.part(3));
    let known = folder.and_then(|folder| mailbox.folders[folder].well_known);
    if known == Some("inbox") {
        return Ok(place);
    }
    Err(visit.error(
        404,
        "ErrorItemNotFound",
        "The specified folder could not be found in the store.",
    ))
}

fn change<T>(
    visit: &Visit<'_>,
    owner: usize,
    work: impl FnOnce(&mut Mailbox) -> Option<T>,
) -> Result<T, Answer> {
    let done = visit.cloud.change(visit.place, |tenant| {
        let mailbox = tenant.users[owner].mailbox.as_mut()?;
        let done = work(mailbox);
        number_rules(&mut mailbox.rules);
        done
    });
    done.ok_or_else(|| {
        let text = "The specified object was not found in the store.";
        visit.error(404, "ErrorItemNotFound", text)
    })
}

fn find(mailbox: &Mailbox, id: &str) -> Option<usize> {
    let mut rules = mailbox.rules.iter();
    rules.position(|rule| rule.graph_id == id && !rule.hidden && !rule.client_only)
}

fn note(visit: &Visit<'_>, cmdlet: &str, owner: usize, rule: &Rule) {
    let mailbox = visit.tenant.users[owner].mailbox.as_ref();
    let alias = mailbox.map_or("", |mailbox| mailbox.alias.as_str());
    let object = format!("{alias}\\{}", rule.id);
    let mut parameters = vec![("Identity".to_owned(), object.clone())];
    if cmdlet != "Remove-InboxRule" {
        parameters.push(("Name".to_owned(), rule.name.clone()));
        parameters.extend(rule.parameters.iter().cloned());
        let enabled = if rule.enabled { "True" } else { "False" };
        parameters.push(("Enabled".to_owned(), enabled.to_owned()));
    }
    visit
        .cloud
        .note_cmdlet(&visit.by(), cmdlet, &object, &parameters);
}

/// `PATCH .../messageRules/{id}`.
pub(super) fn update(visit: &Visit<'_>) -> Made {
    let owner = owner(visit)?;
    let body = visit.body()?;
    let (rule, shown) = change(visit, owner, |mailbox| {
        let at = find(mailbox, visit.part(5))?;
        let mut rule = mailbox.rules.remove(at);
        lay(mailbox, &mut rule, &body);
        let to = wanted_place(mailbox, &body).unwrap_or(at);
        Some(put(mailbox, to, rule))
    })?;
    note(visit, "Set-InboxRule", owner, &rule);
    Ok(Answer::json(200, &shown))
}

/// `DELETE .../messageRules/{id}`.
pub(super) fn remove(visit: &Visit<'_>) -> Made {
    let owner = owner(visit)?;
    let rule = change(visit, owner, |mailbox| {
        let at = find(mailbox, visit.part(5))?;
        Some(mailbox.rules.remove(at))
    })?;
    note(visit, "Remove-InboxRule", owner, &rule);
    Ok(Answer::empty(204))
}

/// `POST .../messageRules`.
pub(super) fn add(visit: &Visit<'_>) -> Made {
    let owner = owner(visit)?;
    let body = visit.body()?;
    if !body["displayName"].is_string() || !body["actions"].is_object() {
        let text = "The rule must have a displayName and at least one action.";
        return Err(visit.error(400, "ErrorInvalidRequest", text));
    }
    let mut chance = visit.cloud.chance_of("rule");
    let mut rule = Rule {
        id: chance.draw().to_string(),
        graph_id: format!("AQAA{}=", chance.base64(8)),
        name: String::new(),
        enabled: true,
        sequence: 0,
        hidden: false,
        client_only: false,
        parameters: Vec::new(),
    };
    let (rule, shown) = change(visit, owner, |mailbox| {
        lay(mailbox, &mut rule, &body);
        let place = wanted_place(mailbox, &body).unwrap_or(0);
        Some(put(mailbox, place, rule))
    })?;
    note(visit, "New-InboxRule", owner, &rule);
    Ok(Answer::json(201, &shown))
}

/// Puts a rule in its place, and returns it as it is there and as it is shown.
fn put(mailbox: &mut Mailbox, place: usize, rule: Rule) -> (Rule, Value) {
    let place = place.min(mailbox.rules.len());
    mailbox.rules.insert(place, rule);
    number_rules(&mut mailbox.rules);
    let rule = mailbox.rules[place].clone();
    let shown = mail::rule(mailbox, &rule);
    (rule, shown)
}

/// Where a sequence puts a rule. Rules with the same sequence stand in any order; here the new one
/// comes first.
fn wanted_place(mailbox: &Mailbox, body: &Value) -> Option<usize> {
    let sequence = body["sequence"].as_u64()? as usize;
    Some(sequence.saturating_sub(1).min(mailbox.rules.len()))
}

/// Lays the body over a rule. Conditions and actions take the place of those there were.
fn lay(mailbox: &Mailbox, rule: &mut Rule, body: &Value) {
    if let Some(name) = body["displayName"].as_str() {
        name.clone_into(&mut rule.name);
    }
    rule.enabled = body["isEnabled"].as_bool().unwrap_or(rule.enabled);
    for (part, names) in [("conditions", mail::CONDITIONS), ("actions", mail::ACTIONS)] {
        if !body[part].is_object() {
            continue;
        }
        rule.parameters
            .retain(|(name, _)| !names.iter().any(|(cmdlet, _)| name == cmdlet));
        for (cmdlet, graph) in names {
            let value = written(&body[part][*graph]).map(|value| match *cmdlet {
                "MoveToFolder" | "CopyToFolder" => mail::folder_name(mailbox, &value).to_owned(),
                _ => value,
            });
            let value = value.map(|value| ((*cmdlet).to_owned(), value));
            rule.parameters.extend(value);
        }
    }
}

/// A value in the cmdlet's spelling: lists joined by `;`, people by their addresses.
fn written(value: &Value) -> Option<String> {
    match value {
        Value::Bool(true) => Some("True".to_owned()),
        Value::Bool(false) => Some("False".to_owned()),
        Value::String(text) => Some(text.clone()),
        Value::Array(list) => {
            let texts = list.iter().map(|item| {
                let person = &item["emailAddress"]["address"];
                let text = item.as_str().or(person.as_str());
                text.unwrap_or_default().to_owned()
            });
            Some(texts.collect::<Vec<_>>().join(";"))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::office_mail::open_mailbox;
    use crate::seed::Seed;

    #[test]
    fn a_rule_that_is_read_and_written_again_is_the_same() {
        let mailbox = open_mailbox(&mut Seed::new(1), "A", "a", "a@b.example", 0);
        let parameters = [
            ("SubjectOrBodyContainsWords", "invoice;payment"),
            ("ForwardTo", "a@b.example"),
            ("MarkAsRead", "True"),
            ("MoveToFolder", "RSS Feeds"),
        ];
        let mut rule = Rule {
            id: "1".to_owned(),
            graph_id: "AQAA=".to_owned(),
            name: ".".to_owned(),
            enabled: false,
            sequence: 1,
            hidden: false,
            client_only: false,
            parameters: parameters
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .to_vec(),
        };
        let mut before = rule.clone();
        let shown = mail::rule(&mailbox, &rule);
        let folder = shown["actions"]["moveToFolder"].as_str();
        assert!(folder.is_some_and(|id| id.starts_with("AAMk")));
        rule.parameters.clear();
        lay(&mailbox, &mut rule, &shown);
        rule.parameters.sort();
        before.parameters.sort();
        assert_eq!(rule, before);
        let other = json!({"isEnabled": true, "actions": {"delete": true}});
        lay(&mailbox, &mut rule, &other);
        assert!(rule.enabled && rule.parameter("DeleteMessage") == Some("True"));
        assert!(rule.parameter("MoveToFolder").is_none());
        assert_eq!(rule.list("SubjectOrBodyContainsWords").count(), 2);
    }
}
