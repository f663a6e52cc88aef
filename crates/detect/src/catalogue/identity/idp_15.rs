//! IDP-15: the tenant gets another domain.

use super::concerned::misused;
use super::idp_14::named_domain;
use crate::about::{About, Method, Source};
use crate::catalogue::{Detection, Wants};
use crate::hit::Hit;
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
        let likeness = own_domains(world.tenant).find(|own| looks_like(&domain, own));
        let (severity, baseline) = match likeness {
            Some(own) => (Severity::High, format!("looks like {own}")),
            None if is_known(&domain, world.tenant) => (Severity::Low, "known".to_owned()),
            None => (Severity::Medium, "not known".to_owned()),
        };
        let why = format!(
            "{} added the domain {}: {baseline}",
            quoted(&user),
            quoted(&domain)
        );
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

/// Returns whether a name can be taken for another one that it is not.
fn looks_like(domain: &str, own: &str) -> bool {
    let (Some((name, _)), Some((own_name, _))) = (domain.split_once('.'), own.split_once('.'))
    else {
        return false;
    };
    // Below a known one, the own name with another ending, or too short to tell a likeness from an
    // accident.
    if name == own_name
        || domain == own
        || domain.ends_with(&format!(".{own}"))
        || own_name.len() < 4
    {
        return false;
    }
    skeleton(name) == skeleton(own_name) || (own_name.len() > 5 && is_one_apart(name, own_name))
}

/// What the eye takes for one letter becomes one letter.
fn skeleton(name: &str) -> String {
    name.replace("rn", "m")
        .replace("vv", "w")
        .replace("cl", "d")
        .chars()
        .filter(|letter| *letter != '-')
        .map(|letter| match letter {
            '0' => 'o',
            '1' | 'i' | 'ı' => 'l',
            '5' => 's',
            other => other,
        })
        .collect()
}

/// Returns whether one letter was put in, left out or replaced.
fn is_one_apart(left: &str, right: &str) -> bool {
    let (left, right): (Vec<char>, Vec<char>) = (left.chars().collect(), right.chars().collect());
    let alike = left.iter().zip(&right).take_while(|(a, b)| a == b).count();
    let (left, right) = (&left[alike..], &right[alike..]);
    let rest = |letters: &[char]| letters.get(1..).unwrap_or_default().to_vec();
    match left.len().cmp(&right.len()) {
        std::cmp::Ordering::Equal => !left.is_empty() && rest(left) == rest(right),
        std::cmp::Ordering::Less => left == rest(right) && right.len() == left.len() + 1,
        std::cmp::Ordering::Greater => rest(left) == right && left.len() == right.len() + 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_likeness_is_seen_and_an_accident_is_not() {
        for (domain, own, expected) in [
            ("c0ntoso.example", "contoso.example", true),
            ("contoso.test", "contoso.example", false),
            ("con-toso.example", "contoso.example", true),
            ("contosoo.example", "contoso.example", true),
            ("cortoso.example", "contoso.example", true),
            ("rnelon.example", "melon.example", true),
            ("contoso.example", "contoso.example", false),
            ("mail.contoso.example", "contoso.example", false),
            ("fabrikam.example", "contoso.example", false),
            ("abd.example", "abc.example", false),
        ] {
            assert_eq!(looks_like(domain, own), expected, "{domain} {own}");
        }
    }
}
