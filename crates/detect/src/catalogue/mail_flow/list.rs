//! Lists of addresses, domains and networks as cmdlets write them, and whose they are.

use crate::likeness::is_mistakable;
use crate::world::{Tenant, domain};
use model::Address;
use std::collections::BTreeSet;

/// How many entries of a list are looked at.
const ENTRIES: usize = 1000;

/// Returns what a value puts on a list: all of it, or the part behind `Add=`; nothing where it
/// only takes away.
pub(in crate::catalogue) fn added(value: &str) -> BTreeSet<String> {
    let lower = value.to_lowercase().replace(" =", "=");
    let part = match (lower.find("add="), lower.find("remove=")) {
        (Some(add), Some(remove)) if add < remove => &lower[add + 4..remove],
        (Some(add), _) => &lower[add + 4..],
        (None, Some(_)) => "",
        (None, None) => &lower,
    };
    entries(part).collect()
}

fn entries(part: &str) -> impl Iterator<Item = String> {
    const AROUND: [char; 14] = [
        ';', ',', '{', '}', '(', ')', '"', '\'', '[', ']', '\n', '\r', '\t', '|',
    ];
    part.split(AROUND)
        .map(str::trim)
        .map(|one| one.strip_prefix("smtp:").unwrap_or(one))
        .map(|one| one.trim_end_matches('@'))
        .filter(|one| !one.is_empty())
        .take(ENTRIES)
        .map(str::to_owned)
}

/// Returns the domain that an entry of a list names: of an address, or itself.
pub(in crate::catalogue) fn domain_of(entry: &str) -> Option<&str> {
    let name = domain(entry).unwrap_or(entry);
    let name = name.trim_start_matches(['*', '.', '@']);
    let name = name.split(['/', ':']).next().unwrap_or_default();
    let is_domain = name.contains('.') && Address::read(name).is_none();
    is_domain.then_some(name)
}

/// Returns whether an entry belongs to a partner, or lies in a network of the organisation.
pub(in crate::catalogue) fn is_accepted(entry: &str, tenant: &Tenant) -> bool {
    let network = entry.split('/').next().unwrap_or_default();
    if let Some(address) = Address::read(network) {
        return tenant.is_own_network(address.ip);
    }
    domain_of(entry).is_some_and(|name| tenant.is_partner_domain(name))
}

/// Returns the organisation's domain that a foreign one is made to be mistaken for.
pub(in crate::catalogue) fn mistaken_for<'t>(foreign: &str, tenant: &'t Tenant) -> Option<&'t str> {
    if tenant.is_own_domain(foreign) || tenant.is_partner_domain(foreign) {
        return None;
    }
    let mut own = tenant.settings.domains.iter().chain(&tenant.learnt_domains);
    own.find(|own| is_mistakable(foreign, own))
        .map(String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(value: &str, expected: &[&str]) {
        let found: Vec<String> = added(value).into_iter().collect();
        assert_eq!(found, expected, "{value}");
    }

    #[test]
    fn what_is_added_is_read_in_every_spelling() {
        for value in [
            "a@b.example;C.example",
            "a@b.example, c.example",
            r#"["a@b.example","c.example"]"#,
            "@{Add=\"a@b.example\",\"c.example\"}",
            "@{Remove='x.example'; Add='a@b.example','c.example'}",
            "{smtp:a@b.example, c.example}",
        ] {
            check(value, &["a@b.example", "c.example"]);
        }
        check("@{Add='a.example'; Remove='x.example'}", &["a.example"]);
        check("@{Remove='x.example'}", &[]);
        check("", &[]);
    }

    #[test]
    fn an_entry_names_a_domain() {
        for (entry, expected) in [
            ("a@b.example", Some("b.example")),
            ("*.b.example", Some("b.example")),
            ("b.example/pay", Some("b.example")),
            ("203.0.113.7", None),
            ("ann", None),
        ] {
            assert_eq!(domain_of(entry), expected, "{entry}");
        }
    }

    #[test]
    fn a_look_alike_is_near_but_not_the_same() {
        let mut tenant = Tenant::default();
        tenant
            .settings
            .domains
            .insert("commerce.example".to_owned());
        tenant
            .settings
            .partners
            .insert("comerce.example".to_owned());
        for foreign in ["cornmerce.example", "commerc.example", "c0mmerce.example"] {
            assert!(mistaken_for(foreign, &tenant).is_some(), "{foreign}");
        }
        for other in ["commerce.example", "comerce.example", "bank.example", ""] {
            assert!(mistaken_for(other, &tenant).is_none(), "{other}");
        }
    }
}
