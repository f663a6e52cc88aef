//! What is left behind in a mailbox: rules, forwarding, automatic replies, rights for others.

use super::cmdlet::{Cmdlet, bare};
use super::{Foothold, FootholdKind, Sign, called, foothold};
use crate::respond::names::{last, rule_id};
use model::bags::{Bag, body};
use model::recipients::recipients;
use model::{Event, Json};

/// What a mail client writes for every change of a rule.
const OUTLOOK: &str = "UpdateInboxRules";

/// The parameters of a rule that send mail somewhere.
const SENDING: [&str; 3] = ["ForwardTo", "ForwardAsAttachmentTo", "RedirectTo"];

/// Reads what a record leaves behind in a mailbox.
pub(super) fn read(event: &Event<'_>) -> Vec<Foothold> {
    if event.action.eq_ignore_ascii_case(OUTLOOK) {
        return outlook(event).into_iter().collect();
    }
    let Some(cmdlet) = Cmdlet::read(event).filter(Cmdlet::is_making) else {
        return Vec::new();
    };
    match cmdlet.noun.as_str() {
        "inboxrule" => vec![rule(event, &cmdlet)],
        "sweeprule" => vec![sweep_rule(event, &cmdlet)],
        "mailbox" => set_mailbox(event, &cmdlet),
        "mailboxautoreplyconfiguration" => auto_reply(event, &cmdlet).into_iter().collect(),
        "mailboxpermission" => right(event, &cmdlet, FootholdKind::FullAccess, "User"),
        "recipientpermission" => right(event, &cmdlet, FootholdKind::SendAs, "Trustee"),
        _ => Vec::new(),
    }
}

fn rule(event: &Event<'_>, cmdlet: &Cmdlet<'_>) -> Foothold {
    // `mailbox\rule`, the mailbox sometimes as a directory's path.
    let (within, named) = match cmdlet.identity().rsplit_once('\\') {
        Some((within, rule)) => (within, rule),
        None => ("", cmdlet.identity()),
    };
    let owner = match cmdlet.value("Mailbox") {
        Some(mailbox) => bare(mailbox),
        None if !within.is_empty() => bare(within),
        None => cmdlet.owner("Mailbox"),
    };
    let mut signs = Vec::new();
    for name in [Some(named), cmdlet.given("Name")].into_iter().flatten() {
        let is_number = name.len() > 9 && name.bytes().all(|byte| byte.is_ascii_digit());
        if is_number {
            signs.push(Sign::Id(rule_id(name)));
        }
        if !name.trim().is_empty() || cmdlet.given("Name").is_some() {
            signs.push(Sign::Name(name.trim().to_lowercase()));
        }
    }
    if cmdlet
        .given("Name")
        .is_some_and(|name| !name.trim().is_empty())
    {
        signs.retain(|sign| *sign != Sign::Name(String::new()));
    }
    for parameter in SENDING {
        let to = recipients(cmdlet.value(parameter).unwrap_or_default()).addresses;
        signs.extend(to.into_iter().map(Sign::Address));
    }
    let name = cmdlet.given("Name").unwrap_or(named);
    let did = match cmdlet.verb.as_str() {
        "new" => "made",
        "enable" => "switched on",
        _ => "changed",
    };
    let what = format!("{did} the inbox rule {} of {owner}", called(name));
    foothold(event, FootholdKind::InboxRule, &owner, signs, &what)
}

fn outlook(event: &Event<'_>) -> Option<Foothold> {
    let body = body(&event.rest);
    let found = Bag::read(&body, "OperationProperties");
    let first = |names: [&str; 2]| names.into_iter().find_map(|name| found.get(name));
    let operation = first(["RuleOperation", "Operation"]).unwrap_or_default();
    let operation = operation.to_ascii_lowercase();
    if found.is_empty() || operation.starts_with("remove") || operation.starts_with("delete") {
        return None;
    }
    let mut signs = Vec::new();
    let id = first(["RuleId", "Id"]).map(rule_id).unwrap_or_default();
    signs.push(Sign::Id(id));
    // Many records have the name without a value although the rule has one.
    let name = first(["RuleName", "Name"]).unwrap_or_default();
    if !name.trim().is_empty() {
        signs.push(Sign::Name(name.trim().to_lowercase()));
    }
    for key in ["RuleActions", "Actions", "Recipients", "ServerRule"] {
        let text = found.get(key).unwrap_or_default();
        let mut texts = Vec::new();
        match model::json::parse(text) {
            Ok(parsed) => addresses(&parsed.value, &mut texts),
            Err(_) => texts.push(text.to_owned()),
        }
        let to = texts.iter().flat_map(|one| recipients(one).addresses);
        signs.extend(to.map(Sign::Address));
    }
    let owner = mailbox(event);
    let did = if operation.starts_with("add") || operation.starts_with("create") {
        "made"
    } else {
        "changed"
    };
    let what = format!(
        "{did} the inbox rule {} of {owner} in a mail client",
        called(name)
    );
    Some(foothold(
        event,
        FootholdKind::InboxRule,
        &owner,
        signs,
        &what,
    ))
}

