//! Which names and keys belong to one person or mailbox.
//!
//! One person appears as a UPN in any case, as a PUID, as an object id, as a SID, and as a
//! claim with a PUID in it. Whatever stands together in one record is joined; only keys that
//! can belong to one person take part, for half the tenant would be one under `S-1-5-18`.

use super::Person;
use super::names::{Name, Names};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// How many names one key may have: renames are few, and a key with more is nobody's own.
const NAMES_OF_A_KEY: usize = 8;

/// Pairs of a name and a key that stood in one record.
#[derive(Debug, Default)]
pub(super) struct People {
    pairs: HashSet<(Name, Name)>,
    mailboxes: HashSet<(Name, Name)>,
}

impl People {
    /// Notes that an actor's name and another of their ids stood in one record.
    pub(super) fn actor(&mut self, names: &mut Names, name: &str, key: &str) {
        if let (Some(name), Some(key)) = (person_name(name), person_key(key)) {
            self.pairs.insert((names.name(&name), names.name(&key)));
        }
    }

    /// Notes that a mailbox's name and its GUID stood in one record.
    pub(super) fn mailbox(&mut self, names: &mut Names, name: &str, id: &str) {
        if let (Some(name), Some(id)) = (person_name(name), person_key(id)) {
            self.mailboxes.insert((names.name(&name), names.name(&id)));
        }
    }

    /// Makes the pairs fit to be asked.
    pub(super) fn directory(&self, names: &Names) -> Directory {
        let mut directory = Directory::default();
        for pairs in [&self.pairs, &self.mailboxes] {
            let sorted: BTreeSet<(&str, &str)> = pairs
                .iter()
                .map(|(name, key)| (names.text(*name), names.text(*key)))
                .collect();
            for (name, key) in sorted {
                let keys = directory.keys_of.entry(name.to_owned()).or_default();
                keys.insert(key.to_owned());
                let names = directory.names_of.entry(key.to_owned()).or_default();
                names.insert(name.to_owned());
            }
        }
        directory.mailbox_ids = self
            .mailboxes
            .iter()
            .map(|(_, id)| names.text(*id).to_owned())
            .collect();
        directory
            .names_of
            .retain(|_, names| names.len() <= NAMES_OF_A_KEY);
        directory
    }
}

/// Who is who, in texts.
#[derive(Debug, Default)]
pub(super) struct Directory {
    keys_of: BTreeMap<String, BTreeSet<String>>,
    names_of: BTreeMap<String, BTreeSet<String>>,
    mailbox_ids: BTreeSet<String>,
}

impl Directory {
    /// Returns everything by which a person or mailbox is known, given one name or key of theirs.
    pub(super) fn person(&self, known: &str) -> Person {
        let known = known.trim().to_lowercase();
        let key = person_key(&known).filter(|key| !key.contains('@'));
        let mut person = Person::default();
        let mut open: Vec<String> = match key {
            Some(key) => self.of_key(&mut person, &key),
            None => vec![known],
        };
        while let Some(name) = open.pop() {
            if name.is_empty() || !person.names.insert(name.clone()) {
                continue;
            }
            for key in self.keys_of.get(&name).into_iter().flatten() {
                open.extend(self.of_key(&mut person, key));
            }
        }
        person
    }

    /// Enters a key and returns the names it stood with.
    fn of_key(&self, person: &mut Person, key: &str) -> Vec<String> {
        let Some(names) = self.names_of.get(key) else {
            return Vec::new();
        };
        let keys = if self.mailbox_ids.contains(key) {
            &mut person.mailbox_ids
        } else {
            &mut person.keys
        };
        if !keys.insert(key.to_owned()) {
            return Vec::new();
        }
        names.iter().cloned().collect()
    }
}

/// Returns a name by which a person can be known: an address, in lower case.
fn person_name(text: &str) -> Option<String> {
    let name = text.trim().to_lowercase();
    let name = name.rsplit('|').next().unwrap_or_default();
    let is_claimed_key = puid(name.split('@').next().unwrap_or_default());
    let is_name = name.contains('@') && !is_claimed_key && name != "app@sharepoint";
    is_name.then(|| name.to_owned())
}

