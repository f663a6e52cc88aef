//! APP-07: an application or service principal got a credential.

use super::known::Known;
use super::linked::Linked;
use super::scopes::{Weight, weight};
use super::subject::{Subject, added, change, changes, is_microsofts, subject, texts};
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::doubt::doubt;
use crate::hit::Hit;
use crate::lists::apps;
use crate::regular::Regulars;
use crate::seen::Seen;
use crate::words::Word;
use crate::world::{DAY, World, seconds_between};
use model::{ActorKind, Severity, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

const ABOUT: About = About {
    id: "APP-07",
    title: "Credential added to an application",
    decides: "Secrets and certificates in `KeyDescription` that were not there before.",
    severity: "critical for Microsoft's own applications and for those with power over mail or directory; high \
               otherwise; medium if an application did it, and for who does so regularly; low for known administrators and approved \
               applications, and for the first credential of an application that the same person registered \
               that day; a doubtful sign-in behind it makes those high, and a grave one the last medium",
    benign: "Rotation of secrets: name those who do it as administrators. A removed credential is none.",
    attack: &["T1098.001"],
    sources: &[Source::Directory],
    needs: &[],
    method: Method::Difference,
    untested: "",
};

#[derive(Default)]
pub(super) struct App07 {
    linked: Linked,
    known: Known,
    registered: BTreeMap<(Word, String), (Word, Timestamp)>,
    powerful: BTreeSet<(Word, String)>,
    regulars: Regulars,
}

impl Detection for App07 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::actions(&[
            "Update application*",
            "Add service principal credentials",
            "Update service principal",
            "Add service principal",
            "Add application",
            "Add owner to application",
            "Add app role assignment to service principal",
        ])
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        let subject = subject(seen);
        self.learn(seen, &subject);
        if is_microsofts(seen) {
            return;
        }
        let key = subject.key().to_owned();
        if seen.is_action(&[
            "Add application",
            "Add service principal",
            "Add owner to application",
        ]) {
            return;
        }
        hits.extend(self.linked.note(seen, &key));
        let Some((new, before)) = new_keys(seen) else {
            return;
        };
        if seen.is_done() {
            let severity = self.severity(seen, world, &subject, before);
            hits.push(
                self.linked
                    .raise(&key, hit(seen, &subject, severity, &new, before)),
            );
        }
    }
}

impl App07 {
    fn learn(&mut self, seen: &Seen<'_>, subject: &Subject) {
        let fact = seen.fact();
        self.known.learn(fact.tenant, subject);
        let one = (fact.tenant, self.known.one(fact.tenant, subject.key()));
        if seen.is_action(&["Add application"]) && seen.is_done() {
            self.registered.insert(one, (fact.user, fact.time));
        } else if seen.is_action(&["Add app role assignment to service principal"])
            && seen.is_done()
        {
            let changes = changes(seen);
            let is_powerful = change(&changes, "AppRole.Value").is_some_and(|role| {
                texts(&role.value)
                    .iter()
                    .any(|role| weight(role) >= Weight::Content)
            });
            if is_powerful {
                self.powerful.insert(one);
            }
        }
    }

    fn severity(
        &mut self,
        seen: &Seen<'_>,
        world: &World<'_>,
        subject: &Subject,
        before: usize,
    ) -> Severity {
        let fact = seen.fact();
        let one = (fact.tenant, self.known.one(fact.tenant, subject.key()));
        let is_own = self.registered.get(&one).is_some_and(|(who, when)| {
            *who == fact.user && seconds_between(*when, fact.time) <= DAY
        });
        let taint = doubt(fact, seen.person(), world).map(|one| one.severity);
        let is_known_admin = world.tenant.settings.admins.contains(seen.user());
        let is_regular = self.regulars.is_one(seen, subject.key(), world);
        if apps::is_first_party(&subject.app) || (self.powerful.contains(&one) && !is_known_admin) {
            Severity::Critical
        } else if is_own && before == 0 {
            // Whoever registers an application gives it a secret: a doubt is not enough here.
            match taint {
                Some(Severity::High | Severity::Critical) => Severity::Medium,
                _ => Severity::Low,
            }
        } else if taint.is_some() {
            Severity::High
        } else if is_known_admin || world.tenant.is_approved_app(&subject.app) {
            Severity::Low
        } else if fact.actor == ActorKind::Application || is_regular {
            Severity::Medium
        } else {
            Severity::High
        }
    }
}

/// Returns the credentials that are new, and how many there were before; none if none is.
fn new_keys(seen: &Seen<'_>) -> Option<(Vec<String>, usize)> {
    let changes = changes(seen);
    match change(&changes, "KeyDescription") {
        Some(keys) => {
            let new = new_by_id(&texts(&keys.before), added(keys));
            (!new.is_empty()).then(|| (new, texts(&keys.before).len()))
        }
        None => seen
            .is_action(&["Add service principal credentials"])
            .then(|| (vec![String::new()], 0)),
    }
}

/// A key that only got another name is not new.
fn new_by_id(before: &[String], mut after: Vec<String>) -> Vec<String> {
    let id = |key: &str| part(key, "KeyIdentifier=");
    after.retain(|key| {
        let own = id(key);
        own.is_empty() || !before.iter().any(|one| id(one) == own)
    });
    after
}

fn part(key: &str, name: &str) -> String {
    let rest = key.split_once(name).map_or("", |(_, rest)| rest);
    let end = rest.find([',', ']']).unwrap_or(rest.len());
    rest[..end].trim().to_owned()
}

fn hit(
    seen: &Seen<'_>,
    subject: &Subject,
    severity: Severity,
    new: &[String],
    before: usize,
) -> Hit {
    let key = new.first().map_or("", String::as_str);
    let kind = match part(key, "KeyType=").as_str() {
        "AsymmetricX509Cert" => "a certificate",
        "Password" => "a secret",
        _ => "a credential",
    };
    let many = if before == 0 {
        String::new()
    } else {
        format!(" beside {before} it had")
    };
    let why = format!(
        "{} gave the application {} {kind}{many}",
        seen.person(),
        subject.shown()
    );
    Hit::of(seen, severity, why)
        .keyed(subject.key())
        .about_app(subject.best_id())
        .compared(
            "KeyDescription",
            new.join(" "),
            format!("{before} credentials before"),
        )
        .silent_if("no credential were new")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_new_identifier_is_a_new_key() {
        let keys = |names: &[&str]| -> Vec<String> {
            names
                .iter()
                .map(|one| format!("[KeyIdentifier={one}]"))
                .collect()
        };
        assert_eq!(
            new_by_id(&keys(&["1,DisplayName=a"]), keys(&["1,DisplayName=b"])).len(),
            0
        );
        assert_eq!(new_by_id(&keys(&["1"]), keys(&["1", "2"])), keys(&["2"]));
        assert_eq!(new_by_id(&[], vec!["a secret".to_owned()]).len(), 1);
    }
}