/// Where clients put recipients differs by version: every text with an `@` is one.
fn addresses(value: &Json<'_>, found: &mut Vec<String>) {
    match value {
        Json::String(text) if text.contains('@') => found.push(text.clone().into_owned()),
        Json::Array(items) => items.iter().for_each(|item| addresses(item, found)),
        Json::Object(entries) => entries.iter().for_each(|(_, one)| addresses(one, found)),
        _ => {}
    }
}

/// Returns whose mailbox a record of a mailbox is about.
pub(super) fn mailbox(event: &Event<'_>) -> String {
    let named = [&event.mailbox, &event.mailbox_id, &event.user];
    let owner = named.into_iter().find(|one| !one.is_empty());
    owner.map_or_else(String::new, |owner| owner.to_lowercase())
}

fn sweep_rule(event: &Event<'_>, cmdlet: &Cmdlet<'_>) -> Foothold {
    let owner = cmdlet.owner("Mailbox");
    let name = cmdlet
        .value("Name")
        .unwrap_or_else(|| last(cmdlet.identity()));
    let signs = [
        Sign::Name(name.trim().to_lowercase()),
        Sign::Id(last(cmdlet.identity()).to_lowercase()),
    ];
    let what = format!("made the sweep rule {} of {owner}", called(name));
    foothold(event, FootholdKind::SweepRule, &owner, signs, &what)
}

/// Forwarding and the right to send on behalf are both set on the mailbox.
fn set_mailbox(event: &Event<'_>, cmdlet: &Cmdlet<'_>) -> Vec<Foothold> {
    let owner = match cmdlet.identity() {
        "" => cmdlet.owner("Identity"),
        identity => bare(identity),
    };
    let mut found = Vec::new();
    for parameter in ["ForwardingSmtpAddress", "ForwardingAddress"] {
        let Some(value) = cmdlet.value(parameter) else {
            continue;
        };
        let to = recipients(value).addresses;
        let mut signs: Vec<Sign> = to.into_iter().map(Sign::Address).collect();
        signs.push(Sign::Name(last(value).to_lowercase()));
        let what = format!("had {owner} forward to {}", called(value));
        found.push(foothold(
            event,
            FootholdKind::Forwarding,
            &owner,
            signs,
            &what,
        ));
    }
    if let Some(value) = cmdlet.value("GrantSendOnBehalfTo") {
        let whom = value.split([';', ',']).map(str::trim);
        for whom in whom.filter(|one| !one.is_empty()) {
            let kind = FootholdKind::SendOnBehalf;
            found.push(trusted(event, kind, &owner, whom));
        }
    }
    found
}

fn auto_reply(event: &Event<'_>, cmdlet: &Cmdlet<'_>) -> Option<Foothold> {
    let state = cmdlet.value("AutoReplyState")?;
    if state.eq_ignore_ascii_case("Disabled") {
        return None;
    }
    let owner = match cmdlet.identity() {
        "" => cmdlet.owner("Identity"),
        identity => bare(identity),
    };
    let signs = [Sign::Name("automatic reply".to_owned())];
    let what = format!("had {owner} answer by itself");
    Some(foothold(
        event,
        FootholdKind::AutoReply,
        &owner,
        signs,
        &what,
    ))
}

fn right(
    event: &Event<'_>,
    cmdlet: &Cmdlet<'_>,
    kind: FootholdKind,
    parameter: &str,
) -> Vec<Foothold> {
    let is_denied = cmdlet.truth("Deny") == Some(true);
    let owner = match cmdlet.identity() {
        "" => cmdlet.owner("Identity"),
        identity => bare(identity),
    };
    let whom = cmdlet.value(parameter).filter(|_| !is_denied);
    let given = whom.map(|whom| trusted(event, kind, &owner, whom));
    given.into_iter().collect()
}

fn trusted(event: &Event<'_>, kind: FootholdKind, owner: &str, whom: &str) -> Foothold {
    let what = format!("gave {} the {} over {owner}", called(whom), kind.name());
    foothold(event, kind, owner, trustee(whom), &what)
}

/// Returns the signs of somebody: as the record has it, and without a path or domain before it.
pub(super) fn trustee(whom: &str) -> Vec<Sign> {
    let bare = last(whom).to_lowercase();
    let mut signs = vec![Sign::Trustee(whom.trim().to_lowercase())];
    if !signs.contains(&Sign::Trustee(bare.clone())) {
        signs.push(Sign::Trustee(bare));
    }
    signs
}
