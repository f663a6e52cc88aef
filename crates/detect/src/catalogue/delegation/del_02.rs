//! DEL-02: somebody may send in another's name, and does.

use super::grant::{Grant, bare, is_precious, is_same};
use crate::about::{About, Method, Source};
use crate::catalogue::mail_flow::list::added;
use crate::catalogue::{Detection, Wants};
use crate::cmdlet::Cmdlet;
use crate::doubt::doubt;
use crate::fact::Fact;
use crate::hit::Hit;
use crate::quoted::quoted;
use crate::regular::Regulars;
use crate::seen::Seen;
use crate::words::Word;
use crate::world::{DAY, World, seconds_between};
use model::Severity;
use std::collections::BTreeMap;

const ABOUT: About = About {
    id: "DEL-02",
    title: "Send-as or send-on-behalf granted",
    decides: "`Add-RecipientPermission` with `SendAs`, `Add-ADPermission` with Send-As, or \
              `Set-Mailbox` that fills `GrantSendOnBehalfTo`; then a message that the one who was \
              given it sends from that mailbox within a week.",
    severity: "high if it is used within a week by who gave it to themselves or after a doubtful \
               sign-in, if it is given to everybody, to oneself over a mailbox whose misuse costs \
               most, or after a doubtful sign-in; low if the administrator does so regularly or is \
               named as one; else medium.",
    benign: "A help desk gives rights every day: who did so for a week, or for five people, is \
             usual. Assistants and shared mailboxes. Services, `SELF`, denials and emptied parameters are \
             silent; so is ordinary use of a right that an administrator gave somebody else.",
    attack: &["T1098.002"],
    sources: &[Source::ExchangeAdmin, Source::Mailbox],
    needs: &[],
    method: Method::Sequence,
    untested: "No real record of a grant was at hand.",
};

/// How long after a grant its first use belongs to it.
const USE_SECONDS: i64 = 7 * DAY;
/// How many grants of a tenant are remembered.
const REMEMBERED: usize = 1000;

#[derive(Default)]
pub(super) struct Del02 {
    regulars: Regulars,
    given: BTreeMap<Word, Vec<Given>>,
}

/// A grant that waits for its use.
struct Given {
    mailbox: String,
    grantee: String,
    is_grave: bool,
    fact: Fact,
}

impl Detection for Del02 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::actions(&[
            "Add-RecipientPermission",
            "Add-ADPermission",
            "Set-Mailbox",
            "SendAs",
            "SendOnBehalf",
        ])
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        if seen.is_action(&["SendAs", "SendOnBehalf"]) {
            hits.extend(self.used(seen));
            return;
        }
        let Some(cmdlet) = Cmdlet::done(seen) else {
            return;
        };
        let Some((field, grantees)) = sender_right(&cmdlet) else {
            return;
        };
        for grantee in grantees {
            let Some(grant) = Grant::read(&cmdlet, seen, &grantee) else {
                continue;
            };
            let is_usual = self.regulars.is_one(seen, &grant.grantee, world);
            let hit = granted(seen, world, &grant, field, is_usual);
            self.remember(seen.fact(), &grant, hit.severity);
            hits.push(hit);
        }
    }
}

impl Del02 {
    fn remember(&mut self, fact: &Fact, grant: &Grant, severity: Severity) {
        let given = self.given.entry(fact.tenant).or_default();
        given.retain(|one| seconds_between(one.fact.time, fact.time) <= USE_SECONDS);
        if given.len() < REMEMBERED {
            given.push(Given {
                mailbox: grant.mailbox.clone(),
                grantee: grant.grantee.clone(),
                is_grave: grant.is_own || severity >= Severity::High,
                fact: *fact,
            });
        }
    }

    /// The first use of a grant that was suspicious by itself.
    fn used(&mut self, seen: &Seen<'_>) -> Option<Hit> {
        let given = self.given.get_mut(&seen.fact().tenant)?;
        let at = given.iter().position(|one| {
            one.is_grave
                && is_same(&one.grantee, seen.user())
                && is_same(&one.mailbox, seen.mailbox())
                && seconds_between(one.fact.time, seen.time()) <= USE_SECONDS
        })?;
        let given = given.remove(at);
        let why = format!(
            "{} sent mail as {}, which they were given the right to not long before",
            seen.user(),
            quoted(&given.mailbox)
        );
        let hit = Hit::of(seen, Severity::High, why)
            .keyed(given.grantee)
            .because("Operation", seen.action())
            .silent_if("the right had been given more than a week before")
            .with([&given.fact]);
        Some(hit)
    }
}

/// Returns the parameter that gives the right, and to whom.
fn sender_right(cmdlet: &Cmdlet<'_, '_>) -> Option<(&'static str, Vec<String>)> {
    if cmdlet.truth("Deny") == Some(true) {
        return None;
    }
    let is_send_as = |field: &str| {
        cmdlet.value(field).is_some_and(|rights| {
            let plain = rights.to_ascii_lowercase().replace(['-', ' '], "");
            plain.contains("sendas")
        })
    };
    let named = |field: &str| cmdlet.value(field).map(|name| vec![name.to_owned()]);
    match cmdlet.noun().to_ascii_lowercase().as_str() {
        "recipientpermission" if is_send_as("AccessRights") => Some(("Trustee", named("Trustee")?)),
        "adpermission" if is_send_as("ExtendedRights") || is_send_as("AccessRights") => {
            Some(("User", named("User")?))
        }
        "mailbox" => {
            const FIELD: &str = "GrantSendOnBehalfTo";
            let named = added(cmdlet.value(FIELD)?);
            Some((FIELD, named.into_iter().map(|one| bare(&one)).collect()))
        }
        _ => None,
    }
}

fn granted(seen: &Seen<'_>, world: &World<'_>, grant: &Grant, field: &str, is_usual: bool) -> Hit {
    let raised = doubt(seen.fact(), seen.user(), world);
    let is_precious = is_precious(&grant.mailbox, world.tenant);
    let is_grave = grant.is_for_all || raised.is_some() || (grant.is_own && is_precious);
    let severity = match (is_grave, is_usual && !grant.is_own) {
        (true, _) => Severity::High,
        (false, true) => Severity::Low,
        (false, false) => Severity::Medium,
    };
    let whom = if grant.is_own {
        "themselves".to_owned()
    } else {
        quoted(&grant.grantee)
    };
    let mut why = format!(
        "{} gave {whom} the right to send as or for {}",
        seen.user(),
        quoted(&grant.mailbox)
    );
    if let Some(raised) = raised {
        why = format!("{why}, after a doubtful sign-in ({})", raised.detection);
    }
    Hit::of(seen, severity, why)
        .keyed(grant.grantee.clone())
        .compared(field, grant.grantee.clone(), seen.user())
        .because("Identity", grant.mailbox.clone())
        .silent_if("a service had done it; low if this were the administrator's daily work")
        .with(raised.map(|raised| &raised.fact))
}
