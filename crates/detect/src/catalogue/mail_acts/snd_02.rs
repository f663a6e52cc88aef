//! SND-02: mail leaves in a person's name by the hand of somebody, or something, new.

use super::super::mail_access::access::{Whose, is_somebody, mailbox, mailbox_name, third_party};
use super::super::mail_access::app_book::AppBook;
use super::items::items;
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::doubt::{after, doubt};
use crate::fact::Kind;
use crate::hit::Hit;
use crate::lists::apps;
use crate::quoted::quoted;
use crate::seen::Seen;
use crate::words::Word;
use crate::world::{DAY, World, seconds_between};
use model::{Severity, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

const ABOUT: About = About {
    id: "SND-02",
    title: "Mail sent in somebody's name by a new actor",
    decides: "`SendAs` or `SendOnBehalf` by an account that never sent as this sender before, or ten times \
              within a day of the first time; or mail sent through an application that is neither \
              Microsoft's nor approved, within its first day in the mailbox.",
    severity: "an application: medium, high if it is known from intrusions or an APP finding was raised \
               about it, low where it is settled; a person: high after a doubtful sign-in or a grave new \
               delegation; medium for ten a day as somebody as whom nobody else sends, where two weeks \
               of records show no such pair; else low",
    benign: "Assistants and shared mailboxes: the same pair is known after its first day, and a mailbox \
             as which others send is a shared one; services that send for people: approve them.",
    attack: &["T1534", "T1656"],
    sources: &[Source::Mailbox],
    needs: &[],
    method: Method::Baseline,
    untested: "No real `SendAs` or `SendOnBehalf` record was at hand; mail sent by an application was.",
};

/// A pair is called new where the records reach back so far.
const WARM_DAYS: i64 = 14;
/// So many in a day are more than a deputy's.
const MANY: u32 = 10;
/// As a sender as whom so many send, anybody of a team sends.
const SHARED: usize = 2;

#[derive(Default)]
pub(super) struct Snd02 {
    book: AppBook,
    pairs: BTreeMap<(Whose, String), Pair>,
    /// Who sends as a sender: more than two make it a shared mailbox.
    senders: BTreeMap<(Word, String), BTreeSet<Word>>,
    /// Mailboxes to which somebody got access, and when.
    delegated: BTreeMap<(Word, String), Timestamp>,
}

#[derive(Debug)]
struct Pair {
    since: Timestamp,
    sent: u32,
}

impl Detection for Snd02 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::actions(&["Send", "SendAs", "SendOnBehalf"]).hearing(&["APP-", "DEL-"])
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        if seen.kind() != Kind::MailAct || !is_somebody(seen, world) {
            return;
        }
        if let Some(app) = third_party(seen, world) {
            hits.extend(self.application(seen, app));
        }
        if let Some((field, sender)) = represented(seen) {
            hits.extend(self.person(seen, world, field, &sender));
        }
    }

    fn hear(&mut self, hit: &Hit, _world: &World<'_>, _hits: &mut Vec<Hit>) {
        if hit.detection.starts_with("APP-") {
            self.book.hear(hit);
        } else if hit.severity >= Severity::High {
            let whose = (hit.fact.tenant, hit.user.clone());
            self.delegated.insert(whose, hit.fact.time);
        }
    }
}

impl Snd02 {
    fn application(&mut self, seen: &Seen<'_>, app: &str) -> Option<Hit> {
        let verdict = self.book.judge(seen)?;
        let name = apps::name(app).map_or(String::new(), |name| format!(" ({name})"));
        let subject = items(seen).into_iter().next().unwrap_or_default().subject;
        let why = format!(
            "application {}{name}, neither Microsoft's nor approved, sent {} as {}: {}",
            quoted(app),
            quoted(&subject),
            mailbox_name(seen),
            verdict.about
        );
        let hit = Hit::of(seen, verdict.severity, why)
            .of_user(mailbox_name(seen))
            .keyed(app)
            .about_app(app)
            .compared(
                "ClientAppId",
                app,
                "Microsoft's own and approved applications",
            )
            .because("Item.Subject", subject)
            .silent_if("the application were approved, or had sent from this mailbox a day before");
        Some(hit)
    }

    fn person(
        &mut self,
        seen: &Seen<'_>,
        world: &World<'_>,
        field: &'static str,
        sender: &str,
    ) -> Option<Hit> {
        let (fact, now) = (seen.fact(), seen.time());
        let senders = self.senders.entry((fact.tenant, sender.to_owned()));
        let senders = senders.or_default();
        if senders.len() < SHARED {
            senders.insert(fact.user);
        }
        let is_shared = senders.len() >= SHARED;
        let key = ((fact.tenant, fact.user), sender.to_owned());
        let pair = self.pairs.entry(key).or_insert(Pair {
            since: now,
            sent: 0,
        });
        pair.sent += 1;
        if seconds_between(pair.since, now) > DAY {
            return None;
        }
        let sent = pair.sent;
        let is_delegated = [sender, seen.user()].iter().any(|who| {
            let given = self.delegated.get(&(fact.tenant, (*who).to_owned()));
            given.is_some_and(|given| seconds_between(*given, now) <= 7 * DAY)
        });
        let tainted = doubt(fact, seen.user(), world);
        let is_warm = world.tenant.is_warm(now, WARM_DAYS);
        let severity = match (is_delegated || tainted.is_some(), is_warm) {
            (true, _) => Severity::High,
            (false, true) if sent >= MANY && !is_shared => Severity::Medium,
            (false, _) => Severity::Low,
        };
        let why = format!(
            "{} sent as {sender}, {sent} times within a day, and never did before in these records{}",
            seen.user(),
            after(tainted)
        );
        let hit = Hit::of(seen, severity, why)
            .keyed(sender)
            .compared(field, sender, "those as whom the account sent before")
            .silent_if("the account had sent as this sender a day before");
        Some(hit)
    }
}

/// Returns as whom a record's message was sent, where that is not who sent it, and which field says so.
fn represented(seen: &Seen<'_>) -> Option<(&'static str, String)> {
    let fields = ["SendAsUserSmtp", "SendOnBehalfOfUserSmtp"];
    let said = fields
        .into_iter()
        .map(|field| (field, seen.word(field).trim().to_lowercase()))
        .find(|(_, sender)| !sender.is_empty());
    let is_deputy = seen.is_action(&["SendAs", "SendOnBehalf"]);
    let (field, sender) = said.or_else(|| {
        is_deputy.then(|| ("MailboxOwnerUPN", seen.text_of(mailbox(seen).1).to_owned()))
    })?;
    (sender != seen.user()).then_some((field, sender))
}
