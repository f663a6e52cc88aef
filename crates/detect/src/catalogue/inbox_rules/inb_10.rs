//! INB-10: several mailboxes send their mail to one address.

use super::destination::{Destination, destination};
use super::many::{Many, told};
use super::rule::{Act, Rule, owner};
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::cmdlet::parameter;
use crate::hit::Hit;
use crate::quoted::quoted;
use crate::seen::Seen;
use crate::world::{DAY, World, domain};
use model::Severity;
use model::recipients::recipients;
use std::collections::BTreeSet;

const ABOUT: About = About {
    id: "INB-10",
    title: "Several mailboxes forward to one address",
    decides: "Within seven days at least two mailboxes were set to forward to the same address \
              outside, by an inbox rule or by the mailbox's own forwarding; one finding a mailbox.",
    severity: "high: two mailboxes; critical: three and more.",
    benign: "A ticket system or archive that several mailboxes feed: name its domain as a partner's.",
    attack: &["T1114.003"],
    sources: &[Source::ExchangeAdmin, Source::Mailbox],
    needs: &[],
    method: Method::Threshold,
    untested: "No real records of two mailboxes with one destination were at hand.",
};

pub(super) struct Inb10 {
    mailboxes: Many,
}

impl Default for Inb10 {
    fn default() -> Self {
        Self {
            mailboxes: Many::new(2, 7 * DAY),
        }
    }
}

impl Detection for Inb10 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::actions(&[
            "New-InboxRule",
            "Set-InboxRule",
            "UpdateInboxRules",
            "Set-Mailbox",
            "Set-RemoteMailbox",
        ])
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        let owner = mailbox(seen);
        for address in addresses(seen) {
            if destination(&address, &owner, world.tenant) != Destination::Outside {
                continue;
            }
            let (new, many) = self.mailboxes.add(&address, seen.fact(), &owner);
            for holder in new {
                let severity = match many {
                    0..=2 => Severity::High,
                    _ => Severity::Critical,
                };
                let why = format!(
                    "{} and {} other mailboxes were set to forward to {} within seven days",
                    holder.who,
                    many - 1,
                    quoted(&address)
                );
                let hit = Hit::of(seen, severity, why)
                    .keyed(format!("{address} {}", holder.who))
                    .to_destination(domain(&address).unwrap_or_default())
                    .compared("mailboxes with this destination", many.to_string(), "1")
                    .silent_if("the destination's domain were accepted or a partner's");
                hits.push(told(hit, &holder));
            }
        }
    }
}

fn addresses(seen: &Seen<'_>) -> BTreeSet<String> {
    if let Some(rule) = Rule::read(seen) {
        return match rule.act {
            Act::Made | Act::Changed => rule.recipients().addresses,
            _ => BTreeSet::new(),
        };
    }
    if seen.is_service() || !seen.is_done() {
        return BTreeSet::new();
    }
    ["ForwardingSmtpAddress", "ForwardingAddress"]
        .iter()
        .filter_map(|name| parameter(seen, name))
        .flat_map(|value| recipients(&value).addresses)
        .collect()
}

/// Returns the mailbox; where only the directory knows whose it is, what the record calls it.
fn mailbox(seen: &Seen<'_>) -> String {
    let is_cmdlet = seen.is_action(&["Set-Mailbox", "Set-RemoteMailbox"]);
    let object = seen.object();
    if is_cmdlet && !seen.mailbox().contains('@') && !object.is_empty() {
        return object.rsplit('/').next().unwrap_or(object).to_lowercase();
    }
    owner(seen)
}
