//! DEL-06: somebody opens a mailbox that is not theirs.

use super::grant::is_same;
use crate::about::{About, Method, Source};
use crate::board::Raised;
use crate::catalogue::{Detection, Wants};
use crate::doubt::{after, doubt};
use crate::fact::{Fact, Kind};
use crate::hit::Hit;
use crate::seen::Seen;
use crate::words::Word;
use crate::world::{DAY, Tenant, World, seconds_between};
use model::{ActorKind, Severity, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

const ABOUT: About = About {
    id: "DEL-06",
    title: "Mailbox opened by somebody who is not its owner",
    decides: "`MailItemsAccessed`, `FolderBind`, `MailboxLogin`, `MessageBind` or \
              `AdminMailAccess` by a person who is not the mailbox's owner: the first time that \
              these two are seen together, or within a week of being given the right (DEL-01, \
              DEL-02, DEL-03).",
    severity: "high after a doubtful sign-in, or if the right was given within a week by a grave grant; \
               medium for five new mailboxes of single people in a day, when two weeks of records \
               are known; low for a first time then, for logons as an administrator and after a \
               usual grant; info for a mailbox that others open too, and before the two weeks.",
    benign: "Assistants and shared mailboxes: told once a pair, at its first time; a mailbox that two \
             others opened is a shared one and counts for nothing. What services and applications \
             read is not meant here.",
    attack: &["T1114.002"],
    sources: &[Source::Mailbox],
    needs: &[],
    method: Method::Baseline,
    untested: "No real record of a delegate's access was at hand.",
};

const WARM_DAYS: i64 = 14;
/// How many new mailboxes in a day are a harvest.
const MANY: usize = 5;
/// How long after a grant its first use belongs to it.
const GRANT_SECONDS: i64 = 7 * DAY;
/// How many grants of a tenant are remembered.
const REMEMBERED: usize = 1000;
/// How many pairs are remembered; beyond it only what follows a grant is told.
const PAIRS: usize = 200_000;

#[derive(Default)]
pub(super) struct Del06 {
    /// Who opened which mailbox: tenant, person, mailbox.
    pairs: BTreeSet<(Word, Word, Word)>,
    /// How many people opened a mailbox that is not theirs.
    openers: BTreeMap<(Word, Word), u32>,
    grants: BTreeMap<Word, Vec<Granted>>,
    /// When somebody opened mailboxes that were new to them, within a day.
    lately: BTreeMap<(Word, Word), Vec<Timestamp>>,
}

/// A right over a mailbox that was found worth a look.
struct Granted {
    mailbox: String,
    grantee: String,
    severity: Severity,
    fact: Fact,
    is_used: bool,
}

impl Detection for Del06 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        let wants = Wants {
            kinds: &[Kind::MailAccess],
            ..Wants::actions(&["AdminMailAccess"])
        };
        wants.hearing(&["DEL-01", "DEL-02", "DEL-03"])
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        if !is_stranger(seen, world.tenant) {
            return;
        }
        let is_first = self.note(seen.fact());
        if let Some(grant) = self.grant(seen) {
            hits.push(first_use(seen, grant));
        } else if is_first {
            let is_shared = self.is_shared(seen.fact());
            let many = if is_shared {
                1
            } else {
                self.opened_lately(seen.fact())
            };
            let first = First {
                many,
                is_shared,
                is_warm: world.tenant.is_warm(seen.time(), WARM_DAYS),
                raised: doubt(seen.fact(), seen.user(), world),
            };
            hits.push(first.told(seen));
        }
    }

    fn hear(&mut self, hit: &Hit, _world: &World<'_>, _hits: &mut Vec<Hit>) {
        let field = |names: &[&str]| {
            let mut proofs = hit.proofs.iter();
            proofs.find(|proof| names.contains(&proof.field.as_str()))
        };
        let grantee = field(&["User", "Trustee", "GrantSendOnBehalfTo", "Member"]);
        let (Some(grantee), Some(mailbox)) = (grantee, field(&["Identity"])) else {
            return;
        };
        let grants = self.grants.entry(hit.fact.tenant).or_default();
        grants.retain(|one| seconds_between(one.fact.time, hit.fact.time) <= GRANT_SECONDS);
        if grants.len() < REMEMBERED {
            grants.push(Granted {
                mailbox: mailbox.value.to_lowercase(),
                grantee: grantee.value.to_lowercase(),
                severity: hit.severity,
                fact: hit.fact,
                is_used: false,
            });
        }
    }
}

