//! What one attempt to sign in says: right or wrong, by a person or by a program, from where.

use crate::fact::{Fact, Kind};
use crate::hit::Hit;
use crate::lists::sign_in_errors::{SignInError, class, class_of_name};
use crate::places::prefix;
use crate::seen::Seen;
use crate::words::Word;
use model::{AddressClass, Outcome, Severity, Timestamp};

/// An account in a tenant.
pub(super) type Account = (Word, Word);

/// Returns whose attempt it is.
pub(super) fn account(fact: &Fact) -> Account {
    (fact.tenant, fact.user)
}

/// Returns what the error says; older records have its name only.
pub(super) fn error(seen: &Seen<'_>) -> SignInError {
    let by_number = class(seen.error());
    if by_number != SignInError::None || seen.outcome() != Outcome::Failure {
        return by_number;
    }
    class_of_name(seen.word("LogonError"))
}

/// Returns whether a password was tried in vain: wrong, or locked for having been wrong too often.
pub(super) fn is_wrong_password(seen: &Seen<'_>) -> bool {
    seen.outcome() == Outcome::Failure
        && matches!(error(seen), SignInError::BadPassword | SignInError::Locked)
}

/// Returns whether somebody came in.
pub(super) fn is_success(seen: &Seen<'_>) -> bool {
    seen.kind() == Kind::SignIn && seen.outcome() == Outcome::Success
}

/// Returns whether it has a time: what has none cannot be counted in minutes.
pub(super) fn is_dated(seen: &Seen<'_>) -> bool {
    seen.time() != Timestamp::default()
}

/// Returns whether the account is one of a person: no service, no name that Entra left out.
pub(super) fn is_of_person(seen: &Seen<'_>) -> bool {
    seen.user().contains('@') && !seen.is_service()
}

/// Returns whether the source is Microsoft's own or inside: a hop, and not where the person is.
pub(super) fn is_hop(seen: &Seen<'_>) -> bool {
    seen.address().is_some() && !seen.is_from_outside()
}

/// Returns whether a program handed over the password by itself, without a page to type it in.
pub(super) fn is_password_grant(seen: &Seen<'_>) -> bool {
    let request = seen.extended().get("RequestType").unwrap_or_default();
    request.eq_ignore_ascii_case("OAuth2:Token")
        || seen
            .word("authenticationProtocol")
            .eq_ignore_ascii_case("ropc")
        || seen.agent().to_ascii_uppercase().contains("BAV2ROPC")
}

/// Returns whether a person was at it, as far as the record says: the log of silent sign-ins says no.
pub(super) fn is_interactive(seen: &Seen<'_>) -> bool {
    let word = seen.word("isInteractive");
    let is_silent = word.eq_ignore_ascii_case("false")
        || seen.body_text().contains("NonInteractiveUserSignInLogs")
        || seen.body_text().contains("\"isInteractive\":false");
    !is_silent
}

/// Returns the /24 or /48 of a public address.
pub(super) fn network(seen: &Seen<'_>) -> Option<String> {
    let address = seen.address()?;
    (address.class() == AddressClass::Public).then(|| prefix(address.ip))
}

/// Raises a hit that concerns one account and rests on attempts of that account.
pub(super) fn hit_on(seen: &Seen<'_>, severity: Severity, why: String, own: &[Fact]) -> Hit {
    let mut hit = Hit::of(seen, severity, why);
    if let Some(last) = own.last() {
        hit.fact = *last;
        seen.text_of(last.user).clone_into(&mut hit.user);
        hit.facts = Vec::new();
    }
    hit.with(own)
}
