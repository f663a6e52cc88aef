//! FWD-02: a mailbox forwards and keeps no copy.

use super::contacts::Contacts;
use super::forward::{forward, hit};
use crate::about::{About, Method, Source};
use crate::catalogue::inbox_rules::destination::Destination;
use crate::catalogue::{Detection, Wants};
use crate::hit::Hit;
use crate::seen::Seen;
use crate::world::World;
use model::Severity;

const ABOUT: About = About {
    id: "FWD-02",
    title: "Mailbox forwards and keeps no copy",
    decides: "`DeliverToMailboxAndForward` is False in a record that also sets a forwarding address. \
              False alone, or with an empty address, is how forwarding is taken away.",
    severity: "critical: outside; high: to a box that looks like the owner's; medium: inside, set by \
               the owner: the mail no longer reaches them; low: inside, set by an administrator for \
               somebody else, or a recipient that cannot be resolved.",
    benign: "Leavers whose mail an administrator passes on.",
    attack: &["T1114.003"],
    sources: &[Source::ExchangeAdmin],
    needs: &[],
    method: Method::Stateless,
    untested: "",
};

#[derive(Default)]
pub(super) struct Fwd02 {
    contacts: Contacts,
}

impl Detection for Fwd02 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::actions(&[
            "Set-Mailbox",
            "Set-RemoteMailbox",
            "New-MailContact",
            "Set-MailContact",
            "New-MailUser",
            "Set-MailUser",
        ])
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        self.contacts.learn(seen);
        let Some(forward) = forward(seen, world, &self.contacts).filter(|one| one.keeps_none)
        else {
            return;
        };
        let is_owners = seen.user() == forward.owner;
        let severity = match forward.place {
            Some(Destination::Outside) => Severity::Critical,
            Some(Destination::OwnBox) => Severity::High,
            Some(Destination::Inside) if is_owners => Severity::Medium,
            Some(Destination::Inside) | None => Severity::Low,
        };
        hits.push(
            hit(seen, &forward, severity, ", and the mailbox keeps no copy")
                .because("DeliverToMailboxAndForward", "False")
                .silent_if("a copy were kept, or no address were set"),
        );
    }
}
