//! TRN-05: the junk filter, the automatic reply or the signature of a mailbox is turned to fraud.

use super::list::{added, domain_of, mistaken_for};
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::cmdlet::Cmdlet;
use crate::doubt::doubt;
use crate::hit::Hit;
use crate::quoted::quoted;
use crate::seen::Seen;
use crate::world::World;
use model::Severity;
use std::collections::BTreeSet;

const ABOUT: About = About {
    id: "TRN-05",
    title: "Junk filter or automatic reply manipulated",
    decides: "`Set-MailboxJunkEmailConfiguration` that trusts a look-alike of an own domain, \
              blocks own or Microsoft's senders, or that comes from a doubtful sign-in; \
              `Set-MailboxAutoReplyConfiguration` or `Set-MailboxMessageConfiguration` whose text \
              outsiders read and that speaks of payments.",
    severity: "medium; low if an own domain is trusted as a whole and the sign-in behind it is in \
               no doubt.",
    benign: "People trust and block senders and are out of office every day: without a look-alike, \
             a blocked own domain, words about payments or a doubtful sign-in it is silent.",
    attack: &["T1564.008"],
    sources: &[Source::ExchangeAdmin],
    needs: &[],
    method: Method::Context,
    untested: "No real record of these cmdlets was at hand.",
};

/// Words that stand where money is asked for, and hardly in other texts; in lower case.
const MONEY: &[&str] = &[
    "iban",
    "bic",
    "wire",
    "remittance",
    "bankverbindung",
    "kontonummer",
    "virement",
    "transferencia",
    "rekeningnummer",
    "bonifico",
    "beneficiary",
];

/// `bank` alone may be a holiday.
const BESIDE_BANK: &[&str] = &["account", "details", "information", "coordinates", "data"];

/// Whose warnings an intruder would rather not have arrive.
const WARNING: &[&str] = &[
    "microsoft.com",
    "microsoftonline.com",
    "office365.com",
    "office.com",
];

/// What others read of a mailbox without its owner writing it.
const TEXTS: &[&str] = &[
    "ExternalMessage",
    "SignatureText",
    "SignatureHtml",
    "SignatureTextOnMobile",
];

pub(super) struct Trn05;

impl Detection for Trn05 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::actions(&[
            "Set-MailboxJunkEmailConfiguration",
            "Set-MailboxAutoReplyConfiguration",
            "Set-MailboxMessageConfiguration",
        ])
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        let Some(cmdlet) = Cmdlet::done(seen) else {
            return;
        };
        let is_junk = cmdlet
            .noun()
            .eq_ignore_ascii_case("MailboxJunkEmailConfiguration");
        let sign = if is_junk {
            junk(&cmdlet, world)
        } else {
            text(&cmdlet)
        };
        let raised = doubt(seen.fact(), seen.user(), world);
        let sign = sign.or_else(|| raised.and_then(|_| any(&cmdlet)));
        let Some(sign) = sign else {
            return;
        };
        let severity = if raised.is_some() {
            Severity::Medium
        } else {
            sign.severity
        };
        let mut why = format!("{} {}", seen.user(), sign.what);
        if let Some(raised) = raised {
            why = format!("{why}, after a doubtful sign-in ({})", raised.detection);
        }
        hits.push(
            Hit::of(seen, severity, why)
                .compared(sign.field, sign.value, sign.baseline)
                .silent_if("the value had nothing of this, and the sign-in were in no doubt")
                .with(raised.map(|raised| &raised.fact)),
        );
    }
}

/// What is suspicious about a setting.
struct Sign<'c> {
    severity: Severity,
    what: String,
    field: &'static str,
    value: &'c str,
    baseline: &'static str,
}

fn junk<'c>(cmdlet: &'c Cmdlet<'_, '_>, world: &World<'_>) -> Option<Sign<'c>> {
    blocked(cmdlet, world).or_else(|| trusted(cmdlet, world))
}

