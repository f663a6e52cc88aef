//! INB-09: somebody sets a rule in another person's mailbox.

use super::rule::{Act, Hide, Rule};
use super::tell;
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::hit::Hit;
use crate::seen::Seen;
use crate::words::Word;
use crate::world::{World, domain};
use model::Severity;
use std::collections::BTreeSet;

const ABOUT: About = About {
    id: "INB-09",
    title: "Inbox rule set in another person's mailbox",
    decides: "A rule was made, changed or enabled by somebody who is not the mailbox's owner: the \
              `Mailbox` parameter, the object or the owner of the mailbox names another person.",
    severity: "high: the rule forwards or hides mail and the actor never did so in at least two weeks \
               of records; medium: it forwards or hides mail; low: it does neither, or the operator \
               names the actor as an administrator.",
    benign: "People who work a shared mailbox sort its mail. Help desk and migration: name their \
             accounts as administrators. An alias that is not the \
             actor's own spelling but cannot be resolved is not taken for another person.",
    attack: &["T1098.002"],
    sources: &[Source::ExchangeAdmin, Source::Mailbox],
    needs: &[],
    method: Method::Baseline,
    untested: "No real record of a rule in another person's mailbox was at hand.",
};

/// How many days of records are needed before something can be the first time.
const WARM_DAYS: i64 = 14;
/// How many actors are remembered.
const ACTORS: usize = 100_000;

#[derive(Default)]
pub(super) struct Inb09 {
    actors: BTreeSet<(Word, Word)>,
}

impl Detection for Inb09 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::actions(super::rule::SETTING)
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        let Some(rule) = Rule::read(seen) else {
            return;
        };
        let is_setting = matches!(rule.act, Act::Made | Act::Changed | Act::Enabled);
        if !is_setting || !is_anothers(seen, world) {
            return;
        }
        let actor = (seen.fact().tenant, seen.fact().user);
        let is_first = !self.actors.contains(&actor);
        if self.actors.len() < ACTORS {
            self.actors.insert(actor);
        }
        let is_warm = world.tenant.is_warm(seen.time(), WARM_DAYS);
        let is_harmless = rule.hide() <= Hide::Read && rule.forwards().next().is_none();
        let is_named = world.tenant.settings.admins.contains(seen.user());
        let severity = if is_named || is_harmless {
            Severity::Low
        } else if is_first && is_warm {
            Severity::High
        } else {
            Severity::Medium
        };
        let what = if is_first && is_warm {
            "it is not the actor's mailbox, and the actor never did so before"
        } else {
            "it is not the actor's mailbox"
        };
        let hit =
            tell::hit(seen, &rule, severity, what).compared("UserId", seen.user(), &rule.owner);
        let hit = tell::with_hiding(tell::with_forwards(hit, &rule), &rule);
        hits.push(
            hit.keyed(format!("{} {}", seen.user(), rule.key()))
                .silent_if("the mailbox were the actor's own"),
        );
    }
}

/// Another address of the same name in the same organisation is the same person's.
fn is_anothers(seen: &Seen<'_>, world: &World<'_>) -> bool {
    let (user, owner) = (seen.user(), seen.mailbox());
    if !owner.contains('@') || user.is_empty() || user == owner {
        return false;
    }
    let local = |address: &str| address.split('@').next().unwrap_or_default().to_owned();
    let is_own_domain =
        |address: &str| domain(address).is_some_and(|host| world.tenant.is_own_domain(host));
    let is_same_person = local(user) == local(owner) && is_own_domain(user) && is_own_domain(owner);
    !is_same_person
}
