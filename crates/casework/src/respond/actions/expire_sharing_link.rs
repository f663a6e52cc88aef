//! A sharing link ends.

use crate::respond::action::{About, Action, Reversible, Stage};
use crate::respond::graph::{change, field, get, rows, word};
use crate::respond::names::is_same;
use crate::respond::object::Object;
use crate::respond::state::State;
use crate::respond::written::{object as json, part, quoted, text};
use model::{Ask, Change, Json, Reply, Verb};

const ABOUT: About = About {
    id: "expire-sharing-link",
    title: "End sharing link",
    sentence: "Ends a link by which others open a file or folder.",
    permissions: &["Files.ReadWrite.All"],
    stage: Stage::Links,
    reversible: Reversible::Partly(
        "a new link has another address, and no end or password that the old one had",
    ),
    notices: "Nobody can open the file by this link any more.",
    limits: "What was downloaded is gone; who is named in person on the file keeps access.",
    automatic: false,
    ticked: true,
    on_request: false,
    attack: &["T1567", "T1537"],
};

/// Ends a sharing link. The object's extra says where it is: `drive` and `item`.
pub(crate) struct ExpireSharingLink;

/// Asks for the permissions on an item.
pub(crate) fn all(drive: &str, item: &str) -> Ask {
    let (drive, item) = (part(drive), part(item));
    get(format!("/v1.0/drives/{drive}/items/{item}/permissions"))
}

impl Action for ExpireSharingLink {
    fn about(&self) -> &'static About {
        &ABOUT
    }

    fn look(&self, object: &Object) -> Vec<Ask> {
        vec![all(object.extra("drive"), object.extra("item"))]
    }

    fn seen(&self, object: &Object, replies: &[Reply]) -> Result<State, String> {
        find(replies, |link| is_same(&word(link, "id"), &object.id))
    }

    fn change(&self, object: &Object, before: &State) -> Result<Vec<Change>, String> {
        if before.is_gone() {
            return Err("the link is not there any more".to_owned());
        }
        Ok(vec![change(Verb::Delete, path(object), None)])
    }

    fn wanted(&self, _: &Object, _: &State) -> State {
        State::gone()
    }

    fn undo(&self, object: &Object, before: &State) -> Result<Vec<Change>, String> {
        if before.is_gone() {
            return Ok(Vec::new());
        }
        let (kind, scope) = (before.word("type"), before.word("scope"));
        let body = json(&[
            ("type", text(kind.as_deref().unwrap_or("view"))),
            ("scope", text(scope.as_deref().unwrap_or("organization"))),
        ]);
        let (drive, item) = (part(object.extra("drive")), part(object.extra("item")));
        let path = format!("/v1.0/drives/{drive}/items/{item}/createLink");
        Ok(vec![change(Verb::Post, path, Some(body))])
    }

    /// The new link has another id: it is known by what it lets whom do.
    fn seen_undone(&self, _: &Object, before: &State, replies: &[Reply]) -> Result<State, String> {
        find(replies, |link| state(link) == *before)
    }

    fn manual(&self, object: &Object) -> String {
        let [drive, item] = ["drive", "item"].map(|name| quoted(object.extra(name)));
        let id = quoted(&object.id);
        format!(
            "Remove-MgDriveItemPermission -DriveId {drive} -DriveItemId {item} -PermissionId {id}"
        )
    }
}

fn find(replies: &[Reply], is_meant: impl Fn(&Json<'_>) -> bool) -> Result<State, String> {
    let asked = "the permissions on a shared item";
    let read = rows(&ABOUT, asked, replies.first(), |permissions| {
        let found = permissions.iter().find(|one| is_meant(one));
        Ok(found.map_or_else(State::gone, state))
    });
    // An item that is gone has no links.
    Ok(read?.unwrap_or_default())
}

fn state(permission: &Json<'_>) -> State {
    let link = field(permission, "link");
    ["scope", "type"]
        .into_iter()
        .fold(State::default(), |state, name| {
            state.with_text(name, &word(link, name))
        })
}

fn path(object: &Object) -> String {
    let [drive, item] = ["drive", "item"].map(|name| part(object.extra(name)));
    let id = part(&object.id);
    format!("/v1.0/drives/{drive}/items/{item}/permissions/{id}")
}
