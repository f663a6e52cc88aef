//! What an action is done to.

use std::collections::BTreeMap;

/// What kind of thing an object is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ObjectKind {
    /// An account.
    User,
    /// A directory role that an account has.
    RoleAssignment,
    /// A mailbox.
    Mailbox,
    /// A rule of an inbox.
    InboxRule,
    /// A sweep rule.
    SweepRule,
    /// Somebody's full access to a mailbox.
    MailboxPermission,
    /// Somebody's right to send as a mailbox.
    RecipientPermission,
    /// Somebody's right to send on behalf of a mailbox.
    SendOnBehalf,
    /// Somebody's right to a folder.
    FolderPermission,
    /// A delegated permission of an application.
    Grant,
    /// An application permission.
    AppRole,
    /// An application as the tenant knows it.
    ServicePrincipal,
    /// A secret or certificate of an application.
    Credential,
    /// A way to prove who one is.
    Method,
    /// A device of the directory.
    Device,
    /// A permission on a file or folder that is a link.
    SharingLink,
    /// A rule of the organisation's mail flow.
    TransportRule,
    /// A connector of the organisation's mail flow.
    Connector,
    /// The organisation's policy for outbound mail.
    OutboundPolicy,
    /// The organisation's audit log.
    AuditLog,
}

impl ObjectKind {
    /// Every kind.
    pub const ALL: [Self; 20] = [
        Self::User,
        Self::RoleAssignment,
        Self::Mailbox,
        Self::InboxRule,
        Self::SweepRule,
        Self::MailboxPermission,
        Self::RecipientPermission,
        Self::SendOnBehalf,
        Self::FolderPermission,
        Self::Grant,
        Self::AppRole,
        Self::ServicePrincipal,
        Self::Credential,
        Self::Method,
        Self::Device,
        Self::SharingLink,
        Self::TransportRule,
        Self::Connector,
        Self::OutboundPolicy,
        Self::AuditLog,
    ];

    /// Returns the words that outputs and stores use.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::User => "account",
            Self::RoleAssignment => "directory role",
            Self::Mailbox => "mailbox",
            Self::InboxRule => "inbox rule",
            Self::SweepRule => "sweep rule",
            Self::MailboxPermission => "mailbox permission",
            Self::RecipientPermission => "send-as permission",
            Self::SendOnBehalf => "send-on-behalf permission",
            Self::FolderPermission => "folder permission",
            Self::Grant => "delegated grant",
            Self::AppRole => "application permission",
            Self::ServicePrincipal => "service principal",
            Self::Credential => "application credential",
            Self::Method => "sign-in method",
            Self::Device => "device",
            Self::SharingLink => "sharing link",
            Self::TransportRule => "transport rule",
            Self::Connector => "connector",
            Self::OutboundPolicy => "outbound spam policy",
            Self::AuditLog => "audit log",
        }
    }

    /// Returns the kind of that name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// One thing in a tenant that an action is done to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Object {
    /// The tenant's id.
    pub tenant: String,
    /// What it is.
    pub kind: ObjectKind,
    /// Whose it is: the UPN of the account or mailbox; empty for what is the tenant's.
    pub user: String,
    /// Its id in its service.
    pub id: String,
    /// What it is called, for a person's eyes: an intruder may have chosen it.
    pub name: String,
    /// What else its action needs to find it: the path of a folder, the type of a method.
    pub extra: BTreeMap<String, String>,
}

impl Object {
    /// Returns an object without anything extra.
    #[must_use]
    pub fn new(tenant: &str, kind: ObjectKind, user: &str, id: &str, name: &str) -> Self {
        Self {
            tenant: tenant.to_owned(),
            kind,
            user: user.to_owned(),
            id: id.to_owned(),
            name: name.to_owned(),
            extra: BTreeMap::new(),
        }
    }

    /// Returns the same object with something extra; what is empty is left out.
    #[must_use]
    pub fn with(mut self, key: &str, value: &str) -> Self {
        if !value.is_empty() {
            self.extra.insert(key.to_owned(), value.to_owned());
        }
        self
    }

    /// Returns something extra; empty where there is none.
    #[must_use]
    pub fn extra(&self, key: &str) -> &str {
        self.extra.get(key).map_or("", String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_found_by_its_name() {
        for kind in ObjectKind::ALL {
            assert_eq!(ObjectKind::of_name(kind.name()), Some(kind));
        }
        assert_eq!(ObjectKind::of_name("nothing"), None);
    }
}
