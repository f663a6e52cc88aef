//! MIA-01: so much mail was read that Exchange stopped recording it.

use super::access::{mailbox_name, third_party};
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::doubt::doubt;
use crate::fact::Kind;
use crate::hit::Hit;
use crate::quoted::quoted;
use crate::seen::Seen;
use crate::world::{DAY, World};
use model::Severity;

const ABOUT: About = About {
    id: "MIA-01",
    title: "Mail access throttled: evidence is missing",
    decides: "`MailItemsAccessed` with `IsThrottled` true: Exchange has written more than a thousand \
              records of opened mail for the mailbox within a day, and writes none for the next one. \
              What was read in that time, no record can tell.",
    severity: "medium; high where something of high was found of the mailbox's owner in the day before, \
               or the sign-in is in doubt; low where Microsoft's own service, an approved application \
               or a machine's account read",
    benign: "About one mailbox in a hundred is throttled on some day without any harm. A back-up or discovery tool, or a new device that fetches the whole mailbox: approve \
             the application, or name the account as a machine's.",
    attack: &["T1114.002"],
    sources: &[Source::Mailbox],
    needs: &[],
    method: Method::Stateless,
    untested: "No real record with `IsThrottled` true was at hand; the field itself is in every real one.",
};

pub(super) struct Mia01;

impl Detection for Mia01 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::kinds(&[Kind::MailAccess])
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        if !seen.fact().is_throttled {
            return;
        }
        let settings = &world.tenant.settings;
        let is_expected = seen.is_service()
            || settings.machines.contains(seen.user())
            || world.tenant.is_approved_app(seen.app());
        let owner = mailbox_name(seen);
        let (fact, board) = (seen.fact(), world.board);
        let is_grave = doubt(fact, owner, world).is_some()
            || board
                .of_user(fact.tenant, owner, fact.time, DAY)
                .any(|one| one.severity >= Severity::High);
        let severity = match (is_grave, is_expected) {
            (true, _) => Severity::High,
            (false, true) => Severity::Low,
            (false, false) => Severity::Medium,
        };
        let through = third_party(seen, world).map_or(String::new(), |app| {
            format!(", while application {} read", quoted(app))
        });
        let why = format!(
            "Exchange stopped recording what is read in {}{through}: what was read in the 24 hours \
             after cannot be told from records",
            mailbox_name(seen)
        );
        hits.push(
            Hit::of(seen, severity, why)
                .of_user(mailbox_name(seen))
                .compared("OperationProperties.IsThrottled", "True", "False")
                .silent_if("`IsThrottled` were False"),
        );
    }
}
