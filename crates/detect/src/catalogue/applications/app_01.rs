//! APP-01: an application was given permissions that pay.

use super::consent::{ACTIONS, Consent};
use super::known::Known;
use super::linked::Linked;
use super::scopes::Weight;
use super::subject::{is_microsofts, subject};
use crate::about::{About, Method, Source};
use crate::catalogue::mail_access::programs::mail_program;
use crate::catalogue::{Detection, Wants};
use crate::hit::Hit;
use crate::lists::apps;
use crate::seen::Seen;
use crate::words::Word;
use crate::world::{DAY, World, seconds_between};
use model::{Severity, Timestamp};
use std::collections::BTreeMap;

const ABOUT: About = About {
    id: "APP-01",
    title: "Consent to risky permissions",
    decides: "The permissions that a consent or delegated grant adds, by what they give away: mail \
              to write or send, the directory, mail and files to read, people.",
    severity: "critical for mail to write or send that lasts (offline access, or for everybody); high for \
               other mail, files or the directory; medium for people and calendars; medium at most for \
               an application that five others let in more than a day before; low for the rest and for \
               the mail programs of telephones",
    benign: "A mail program that many use asks for the same as a trap does: what colleagues let in days \
             before is no campaign. Products the organisation uses: approve their ids. Microsoft's own applications are left \
             out, its command line tools are low.",
    attack: &["T1528", "T1098.003"],
    sources: &[Source::Directory],
    needs: &[],
    method: Method::Context,
    untested: "",
};

/// What so many let in is known in the house.
const FRIENDS: usize = 5;

#[derive(Default)]
pub(super) struct App01 {
    linked: Linked,
    known: Known,
    /// Who let an application in, and when.
    friends: BTreeMap<(Word, String), BTreeMap<Word, Timestamp>>,
}

impl Detection for App01 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::actions(ACTIONS)
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        if is_microsofts(seen) {
            return;
        }
        let subject = subject(seen);
        let key = subject.key().to_owned();
        self.known.learn(seen.fact().tenant, &subject);
        hits.extend(self.linked.note(seen, &key));
        if !seen.is_done() {
            return;
        }
        if let Some(mut consent) = Consent::read(seen)
            && !consent.is_expected(world)
        {
            self.known
                .complete(seen.fact().tenant, &mut consent.subject);
            let most = self.most(seen, &consent);
            let hit = hit(seen, &consent, severity(&consent).min(most), &key);
            hits.push(self.linked.raise(&key, hit));
        }
    }
}

impl App01 {
    /// Returns how grave a consent can be, for whom else let the application in; notes this one.
    fn most(&mut self, seen: &Seen<'_>, consent: &Consent) -> Severity {
        const KEPT: usize = 100;
        let fact = seen.fact();
        let app = consent.subject.best_id();
        let friends = self.friends.entry((fact.tenant, app.to_owned()));
        let friends = friends.or_default();
        let is_old = |since: &Timestamp| seconds_between(*since, fact.time) > DAY;
        let old = friends
            .iter()
            .filter(|(who, since)| **who != fact.user && is_old(since));
        let others = old.count();
        if friends.len() < KEPT {
            friends.entry(fact.user).or_insert(fact.time);
        }
        if mail_program(&consent.subject.app).is_some() {
            Severity::Low
        } else if others >= FRIENDS && !consent.is_for_all {
            Severity::Medium
        } else {
            Severity::Critical
        }
    }
}

fn hit(seen: &Seen<'_>, consent: &Consent, severity: Severity, key: &str) -> Hit {
    let (field, value) = &consent.proof;
    let whom = if consent.is_for_all {
        " for everybody"
    } else {
        ""
    };
    let scopes = consent.shown_scopes();
    let app = consent.subject.shown();
    let why = format!(
        "{} gave the application {app}{whom}: {scopes}",
        seen.person()
    );
    Hit::of(seen, severity, why)
        .keyed(key)
        .about_app(consent.subject.best_id())
        .compared(field, value.clone(), "permissions to sign in only")
        .silent_if("the application were approved")
}

fn severity(consent: &Consent) -> Severity {
    if apps::is_console(&consent.subject.app) {
        return Severity::Low;
    }
    match consent.weight() {
        Weight::Mailbox if consent.is_lasting() => Severity::Critical,
        Weight::Mailbox | Weight::Control | Weight::Content => Severity::High,
        Weight::People => Severity::Medium,
        Weight::SignIn | Weight::Little => Severity::Low,
    }
}
