//! The persons whose mail was reached: senders and recipients, each once.

use crate::error::EngineError;
use crate::investigate::Investigation;
use casework::Class;
use std::collections::BTreeMap;
use std::ops::ControlFlow;

/// What was reached of one person's mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Affected {
    pub(super) address: String,
    /// Whether the address is of another organisation than the mailbox.
    pub(super) external: bool,
    /// The gravest class of a message that names the person.
    pub(super) class: Class,
    /// How many messages name the person.
    pub(super) messages: u64,
}

/// The classes that concern other people: what left, what was accessed, what was synchronised.
const CONCERNS: [Class; 4] = [Class::E, Class::P1, Class::P2, Class::S];

/// Returns the persons whose mail was reached, the gravest first, the mailbox's owner left out.
pub(super) fn affected(found: &Investigation) -> Result<Vec<Affected>, EngineError> {
    let own = &found.attribution.person.names;
    let mut people: BTreeMap<String, (Class, u64)> = BTreeMap::new();
    found.messages.each_of(&CONCERNS, &mut |judged| {
        let named = std::iter::once(&judged.from).chain(&judged.to);
        for address in named.filter(|address| address.contains('@') && !own.contains(*address)) {
            let person = people.entry(address.clone()).or_insert((judged.class, 0));
            person.0 = person.0.min(judged.class);
            person.1 += 1;
        }
        ControlFlow::Continue(())
    })?;
    let home = domain(&found.brief.mailbox);
    let mut affected: Vec<Affected> = people
        .into_iter()
        .map(|(address, (class, messages))| Affected {
            external: domain(&address) != home,
            address,
            class,
            messages,
        })
        .collect();
    affected.sort_by(|one, other| {
        (one.class, other.messages, &one.address).cmp(&(other.class, one.messages, &other.address))
    });
    Ok(affected)
}

/// Returns how many persons and messages each domain has.
pub(super) fn domains(people: &[Affected]) -> Vec<(String, u64, u64)> {
    let mut domains: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
    for person in people {
        let of_domain = domains.entry(domain(&person.address)).or_default();
        of_domain.0 += 1;
        of_domain.1 += person.messages;
    }
    domains
        .into_iter()
        .map(|(name, (persons, messages))| (name.to_owned(), persons, messages))
        .collect()
}

fn domain(address: &str) -> &str {
    address.rsplit_once('@').map_or("", |(_, domain)| domain)
}
