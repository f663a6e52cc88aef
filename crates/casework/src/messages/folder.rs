//! Folders as records spell them, and when two spellings are one folder.
//!
//! A folder is known by its id where both sides have one, for names repeat and are
//! localised; by its kind or its name where one side has none. This is not the list of the
//! mailbox's folders: no record gives that.

use super::folder_names::NAMES;

/// The folders that every mailbox has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Kind {
    Inbox,
    Sent,
    Deleted,
    Drafts,
    Junk,
    Outbox,
    /// Where deleted messages wait, out of every client's sight.
    Recoverable,
}

/// The ends of the folder ids that a mailbox has from its birth: the counter of its default
/// folders, and the mark of a mail folder. A mailbox that was moved may have others.
const BORN_WITH: [(&str, Kind); 6] = [
    ("AAAAAAEJAAAB", Kind::Sent),
    ("AAAAAAEKAAAB", Kind::Deleted),
    ("AAAAAAELAAAB", Kind::Outbox),
    ("AAAAAAEMAAAB", Kind::Inbox),
    ("AAAAAAEPAAAB", Kind::Drafts),
    ("AAAAAAEVAAAB", Kind::Junk),
];

impl Kind {
    /// Returns the word that outputs use.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Inbox => "Inbox",
            Self::Sent => "Sent Items",
            Self::Deleted => "Deleted Items",
            Self::Drafts => "Drafts",
            Self::Junk => "Junk Email",
            Self::Outbox => "Outbox",
            Self::Recoverable => "Recoverable Items",
        }
    }

    /// Returns the kind of the folder at a path or of a name: `\Inbox` is the inbox, `\Inbox\Customers` is not.
    pub(super) fn of_name(name: &str) -> Option<Self> {
        let folded = folded(name);
        let is_recoverable = folded.starts_with("recoverable items\\");
        if is_recoverable {
            return Some(Self::Recoverable);
        }
        NAMES
            .iter()
            .find(|(_, names)| names.contains(&folded.as_str()))
            .map(|(kind, _)| *kind)
    }

    /// Returns the kind that the end of a folder's id suggests.
    pub(super) fn of_id(id: &str) -> Option<Self> {
        // The mail API's id ends where Exchange's own has two letters for the kind of object.
        let shared = id.strip_suffix("A=").filter(|_| is_wrapped(id));
        let ends = |end: &str| match shared {
            Some(id) => id.ends_with(&end[..end.len() - 2]),
            None => id.ends_with(end),
        };
        BORN_WITH
            .iter()
            .find(|(end, _)| ends(end))
            .map(|(_, kind)| *kind)
    }
}

/// A folder as one record names it; the blank one stands for anywhere in the mailbox.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Folder<'a> {
    pub(super) id: &'a str,
    pub(super) name: &'a str,
    pub(super) kind: Option<Kind>,
}

impl<'a> Folder<'a> {
    /// Anywhere in the mailbox.
    pub(super) const ANYWHERE: Self = Self {
        id: "",
        name: "",
        kind: None,
    };

    pub(super) fn of(id: &'a str, name: &'a str) -> Self {
        Self {
            id,
            name,
            kind: Kind::of_name(name).or_else(|| Kind::of_id(id)),
        }
    }

    pub(super) const fn of_kind(kind: Kind) -> Self {
        Self {
            id: "",
            name: kind.name(),
            kind: Some(kind),
        }
    }

    /// Reads what may be a path or an id, as the destination of a move is.
    pub(super) fn of_text(text: &'a str) -> Self {
        if is_id(text) {
            Self::of(text, "")
        } else {
            Self::of("", text)
        }
    }

    /// Reads where a message was delivered to; a word that names no folder stands for anywhere.
    pub(super) fn of_location(location: &'a str) -> Self {
        if let Some((_, kind)) = LOCATIONS
            .iter()
            .find(|(word, _)| location.eq_ignore_ascii_case(word))
        {
            return Self {
                id: "",
                name: location,
                kind: Some(*kind),
            };
        }
        let place = Self::of("", location);
        let names_a_folder = place.kind.is_some() || location.starts_with('\\');
        if names_a_folder {
            place
        } else {
            Self::ANYWHERE
        }
    }

    /// Returns whether a record that names the folder by Exchange's own id, or by its path, can
    /// be told to mean this one or another.
    pub(super) fn is_comparable(&self) -> bool {
        let hidden = is_wrapped(self.id) && entry_of_wrapped(self.id).is_none();
        !hidden || !self.name.is_empty() || self.kind.is_some()
    }

