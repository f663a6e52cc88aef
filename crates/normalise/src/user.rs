//! Who acted: one key for every spelling, and what kind of actor it is.
//!
//! UserType alone does not tell: Entra says 0 for administrators and for service
//! principals, Exchange says 3 for the service's own cmdlets. So the well-known spellings
//! decide first and the number decides the rest.

use model::ActorKind;
use std::borrow::Cow;

/// An actor as rules and joins compare it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Actor<'a> {
    /// The name, trimmed, without a claim's prefix, in lower case.
    pub(crate) key: Cow<'a, str>,
    /// What kind of actor it is.
    pub(crate) kind: ActorKind,
}

/// Returns the actor that a record's user id names, with its UserType number where it has one.
pub(crate) fn actor(text: &str, user_type: Option<i64>) -> Actor<'_> {
    let key = lower(without_claim(text.trim()));
    let kind = kind(&key, user_type);
    Actor { key, kind }
}

/// Returns the text in lower case, borrowed where it is so already.
pub(crate) fn lower(text: &str) -> Cow<'_, str> {
    if !text.is_ascii() {
        return Cow::Owned(text.to_lowercase());
    }
    if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return Cow::Owned(text.to_ascii_lowercase());
    }
    Cow::Borrowed(text)
}

/// Returns whether the text has the form of a GUID.
pub(crate) fn is_guid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

/// SharePoint wraps names in claims: `i:0h.f|membership|10032000c7584fec@live.com`.
fn without_claim(text: &str) -> &str {
    let is_claim = text.starts_with("i:0") || text.starts_with("c:0");
    match text.rsplit_once('|') {
        Some((_, name)) if is_claim && !name.is_empty() => name,
        _ => text,
    }
}

/// Names that Microsoft's own service acts under, in lower case.
const SYSTEM_NAMES: &[&str] = &[
    "certificate",
    "dlpagent",
    "ffoservicepartneruser",
    "fim_password_service@support.onmicrosoft.com",
    "microsoft teams sync",
    "microsoft\\serviceoperator",
    "not-found",
    "s-1-5-18",
    "securitycompliancealerts",
    "securitycomplianceinsights",
    "sharepoint\\system",
    "system",
];

fn kind(key: &str, user_type: Option<i64>) -> ActorKind {
    if key.starts_with("nt authority\\") || SYSTEM_NAMES.contains(&key) {
        return ActorKind::System;
    }
    if key.starts_with("serviceprincipal_") || key == "app@sharepoint" {
        return ActorKind::Application;
    }
    if key.contains("#ext#") || key.starts_with("urn:spo:") || key == "anonymous" {
        return ActorKind::Guest;
    }
    match user_type {
        Some(0) | None if key.contains('@') => ActorKind::Person,
        Some(2) => ActorKind::Admin,
        // 3 is an operator of Microsoft's data centre, never one of the tenant's.
        Some(3 | 4) => ActorKind::System,
        Some(5 | 6) => ActorKind::Application,
        Some(7 | 8) => ActorKind::Policy,
        Some(9) => ActorKind::Partner,
        Some(10) => ActorKind::Guest,
        _ => ActorKind::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, user_type: Option<i64>, key: &str, kind: ActorKind) {
        let actor = actor(text, user_type);
        assert_eq!((&*actor.key, actor.kind), (key, kind), "{text}");
    }

    #[test]
    fn every_spelling_gives_one_key_and_its_kind() {
        check(
            "MiraB@Example.COM",
            Some(0),
            "mirab@example.com",
            ActorKind::Person,
        );
        check(
            " mirab@example.com ",
            None,
            "mirab@example.com",
            ActorKind::Person,
        );
        check(
            "MiraB@example.com",
            Some(2),
            "mirab@example.com",
            ActorKind::Admin,
        );
        check(
            "i:0#.f|membership|MiraB@example.com",
            Some(0),
            "mirab@example.com",
            ActorKind::Person,
        );
        let host = "nt authority\\system (microsoft.exchange.servicehost)";
        check(
            "NT AUTHORITY\\SYSTEM (Microsoft.Exchange.ServiceHost)",
            Some(3),
            host,
            ActorKind::System,
        );
        check(
            "NT AUTHORITY\\SYSTEM (Microsoft.Exchange.Servicehost)",
            Some(3),
            host,
            ActorKind::System,
        );
        check("S-1-5-18", Some(2), "s-1-5-18", ActorKind::System);
        check("Certificate", Some(4), "certificate", ActorKind::System);
        check(
            "ServicePrincipal_0a",
            Some(4),
            "serviceprincipal_0a",
            ActorKind::Application,
        );
        check(
            "app@sharepoint",
            Some(0),
            "app@sharepoint",
            ActorKind::Application,
        );
        check(
            "ann_b.test#EXT#@example.com",
            Some(0),
            "ann_b.test#ext#@example.com",
            ActorKind::Guest,
        );
        check(
            "tech@partner.test",
            Some(9),
            "tech@partner.test",
            ActorKind::Partner,
        );
        check("", None, "", ActorKind::Unknown);
        check(
            "ÉVA@example.com",
            Some(0),
            "éva@example.com",
            ActorKind::Person,
        );
    }

    #[test]
    fn a_bare_guid_is_nobody_until_the_record_says_more() {
        let guid = "3f1c8a52-0d5e-4b7a-9a53-6f5a1f0e7c11";
        assert!(is_guid(guid) && !is_guid("3f1c8a52") && !is_guid(&guid.replace('-', "0")));
        check(guid, Some(0), guid, ActorKind::Unknown);
        check(guid, Some(6), guid, ActorKind::Application);
    }
}
