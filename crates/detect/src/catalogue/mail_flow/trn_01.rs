//! TRN-01: a mail flow rule sends the organisation's mail to somebody else.

use super::rule::{conditions, is_idle, on_what};
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::cmdlet::Cmdlet;
use crate::doubt::doubt;
use crate::hit::Hit;
use crate::quoted::quoted;
use crate::seen::Seen;
use crate::words::Word;
use crate::world::{World, domain};
use model::Severity;
use model::recipients::recipients;
use std::collections::BTreeMap;

const ABOUT: About = About {
    id: "TRN-01",
    title: "Mail flow rule copies or redirects mail",
    decides: "`New-TransportRule` or `Set-TransportRule` whose `BlindCopyTo`, `CopyTo`, \
              `RedirectMessageTo` or `AddToRecipients` names somebody, or an incident report to \
              an outside address; `Enable-TransportRule` of a rule that was seen to do so.",
    severity: "critical to an outside address; high to one inside or to a name that gives no \
               address; medium if it only adds the sender's manager; low while the rule only \
               watches or is switched off.",
    benign: "Archives, signature services and compliance copies: name their domains as a \
             partner's, then rules that send only there are silent. Parameters that are emptied \
             are silent.",
    attack: &["T1114.003", "T1020"],
    sources: &[Source::ExchangeAdmin],
    needs: &[],
    method: Method::Context,
    untested: "No real record of a mail flow rule was at hand; the fields are those that \
               Microsoft documents for the cmdlets.",
};

/// What hands a message to somebody else.
const SENDS: &[&str] = &[
    "BlindCopyTo",
    "CopyTo",
    "RedirectMessageTo",
    "AddToRecipients",
];
const REPORT: &str = "GenerateIncidentReport";
const MANAGER: &str = "AddManagerAsRecipientType";
/// How many rules are remembered until somebody switches them on.
const REMEMBERED: usize = 1000;

#[derive(Default)]
pub(super) struct Trn01 {
    /// What a rule's last record raised, by tenant and name.
    rules: BTreeMap<(Word, String), Hit>,
}

impl Detection for Trn01 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::actions(&[
            "New-TransportRule",
            "Set-TransportRule",
            "Enable-TransportRule",
        ])
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        let Some(cmdlet) = Cmdlet::done(seen) else {
            return;
        };
        let key = (seen.fact().tenant, cmdlet.name().to_lowercase());
        if cmdlet.is_verb("Enable") {
            hits.extend(self.rules.get(&key).map(|rule| enabled(seen, rule)));
            return;
        }
        let Some(mut hit) = judged(&cmdlet, seen, world) else {
            return;
        };
        if self.rules.len() < REMEMBERED || self.rules.contains_key(&key) {
            self.rules.insert(key, hit.clone());
        }
        if is_idle(&cmdlet) {
            hit.severity = Severity::Low;
            hit.why.push_str("; it is not in force");
        }
        hits.push(hit);
    }
}

/// Where a rule sends mail.
#[derive(Default)]
struct Ways {
    given: Vec<(&'static str, String)>,
    /// The first address outside, and the field that names it.
    outside: Option<(&'static str, String)>,
    is_inside: bool,
    is_manager: bool,
}

fn ways(cmdlet: &Cmdlet<'_, '_>, world: &World<'_>) -> Ways {
    let mut ways = Ways::default();
    for field in SENDS.iter().chain([&REPORT]) {
        let Some(value) = cmdlet.value(field) else {
            continue;
        };
        let named = recipients(value);
        let outside = |one: &&String| world.tenant.is_outside(one);
        let is_partner =
            |one: &String| domain(one).is_some_and(|name| world.tenant.is_partner_domain(name));
        let first_outside = named.addresses.iter().find(outside);
        let is_inside =
            *field != REPORT && (named.unresolved > 0 || !named.addresses.iter().all(is_partner));
        if first_outside.is_some() || is_inside {
            ways.given.push((field, value.to_owned()));
        }
        ways.is_inside |= is_inside;
        let first_outside = first_outside.map(|address| (*field, address.clone()));
        ways.outside = ways.outside.or(first_outside);
    }
    if let Some(value) = cmdlet.value(MANAGER) {
        ways.is_manager = true;
        ways.given.push((MANAGER, value.to_owned()));
    }
    ways
}

fn judged(cmdlet: &Cmdlet<'_, '_>, seen: &Seen<'_>, world: &World<'_>) -> Option<Hit> {
    let ways = ways(cmdlet, world);
    let (field, value) = ways.given.first()?;
    let severity = match (&ways.outside, ways.is_inside) {
        (Some(_), _) => Severity::Critical,
        (None, true) => Severity::High,
        (None, false) if ways.is_manager => Severity::Medium,
        (None, false) => return None,
    };
    let (field, whom) = match &ways.outside {
        Some((field, address)) => (
            field,
            format!("{}, outside the organisation", quoted(address)),
        ),
        None => (field, quoted(value)),
    };
    let destination = ways
        .outside
        .as_ref()
        .and_then(|(_, address)| domain(address));
    let why = format!(
        "{} gave the mail flow rule {} the action {field} to {whom}{}",
        seen.user(),
        quoted(cmdlet.name()),
        on_what(cmdlet)
    );
    let mut hit = Hit::of(seen, severity, why)
        .keyed(cmdlet.name().to_lowercase())
        .to_destination(destination.unwrap_or_default())
        .silent_if("every address belonged to a partner's domain, or the parameter were empty");
    for (field, value) in &ways.given {
        hit = hit.compared(field, value, "the accepted and partner domains");
    }
    for (name, value) in conditions(cmdlet) {
        hit = hit.because(name, value);
    }
    if let Some(raised) = doubt(seen.fact(), seen.user(), world) {
        hit.why = format!(
            "{}; after a doubtful sign-in ({})",
            hit.why, raised.detection
        );
        hit = hit.with([&raised.fact]);
    }
    Some(hit)
}

fn enabled(seen: &Seen<'_>, rule: &Hit) -> Hit {
    let why = format!("{} switched on a rule: {}", seen.user(), rule.why);
    Hit::of(seen, rule.severity, why)
        .keyed(rule.key.clone())
        .to_destination(rule.destination.clone())
        .with([&rule.fact])
        .because("Operation", seen.action())
        .silent_if("the rule were not known to send mail on")
}
