//! APP-08: an application may act by itself, on everybody's data.

use super::linked::Linked;
use super::scopes::{Weight, role, weight};
use super::subject::{Subject, change, changes, is_microsofts, subject, texts};
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::hit::Hit;
use crate::lists::apps;
use crate::quoted::quoted;
use crate::seen::Seen;
use crate::world::World;
use model::bags::Property;
use model::{Json, Severity};
use std::collections::BTreeSet;

const ABOUT: About = About {
    id: "APP-08",
    title: "Application permission granted",
    decides: "An application role given to a service principal, by what it opens; a registration that newly \
              asks for one of those that open all mailboxes, files or the directory.",
    severity: "critical for mail and control of the directory; high for files and other content; medium for \
               people; low for the rest; a mere request is medium; one step less for known administrators",
    benign: "Back-up and archive products have such roles: approve their ids.",
    attack: &["T1098.003"],
    sources: &[Source::Directory],
    needs: &[],
    method: Method::Stateless,
    untested: "No real record of a grave role was at hand, only of harmless ones.",
};

#[derive(Default)]
pub(super) struct App08 {
    linked: Linked,
}

impl Detection for App08 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::actions(&[
            "Add app role assignment to service principal",
            "Update application",
            "Add application",
        ])
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        let subject = subject(seen);
        let is_expected =
            world.tenant.is_approved_app(&subject.app) || apps::is_first_party(&subject.app);
        if is_microsofts(seen) || !seen.is_done() || is_expected {
            return;
        }
        let is_known_admin = world.tenant.settings.admins.contains(seen.user());
        let changes = changes(seen);
        let hit = if seen.is_action(&["Add app role assignment to service principal"]) {
            granted(seen, &subject, &changes, is_known_admin)
        } else {
            asked(seen, &subject, &changes, is_known_admin)
        };
        let key = subject.key().to_owned();
        hits.extend(self.linked.note(seen, &key));
        if let Some(hit) = hit {
            hits.push(self.linked.raise(&key, hit.keyed(&key)));
        }
    }
}

fn granted(
    seen: &Seen<'_>,
    subject: &Subject,
    changes: &[Property],
    is_known_admin: bool,
) -> Option<Hit> {
    let value =
        |name: &str| change(changes, name).and_then(|one| texts(&one.value).into_iter().next());
    let by_id = || {
        value("AppRole.Id")
            .and_then(|id| role(&id))
            .map(str::to_owned)
    };
    let name = value("AppRole.Value").or_else(by_id)?;
    let severity = match weight(&name) {
        Weight::Mailbox | Weight::Control => Severity::Critical,
        Weight::Content if name.to_ascii_lowercase().starts_with("mail") => Severity::Critical,
        Weight::Content => Severity::High,
        Weight::People => Severity::Medium,
        Weight::SignIn | Weight::Little => Severity::Low,
    };
    let shown = quoted(&name);
    let why = format!(
        "{} gave the application {} the right {shown} on everybody's data",
        seen.person(),
        subject.shown()
    );
    let hit = Hit::of(seen, lowered(severity, is_known_admin), why)
        .about_app(subject.best_id())
        .compared(
            "AppRole.Value",
            name,
            "rights on mail, files and the directory",
        )
        .silent_if("the application were approved");
    Some(hit)
}

fn asked(
    seen: &Seen<'_>,
    subject: &Subject,
    changes: &[Property],
    is_known_admin: bool,
) -> Option<Hit> {
    let access = change(changes, "RequiredResourceAccess")?;
    let before = roles(&access.before);
    let new: Vec<&str> = roles(&access.value).difference(&before).copied().collect();
    if new.is_empty() {
        return None;
    }
    let names = new.join(", ");
    let why = format!(
        "{} has the application {} ask for {names} on everybody's data",
        seen.person(),
        subject.shown()
    );
    let hit = Hit::of(seen, lowered(Severity::Medium, is_known_admin), why)
        .about_app(subject.best_id())
        .compared("RequiredResourceAccess", names, "what it asked for before")
        .silent_if("it asked for no right on everybody's mail, files or directory");
    Some(hit)
}

fn lowered(severity: Severity, is_known_admin: bool) -> Severity {
    match severity {
        other if !is_known_admin => other,
        Severity::Critical => Severity::High,
        Severity::High => Severity::Medium,
        _ => Severity::Low,
    }
}

/// Returns the grave roles that a registration asks for: `DirectAccessGrant` tells a role from a
/// permission that a person has to give.
fn roles(value: &str) -> BTreeSet<&'static str> {
    let mut found = BTreeSet::new();
    for text in texts(value) {
        let Ok(parsed) = model::json::parse(&text) else {
            continue;
        };
        let asked = parsed
            .value
            .get_any_case("RequiredAppPermissions")
            .map(Json::opened);
        for one in asked.iter().flat_map(|asked| asked.items()) {
            let is_role = one
                .get_any_case("DirectAccessGrant")
                .and_then(Json::as_truth)
                == Some(true);
            let id = one.get_any_case("EntitlementId").and_then(Json::as_word);
            if is_role {
                found.extend(id.and_then(role));
            }
        }
    }
    found
}
