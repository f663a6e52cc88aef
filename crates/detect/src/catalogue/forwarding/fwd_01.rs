//! FWD-01: a mailbox forwards outside.

use super::contacts::{ACTIONS, Contacts, outside_address};
use super::forward::{Forward, forward, hit};
use crate::about::{About, Method, Source};
use crate::catalogue::inbox_rules::destination::{Destination, destination};
use crate::catalogue::{Detection, Wants};
use crate::doubt::doubt;
use crate::hit::Hit;
use crate::quoted::quoted;
use crate::seen::Seen;
use crate::world::{World, domain};
use model::Severity;
use std::fmt::Write;

const ABOUT: About = About {
    id: "FWD-01",
    title: "Mailbox forwards outside",
    decides: "`Set-Mailbox` (or its kin for mail users and remote mailboxes) with a \
              `ForwardingSmtpAddress` or `ForwardingAddress` that is not empty and leads to a domain \
              that is neither accepted nor a partner's; a contact is resolved where the records tell \
              its address.",
    severity: "critical: outside, and no copy is kept or a doubtful sign-in came before; high: \
               outside; for a box at a free provider that looks like the owner's one step less; low: \
               inside, or a contact's address was turned outside; info: a recipient that cannot be \
               resolved.",
    benign: "Leavers and shared mailboxes: name the destination as a partner's, or except it for a \
             while.",
    attack: &["T1114.003"],
    sources: &[Source::ExchangeAdmin],
    needs: &[],
    method: Method::Context,
    untested: "`Set-MailUser`, `Set-RemoteMailbox`, `ForwardingAddress` and contacts.",
};

#[derive(Default)]
pub(super) struct Fwd01 {
    contacts: Contacts,
}

impl Detection for Fwd01 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::actions(&[
            "Set-Mailbox",
            "Set-RemoteMailbox",
            "Enable-RemoteMailbox",
            "New-MailContact",
            "Set-MailContact",
            "New-MailUser",
            "Set-MailUser",
        ])
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        self.contacts.learn(seen);
        hits.extend(turned(seen, world));
        let Some(forward) = forward(seen, world, &self.contacts) else {
            return;
        };
        let taint = doubt(seen.fact(), &forward.owner, world);
        let severity = severity(&forward, taint.is_some());
        let mut what = describe(&forward);
        if let Some(raised) = taint {
            let _ = write!(what, ", after a doubtful sign-in ({})", raised.detection);
        }
        hits.push(
            hit(seen, &forward, severity, &what)
                .silent_if("the value were empty; inside, it would be low"),
        );
    }
}

fn describe(forward: &Forward) -> String {
    let place = match forward.place {
        Some(Destination::Outside) => ", outside the organisation",
        Some(Destination::OwnBox) => ", outside, a box that looks like the owner's",
        Some(Destination::Inside) => ", inside the organisation or a partner",
        None => ", which the records do not resolve",
    };
    let copy = if forward.keeps_none {
        ", and to keep no copy"
    } else {
        ""
    };
    format!("{place}{copy}")
}

fn severity(forward: &Forward, is_tainted: bool) -> Severity {
    let is_worse = forward.keeps_none || is_tainted;
    match (forward.place, is_worse) {
        (Some(Destination::Outside), true) => Severity::Critical,
        (Some(Destination::Outside), false) | (Some(Destination::OwnBox), true) => Severity::High,
        (Some(Destination::OwnBox), false) => Severity::Medium,
        (Some(Destination::Inside), _) => Severity::Low,
        (None, _) => Severity::Info,
    }
}

/// A contact that exists is given an address outside: who writes to it now writes there.
fn turned(seen: &Seen<'_>, world: &World<'_>) -> Option<Hit> {
    let is_change = seen.is_action(ACTIONS) && seen.is_action(&["Set-MailContact", "Set-MailUser"]);
    if !is_change || !seen.is_done() || seen.is_service() {
        return None;
    }
    let address = outside_address(seen)?;
    if destination(&address, seen.user(), world.tenant) != Destination::Outside {
        return None;
    }
    let why = format!(
        "{} turned the contact {} to {}, outside the organisation",
        seen.user(),
        quoted(seen.object()),
        quoted(&address)
    );
    Some(
        Hit::of(seen, Severity::Low, why)
            .keyed(format!("{} {address}", seen.object()))
            .to_destination(domain(&address).unwrap_or_default())
            .compared(
                "ExternalEmailAddress",
                &address,
                "the accepted and partner domains",
            )
            .silent_if("the domain were accepted or a partner's"),
    )
}
