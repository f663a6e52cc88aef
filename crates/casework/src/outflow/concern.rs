//! Which acts may turn out to be the person's or the intruder's, before every record is known.
//!
//! A tenant sends and searches all day. What is kept of that is what carries the person's name in
//! any domain, what a seed points at, and what is done in a mailbox that is not the actor's own.

use crate::attribution::Person;
use crate::brief::{Brief, Seed};
use model::Event;

/// The person by name, and the seeds.
#[derive(Clone, Debug, Default)]
pub(super) struct Concern {
    names: Vec<String>,
    local_parts: Vec<String>,
    seeds: Vec<Seed>,
}

impl Concern {
    pub(super) fn new(brief: &Brief) -> Self {
        let names = vec![brief.user.to_lowercase(), brief.mailbox.to_lowercase()];
        let local_parts = names
            .iter()
            .filter_map(|name| name.split_once('@'))
            .map(|(local, _)| local.to_owned())
            .collect();
        Self {
            names,
            local_parts,
            seeds: brief.seeds.clone(),
        }
    }

    /// Returns whether an act may be the person's or the intruder's.
    pub(super) fn has(&self, event: &Event<'_>) -> bool {
        let is_elsewhere = matches!(event.logon_type, Some(logon) if logon != 0);
        is_elsewhere
            || self.is_named(&event.user)
            || self.is_named(&event.mailbox)
            || self.seeds.iter().any(|seed| seed.is_in(event))
    }

    /// A person who was renamed to another domain keeps the part before the `@`.
    fn is_named(&self, name: &str) -> bool {
        let is_local = |local: &str| self.local_parts.iter().any(|own| own == local);
        self.names.iter().any(|own| own == name)
            || name
                .split_once('@')
                .is_some_and(|(local, _)| is_local(local))
    }
}

/// Returns whether an act is the person's, by name or by one of their ids.
pub(super) fn is_by(person: &Person, actor: &str, actor_key: &str) -> bool {
    person.is_named(actor)
        || person.keys.contains(actor_key)
        || person.keys.contains(&puid(actor_key))
}

/// SharePoint wraps the id that other services give bare: `i:0h.f|membership|1003...@live.com`.
fn puid(key: &str) -> String {
    let last = key.rsplit('|').next().unwrap_or(key);
    let bare = last.split('@').next().unwrap_or(last);
    bare.to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sharepoints_id_is_the_one_other_services_give() {
        let person = Person {
            keys: ["1003200126770001".to_owned()].into(),
            ..Person::default()
        };
        let wrapped = "i:0h.f|membership|1003200126770001@live.com";
        assert!(is_by(&person, "old.name@corp.example", wrapped));
        assert!(!is_by(
            &person,
            "bob@corp.example",
            "i:0h.f|membership|1003200126770002@live.com"
        ));
    }
}
