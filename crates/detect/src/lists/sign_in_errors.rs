//! What the error number of a sign-in says, and the name that unified records give it.
//! <https://learn.microsoft.com/entra/identity-platform/reference-error-codes>

/// What the error number of a sign-in says of the attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SignInError {
    /// None: it succeeded.
    None,
    /// The password was wrong, or there is no such user.
    BadPassword,
    /// The account is locked, by too many wrong passwords.
    Locked,
    /// The account is disabled.
    Disabled,
    /// The password was right, and the second factor was refused or failed.
    SecondFactorDenied,
    /// Consent was missing, blocked, or must be given by an administrator.
    Consent,
    /// A policy blocked it, after the password was right.
    Policy,
    /// The flow was interrupted, by a prompt or for want of a session: no failure.
    Interrupt,
    /// Something else.
    Other,
}

/// No such user, wrong password, no password set.
const BAD_PASSWORD: &[&str] = &[
    "50126", "50034", "50056", "50064", "81016", "120000", "120002",
];

/// The account or the address was locked out.
const LOCKED: &[&str] = &["50053", "120005"];

/// The account is disabled, by an administrator or by policy of its resource.
const DISABLED: &[&str] = &["50057", "135010"];

/// The second factor was denied, timed out, or is blocked because the person reported fraud.
const SECOND_FACTOR_DENIED: &[&str] = &["500121", "50087", "53011"];

/// Consent is missing, refused, blocked, or for an administrator to give.
const CONSENT: &[&str] = &[
    "65001", "65002", "65004", "65005", "90008", "90093", "90094", "90095", "900941", "900971",
];

/// A policy said no: the device, the place, the protocol, the application, the risk.
const POLICY: &[&str] = &[
    "50005", "50105", "50131", "50158", "53000", "53001", "53002", "53003", "53004", "53005",
    "53009", "53010", "53012", "53013", "530001", "530002", "530003", "530031", "530032", "530034",
    "530035", "7000112", "80012", "50177", "50178",
];

/// A prompt, a redirect, an expired session or password: nobody typed a wrong one.
const INTERRUPTS: &[&str] = &[
    "16000", "16001", "16002", "16003", "50011", "50048", "50055", "50058", "50059", "50072",
    "50074", "50076", "50078", "50079", "50085", "50088", "50089", "50097", "50125", "50127",
    "50129", "50132", "50133", "50140", "50143", "50144", "50168", "50173", "50187", "50196",
    "50199", "50203", "50206", "50207", "51004", "51006", "52004", "500133", "700082", "700084",
    "70043", "70044", "70046", "81010", "81012", "81014", "1000000", "1000002", "9002341",
];

/// Returns what an error number says.
#[must_use]
pub fn class(error: &str) -> SignInError {
    let error = error.trim();
    if matches!(error, "" | "0") {
        return SignInError::None;
    }
    let lists = [
        (BAD_PASSWORD, SignInError::BadPassword),
        (LOCKED, SignInError::Locked),
        (DISABLED, SignInError::Disabled),
        (SECOND_FACTOR_DENIED, SignInError::SecondFactorDenied),
        (CONSENT, SignInError::Consent),
        (POLICY, SignInError::Policy),
        (INTERRUPTS, SignInError::Interrupt),
    ];
    lists
        .into_iter()
        .find(|(list, _)| list.contains(&error))
        .map_or(SignInError::Other, |(_, class)| class)
}

/// Returns what the name of an error says, as `LogonError` has it where the number is missing.
#[must_use]
pub fn class_of_name(name: &str) -> SignInError {
    match name.trim() {
        "" => SignInError::None,
        "InvalidUserNameOrPassword" | "UserAccountNotFound" | "InvalidPasswordNullPassword" => {
            SignInError::BadPassword
        }
        "IdsLocked" => SignInError::Locked,
        "UserDisabled" => SignInError::Disabled,
        "AuthenticationFailedSasError" | "DeniedByUser" => SignInError::SecondFactorDenied,
        "BlockedByConditionalAccess" | "DeviceNotCompliant" | "DeviceNotDomainJoined" => {
            SignInError::Policy
        }
        "UserStrongAuthClientAuthNRequired"
        | "UserStrongAuthClientAuthNRequiredInterrupt"
        | "UserStrongAuthEnrollmentRequired"
        | "UserStrongAuthEnrollmentRequiredInterrupt"
        | "UserInformationNotProvided"
        | "CmsiInterrupt"
        | "KmsiInterrupt"
        | "FlowTokenExpired"
        | "SsoArtifactRevoked"
        | "SsoArtifactInvalidOrExpired"
        | "InvalidPasswordExpiredPassword"
        | "InvalidPasswordExpiredOnPremPassword"
        | "UserNotBoundError"
        | "SessionMissingMsaOAuth2RefreshToken" => SignInError::Interrupt,
        name if name.contains("Consent") || name == "DelegationDoesNotExist" => {
            SignInError::Consent
        }
        _ => SignInError::Other,
    }
}

/// Assertions and tickets of single sign-on that do not hold: forged, replayed, out of order.
const ASSERTIONS: &[&str] = &[
    "50006", "50008", "50013", "50027", "500137", "500138", "50107", "50146", "50180", "80014",
    "81001", "81004", "81005", "81006", "81007", "81009", "81011", "81013", "5000811",
];

/// Refresh tokens and codes that are expired, redeemed twice, or for another.
const STALE_TOKENS: &[&str] = &[
    "50014", "54005", "70000", "70002", "70008", "70011", "70043",
];

/// What is wrong with a token or an assertion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TokenError {
    /// An assertion or a ticket does not hold.
    Assertion,
    /// A token is expired, or was redeemed before.
    Stale,
}

/// Returns what is wrong with a token, if that is what the number or the name says.
#[must_use]
pub fn token_error(error: &str, name: &str) -> Option<TokenError> {
    let error = error.trim();
    if ASSERTIONS.contains(&error) {
        return Some(TokenError::Assertion);
    }
    if STALE_TOKENS.contains(&error) {
        return Some(TokenError::Stale);
    }
    let is_known = class(error) != SignInError::Other && class(error) != SignInError::None;
    (!is_known && name.contains("Sso")).then_some(TokenError::Stale)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_in_one_list_only() {
        let lists = [
            BAD_PASSWORD,
            LOCKED,
            DISABLED,
            SECOND_FACTOR_DENIED,
            CONSENT,
            POLICY,
            INTERRUPTS,
        ];
        let mut all: Vec<&str> = lists.concat();
        all.sort_unstable();
        let many = all.len();
        all.dedup();
        assert_eq!(all.len(), many);
    }

    #[test]
    fn a_prompt_is_no_wrong_password() {
        for prompt in [
            "50058", "50072", "50055", "50132", "50133", "50089", "1000000",
        ] {
            assert_eq!(class(prompt), SignInError::Interrupt, "{prompt}");
        }
        assert_eq!(class("50126"), SignInError::BadPassword);
        assert_eq!(
            class_of_name("InvalidUserNameOrPassword"),
            SignInError::BadPassword
        );
        assert_eq!(class("900941"), SignInError::Consent);
        assert_eq!(class(" 0 "), SignInError::None);
    }

    #[test]
    fn a_revoked_session_is_no_odd_token() {
        assert_eq!(token_error("50132", "SsoArtifactInvalidOrExpired"), None);
        assert_eq!(token_error("50013", ""), Some(TokenError::Assertion));
        assert_eq!(
            token_error("", "SsoUserAccountNotFound"),
            Some(TokenError::Stale)
        );
    }
}
