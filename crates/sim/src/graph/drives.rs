//! OneDrive: files and the links by which others open them.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::Visit;
use super::page::{collection, object};
use crate::drive::{Drive, DriveItem, SharingLink};
use crate::person::User;
use crate::stamp::seconds;
use crate::wire::Answer;

/// Answers what stands in drives.
pub(super) fn answer(visit: &Visit<'_>) -> Answer {
    match visit.rest.as_slice() {
        ["users", id, "drive", rest @ ..] => match visit.tenant.user(id) {
            Some(user) => of_drive(visit, user, rest),
            None => visit.not_found(id),
        },
        ["drives", id, rest @ ..] => match owner(visit, id) {
            Some(user) => of_drive(visit, user, rest),
            None => missing(visit),
        },
        ["shares", link, "driveItem"] => match shared(visit, link) {
            Some((user, found)) => object(visit, &item(user, found)),
            None => missing(visit),
        },
        _ => super::unknown(visit),
    }
}

/// Returns whose drive an id is of.
pub(super) fn owner<'a>(visit: &'a Visit<'_>, id: &str) -> Option<&'a User> {
    let mut users = visit.tenant.users.iter();
    users.find(|user| user.drive.id == id)
}

/// 404, in the words of drives.
pub(super) fn missing(visit: &Visit<'_>) -> Answer {
    visit.error(404, "itemNotFound", "The resource could not be found.")
}

/// A file by its address, which is written as `u!` and base64url.
fn shared<'a>(visit: &'a Visit<'_>, link: &str) -> Option<(&'a User, &'a DriveItem)> {
    let address = URL_SAFE_NO_PAD.decode(link.strip_prefix("u!")?).ok()?;
    let address = String::from_utf8(address).ok()?.replace("%20", " ");
    let users = visit.tenant.users.iter();
    let mut items = users.flat_map(|user| user.drive.items.iter().map(move |item| (user, item)));
    items.find(|(user, item)| user.drive.url_of(item) == address)
}

fn of_drive(visit: &Visit<'_>, user: &User, rest: &[&str]) -> Answer {
    let drive = &user.drive;
    let with = |id: &str, then: &dyn Fn(&DriveItem) -> Answer| {
        let found = drive.items.iter().find(|item| item.id == id);
        found.map_or_else(|| missing(visit), then)
    };
    match rest {
        [] => object(visit, &whole(user, drive)),
        ["root", "children"] => {
            let items: Vec<Value> = drive.items.iter().map(|found| item(user, found)).collect();
            collection(visit, &items, 999)
        }
        ["items", id] => with(id, &|found| object(visit, &item(user, found))),
        ["items", id, "permissions"] => with(id, &|found| {
            let all: Vec<Value> = permissions(user, found);
            collection(visit, &all, 999)
        }),
        ["items", id, "permissions", link] => with(id, &|found| {
            let all = permissions(user, found);
            let found = all.iter().find(|known| known["id"] == *link);
            found.map_or_else(|| missing(visit), |found| object(visit, found))
        }),
        _ => super::unknown(visit),
    }
}

fn whole(user: &User, drive: &Drive) -> Value {
    json!({
        "id": drive.id, "driveType": "business", "name": "OneDrive", "webUrl": format!("{}/Documents", drive.url),
        "owner": {"user": {"id": user.id, "displayName": user.display_name, "email": user.upn}},
    })
}

fn item(user: &User, item: &DriveItem) -> Value {
    json!({
        "id": item.id, "name": item.name, "size": item.size, "webUrl": user.drive.url_of(item),
        "parentReference": {"driveId": user.drive.id, "driveType": "business", "path": format!("/drives/{}/root:", user.drive.id)},
        "sharepointIds": {"listItemUniqueId": item.unique_id},
        "shared": (!item.links.is_empty()).then(|| json!({"scope": "users"})), "file": {},
    })
}

/// The owner's own, then the links.
fn permissions(user: &User, item: &DriveItem) -> Vec<Value> {
    let own = json!({
        "id": format!("owner-{}", user.id), "roles": ["owner"],
        "grantedToV2": {"user": {"id": user.id, "displayName": user.display_name, "email": user.upn}},
    });
    let links = item.links.iter().map(|known| link(user, known));
    std::iter::once(own).chain(links).collect()
}

/// A link as Graph shows it.
pub(super) fn link(user: &User, link: &SharingLink) -> Value {
    let base = user
        .drive
        .url
        .split("/personal/")
        .next()
        .unwrap_or_default();
    json!({
        "id": link.id, "roles": [if link.kind == "edit" { "write" } else { "read" }],
        "shareId": format!("u!{}", URL_SAFE_NO_PAD.encode(&link.id)), "hasPassword": false,
        "expirationDateTime": link.expires.map(seconds),
        "link": {"type": link.kind, "scope": link.scope, "preventsDownload": false,
            "webUrl": format!("{base}/:x:/g/personal/{}", link.id)},
    })
}