impl Del06 {
    /// Returns the grant that this is the first use of.
    fn grant(&mut self, seen: &Seen<'_>) -> Option<&Granted> {
        let grants = self.grants.get_mut(&seen.fact().tenant)?;
        let found = grants.iter_mut().find(|one| {
            !one.is_used
                && is_same(&one.mailbox, seen.mailbox())
                && is_same(&one.grantee, seen.user())
                && seconds_between(one.fact.time, seen.time()) <= GRANT_SECONDS
        })?;
        found.is_used = true;
        Some(found)
    }

    /// Notes who opened which mailbox; returns whether it is the first time.
    fn note(&mut self, fact: &Fact) -> bool {
        self.pairs.len() < PAIRS && self.pairs.insert((fact.tenant, fact.user, fact.mailbox))
    }

    /// Notes one more who opened a mailbox; returns whether two others did.
    fn is_shared(&mut self, fact: &Fact) -> bool {
        let openers = self.openers.entry((fact.tenant, fact.mailbox)).or_default();
        *openers = openers.saturating_add(1);
        *openers > 2
    }

    /// Returns how many mailboxes new to them somebody opened within a day, this one too.
    fn opened_lately(&mut self, fact: &Fact) -> usize {
        let times = self.lately.entry((fact.tenant, fact.user)).or_default();
        times.retain(|time| seconds_between(*time, fact.time) <= DAY);
        times.push(fact.time);
        times.len()
    }
}

fn first_use(seen: &Seen<'_>, grant: &Granted) -> Hit {
    let severity = if grant.severity >= Severity::High {
        Severity::High
    } else {
        Severity::Low
    };
    let why = format!(
        "{} opened the mailbox of {}, to which they were given access not long before",
        seen.user(),
        seen.mailbox()
    );
    hit(seen, severity, why).with([&grant.fact])
}

/// What is known of the first time that somebody opens a mailbox.
struct First<'w> {
    many: usize,
    is_shared: bool,
    is_warm: bool,
    raised: Option<&'w Raised>,
}

impl First<'_> {
    fn severity(&self, is_as_administrator: bool) -> Severity {
        let is_harvest = self.many >= MANY && (self.is_warm || is_as_administrator);
        match (self.raised, self.is_warm || is_as_administrator) {
            (Some(_), _) => Severity::High,
            (None, _) if self.is_shared => Severity::Info,
            (None, _) if is_harvest => Severity::Medium,
            (None, true) => Severity::Low,
            (None, false) => Severity::Info,
        }
    }

    fn told(&self, seen: &Seen<'_>) -> Hit {
        let is_as_administrator = matches!(seen.fact().logon_type, 1 | 6);
        let mut why = format!("{} opened the mailbox of {}", seen.user(), seen.mailbox());
        if is_as_administrator {
            why.push_str(" as an administrator");
        }
        if self.is_warm {
            why.push_str(" for the first time");
        }
        if self.many > 1 {
            why = format!("{why}, the {}. that is new to them within a day", self.many);
        }
        why.push_str(&after(self.raised));
        let hit = hit(seen, self.severity(is_as_administrator), why);
        hit.with(self.raised.map(|raised| &raised.fact))
    }
}

fn hit(seen: &Seen<'_>, severity: Severity, why: String) -> Hit {
    Hit::of(seen, severity, why)
        .compared("MailboxOwnerUPN", seen.mailbox(), seen.user())
        .because("LogonType", seen.fact().logon_type.to_string())
        .silent_if("the two had been seen together before, or the owner had opened it")
}

/// Returns whether a person opens the mailbox of another.
fn is_stranger(seen: &Seen<'_>, tenant: &Tenant) -> bool {
    let is_person = !matches!(seen.actor(), ActorKind::System | ActorKind::Application)
        && seen.user().contains('@');
    let is_mailbox = seen.mailbox().contains('@') && !seen.mailbox().contains(' ');
    is_person && is_mailbox && seen.is_done() && !is_one(seen.user(), seen.mailbox(), tenant)
}

/// One person has a name in each of the organisation's domains.
fn is_one(user: &str, mailbox: &str, tenant: &Tenant) -> bool {
    let local = |text: &str| text.split('@').next().unwrap_or_default().to_owned();
    user == mailbox
        || (local(user) == local(mailbox)
            && !tenant.is_outside(user)
            && !tenant.is_outside(mailbox))
}
