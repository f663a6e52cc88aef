//! The person, under every name by which records know them.

use std::collections::BTreeSet;

/// A person and their mailbox: names, keys, ids, all in lower case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    /// UPNs and SMTP addresses.
    pub names: BTreeSet<String>,
    /// PUIDs, object ids, SIDs.
    pub keys: BTreeSet<String>,
    /// Mailbox GUIDs.
    pub mailbox_ids: BTreeSet<String>,
}

impl Person {
    /// Returns whether a text names the person or the mailbox, as admin records spell it: an
    /// address, its local part, a GUID, or a directory path that ends in one of these. What
    /// stands behind a `\\` belongs to the mailbox and is no name of it.
    #[must_use]
    pub fn is_named(&self, text: &str) -> bool {
        let text = text.trim().trim_matches('"').to_lowercase();
        let text = text.strip_prefix("smtp:").unwrap_or(&text);
        let last = text.rsplit('/').next().unwrap_or(text);
        [text, last]
            .into_iter()
            .filter(|name| !name.is_empty())
            .any(|name| self.is_called(name))
    }

    fn is_called(&self, name: &str) -> bool {
        let is_local_part = || {
            self.names
                .iter()
                .any(|own| own.split_once('@').is_some_and(|(local, _)| local == name))
        };
        self.names.contains(name)
            || self.keys.contains(name)
            || self.mailbox_ids.contains(name)
            || is_local_part()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_admin_record_names_the_person_in_many_ways() {
        let person = Person {
            names: ["ann@example.com".to_owned()].into(),
            keys: ["1003200126770001".to_owned()].into(),
            mailbox_ids: BTreeSet::new(),
        };
        for text in [
            "Ann@example.com",
            "ann",
            "EURPR04A001.PROD.OUTLOOK.COM/Hosted Organizations/example/Ann",
            "smtp:ann@example.com",
            "1003200126770001",
        ] {
            assert!(person.is_named(text), "{text}");
        }
        for text in ["", "joann", "Bob\\ann", "ann@example.org", "/"] {
            assert!(!person.is_named(text), "{text}");
        }
    }
}
