//! APP-02: an application that intruders are known to use.

use super::subject::subject;
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::fact::Kind;
use crate::hit::Hit;
use crate::lists::apps;
use crate::seen::Seen;
use crate::words::Word;
use crate::world::{DAY, HOUR, World, seconds_between};
use model::{Severity, Timestamp};
use std::collections::{BTreeMap, HashMap};

const ABOUT: About = About {
    id: "APP-02",
    title: "Known-abused application",
    decides: "The id of the calling application, or of the one that was consented to, on the list of \
              mail clients and synchronisers that intruders bring.",
    severity: "high at consent and at the first use by a person in a week; low for an attempt that failed",
    benign: "Some people like these mail clients: approve the id, or except the person.",
    attack: &["T1098.003", "T1114.002"],
    sources: &[Source::Directory, Source::SignIn, Source::Mailbox],
    needs: &[],
    method: Method::Stateless,
    untested: "No real record of one of these applications was at hand.",
};

const ACTIONS: &[&str] = &[
    "Consent to application",
    "Add service principal",
    "Add delegated permission grant",
    "Add app role assignment grant to user",
];

/// After this long without it, use is worth telling again.
const FORGOTTEN: i64 = 7 * DAY;

#[derive(Default)]
pub(super) struct App02 {
    known: HashMap<Word, Option<&'static str>>,
    told: BTreeMap<(Word, Word, &'static str), Timestamp>,
}

impl Detection for App02 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants {
            kinds: &[
                Kind::SignIn,
                Kind::MailAccess,
                Kind::MailAct,
                Kind::FileAct,
                Kind::Act,
            ],
            actions: ACTIONS,
            ..Wants::NOTHING
        }
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        if seen.kind() == Kind::Act && seen.is_action(ACTIONS) {
            let app = subject(seen).app;
            if let Some(name) = apps::abused(&app) {
                hits.extend(consented(seen, world, &app, name));
            }
            return;
        }
        let word = seen.fact().app;
        let name = *self
            .known
            .entry(word)
            .or_insert_with(|| apps::abused(seen.text_of(word)));
        if let Some(name) = name
            && !world.tenant.is_approved_app(seen.app())
        {
            hits.extend(self.used(seen, name));
        }
    }
}

fn consented(seen: &Seen<'_>, world: &World<'_>, app: &str, name: &'static str) -> Option<Hit> {
    if world.tenant.is_approved_app(app) || seen.is_service() {
        return None;
    }
    let severity = if seen.is_done() {
        Severity::High
    } else {
        Severity::Low
    };
    let why = format!(
        "{} gave consent to {name}, an application that intruders bring",
        seen.person()
    );
    Some(told(seen, severity, why, app, name))
}

impl App02 {
    fn used(&mut self, seen: &Seen<'_>, name: &'static str) -> Option<Hit> {
        let fact = seen.fact();
        if !seen.is_done() {
            let why = format!("{} tried to sign in with {name}", seen.person());
            return Some(told(seen, Severity::Low, why, seen.app(), name));
        }
        let whose = (fact.tenant, fact.user, name);
        let since = self
            .told
            .get(&whose)
            .map(|told| seconds_between(*told, fact.time));
        match since {
            // What follows within the hour belongs to the same finding.
            Some(since) if since > HOUR && since < FORGOTTEN => return None,
            Some(since) if since <= HOUR => {}
            _ => {
                self.told.insert(whose, fact.time);
            }
        }
        let why = format!(
            "{} uses {name}, an application that intruders bring",
            seen.person()
        );
        Some(told(seen, Severity::High, why, seen.app(), name))
    }
}

fn told(seen: &Seen<'_>, severity: Severity, why: String, app: &str, name: &str) -> Hit {
    Hit::of(seen, severity, why)
        .keyed(name)
        .about_app(app)
        .compared("ApplicationId", app, "applications that intruders bring")
        .silent_if("the application were approved")
}
