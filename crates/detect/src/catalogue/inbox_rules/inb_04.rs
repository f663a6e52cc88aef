//! INB-04: an inbox rule looks for words of warning or of money.

use super::conditions::{Sought, is_about_lists, sought};
use super::destination::{Destination, destination};
use super::rule::{Hide, Rule};
use super::rule_book::RuleBook;
use super::tell;
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::hit::Hit;
use crate::quoted::quoted;
use crate::seen::Seen;
use crate::world::World;
use model::Severity;

const ABOUT: About = About {
    id: "INB-04",
    title: "Inbox rule targets warnings or money",
    decides: "The conditions of a rule (subject, body, header, sender) have a word by which somebody \
              would be warned, or one about money, in seven languages, matched as whole words.",
    severity: "critical: money words, and the rule deletes, hides in an unvisited folder or forwards \
               outside; high: warning words with the same, or either with junk or deleted mail \
               folders; medium: into the archive, or to the owner's own box; low: the words alone, \
               or a folder of the owner's own.",
    benign: "Accounts departments that file invoices in a folder of their own; another filter's \
             `[spam]` mark that goes to junk; only mail of senders that no person answers is medium at \
             most.",
    attack: &["T1564.008", "T1114.003"],
    sources: &[Source::ExchangeAdmin, Source::Mailbox],
    needs: &[],
    method: Method::Stateless,
    untested: "",
};

#[derive(Default)]
pub(super) struct Inb04 {
    rules: RuleBook,
}

impl Detection for Inb04 {
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
        let Some(sought) = sought(&rule) else {
            return;
        };
        let furthest = furthest(&rule, world);
        let mut severity = severity(&rule, &sought, furthest);
        if is_about_lists(&rule) && furthest != Some(Destination::Outside) {
            severity = severity.min(Severity::Medium);
        }
        let does = match rule.hide() {
            Hide::Deleted => ", and deletes the mail",
            Hide::Unvisited | Hide::Discarded | Hide::Archived => ", and hides the mail",
            _ if rule.forwards().next().is_some() => ", and sends the mail away",
            _ => "",
        };
        let what = format!("it looks for `{}`{does}", sought.shown());
        let hit =
            tell::hit(seen, &rule, severity, &what).because(sought.field, quoted(&sought.value));
        let hit = tell::with_hiding(tell::with_forwards(hit, &rule), &rule);
        hits.push(hit.silent_if("the conditions had no word of warning and none about money"));
    }
}

/// Returns how far the mail goes.
fn furthest(rule: &Rule, world: &World<'_>) -> Option<Destination> {
    let addresses = rule.recipients().addresses;
    addresses
        .iter()
        .map(|address| destination(address, &rule.owner, world.tenant))
        .max()
}

fn severity(rule: &Rule, sought: &Sought, furthest: Option<Destination>) -> Severity {
    let is_money = !sought.money.is_empty();
    let is_outside = furthest == Some(Destination::Outside);
    match rule.hide() {
        _ if is_outside && is_money => Severity::Critical,
        Hide::Deleted | Hide::Unvisited if is_money => Severity::Critical,
        Hide::Deleted | Hide::Unvisited | Hide::Discarded => Severity::High,
        _ if is_outside => Severity::High,
        Hide::Archived => Severity::Medium,
        _ if furthest == Some(Destination::OwnBox) => Severity::Medium,
        Hide::Read | Hide::No => Severity::Low,
    }
}
