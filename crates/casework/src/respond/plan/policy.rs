//! What a tenant allows to be done.

use crate::respond::names::is_same;
use std::collections::BTreeSet;

/// What a tenant allows to be done, and by how many people.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    /// UPNs and object ids that nothing is ever done to: break-glass accounts.
    pub protected: BTreeSet<String>,
    /// UPNs and object ids for which two people approve, beside whoever holds a directory role.
    pub second_approver_for: BTreeSet<String>,
    /// Ids of applications and service principals that are never touched: this system's own.
    pub own_apps: BTreeSet<String>,
    /// Ids of actions that somebody asked for, of those that are planned on request only.
    pub asked: BTreeSet<String>,
    /// How much one plan may hold.
    pub caps: Caps,
    /// What may be done without a person; nothing unless it is switched on.
    pub automatic: Option<Automatic>,
}

/// How much one plan may hold. What is beyond is said, not done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Caps {
    /// Steps in all.
    pub steps: usize,
    /// Steps of one action.
    pub of_one_action: usize,
}

impl Default for Caps {
    fn default() -> Self {
        Self {
            steps: 100,
            of_one_action: 40,
        }
    }
}

/// What may be done without a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Automatic {
    /// How many plans an hour.
    pub per_hour: u32,
}

impl Policy {
    /// Returns whether one of these names is in a list, whatever its case.
    pub(crate) fn names(list: &BTreeSet<String>, names: &[&str]) -> bool {
        let is = |listed: &String| names.iter().any(|name| is_same(listed, name));
        list.iter().any(is)
    }
}
