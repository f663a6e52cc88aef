//! A record understood: the same words whatever the source it came from.

use crate::address::Address;
use crate::raw::Family;
use crate::time::Timestamp;
use std::borrow::Cow;
use std::fmt;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name<'a>(pub Cow<'a, str>);

        impl $name<'_> {
            /// Returns the id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name<'_> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

id! {
    /// An Entra tenant: its id in lower case, or the name the operator gave for records that carry none.
    TenantId
}
id! {
    /// A record's own id, unique within its tenant and source.
    RecordId
}

/// A record understood. An empty text means that the record does not say.
#[derive(Clone, Debug)]
pub struct Event<'a> {
    /// Which table it belongs to.
    pub family: Family,
    /// Which log it comes from, part of its identity: `unified`, `signin.interactive`, `azure.activity`, ...
    pub source: &'static str,
    /// Whose record it is.
    pub tenant: TenantId<'a>,
    /// Its id, unique within tenant and source.
    pub id: RecordId<'a>,
    /// Whether the id was made from the content because the record has none.
    pub id_made: bool,
    /// A digest of the body that is blind to key order, spacing and dress: equal for copies of one
    /// record; 0 for a copy that lost columns on its way and so can contradict nothing.
    pub fingerprint: u64,
    /// When it happened; none when the record's time cannot be read.
    pub time: Option<Timestamp>,
    /// The time as the record spells it.
    pub time_text: Cow<'a, str>,
    /// The numeric RecordType of a unified audit record.
    pub record_type: Option<i32>,
    /// The service: `Exchange`, `AzureActiveDirectory`, `SharePoint`, ...
    pub workload: Cow<'a, str>,
    /// The operation as the record spells it.
    pub operation: Cow<'a, str>,
    /// The operation without trailing dot, blanks and typographic dashes: what rules compare.
    pub action: Cow<'a, str>,
    /// Who acted, folded to lower case: a UPN, or the system's or application's name.
    pub user: Cow<'a, str>,
    /// Who acted, as the record spells it.
    pub user_text: Cow<'a, str>,
    /// The other id the record gives for the actor: PUID, object id, SID or claim.
    pub user_key: Cow<'a, str>,
    /// What kind of actor it is.
    pub user_kind: ActorKind,
    /// The mailbox that was touched, as a lower-case UPN.
    pub mailbox: Cow<'a, str>,
    /// The mailbox's GUID.
    pub mailbox_id: Cow<'a, str>,
    /// What was acted on.
    pub object: Cow<'a, str>,
    /// How it ended, judged by everything the record says.
    pub outcome: Outcome,
    /// The record's own word for the result.
    pub result: Cow<'a, str>,
    /// The error number, as text.
    pub error: Cow<'a, str>,
    /// Where it came from.
    pub address: Option<Address>,
    /// The address as the record spells it.
    pub address_text: Cow<'a, str>,
    /// The session: `SessionId`, `AADSessionId`, `DeviceProperties.SessionId` are one key.
    pub session: Cow<'a, str>,
    /// The token's unique id, case kept.
    pub token: Cow<'a, str>,
    /// The client application, lower case: who called.
    pub app: Cow<'a, str>,
    /// The resource application, lower case: what was called.
    pub resource_app: Cow<'a, str>,
    /// The user agent, or what stands for it.
    pub agent: Cow<'a, str>,
    /// The device's id.
    pub device: Cow<'a, str>,
    /// The correlation id.
    pub correlation: Cow<'a, str>,
    /// Exchange's LogonType: 0 owner, 1 admin, 2 delegate, ...
    pub logon_type: Option<i32>,
    /// The keys that no field above holds in the record's own spelling, as one JSON object.
    pub rest: String,
}

impl Event<'_> {
    /// Returns the domain that this act proves to be the organisation's own, in lower case.
    ///
    /// Sign-ins prove none, for anybody can attempt them under any name, nor do failures, guests
    /// and those who act on a mailbox that is not theirs: those may be of another organisation.
    #[must_use]
    pub fn own_domain(&self) -> Option<&str> {
        let is_member = matches!(self.user_kind, ActorKind::Person | ActorKind::Admin);
        let is_own_act = !matches!(self.logon_type, Some(logon) if logon != 0);
        // Of a message on its way the sender is told, of an alert whom it is about.
        let is_of_an_act = matches!(
            self.family,
            Family::Unified | Family::DirectoryAudit | Family::AzureActivity | Family::DevOpsAudit
        );
        // Users of other tenants act in a chat as they do at home.
        let is_of_an_act = is_of_an_act && self.workload != "MicrosoftTeams";
        let is_sign_in = self.action.starts_with("UserLog");
        let is_plain = !self.user.contains(['#', ':', '|', '\\', '/', ' ']);
        let is_proof = is_member
            && is_of_an_act
            && is_own_act
            && !is_sign_in
            && is_plain
            && self.outcome != Outcome::Failure;
        let (_, domain) = self.user.rsplit_once('@')?;
        (is_proof && !domain.is_empty()).then_some(domain)
    }
}

/// What kind of actor did something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ActorKind {
    /// The record does not say.
    #[default]
    Unknown,
    /// A member of the tenant.
    Person,
    /// A member acting as an administrator.
    Admin,
    /// Microsoft's own service.
    System,
    /// An application or service principal.
    Application,
    /// A guest from another tenant, or an anonymous visitor.
    Guest,
    /// A partner's technician with delegated administration.
    Partner,
    /// A policy.
    Policy,
}

