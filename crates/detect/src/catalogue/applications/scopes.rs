//! How much a permission gives away.
//! <https://learn.microsoft.com/graph/permissions-reference>

/// How much a permission gives away, least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Weight {
    /// Who somebody is; every application asks for it.
    SignIn,
    /// Something of no use for fraud.
    Little,
    /// Who works there and what they plan.
    People,
    /// What people wrote and keep.
    Content,
    /// The directory itself: who may do what.
    Control,
    /// Mail, written and sent in somebody's name.
    Mailbox,
}

const SIGN_IN: &[&str] = &[
    "openid",
    "profile",
    "email",
    "offline_access",
    "user.read",
    "user.readbasic.all",
];

const LITTLE: &[&str] = &[
    "sites.selected",
    "files.read.selected",
    "files.selected",
    "files.readwrite.appfolder",
    "user.readwrite",
    "mailboxsettings.read",
];

const MAILBOX: &[&str] = &[
    "mail.readwrite",
    "mail.send",
    "mailboxsettings.readwrite",
    "ews.accessasuser.all",
    "full_access_as_",
    "imap.",
    "pop.",
    "smtp.",
    "exchange.manageasapp",
];

const CONTROL: &[&str] = &[
    "rolemanagement.readwrite",
    "approleassignment.readwrite",
    "application.readwrite",
    "delegatedpermissiongrant.readwrite",
    "directory.readwrite",
    "directory.accessasuser",
    "group.readwrite",
    "groupmember.readwrite",
    "user.readwrite.all",
    "policy.readwrite",
    "domain.readwrite",
    "privilegedaccess.readwrite",
    "userauthenticationmethod.readwrite",
    "user-passwordprofile.readwrite",
    "ediscovery.",
];

const CONTENT: &[&str] = &[
    "mail.",
    "files.",
    "sites.",
    "allsites.",
    "myfiles.",
    "notes.",
    "chat.",
    "chatmessage.",
    "channelmessage.",
    "teamsactivity.",
];

const PEOPLE: &[&str] = &[
    "contacts.",
    "calendars.",
    "people.",
    "directory.read",
    "user.read.all",
    "group.read",
    "groupmember.read",
    "auditlog.",
    "member.read",
    "orgcontact.",
    "mail.readbasic",
];

/// Returns how much a permission gives away.
pub(super) fn weight(scope: &str) -> Weight {
    let scope = scope.trim().to_ascii_lowercase();
    // Some clients spell the resource in front: `https://graph.microsoft.com/Mail.Read`.
    let scope = scope.rsplit('/').next().unwrap_or_default();
    let is_one_of = |list: &[&str]| list.iter().any(|front| scope.starts_with(front));
    if SIGN_IN.contains(&scope) {
        Weight::SignIn
    } else if LITTLE.contains(&scope) {
        Weight::Little
    } else if scope.starts_with("mail.readbasic") {
        Weight::People
    } else if is_one_of(MAILBOX) {
        Weight::Mailbox
    } else if is_one_of(CONTROL) || scope.ends_with(".fullcontrol.all") {
        Weight::Control
    } else if is_one_of(CONTENT) {
        Weight::Content
    } else if is_one_of(PEOPLE) {
        Weight::People
    } else {
        Weight::Little
    }
}

/// Returns the greatest weight among permissions, if there are any.
pub(super) fn heaviest<'s>(scopes: impl IntoIterator<Item = &'s String>) -> Option<Weight> {
    scopes.into_iter().map(|scope| weight(scope)).max()
}

/// Application permissions by the ids that a registration asks for them with.
const ROLES: &[(&str, &str)] = &[
    ("dc890d15-9560-4a4c-9b7f-a736ec74ec40", "full_access_as_app"),
    (
        "dc50a0fb-09a3-484d-be87-e023b12c6440",
        "Exchange.ManageAsApp",
    ),
    ("810c84a8-4a9e-49e6-bf7d-12d183f40d01", "Mail.Read"),
    ("e2a3a72e-5f79-4c64-b1b1-878b674786c9", "Mail.ReadWrite"),
    ("b633e1c5-b582-4048-a93e-9f11b44c7e96", "Mail.Send"),
    (
        "6931bccd-447a-43d1-b442-00a195474933",
        "MailboxSettings.ReadWrite",
    ),
    (
        "06b708a9-e830-4db3-a914-8e69da51d44f",
        "AppRoleAssignment.ReadWrite.All",
    ),
    (
        "9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8",
        "RoleManagement.ReadWrite.Directory",
    ),
    (
        "1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9",
        "Application.ReadWrite.All",
    ),
    (
        "19dbc75e-c2e2-444c-a770-ec69d8559fc7",
        "Directory.ReadWrite.All",
    ),
    ("741f803b-c850-494e-b5df-cde7c675a1ca", "User.ReadWrite.All"),
    (
        "62a82d76-70ea-41e2-9197-370581804d09",
        "Group.ReadWrite.All",
    ),
    (
        "50483e42-d915-4231-9639-7fdb7fd190e5",
        "UserAuthenticationMethod.ReadWrite.All",
    ),
    (
        "75359482-378d-4052-8f01-80520e7db3cd",
        "Files.ReadWrite.All",
    ),
    ("01d4889c-1287-42c6-ac1f-5d1e02578ef6", "Files.Read.All"),
    ("332a536c-c7ef-4017-ab91-336970924f0d", "Sites.Read.All"),
    (
        "9492366f-7969-46a4-8d15-ed1a20078fff",
        "Sites.ReadWrite.All",
    ),
    (
        "a82116e5-55eb-4c41-a434-62fe8a61c773",
        "Sites.FullControl.All",
    ),
];

/// Returns the name of an application permission of which the id is known.
pub(super) fn role(id: &str) -> Option<&'static str> {
    let found = ROLES.iter().find(|(own, _)| own.eq_ignore_ascii_case(id))?;
    Some(found.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_permission_weighs_what_it_gives_away() {
        for (scope, expected) in [
            ("User.Read", Weight::SignIn),
            ("offline_access", Weight::SignIn),
            ("ActivityFeed.Read", Weight::Little),
            ("User.Read.All", Weight::People),
            ("Mail.ReadBasic", Weight::People),
            ("Mail.Read", Weight::Content),
            (
                "https://graph.microsoft.com/Files.ReadWrite.All",
                Weight::Content,
            ),
            ("Sites.Selected", Weight::Little),
            ("Group.ReadWrite.All", Weight::Control),
            ("Sites.FullControl.All", Weight::Control),
            ("Mail.Send.Shared", Weight::Mailbox),
            ("EWS.AccessAsUser.All", Weight::Mailbox),
            ("", Weight::Little),
        ] {
            assert_eq!(weight(scope), expected, "{scope}");
        }
    }
}
