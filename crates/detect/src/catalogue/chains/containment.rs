//! What defenders do to end a takeover: passwords reset, sessions revoked, accounts disabled.

use crate::fact::Fact;
use crate::seen::Seen;

/// What was done to an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Measure {
    /// An administrator reset the password.
    PasswordReset,
    /// The sessions were revoked.
    SessionsRevoked,
    /// The account was disabled.
    Disabled,
    /// The account was enabled again: containment is over.
    Enabled,
}

impl Measure {
    /// Returns the words for it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::PasswordReset => "the password was reset",
            Self::SessionsRevoked => "the sessions were revoked",
            Self::Disabled => "the account was disabled",
            Self::Enabled => "the account was enabled",
        }
    }
}

/// The directory acts that contain an account, or end its containment.
pub(super) const ACTS: &[&str] = &[
    "Reset user password",
    "Reset password (by admin)",
    "Update StsRefreshTokenValidFrom Timestamp",
    "Revoke sign-in sessions",
    "Revoke user sign-in sessions",
    "Disable account",
    "Enable account",
    "Update user",
];

/// An account that was contained.
#[derive(Clone, Copy, Debug)]
pub(super) struct Contained {
    /// What was done.
    pub(super) measure: Measure,
    /// The record of it.
    pub(super) fact: Fact,
}

/// Returns what a directory record did to contain whom; none for what people do to themselves.
pub(super) fn measure(seen: &Seen<'_>) -> Option<(String, Contained)> {
    // Self-service is Microsoft's service acting for the person.
    if !seen.is_done() || seen.is_service() {
        return None;
    }
    let measure = match seen.action().to_ascii_lowercase().as_str() {
        "reset user password" | "reset password (by admin)" => Measure::PasswordReset,
        "update stsrefreshtokenvalidfrom timestamp"
        | "revoke sign-in sessions"
        | "revoke user sign-in sessions" => Measure::SessionsRevoked,
        "disable account" => Measure::Disabled,
        "enable account" => Measure::Enabled,
        "update user" => switched(seen)?,
        _ => return None,
    };
    let target = seen.targets().into_iter().next()?;
    let is_of_another = target != seen.user();
    let fact = *seen.fact();
    is_of_another.then_some((target, Contained { measure, fact }))
}

/// An update of a user may switch the account off or on.
fn switched(seen: &Seen<'_>) -> Option<Measure> {
    let (new, old) = seen.change("AccountEnabled")?;
    let is_on = |text: &str| text.to_ascii_lowercase().contains("true");
    match (is_on(old), is_on(new)) {
        (true, false) => Some(Measure::Disabled),
        (false, true) => Some(Measure::Enabled),
        _ => None,
    }
}
