//! INB-01: an inbox rule forwards or redirects outside the organisation.

use super::destination::{Destination, destination};
use super::rule::{Hide, Rule};
use super::rule_book::RuleBook;
use super::{tell, weight};
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::hit::Hit;
use crate::quoted::quoted;
use crate::seen::Seen;
use crate::world::{World, domain};
use model::Severity;
use std::collections::BTreeMap;
use std::fmt::Write;

const ABOUT: About = About {
    id: "INB-01",
    title: "Inbox rule forwards or redirects outside",
    decides: "A rule that was made, changed or enabled and whose `ForwardTo`, \
              `ForwardAsAttachmentTo` or `RedirectTo` (or a client's forwarding action) names an \
              address whose domain is neither accepted nor a partner's.",
    severity: "critical: outside, and the rule also hides mail or a doubtful sign-in came \
               before; high: outside; medium: a box at a free provider that looks like the \
               owner's; low: inside; info: a recipient that cannot be resolved.",
    benign: "Ticket systems, archives and second companies: name their domain as a partner's.",
    attack: &["T1114.003", "T1020"],
    sources: &[Source::ExchangeAdmin, Source::Mailbox],
    needs: &[],
    method: Method::Context,
    untested: "`Set-InboxRule`, `Enable-InboxRule` and `UpdateInboxRules`.",
};

#[derive(Default)]
pub(super) struct Inb01 {
    rules: RuleBook,
}

impl Detection for Inb01 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::actions(super::rule::ALL)
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        let Some(rule) = self.rules.learn(seen) else {
            return;
        };
        let recipients = rule.recipients();
        let by_domain = by_domain(recipients.addresses.iter(), &rule, world);
        for (host, (worst, addresses)) in &by_domain {
            hits.push(judge(seen, world, &rule, host, *worst, addresses));
        }
        if by_domain.is_empty() && recipients.unresolved > 0 {
            let what = "it forwards to a recipient whom the record does not give an address";
            let hit = tell::hit(seen, &rule, Severity::Info, what);
            hits.push(
                tell::with_forwards(hit, &rule).silent_if("the rule did not forward anything"),
            );
        }
    }
}

/// The addresses of each domain, and the worst that can be said of them.
type ByDomain<'r> = BTreeMap<&'r str, (Destination, Vec<&'r str>)>;

fn by_domain<'r>(
    addresses: impl Iterator<Item = &'r String>,
    rule: &Rule,
    world: &World<'_>,
) -> ByDomain<'r> {
    let mut found = ByDomain::new();
    for address in addresses {
        let place = destination(address, &rule.owner, world.tenant);
        let host = domain(address).unwrap_or_default();
        let (worst, all) = found.entry(host).or_insert((place, Vec::new()));
        *worst = place.max(*worst);
        all.push(address);
    }
    found
}

fn judge(
    seen: &Seen<'_>,
    world: &World<'_>,
    rule: &Rule,
    host: &str,
    worst: Destination,
    addresses: &[&str],
) -> Hit {
    let hides = rule.hide() > Hide::No;
    let taint = weight::taint(rule, seen, world);
    let severity = match (worst, hides || taint.is_some()) {
        (Destination::Outside, true) => Severity::Critical,
        (Destination::Outside, false) | (Destination::OwnBox, true) => Severity::High,
        (Destination::OwnBox, false) => Severity::Medium,
        (Destination::Inside, _) => Severity::Low,
    };
    let mut what = format!("it sends mail to {}", quoted(&addresses.join(", ")));
    what.push_str(match worst {
        Destination::Inside => ", inside the organisation or with a partner",
        Destination::OwnBox => ", outside, in a box that looks like the owner's own",
        Destination::Outside => ", outside the organisation",
    });
    if hides {
        what.push_str(", and hides it from its owner");
    }
    if let Some(raised) = taint {
        let _ = write!(what, ", after a doubtful sign-in ({})", raised.detection);
    }
    let hit = tell::hit(seen, rule, severity, &what);
    let hit = tell::with_hiding(tell::with_forwards(hit, rule), rule);
    hit.keyed(format!("{} {host}", rule.key()))
        .to_destination(host)
        .silent_if("the domain were accepted or a partner's (then low)")
}
