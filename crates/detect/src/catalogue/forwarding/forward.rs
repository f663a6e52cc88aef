//! The forwarding that a record sets on a mailbox, or takes away.

use super::contacts::Contacts;
use crate::catalogue::inbox_rules::destination::{Destination, destination};
use crate::cmdlet::parameter;
use crate::hit::Hit;
use crate::quoted::quoted;
use crate::seen::Seen;
use crate::world::{World, domain};
use model::Severity;
use model::recipients::recipients;

/// The operations that can set forwarding on a mailbox.
pub(super) const SETTING: &[&str] = &[
    "Set-Mailbox",
    "Set-MailUser",
    "Set-RemoteMailbox",
    "Enable-RemoteMailbox",
];

/// The parameters that forward; the last one only where it leads outside.
const FIELDS: [&str; 3] = [
    "ForwardingSmtpAddress",
    "ForwardingAddress",
    "RemoteRoutingAddress",
];

/// A forwarding that was set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Forward {
    /// The parameter.
    pub field: &'static str,
    /// Its value.
    pub value: String,
    /// Whose mailbox it is, in lower case; the actor's where the record does not tell.
    pub owner: String,
    /// To which address, where it is known.
    pub address: Option<String>,
    /// Where that is; none where it is not known.
    pub place: Option<Destination>,
    /// Whether the record says that the mailbox keeps no copy.
    pub keeps_none: bool,
}

/// Returns the forwarding that a record sets; none for one that takes it away, failed, or is the
/// service's own.
pub(super) fn forward(seen: &Seen<'_>, world: &World<'_>, contacts: &Contacts) -> Option<Forward> {
    if seen.is_service() || !seen.is_done() || !seen.is_action(SETTING) {
        return None;
    }
    let (field, value) = FIELDS
        .iter()
        .find_map(|field| Some((*field, set(seen, field)?)))?;
    let owner = owner(seen);
    let named = recipients(&value).addresses.into_iter().next();
    let address = named.or_else(|| {
        let known = contacts.address(seen.fact().tenant, &value)?;
        Some(known.to_owned())
    });
    let place = address
        .as_deref()
        .map(|address| destination(address, &owner, world.tenant));
    // A mailbox on premises is always routed somewhere; only outside is it remarkable.
    if field == "RemoteRoutingAddress" && place != Some(Destination::Outside) {
        return None;
    }
    let keeps_none = parameter(seen, "DeliverToMailboxAndForward").is_some_and(|value| {
        value
            .trim()
            .trim_start_matches('$')
            .eq_ignore_ascii_case("false")
    });
    Some(Forward {
        field,
        value,
        owner,
        address,
        place,
        keeps_none,
    })
}

fn set(seen: &Seen<'_>, name: &str) -> Option<String> {
    let value = parameter(seen, name)?;
    let value = value.trim();
    let is_set = !value.is_empty() && !value.eq_ignore_ascii_case("$null");
    is_set.then(|| value.to_owned())
}

/// Returns whether a record takes forwarding away and sets none.
pub(super) fn is_removal(seen: &Seen<'_>) -> bool {
    let is_emptied = FIELDS[..2]
        .iter()
        .any(|field| parameter(seen, field).is_some() && set(seen, field).is_none());
    let is_set = FIELDS[..2].iter().any(|field| set(seen, field).is_some());
    is_emptied && !is_set && seen.is_done() && !seen.is_service()
}

/// Returns whose mailbox it is, as far as the record says; else whoever acted.
pub(super) fn owner(seen: &Seen<'_>) -> String {
    if seen.mailbox().contains('@') {
        return seen.mailbox().to_owned();
    }
    let named = parameter(seen, "Identity").unwrap_or_default();
    [named.as_ref(), seen.object()]
        .iter()
        .find_map(|text| recipients(text).addresses.into_iter().next())
        .unwrap_or_else(|| seen.person().to_owned())
}

/// Begins a hit on a forwarding; it concerns the owner of the mailbox.
pub(super) fn hit(seen: &Seen<'_>, forward: &Forward, severity: Severity, what: &str) -> Hit {
    let whose = if seen.user() == forward.owner {
        "their own mailbox".to_owned()
    } else {
        format!("the mailbox of {}", forward.owner)
    };
    let target = forward.address.as_deref().unwrap_or(&forward.value);
    let why = format!(
        "{} set {whose} to forward to {}{what}",
        seen.user(),
        quoted(target)
    );
    Hit::of(seen, severity, why)
        .of_user(&forward.owner)
        .keyed(format!("{} {target}", seen.object()))
        .to_destination(
            forward
                .address
                .as_deref()
                .and_then(domain)
                .unwrap_or_default(),
        )
        .compared(
            forward.field,
            &forward.value,
            "the accepted and partner domains",
        )
}
