//! Ways to prove who one is that an account did not have before.

use super::differences::{added, objects};
use super::targets::Told;
use super::{Foothold, FootholdKind, Sign, called, foothold};
use crate::respond::live::digits;
use model::Event;

/// The operations that tell of a registration.
const REGISTERED: [&str; 9] = [
    "User registered security info",
    "User registered all required security info",
    "User updated security info",
    "Admin registered security info",
    "Admin updated security info",
    "Add FIDO2 security key",
    "Add passwordless phone sign-in credential",
    "Create Temporary Access Pass method for user",
    "Add Windows Hello for Business credential",
];

/// Reads new sign-in methods.
pub(super) fn read(event: &Event<'_>) -> Vec<Foothold> {
    let is = |one: &&str| event.action.eq_ignore_ascii_case(one);
    if REGISTERED.iter().any(is) {
        return vec![registered(event)];
    }
    if is(&"Update user") {
        return updated(event);
    }
    Vec::new()
}

fn registered(event: &Event<'_>) -> Foothold {
    let told = Told::read(event);
    let whom = told.whom(event);
    let text = format!("{} {}", event.action, told.reason).to_lowercase();
    let kind = kind_of(&text);
    let signs = [Sign::MethodKind(kind.to_owned())];
    let how = if told.reason.is_empty() {
        &event.action
    } else {
        &*told.reason
    };
    let what = format!("registered a sign-in method of {whom}: {}", called(how));
    foothold(event, FootholdKind::Method, &whom, signs, &what)
}

/// Returns which of [`Sign::METHODS`] the words mean; empty where they do not say.
fn kind_of(text: &str) -> &'static str {
    let says = |words: &[&str]| words.iter().any(|word| text.contains(word));
    if says(&["with code", "software oath", "oath"]) {
        "code"
    } else if says(&["authenticator", "passwordless phone"]) {
        "authenticator"
    } else if says(&[
        "fido",
        "security key",
        "passkey",
        "temporary access pass",
        "hello",
    ]) {
        "key"
    } else if says(&["phone", "sms", "mobile", "call"]) {
        "phone"
    } else if says(&["email"]) {
        "email"
    } else {
        ""
    }
}

fn updated(event: &Event<'_>) -> Vec<Foothold> {
    let told = Told::read(event);
    let whom = told.whom(event);
    let mut found = Vec::new();
    let mut add = |signs: Vec<Sign>, what: &str| {
        let what = format!("added {what} to the sign-in methods of {whom}");
        found.push(foothold(event, FootholdKind::Method, &whom, signs, &what));
    };
    if let Some(change) = told.change("StrongAuthenticationPhoneAppDetail") {
        for app in added(&change.value, &change.before, "id") {
            let word = |key: &str| app.get(key).map_or("", String::as_str);
            let mut signs = vec![Sign::Id(word("id").to_lowercase())];
            let name = word("devicename");
            if !name.is_empty() && !name.eq_ignore_ascii_case("NO_DEVICE") {
                signs.push(Sign::Name(name.to_lowercase()));
            }
            add(signs, &format!("an authenticator on {}", called(name)));
        }
    }
    if let Some(change) = told.change("StrongAuthenticationUserDetails") {
        let before = objects(&change.before);
        for details in objects(&change.value) {
            for (key, value) in details {
                let is_known = before.iter().any(|one| one.get(&key) == Some(&value));
                if is_known || value.is_empty() {
                    continue;
                }
                let sign = match key.as_str() {
                    "phonenumber" | "alternativephonenumber" | "voiceonlyphonenumber" => {
                        Sign::Phone(digits(&value))
                    }
                    "email" => Sign::Name(value.to_lowercase()),
                    _ => continue,
                };
                add(
                    vec![sign],
                    &format!("the number or address {}", called(&value)),
                );
            }
        }
    }
    found
}
