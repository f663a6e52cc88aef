//! APP-04: an application was let in for everybody.

use super::consent::{ACTIONS, Consent};
use super::known::Known;
use super::linked::Linked;
use super::scopes::Weight;
use super::subject::{is_microsofts, subject};
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::hit::Hit;
use crate::lists::apps;
use crate::seen::Seen;
use crate::world::World;
use model::Severity;

const ABOUT: About = About {
    id: "APP-04",
    title: "Tenant-wide consent",
    decides: "A consent on behalf of all (`OnBehalfOfAll`), or a grant of type `AllPrincipals`.",
    severity: "high where it opens mail, files or the directory; medium for people and calendars; low for the \
               rest, and for those who are known to administer one step less",
    benign: "Administrators let products in this way: approve their ids. Microsoft's own applications are \
             left out.",
    attack: &["T1098.003"],
    sources: &[Source::Directory],
    needs: &[],
    method: Method::Stateless,
    untested: "",
};

#[derive(Default)]
pub(super) struct App04 {
    linked: Linked,
    known: Known,
}

impl Detection for App04 {
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
        let Some(mut consent) = Consent::read(seen) else {
            return;
        };
        self.known
            .complete(seen.fact().tenant, &mut consent.subject);
        let is_own = apps::is_first_party(&consent.subject.app) || consent.is_expected(world);
        if consent.is_for_all && seen.is_done() && !is_own {
            let severity = severity(&consent, world.tenant.settings.admins.contains(seen.user()));
            hits.push(self.linked.raise(&key, hit(seen, &consent, &key, severity)));
        }
    }
}

fn severity(consent: &Consent, is_known_admin: bool) -> Severity {
    match consent.weight() {
        Weight::Mailbox | Weight::Control | Weight::Content if is_known_admin => Severity::Medium,
        Weight::Mailbox | Weight::Control | Weight::Content => Severity::High,
        Weight::People if !is_known_admin => Severity::Medium,
        Weight::People | Weight::SignIn | Weight::Little => Severity::Low,
    }
}

fn hit(seen: &Seen<'_>, consent: &Consent, key: &str, severity: Severity) -> Hit {
    let why = format!(
        "{} let the application {} in for everybody: {}",
        seen.person(),
        consent.subject.shown(),
        consent.shown_scopes()
    );
    let (field, value) = &consent.proof;
    Hit::of(seen, severity, why)
        .keyed(key)
        .about_app(consent.subject.best_id())
        .because("ConsentContext.OnBehalfOfAll", "True")
        .because(field, value.clone())
        .silent_if("the consent were for one person, or the application approved")
}
