//! A mailbox as it stands at the end of the story: folders, messages, rules, forwarding,
//! delegates and what it audits.

use std::collections::BTreeMap;

use crate::record::Micros;

/// A mailbox.
#[derive(Clone, Debug)]
pub struct Mailbox {
    /// `ExchangeGuid`, which audit records call `MailboxGuid`.
    pub guid: String,
    /// `DisplayName`.
    pub display_name: String,
    /// `Alias`: how cmdlets and their records name the mailbox.
    pub alias: String,
    /// Its own address, `smtp:` not included. Further addresses follow the first.
    pub addresses: Vec<String>,
    /// Folders; a message names one by its place in this list.
    pub folders: Vec<Folder>,
    /// Messages that are still there, also those in `Recoverable Items`.
    pub messages: Vec<Message>,
    /// Inbox rules, in the order of their sequence.
    pub rules: Vec<Rule>,
    /// Sweep rules: `Get-SweepRule`.
    pub sweep_rules: Vec<SweepRule>,
    /// Telephones that synchronise: `Get-MobileDevice`.
    pub phones: Vec<Phone>,
    /// Where the mailbox forwards to.
    pub forwarding: Forwarding,
    /// Who else may open it or send as it.
    pub delegates: Vec<Delegate>,
    /// What it audits.
    pub audit: MailboxAudit,
    /// `AutoReplyState`: `Disabled`, `Enabled` or `Scheduled`.
    pub automatic_replies: &'static str,
    /// `InternalMessage` and `ExternalMessage` of the automatic replies.
    pub reply_texts: (String, String),
    /// `Get-CASMailbox`: by which protocols the mailbox is opened; nothing follows the
    /// organisation.
    pub protocols: BTreeMap<String, Option<bool>>,
    /// When it was made.
    pub created: Micros,
    /// The middle of every store id of this mailbox.
    pub(crate) store: String,
}

/// A folder.
#[derive(Clone, Debug)]
pub struct Folder {
    /// The store id (`LgAAAA...`) as audit records show it.
    pub id: String,
    /// The id that Graph gives (`AAMk...`).
    pub graph_id: String,
    /// The path in audit records, `\Inbox\Invoices`.
    pub path: String,
    /// The last part of the path.
    pub name: String,
    /// The name that Graph knows it by: `inbox`, `sentitems`, `deleteditems`, `drafts`,
    /// `archive`, `junkemail`, `recoverableitemsdeletions`, ...; `None` for a folder of the owner.
    pub well_known: Option<&'static str>,
    /// The place of the folder above it, `None` at the top.
    pub parent: Option<usize>,
}

/// A message.
#[derive(Clone, Debug)]
pub struct Message {
    /// The store id (`RgAAAA...`) as audit records show it.
    pub id: String,
    /// The id that Graph gives (`AAMk...`).
    pub graph_id: String,
    /// `internetMessageId`, angle brackets included.
    pub internet_message_id: String,
    /// `conversationId`.
    pub conversation_id: String,
    /// Its subject.
    pub subject: String,
    /// Who wrote it.
    pub from: Address,
    /// To whom.
    pub to: Vec<Address>,
    /// Copies.
    pub cc: Vec<Address>,
    /// When it was received (in a sent message: when it was sent).
    pub received: Micros,
    /// Where it lies, by the folder's place in [`Mailbox::folders`].
    pub folder: usize,
    /// Bytes.
    pub size: u64,
    /// Names and sizes of what is attached.
    pub attachments: Vec<(String, u64)>,
    /// Whether it is marked as read.
    pub is_read: bool,
    /// A first sentence, for `bodyPreview` and for a message's text.
    pub preview: String,
}

impl Message {
    /// Whether anything is attached.
    #[must_use]
    pub fn has_attachments(&self) -> bool {
        !self.attachments.is_empty()
    }
}

/// A name and an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// How the person is shown.
    pub name: String,
    /// The SMTP address.
    pub address: String,
}

/// An inbox rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// `RuleIdentity`: an unsigned number of 64 bits, as text.
    pub id: String,
    /// The id that Graph gives it.
    pub graph_id: String,
    /// Its name, which may be empty or a full stop.
    pub name: String,
    /// Whether it acts.
    pub enabled: bool,
    /// Its place in the order, from one.
    pub sequence: u32,
    /// Hidden from Outlook and from Graph; only `Get-InboxRule -IncludeHidden` shows it.
    pub hidden: bool,
    /// Kept by an Outlook for itself: neither Graph nor a cmdlet shows it, and any rule that a
    /// cmdlet writes deletes it.
    pub client_only: bool,
    /// What `New-InboxRule` was given besides its name, in its names and spellings:
    /// `SubjectOrBodyContainsWords` = `invoice;payment`, `MoveToFolder` = `RSS Feeds`,
    /// `MarkAsRead` = `True`, ... Lists are joined by `;` as in audit records.
    pub parameters: Vec<(String, String)>,
}

impl Rule {
    /// Returns a parameter's value.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&str> {
        let (_, value) = self.parameters.iter().find(|(known, _)| known == name)?;
        Some(value)
    }

    /// Returns a parameter that holds a list.
    pub fn list(&self, name: &str) -> impl Iterator<Item = &str> {
        self.parameter(name)
            .unwrap_or_default()
            .split(';')
            .filter(|word| !word.is_empty())
    }
}

/// A sweep rule, which Outlook on the web makes to keep a sender's mail down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SweepRule {
    /// `RuleId`.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Whether it acts.
    pub enabled: bool,
    /// `Sender`.
    pub sender: String,
    /// `DestinationFolder`.
    pub destination: String,
    /// `KeepLatest`.
    pub keep_latest: u32,
}

/// A telephone that synchronises with the mailbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phone {
    /// `Guid`.
    pub id: String,
    /// `DeviceId`.
    pub device_id: String,
    /// `FriendlyName`.
    pub name: String,
    /// `DeviceOS`.
    pub system: String,
    /// `FirstSyncTime`.
    pub first: Micros,
}

/// Forwarding of a whole mailbox.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Forwarding {
    /// `ForwardingSmtpAddress` without `smtp:`.
    pub smtp_address: Option<String>,
    /// `ForwardingAddress`: a recipient of the organisation.
    pub recipient: Option<String>,
    /// `DeliverToMailboxAndForward`.
    pub deliver_and_forward: bool,
}

/// Somebody else's right to a mailbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delegate {
    /// The UPN of who has it.
    pub upn: String,
    /// Which right.
    pub right: Right,
}

/// A right to a mailbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Right {
    /// `Get-MailboxPermission`: `FullAccess`.
    FullAccess,
    /// `Get-RecipientPermission`: `SendAs`.
    SendAs,
    /// `GrantSendOnBehalfTo`.
    SendOnBehalf,
    /// `Get-MailboxFolderPermission`: a folder's path and the role (`Reviewer`, `Editor`, ...).
    Folder {
        /// The folder's path in audit records.
        path: String,
        /// The role.
        role: String,
    },
}

/// What a mailbox audits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailboxAudit {
    /// `AuditEnabled`.
    pub enabled: bool,
    /// `AuditOwner`.
    pub owner: Vec<String>,
    /// `AuditDelegate`.
    pub delegate: Vec<String>,
    /// `AuditAdmin`.
    pub admin: Vec<String>,
    /// `DefaultAuditSet`: which of `Admin`, `Delegate`, `Owner` Microsoft still manages.
    pub default_set: Vec<String>,
    /// `AuditBypassEnabled` of the account: what it does in any mailbox is not recorded.
    pub bypass: bool,
}
