//! INB-11: the same rule appears in many mailboxes, or one address makes rules for several people.

use super::conditions::conditions;
use super::destination::{Destination, destination};
use super::many::{Holder, Many, told};
use super::rule::{Act, Rule};
use super::rule_book::RuleBook;
use super::weight;
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::hit::Hit;
use crate::quoted::quoted;
use crate::seen::Seen;
use crate::world::{DAY, World};
use model::Severity;

const ABOUT: About = About {
    id: "INB-11",
    title: "The same rule in many mailboxes",
    decides: "Within a day rules that forward outside, or that would be high by INB-02, are made with \
              the same actions, folder and words in at least three mailboxes, or from one outside \
              address for at least two people; one finding a mailbox.",
    severity: "critical: the same rule in three mailboxes, or one address for three people; high: one \
               address for two people.",
    benign: "A roll-out by an administrator whom the operator names; the organisation's own networks.",
    attack: &["T1564.008"],
    sources: &[Source::ExchangeAdmin, Source::Mailbox],
    needs: &[],
    method: Method::Threshold,
    untested: "No real records of one rule in many mailboxes were at hand.",
};

/// From which score on a rule is no everyday rule.
const LEAST_POINTS: i32 = 5;

pub(super) struct Inb11 {
    rules: RuleBook,
    alike: Many,
    from_address: Many,
}

impl Default for Inb11 {
    fn default() -> Self {
        Self {
            rules: RuleBook::default(),
            alike: Many::new(3, DAY),
            from_address: Many::new(2, DAY),
        }
    }
}

impl Detection for Inb11 {
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
        let is_rollout = world.tenant.settings.admins.contains(seen.user());
        if is_rollout || rule.act == Act::Enabled || !is_grave(&rule, world) {
            return;
        }
        let fingerprint = fingerprint(&rule);
        let (new, many) = self.alike.add(&fingerprint, seen.fact(), &rule.owner);
        hits.extend(new.iter().map(|one| alike(seen, one, many, &fingerprint)));
        let is_own = seen
            .address()
            .is_some_and(|address| world.tenant.is_own_network(address.ip));
        if seen.is_from_outside() && !is_own {
            let (new, many) = self.from_address.add(seen.ip(), seen.fact(), &rule.owner);
            hits.extend(new.iter().map(|one| from_address(seen, one, many)));
        }
    }
}

fn is_grave(rule: &Rule, world: &World<'_>) -> bool {
    let addresses = rule.recipients().addresses;
    let is_outside = addresses
        .iter()
        .any(|one| destination(one, &rule.owner, world.tenant) == Destination::Outside);
    is_outside || weight::weigh(rule).points >= LEAST_POINTS
}

fn alike(seen: &Seen<'_>, holder: &Holder, many: usize, fingerprint: &str) -> Hit {
    let why = format!(
        "the mailbox of {} got the same rule as {} others within a day: {}",
        holder.who,
        many - 1,
        quoted(fingerprint)
    );
    let hit = Hit::of(seen, Severity::Critical, why)
        .keyed("alike")
        .compared("mailboxes with this rule", many.to_string(), "2")
        .because("actions and conditions", fingerprint);
    told(
        hit.silent_if("fewer than three mailboxes had the rule"),
        holder,
    )
}

fn from_address(seen: &Seen<'_>, holder: &Holder, many: usize) -> Hit {
    let severity = match many {
        0..=2 => Severity::High,
        _ => Severity::Critical,
    };
    let why = format!(
        "from {} suspicious rules were made in {many} mailboxes within a day, among them that of {}",
        seen.ip(),
        holder.who
    );
    let hit = Hit::of(seen, severity, why)
        .keyed(format!("address {}", seen.ip()))
        .compared(
            "mailboxes with rules from this address",
            many.to_string(),
            "1",
        )
        .because("ClientIP", seen.ip());
    told(
        hit.silent_if("the address belonged to the organisation's own networks"),
        holder,
    )
}

/// Returns what a kit would make alike everywhere: actions, folder and words, not addresses.
fn fingerprint(rule: &Rule) -> String {
    let mut parts: Vec<String> = rule.forwards().map(|(name, _)| name.to_owned()).collect();
    for name in ["DeleteMessage", "MarkAsRead", "StopProcessingRules"] {
        parts.extend(rule.part(name).map(|_| name.to_owned()));
    }
    parts.extend(rule.folder().map(|folder| {
        let leaf = folder.rsplit(['\\', '/', ':']).next().unwrap_or(folder);
        format!("to {}", leaf.trim().to_lowercase())
    }));
    for (name, value) in conditions(rule) {
        let mut words: Vec<String> = value
            .split([';', ','])
            .map(|word| word.trim().to_lowercase())
            .filter(|word| !word.contains('@'))
            .collect();
        words.sort();
        parts.push(format!("{name}={}", words.join(";")));
    }
    parts.sort();
    parts.join(" ")
}
