//! Opening a mailbox, and the ids of what lies in it.

use crate::mailbox::{Folder, Forwarding, Mailbox, MailboxAudit};
use crate::record::Micros;
use crate::seed::Seed;

/// Folders of every mailbox: path, Graph's name and the end of the id.
const FOLDERS: &[(&str, &str, &str)] = &[
    ("\\Inbox", "inbox", "EMAAAB"),
    ("\\Sent Items", "sentitems", "EJAAAB"),
    ("\\Deleted Items", "deleteditems", "EKAAAB"),
    ("\\Drafts", "drafts", "EPAAAB"),
    ("\\Archive", "archive", "EQAAAB"),
    ("\\Junk Email", "junkemail", "EeAAAB"),
    ("\\Conversation History", "conversationhistory", "EtAAAB"),
    ("\\RSS Feeds", "rssfeeds", "EuAAAB"),
    (
        "\\Recoverable Items\\Deletions",
        "recoverableitemsdeletions",
        "EbAAAB",
    ),
];

/// What a mailbox records of its owner when Microsoft manages the list.
const OWNER: &[&str] = &[
    "ApplyRecord",
    "HardDelete",
    "MailItemsAccessed",
    "MoveToDeletedItems",
    "Send",
    "SoftDelete",
    "Update",
    "UpdateCalendarDelegation",
    "UpdateFolderPermissions",
    "UpdateInboxRules",
];
const DELEGATE: &[&str] = &[
    "ApplyRecord",
    "Create",
    "HardDelete",
    "MailItemsAccessed",
    "MoveToDeletedItems",
    "SendAs",
    "SendOnBehalf",
    "SoftDelete",
    "Update",
    "UpdateFolderPermissions",
    "UpdateInboxRules",
];
const ADMIN: &[&str] = &[
    "ApplyRecord",
    "Copy",
    "Create",
    "HardDelete",
    "MailItemsAccessed",
    "MoveToDeletedItems",
    "Send",
    "SendAs",
    "SendOnBehalf",
    "SoftDelete",
    "Update",
    "UpdateCalendarDelegation",
    "UpdateFolderPermissions",
    "UpdateInboxRules",
];

/// Protocols as a new mailbox has them; nothing follows the organisation.
const PROTOCOLS: &[(&str, Option<bool>)] = &[
    ("OWAEnabled", Some(true)),
    ("ECPEnabled", Some(true)),
    ("ImapEnabled", Some(true)),
    ("PopEnabled", Some(true)),
    ("MAPIEnabled", Some(true)),
    ("EwsEnabled", None),
    ("ActiveSyncEnabled", Some(true)),
    ("OutlookMobileEnabled", Some(true)),
    ("MacOutlookEnabled", Some(true)),
    ("UniversalOutlookEnabled", Some(true)),
    ("OneWinNativeOutlookEnabled", Some(true)),
    ("SmtpClientAuthenticationDisabled", None),
];

/// Opens a mailbox.
pub(crate) fn open_mailbox(
    chance: &mut Seed,
    display_name: &str,
    alias: &str,
    address: &str,
    created: Micros,
) -> Mailbox {
    let store = format!("{}AQD{}", chance.base64(21), chance.base64(21));
    let words = |list: &[&str]| list.iter().map(|word| (*word).to_owned()).collect();
    let folders = FOLDERS
        .iter()
        .map(|(path, well_known, end)| Folder {
            id: format!("LgAAAAB{store}AAAAAA{end}"),
            graph_id: format!("AAMkADB{}AAA=", chance.base64(40)),
            path: (*path).to_owned(),
            name: path.rsplit('\\').next().unwrap_or_default().to_owned(),
            well_known: Some(well_known),
            parent: None,
        })
        .collect();
    Mailbox {
        guid: chance.guid(),
        display_name: display_name.to_owned(),
        alias: alias.to_owned(),
        addresses: vec![address.to_owned()],
        folders,
        messages: Vec::new(),
        rules: Vec::new(),
        sweep_rules: Vec::new(),
        phones: Vec::new(),
        forwarding: Forwarding::default(),
        delegates: Vec::new(),
        audit: MailboxAudit {
            enabled: true,
            owner: words(OWNER),
            delegate: words(DELEGATE),
            admin: words(ADMIN),
            default_set: words(&["Admin", "Delegate", "Owner"]),
            bypass: false,
        },
        automatic_replies: "Disabled",
        reply_texts: (String::new(), String::new()),
        protocols: PROTOCOLS
            .iter()
            .map(|(name, on)| ((*name).to_owned(), *on))
            .collect(),
        created,
        store,
    }
}

impl Mailbox {
    /// Returns the place of the folder of a path, making it when there is none.
    pub(crate) fn folder(&mut self, chance: &mut Seed, path: &str) -> usize {
        if let Some(known) = self.folders.iter().position(|folder| folder.path == path) {
            return known;
        }
        let above = path.rsplit_once('\\').map_or("", |(above, _)| above);
        let parent = self.folders.iter().position(|folder| folder.path == above);
        self.folders.push(Folder {
            id: format!("LgAAAAB{}AAAj{}AAAB", self.store, chance.base64(4)),
            graph_id: format!("AAMkADB{}AAA=", chance.base64(40)),
            path: path.to_owned(),
            name: path.rsplit('\\').next().unwrap_or_default().to_owned(),
            well_known: None,
            parent,
        });
        self.folders.len() - 1
    }

    /// Makes up the store id of an item in a folder.
    pub(crate) fn item_id(&self, chance: &mut Seed, folder: usize) -> String {
        let end = self.folders[folder].id.len() - 6;
        let folder = &self.folders[folder].id[end..end + 2];
        format!(
            "RgAAAAB{}AAAAAA{folder}AAD{}AAA",
            self.store,
            chance.base64(24)
        )
    }
}
