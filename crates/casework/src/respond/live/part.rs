//! The parts of a tenant that are looked at.

use crate::respond::footholds::FootholdKind;
use std::fmt;

/// One thing that is looked at.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The account.
    Account,
    /// The roles that it holds.
    Roles,
    /// Its sign-in methods.
    Methods,
    /// Which of them is the default.
    DefaultMethod,
    /// Its devices.
    Devices,
    /// What it allowed applications to do.
    Grants,
    /// What applications may do for everybody.
    TenantGrants,
    /// Another person, by name.
    Person(String),
    /// The role assignments of a person, by object id.
    RoleAssignments(String),
    /// A service principal, by object id.
    Principal(String),
    /// A service principal, by the id of its application.
    App(String),
    /// The service principal of this system's own application, by its id.
    Own(String),
    /// A registration, by object id.
    Registration(String),
    /// What an application may do as itself, by the service principal's object id.
    AppRoles(String),
    /// A mailbox, by name.
    Mailbox(String),
    /// The rules of a mailbox, hidden ones too.
    Rules(String),
    /// The rules of a mailbox that its owner can see.
    VisibleRules(String),
    /// The rules of a mailbox that Graph shows and can change.
    GraphRules(String),
    /// The sweep rules of a mailbox.
    SweepRules(String),
    /// The automatic reply of a mailbox.
    AutoReply(String),
    /// Who has full access to a mailbox.
    Permissions(String),
    /// Who may send as a mailbox.
    SendAs(String),
    /// The folders of a mailbox.
    Folders(String),
    /// Who has rights to a folder: the mailbox, and the path.
    Folder(String, String),
    /// A file or folder that was shared, by its address.
    Item(String),
    /// The permissions on it: its address, and where it is.
    ItemPermissions(String, String),
    /// The transport rules.
    TransportRules,
    /// The inbound connectors.
    InboundConnectors,
    /// The outbound connectors.
    OutboundConnectors,
    /// The policies for outbound mail.
    OutboundPolicies,
    /// Whether what an account does is left out of the log, by name.
    AuditBypass(String),
    /// Whether the organisation's audit log is written.
    AuditLog,
    /// How an object stands: the action, and the place of the object in the list of candidates.
    State(&'static str, usize),
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Account => f.write_str("the account"),
            Self::Roles => f.write_str("the directory roles of the account"),
            Self::Methods => f.write_str("the sign-in methods of the account"),
            Self::DefaultMethod => f.write_str("the default sign-in method of the account"),
            Self::Devices => f.write_str("the devices of the account"),
            Self::Grants => f.write_str("what the account allowed applications to do"),
            Self::TenantGrants => f.write_str("what applications may do for everybody"),
            Self::Person(name) => write!(f, "the account {name}"),
            Self::RoleAssignments(id) => write!(f, "the role assignments of {id}"),
            Self::Principal(id) => write!(f, "the service principal {id}"),
            Self::App(id) => write!(f, "the application {id}"),
            Self::Own(id) => write!(f, "this system's own application {id}"),
            Self::Registration(id) => write!(f, "the registration {id}"),
            Self::AppRoles(id) => write!(f, "what the application {id} may do as itself"),
            Self::Mailbox(name) => write!(f, "the mailbox {name}"),
            Self::Rules(name) => write!(f, "the inbox rules of {name}"),
            Self::VisibleRules(name) => write!(f, "which inbox rules of {name} are hidden"),
            Self::GraphRules(name) => write!(f, "which inbox rules of {name} Graph can change"),
            Self::SweepRules(name) => write!(f, "the sweep rules of {name}"),
            Self::AutoReply(name) => write!(f, "the automatic reply of {name}"),
            Self::Permissions(name) => write!(f, "who has full access to {name}"),
            Self::SendAs(name) => write!(f, "who may send as {name}"),
            Self::Folders(name) => write!(f, "the folders of {name}"),
            Self::Folder(name, path) => write!(f, "the permissions on {path} of {name}"),
            Self::Item(address) => write!(f, "the shared item {address}"),
            Self::ItemPermissions(address, _) => write!(f, "the permissions on {address}"),
            Self::TransportRules => f.write_str("the transport rules"),
            Self::InboundConnectors => f.write_str("the inbound connectors"),
            Self::OutboundConnectors => f.write_str("the outbound connectors"),
            Self::OutboundPolicies => f.write_str("the outbound spam policies"),
            Self::AuditBypass(name) => write!(f, "whether {name} is left out of the log"),
            Self::AuditLog => f.write_str("whether the audit log is written"),
            Self::State(action, _) => write!(f, "how an object of {action} stands"),
        }
    }
}

