//! FWD-04: automatic forwarding is allowed to the whole organisation.

use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::cmdlet::parameter;
use crate::hit::Hit;
use crate::quoted::quoted;
use crate::seen::Seen;
use crate::world::World;
use model::Severity;

const ABOUT: About = About {
    id: "FWD-04",
    title: "Automatic forwarding allowed",
    decides: "An outbound spam policy is made or changed with `AutoForwardingMode` On, or a remote \
              domain with `AutoForwardEnabled` True.",
    severity: "high; low: a remote domain that the operator names as a partner's.",
    benign: "A planned change; remote domains of partners.",
    attack: &["T1562"],
    sources: &[Source::ExchangeAdmin],
    needs: &[],
    method: Method::Stateless,
    untested: "No real record of either cmdlet was at hand.",
};

pub(super) struct Fwd04;

impl Detection for Fwd04 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::actions(&[
            "Set-HostedOutboundSpamFilterPolicy",
            "New-HostedOutboundSpamFilterPolicy",
            "Set-RemoteDomain",
            "New-RemoteDomain",
        ])
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        if seen.is_service() || !seen.is_done() {
            return;
        }
        let Some((field, value)) = allowed(seen) else {
            return;
        };
        let what = ["DomainName", "Identity", "Name"]
            .iter()
            .find_map(|name| parameter(seen, name).filter(|value| !value.is_empty()))
            .unwrap_or_default();
        let is_partner = field == "AutoForwardEnabled"
            && (world.tenant.is_partner_domain(&what) || world.tenant.is_own_domain(&what));
        let severity = if is_partner {
            Severity::Low
        } else {
            Severity::High
        };
        let why = format!(
            "{} allowed automatic forwarding to the outside by {} on {}",
            seen.user(),
            seen.action(),
            quoted(&what)
        );
        hits.push(
            Hit::of(seen, severity, why)
                .keyed(what)
                .compared(field, value, "Automatic, Off or False")
                .silent_if("the value were Automatic, Off or False"),
        );
    }
}

fn allowed(seen: &Seen<'_>) -> Option<(&'static str, String)> {
    [("AutoForwardingMode", "on"), ("AutoForwardEnabled", "true")]
        .iter()
        .find_map(|(field, open)| {
            let value = parameter(seen, field)?;
            let plain = value.trim().trim_start_matches('$');
            plain
                .eq_ignore_ascii_case(open)
                .then(|| (*field, value.clone().into_owned()))
        })
}
