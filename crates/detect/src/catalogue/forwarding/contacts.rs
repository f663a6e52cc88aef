//! Contacts whose address is outside: a mailbox forwards to them by name.

use crate::cmdlet::parameter;
use crate::seen::Seen;
use crate::words::Word;
use model::recipients::recipients;
use std::collections::BTreeMap;

/// The operations that give a contact or mail user its address.
pub(super) const ACTIONS: &[&str] = &[
    "New-MailContact",
    "Set-MailContact",
    "New-MailUser",
    "Set-MailUser",
];

/// How many names are remembered.
const REMEMBERED: usize = 100_000;

/// The addresses of contacts, by tenant and each name that a record gives them.
#[derive(Clone, Debug, Default)]
pub(super) struct Contacts {
    addresses: BTreeMap<(Word, String), String>,
}

impl Contacts {
    /// Learns the address of a contact, if the record gives one.
    pub(super) fn learn(&mut self, seen: &Seen<'_>) {
        if !seen.is_action(ACTIONS) || !seen.is_done() {
            return;
        }
        let Some(address) = outside_address(seen) else {
            return;
        };
        let named = ["Name", "DisplayName", "Alias", "Identity"];
        let names = named.iter().filter_map(|name| parameter(seen, name));
        let names: Vec<String> = names
            .map(|name| leaf(&name))
            .chain([leaf(seen.object())])
            .filter(|name| !name.is_empty())
            .collect();
        for name in names {
            if self.addresses.len() < REMEMBERED {
                let place = (seen.fact().tenant, name);
                self.addresses.insert(place, address.clone());
            }
        }
    }

    /// Returns the address of a contact that a mailbox forwards to.
    pub(super) fn address(&self, tenant: Word, name: &str) -> Option<&str> {
        let found = self.addresses.get(&(tenant, leaf(name)))?;
        Some(found)
    }
}

/// Returns the address that a record gives a contact.
pub(super) fn outside_address(seen: &Seen<'_>) -> Option<String> {
    let value = parameter(seen, "ExternalEmailAddress")?;
    recipients(&value).addresses.into_iter().next()
}

/// The last part of a directory path, in lower case.
fn leaf(name: &str) -> String {
    let last = name.rsplit('/').next().unwrap_or(name);
    last.trim().to_lowercase()
}