    pub(super) fn is_anywhere(&self) -> bool {
        self.id.is_empty() && self.name.is_empty() && self.kind.is_none()
    }

    /// Returns whether two records speak of one folder, as far as they can tell.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        if let Some(same) = compare_ids(self.id, other.id) {
            return same;
        }
        match (self.kind, other.kind) {
            (Some(own), Some(other)) => own == other,
            (None, None) => is_same_name(self.name, other.name),
            _ => false,
        }
    }

    /// Returns what to show a person: the path or name, else the id.
    pub(super) fn label(&self) -> &'a str {
        if self.name.is_empty() {
            self.id
        } else {
            self.name
        }
    }
}

/// The words of EmailEvents for where a message was delivered to.
/// <https://learn.microsoft.com/defender-xdr/advanced-hunting-emailevents-table>
const LOCATIONS: [(&str, Kind); 10] = [
    ("Inbox/folder", Kind::Inbox),
    ("Inbox", Kind::Inbox),
    ("inbox_folder", Kind::Inbox),
    ("InboxFolder", Kind::Inbox),
    ("Junk folder", Kind::Junk),
    ("JunkFolder", Kind::Junk),
    ("Junk", Kind::Junk),
    ("Deleted items", Kind::Deleted),
    ("Deleted folder", Kind::Deleted),
    ("DeletedFolder", Kind::Deleted),
];

/// Returns whether two ids are one folder's; nothing where they cannot be compared: one is
/// missing, or the mail API wraps the folder's own id in a way that hides it.
pub(super) fn compare_ids(left: &str, right: &str) -> Option<bool> {
    if left.is_empty() || right.is_empty() {
        return None;
    }
    match (is_wrapped(left), is_wrapped(right)) {
        (false, false) => Some(is_same_id(left, right)),
        (true, true) => (left.get(..4) == right.get(..4)).then(|| is_same_id(left, right)),
        (false, true) => Some(is_same_id(entry_of_own(left)?, entry_of_wrapped(right)?)),
        (true, false) => Some(is_same_id(entry_of_own(right)?, entry_of_wrapped(left)?)),
    }
}

fn is_same_id(left: &str, right: &str) -> bool {
    left.len() == right.len()
        && left
            .bytes()
            .zip(right.bytes())
            .all(|(left, right)| plain(left) == plain(right))
}

/// Returns whether an id is one that the mail API made around Exchange's own: as it is, packed, immutable.
fn is_wrapped(id: &str) -> bool {
    ["AAMk", "AQMk", "AAkA", "AQkA"]
        .iter()
        .any(|begin| id.starts_with(begin))
}

/// Returns the letters of the folder's entry id in an id as audit records write it: its length in
/// one byte, its 46 bytes, the kind of object in one.
fn entry_of_own(id: &str) -> Option<&str> {
    let is_folder = id.len() == 64 && id.starts_with("LgAA");
    id.get(4..62).filter(|_| is_folder)
}

/// Returns the same letters of an id of the mail API, which stand behind the mailbox's GUID: the
/// entry id begins at byte 43 there and at byte 1 in Exchange's own, so its Base64 is the same.
/// <https://learn.microsoft.com/openspecs/exchange_server_protocols/ms-oxwsitemid>
fn entry_of_wrapped(id: &str) -> Option<&str> {
    let is_plain_folder = id.len() == 120 && id.starts_with("AAMk");
    id.get(60..118).filter(|_| is_plain_folder)
}

/// Undoes the letters of Base64 that are safe in a URL.
fn plain(letter: u8) -> u8 {
    match letter {
        b'-' => b'/',
        b'_' => b'+',
        letter => letter,
    }
}

/// Returns whether two paths or names can be one folder's; a bare name is held against the last part of a path.
pub(super) fn is_same_name(left: &str, right: &str) -> bool {
    if left.is_empty() || right.is_empty() {
        return false;
    }
    let (left_folded, right_folded) = (folded(left), folded(right));
    let both_are_paths = left.starts_with('\\') && right.starts_with('\\');
    if both_are_paths {
        left_folded == right_folded
    } else {
        last_part(&left_folded) == last_part(&right_folded)
    }
}

/// Returns a path or name in lower case, without the separators around it and with plain apostrophes.
pub(super) fn folded(name: &str) -> String {
    name.trim()
        .trim_matches('\\')
        .chars()
        .flat_map(char::to_lowercase)
        .map(|letter| if letter == '\u{2019}' { '\'' } else { letter })
        .collect()
}

fn last_part(path: &str) -> &str {
    path.rsplit('\\').next().unwrap_or(path)
}

