//! Inbox rules. Whatever a cmdlet writes deletes the rules that an Outlook keeps for itself.

use super::{Cmdlet, Done, RECIPIENTS, bad, mailbox, needed, person, words};
use crate::exchange::mailboxes::rule_json;
use crate::exchange::{Failure, Order};
use crate::mailbox::{Mailbox, Rule};
use crate::stroke::number_rules;

pub(super) const CMDLETS: &[Cmdlet] = &[
    Cmdlet {
        name: "Disable-InboxRule",
        roles: RECIPIENTS,
        parameters: &["Mailbox", "AlwaysDeleteOutlookRulesBlob"],
        run: |order| switch(order, false),
    },
    Cmdlet {
        name: "Enable-InboxRule",
        roles: RECIPIENTS,
        parameters: &["Mailbox", "AlwaysDeleteOutlookRulesBlob"],
        run: |order| switch(order, true),
    },
    Cmdlet {
        name: "Remove-InboxRule",
        roles: RECIPIENTS,
        parameters: &["Mailbox", "AlwaysDeleteOutlookRulesBlob"],
        run: remove,
    },
    Cmdlet {
        name: "New-InboxRule",
        roles: RECIPIENTS,
        parameters: WRITTEN,
        run: add,
    },
    Cmdlet {
        name: "Set-InboxRule",
        roles: RECIPIENTS,
        parameters: WRITTEN,
        run: set,
    },
];

/// Parameters that say what a rule is about; the first five are about the writing.
const WRITTEN: &[&str] = &[
    "Mailbox",
    "AlwaysDeleteOutlookRulesBlob",
    "Name",
    "Priority",
    "ValidateOutlookRuleUpgradability",
    "BodyContainsWords",
    "CopyToFolder",
    "DeleteMessage",
    "ExceptIfFrom",
    "ExceptIfFromAddressContainsWords",
    "ExceptIfSubjectContainsWords",
    "ExceptIfSubjectOrBodyContainsWords",
    "FlaggedForAction",
    "ForwardAsAttachmentTo",
    "ForwardTo",
    "From",
    "FromAddressContainsWords",
    "HasAttachment",
    "HeaderContainsWords",
    "MarkAsRead",
    "MarkImportance",
    "MoveToFolder",
    "MyNameInToBox",
    "RecipientAddressContainsWords",
    "RedirectTo",
    "SentTo",
    "SoftDeleteMessage",
    "StopProcessingRules",
    "SubjectContainsWords",
    "SubjectOrBodyContainsWords",
];
const ABOUT: usize = 5;

const WARNING: &str = "When you modify, disable, or remove an Inbox rule, any rules created by Outlook that are \
                       kept only in Outlook are deleted.";

/// Returns the person, and the name of the rule: `alias\1234` names both.
fn named<'a>(order: &'a Order<'_>) -> Result<(usize, &'a str), Failure> {
    let identity = needed(order, "Identity")?;
    if let Some(mailbox) = order.parameters.text("Mailbox") {
        let user = person(order, mailbox)?;
        let mailbox = order.tenant.users[user].mailbox.as_ref();
        let alias = mailbox.map_or("", |mailbox| mailbox.alias.as_str());
        let own = identity
            .strip_prefix(alias)
            .and_then(|rest| rest.strip_prefix('\\'));
        return Ok((user, own.unwrap_or(identity)));
    }
    let (owner, rule) = identity
        .split_once('\\')
        .ok_or_else(|| bad("The parameter Mailbox is required."))?;
    Ok((person(order, owner)?, rule))
}

/// Returns the place of a rule: by its number, or by a name that only one has.
fn place(mailbox: &Mailbox, name: &str) -> Result<usize, Failure> {
    let shown = |rule: &&(usize, &Rule)| !rule.1.client_only;
    let rules: Vec<(usize, &Rule)> = mailbox.rules.iter().enumerate().collect();
    let mut by_number = rules
        .iter()
        .filter(shown)
        .filter(|(_, rule)| rule.id == name);
    if let Some((place, _)) = by_number.next() {
        return Ok(*place);
    }
    let by_name = rules.iter().filter(shown);
    let by_name: Vec<usize> = by_name
        .filter(|(_, rule)| rule.name.eq_ignore_ascii_case(name))
        .map(|(place, _)| *place)
        .collect();
    match by_name.as_slice() {
        [one] => Ok(*one),
        [] => Err(Failure::new(
            404,
            "Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException",
            format!("The Inbox rule '{name}' couldn't be found."),
        )),
        _ => Err(Failure::new(
            400,
            "Microsoft.Exchange.Configuration.Tasks.ManagementObjectAmbiguousException",
            format!(
                "There are multiple Inbox rules matching the identity '{name}'. Specify a unique value."
            ),
        )),
    }
}

