//! EVA-08: a protocol that knows no second factor is opened.

use super::switch::Switch;
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::cmdlet::Cmdlet;
use crate::hit::Hit;
use crate::seen::Seen;
use crate::world::World;
use model::Severity;

const ABOUT: About = About {
    id: "EVA-08",
    title: "Legacy protocol enabled",
    decides: "`Set-CASMailbox` or `Set-CASMailboxPlan` with `ImapEnabled` or `PopEnabled` true, or \
              `SmtpClientAuthenticationDisabled` false; `Set-TransportConfig` with the latter; \
              `New-`/`Set-AuthenticationPolicy` that allows basic authentication.",
    severity: "medium; low for `ActiveSyncEnabled` and for accounts that the operator names as \
               machines; one step more after a doubtful sign-in.",
    benign: "Scanners and printers that send over SMTP: name them as machines. Closing a protocol \
             is silent, and so is what services set.",
    attack: &["T1098"],
    sources: &[Source::ExchangeAdmin],
    needs: &[],
    method: Method::Context,
    untested: "Real records were at hand of services that set other transport settings, none with \
               these parameters.",
};

/// What opens an old protocol by true.
const OPENS: &[&str] = &["ImapEnabled", "PopEnabled"];
const SMTP_CLOSED: &str = "SmtpClientAuthenticationDisabled";
const ACTIVE_SYNC: &str = "ActiveSyncEnabled";
const BASIC: &[&str] = &[
    "AllowBasicAuthActiveSync",
    "AllowBasicAuthAutodiscover",
    "AllowBasicAuthImap",
    "AllowBasicAuthMapi",
    "AllowBasicAuthOfflineAddressBook",
    "AllowBasicAuthOutlookService",
    "AllowBasicAuthPop",
    "AllowBasicAuthPowershell",
    "AllowBasicAuthReportingWebServices",
    "AllowBasicAuthRpc",
    "AllowBasicAuthSmtp",
    "AllowBasicAuthWebServices",
];

pub(super) struct Eva08;

impl Detection for Eva08 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::actions(&[
            "Set-CASMailbox",
            "Set-CASMailboxPlan",
            "Set-TransportConfig",
            "New-AuthenticationPolicy",
            "Set-AuthenticationPolicy",
        ])
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        let Some(cmdlet) = Cmdlet::done(seen) else {
            return;
        };
        let Some((field, value)) = opened(&cmdlet) else {
            return;
        };
        let mailbox = match seen.mailbox() {
            "" => cmdlet.name().to_lowercase(),
            known => known.to_owned(),
        };
        let is_minor = field == ACTIVE_SYNC || world.tenant.settings.machines.contains(&mailbox);
        let switch = Switch {
            severity: if is_minor {
                Severity::Low
            } else {
                Severity::Medium
            },
            what: format!("opened a way in that needs a password only: {field} is {value}"),
            field,
            value,
            baseline: "closed",
        };
        let silent_if = "it were closed; low if the account were named as a machine's";
        let hit = switch.hit(&cmdlet, seen, world, silent_if);
        hits.push(hit.keyed(mailbox));
    }
}

fn opened(cmdlet: &Cmdlet<'_, '_>) -> Option<(&'static str, &'static str)> {
    if let Some(field) = cmdlet.first_saying(OPENS, true) {
        return Some((field, "True"));
    }
    if let Some(field) = cmdlet.first_saying(&[SMTP_CLOSED], false) {
        return Some((field, "False"));
    }
    if let Some(field) = BASIC.iter().find(|name| cmdlet.is_on(name)) {
        return Some((field, "True"));
    }
    let field = cmdlet.first_saying(&[ACTIVE_SYNC], true)?;
    Some((field, "True"))
}
