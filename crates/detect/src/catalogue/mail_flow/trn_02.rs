//! TRN-02: a mail flow rule gets mail past the filter, makes it vanish, or a protective one goes.

use super::list::{added, is_accepted};
use super::rule::{conditions, is_idle, is_throwaway, on_what};
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::cmdlet::Cmdlet;
use crate::hit::Hit;
use crate::quoted::quoted;
use crate::seen::Seen;
use crate::world::World;
use model::Severity;

const ABOUT: About = About {
    id: "TRN-02",
    title: "Mail flow rule evades filtering or hides mail",
    decides: "`New-TransportRule` or `Set-TransportRule` with `SetSCL` -1, a header that skips \
              Safe Links, Safe Attachments or spam filtering, `DeleteMessage` or `Quarantine`; a \
              name of signs only, `DoNotAudit`, `StopRuleProcessing` and the first place are \
              named beside it; or `Remove-`/`Disable-TransportRule`.",
    severity: "high for a way past the filter, for deleting mail and for a removed rule whose \
               name says that it protects; low for quarantining, for a rule that deletes by \
               attachment, for any other removed rule, and while the rule only watches.",
    benign: "Allow rules for phishing simulations: low when all senders are partners' or in the \
             organisation's own networks. Rules that block dangerous attachments. Housekeeping.",
    attack: &["T1562.001", "T1564.008"],
    sources: &[Source::ExchangeAdmin],
    needs: &[],
    method: Method::Context,
    untested: "No real record of a mail flow rule was at hand.",
};

/// Headers by which mail gets past filtering, in lower case, as far as they are given.
const SKIPPING: &[&str] = &[
    "x-ms-exchange-organization-skipsafe",
    "x-ms-exchange-organization-bypassfocusedinbox",
    "x-ms-exchange-organization-scl",
    "x-forefront-antispam-report",
    "x-ms-exchange-organization-bypassclutter",
];

/// What stands in the names of rules that protect.
const PROTECTIVE: &[&str] = &[
    "phish",
    "spam",
    "malware",
    "virus",
    "spoof",
    "imperson",
    "external",
    "extern",
    "warn",
    "banner",
    "block",
    "quarantine",
    "dlp",
    "protect",
    "forward",
    "attach",
    "executable",
    "security",
    "fraud",
    "bec",
    "caution",
    "disclaimer",
    "reject",
];

pub(super) struct Trn02;

impl Detection for Trn02 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::actions(&[
            "New-TransportRule",
            "Set-TransportRule",
            "Remove-TransportRule",
            "Disable-TransportRule",
        ])
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        let Some(cmdlet) = Cmdlet::done(seen) else {
            return;
        };
        if cmdlet.is_verb("Remove") || cmdlet.is_verb("Disable") {
            hits.push(removed(&cmdlet, seen));
            return;
        }
        let Some(act) = act(&cmdlet, world) else {
            return;
        };
        let severity = if is_idle(&cmdlet) {
            Severity::Low
        } else {
            act.severity
        };
        let why = format!(
            "{} made the mail flow rule {} {}{}{}",
            seen.user(),
            quoted(cmdlet.name()),
            act.what,
            on_what(&cmdlet),
            hidden(&cmdlet)
        );
        let mut hit = Hit::of(seen, severity, why)
            .keyed(cmdlet.name().to_lowercase())
            .because(act.field, act.value)
            .silent_if("the rule neither skipped filtering nor deleted or held back mail");
        for (name, value) in conditions(&cmdlet) {
            hit = hit.because(name, value);
        }
        hits.push(hit);
    }
}

/// What a rule does with mail.
struct Act<'c> {
    severity: Severity,
    what: &'static str,
    field: &'static str,
    value: &'c str,
}

fn act<'c>(cmdlet: &'c Cmdlet<'_, '_>, world: &World<'_>) -> Option<Act<'c>> {
    let act = |severity, what, field, value| Act {
        severity,
        what,
        field,
        value,
    };
    if let Some(value) = cmdlet.value("SetSCL").filter(|value| *value == "-1") {
        let severity = past_the_filter(cmdlet, world);
        return Some(act(
            severity,
            "keep mail from the spam filter",
            "SetSCL",
            value,
        ));
    }
    if let Some(value) = cmdlet
        .value("SetHeaderName")
        .filter(|name| is_skipping(name))
    {
        let severity = past_the_filter(cmdlet, world);
        return Some(act(
            severity,
            "set a header that skips filtering",
            "SetHeaderName",
            value,
        ));
    }
    if cmdlet.truth("DeleteMessage") == Some(true) {
        let severity = if is_about_attachments(cmdlet) {
            Severity::Low
        } else {
            Severity::High
        };
        return Some(act(severity, "delete mail unseen", "DeleteMessage", "True"));
    }
    let holds_back = cmdlet.truth("Quarantine") == Some(true);
    holds_back.then(|| act(Severity::Low, "hold mail back", "Quarantine", "True"))
}

fn is_skipping(header: &str) -> bool {
    let header = header.to_ascii_lowercase();
    SKIPPING.iter().any(|front| header.starts_with(front))
}

/// An allow rule for senders that the operator knows is the usual way to test people.
fn past_the_filter(cmdlet: &Cmdlet<'_, '_>, world: &World<'_>) -> Severity {
    const SENDERS: &[&str] = &["SenderIpRanges", "SenderDomainIs", "From"];
    let is_known = SENDERS
        .iter()
        .filter_map(|name| cmdlet.value(name))
        .any(|value| {
            let entries = added(value);
            !entries.is_empty() && entries.iter().all(|one| is_accepted(one, world.tenant))
        });
    if is_known {
        Severity::Low
    } else {
        Severity::High
    }
}

fn is_about_attachments(cmdlet: &Cmdlet<'_, '_>) -> bool {
    let conditions = conditions(cmdlet);
    conditions
        .iter()
        .any(|(name, _)| name.starts_with("Attachment"))
}

/// Says what keeps a rule from being noticed.
fn hidden(cmdlet: &Cmdlet<'_, '_>) -> String {
    let mut signs = Vec::new();
    if cmdlet.is_verb("New") && is_throwaway(cmdlet.name()) {
        signs.push("its name says nothing");
    }
    let audit = cmdlet.value("SetAuditSeverity").unwrap_or_default();
    if audit.eq_ignore_ascii_case("DoNotAudit") {
        signs.push("it asks not to be audited");
    }
    if cmdlet.truth("StopRuleProcessing") == Some(true) {
        signs.push("no rule behind it runs");
    }
    if cmdlet.value("Priority") == Some("0") {
        signs.push("it stands first");
    }
    if signs.is_empty() {
        String::new()
    } else {
        format!("; {}", signs.join(", "))
    }
}

fn removed(cmdlet: &Cmdlet<'_, '_>, seen: &Seen<'_>) -> Hit {
    let name = cmdlet.name().to_lowercase();
    let protects = PROTECTIVE.iter().any(|word| name.contains(word));
    let (severity, what) = if protects {
        (Severity::High, ", which by its name protects")
    } else {
        (Severity::Low, "")
    };
    let how = if cmdlet.is_verb("Remove") {
        "removed"
    } else {
        "switched off"
    };
    let why = format!(
        "{} {how} the mail flow rule {}{what}",
        seen.user(),
        quoted(cmdlet.name())
    );
    Hit::of(seen, severity, why)
        .keyed(name)
        .because("Operation", seen.action())
        .compared(
            "Identity",
            cmdlet.name(),
            "words that names of protective rules have",
        )
        .silent_if("the rule were still in force")
}
