//! The messages of a mailbox record: their subjects, ids and folders.

use crate::seen::Seen;
use model::Json;
use model::bags::each_object;

/// How many messages of one record are looked at.
const READ: usize = 500;
/// How much of a subject tells it from others.
const COMPARED: usize = 200;

/// A message that a record names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Item {
    /// Its subject, as it stands there.
    pub(super) subject: String,
    /// Its internet message id; empty where the record has none.
    pub(super) message_id: String,
    /// The path of the folder it is in.
    pub(super) folder: String,
}

/// Returns the messages of a record: the one that was sent, or those that were moved or deleted.
pub(super) fn items(seen: &Seen<'_>) -> Vec<Item> {
    let mut found = Vec::new();
    for key in ["AffectedItems", "Item"] {
        each_object(seen.body().get_any_case(key), &mut |one| {
            if found.len() < READ {
                found.push(item(one));
            }
        });
    }
    let own = folder(seen);
    for item in &mut found {
        if item.folder.is_empty() {
            item.folder.clone_from(&own);
        }
    }
    found
}

fn item(one: &Json<'_>) -> Item {
    let word = |key: &str| {
        one.get_any_case(key)
            .and_then(Json::as_word)
            .unwrap_or_default()
    };
    Item {
        subject: word("Subject").to_owned(),
        message_id: word("InternetMessageId").trim().to_owned(),
        folder: path(one.get_any_case("ParentFolder")),
    }
}

/// Returns the path of the folder that a record is about.
pub(super) fn folder(seen: &Seen<'_>) -> String {
    path(seen.body().get_any_case("Folder"))
}

/// Returns the path of the folder to which a record's messages went.
pub(super) fn destination(seen: &Seen<'_>) -> String {
    path(seen.body().get_any_case("DestFolder"))
}

fn path(folder: Option<&Json<'_>>) -> String {
    let mut found = String::new();
    each_object(folder, &mut |one| {
        let path = one.get_any_case("Path").and_then(Json::as_word);
        found.push_str(path.unwrap_or_default());
    });
    found
}

/// Returns a subject as it is compared: without `Re:` and `Fw:` in the usual languages, in lower case.
pub(in crate::catalogue) fn plain_subject(subject: &str) -> String {
    #[rustfmt::skip]
    const FRONTS: &[&str] = &[
        "re", "fw", "fwd", "aw", "wg", "antw", "tr", "rv", "res", "enc", "sv", "vs", "vb", "odp", "pd",
        "ref", "rif", "doorst",
    ];
    let mut rest = subject.trim();
    while let Some((front, behind)) = rest.split_once(':')
        && FRONTS
            .iter()
            .any(|one| one.eq_ignore_ascii_case(front.trim()))
    {
        rest = behind.trim_start();
    }
    rest.chars()
        .take(COMPARED)
        .collect::<String>()
        .to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_is_compared_without_what_mail_programs_put_before_it() {
        for (subject, expected) in [
            ("RE: Fw: Invoice 7", "invoice 7"),
            ("AW: WG: Rechnung", "rechnung"),
            ("Budget: final", "budget: final"),
            ("  Re:  ", ""),
        ] {
            assert_eq!(plain_subject(subject), expected, "{subject}");
        }
    }
}
