//! MIA-03: an application of others, or an old protocol, reads a mailbox for the first time.

use super::access::{Whose, client, is_somebody, mailbox, mailbox_name, third_party};
use super::app_book::AppBook;
use super::familiar::Familiar;
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::fact::Kind;
use crate::hit::Hit;
use crate::lists::apps;
use crate::quoted::quoted;
use crate::seen::Seen;
use crate::world::World;
use model::Severity;

const ABOUT: About = About {
    id: "MIA-03",
    title: "A new application reads a mailbox",
    decides: "`MailItemsAccessed` through a `ClientAppId` that is neither Microsoft's nor approved, within \
              its first day in this mailbox; or through POP, IMAP or Exchange Web Services without an \
              application, where the mailbox has been read for two weeks in other ways only.",
    severity: "medium; high for an application that intruders are known to use or about which an APP \
               finding was raised in the week before; low for one in use in the tenant for two weeks \
               or in five mailboxes already, and for the mail programs of telephones",
    benign: "A new service that reads mail: approve it. The address says nothing: what reads through \
             Graph shows Microsoft's.",
    attack: &["T1114.002", "T1550.001"],
    sources: &[Source::Mailbox],
    needs: &[],
    method: Method::Baseline,
    untested: "No real record of mail read by POP, IMAP or a plain Exchange Web Services client was at hand.",
};

/// Who has been read in other ways for so long does not begin with an old protocol for no reason.
const WARM_DAYS: i64 = 14;

#[derive(Default)]
pub(super) struct Mia03 {
    book: AppBook,
    clients: Familiar,
}

impl Detection for Mia03 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::kinds(&[Kind::MailAccess]).hearing(&["APP-"])
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        if !is_somebody(seen, world) {
            return;
        }
        let whose = mailbox(seen);
        let own = client(seen.agent());
        self.clients.note(whose, own, seen.time());
        if let Some(app) = third_party(seen, world) {
            hits.extend(self.application(seen, app));
        } else if seen.app().is_empty() && is_old_protocol(seen.agent()) {
            hits.extend(self.protocol(seen, world, whose, own));
        }
    }

    fn hear(&mut self, hit: &Hit, _world: &World<'_>, _hits: &mut Vec<Hit>) {
        self.book.hear(hit);
    }
}

impl Mia03 {
    fn application(&mut self, seen: &Seen<'_>, app: &str) -> Option<Hit> {
        let verdict = self.book.judge(seen)?;
        let name = apps::name(app).map_or(String::new(), |name| format!(" ({name})"));
        let why = format!(
            "application {}{name}, neither Microsoft's nor approved, read mail of {}: {}",
            quoted(app),
            mailbox_name(seen),
            verdict.about
        );
        let hit = Hit::of(seen, verdict.severity, why)
            .of_user(mailbox_name(seen))
            .keyed(app)
            .about_app(app)
            .compared(
                "ClientAppId",
                app,
                "Microsoft's own and approved applications",
            )
            .because("MailboxOwnerUPN", mailbox_name(seen))
            .silent_if("the application were approved, or had read this mailbox a day before");
        Some(hit)
    }

    fn protocol(&self, seen: &Seen<'_>, world: &World<'_>, whose: Whose, own: &str) -> Option<Hit> {
        let now = seen.time();
        let is_new =
            world.tenant.is_warm(now, WARM_DAYS) && self.clients.is_new(whose, own, now, WARM_DAYS);
        if !is_new {
            return None;
        }
        let usual = self.clients.usual(whose, now);
        let why = format!(
            "the mailbox of {} was read through {}; until now only through {}",
            mailbox_name(seen),
            quoted(own),
            quoted(&usual)
        );
        let hit = Hit::of(seen, Severity::Medium, why)
            .of_user(mailbox_name(seen))
            .keyed(own)
            .compared("ClientInfoString", seen.agent(), usual)
            .silent_if("the mailbox had been read in this way a day before");
        Some(hit)
    }
}

/// Office itself reads through web services too, and says so.
fn is_old_protocol(agent: &str) -> bool {
    let agent = agent.to_ascii_lowercase();
    let is_web_service = agent.starts_with("client=webservices;")
        && !agent.contains("microsoft office")
        && !agent.contains("microsoft outlook");
    is_web_service || agent.starts_with("client=pop3") || agent.starts_with("client=imap")
}
