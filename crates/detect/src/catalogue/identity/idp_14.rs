//! IDP-14: a domain's sign-ins are vouched for by somebody else.

use super::changes::Difference;
use super::concerned::{is_by_person, misused};
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::hit::Hit;
use crate::quoted::{evidence, quoted};
use crate::seen::Seen;
use crate::world::World;
use model::Severity;

const ABOUT: About = About {
    id: "IDP-14",
    title: "Federation or domain trust changed",
    decides: "`Set federation settings on domain`; `Set domain authentication` whose `LiveType` \
              becomes Federated; Exchange's cmdlets on accepted and federated domains.",
    severity: "critical for federation settings by a person and for a domain that becomes \
               federated; high for federation settings by an application, for a federated domain \
               in Exchange and where the record does not say what changed; medium where the \
               domain becomes managed and for accepted domains; low for other properties",
    benign: "Changes of a federation service are planned; its own renewal of certificates is \
             done by its application.",
    attack: &["T1484.002"],
    sources: &[Source::Directory, Source::ExchangeAdmin],
    needs: &[],
    method: Method::Difference,
    untested: "Exchange's cmdlets were not seen in real records.",
};

pub(super) struct Idp14;

impl Detection for Idp14 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::actions(&[
            "Set federation settings on domain",
            "Set domain authentication",
            "Set-MsolDomainFederationSettings",
            "Add-FederatedDomain",
            "New-AcceptedDomain",
            "Set-AcceptedDomain",
            "Remove-AcceptedDomain",
        ])
    }

    fn look(&mut self, seen: &Seen<'_>, _world: &World<'_>, hits: &mut Vec<Hit>) {
        if !seen.is_done() {
            return;
        }
        let (severity, what) = judged(seen);
        let user = misused(seen);
        let domain = named_domain(seen);
        let why = format!("{} {what}: {}", user, quoted(&domain));
        let mut hit = Hit::of(seen, severity, why)
            .of_user(&user)
            .keyed(domain)
            .because("Operation", seen.action())
            .silent_if("no domain were touched");
        for change in Difference::all(seen).into_iter().take(10) {
            hit = hit.compared(
                &change.name,
                evidence(&change.value),
                evidence(&change.before),
            );
        }
        hits.push(hit);
    }
}

fn judged(seen: &Seen<'_>) -> (Severity, &'static str) {
    if seen.is_action(&["Set domain authentication"]) {
        return authentication(seen);
    }
    let is_federation = [
        "Set federation settings on domain",
        "Set-MsolDomainFederationSettings",
    ];
    if seen.is_action(&is_federation) {
        let severity = if is_by_person(seen) {
            Severity::Critical
        } else {
            Severity::High
        };
        (severity, "changed who vouches for sign-ins of a domain")
    } else if seen.is_action(&["Add-FederatedDomain"]) {
        (Severity::High, "federated a domain in Exchange")
    } else {
        (Severity::Medium, "changed an accepted domain")
    }
}

fn authentication(seen: &Seen<'_>) -> (Severity, &'static str) {
    let kind = Difference::of(seen, &["LiveType", "AuthenticationType", "Authentication"]);
    let Some(kind) = kind else {
        return if Difference::all(seen).is_empty() {
            (Severity::High, "changed how a domain signs in")
        } else {
            (Severity::Low, "changed a property of a domain")
        };
    };
    let is = |values: &std::collections::BTreeSet<&str>, word: &str| values.contains(word);
    let (new, old) = (kind.new_at(""), kind.old_at(""));
    if is(&new, "federated") && !is(&old, "federated") {
        (Severity::Critical, "made a domain federated")
    } else if is(&old, "federated") && !is(&new, "federated") {
        (Severity::Medium, "made a federated domain managed")
    } else {
        (Severity::Low, "changed a property of a domain")
    }
}

/// Returns the domain that a record is about.
pub(super) fn named_domain(seen: &Seen<'_>) -> String {
    let looks_alike = |word: &&String| word.contains('.') && !word.contains(['@', ' ', '/', '_']);
    let words = seen.target_words();
    let found = words.iter().find(looks_alike).cloned();
    let named = || {
        ["DomainName", "Name", "Identity"]
            .iter()
            .find_map(|name| seen.parameter(name).map(str::to_owned))
    };
    let found = found.or_else(named);
    found
        .unwrap_or_else(|| seen.object().to_owned())
        .to_lowercase()
}
