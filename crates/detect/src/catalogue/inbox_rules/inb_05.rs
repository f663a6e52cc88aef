//! INB-05: an inbox rule takes all mail and hides or forwards it.

use super::conditions::is_catch_all;
use super::destination::{Destination, destination};
use super::rule::{Hide, Rule};
use super::rule_book::RuleBook;
use super::tell;
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::hit::Hit;
use crate::seen::Seen;
use crate::world::World;
use model::Severity;

const ABOUT: About = About {
    id: "INB-05",
    title: "Inbox rule takes all mail",
    decides: "A rule without any condition, or only with such as every message meets (a single \
              letter or `@` as word, a tiny least size), that forwards or hides.",
    severity: "critical: forwards outside; high: deletes, hides in an unvisited folder, or forwards \
               to a box that looks like the owner's; medium: moves to archive, junk or deleted mail; \
               low: forwards inside.",
    benign: "Leave of absence: all mail to a colleague or a folder of the owner's own.",
    attack: &["T1564.008"],
    sources: &[Source::ExchangeAdmin, Source::Mailbox],
    needs: &[],
    method: Method::Stateless,
    untested: "No real record of a catch-all rule was at hand.",
};

#[derive(Default)]
pub(super) struct Inb05 {
    rules: RuleBook,
}

impl Detection for Inb05 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::actions(super::rule::ALL)
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        let Some(rule) = self.rules.learn(seen).filter(is_catch_all) else {
            return;
        };
        let Some(severity) = severity(&rule, world) else {
            return;
        };
        let hit = tell::hit(
            seen,
            &rule,
            severity,
            "it has no condition, so it takes all mail",
        );
        let hit = tell::with_hiding(tell::with_forwards(hit, &rule), &rule);
        hits.push(
            tell::with_conditions(hit, &rule)
                .compared("conditions", "", "any that not every message meets")
                .silent_if("the rule had a condition that not every message meets"),
        );
    }
}

fn severity(rule: &Rule, world: &World<'_>) -> Option<Severity> {
    let recipients = rule.recipients();
    let places = recipients.addresses.iter();
    let furthest = places
        .map(|address| destination(address, &rule.owner, world.tenant))
        .max();
    let sent = match furthest {
        Some(Destination::Outside) => Some(Severity::Critical),
        Some(Destination::OwnBox) => Some(Severity::High),
        Some(Destination::Inside) => Some(Severity::Low),
        None => (recipients.unresolved > 0).then_some(Severity::Low),
    };
    let hidden = match rule.hide() {
        Hide::Deleted | Hide::Unvisited => Some(Severity::High),
        Hide::Discarded | Hide::Archived => Some(Severity::Medium),
        Hide::Read | Hide::No => None,
    };
    sent.max(hidden)
}
