//! APP-11: many service principals at once.

use super::subject::{is_microsofts, subject};
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::fact::Fact;
use crate::hit::Hit;
use crate::lists::apps;
use crate::seen::Seen;
use crate::words::Word;
use crate::world::{MINUTE, World, seconds_between};
use model::{ActorKind, Severity};
use std::collections::{BTreeMap, BTreeSet};

const ABOUT: About = About {
    id: "APP-11",
    title: "Burst of service principals",
    decides: "More than three different service principals that one person adds within ten minutes.",
    severity: "medium; low for known administrators",
    benign: "Microsoft provisions its own service principals by the dozen: what services and applications \
             add, and Microsoft's own applications, do not count.",
    attack: &["T1136.003"],
    sources: &[Source::Directory],
    needs: &[],
    method: Method::Threshold,
    untested: "No real burst by a person was at hand, only Microsoft's own.",
};

const WINDOW: i64 = 10 * MINUTE;
const MANY: usize = 4;
const KEPT: usize = 1000;

#[derive(Default)]
pub(super) struct App11 {
    added: BTreeMap<(Word, Word), Vec<(String, Fact)>>,
}

impl Detection for App11 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::actions(&["Add service principal"])
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        let fact = seen.fact();
        let subject = subject(seen);
        let is_person = !is_microsofts(seen)
            && fact.actor != ActorKind::Application
            && seen.user().contains('@');
        if !is_person || !seen.is_done() || apps::is_first_party(&subject.app) {
            return;
        }
        let added = self.added.entry((fact.tenant, fact.user)).or_default();
        added.retain(|(_, one)| seconds_between(one.time, fact.time) <= WINDOW);
        added.push((subject.key().to_owned(), *fact));
        if added.len() > KEPT {
            added.remove(0);
        }
        let many: BTreeSet<&String> = added.iter().map(|(key, _)| key).collect();
        if many.len() < MANY {
            return;
        }
        let is_known_admin = world.tenant.settings.admins.contains(seen.user());
        hits.push(hit(seen, added, many.len(), is_known_admin));
    }
}

fn hit(seen: &Seen<'_>, added: &[(String, Fact)], many: usize, is_known_admin: bool) -> Hit {
    let severity = if is_known_admin {
        Severity::Low
    } else {
        Severity::Medium
    };
    let why = format!(
        "{} added {many} service principals within ten minutes",
        seen.person()
    );
    let own = seen.fact().record;
    let others = added
        .iter()
        .map(|(_, one)| one)
        .filter(|one| one.record != own);
    Hit::of(seen, severity, why)
        .with(others)
        .compared("Operation", many.to_string(), "three within ten minutes")
        .silent_if("there were three at most")
}