/// Returns a key that belongs to one person, without the dress around it: a PUID, an object
/// id, a SID of a domain.
pub(super) fn person_key(text: &str) -> Option<String> {
    let text = text.trim().to_lowercase();
    // `i:0h.f|membership|PUID@live.com` of SharePoint, `PUID@tenant` of the directory.
    let bare = text.rsplit('|').next().unwrap_or_default();
    let bare = bare.strip_prefix("user_").unwrap_or(bare);
    let front = bare.split('@').next().unwrap_or_default();
    if puid(front) {
        return Some(front.to_owned());
    }
    let is_sid = bare.starts_with("s-1-5-21-") || bare.starts_with("s-1-12-1-");
    let is_person_sid = is_sid
        && bare
            .bytes()
            .all(|b| b.is_ascii_hexdigit() || b == b'-' || b == b's');
    (is_object_id(bare) || is_person_sid).then(|| bare.to_owned())
}

/// Returns whether a text is a PUID: sixteen hexadecimal digits that begin with 1, as all do.
fn puid(text: &str) -> bool {
    text.len() == 16 && text.starts_with('1') && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn is_object_id(text: &str) -> bool {
    is_guid(text) && text.bytes().any(|byte| !matches!(byte, b'0' | b'-'))
}

/// Returns whether a text has the form of a GUID.
pub(super) fn is_guid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolve(pairs: &[(&str, &str)], known: &str) -> Person {
        let (mut names, mut people) = (Names::default(), People::default());
        for (name, key) in pairs {
            people.actor(&mut names, name, key);
        }
        people.directory(&names).person(known)
    }

    #[test]
    fn every_dress_of_a_key_is_one_person() {
        let person = resolve(
            &[
                ("Ann@Example.com", "1003200000000ABC"),
                (
                    "ann@example.com",
                    "i:0h.f|membership|1003200000000abc@live.com",
                ),
                ("ann@example.com", "1003200000000ABC@example.com"),
                ("ann@example.com", "0d5c1e7a-0000-4000-8000-00000000000a"),
                ("ann@example.com", "S-1-5-21-1-2-3-1104"),
            ],
            "ANN@example.com",
        );
        assert_eq!(person.names, ["ann@example.com".to_owned()].into());
        assert_eq!(person.keys.len(), 3, "{:?}", person.keys);
    }

    #[test]
    fn a_rename_joins_two_names_whichever_is_known() {
        let pairs = [
            (
                "ann.old@example.com",
                "0d5c1e7a-0000-4000-8000-00000000000a",
            ),
            (
                "ann.new@example.com",
                "0d5c1e7a-0000-4000-8000-00000000000a",
            ),
            ("bob@example.com", "0d5c1e7a-0000-4000-8000-00000000000b"),
        ];
        for known in [
            "ann.old@example.com",
            "ann.new@example.com",
            "0d5c1e7a-0000-4000-8000-00000000000a",
        ] {
            let person = resolve(&pairs, known);
            assert_eq!(person.names.len(), 2, "{known}");
            assert!(!person.names.contains("bob@example.com"));
        }
    }

    #[test]
    fn a_key_of_the_system_joins_nobody() {
        for key in [
            "S-1-5-18",
            "S-1-0-0",
            "",
            "Not Available",
            "NOT-FOUND",
            "00000000-0000-0000-0000-000000000000",
            "NT AUTHORITY\\SYSTEM (Microsoft.Exchange.ServiceHost)",
        ] {
            let pairs = [("ann@example.com", key), ("bob@example.com", key)];
            let person = resolve(&pairs, "ann@example.com");
            assert_eq!(person.names.len(), 1, "{key}");
            assert!(person.keys.is_empty(), "{key}");
        }
    }

    #[test]
    fn a_mailbox_guid_is_no_key_of_a_person() {
        let (mut names, mut people) = (Names::default(), People::default());
        let id = "0d5c1e7a-0000-4000-8000-00000000000c";
        people.mailbox(&mut names, "ann@example.com", id);
        let person = people.directory(&names).person("ann@example.com");
        assert_eq!(person.mailbox_ids, [id.to_owned()].into());
        assert!(person.keys.is_empty());
    }
}
