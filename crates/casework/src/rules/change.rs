//! One act on a rule or forwarding, understood from the record of a cmdlet or a mail client.
//!
//! Whose mailbox and whose act it is cannot be said before every record is known, so it is kept
//! here as the record has it.

use super::words::{self, Part};
use super::{RuleKind, outlook};
use crate::attribution::Person;
use model::bags::{Bag, body};
use model::{AddressClass, Event, Json, Outcome, Timestamp};
use std::collections::BTreeSet;

/// What is done to a rule. Within one moment the acts are taken in this order: a rule is made
/// before it is changed, and changed before it ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Verb {
    /// It is made.
    Make,
    /// All of it is written anew.
    Replace,
    /// Some of its parts are set.
    Edit,
    /// It is switched on.
    Enable,
    /// It is switched off.
    Disable,
    /// It is removed.
    Remove,
}

/// One part of a rule as a record sets it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Setting {
    /// What it is for.
    pub(super) part: Part,
    /// The parameter.
    pub(super) name: String,
    /// Its value; a cleared one takes the part away.
    pub(super) value: String,
}

/// One act on a rule or forwarding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Change {
    /// When; without a readable time the beginning of time, so that the rule lasts longer, not shorter.
    pub(super) time: Timestamp,
    /// The record.
    pub(super) record: String,
    /// What kind of rule.
    pub(super) kind: RuleKind,
    /// What is done.
    pub(super) verb: Verb,
    /// By which names and ids the rule is known, in [`handle`]'s form.
    pub(super) handles: BTreeSet<String>,
    /// The id that no other rule of the mailbox has; empty where the record has none.
    pub(super) unique: String,
    /// The name it has from now on, as the record spells it.
    pub(super) name: Option<String>,
    /// What it sets.
    pub(super) settings: Vec<Setting>,
    /// Whether the rule is on from now on, where the record says so.
    pub(super) is_on: Option<bool>,
    /// Where the rule is.
    pub(super) place: Place,
    /// Who did it.
    pub(super) actor: String,
    /// The other id of whoever did it.
    pub(super) actor_key: String,
    /// From which address.
    pub(super) ip: String,
    /// Whether that address could be anybody's: none, or the service's own.
    pub(super) is_from_nowhere: bool,
    /// Whether the record names a session.
    pub(super) has_session: bool,
}

/// In which mailbox a rule is, in all the ways a record says it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Place {
    mailbox: String,
    mailbox_id: String,
    owners: Vec<String>,
}

impl Place {
    /// Returns whether it is the mailbox of a person.
    pub(super) fn is_of(&self, person: &Person) -> bool {
        if !self.mailbox.is_empty() {
            return person.is_named(&self.mailbox);
        }
        person.mailbox_ids.contains(&self.mailbox_id)
            || self.owners.iter().any(|owner| person.is_named(owner))
    }
}

/// Returns what an event does to a rule or forwarding, if it does; what failed does nothing.
pub(super) fn change(event: &Event<'_>) -> Option<Change> {
    let (kind, verb) = subject(&event.action)?;
    if event.outcome == Outcome::Failure {
        return None;
    }
    let body = body(&event.rest);
    let mut change = bare(event, kind, verb);
    match kind {
        RuleKind::Inbox if event.action.eq_ignore_ascii_case(OUTLOOK) => {
            outlook::understand(&body, &mut change)?;
        }
        RuleKind::Inbox | RuleKind::Transport => cmdlet(event, &body, &mut change),
        RuleKind::Forwarding => forwarding(event, &body, &mut change)?,
    }
    let has_no_place_in_time = event.time.is_none();
    let only_ends = matches!(change.verb, Verb::Disable | Verb::Remove);
    (!(has_no_place_in_time && only_ends)).then_some(change)
}

/// What a mail client writes for every change of a rule.
const OUTLOOK: &str = "UpdateInboxRules";

fn subject(action: &str) -> Option<(RuleKind, Verb)> {
    if action.eq_ignore_ascii_case(OUTLOOK) {
        return Some((RuleKind::Inbox, Verb::Replace));
    }
    let (verb, noun) = action.split_once('-')?;
    let is = |known: &str| noun.eq_ignore_ascii_case(known);
    let kind = if is("InboxRule") {
        RuleKind::Inbox
    } else if is("TransportRule") {
        RuleKind::Transport
    } else if is("Mailbox") {
        RuleKind::Forwarding
    } else {
        return None;
    };
    let verb = match verb.to_ascii_lowercase().as_str() {
        "new" => Verb::Make,
        "set" => Verb::Edit,
        "enable" => Verb::Enable,
        "disable" => Verb::Disable,
        "remove" => Verb::Remove,
        _ => return None,
    };
    let is_forwarding_set = kind != RuleKind::Forwarding || verb == Verb::Edit;
    is_forwarding_set.then_some((kind, verb))
}

