//! Which mailbox a record is about.

use super::Fields;
use crate::bags;
use crate::user::lower;
use model::Json;
use std::borrow::Cow;

/// Returns the mailbox as a lower-case UPN, or nothing where the record does not tell.
pub(super) fn mailbox<'r>(fields: &Fields<'r>, action: &str, user: &Cow<'r, str>) -> Cow<'r, str> {
    if let Some(owner) = fields
        .mailbox_owner
        .and_then(Json::as_text)
        .filter(|owner| !owner.is_empty())
    {
        return lower(owner);
    }
    match cmdlet_on_mailbox(action) {
        Some(About::Rule) => of_rule(fields, user),
        Some(About::Mailbox) => of_mailbox(fields, user),
        None => Cow::Borrowed(""),
    }
}

/// What an administrator's cmdlet changes.
#[derive(Clone, Copy)]
enum About {
    /// A rule inside a mailbox: its identity is the rule's, the mailbox stands elsewhere.
    Rule,
    /// The mailbox itself.
    Mailbox,
}

fn cmdlet_on_mailbox(action: &str) -> Option<About> {
    const MAILBOX: &[&str] = &[
        "CASMailbox",
        "CalendarProcessing",
        "Mailbox",
        "MailboxAutoReplyConfiguration",
        "MailboxFolderPermission",
        "MailboxJunkEmailConfiguration",
        "MailboxMessageConfiguration",
        "MailboxPermission",
        "MailboxRegionalConfiguration",
        "RecipientPermission",
        "UserPhoto",
    ];
    let (_verb, noun) = action.split_once('-')?;
    if noun.eq_ignore_ascii_case("InboxRule") || noun.eq_ignore_ascii_case("SweepRule") {
        return Some(About::Rule);
    }
    MAILBOX
        .iter()
        .any(|known| known.eq_ignore_ascii_case(noun))
        .then_some(About::Mailbox)
}

/// Without a `Mailbox` parameter a rule is in the mailbox of whoever made it.
fn of_rule<'r>(fields: &Fields<'r>, user: &Cow<'r, str>) -> Cow<'r, str> {
    if let Some(named) = parameter(fields, "Mailbox") {
        return upn_of(&named, user);
    }
    match fields
        .object
        .and_then(Json::as_text)
        .filter(|object| !object.is_empty())
    {
        Some(object) => upn_of(object, user),
        None if user.contains('@') => user.clone(),
        None => Cow::Borrowed(""),
    }
}

fn of_mailbox<'r>(fields: &Fields<'r>, user: &Cow<'r, str>) -> Cow<'r, str> {
    let named = parameter(fields, "Identity")
        .map(|named| upn_of(&named, user))
        .filter(|upn| !upn.is_empty());
    named.unwrap_or_else(|| {
        let object = fields.object.and_then(Json::as_text).unwrap_or_default();
        upn_of(object, user)
    })
}

fn parameter<'r>(fields: &Fields<'r>, name: &str) -> Option<Cow<'r, str>> {
    bags::find(fields.parameters?, name).filter(|value| !value.is_empty())
}

/// Returns the UPN that an identity names.
///
/// An identity is a UPN, `upn:\folder`, `alias\rule` or a directory path that ends in one of
/// them. An alias says which mailbox only when it is the actor's own; whose else it is,
/// only the directory knows.
fn upn_of<'r>(identity: &str, user: &Cow<'r, str>) -> Cow<'r, str> {
    let named = {
        let last = identity.rsplit('/').next().unwrap_or_default();
        let owner = last.split(['\\', ':']).next().unwrap_or_default().trim();
        if owner.contains('@') {
            lower(owner).into_owned()
        } else {
            own(owner, user)
        }
    };
    if named == **user {
        user.clone()
    } else {
        Cow::Owned(named)
    }
}

fn own(alias: &str, user: &str) -> String {
    let is_own = user
        .split_once('@')
        .is_some_and(|(local, _)| !local.is_empty() && local.eq_ignore_ascii_case(alias));
    if is_own {
        user.to_owned()
    } else {
        String::new()
    }
}
