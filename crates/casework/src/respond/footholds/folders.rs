//! Rights to folders that somebody was given.

use super::cmdlet::{Cmdlet, bare};
use super::mailbox::{mailbox, trustee};
use super::{Foothold, FootholdKind, Sign, called, foothold};
use crate::respond::names::folder_path;
use model::bags::{body, each_object};
use model::{Event, Json};

/// What mailboxes write when rights to a folder are given.
const RECORDS: [&str; 3] = [
    "AddFolderPermissions",
    "ModifyFolderPermissions",
    "UpdateFolderPermissions",
];

/// Reads a right to a folder.
pub(super) fn read(event: &Event<'_>) -> Vec<Foothold> {
    if RECORDS
        .iter()
        .any(|one| event.action.eq_ignore_ascii_case(one))
    {
        return by_client(event);
    }
    let Some(cmdlet) = Cmdlet::read(event).filter(Cmdlet::is_making) else {
        return Vec::new();
    };
    if cmdlet.noun != "mailboxfolderpermission" {
        return Vec::new();
    }
    let identity = cmdlet.identity();
    let (owner, path) = identity.split_once(':').unwrap_or((identity, "\\"));
    let rights = cmdlet.value("AccessRights").unwrap_or_default();
    let whom = cmdlet.value("User").unwrap_or_default();
    given(event, &bare(owner), path, whom, rights)
}

fn by_client(event: &Event<'_>) -> Vec<Foothold> {
    let body = body(&event.rest);
    let mut found = Vec::new();
    each_object(body.get_any_case("Item"), &mut |item| {
        each_object(item.get_any_case("ParentFolder"), &mut |folder| {
            let word = |key: &str| {
                let word = folder.get_any_case(key).and_then(Json::as_word);
                word.unwrap_or_default().to_owned()
            };
            let or = |first: String, other: &str| match first {
                none if none.is_empty() => word(other),
                some => some,
            };
            let whom = or(word("MemberUpn"), "MemberSid");
            let path = or(word("Path"), "Name");
            found.extend(given(
                event,
                &mailbox(event),
                &path,
                &whom,
                &word("MemberRights"),
            ));
        });
    });
    found
}

/// A right to nothing is none, and a group's mailbox opens its folders to its own members.
fn given(event: &Event<'_>, owner: &str, path: &str, whom: &str, rights: &str) -> Vec<Foothold> {
    let is_none = rights.trim().eq_ignore_ascii_case("none");
    let is_own = whom.eq_ignore_ascii_case(owner);
    let is_group = whom.to_lowercase().ends_with("@local");
    if whom.is_empty() || is_none || is_own || is_group {
        return Vec::new();
    }
    let path = folder_path(path);
    let mut signs = trustee(whom);
    signs.push(Sign::Folder(path.to_lowercase()));
    let what = format!(
        "gave {} rights to the folder {} of {owner}",
        called(whom),
        called(&path)
    );
    vec![foothold(
        event,
        FootholdKind::FolderRight,
        owner,
        signs,
        &what,
    )]
}
