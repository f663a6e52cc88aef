//! TRN-03: a connector lets mail in from a foreign server, or out over one.

use super::list::{added, is_accepted};
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::cmdlet::Cmdlet;
use crate::doubt::doubt;
use crate::hit::Hit;
use crate::quoted::quoted;
use crate::seen::Seen;
use crate::world::World;
use model::Severity;

const ABOUT: About = About {
    id: "TRN-03",
    title: "Mail connector added or changed",
    decides: "`New-`/`Set-InboundConnector` that names `SenderIPAddresses`, `SenderDomains`, a \
              certificate's name, an on-premises type or lifts a restriction; \
              `New-`/`Set-OutboundConnector` with `SmartHosts`.",
    severity: "high for a new one, and for a changed one that is opened to all or sends over \
               another host; medium for other changes, high if the sign-in behind it is in \
               doubt; low for a new connector that only asks for encryption or is switched off.",
    benign: "A mail security service or a hybrid set-up: silent once all that the connector names \
             belongs to a partner's domain or the organisation's own networks.",
    attack: &["T1071.003", "T1098"],
    sources: &[Source::ExchangeAdmin],
    needs: &[],
    method: Method::Context,
    untested: "No real record of a connector was at hand.",
};

/// Who may hand in mail, or who gets it.
const PARTIES: &[&str] = &[
    "SmartHosts",
    "SenderIPAddresses",
    "SenderDomains",
    "TlsSenderCertificateName",
    "AssociatedAcceptedDomains",
    "EFSkipIPs",
];
/// What narrows a connector, and opens it when it is lifted.
const RESTRICTIONS: &[&str] = &[
    "RestrictDomainsToIPAddresses",
    "RestrictDomainsToCertificate",
    "RequireTls",
];

pub(super) struct Trn03;

impl Detection for Trn03 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::actions(&[
            "New-InboundConnector",
            "Set-InboundConnector",
            "New-OutboundConnector",
            "Set-OutboundConnector",
        ])
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        let Some(cmdlet) = Cmdlet::done(seen) else {
            return;
        };
        let parties = parties(&cmdlet, world);
        if parties.iter().any(|party| party.is_accepted) && parties.iter().all(Party::is_harmless) {
            return;
        }
        let Some(mut severity) = severity(&cmdlet, &parties) else {
            return;
        };
        let is_doubted = doubt(seen.fact(), seen.user(), world);
        if is_doubted.is_some() && severity >= Severity::Medium {
            severity = Severity::High;
        }
        let mut hit = Hit::of(seen, severity, why(&cmdlet, seen, &parties))
            .keyed(cmdlet.name().to_lowercase())
            .because("Operation", seen.action())
            .silent_if("all that it names belonged to a partner or to an own network");
        for party in &parties {
            hit = hit.compared(party.field, party.value, "partners and own networks");
        }
        if let Some(field) = cmdlet.first_saying(RESTRICTIONS, false) {
            hit = hit.because(field, "False");
        }
        hits.push(hit.with(is_doubted.map(|raised| &raised.fact)));
    }
}

/// A party that a connector names.
struct Party<'c> {
    field: &'static str,
    value: &'c str,
    is_accepted: bool,
    is_everyone: bool,
}

impl Party<'_> {
    /// A list of sender domains open to all narrows nothing, and by itself opens nothing either.
    fn is_harmless(&self) -> bool {
        self.is_accepted || (self.field == "SenderDomains" && self.is_everyone)
    }
}

fn parties<'c>(cmdlet: &'c Cmdlet<'_, '_>, world: &World<'_>) -> Vec<Party<'c>> {
    let named = PARTIES.iter().filter_map(|field| {
        let value = cmdlet.value(field)?;
        let entries = added(value);
        let is_accepted =
            !entries.is_empty() && entries.iter().all(|one| is_accepted(one, world.tenant));
        Some(Party {
            field,
            value,
            is_accepted,
            is_everyone: entries.iter().any(|one| one.starts_with('*')),
        })
    });
    named.collect()
}

fn severity(cmdlet: &Cmdlet<'_, '_>, parties: &[Party<'_>]) -> Option<Severity> {
    let names = |field: &str| parties.iter().any(|party| party.field == field);
    let is_lifted = cmdlet.first_saying(RESTRICTIONS, false).is_some();
    let is_relay = cmdlet
        .value("ConnectorType")
        .is_some_and(|kind| kind.eq_ignore_ascii_case("OnPremises"));
    let is_open = parties.iter().any(|party| party.is_everyone) && is_lifted;
    if cmdlet.truth("Enabled") == Some(false) {
        return cmdlet.is_verb("New").then_some(Severity::Low);
    }
    if cmdlet.is_verb("New") {
        let is_telling = !parties.is_empty() || is_relay;
        return Some(if is_telling {
            Severity::High
        } else {
            Severity::Low
        });
    }
    if names("SmartHosts") || is_open {
        return Some(Severity::High);
    }
    (!parties.is_empty() || is_lifted || is_relay).then_some(Severity::Medium)
}

fn why(cmdlet: &Cmdlet<'_, '_>, seen: &Seen<'_>, parties: &[Party<'_>]) -> String {
    let done = if cmdlet.is_verb("New") {
        "made"
    } else {
        "changed"
    };
    let way = if cmdlet.noun().to_ascii_lowercase().starts_with("in") {
        "inbound"
    } else {
        "outbound"
    };
    let named: Vec<String> = parties
        .iter()
        .map(|party| format!("{} {}", party.field, quoted(party.value)))
        .collect();
    let with = if named.is_empty() { "" } else { " with " };
    format!(
        "{} {done} the {way} connector {}{with}{}",
        seen.user(),
        quoted(cmdlet.name()),
        named.join(", ")
    )
}
