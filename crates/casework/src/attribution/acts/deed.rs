//! What kind of deed an operation is, by its name alone.

/// What somebody did that attribution must remember.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::attribution) enum Deed {
    /// A person or administrator consented to an application or gave it a permission.
    Consent,
    /// An application or service principal was made, or got a secret or an owner.
    Credential,
    /// What an application had was taken away.
    Ungrant,
    /// Somebody got a right in a mailbox.
    Permission,
    /// Somebody lost one.
    PermissionEnd,
    /// A rule or forwarding was made or changed.
    Rule,
    /// A rule or forwarding was removed or switched off.
    RuleEnd,
    /// A device was registered.
    Device,
    /// A method of strong authentication was registered or changed.
    Method,
    /// The account was switched off or deleted.
    Disable,
    /// The account was switched on again.
    Enable,
    /// Sessions were revoked.
    Revoke,
    /// The password was changed or reset.
    Password,
    /// Microsoft saw a risk.
    Risk,
}

/// Begins of operations in lower case, the special before the general, and what they are.
const DEEDS: &[(&str, Deed)] = &[
    ("consent to application", Deed::Consent),
    ("add delegated permission grant", Deed::Consent),
    ("add oauth2permissiongrant", Deed::Consent),
    ("add app role assignment", Deed::Consent),
    ("add service principal", Deed::Credential),
    ("add application", Deed::Credential),
    ("add owner to application", Deed::Credential),
    ("add owner to service principal", Deed::Credential),
    ("update application", Deed::Credential),
    ("update service principal", Deed::Credential),
    ("remove delegated permission grant", Deed::Ungrant),
    ("remove oauth2permissiongrant", Deed::Ungrant),
    ("remove app role assignment", Deed::Ungrant),
    ("revoke consent", Deed::Ungrant),
    ("delete application", Deed::Ungrant),
    ("hard delete application", Deed::Ungrant),
    ("hard delete service principal", Deed::Ungrant),
    ("disable service principal", Deed::Ungrant),
    ("add-mailboxpermission", Deed::Permission),
    ("add-recipientpermission", Deed::Permission),
    ("add-mailboxfolderpermission", Deed::Permission),
    ("set-mailboxfolderpermission", Deed::Permission),
    ("addfolderpermissions", Deed::Permission),
    ("modifyfolderpermissions", Deed::Permission),
    ("updatefolderpermissions", Deed::Permission),
    ("remove-mailboxpermission", Deed::PermissionEnd),
    ("remove-recipientpermission", Deed::PermissionEnd),
    ("remove-mailboxfolderpermission", Deed::PermissionEnd),
    ("removefolderpermissions", Deed::PermissionEnd),
    ("new-inboxrule", Deed::Rule),
    ("set-inboxrule", Deed::Rule),
    ("enable-inboxrule", Deed::Rule),
    ("updateinboxrules", Deed::Rule),
    ("new-sweeprule", Deed::Rule),
    ("set-sweeprule", Deed::Rule),
    ("new-transportrule", Deed::Rule),
    ("set-transportrule", Deed::Rule),
    ("enable-transportrule", Deed::Rule),
    ("remove-inboxrule", Deed::RuleEnd),
    ("disable-inboxrule", Deed::RuleEnd),
    ("remove-transportrule", Deed::RuleEnd),
    ("disable-transportrule", Deed::RuleEnd),
    ("add registered owner to device", Deed::Device),
    ("add registered users to device", Deed::Device),
    ("add device", Deed::Device),
    ("register device", Deed::Device),
    ("user registered security info", Deed::Method),
    ("user registered all required security info", Deed::Method),
    ("user changed default security info", Deed::Method),
    ("admin registered security info", Deed::Method),
    ("admin updated security info", Deed::Method),
    ("disable account", Deed::Disable),
    ("delete user", Deed::Disable),
    ("enable account", Deed::Enable),
    ("update stsrefreshtokenvalidfrom", Deed::Revoke),
    ("revoke sign in sessions", Deed::Revoke),
    ("revoke sign-in sessions", Deed::Revoke),
    ("invalidate all refresh tokens", Deed::Revoke),
    ("reset user password", Deed::Password),
    ("change user password", Deed::Password),
    ("reset password", Deed::Password),
    ("change password", Deed::Password),
];

/// Operations that are a deed only by what they change.
const BY_CONTENT: [&str; 2] = ["set-mailbox", "update user"];

/// Returns what an operation is, if its name alone says so.
pub(super) fn of_name(action: &str) -> Option<Deed> {
    let action = action.to_ascii_lowercase();
    // The removal of one secret leaves the application what it had.
    if action.starts_with("remove service principal") {
        return (!action.contains("credential")).then_some(Deed::Ungrant);
    }
    DEEDS
        .iter()
        .find(|(begin, _)| action.starts_with(begin))
        .map(|(_, deed)| *deed)
}

/// Returns whether only what it changes tells what an operation is.
pub(super) fn is_by_content(action: &str) -> bool {
    BY_CONTENT
        .iter()
        .any(|name| action.eq_ignore_ascii_case(name))
}
