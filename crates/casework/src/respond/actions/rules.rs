//! Inbox rules as Exchange lists them, hidden ones too.

use crate::respond::action::About;
use crate::respond::exchange::{ask, change, field, rows, word, words};
use crate::respond::graph;
use crate::respond::names::{is_same, rule_id};
use crate::respond::object::Object;
use crate::respond::state::State;
use crate::respond::written::{part, text};
use model::recipients::recipients;
use model::{Ask, Change, Json, Reply, Verb};

/// What Exchange needs for everything that changes a mailbox.
pub(super) const PERMISSIONS: &[&str] = &[
    "Exchange.ManageAsApp",
    "the directory role Exchange Administrator or Exchange Recipient Administrator",
];

/// What is needed to change a rule: Graph for those that it shows, a cmdlet for the others.
pub(super) const RULE_PERMISSIONS: &[&str] = &[
    "MailboxSettings.ReadWrite",
    "Exchange.ManageAsApp",
    "the directory role Exchange Administrator or Exchange Recipient Administrator",
];

/// What of a row says nothing of what the rule is and does, or moves by itself.
const NOISE: &[&str] = &[
    "Description",
    "DescriptionTimeFormat",
    "DescriptionTimeZone",
    "ErrorType",
    "Identity",
    "InError",
    "IsValid",
    "Legacy",
    "MailboxOwnerId",
    "ObjectState",
    "OrganizationId",
    "Priority",
    "RuleIdentity",
    "RunspaceId",
    "SupportedByTask",
    "WarningType",
];

/// The fields that hold people: listed as `"Name" [SMTP:a@b]`, where the name is whatever the
/// address book says that day, and given as addresses.
const RECIPIENTS: &[&str] = &[
    "ForwardAsAttachmentTo",
    "ForwardTo",
    "From",
    "RedirectTo",
    "SentTo",
];

/// Asks for the rules of a mailbox. Graph would leave out the hidden ones.
pub(crate) fn all(tenant: &str, mailbox: &str) -> Ask {
    let parameters = [
        ("Mailbox", text(mailbox)),
        ("IncludeHidden", Json::Bool(true)),
    ];
    ask(tenant, "Get-InboxRule", &parameters)
}

/// Asks for the rules of a mailbox that its owner can see.
pub(crate) fn visible(tenant: &str, mailbox: &str) -> Ask {
    ask(tenant, "Get-InboxRule", &[("Mailbox", text(mailbox))])
}

/// Reads the rules and hands over the one that is meant, where it is there.
pub(super) fn seen<T>(
    about: &About,
    object: &Object,
    replies: &[Reply],
    read: impl FnOnce(&[Json<'_>]) -> Result<T, String>,
) -> Result<T, String> {
    let asked = format!("the inbox rules of {}", object.user);
    let read = rows(about, &asked, replies.first(), read);
    read?.ok_or_else(|| format!("the mailbox {} is not there", object.user))
}

/// Returns the rule that is meant: by its id, or where it has none by its name, if only one has it.
pub(super) fn find<'j, 'r>(
    rules: &'j [Json<'r>],
    object: &Object,
) -> Result<Option<&'j Json<'r>>, String> {
    if !object.id.is_empty() {
        let is = |rule: &&Json<'_>| rule_id(&word(rule, "RuleIdentity")) == object.id;
        return Ok(rules.iter().find(is));
    }
    let mut named = rules
        .iter()
        .filter(|rule| is_same(&word(rule, "Name"), &object.name));
    match (named.next(), named.next()) {
        (Some(_), Some(_)) => Err("two rules have the name, and neither an id".to_owned()),
        (found, _) => Ok(found),
    }
}

/// Returns how a rule stands: all that it looks for and does, and whether it is on.
pub(super) fn state(rule: &Json<'_>) -> State {
    let says_something = |value: &Json<'_>| match value {
        Json::Null | Json::Bool(false) => false,
        Json::String(text) => !text.is_empty(),
        Json::Array(items) => !items.is_empty(),
        _ => true,
    };
    let mut state = State::default().with_truth("Enabled", is_on(rule));
    state = state.with_text("Name", &word(rule, "Name"));
    for (name, value) in rule.entries() {
        let is_noise = name.contains('@') || NOISE.iter().any(|noise| is_same(noise, name));
        let is_named = is_same(name, "Enabled") || is_same(name, "Name");
        if is_noise || is_named || !says_something(value) {
            continue;
        }
        state = if RECIPIENTS.iter().any(|known| is_same(known, name)) {
            state.with_set(name, &people(rule, name))
        } else {
            state.with(name, value)
        };
    }
    state
}

/// Returns the addresses of people, and those who have none as they are listed.
fn people(rule: &Json<'_>, name: &str) -> Vec<String> {
    let listed = words(rule, name).into_iter();
    listed
        .map(|one| {
            let address = recipients(&one).addresses.into_iter().next();
            address.unwrap_or(one)
        })
        .collect()
}

fn is_on(rule: &Json<'_>) -> bool {
    field(rule, "Enabled").as_truth().unwrap_or(true)
}

/// Changes the rule through Graph, where that shows it and lets it be changed. A cmdlet would
/// delete the rules that only a desktop Outlook runs.
/// <https://learn.microsoft.com/graph/api/messagerule-update>
pub(super) fn by_graph(object: &Object, verb: Verb, body: Option<String>) -> Option<Change> {
    let id = object.extra("graph");
    let (user, rule) = (part(&object.user), part(id));
    let path = format!("/v1.0/users/{user}/mailFolders/inbox/messageRules/{rule}");
    (!id.is_empty()).then(|| graph::change(verb, path, body))
}

/// Calls a cmdlet on the rule.
pub(super) fn call(
    object: &Object,
    cmdlet: &'static str,
    more: &[(&'static str, Json<'static>)],
) -> Change {
    let identity = identity(object);
    let mut parameters = vec![
        ("Mailbox", text(&object.user)),
        ("Identity", text(identity)),
    ];
    parameters.extend(more.iter().map(|(name, value)| (*name, value.clone())));
    change(&object.tenant, cmdlet, &parameters)
}

/// A rule without a usable name is only known by its number.
pub(super) fn identity(object: &Object) -> &str {
    if object.id.is_empty() {
        &object.name
    } else {
        &object.id
    }
}
