//! The Entra portal's downloads: their columns by position, for their headers are localised.
//!
//! Microsoft documents neither the columns nor their order; a header is taken by position
//! only when it has exactly as many columns as a known one and hardly a known name.

const SIGN_INS: &[&str] = &[
    "Date (UTC)",
    "Request ID",
    "User agent",
    "Correlation ID",
    "User ID",
    "User",
    "Username",
    "User type",
    "Cross tenant access type",
    "Incoming token type",
    "Authentication Protocol",
    "Unique token identifier",
    "Original transfer method",
    "Client credential type",
    "Token Protection - Sign In Session",
    "Token Protection - Sign In Session StatusCode",
    "Application",
    "Application ID",
    "App owner tenant ID",
    "Resource",
    "Resource ID",
    "Resource tenant ID",
    "Resource owner tenant ID",
    "Home tenant ID",
    "Home tenant name",
    "IP address",
    "Location",
    "Status",
    "Sign-in error code",
    "Failure reason",
    "Client app",
    "Device ID",
    "Browser",
    "Operating System",
    "Compliant",
    "Managed",
    "Join Type",
    "Multifactor authentication result",
    "Multifactor authentication auth method",
    "Multifactor authentication auth detail",
    "Authentication requirement",
    "Sign-in identifier",
    "Session ID",
    "IP address (seen by resource)",
    "Through Global Secure Access",
    "Global Secure Access IP address",
    "Autonomous system number",
    "Flagged for review",
    "Token issuer type",
    "Incoming token type (2)",
    "Token issuer name",
    "Latency",
    "Conditional Access",
    "Managed Identity type",
    "Associated Resource Id",
    "Federated Token Id",
    "Federated Token Issuer",
];

const APPLICATION_SIGN_INS: &[&str] = &[
    "Date (UTC)",
    "Request ID",
    "Correlation ID",
    "Service principal ID",
    "Service principal name",
    "Credential key ID",
    "Credential thumbprint",
    "Application",
    "Application ID",
    "App owner tenant ID",
    "Resource",
    "Resource ID",
    "Resource tenant ID",
    "Resource owner tenant ID",
    "Home tenant ID",
    "Home tenant name",
    "IP address",
    "Location",
    "Status",
    "Sign-in error code",
    "Failure reason",
    "Conditional Access",
];

/// The columns that older downloads of sign-ins lack.
const LATER_SIGN_IN_COLUMNS: &[&str] = &["App owner tenant ID", "Resource owner tenant ID"];

const AUDITS: &[&str] = &[
    "Date (UTC)",
    "CorrelationId",
    "Service",
    "Category",
    "Activity",
    "Result",
    "ResultReason",
    "User Agent",
    "ActorType",
    "ActorDisplayName",
    "ActorObjectId",
    "ActorUserPrincipalName",
    "IPAddress",
    "ActorHomeTenantId",
    "ActorHomeTenantName",
    "ActorServicePrincipalId",
    "ActorServicePrincipalName",
];

/// Returns the English names of a header in another language.
pub(crate) fn english_names(names: &[String]) -> Option<Vec<String>> {
    let first = names.first()?;
    let localised = first.ends_with("(UTC)") && first != "Date (UTC)";
    if !localised {
        return None;
    }
    layouts()
        .into_iter()
        .find(|layout| layout.len() == names.len())
}

/// Every layout that is known, the newer before the older.
fn layouts() -> Vec<Vec<String>> {
    let owned = |names: &[&str]| {
        names
            .iter()
            .map(|name| (*name).to_owned())
            .collect::<Vec<_>>()
    };
    let without = |names: &[&str], absent: &[&str]| {
        owned(names)
            .into_iter()
            .filter(|name| !absent.contains(&name.as_str()))
            .collect::<Vec<_>>()
    };
    vec![
        owned(SIGN_INS),
        without(SIGN_INS, LATER_SIGN_IN_COLUMNS),
        owned(APPLICATION_SIGN_INS),
        without(APPLICATION_SIGN_INS, LATER_SIGN_IN_COLUMNS),
        audits(owned(AUDITS)),
        audits(without(AUDITS, &["User Agent"])),
    ]
}

/// Appends the columns of three targets, five changes each, and six details.
fn audits(mut names: Vec<String>) -> Vec<String> {
    for target in 1..=3 {
        for field in ["Type", "DisplayName", "ObjectId", "UserPrincipalName"] {
            names.push(format!("Target{target}{field}"));
        }
        for property in 1..=5 {
            for field in ["Name", "OldValue", "NewValue"] {
                names.push(format!("Target{target}ModifiedProperty{property}{field}"));
            }
        }
    }
    for detail in 1..=6 {
        names.push(format!("AdditionalDetail{detail}Key"));
        names.push(format!("AdditionalDetail{detail}Value"));
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spanish_header_is_read_by_its_positions() {
        let spanish: Vec<String> = (0..audits(Vec::new()).len() + AUDITS.len())
            .map(|at| {
                if at == 0 {
                    "Fecha (UTC)".to_owned()
                } else {
                    format!("Columna {at}")
                }
            })
            .collect();
        let english = english_names(&spanish).expect("a known layout");
        assert_eq!(english[4], "Activity");
        assert_eq!(english[17], "Target1Type");
        assert_eq!(english_names(&spanish[1..]), None);
    }
}
