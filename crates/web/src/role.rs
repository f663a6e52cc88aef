//! What somebody may do in a tenant. Whether somebody may see it at all is decided here alone.

use engine::pages::Account;

/// What somebody may do, each more than the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Role {
    /// Sees what was found.
    Viewer,
    /// Decides what it is.
    Analyst,
    /// Acts in the tenant.
    Responder,
    /// Says who may do what.
    Admin,
}

/// The word for every tenant.
pub(crate) const EVERY_TENANT: &str = "*";

impl Role {
    /// Every role.
    pub(crate) const ALL: [Self; 4] = [Self::Viewer, Self::Analyst, Self::Responder, Self::Admin];

    /// Returns the word for it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Analyst => "analyst",
            Self::Responder => "responder",
            Self::Admin => "admin",
        }
    }

    /// Returns the role of that name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }
}

/// Returns what an account may do in a tenant; nothing where it must not even know of it.
pub(crate) fn role_in(account: &Account, tenant: &str) -> Option<Role> {
    let of = account
        .roles
        .iter()
        .filter(|(of, _)| of == EVERY_TENANT || of.eq_ignore_ascii_case(tenant));
    of.filter_map(|(_, role)| Role::named(role)).max()
}

/// Returns whether an account says who may do what.
pub(crate) fn is_admin(account: &Account) -> bool {
    let mut roles = account.roles.iter();
    roles.any(|(of, role)| of == EVERY_TENANT && role == Role::Admin.name())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_counts_in_its_tenant_and_the_greater_one_wins() {
        let account = Account {
            roles: vec![
                ("a".to_owned(), "responder".to_owned()),
                ("b".to_owned(), "admin".to_owned()),
            ],
            ..Account::default()
        };
        assert_eq!(role_in(&account, "A"), Some(Role::Responder));
        assert_eq!(role_in(&account, "c"), None);
        assert!(
            !is_admin(&account),
            "an admin of one tenant is not one of all"
        );
        let everywhere = Account {
            roles: vec![
                ("*".to_owned(), "viewer".to_owned()),
                ("a".to_owned(), "analyst".to_owned()),
            ],
            ..Account::default()
        };
        assert_eq!(role_in(&everywhere, "a"), Some(Role::Analyst));
        assert_eq!(role_in(&everywhere, "b"), Some(Role::Viewer));
    }
}
