//! The account: whether it is on, whose it is, how its owner proves who they are.

use super::rows::moment;
use super::{Account, Found, Looking, Part, applications, directory};
use crate::respond::actions::remove_method::{kind, words};
use crate::respond::footholds::{FootholdKind, Sign, called};
use crate::respond::graph::{get, word};
use crate::respond::object::{Object, ObjectKind};
use crate::respond::written::part;
use model::{Ask, Json};
use std::collections::BTreeSet;

const FIELDS: &str = "id,userPrincipalName,displayName,accountEnabled,userType,onPremisesSyncEnabled,onPremisesSamAccountName";

/// Asks for the account.
pub(super) fn ask(user: &str) -> Ask {
    get(format!("/v1.0/users/{}?$select={FIELDS}", part(user)))
}

/// Reads the account and asks for what hangs on it.
pub(super) fn read(looking: &mut Looking, rows: &[Json<'_>], is_gone: bool) {
    let Some(row) = rows.first().filter(|row| !word(row, "id").is_empty()) else {
        let why = if is_gone {
            "the account is not in the directory".to_owned()
        } else {
            "the answer about the account names none".to_owned()
        };
        looking.miss(&Part::Account, why);
        return;
    };
    let id = word(row, "id");
    let truth = |name: &str| row.get(name).and_then(Json::as_truth);
    looking.live.account = Some(Account {
        upn: word(row, "userPrincipalName"),
        name: word(row, "displayName"),
        enabled: truth("accountEnabled"),
        is_synced: truth("onPremisesSyncEnabled") == Some(true),
        on_premises: word(row, "onPremisesSamAccountName"),
        is_guest: word(row, "userType").eq_ignore_ascii_case("guest"),
        roles: BTreeSet::new(),
        id: id.clone(),
    });
    let user = format!("/v1.0/users/{}", part(&id));
    looking.want(
        Part::Roles,
        get(format!("{user}/transitiveMemberOf?$top=999")),
    );
    looking.want(Part::Methods, get(format!("{user}/authentication/methods")));
    let preferences = format!("/beta/users/{}/authentication/signInPreferences", part(&id));
    looking.want(Part::DefaultMethod, get(preferences));
    looking.want(Part::Devices, get(format!("{user}/registeredDevices")));
    applications::look_at_grants(looking, &id);
    directory::look_at_own_roles(looking, &id);
}

/// Reads the roles among what the account is a member of.
pub(super) fn read_roles(looking: &mut Looking, rows: &[Json<'_>]) {
    let is_role = |row: &&Json<'_>| word(row, "@odata.type").ends_with(".directoryRole");
    let names = rows
        .iter()
        .filter(is_role)
        .map(|row| word(row, "displayName"));
    let names: BTreeSet<String> = names.filter(|name| !name.is_empty()).collect();
    if let Some(account) = &mut looking.live.account {
        account.roles.extend(names);
    }
}

/// Reads the sign-in methods; the password is none that could be removed.
pub(super) fn read_methods(looking: &mut Looking, rows: &[Json<'_>]) {
    let Some(account) = looking.live.account.clone() else {
        return;
    };
    for row in rows {
        let dressed = word(row, "@odata.type");
        let kind = kind(&dressed);
        if kind == "password" || kind.is_empty() {
            continue;
        }
        let names = ["displayName", "phoneNumber", "emailAddress"];
        let mut said = names.iter().map(|name| word(row, name));
        let name = said.find(|one| !one.is_empty()).unwrap_or_default();
        let object = Object::new(
            &looking.live.tenant,
            ObjectKind::Method,
            &account.upn,
            &word(row, "id"),
            &name,
        );
        let object = object.with("type", kind).with("userId", &account.id);
        let mut signs = BTreeSet::from([Sign::Id(word(row, "id").to_lowercase())]);
        let shown = word(row, "displayName");
        if !shown.is_empty() {
            signs.insert(Sign::Name(shown.to_lowercase()));
        }
        let digits = digits(&word(row, "phoneNumber"));
        if !digits.is_empty() {
            signs.insert(Sign::Phone(digits));
        }
        signs.insert(Sign::MethodKind(method_kind(kind).to_owned()));
        looking.live.found.push(Found {
            kind: FootholdKind::Method,
            object,
            signs,
            made: moment(&word(row, "createdDateTime")),
            words: format!("{} {}", words(kind), called(&name)),
        });
    }
}

/// Reads which method the account prefers, and which the system prefers for it.
pub(super) fn read_preferences(looking: &mut Looking, rows: &[Json<'_>]) {
    let Some(row) = rows.first() else {
        return;
    };
    let names = [
        "userPreferredMethodForSecondaryAuthentication",
        "systemPreferredAuthenticationMethod",
    ];
    let said = names.iter().map(|name| word(row, name).to_lowercase());
    looking.preferred = said.filter(|one| !one.is_empty()).collect();
}

/// Marks the methods that are the default: they go last.
pub(super) fn mark_default(looking: &mut Looking) {
    let preferred = std::mem::take(&mut looking.preferred);
    for found in &mut looking.live.found {
        let is_default = |one: &String| {
            let kind = found.object.extra("type");
            match one.as_str() {
                "push" | "phoneappnotification" => kind == "microsoftAuthenticator",
                "oath" | "phoneappotp" => {
                    matches!(kind, "softwareOath" | "microsoftAuthenticator")
                }
                "voicemobile" | "voicealternatemobile" | "voiceoffice" | "sms" | "onewaysms" => {
                    kind == "phone"
                }
                _ => false,
            }
        };
        if found.kind == FootholdKind::Method && preferred.iter().any(is_default) {
            found.object = found.object.clone().with("default", "yes");
        }
    }
}

/// Returns the digits of a telephone number, which records and answers write with and without
/// blanks and plus.
pub(crate) fn digits(number: &str) -> String {
    number.chars().filter(char::is_ascii_digit).collect()
}

/// Returns which of [`Sign::METHODS`] a type of method is.
fn method_kind(kind: &str) -> &'static str {
    match kind {
        "phone" => "phone",
        "email" => "email",
        "microsoftAuthenticator" | "passwordlessMicrosoftAuthenticator" => "authenticator",
        "softwareOath" => "code",
        _ => "key",
    }
}
