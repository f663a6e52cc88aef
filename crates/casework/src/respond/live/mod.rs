//! What stands in the tenant now, as far as a plan needs it.
//!
//! [`Looking`] says what to ask and hears the answers; [`Live`] is what came of it. What could not
//! be read is said: it is never taken for clean.

mod account;
mod applications;
mod directory;
mod looking;
mod mail_flow;
mod mailbox;
mod part;
mod rows;
mod sharing;

#[cfg(test)]
pub(crate) mod tests;

pub(crate) use account::digits;
pub use looking::Looking;
pub use part::Part;

use super::footholds::{FootholdKind, Sign};
use super::names::is_same;
use super::object::Object;
use super::state::State;
use model::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// The account that a plan is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// Its object id.
    pub id: String,
    /// Its UPN, as the directory spells it.
    pub upn: String,
    /// What it is called.
    pub name: String,
    /// Whether it can sign in; none where the directory did not say.
    pub enabled: Option<bool>,
    /// Whether it is synchronised from on premises.
    pub is_synced: bool,
    /// Its name on premises, where it is synchronised.
    pub on_premises: String,
    /// Whether it is a guest.
    pub is_guest: bool,
    /// The directory roles that it holds, directly or by a group.
    pub roles: BTreeSet<String>,
}

/// Something that stands in the tenant and that an intruder could have made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// What kind of foothold it would be.
    pub kind: FootholdKind,
    /// What it is.
    pub object: Object,
    /// By what it is known.
    pub signs: BTreeSet<Sign>,
    /// When it was made, where the service says.
    pub made: Option<Timestamp>,
    /// What it is, in words for a person.
    pub words: String,
}

/// An application as the tenant knows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct App {
    /// The object id of its service principal.
    pub principal: String,
    /// Its own id, lower case.
    pub app: String,
    /// What it is called.
    pub name: String,
    /// The tenant that owns it, lower case.
    pub owner: String,
}

/// What stands in the tenant now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Live {
    /// The tenant's id.
    pub tenant: String,
    /// The account as it was asked for; empty where only the tenant was looked at.
    pub user: String,
    /// The account; nothing where it could not be read.
    pub account: Option<Account>,
    /// Mailboxes that were looked at, by their UPN, with every name they go by, lower case.
    pub mailboxes: BTreeMap<String, BTreeSet<String>>,
    /// Object ids of people, by the name they were asked for.
    pub people: BTreeMap<String, String>,
    /// Applications, by the object id of their service principal.
    pub apps: BTreeMap<String, App>,
    /// Object ids of the service principals of this system's own applications, lower case.
    pub own: BTreeSet<String>,
    /// What was found.
    pub found: Vec<Found>,
    /// How each object stands that a step could be about, as its action reads it; or why that
    /// could not be read.
    pub states: BTreeMap<(&'static str, Object), Result<State, String>>,
    /// What could not be read, and why.
    pub unread: Vec<(Part, String)>,
}

impl Live {
    /// Returns whether two names are of one mailbox or account.
    #[must_use]
    pub fn is_one(&self, left: &str, right: &str) -> bool {
        is_same(left, right)
            || self.mailboxes.values().any(|names| {
                let has = |name: &str| names.contains(&name.trim().to_lowercase());
                has(left) && has(right)
            })
            || self.account.as_ref().is_some_and(|account| {
                let is = |name: &str| is_same(name, &account.upn) || is_same(name, &account.id);
                is(left) && is(right)
            })
    }

    /// Returns why something of a part, and with it what it would have shown, is not known.
    pub fn why_unread<'l>(&'l self, part: &'l Part) -> impl Iterator<Item = &'l str> {
        let is_part = move |(own, _): &&(Part, String)| own == part;
        self.unread
            .iter()
            .filter(is_part)
            .map(|(_, why)| why.as_str())
    }
}