fn bare(event: &Event<'_>, kind: RuleKind, verb: Verb) -> Change {
    let class = event.address.map(|address| address.class());
    Change {
        time: event.time.unwrap_or(Timestamp(i64::MIN)),
        record: event.id.as_str().to_owned(),
        kind,
        verb,
        handles: BTreeSet::new(),
        unique: String::new(),
        name: None,
        settings: Vec::new(),
        is_on: None,
        place: Place {
            mailbox: event.mailbox.to_lowercase(),
            mailbox_id: event.mailbox_id.to_lowercase(),
            owners: Vec::new(),
        },
        actor: event.user.clone().into_owned(),
        actor_key: event.user_key.to_lowercase(),
        ip: event.address.map_or_else(String::new, |ip| ip.to_string()),
        is_from_nowhere: !matches!(class, Some(AddressClass::Public | AddressClass::Private)),
        has_session: !event.session.is_empty(),
    }
}

fn cmdlet(event: &Event<'_>, body: &Json<'_>, change: &mut Change) {
    let found = Bag::read(body, "Parameters");
    let identity = found
        .get("Identity")
        .filter(|identity| !identity.is_empty());
    let named = [
        Some(&*event.object).filter(|object| !object.is_empty()),
        identity,
    ];
    for text in named.into_iter().flatten() {
        let (owner, rule) = split_identity(text, change.kind);
        change.place.owners.extend(owner.map(str::to_owned));
        change.handles.insert(handle(rule));
        change.name.get_or_insert_with(|| rule.to_owned());
    }
    let mailbox = found.get("Mailbox").map(str::to_owned);
    change.place.owners.extend(mailbox);
    if let Some(name) = found.get("Name") {
        if change.verb == Verb::Make || change.handles.is_empty() {
            change.handles.insert(handle(name));
        }
        change.name = Some(name.to_owned());
    }
    change.is_on = found.get("Enabled").map(|on| !words::is_off(on));
    // A transport rule in audit mode is logged and does nothing.
    if found
        .get("Mode")
        .is_some_and(|mode| mode.to_ascii_lowercase().starts_with("audit"))
    {
        change.is_on = Some(false);
    } else if found.get("Mode").is_some() {
        change.is_on.get_or_insert(true);
    }
    change.settings = settings(found);
}

fn settings(parameters: Bag) -> Vec<Setting> {
    parameters
        .into_iter()
        .map(|one| Setting {
            part: words::part(&one.name),
            name: one.name,
            value: one.value,
        })
        .filter(|setting| setting.part != Part::Neither)
        .collect()
}

/// The parameters of `Set-Mailbox` that forward; the other two hundred do not concern mail on its way.
const FORWARDING: [&str; 3] = [
    "ForwardingSmtpAddress",
    "ForwardingAddress",
    "DeliverToMailboxAndForward",
];

fn forwarding(event: &Event<'_>, body: &Json<'_>, change: &mut Change) -> Option<()> {
    let found = Bag::read(body, "Parameters");
    let identity = found.get("Identity").map(str::to_owned);
    change.place.owners.extend(identity);
    change.place.owners.push(event.object.clone().into_owned());
    change.settings = settings(found)
        .into_iter()
        .filter(|setting| {
            FORWARDING
                .iter()
                .any(|known| known.eq_ignore_ascii_case(&setting.name))
        })
        .collect();
    change.name = Some("forwarding".to_owned());
    change.handles.insert("forwarding".to_owned());
    (!change.settings.is_empty()).then_some(())
}

/// An inbox rule's identity is `mailbox\rule`, a transport rule's the rule alone.
fn split_identity(text: &str, kind: RuleKind) -> (Option<&str>, &str) {
    match text.split_once('\\') {
        Some((owner, rule)) if kind == RuleKind::Inbox => (Some(owner), rule),
        _ => (None, text),
    }
}

/// Returns a name or id in the form in which two records of one rule agree.
///
/// Names are compared without case and outer blanks, as Exchange does. Ids are 64 bits that some
/// records write signed and others unsigned.
pub(super) fn handle(text: &str) -> String {
    let text = text.trim().trim_matches('"').trim();
    match text.parse::<i64>() {
        Ok(id) if id < 0 => (id as u64).to_string(),
        _ => text.to_lowercase(),
    }
}

impl Change {
    /// Returns whether the change can reach mail of a person: it is in their mailbox, or in
    /// everybody's way.
    pub(super) fn concerns(&self, person: &Person) -> bool {
        self.kind == RuleKind::Transport || self.place.is_of(person)
    }
}
