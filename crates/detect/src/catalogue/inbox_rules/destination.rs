//! Where mail is sent to: inside, outside, or the owner's own box at a free provider.

use crate::world::{Tenant, domain};

/// Where an address is, seen from a mailbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::catalogue) enum Destination {
    /// In the organisation or with a partner.
    Inside,
    /// At a free provider, under a name that looks like the owner's.
    OwnBox,
    /// Anywhere else.
    Outside,
}

/// Returns where an address is, seen from the mailbox of an owner.
pub(in crate::catalogue) fn destination(
    address: &str,
    owner: &str,
    tenant: &Tenant,
) -> Destination {
    let Some((local, host)) = address.rsplit_once('@') else {
        return Destination::Inside;
    };
    if is_inside(host, owner, tenant) {
        return Destination::Inside;
    }
    let own = owner.split('@').next().unwrap_or_default();
    if is_free(host) && looks_like(local, own) {
        Destination::OwnBox
    } else {
        Destination::Outside
    }
}

/// A domain is inside with the domains above it, and with the owner's own.
fn is_inside(host: &str, owner: &str, tenant: &Tenant) -> bool {
    // Mail of a hybrid organisation goes by way of `corp.mail.onmicrosoft.com`.
    let plain = host.replace(".mail.onmicrosoft.com", ".onmicrosoft.com");
    let mut above = Some(plain.as_str());
    while let Some(one) = above.filter(|one| one.contains('.')) {
        let is_own = tenant.is_own_domain(one)
            || tenant.is_partner_domain(one)
            || domain(owner).is_some_and(|own| own == one);
        if is_own && !is_free(one) {
            return true;
        }
        above = one.split_once('.').map(|(_, rest)| rest);
    }
    false
}

/// Free providers, by the name before the ending.
const FREE: &[&str] = &[
    "gmail",
    "googlemail",
    "outlook",
    "hotmail",
    "live",
    "msn",
    "yahoo",
    "ymail",
    "rocketmail",
    "icloud",
    "me",
    "mac",
    "aol",
    "gmx",
    "web",
    "mail",
    "proton",
    "protonmail",
    "pm",
    "tutanota",
    "tuta",
    "yandex",
    "zoho",
    "zohomail",
    "fastmail",
    "hey",
    "t-online",
    "freenet",
    "orange",
    "free",
    "laposte",
    "sfr",
    "wanadoo",
    "libero",
    "virgilio",
    "tiscali",
    "wp",
    "onet",
    "o2",
    "interia",
    "ziggo",
    "kpnmail",
    "planet",
    "comcast",
    "verizon",
    "btinternet",
    "qq",
    "163",
    "126",
];

fn is_free(host: &str) -> bool {
    let parts: Vec<&str> = host.split('.').collect();
    let is_short = parts.len() == 2 || (parts.len() == 3 && parts[1].len() <= 3);
    is_short && FREE.contains(&parts[0])
}

/// Returns whether two names in front of the `@` look like one person's.
fn looks_like(local: &str, own: &str) -> bool {
    let letters = |text: &str| -> String {
        let text = text.split('+').next().unwrap_or(text);
        text.chars()
            .filter(|one| one.is_alphabetic())
            .flat_map(char::to_lowercase)
            .collect()
    };
    let (there, here) = (letters(local), letters(own));
    if there.is_empty() || here.is_empty() {
        return false;
    }
    let is_part = here.len() >= 5 && there.contains(&here);
    let mut names = own
        .split(['.', '_', '-'])
        .map(letters)
        .filter(|name| name.len() >= 3)
        .peekable();
    let has_all = names.peek().is_some() && own.contains(['.', '_', '-']);
    there == here || is_part || (has_all && names.all(|name| there.contains(&name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_inside_outside_or_the_owners_own() {
        let mut tenant = Tenant::default();
        tenant.learnt_domains.insert("corp.example".to_owned());
        tenant
            .learnt_domains
            .insert("corp.onmicrosoft.com".to_owned());
        tenant.settings.partners.insert("friend.example".to_owned());
        let owner = "ann.smith@corp.example";
        for (address, expected) in [
            ("bob@corp.example", Destination::Inside),
            ("bob@sales.corp.example", Destination::Inside),
            ("bob@corp.mail.onmicrosoft.com", Destination::Inside),
            ("bob@friend.example", Destination::Inside),
            ("asmith", Destination::Inside),
            ("ann.smith77@gmail.com", Destination::OwnBox),
            ("smith.ann@yahoo.co.uk", Destination::OwnBox),
            ("ann.smith@drop.example", Destination::Outside),
            ("collector@gmail.com", Destination::Outside),
            ("bob@notcorp.example", Destination::Outside),
            ("bob@corp.example.evil.example", Destination::Outside),
        ] {
            assert_eq!(destination(address, owner, &tenant), expected, "{address}");
        }
    }
}
