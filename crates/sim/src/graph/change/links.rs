//! Sharing links: ending them, at once or at a moment, and making others.

use super::Made;
use crate::drive::{DriveItem, SharingLink};
use crate::graph::{Visit, drives};
use crate::stamp;
use crate::wire::Answer;

/// Where a request goes: whose drive, which file.
struct Named<'a> {
    user: usize,
    item: &'a DriveItem,
}

fn named<'a>(visit: &'a Visit<'_>) -> Result<Named<'a>, Answer> {
    let missing = || drives::missing(visit);
    let owner = drives::owner(visit, visit.part(1)).ok_or_else(missing)?;
    let user = visit.person(&owner.id).ok_or_else(missing)?;
    let mut items = visit.tenant.users[user].drive.items.iter();
    let item = items.find(|item| item.id == visit.part(3));
    let item = item.ok_or_else(missing)?;
    Ok(Named { user, item })
}

fn known<'a>(visit: &Visit<'_>, item: &'a DriveItem) -> Result<&'a SharingLink, Answer> {
    let mut links = item.links.iter();
    let found = links.find(|link| link.id == visit.part(5));
    found.ok_or_else(|| drives::missing(visit))
}

fn change(visit: &Visit<'_>, named: &Named<'_>, work: impl FnOnce(&mut Vec<SharingLink>)) {
    visit.cloud.change(visit.place, |tenant| {
        let mut items = tenant.users[named.user].drive.items.iter_mut();
        if let Some(item) = items.find(|item| item.id == named.item.id) {
            work(&mut item.links);
        }
    });
}

fn note(visit: &Visit<'_>, operation: &str, named: &Named<'_>, link: &SharingLink) {
    let operation = match link.scope {
        "anonymous" => format!("AnonymousLink{operation}"),
        _ => format!("CompanyLink{operation}"),
    };
    let owner = &visit.tenant.users[named.user];
    let by = visit.by();
    visit
        .cloud
        .note_sharing(&by, &operation, (owner, named.item), link);
}

/// `DELETE /drives/{id}/items/{id}/permissions/{id}`.
pub(super) fn remove(visit: &Visit<'_>) -> Made {
    let named = named(visit)?;
    if visit.part(5).starts_with("owner-") {
        let text = "The owner's permission cannot be removed.";
        return Err(visit.error(400, "invalidRequest", text));
    }
    let link = known(visit, named.item)?;
    change(visit, &named, |links| {
        links.retain(|other| other.id != link.id);
    });
    note(visit, "Removed", &named, link);
    Ok(Answer::empty(204))
}

/// `PATCH /drives/{id}/items/{id}/permissions/{id}`: when an anonymous link ends; null is never.
pub(super) fn expire(visit: &Visit<'_>) -> Made {
    let named = named(visit)?;
    let body = visit.body()?;
    let link = known(visit, named.item)?;
    let wanted = body.get("expirationDateTime");
    let moment = wanted
        .and_then(|value| value.as_str())
        .and_then(stamp::parse);
    let understood = wanted.is_some_and(|value| value.is_null() || moment.is_some());
    if !understood || link.scope != "anonymous" {
        let text = "Only the expirationDateTime of an anonymous link can be updated.";
        return Err(visit.error(400, "invalidRequest", text));
    }
    let mut after = link.clone();
    after.expires = moment;
    change(visit, &named, |links| {
        for link in links.iter_mut().filter(|other| other.id == after.id) {
            link.expires = moment;
        }
    });
    note(visit, "Updated", &named, &after);
    let owner = &visit.tenant.users[named.user];
    Ok(Answer::json(200, &drives::link(owner, &after)))
}

/// `POST /drives/{id}/items/{id}/createLink`: another link, with another address.
pub(super) fn add(visit: &Visit<'_>) -> Made {
    let named = named(visit)?;
    let body = visit.body()?;
    let one_of = |name: &str, known: [&'static str; 2]| {
        let mut known = known.into_iter();
        known.find(|word| body[name] == **word)
    };
    let kind = one_of("type", ["view", "edit"]);
    let scope = one_of("scope", ["anonymous", "organization"]);
    let (Some(kind), Some(scope)) = (kind, scope) else {
        return Err(visit.error(
            400,
            "invalidRequest",
            "The type or the scope is not supported.",
        ));
    };
    let owner = &visit.tenant.users[named.user];
    let same = |link: &&SharingLink| link.kind == kind && link.scope == scope;
    if let Some(known) = named.item.links.iter().find(same) {
        return Ok(Answer::json(200, &drives::link(owner, known)));
    }
    let link = SharingLink {
        id: visit.cloud.chance_of("link").guid(),
        kind,
        scope,
        created: visit.cloud.now(),
        expires: body["expirationDateTime"].as_str().and_then(stamp::parse),
    };
    change(visit, &named, |links| links.push(link.clone()));
    note(visit, "Created", &named, &link);
    Ok(Answer::json(201, &drives::link(owner, &link)))
}
