//! APP-03: an application that passes for somebody else's, or says nothing of itself.

use super::linked::Linked;
use super::look_alike::{borrowed, is_meaningless, is_single_word};
use super::subject::{Subject, change, changes, is_microsofts, subject, texts};
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::hit::Hit;
use crate::lists::apps;
use crate::quoted::quoted;
use crate::seen::Seen;
use crate::words::Word;
use crate::world::{HOUR, World, seconds_between};
use model::{Json, Severity, Timestamp};
use std::collections::BTreeMap;

const ABOUT: About = About {
    id: "APP-03",
    title: "Look-alike or meaningless application name",
    decides: "The name of an application that a person registers, adds or consents to: other letters with \
              the look of a well-known service, or a word without meaning while it sends its tokens to a \
              web server on the user's own machine.",
    severity: "high for a consent to a look-alike; medium for a registration; low for an attempt that failed",
    benign: "Developers try things on their own machine, mostly for one tenant only and as public clients: \
             those are left out.",
    attack: &["T1036", "T1528"],
    sources: &[Source::Directory],
    needs: &[],
    method: Method::Stateless,
    untested: "",
};

#[derive(Default)]
pub(super) struct App03 {
    linked: Linked,
    registered: BTreeMap<(Word, String), Timestamp>,
    /// Service principals of which the registration may follow, and decides then.
    waiting: Vec<Waiting>,
}

struct Waiting {
    app: String,
    key: String,
    hit: Hit,
}

/// The records of one registration are of one moment, in whatever order.
const MOMENT: i64 = 5;

impl Detection for App03 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::actions(&[
            "Add application",
            "Add service principal",
            "Add owner to application",
            "Consent to application",
            "Add app role assignment grant to user",
        ])
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        let subject = subject(seen);
        let is_expected =
            apps::is_first_party(&subject.app) || world.tenant.is_approved_app(&subject.app);
        if is_microsofts(seen) || is_expected {
            return;
        }
        self.release(seen.time(), hits);
        let key = subject.name.to_lowercase();
        hits.extend(self.linked.note(seen, &key));
        self.add_to_waiting(seen, &key);
        if seen.is_action(&["Add application"]) && seen.is_done() {
            self.register(seen, &subject);
        }
        if let Some(hit) = look_alike(seen, &subject) {
            hits.push(self.linked.raise(&key, hit.keyed(&key)));
        } else if let Some(hit) = local(seen, &subject) {
            let hit = hit.keyed(&key);
            if seen.is_action(&["Add application"]) {
                hits.push(self.linked.raise(&key, hit));
            } else if !self.is_registered(seen, &subject) {
                let own = seen.fact().record;
                let before = self.linked.so_far(seen, &key).iter();
                let hit = hit.with(before.filter(|fact| fact.record != own));
                let app = subject.app;
                self.waiting.push(Waiting { app, key, hit });
            }
        }
    }

    fn finish(&mut self, _world: &World<'_>, hits: &mut Vec<Hit>) {
        hits.extend(self.waiting.drain(..).map(|one| one.hit));
    }
}

impl App03 {
    fn register(&mut self, seen: &Seen<'_>, subject: &Subject) {
        let fact = seen.fact();
        self.waiting
            .retain(|one| one.app != subject.app || one.hit.fact.tenant != fact.tenant);
        self.registered
            .retain(|_, when| seconds_between(*when, fact.time) <= HOUR);
        self.registered
            .insert((fact.tenant, subject.app.clone()), fact.time);
    }

    fn is_registered(&self, seen: &Seen<'_>, subject: &Subject) -> bool {
        let one = (seen.fact().tenant, subject.app.clone());
        self.registered.contains_key(&one)
    }

    fn add_to_waiting(&mut self, seen: &Seen<'_>, key: &str) {
        let fact = seen.fact();
        for one in &mut self.waiting {
            let own = one.hit.fact;
            if one.key == key && (own.tenant, own.user) == (fact.tenant, fact.user) {
                one.hit.facts.push(*fact);
            }
        }
    }

    fn release(&mut self, now: Timestamp, hits: &mut Vec<Hit>) {
        let is_over = |one: &Waiting| seconds_between(one.hit.fact.time, now) > MOMENT;
        hits.extend(
            self.waiting
                .iter()
                .filter(|one| is_over(one))
                .map(|one| one.hit.clone()),
        );
        self.waiting.retain(|one| !is_over(one));
    }
}

fn look_alike(seen: &Seen<'_>, subject: &Subject) -> Option<Hit> {
    let own = borrowed(&subject.name)?;
    let severity = match (seen.is_done(), seen.is_action(&["Consent to application"])) {
        (false, _) => Severity::Low,
        (true, true) => Severity::High,
        (true, false) => Severity::Medium,
    };
    let did = if seen.is_done() {
        "let in"
    } else {
        "tried to let in"
    };
    let name = subject.shown();
    let why = format!(
        "{} {did} the application {name}, which passes for {own}",
        seen.person()
    );
    let hit = raised(seen, severity, why, subject);
    Some(hit.compared("DisplayName", &subject.name, own))
}

fn local(seen: &Seen<'_>, subject: &Subject) -> Option<Hit> {
    let says_nothing = is_meaningless(&subject.name) || is_single_word(&subject.name);
    if !says_nothing || !seen.is_done() {
        return None;
    }
    let address = local_server(seen)?;
    let why = format!(
        "{} let in the application {}, open to every tenant, which sends its tokens to {}",
        seen.person(),
        subject.shown(),
        quoted(&address)
    );
    let hit = raised(seen, Severity::Medium, why, subject);
    Some(
        hit.because("AppAddress", address)
            .because("DisplayName", &subject.name),
    )
}

fn raised(seen: &Seen<'_>, severity: Severity, why: String, subject: &Subject) -> Hit {
    Hit::of(seen, severity, why)
        .about_app(subject.best_id())
        .silent_if("the application were approved, or named for what it does")
}

/// Returns the web server on the user's own machine to which an application of many tenants
/// sends its tokens: kits for consent phishing come with it.
fn local_server(seen: &Seen<'_>) -> Option<String> {
    const WEB: i64 = 1;
    let changes = changes(seen);
    let is_registration = seen.is_action(&["Add application"]);
    let is_open = change(&changes, "AvailableToOtherTenants")
        .is_some_and(|one| texts(&one.value).iter().any(|text| text == "true"));
    if is_registration && !is_open {
        return None;
    }
    let addresses = change(&changes, "AppAddress")?;
    let mut found = None;
    for text in texts(&addresses.value) {
        let Ok(parsed) = model::json::parse(&text) else {
            continue;
        };
        let one = parsed.value;
        let is_web = one
            .get_any_case("ReplyAddressClientType")
            .and_then(Json::as_integer)
            == Some(WEB);
        let address = one
            .get_any_case("Address")
            .and_then(Json::as_word)
            .unwrap_or_default();
        if is_web
            && address
                .to_ascii_lowercase()
                .starts_with("http://localhost:")
        {
            found = Some(address.to_owned());
        }
    }
    found
}
