//! What a record of SharePoint or OneDrive says of a document and of whom it was shared with.

use crate::seen::Seen;
use crate::world::World;
use model::ActorKind;

/// Returns the document's name.
pub(super) fn name<'s>(seen: &'s Seen<'_>) -> &'s str {
    let name = seen.word("SourceFileName");
    if name.is_empty() {
        seen.object().rsplit('/').next().unwrap_or_default()
    } else {
        name
    }
}

/// Returns the ending of a name in lower case, without the dot.
pub(super) fn ending(name: &str) -> String {
    let (_, ending) = name.rsplit_once('.').unwrap_or_default();
    ending.to_ascii_lowercase()
}

/// Returns whether a page of the site itself was opened, not a document.
pub(super) fn is_page(seen: &Seen<'_>) -> bool {
    let name = name(seen).to_ascii_lowercase();
    matches!(ending(&name).as_str(), "aspx" | "master" | "js" | "css")
        || name.ends_with("thumb.jpg")
        || seen.object().contains("/_layouts/")
        || seen.object().contains("/SiteAssets/")
}

/// Returns whether a person did it, not SharePoint or an application for itself.
pub(super) fn is_persons(seen: &Seen<'_>) -> bool {
    let user = seen.user();
    let is_named = user.contains('@') && user != "app@sharepoint";
    is_named
        && !seen.is_service()
        && !matches!(seen.actor(), ActorKind::Application | ActorKind::Policy)
}

/// Returns whether it stands in the actor's own OneDrive: `/personal/ann_corp_example/`.
pub(super) fn is_in_own_drive(seen: &Seen<'_>) -> bool {
    let place = [seen.object(), seen.word("SiteUrl")]
        .into_iter()
        .find_map(|url| url.split_once("/personal/"));
    let Some((_, rest)) = place else {
        return false;
    };
    let owner = rest.split('/').next().unwrap_or_default();
    let folded = |text: &str| -> String {
        let text = text.to_lowercase();
        text.chars()
            .map(|letter| {
                if letter.is_alphanumeric() {
                    letter
                } else {
                    '_'
                }
            })
            .collect()
    };
    folded(owner) == folded(seen.user())
}

/// Returns whether the record says that the device is not managed.
pub(super) fn is_unmanaged(seen: &Seen<'_>) -> bool {
    seen.word("IsManagedDevice").eq_ignore_ascii_case("false")
}

/// Returns the person outside the organisation with whom something was shared.
pub(super) fn outsider(seen: &Seen<'_>, world: &World<'_>) -> Option<String> {
    let name = seen.word("TargetUserOrGroupName").to_lowercase();
    // A guest's own address stands before the mark: `ann_friend.example#ext#@corp.example`.
    let guest = name.split_once("#ext#").and_then(|(front, _)| {
        let at = front.rfind('_')?;
        Some(format!("{}@{}", &front[..at], &front[at + 1..]))
    });
    let address = guest.unwrap_or(name);
    let is_guest = seen
        .word("TargetUserOrGroupType")
        .eq_ignore_ascii_case("Guest");
    let is_outside = world.tenant.is_outside(&address);
    (address.contains('@')
        && is_outside
        && (is_guest || seen.is_action(&["SharingInvitationCreated"])))
    .then_some(address)
}

/// Returns whether what was shared can be changed by whom it was shared with.
pub(super) fn may_edit(seen: &Seen<'_>) -> bool {
    let data = [seen.word("EventData"), seen.word("Event_Data")].concat();
    ["Edit", "Contribute", "Full Control", "Owner"]
        .iter()
        .any(|right| data.contains(&format!(">{right}<")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ending_is_what_stands_behind_the_last_dot() {
        assert_eq!(ending("Invoice.v2.HTML"), "html");
        assert_eq!(ending("README"), "");
    }
}
