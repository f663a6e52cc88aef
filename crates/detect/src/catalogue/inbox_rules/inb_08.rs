//! INB-08: a rule was made, did its work and was removed again.

use super::rule::{Act, Hide, Rule};
use super::tell;
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::fact::Fact;
use crate::hit::Hit;
use crate::seen::Seen;
use crate::words::Word;
use crate::world::{DAY, HOUR, World, seconds_between};
use model::Severity;
use std::collections::BTreeMap;

const ABOUT: About = About {
    id: "INB-08",
    title: "Inbox rule made and removed again",
    decides: "A rule that forwards or hides mail is removed or disabled, by whoever made it, within \
              48 hours of being made, or within seven days from a session in which something was \
              found.",
    severity: "as grave as making it was found to be, at most high and at least low.",
    benign: "Rules that neither forward nor hide; rules that somebody else removes, as responders do.",
    attack: &["T1070.008"],
    sources: &[Source::ExchangeAdmin, Source::Mailbox],
    needs: &[],
    method: Method::Sequence,
    untested: "No real record of a rule's removal was at hand. A client that removes a rule without \
               naming it is taken to mean the only one that was made in time.",
};

const SHORT: i64 = 48 * HOUR;
const LONGEST: i64 = 7 * DAY;
/// How many rules are remembered a mailbox.
const REMEMBERED: usize = 200;

#[derive(Clone, Debug)]
struct Made {
    fact: Fact,
    name: Option<String>,
    is_from_client: bool,
    flagged: Severity,
}

#[derive(Default)]
pub(super) struct Inb08 {
    made: BTreeMap<(Word, String), Vec<Made>>,
}

impl Detection for Inb08 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::actions(super::rule::ALL).hearing(&["INB-0"])
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        let Some(rule) = Rule::read(seen) else {
            return;
        };
        let place = (seen.fact().tenant, rule.owner.clone());
        match rule.act {
            Act::Made => remember(self.made.entry(place).or_default(), seen, &rule),
            Act::Removed | Act::Disabled => {
                let made = self.made.get_mut(&place).and_then(|made| take(made, &rule));
                hits.extend(made.and_then(|made| judge(seen, world, &rule, &made)));
            }
            Act::Changed | Act::Enabled => {}
        }
    }

    fn hear(&mut self, hit: &Hit, _world: &World<'_>, _hits: &mut Vec<Hit>) {
        let place = (hit.fact.tenant, hit.user.clone());
        for made in self.made.get_mut(&place).into_iter().flatten() {
            if made.fact.record == hit.fact.record {
                made.flagged = made.flagged.max(hit.severity);
            }
        }
    }
}

fn remember(made: &mut Vec<Made>, seen: &Seen<'_>, rule: &Rule) {
    made.retain(|one| seconds_between(one.fact.time, seen.time()) <= LONGEST);
    let is_harmless = rule.hide() <= Hide::Read && rule.forwards().next().is_none();
    if is_harmless || made.len() >= REMEMBERED {
        return;
    }
    made.push(Made {
        fact: *seen.fact(),
        name: rule.name.as_deref().map(str::to_lowercase),
        is_from_client: rule.is_from_client,
        flagged: Severity::Info,
    });
}

/// Takes the rule that is removed; one that the record does not name is the only one there is.
fn take(made: &mut Vec<Made>, rule: &Rule) -> Option<Made> {
    let name = rule.name.as_deref().map(str::to_lowercase);
    let at = if name.is_some() {
        made.iter().rposition(|one| one.name == name)
    } else {
        let is_alike = |at: &usize| made[*at].is_from_client == rule.is_from_client;
        let mut alike = (0..made.len()).filter(is_alike);
        let only = alike.next();
        only.filter(|_| alike.next().is_none())
    };
    at.map(|at| made.remove(at))
}

fn judge(seen: &Seen<'_>, world: &World<'_>, rule: &Rule, made: &Made) -> Option<Hit> {
    let lived = seconds_between(made.fact.time, seen.time());
    let is_flagged = world
        .board
        .of_session(seen.fact().tenant, seen.fact().session, seen.time())
        .any(|one| one.severity >= Severity::Medium);
    let is_short = lived < SHORT || (lived <= LONGEST && is_flagged);
    if !is_short || made.fact.user != seen.fact().user {
        return None;
    }
    let severity = made.flagged.clamp(Severity::Low, Severity::High);
    let named = Rule {
        name: rule.name.clone().or_else(|| made.name.clone()),
        ..rule.clone()
    };
    let what = format!("it forwarded or hid mail and lived {} minutes", lived / 60);
    let hit = tell::hit(seen, &named, severity, &what)
        .with([&made.fact])
        .compared(
            "minutes between making and removing",
            (lived / 60).to_string(),
            "2880",
        );
    Some(hit.silent_if("the rule had lived for two days, or neither forwarded nor hid mail"))
}