fn is_id(text: &str) -> bool {
    let is_of_base64 = |letter: u8| {
        letter.is_ascii_alphanumeric() || matches!(letter, b'+' | b'/' | b'-' | b'_' | b'=')
    };
    text.len() >= 40 && text.bytes().all(is_of_base64)
}

#[cfg(test)]
mod tests {
    use super::*;

    const INBOX_ID: &str = "LgAAAADx0000000000000000000000000000AQAAAAAAAAAAAAAAAAAAAAAAAAEMAAAB";
    const OTHER_ID: &str = "LgAAAADx0000000000000000000000000000AQAAAAAAAAAAAAAAAAAAAAAjtsb8AAAB";

    #[test]
    fn every_name_in_the_table_is_folded_and_of_one_kind() {
        for (kind, names) in NAMES {
            for name in *names {
                assert_eq!(folded(name), **name);
                assert_eq!(Kind::of_name(name), Some(*kind), "{name}");
            }
        }
    }

    #[test]
    fn a_default_folder_is_known_in_any_language_and_a_folder_inside_it_is_not() {
        assert_eq!(Kind::of_name("\\Boîte d\u{2019}envoi"), Some(Kind::Outbox));
        assert_eq!(Kind::of_name("\\GESENDETE Elemente"), Some(Kind::Sent));
        assert_eq!(Kind::of_name("\\Inbox\\Customers"), None);
        assert_eq!(Kind::of_name("\\Customers\\Inbox"), None);
        assert_eq!(
            Kind::of_name("\\Recoverable Items\\Deletions"),
            Some(Kind::Recoverable)
        );
        assert_eq!(Folder::of(INBOX_ID, "\\Postaláda").kind, Some(Kind::Inbox));
    }

    #[test]
    fn ids_decide_before_names() {
        let inbox = Folder::of(INBOX_ID, "\\Inbox");
        assert!(!inbox.is_same(&Folder::of(OTHER_ID, "\\Inbox")));
        assert!(inbox.is_same(&Folder::of(INBOX_ID, "\\Customers\\Inbox")));
        assert!(inbox.is_same(&Folder::of("", "Posteingang")));
        let url_safe = "A/+A".replace('/', "-").replace('+', "_");
        assert_eq!(compare_ids("A/+A", &url_safe), Some(true));
        assert_eq!(compare_ids("AAMkAD", "LgAAAA"), None);
    }

    #[test]
    fn the_mail_apis_id_is_joined_to_the_one_that_audit_records_write() {
        let entry = |counter: &str| format!("AAnnBox{:0<37}{counter}", "AQData+/");
        let own = format!("LgAA{}AAAB", entry("AAAAAAAAAAEM"));
        let of_api = |counter: &str| {
            let entry = entry(counter).replace('/', "-").replace('+', "_");
            format!("AAMk{}{entry}AAA=", "G".repeat(56))
        };
        let (inbox, other) = (of_api("AAAAAAAAAAEM"), of_api("AAAAAAjtsb8A"));
        assert_eq!((own.len(), inbox.len()), (64, 120));
        assert_eq!(compare_ids(&own, &inbox), Some(true));
        assert_eq!(compare_ids(&other, &own), Some(false));
        assert_eq!(compare_ids(&own, "AAkALgAAAAAAHYQDEapm"), None);
        assert_eq!(Folder::of(&inbox, "").kind, Some(Kind::Inbox));
        assert!(Folder::of(&other, "").is_comparable());
        assert!(!Folder::of("AAkALgAAAAAAHYQDEapm", "").is_comparable());
    }

    #[test]
    fn a_bare_name_is_held_against_the_last_part_of_a_path() {
        assert!(is_same_name("\\Inbox\\Customers", "customers"));
        assert!(!is_same_name("\\Inbox\\Customers", "\\Customers"));
        assert!(!is_same_name("", ""));
    }

    #[test]
    fn a_destination_may_be_a_path_or_an_id() {
        assert_eq!(Folder::of_text("\\Deleted Items").kind, Some(Kind::Deleted));
        assert_eq!(Folder::of_text(OTHER_ID).id, OTHER_ID);
        assert_eq!(Folder::of_text("Customers").name, "Customers");
    }

    #[test]
    fn a_location_that_names_no_folder_is_anywhere() {
        assert_eq!(Folder::of_location("Inbox/folder").kind, Some(Kind::Inbox));
        assert_eq!(Folder::of_location("Junk folder").kind, Some(Kind::Junk));
        assert!(Folder::of_location("Forwarded").is_anywhere());
        assert!(Folder::of_location("").is_anywhere());
        assert_eq!(Folder::of_location("\\Customers").name, "\\Customers");
    }
}