fn blocked<'c>(cmdlet: &'c Cmdlet<'_, '_>, world: &World<'_>) -> Option<Sign<'c>> {
    const FIELD: &str = "BlockedSendersAndDomains";
    let value = cmdlet.value(FIELD)?;
    let entries = added(value);
    // One colleague blocked is a quarrel; the whole domain, or who answers for it, is a plan.
    let silenced = entries.iter().find(|one| {
        let is_office = [
            "security",
            "helpdesk",
            "soc",
            "abuse",
            "phishing",
            "it-support",
        ]
        .iter()
        .any(|office| one.starts_with(office));
        domain_of(one).is_some_and(|name| {
            let is_own = world.tenant.is_own_domain(name);
            WARNING.contains(&name) || is_own && (is_office || !one.contains('@'))
        })
    })?;
    Some(Sign {
        severity: Severity::Medium,
        what: format!("has mail from {} go to junk", quoted(silenced)),
        field: FIELD,
        value,
        baseline: "own domains and Microsoft's",
    })
}

fn trusted<'c>(cmdlet: &'c Cmdlet<'_, '_>, world: &World<'_>) -> Option<Sign<'c>> {
    const FIELD: &str = "TrustedSendersAndDomains";
    let value = cmdlet.value(FIELD)?;
    let entries = added(value);
    let sign = |severity, what| Sign {
        severity,
        what,
        field: FIELD,
        value,
        baseline: "own domains",
    };
    let near = entries.iter().find_map(|one| {
        let name = domain_of(one)?;
        Some((one, mistaken_for(name, world.tenant)?))
    });
    if let Some((entry, own)) = near {
        let what = format!(
            "never has mail from {} go to junk, which looks like {own}",
            quoted(entry)
        );
        return Some(sign(Severity::Medium, what));
    }
    let own = entries.iter().find(|one| {
        !one.contains('@') && domain_of(one).is_some_and(|name| world.tenant.is_own_domain(name))
    })?;
    let what = format!("trusts whatever says that it comes from {}", quoted(own));
    Some(sign(Severity::Low, what))
}

fn text<'c>(cmdlet: &'c Cmdlet<'_, '_>) -> Option<Sign<'c>> {
    if is_silent_reply(cmdlet) {
        return None;
    }
    TEXTS.iter().find_map(|field| {
        let value = cmdlet.value(field)?;
        let word = word_about_money(value)?;
        Some(Sign {
            severity: Severity::Medium,
            what: format!("has every correspondent read a text about payments ({word})"),
            field,
            value,
            baseline: "words about payments",
        })
    })
}

fn word_about_money(text: &str) -> Option<&'static str> {
    let lower = text.to_lowercase();
    let words: BTreeSet<&str> = lower.split(|one: char| !one.is_alphanumeric()).collect();
    let has = |list: &[&'static str]| list.iter().copied().find(|word| words.contains(word));
    let bank = words.contains("bank").then(|| has(BESIDE_BANK)).flatten();
    has(MONEY).or(bank)
}

/// Whatever a doubtful session sets is worth a look.
fn any<'c>(cmdlet: &'c Cmdlet<'_, '_>) -> Option<Sign<'c>> {
    if is_silent_reply(cmdlet) {
        return None;
    }
    let fields = ["TrustedSendersAndDomains", "BlockedSendersAndDomains"];
    let mut fields = fields.iter().chain(TEXTS);
    fields.find_map(|field| {
        let value = cmdlet.value(field)?;
        Some(Sign {
            severity: Severity::Medium,
            what: format!("set {field} to {}", quoted(value)),
            field,
            value,
            baseline: "",
        })
    })
}

fn is_silent_reply(cmdlet: &Cmdlet<'_, '_>) -> bool {
    let state = cmdlet.value("AutoReplyState").unwrap_or_default();
    state.eq_ignore_ascii_case("Disabled")
}
