//! APP-09: somebody became the owner of an application.

use super::subject::{Subject, changes, is_microsofts, subject};
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::doubt::doubt;
use crate::fact::Fact;
use crate::hit::Hit;
use crate::quoted::quoted;
use crate::seen::Seen;
use crate::words::Word;
use crate::world::{World, seconds_between};
use model::Severity;
use std::collections::BTreeMap;

const ABOUT: About = About {
    id: "APP-09",
    title: "Owner added to an application",
    decides: "`Add owner to application` or `... to service principal` for somebody who is not known to \
              administer, and who did not register the application in the same moment.",
    severity: "medium for who makes themselves the owner, high with a doubtful sign-in behind it; low for \
               who makes a colleague one, medium after such a sign-in",
    benign: "Developers share their applications with colleagues. Registering an application makes its author the owner within seconds: silent. Name \
             administrators.",
    attack: &["T1098"],
    sources: &[Source::Directory],
    needs: &[],
    method: Method::Stateless,
    untested: "Real records show authors only, nobody who became owner later.",
};

/// A registration and its owner are records of one moment, in either order.
const MOMENT: i64 = 10;
const DAY: i64 = crate::world::DAY;

#[derive(Default)]
pub(super) struct App09 {
    registered: BTreeMap<(Word, String), (Word, model::Timestamp)>,
    /// Those who made themselves owners just now: their registration may follow.
    waiting: Vec<(String, Hit)>,
}

impl Detection for App09 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::actions(&[
            "Add owner to application",
            "Add owner to service principal",
            "Add application",
            "Add service principal",
        ])
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        let fact = seen.fact();
        let subject = subject(seen);
        self.release(fact.time, hits);
        if !seen.is_done() {
            return;
        }
        if !seen.is_action(&["Add owner to application", "Add owner to service principal"]) {
            self.register(fact, &subject);
            return;
        }
        let owner = owner(seen);
        let admins = &world.tenant.settings.admins;
        if is_microsofts(seen) || admins.contains(&owner) || admins.contains(seen.user()) {
            return;
        }
        let is_self = owner == seen.user();
        if is_self && self.is_author(fact, &subject) {
            return;
        }
        let hit = hit(seen, world, &subject, &owner);
        if is_self {
            let id = ids(&subject).next().cloned().unwrap_or_default();
            self.waiting.push((id, hit));
        } else {
            hits.push(hit);
        }
    }

    fn finish(&mut self, _world: &World<'_>, hits: &mut Vec<Hit>) {
        hits.extend(self.waiting.drain(..).map(|(_, hit)| hit));
    }
}

impl App09 {
    fn register(&mut self, fact: &Fact, subject: &Subject) {
        self.registered
            .retain(|_, (_, when)| seconds_between(*when, fact.time) <= DAY);
        for id in ids(subject) {
            self.waiting.retain(|(own, hit)| {
                own != id || hit.fact.tenant != fact.tenant || hit.fact.user != fact.user
            });
            self.registered
                .insert((fact.tenant, id.clone()), (fact.user, fact.time));
        }
    }

    fn is_author(&self, fact: &Fact, subject: &Subject) -> bool {
        ids(subject).any(|id| {
            let known = self.registered.get(&(fact.tenant, id.clone()));
            known.is_some_and(|(who, when)| {
                *who == fact.user && seconds_between(*when, fact.time) <= DAY
            })
        })
    }

    fn release(&mut self, now: model::Timestamp, hits: &mut Vec<Hit>) {
        let is_over = |hit: &Hit| seconds_between(hit.fact.time, now) > MOMENT;
        hits.extend(
            self.waiting
                .iter()
                .filter(|(_, hit)| is_over(hit))
                .map(|(_, hit)| hit.clone()),
        );
        self.waiting.retain(|(_, hit)| !is_over(hit));
    }
}

fn hit(seen: &Seen<'_>, world: &World<'_>, subject: &Subject, owner: &str) -> Hit {
    let taint = doubt(seen.fact(), seen.person(), world);
    let severity = match (owner == seen.user(), taint.is_some()) {
        (true, true) => Severity::High,
        (true, false) | (false, true) => Severity::Medium,
        (false, false) => Severity::Low,
    };
    let why = format!(
        "{} made {} an owner of the application {}",
        seen.person(),
        quoted(owner),
        subject.shown()
    );
    Hit::of(seen, severity, why)
        .keyed(subject.key())
        .about_app(subject.best_id())
        .compared("ObjectId", owner, "administrators, and who registered it")
        .silent_if("the new owner were an administrator, or had registered it")
}

fn ids(subject: &Subject) -> impl Iterator<Item = &String> {
    [&subject.registration, &subject.app, &subject.principal]
        .into_iter()
        .filter(|id| !id.is_empty())
}

/// The new owner is the target of the record; where it is an application, its name.
fn owner(seen: &Seen<'_>) -> String {
    let owner = seen.targets().into_iter().next();
    owner.unwrap_or_else(|| {
        let changes = changes(seen);
        let named = super::subject::change(&changes, "TargetId.UserPrincipalName");
        named.map_or_else(
            || seen.object().to_lowercase(),
            |one| one.value.to_lowercase(),
        )
    })
}
