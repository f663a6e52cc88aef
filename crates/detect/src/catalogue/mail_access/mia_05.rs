//! MIA-05: one application reads mailbox after mailbox.

use super::access::{is_somebody, mailbox, third_party};
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::fact::{Fact, Kind};
use crate::hit::Hit;
use crate::lists::apps;
use crate::quoted::quoted;
use crate::recent::Recent;
use crate::seen::Seen;
use crate::words::Word;
use crate::world::{DAY, MINUTE, World, seconds_between};
use model::{Severity, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

const ABOUT: About = About {
    id: "MIA-05",
    title: "One application reads many mailboxes",
    decides: "`MailItemsAccessed` of at least five different mailboxes through one `ClientAppId` within ten \
              minutes, where the application is neither Microsoft's nor approved.",
    severity: "high for each of the first fifty people, if the records reach back a week without it; \
               medium for the first five otherwise; low for further ones, and where the application \
               read as many mailboxes more than a day before already",
    benign: "Back-up, archiving and signature services do this all day: approve them. One that is at it \
             when the records begin, or did so on an earlier day, is hardly news.",
    attack: &["T1114.002"],
    sources: &[Source::Mailbox],
    needs: &[],
    method: Method::Threshold,
    untested: "No real record of an application in five mailboxes was at hand.",
};

const MAILBOXES: usize = 5;
const WINDOW_SECONDS: i64 = 10 * MINUTE;

/// What the records have not shown for so long is new.
const WARM_DAYS: i64 = 7;

/// The first fifty people tell the story; whoever comes after them is context.
const TOLD: usize = 50;

/// An application of a tenant.
type App = (Word, Word);

pub(super) struct Mia05 {
    recent: Recent<App, (Word, Fact)>,
    bursts: BTreeMap<App, Burst>,
}

/// When an application first read that many mailboxes, and whose.
#[derive(Debug)]
struct Burst {
    since: Timestamp,
    told: BTreeSet<Word>,
}

impl Default for Mia05 {
    fn default() -> Self {
        Self {
            recent: Recent::over(WINDOW_SECONDS),
            bursts: BTreeMap::new(),
        }
    }
}

impl Detection for Mia05 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::kinds(&[Kind::MailAccess])
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        let Some(app) = third_party(seen, world).filter(|_| is_somebody(seen, world)) else {
            return;
        };
        let (tenant, owner) = mailbox(seen);
        let key = (tenant, seen.fact().app);
        self.recent.push(seen.time(), key, (owner, *seen.fact()));
        let mailboxes: BTreeSet<Word> = self
            .recent
            .of(&key, seen.time())
            .map(|(_, (owner, _))| *owner)
            .collect();
        if mailboxes.len() < MAILBOXES {
            return;
        }
        // In order of time: words have none that could decide who is told of.
        let mut by_mailbox: Vec<(Word, Vec<Fact>)> = Vec::new();
        for (owner, fact) in self.recent.hand_out(&key) {
            match by_mailbox.iter_mut().find(|(known, _)| *known == owner) {
                Some((_, facts)) => facts.push(fact),
                None => by_mailbox.push((owner, vec![fact])),
            }
        }
        for (owner, facts) in by_mailbox {
            let is_warm = world.tenant.is_warm(seen.time(), WARM_DAYS);
            let severity = self.severity(key, owner, seen.time(), is_warm);
            hits.push(hit(seen, severity, app, mailboxes.len(), (owner, &facts)));
        }
    }
}

impl Mia05 {
    /// One that is at it since an earlier day is no news.
    fn severity(&mut self, key: App, owner: Word, now: Timestamp, is_warm: bool) -> Severity {
        let burst = self.bursts.entry(key).or_insert(Burst {
            since: now,
            told: BTreeSet::new(),
        });
        let most = if is_warm { TOLD } else { MAILBOXES };
        if burst.told.len() < most {
            burst.told.insert(owner);
        }
        let is_first_day = seconds_between(burst.since, now) <= DAY;
        match (is_first_day && burst.told.contains(&owner), is_warm) {
            (true, true) => Severity::High,
            (true, false) => Severity::Medium,
            (false, _) => Severity::Low,
        }
    }
}

fn hit(
    seen: &Seen<'_>,
    severity: Severity,
    app: &str,
    many: usize,
    (owner, facts): (Word, &[Fact]),
) -> Hit {
    let name = apps::name(app).map_or(String::new(), |name| format!(" ({name})"));
    let owner = seen.text_of(owner);
    let why = format!(
        "application {}{name}, neither Microsoft's nor approved, read {many} mailboxes within ten \
         minutes, that of {owner} among them",
        quoted(app)
    );
    let mut hit = Hit::of(seen, severity, why)
        .of_user(owner)
        .keyed(app)
        .about_app(app)
        .compared(
            "MailboxOwnerUPN",
            many.to_string(),
            format!("fewer than {MAILBOXES}"),
        )
        .because("ClientAppId", app)
        .silent_if("the application were approved, or had read fewer mailboxes");
    // Each person's finding rests on the records of the own mailbox.
    if let Some(last) = facts.last() {
        hit.fact = *last;
        hit.facts = facts.to_vec();
    }
    hit
}
