//! Which folder a right is on, how much of it it lets be read, and by whom.

use super::grant::{bare, is_everyone};
use crate::cmdlet::Cmdlet;
use crate::seen::Seen;
use crate::world::Tenant;
use model::Json;

/// What kind of folder it is; the dearest last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Folder {
    /// Calendars, contacts, tasks, notes: shared every day.
    Planning,
    /// Any other folder of mail.
    Mail,
    /// The inbox, what was sent, or the whole mailbox.
    Heart,
}

/// To whom a folder is opened; the furthest last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Audience {
    /// One who may be a colleague.
    Somebody,
    /// One whose address is outside the organisation.
    Outsider,
    /// Everybody, or everybody of the organisation.
    All,
}

/// A right to read a folder that a record gives.
pub(super) struct Opened {
    /// Whose folder, as far as the record tells.
    pub(super) owner: String,
    pub(super) path: String,
    pub(super) folder: Folder,
    pub(super) member: String,
    pub(super) audience: Audience,
    pub(super) rights: String,
}

impl Opened {
    /// Reads what a cmdlet or a mailbox record opens; nothing if no mail can be read by it.
    pub(super) fn read(cmdlet: &Cmdlet<'_, '_>, seen: &Seen<'_>, tenant: &Tenant) -> Option<Self> {
        let (owner, path, member, rights) = if seen.action().contains('-') {
            by_cmdlet(cmdlet, seen)?
        } else {
            by_client(seen)?
        };
        let name = bare(&member);
        if !lets_read(&rights) || is_role_of_a_group(&name) || is_owner(&name, seen) {
            return None;
        }
        Some(Self {
            owner,
            folder: folder(&path),
            audience: audience(&member, &name, tenant),
            path,
            member,
            rights,
        })
    }
}

/// Owner, path, member and rights.
type Parts = (String, String, String, String);

/// `ann@corp.example:\Inbox`, the user and the rights as parameters.
fn by_cmdlet(cmdlet: &Cmdlet<'_, '_>, seen: &Seen<'_>) -> Option<Parts> {
    let identity = cmdlet.value("Identity").unwrap_or_else(|| seen.object());
    let (owner, path) = identity.split_once(':').unwrap_or((identity, "\\"));
    Some((
        bare(owner),
        path.to_owned(),
        cmdlet.value("User")?.to_owned(),
        cmdlet.value("AccessRights")?.to_owned(),
    ))
}

/// The folder with its new member, as a mailbox record has it.
fn by_client(seen: &Seen<'_>) -> Option<Parts> {
    let item = seen.body().get_any_case("Item")?.opened();
    let parent = item.get_any_case("ParentFolder")?.opened();
    let word = |key: &str| {
        let found = parent.get_any_case(key).and_then(Json::as_word);
        found.unwrap_or_default().to_owned()
    };
    let member = match word("MemberUpn") {
        upn if upn.is_empty() => word("MemberSid"),
        upn => upn,
    };
    let path = match word("Path") {
        path if path.is_empty() => word("Name"),
        path => path,
    };
    Some((
        seen.mailbox().to_owned(),
        path,
        member,
        word("MemberRights"),
    ))
}

fn lets_read(rights: &str) -> bool {
    const READING: &[&str] = &[
        "readany",
        "readitems",
        "reviewer",
        "owner",
        "publishingeditor",
        "editor",
        "publishingauthor",
        "author",
        "nonediting",
        "fulldetails",
    ];
    let lower = rights.to_ascii_lowercase();
    let mut single = lower.split([',', ';', ' ']).filter(|one| !one.is_empty());
    single.any(|one| READING.iter().any(|right| one.starts_with(right)))
}

/// A group's mailbox opens its folders to its own members and owners when it is made.
fn is_role_of_a_group(member: &str) -> bool {
    member == "member@local" || member == "owner@local"
}

fn is_owner(member: &str, seen: &Seen<'_>) -> bool {
    !member.is_empty() && member == seen.mailbox()
}

fn audience(member: &str, name: &str, tenant: &Tenant) -> Audience {
    if is_everyone(name) {
        return Audience::All;
    }
    let address = member.rsplit([':', '<', '[']).next().unwrap_or_default();
    if name.contains("#ext#") || tenant.is_outside(address.trim_end_matches(['>', ']'])) {
        return Audience::Outsider;
    }
    Audience::Somebody
}

/// Folders that are planned with, in the languages that mailboxes are often in.
const PLANNING: &[&str] = &[
    "calend",
    "kalend",
    "agenda",
    "contact",
    "kontakt",
    "contatti",
    "personmetadata",
    "task",
    "aufgabe",
    "taken",
    "tâches",
    "tareas",
    "attivit",
    "notes",
    "notizen",
    "birthday",
    "kontakty",
    "predict",
    "recipient cache",
    "yammer",
    "externalcontacts",
    "freebusy",
    "people",
    "companies",
];

/// Inbox and sent mail, in the same languages.
const HEART: &[&str] = &[
    "",
    "top of information store",
    "inbox",
    "sent items",
    "posteingang",
    "gesendete elemente",
    "boîte de réception",
    "éléments envoyés",
    "postvak in",
    "verzonden items",
    "bandeja de entrada",
    "elementos enviados",
    "posta in arrivo",
    "posta inviata",
    "caixa de entrada",
    "itens enviados",
    "skrzynka odbiorcza",
    "elementy wysłane",
];

fn folder(path: &str) -> Folder {
    let lower = path.to_lowercase();
    let top = lower.trim_start_matches(['\\', '/']);
    let top = top.split(['\\', '/']).next().unwrap_or_default().trim();
    if HEART.contains(&top) {
        Folder::Heart
    } else if PLANNING.iter().any(|front| top.starts_with(front)) {
        Folder::Planning
    } else {
        Folder::Mail
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_tells_the_folder() {
        for (path, expected) in [
            ("\\Inbox", Folder::Heart),
            ("\\", Folder::Heart),
            ("\\Inbox\\Bank", Folder::Heart),
            ("\\Éléments envoyés", Folder::Heart),
            ("\\Calendar\\Holidays", Folder::Planning),
            ("\\Kalender", Folder::Planning),
            ("\\Invoices", Folder::Mail),
        ] {
            assert_eq!(folder(path), expected, "{path}");
        }
    }

    #[test]
    fn some_rights_let_nobody_read() {
        for rights in [
            "ReadAny, Visible",
            "Reviewer",
            "Owner",
            "FolderVisible;ReadItems",
        ] {
            assert!(lets_read(rights), "{rights}");
        }
        for rights in [
            "None",
            "AvailabilityOnly",
            "LimitedDetails",
            "Contributor",
            "",
            "Visible",
        ] {
            assert!(!lets_read(rights), "{rights}");
        }
    }
}
