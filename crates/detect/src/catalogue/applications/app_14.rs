//! APP-14: an application opened to other tenants, or hidden from its users.

use super::subject::{Subject, added, change, changes, is_microsofts, subject, texts};
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::hit::Hit;
use crate::seen::Seen;
use crate::world::World;
use model::Severity;
use model::bags::Property;

const ABOUT: About = About {
    id: "APP-14",
    title: "Application opened to other tenants, or hidden",
    decides: "`AvailableToOtherTenants` that turns true in an update; the tag `HideApp` that is new on a \
              service principal.",
    severity: "medium; low for known administrators",
    benign: "Makers of software open their applications; back-end services are hidden: approve their ids.",
    attack: &["T1098.003"],
    sources: &[Source::Directory],
    needs: &[],
    method: Method::Difference,
    untested: "No real record of either change was at hand.",
};

pub(super) struct App14;

impl Detection for App14 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::actions(&["Update application", "Update service principal"])
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        let subject = subject(seen);
        let is_approved = world.tenant.is_approved_app(&subject.app);
        if is_microsofts(seen) || !seen.is_done() || is_approved {
            return;
        }
        let changes = changes(seen);
        let is_true = |text: &str| {
            texts(text)
                .iter()
                .any(|one| one.eq_ignore_ascii_case("true"))
        };
        let opened = change(&changes, "AvailableToOtherTenants")
            .filter(|one| is_true(&one.value) && !is_true(&one.before));
        let hidden = ["Tags", "Tag"]
            .iter()
            .filter_map(|name| change(&changes, name))
            .find(|one| {
                added(one)
                    .iter()
                    .any(|tag| tag.eq_ignore_ascii_case("HideApp"))
            });
        let is_known_admin = world.tenant.settings.admins.contains(seen.user());
        let severity = if is_known_admin {
            Severity::Low
        } else {
            Severity::Medium
        };
        hits.extend(opened.map(|one| hit(seen, &subject, severity, one, "opened to every tenant")));
        hits.extend(hidden.map(|one| hit(seen, &subject, severity, one, "hidden from its users")));
    }
}

fn hit(seen: &Seen<'_>, subject: &Subject, severity: Severity, one: &Property, what: &str) -> Hit {
    let why = format!(
        "{} had the application {} {what}",
        seen.person(),
        subject.shown()
    );
    Hit::of(seen, severity, why)
        .keyed(format!("{} {}", subject.key(), one.name))
        .about_app(subject.best_id())
        .compared(&one.name, &one.value, &one.before)
        .silent_if("it had been so before, or the application were approved")
}
