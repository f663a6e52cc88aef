//! Authentication methods, as a list of all and by their kind.

use serde_json::{Value, json};

use super::Visit;
use super::page::{collection, object};
use crate::person::{Method, User};
use crate::stamp::seconds;
use crate::wire::Answer;

/// A kind of method: as sign-ins name it, its collection, its type, and where its detail stands.
type Kind = (&'static str, &'static str, &'static str, &'static str);

const KINDS: [Kind; 7] = [
    (
        "PhoneAppNotification",
        "microsoftAuthenticatorMethods",
        "microsoftAuthenticator",
        "displayName",
    ),
    (
        "PhoneAppOTP",
        "softwareOathMethods",
        "softwareOath",
        "displayName",
    ),
    ("OneWaySms", "phoneMethods", "phone", "phoneNumber"),
    ("Email", "emailMethods", "email", "emailAddress"),
    ("Fido2", "fido2Methods", "fido2", "displayName"),
    (
        "WindowsHello",
        "windowsHelloForBusinessMethods",
        "windowsHelloForBusiness",
        "displayName",
    ),
    (
        "TemporaryAccessPass",
        "temporaryAccessPassMethods",
        "temporaryAccessPass",
        "displayName",
    ),
];

/// The one password that everybody has; it is no method that can be removed.
const PASSWORD: &str = "28c10230-6103-485e-b985-444c60001490";

fn kind(method: &Method) -> Kind {
    let mut kinds = KINDS.into_iter();
    let known = kinds.find(|(name, ..)| *name == method.kind);
    known.unwrap_or(KINDS[2])
}

/// Returns the name of the collection that a method is in.
pub(super) fn collection_of(method: &Method) -> &'static str {
    kind(method).1
}

/// Whether a name is one of a collection from which methods can be removed.
pub(super) fn is_kind(name: &str) -> bool {
    KINDS.iter().any(|(_, collection, ..)| *collection == name)
}

/// Answers `users/{id}/authentication/...`.
pub(super) fn answer(visit: &Visit<'_>, user: &User, rest: &[&str]) -> Answer {
    let all = || std::iter::once(password(user)).chain(user.methods.iter().map(method));
    let of = |name: &str| -> Vec<Value> {
        let methods = user.methods.iter();
        methods
            .filter(|known| collection_of(known) == name)
            .map(method)
            .collect()
    };
    let one = |objects: Vec<Value>, id: &str| {
        let mut objects = objects.iter();
        match objects.find(|known| known["id"] == id) {
            Some(found) => object(visit, found),
            None => visit.error(404, "resourceNotFound", "Authentication method not found."),
        }
    };
    match rest {
        ["methods"] => collection(visit, &all().collect::<Vec<_>>(), 999),
        ["methods", id] => one(all().collect(), id),
        ["passwordMethods"] => collection(visit, &[password(user)], 999),
        [name] if is_kind(name) => collection(visit, &of(name), 999),
        [name, id] if is_kind(name) => one(of(name), id),
        ["signInPreferences"] if visit.beta => object(visit, &preferences(user)),
        _ => super::unknown(visit),
    }
}

fn password(user: &User) -> Value {
    json!({
        "@odata.type": "#microsoft.graph.passwordAuthenticationMethod", "id": PASSWORD, "password": null,
        "createdDateTime": seconds(user.password_changed),
    })
}

/// A method as Graph shows it.
pub(super) fn method(method: &Method) -> Value {
    let (_, collection, kind, detail) = kind(method);
    let mut body = json!({
        "@odata.type": format!("#microsoft.graph.{kind}AuthenticationMethod"), "id": method.id,
        detail: method.detail, "createdDateTime": seconds(method.registered),
    });
    if collection == "phoneMethods" {
        body["phoneType"] = json!("mobile");
        body["smsSignInState"] = json!("notAllowedByPolicy");
    }
    body
}

/// The first of the methods is the default one.
fn preferences(user: &User) -> Value {
    let preferred = user
        .methods
        .first()
        .map(|method| match collection_of(method) {
            "microsoftAuthenticatorMethods" => "push",
            "phoneMethods" => "sms",
            _ => "oath",
        });
    json!({
        "isSystemPreferredAuthenticationMethodEnabled": false,
        "userPreferredMethodForSecondaryAuthentication": preferred,
        "systemPreferredAuthenticationMethod": null,
    })
}