impl Part {
    /// Returns what an application needs to read it.
    pub(super) fn permissions(&self) -> &'static [&'static str] {
        match self {
            Self::Account | Self::Person(_) => &["User.Read.All"],
            Self::Roles => &["Directory.Read.All"],
            Self::RoleAssignments(_) => &["RoleManagement.Read.Directory"],
            Self::Methods | Self::DefaultMethod => &["UserAuthenticationMethod.Read.All"],
            Self::Devices => &["Device.Read.All", "Directory.Read.All"],
            Self::Grants | Self::TenantGrants => &["Directory.Read.All"],
            Self::Principal(_)
            | Self::App(_)
            | Self::Own(_)
            | Self::Registration(_)
            | Self::AppRoles(_) => &["Application.Read.All"],
            Self::Item(_) | Self::ItemPermissions(..) => &["Files.Read.All"],
            Self::GraphRules(_) => &["MailboxSettings.ReadWrite"],
            Self::Mailbox(_)
            | Self::Rules(_)
            | Self::VisibleRules(_)
            | Self::SweepRules(_)
            | Self::AutoReply(_)
            | Self::Permissions(_)
            | Self::SendAs(_)
            | Self::Folders(_)
            | Self::Folder(..)
            | Self::TransportRules
            | Self::InboundConnectors
            | Self::OutboundConnectors
            | Self::AuditBypass(_)
            | Self::AuditLog
            | Self::OutboundPolicies => &[
                "Exchange.ManageAsApp",
                "the directory role Exchange Administrator (Global Reader does not show hidden rules)",
            ],
            Self::State(..) => &[],
        }
    }

    /// Returns whether it would show footholds of this kind in a plan.
    pub(crate) fn shows(&self, kind: FootholdKind) -> bool {
        use FootholdKind as Kind;
        match self {
            Self::Account => false,
            Self::Own(_)
            | Self::Roles
            | Self::DefaultMethod
            | Self::VisibleRules(_)
            | Self::GraphRules(_)
            | Self::State(..) => false,
            Self::Person(_) => matches!(kind, Kind::Role | Kind::Account | Kind::Password),
            Self::RoleAssignments(_) => kind == Kind::Role,
            Self::AuditBypass(_) => kind == Kind::AuditBypass,
            Self::AuditLog => kind == Kind::AuditOff,
            Self::Methods => kind == Kind::Method,
            Self::Devices => kind == Kind::Device,
            Self::Grants | Self::TenantGrants => kind == Kind::Grant,
            Self::Principal(_) | Self::App(_) => {
                matches!(kind, Kind::Application | Kind::Credential | Kind::AppRole)
            }
            Self::Registration(_) => kind == Kind::Credential,
            Self::AppRoles(_) => kind == Kind::AppRole,
            Self::Mailbox(_) => matches!(
                kind,
                Kind::InboxRule
                    | Kind::SweepRule
                    | Kind::Forwarding
                    | Kind::AutoReply
                    | Kind::FullAccess
                    | Kind::SendAs
                    | Kind::SendOnBehalf
                    | Kind::FolderRight
            ),
            Self::Rules(_) => kind == Kind::InboxRule,
            Self::SweepRules(_) => kind == Kind::SweepRule,
            Self::AutoReply(_) => kind == Kind::AutoReply,
            Self::Permissions(_) => kind == Kind::FullAccess,
            Self::SendAs(_) => kind == Kind::SendAs,
            Self::Folders(_) | Self::Folder(..) => kind == Kind::FolderRight,
            Self::Item(_) | Self::ItemPermissions(..) => kind == Kind::Link,
            Self::TransportRules => kind == Kind::TransportRule,
            Self::InboundConnectors | Self::OutboundConnectors => kind == Kind::Connector,
            Self::OutboundPolicies => kind == Kind::OutboundPolicy,
        }
    }
}
