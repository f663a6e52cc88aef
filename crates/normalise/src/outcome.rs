//! How an act ended, judged by everything a record says.
//!
//! `ResultStatus` alone lies: for a sign-in it says that the HTTP exchange worked, so that
//! two of three failed ones say `Success`. The operation and the error number outrank it.

use model::Outcome;

/// Returns how the act of a unified audit record ended.
pub(crate) fn outcome(action: &str, result: &str, error: &str) -> Outcome {
    match action {
        // A sign-in that was let in after "keep me signed in" (50140) is one that was let in.
        "UserLoggedIn" => Outcome::Success,
        "UserLoginFailed" => match of_sign_in_error(error) {
            Outcome::Interrupted => Outcome::Interrupted,
            _ => Outcome::Failure,
        },
        _ => match of_word(result) {
            Outcome::Success if !matches!(error.trim(), "" | "0") => of_sign_in_error(error),
            other => other,
        },
    }
}

/// Returns what a source's own word for the result means.
pub(crate) fn of_word(word: &str) -> Outcome {
    const WORDS: &[(&str, Outcome)] = &[
        ("true", Outcome::Success),
        ("succeeded", Outcome::Success),
        ("success", Outcome::Success),
        ("successful", Outcome::Success),
        ("completed", Outcome::Success),
        ("ok", Outcome::Success),
        ("false", Outcome::Failure),
        ("failed", Outcome::Failure),
        ("failure", Outcome::Failure),
        ("fail", Outcome::Failure),
        ("error", Outcome::Failure),
        ("denied", Outcome::Failure),
        ("partiallysucceeded", Outcome::Partial),
        ("partialsuccess", Outcome::Partial),
        ("partial", Outcome::Partial),
        ("interrupted", Outcome::Interrupted),
    ];
    let word = word.trim();
    let found = WORDS
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(word));
    found.map_or(Outcome::Unknown, |(_, outcome)| *outcome)
}

/// Returns what a sign-in's error number means.
///
/// An interrupt is a prompt, a redirect or an application's mistake: the person has not
/// failed and has not come in. 50053 (locked out) and 53003 (blocked by policy) are failures.
/// <https://learn.microsoft.com/entra/identity-platform/reference-error-codes>
pub(crate) fn of_sign_in_error(error: &str) -> Outcome {
    match error.trim() {
        "" => Outcome::Unknown,
        "0" => Outcome::Success,
        code if INTERRUPTS.contains(&code) => Outcome::Interrupted,
        _ => Outcome::Failure,
    }
}

const INTERRUPTS: &[&str] = &[
    "16000",   // several accounts, none chosen
    "16001",   // account selection
    "16003",   // account not in this tenant: choose another
    "50011",   // reply address of the application does not match
    "50055",   // password expired
    "50058",   // no session to sign in silently with
    "50059",   // no tenant named
    "50072",   // enrolment for the second factor needed
    "50074",   // second factor asked for
    "50076",   // second factor asked for by policy
    "50078",   // second factor expired
    "50079",   // enrolment for the second factor needed
    "50089",   // flow token expired
    "50097",   // device authentication asked for
    "50125",   // password reset on the way
    "50127",   // broker application needed
    "50129",   // device not joined: redirect
    "50132",   // session revoked
    "50133",   // session revoked by a password change
    "50140",   // "keep me signed in" asked
    "50143",   // session of another tenant
    "50144",   // on-premises password expired
    "50173",   // grant revoked, fresh token needed
    "50199",   // confirmation asked for
    "51006",   // integrated Windows authentication needed
    "65001",   // consent asked for
    "70043",   // refresh token expired by sign-in frequency
    "70044",   // session expired by sign-in frequency
    "81010",   // seamless sign-on ticket not valid: falls back to the password
    "81012",   // seamless sign-on for another user
    "81014",   // seamless sign-on without a match
    "90094",   // administrator's consent needed
    "90095",   // administrator's consent asked for
    "500133",  // assertion expired
    "700082",  // refresh token expired by inactivity
    "700084",  // refresh token of a single-page application expired
    "900941",  // administrator's consent needed: risky application
    "1000000", // consent asked for through another flow
];

#[cfg(test)]
mod tests {
    use super::*;

    fn check(action: &str, result: &str, error: &str, expected: Outcome) {
        assert_eq!(
            outcome(action, result, error),
            expected,
            "{action} {result} {error}"
        );
    }

    #[test]
    fn the_result_word_never_decides_a_sign_in() {
        check("UserLoginFailed", "Success", "50126", Outcome::Failure);
        check("UserLoginFailed", "Failed", "50126", Outcome::Failure);
        check("UserLoginFailed", "Success", "", Outcome::Failure);
        check("UserLoginFailed", "Success", "50053", Outcome::Failure);
        check("UserLoginFailed", "Failed", "50058", Outcome::Interrupted);
        check("UserLoginFailed", "Success", "65001", Outcome::Interrupted);
        check("UserLoggedIn", "Success", "50140", Outcome::Success);
        check("UserLoggedIn", "Succeeded", "0", Outcome::Success);
        check("UserLoggedIn", "", "", Outcome::Success);
    }

    #[test]
    fn other_acts_end_as_they_say() {
        check("Set-Mailbox", "True", "", Outcome::Success);
        check("Set-Mailbox", "False", "", Outcome::Failure);
        check("MailItemsAccessed", "Succeeded", "", Outcome::Success);
        check("SoftDelete", "PartiallySucceeded", "", Outcome::Partial);
        check("Add user", "Failure", "", Outcome::Failure);
        check("FileAccessed", "", "", Outcome::Unknown);
        check(
            "UserStrongAuthClientAuthNRequired",
            "Succeeded",
            "50074",
            Outcome::Interrupted,
        );
    }
}