impl ActorKind {
    /// Returns the word that tables and outputs use.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Person => "person",
            Self::Admin => "admin",
            Self::System => "system",
            Self::Application => "application",
            Self::Guest => "guest",
            Self::Partner => "partner",
            Self::Policy => "policy",
        }
    }

    /// Returns the kind of that name; unknown where there is none.
    #[must_use]
    pub fn of_name(name: &str) -> Self {
        let all = [
            Self::Person,
            Self::Admin,
            Self::System,
            Self::Application,
            Self::Guest,
            Self::Partner,
            Self::Policy,
        ];
        all.into_iter()
            .find(|kind| kind.name() == name)
            .unwrap_or_default()
    }
}

/// How an act ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// The record does not say.
    #[default]
    Unknown,
    /// It was done.
    Success,
    /// It was refused or failed.
    Failure,
    /// It was interrupted on the way, by a prompt or a policy: neither success nor failure.
    Interrupted,
    /// A part of it was done.
    Partial,
}

impl Outcome {
    /// Returns the word that tables and outputs use.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Success => "success",
            Self::Failure => "failure",
            Self::Interrupted => "interrupted",
            Self::Partial => "partial",
        }
    }

    /// Returns the outcome of that name; unknown where there is none.
    #[must_use]
    pub fn of_name(name: &str) -> Self {
        let all = [
            Self::Success,
            Self::Failure,
            Self::Interrupted,
            Self::Partial,
        ];
        all.into_iter()
            .find(|outcome| outcome.name() == name)
            .unwrap_or_default()
    }
}

/// How a message or folder of a mailbox was touched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Touch {
    /// A message was made available to the client (MailItemsAccessed, Bind).
    Bind,
    /// A folder was synchronised to the client (MailItemsAccessed, Sync).
    Sync,
    /// A message was sent, as the mailbox or on its behalf.
    Send,
    /// A message was created.
    Create,
    /// A message was changed.
    Update,
    /// A message was moved or copied, into the deleted items too.
    Move,
    /// A message was deleted, softly or for good.
    Delete,
}

impl Touch {
    /// Every kind of touch.
    pub const ALL: [Self; 7] = [
        Self::Bind,
        Self::Sync,
        Self::Send,
        Self::Create,
        Self::Update,
        Self::Move,
        Self::Delete,
    ];

    /// Returns the word that tables and outputs use.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Bind => "bind",
            Self::Sync => "sync",
            Self::Send => "send",
            Self::Create => "create",
            Self::Update => "update",
            Self::Move => "move",
            Self::Delete => "delete",
        }
    }

    /// Returns the touch of that name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|touch| touch.name() == name)
    }
}

/// One message or folder that a mailbox record names; who, when and whence are the event's.
#[derive(Clone, Debug)]
pub struct MailItem<'a> {
    /// How it was touched.
    pub touch: Touch,
    /// The Message-ID in canonical form (`<...>`, case kept); empty for a folder or a message without one.
    pub internet_message_id: Cow<'a, str>,
    /// Exchange's id of the item.
    pub item_id: Cow<'a, str>,
    /// The subject, where the record has it.
    pub subject: Cow<'a, str>,
    /// The folder's id.
    pub folder_id: Cow<'a, str>,
    /// The folder's path, or its name where the path says `Not Available`.
    pub folder: Cow<'a, str>,
    /// Where it was moved to.
    pub to_folder: Cow<'a, str>,
    /// How large it is.
    pub size_bytes: Option<i64>,
}

/// One message on its way to one recipient, from message trace or EmailEvents, or one that a
/// mailbox holds, from its inventory.
#[derive(Clone, Debug, Default)]
pub struct Delivery<'a> {
    /// The Message-ID in canonical form.
    pub internet_message_id: Cow<'a, str>,
    /// Exchange's id of the message on its way; of a message in an inventory the item's id.
    pub network_message_id: Cow<'a, str>,
    /// The sender's address, lower case.
    pub sender: Cow<'a, str>,
    /// The recipient's address, lower case.
    pub recipient: Cow<'a, str>,
    /// The subject.
    pub subject: Cow<'a, str>,
    /// `Delivered`, `Failed`, `Quarantined`, ... as the source says it; [`INVENTORY`] where the
    /// message was on no way but listed in the recipient's mailbox.
    pub status: Cow<'a, str>,
    /// `Inbound`, `Outbound` or `Intra-org`.
    pub direction: Cow<'a, str>,
    /// Which folder or place it was delivered to.
    pub location: Cow<'a, str>,
    /// How large it is.
    pub size_bytes: Option<i64>,
}

/// The status of a message that an inventory lists.
pub const INVENTORY: &str = "Inventory";

impl Delivery<'_> {
    /// Returns whether it was on no way but listed in the recipient's mailbox.
    #[must_use]
    pub fn is_listed(&self) -> bool {
        self.status == INVENTORY
    }
}

/// What understanding one record gives.
#[derive(Clone, Debug)]
pub struct Normalised<'a> {
    /// The event.
    pub event: Event<'a>,
    /// The messages and folders that it names.
    pub items: Vec<MailItem<'a>>,
    /// The delivery that it is.
    pub delivery: Option<Delivery<'a>>,
    /// What was wrong with it, as fragments; each makes the answer partial.
    pub errors: Vec<String>,
    /// Whether its time stands there and cannot be read, so that it is kept but not whole.
    pub damaged: bool,
}
