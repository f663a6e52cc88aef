//! Links by which files and folders are open to others.

use super::{Found, Looking, Part};
use crate::respond::actions::expire_sharing_link;
use crate::respond::footholds::{FootholdKind, Sign, called};
use crate::respond::graph::{field, get, word};
use crate::respond::object::{Object, ObjectKind};
use crate::respond::written::base64;
use model::Json;
use std::collections::BTreeSet;

/// Asks where the files are that footholds speak of.
pub(super) fn begin(looking: &mut Looking) {
    for sign in looking.signs(&[FootholdKind::Link]) {
        if let Sign::Url(address) = sign {
            let share = share_id(&address);
            let path = format!("/v1.0/shares/{share}/driveItem?$select=id,name,parentReference");
            looking.want(Part::Item(address), get(path));
        }
    }
}

/// Reads where a file is, and asks for the permissions on it.
pub(super) fn read_item(looking: &mut Looking, address: &str, rows: &[Json<'_>]) {
    let Some(row) = rows.first() else {
        return;
    };
    let (item, drive) = (
        word(row, "id"),
        word(field(row, "parentReference"), "driveId"),
    );
    if item.is_empty() || drive.is_empty() {
        let part = Part::Item(address.to_owned());
        looking.miss(&part, format!("the answer does not tell where {part} is"));
        return;
    }
    let ask = expire_sharing_link::all(&drive, &item);
    let place = format!("{drive} {item}");
    looking.want(Part::ItemPermissions(address.to_owned(), place), ask);
}

/// Reads the links among the permissions; one that is inherited belongs to the folder above.
pub(super) fn read_permissions(
    looking: &mut Looking,
    address: &str,
    place: &str,
    rows: &[Json<'_>],
) {
    let (drive, item) = place.split_once(' ').unwrap_or((place, ""));
    let is_link = |row: &&Json<'_>| matches!(row.get("link"), Some(Json::Object(_)));
    let is_own = |row: &&Json<'_>| !matches!(row.get("inheritedFrom"), Some(Json::Object(_)));
    for row in rows.iter().filter(is_link).filter(is_own) {
        let (id, link) = (word(row, "id"), field(row, "link"));
        let scope = word(link, "scope");
        let tenant = &looking.live.tenant;
        let object = Object::new(tenant, ObjectKind::SharingLink, "", &id, address);
        let mut signs = BTreeSet::from([
            Sign::Id(id.to_lowercase()),
            Sign::Url(address.to_owned()),
            Sign::Name(scope.to_lowercase()),
        ]);
        if scope == "anonymous" {
            signs.insert(Sign::ForAll);
        }
        looking.live.found.push(Found {
            kind: FootholdKind::Link,
            object: object.with("drive", drive).with("item", item),
            signs,
            made: None,
            words: format!("link for `{scope}` to {}", called(address)),
        });
    }
}

/// Returns the id by which Graph takes the address of a file.
/// <https://learn.microsoft.com/graph/api/shares-get#encoding-sharing-urls>
fn share_id(address: &str) -> String {
    let encoded = base64(address.as_bytes());
    let encoded = encoded.trim_end_matches('=');
    format!("u!{}", encoded.replace('+', "-").replace('/', "_"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_encoded_without_padding() {
        assert_eq!(share_id("a"), "u!YQ");
        assert_eq!(share_id("ab"), "u!YWI");
        assert_eq!(share_id("abc"), "u!YWJj");
        assert_eq!(share_id("a?>~"), "u!YT8-fg");
    }
}
