//! The ways in which a user proves who they are, as records of the directory tell of them.

use super::changes::Difference;
use crate::seen::Seen;

/// The operations that can tell of a new method.
pub(super) const REGISTERED: [&str; 7] = [
    "User registered security info",
    "User registered all required security info",
    "User updated security info",
    "Admin registered security info",
    "Admin updated security info",
    "Add FIDO2 security key",
    "Add passwordless phone sign-in credential",
];

/// The operations that tell of a method that was taken away.
pub(super) const DELETED: [&str; 2] = ["User deleted security info", "Admin deleted security info"];

/// Ways by which somebody is reached, in `StrongAuthenticationUserDetails`.
const CONTACTS: [&str; 4] = [
    "phonenumber",
    "alternativephonenumber",
    "voiceonlyphonenumber",
    "email",
];

/// A method that an account did not have before.
pub(super) struct NewMethod {
    /// The field that tells it.
    pub(super) field: &'static str,
    /// What it is, in words.
    pub(super) what: String,
    /// What no two people share: the number of a phone, the token of a device.
    pub(super) mark: Option<String>,
}

/// Returns the methods that an `Update user` adds to an account.
pub(super) fn new_methods(seen: &Seen<'_>) -> Vec<NewMethod> {
    let mut found = Vec::new();
    if let Some(change) = Difference::of(seen, &["StrongAuthenticationMethod"]) {
        for kind in change.added("methodtype") {
            found.push(NewMethod {
                field: "StrongAuthenticationMethod",
                what: kind_of_method(kind).to_owned(),
                mark: None,
            });
        }
    }
    if let Some(change) = Difference::of(seen, &["StrongAuthenticationPhoneAppDetail"]) {
        found.extend(new_app(&change));
    }
    if let Some(change) = Difference::of(seen, &["StrongAuthenticationUserDetails"]) {
        for contact in CONTACTS {
            found.extend(change.added(contact).into_iter().map(|value| NewMethod {
                field: "StrongAuthenticationUserDetails",
                what: format!("{contact} {value}"),
                // One telephone on a desk may serve everybody in the room.
                mark: (contact != "voiceonlyphonenumber").then(|| value.to_owned()),
            }));
        }
    }
    found
}

/// Counters and versions change with every use; an app is new by its own id.
fn new_app(change: &Difference) -> Option<NewMethod> {
    change.added("id").first()?;
    let added = |key: &str| change.added(key).first().map(|text| (*text).to_owned());
    let name = added("devicename").filter(|name| name != "no_device");
    let token = added("devicetoken").filter(|token| token.len() > 20);
    Some(NewMethod {
        field: "StrongAuthenticationPhoneAppDetail",
        what: format!(
            "an authenticator on {}",
            name.as_deref().unwrap_or("a device without a name")
        ),
        mark: token,
    })
}

fn kind_of_method(number: &str) -> &'static str {
    match number {
        "0" | "twowayvoicemobile" => "a call to a mobile phone",
        "2" | "twowayvoiceoffice" => "a call to an office phone",
        "5" | "twowayvoicealternatemobile" => "a call to another mobile phone",
        "6" | "onewaysms" => "a text message",
        "7" | "phoneappnotification" => "a notification of an authenticator",
        "8" | "phoneappotp" => "a code of an authenticator",
        _ => "a method",
    }
}

/// Returns the field of an `Update user` that says that a second factor is asked for no more.
pub(super) fn removed_methods(seen: &Seen<'_>) -> Option<Difference> {
    let required = Difference::of(seen, &["StrongAuthenticationRequirement"]);
    let is_lifted = |change: &Difference| {
        let was_asked = change.old_at("state").iter().any(|state| is_on(state));
        was_asked && !change.new_at("state").iter().any(|state| is_on(state))
    };
    let methods = || Difference::of(seen, &["StrongAuthenticationMethod"]);
    required
        .filter(is_lifted)
        .or_else(|| methods().filter(Difference::is_emptied))
}

fn is_on(state: &str) -> bool {
    matches!(state, "1" | "2" | "enabled" | "enforced")
}

/// Returns whether the record is about a temporary access pass.
pub(super) fn is_temporary_pass(seen: &Seen<'_>) -> bool {
    let reason = super::changes::reason(seen).to_lowercase();
    reason.contains("temporary access pass")
        || seen.is_action(&["Create Temporary Access Pass method for user"])
}
