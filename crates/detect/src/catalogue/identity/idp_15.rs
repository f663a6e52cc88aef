//! IDP-15: the tenant gets another domain.

use super::concerned::misused;
use super::idp_14::named_domain;
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::hit::Hit;
use crate::likeness::is_mistakable;
use crate::quoted::quoted;
use crate::seen::Seen;
use crate::world::{Tenant, World};
use model::Severity;

const ABOUT: About = About {
    id: "IDP-15",
    title: "Domain added to the tenant",
    decides: "`Add unverified domain`, `Verify domain`, `Add verified domain`; the name compared \
              with the organisation's own domains.",
    severity: "high for a name that looks like one of the organisation's own and is not; low below one \
               of them and below Microsoft's; else medium",
    benign: "The own name with another ending is mostly the organisation's own: medium. Brands and acquisitions: domains of partners and of the operator's list are context.",
    attack: &["T1583.001"],
    sources: &[Source::Directory],
    needs: &[],
    method: Method::Context,
    untested: "No real record of a new domain was at hand.",
};

pub(super) struct Idp15;

impl Detection for Idp15 {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn wants(&self) -> Wants {
        Wants::actions(&[
            "Add unverified domain",
            "Verify domain",
            "Add verified domain",
        ])
    }

    fn look(&mut self, seen: &Seen<'_>, world: &World<'_>, hits: &mut Vec<Hit>) {
        if !seen.is_done() {
            return;
        }
        let user = misused(seen);
        let domain = named_domain(seen);
        let likeness = own_domains(world.tenant).find(|own| is_mistakable(&domain, own));
        let (severity, baseline) = match likeness {
            Some(own) => (Severity::High, format!("looks like {own}")),
            None if is_known(&domain, world.tenant) => (Severity::Low, "known".to_owned()),
            None => (Severity::Medium, "not known".to_owned()),
        };
        let why = format!("{} added the domain {}: {baseline}", user, quoted(&domain));
        hits.push(
            Hit::of(seen, severity, why)
                .of_user(&user)
                .keyed(&domain)
                .to_destination(&domain)
                .compared("domain", domain.as_str(), baseline)
                .silent_if("the domain were the operator's word (then it is context)"),
        );
    }
}

fn own_domains(tenant: &Tenant) -> impl Iterator<Item = &String> {
    let settings = &tenant.settings;
    settings.domains.iter().chain(&tenant.learnt_domains)
}

fn is_known(domain: &str, tenant: &Tenant) -> bool {
    let is_below = |parent: &str| {
        domain
            .strip_suffix(parent)
            .is_some_and(|front| front.ends_with('.'))
    };
    tenant.settings.domains.contains(domain)
        || tenant.is_partner_domain(domain)
        || own_domains(tenant).any(|own| is_below(own))
        || is_below("onmicrosoft.com")
}
