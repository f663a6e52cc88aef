//! Links by which files were opened to others.

use super::{Foothold, FootholdKind, Sign, called, foothold};
use crate::respond::names::is_guid;
use model::bags::body;
use model::{Event, Json};

/// The beginnings of the operations that make a link.
const LINKS: [&str; 4] = ["AnonymousLink", "CompanyLink", "SecureLink", "SharingLink"];

/// Reads a link that was made or changed.
pub(super) fn read(event: &Event<'_>) -> Vec<Foothold> {
    let is_link = LINKS.iter().any(|link| event.action.starts_with(link));
    let is_made = event.action.ends_with("Created") || event.action.ends_with("Updated");
    let is_set = event.action == "SharingSet" || event.action == "AddedToSecureLink";
    if !(is_link && is_made || is_set) {
        return Vec::new();
    }
    let body = body(&event.rest);
    let word = |key: &str| {
        let found = body.get_any_case(key).and_then(Json::as_word);
        found.unwrap_or_default()
    };
    // `SharingLinks.<item>.AnonymousEdit.<link>` is the group that stands for a link.
    let group = word("TargetUserOrGroupName");
    if is_set && !group.starts_with("SharingLinks.") && word("UniqueSharingId").is_empty() {
        return Vec::new();
    }
    let mut signs = vec![Sign::Url(event.object.clone().into_owned())];
    let ids = std::iter::once(word("UniqueSharingId"));
    let ids = ids.chain(group.rsplit('.').take(1));
    signs.extend(
        ids.filter(|id| is_guid(id))
            .map(|id| Sign::Id(id.to_lowercase())),
    );
    if event.action.starts_with("Anonymous") || group.contains("Anonymous") {
        signs.push(Sign::ForAll);
    }
    let what = format!("made a link to {}", called(&event.object));
    vec![foothold(
        event,
        FootholdKind::Link,
        &event.user,
        signs,
        &what,
    )]
}