/// Writes the rules back as a cmdlet does.
fn written(order: &Order<'_>, mailbox: &mut Mailbox, done: Done) -> Done {
    let before = mailbox.rules.len();
    mailbox.rules.retain(|rule| !rule.client_only);
    number_rules(&mut mailbox.rules);
    let quiet = order.parameters.is_on("AlwaysDeleteOutlookRulesBlob");
    if quiet || mailbox.rules.len() == before {
        return done;
    }
    done.warning(WARNING.to_owned())
}

fn switch(order: &Order<'_>, on: bool) -> Result<Done, Failure> {
    let (user, name) = named(order)?;
    mailbox(order, user, |mailbox| {
        let place = place(mailbox, name)?;
        let rule = &mut mailbox.rules[place];
        if rule.name.starts_with("Delegate Rule -") {
            let text = format!("The Inbox rule '{}' can't be modified.", rule.name);
            return Err(bad(&text));
        }
        rule.enabled = on;
        let done = Done::on(format!("{}\\{}", mailbox.alias, mailbox.rules[place].id));
        Ok(written(order, mailbox, done))
    })
}

fn remove(order: &Order<'_>) -> Result<Done, Failure> {
    let (user, name) = named(order)?;
    mailbox(order, user, |mailbox| {
        let place = place(mailbox, name)?;
        let rule = mailbox.rules.remove(place);
        let done = Done::on(format!("{}\\{}", mailbox.alias, rule.id));
        Ok(written(order, mailbox, done))
    })
}

/// What is given, in the cmdlet's own spelling; nothing clears.
fn given(order: &Order<'_>) -> Vec<(String, Option<String>)> {
    let given = order.parameters.names().filter_map(|name| {
        let known = WRITTEN[ABOUT..]
            .iter()
            .find(|known| known.eq_ignore_ascii_case(name))?;
        Some(((*known).to_owned(), order.parameters.value(name).map(words)))
    });
    given.collect()
}

/// A new rule is put on top, unless it is said where.
fn add(order: &Order<'_>) -> Result<Done, Failure> {
    let user = person(order, needed(order, "Mailbox")?)?;
    let name = needed(order, "Name")?.to_owned();
    let mut chance = order.cloud.chance_of("rule");
    let rule = Rule {
        id: chance.draw().to_string(),
        graph_id: format!("AQAA{}=", chance.base64(8)),
        name,
        enabled: true,
        sequence: 0,
        hidden: false,
        client_only: false,
        parameters: given(order)
            .into_iter()
            .filter_map(|(name, value)| Some((name, value?)))
            .collect(),
    };
    let owner = &order.tenant.users[user];
    let priority = order.parameters.number("Priority").unwrap_or(1);
    mailbox(order, user, |mailbox| {
        let id = rule.id.clone();
        let done = Done::on(format!("{}\\{}", mailbox.alias, rule.name));
        mailbox.rules.retain(|rule| !rule.client_only);
        let place = priority.saturating_sub(1).min(mailbox.rules.len());
        mailbox.rules.insert(place, rule);
        let done = written(order, mailbox, done);
        let made = mailbox.rules.iter().find(|rule| rule.id == id);
        let shown = made.map(|rule| rule_json(owner, mailbox, rule));
        Ok(done.showing(shown.unwrap_or_default()))
    })
}

fn set(order: &Order<'_>) -> Result<Done, Failure> {
    let (user, name) = named(order)?;
    mailbox(order, user, |mailbox| {
        let at = place(mailbox, name)?;
        let mut rule = mailbox.rules.remove(at);
        let done = Done::on(format!("{}\\{}", mailbox.alias, rule.id));
        if let Some(name) = order.parameters.text("Name") {
            name.clone_into(&mut rule.name);
        }
        for (name, value) in given(order) {
            rule.parameters.retain(|(known, _)| *known != name);
            rule.parameters.extend(value.map(|value| (name, value)));
        }
        let to = order.parameters.number("Priority");
        let to = to.map_or(at, |priority| priority.saturating_sub(1));
        mailbox.rules.insert(to.min(mailbox.rules.len()), rule);
        Ok(written(order, mailbox, done))
    })
}
