//! APP-06: a consent that was blocked, denied or warned of.

use super::consent::Consent;
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::fact::{Fact, Kind};
use crate::hit::Hit;
use crate::lists::apps;
use crate::quoted::quoted;
use crate::seen::Seen;
use crate::words::Word;
use crate::world::{DAY, World, seconds_between};
use model::Severity;
use std::collections::BTreeMap;

const ABOUT: About = About {
    id: "APP-06",
    title: "Consent blocked, denied or warned of",
    decides: "A consent that Microsoft remarks on as risky, whether it was blocked or given all the same; \
              sign-ins that end because a consent was refused or needs an administrator.",
    severity: "high for a consent in spite of the warning, and for one application at three people in a \
               day if Microsoft calls it risky; medium for a risky one that was blocked, and for one \
               that three people declined in a day; low for a sign-in that ended at the question",
    benign: "Where only administrators consent, people are stopped at useful applications every day: low. People meet the question for consent every day: a missing one (65001) counts for nothing, and \
             approved and Microsoft's own applications are left out.",
    attack: &["T1528"],
    sources: &[Source::Directory, Source::SignIn],
    needs: &[],
    method: Method::Threshold,
    untested: "No real record of 65004, 90094 or 90095 was at hand.",
};

/// Microsoft blocked the consent because the application is risky.
const RISKY: &str = "900941";
/// The person said no.
const DECLINED: &str = "65004";
const REFUSED: &[&str] = &[DECLINED, "90094", "90095", RISKY];
const PEOPLE: usize = 3;
const KEPT: usize = 200;

#[derive(Default)]
pub(super) struct App06 {
    refused: BTreeMap<(Word, Word), Vec<Fact>>,
}

impl Detection for App06 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants {
            kinds: &[Kind::SignIn],
            actions: &["Consent to application"],
            ..Wants::NOTHING
        }
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        if seen.kind() == Kind::SignIn {
            self.refused(seen, world, hits);
        } else {
            hits.extend(warned(seen, world));
        }
    }
}

fn warned(seen: &Seen<'_>, world: &World<'_>) -> Option<Hit> {
    let consent = Consent::read(seen)?;
    let is_risky = consent.remark.to_ascii_lowercase().contains("risky");
    if !is_risky || world.tenant.is_approved_app(&consent.subject.app) {
        return None;
    }
    let (severity, what) = if seen.is_done() {
        (Severity::High, "let in, in spite of Microsoft's warning,")
    } else {
        (Severity::Medium, "was kept from letting in")
    };
    let app = consent.subject.shown();
    let why = format!(
        "{} {what} the risky application {app}: {}",
        seen.person(),
        consent.shown_scopes()
    );
    let hit = Hit::of(seen, severity, why)
        .keyed(if seen.is_done() {
            consent.subject.key()
        } else {
            ""
        })
        .about_app(consent.subject.best_id())
        .because("ConsentAction.Reason", &consent.remark)
        .because(
            "ResultStatus",
            if seen.is_done() { "Success" } else { "Failure" },
        )
        .silent_if("Microsoft had not called the application risky, or it were approved");
    Some(hit)
}

impl App06 {
    fn refused(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        let (fact, error, app) = (*seen.fact(), seen.error(), seen.app());
        let is_expected = apps::is_first_party(app) || world.tenant.is_approved_app(app);
        if !REFUSED.contains(&error) || is_expected {
            return;
        }
        let before = self.refused.entry((fact.tenant, fact.app)).or_default();
        before.retain(|one| seconds_between(one.time, fact.time) <= DAY);
        before.push(fact);
        if before.len() > KEPT {
            before.remove(0);
        }
        let mut people: Vec<Word> = before.iter().map(|one| one.user).collect();
        people.sort_by_key(|person| world.text(*person));
        people.dedup();
        let app = quoted(apps::name(app).unwrap_or(app));
        let has = |error: &str| before.iter().any(|one| world.text(one.error) == error);
        let severity = match (has(RISKY), has(DECLINED)) {
            (true, _) => Severity::High,
            (false, true) => Severity::Medium,
            (false, false) => Severity::Low,
        };
        if people.len() >= PEOPLE && severity > Severity::Low && !fact.app.is_none() {
            let many = people.len();
            let why = format!("{many} people were stopped at the consent to {app} in a day");
            for person in people {
                let own: Vec<&Fact> = before.iter().filter(|one| one.user == person).collect();
                let hit = told(seen, severity, why.clone()).of_user(world.text(person));
                // Whose record it is must be among the facts, and no other person's.
                let last = **own.last().unwrap_or(&&fact);
                hits.push(Hit {
                    fact: last,
                    facts: own.into_iter().copied().collect(),
                    ..hit
                });
            }
            return;
        }
        // A consent that Microsoft blocks leaves a record of its own, which tells more.
        let why = format!(
            "{} was stopped at the consent to {app} ({error})",
            seen.person()
        );
        let key = if error == RISKY { "" } else { seen.app() };
        hits.push(told(seen, Severity::Low, why).keyed(key));
    }
}

fn told(seen: &Seen<'_>, severity: Severity, why: String) -> Hit {
    Hit::of(seen, severity, why)
        .keyed(seen.app())
        .because("ErrorNumber", seen.error())
        .silent_if("the application were approved")
}
