//! COR-02: malicious mail, a sign-in through a page in between, the stolen session, the mailbox read.

use super::link::{Link, chained, is_entry, is_of};
use super::trail::{Subject, Told, Trail};
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::hit::Hit;
use crate::world::{DAY, HOUR, World};
use model::Severity;

const ABOUT: About = About {
    id: "COR-02",
    title: "From a phish to a stolen session to the mailbox",
    decides: "Malicious mail for a person (ALR-04), then a flagged sign-in of medium or more (SIG-13 \
              and SIG-14 are the telling ones), then mail read (MIA), all within 24 hours.",
    severity: "critical with mail read after SIG-13, SIG-14 or a high one; high with mail read \
               otherwise, and for SIG-13 then SIG-14 before any mail is read",
    benign: "Mail of that kind reaches everybody: it counts only with a flagged sign-in behind it.",
    attack: &["T1566.002", "T1557", "T1550.004", "T1114.002"],
    sources: &[Source::MailProtection, Source::SignIn],
    needs: &[],
    method: Method::Chain,
    untested: "No real SIG-13 or SIG-14 behind a phish was at hand.",
};

const WINDOW_SECONDS: i64 = DAY;

/// Lures and entries that wait for mail to be read.
#[derive(Default)]
pub(super) struct Cor02 {
    lures: Trail,
    entries: Trail,
    told: Told,
}

impl Detection for Cor02 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::NOTHING.hearing(&["ALR-04", "SIG-", "MIA-"])
    }

    fn hear(&mut self, hit: &Hit, _: &World<'_>, hits: &mut Vec<Hit>) {
        let user = || Subject::User(hit.user.clone());
        if is_of(hit, &["ALR-04"]) {
            self.lures.keep(user(), Link::of(hit), WINDOW_SECONDS);
        } else if is_entry(hit) {
            if hit.detection == "SIG-14" {
                hits.extend(self.stolen(hit));
            }
            self.entries.keep(user(), Link::of(hit), WINDOW_SECONDS);
        } else if is_of(hit, &["MIA-"]) && hit.severity > Severity::Info {
            let chain = self.read(hit);
            hits.extend(chain.map(|chain| self.told.once(chain, hit)));
        }
    }
}

impl Cor02 {
    fn lure(&self, hit: &Hit, entry: &Link) -> Option<&Link> {
        // The judgement on a message may come after the message did its work.
        let latest = entry.time().plus_seconds(HOUR);
        let user = Subject::User(hit.user.clone());
        self.lures
            .before(hit.fact.tenant, user, hit.fact.time, WINDOW_SECONDS)
            .find(|lure| lure.time() <= latest)
    }

    fn read(&self, hit: &Hit) -> Option<Hit> {
        let user = Subject::User(hit.user.clone());
        let entry = self
            .entries
            .before(hit.fact.tenant, user, hit.fact.time, WINDOW_SECONDS)
            .max_by_key(|entry| (is_telling(entry), entry.severity, entry.time()))?;
        let lure = self.lure(hit, entry)?;
        let severity = if is_telling(entry) || entry.severity >= Severity::High {
            Severity::Critical
        } else {
            Severity::High
        };
        let story = "a phish led to a sign-in and that to the mailbox";
        Some(chained(hit, severity, story, &[lure, entry]))
    }

    fn stolen(&self, hit: &Hit) -> Option<Hit> {
        let user = Subject::User(hit.user.clone());
        let entry = self
            .entries
            .before(hit.fact.tenant, user, hit.fact.time, WINDOW_SECONDS)
            .find(|entry| entry.detection == "SIG-13")?;
        let lure = self.lure(hit, entry)?;
        let story = "a phish led to a sign-in whose session went elsewhere";
        Some(chained(hit, Severity::High, story, &[lure, entry]))
    }
}

fn is_telling(entry: &Link) -> bool {
    ["SIG-13", "SIG-14"].contains(&entry.detection.as_str())
}
