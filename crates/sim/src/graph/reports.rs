//! Logs: sign-ins, directory audits, risk detections and message traces.

use serde_json::json;

use super::Visit;
use super::filter::Filter;
use super::page::{self, Log};
use crate::record::{Micros, SignInKind, Stream};
use crate::stamp::{self, DAY, HOUR, MINUTE};
use crate::wire::Answer;

/// Properties of a sign-in that only `beta` shows.
const BETA_ONLY: &[&str] = &[
    "ipAddressFromResourceProvider",
    "userAgent",
    "originalRequestId",
    "tokenIssuerName",
    "tokenIssuerType",
    "clientCredentialType",
    "processingTimeInMilliseconds",
    "resourceTenantId",
    "homeTenantId",
    "homeTenantName",
    "crossTenantAccessType",
    "autonomousSystemNumber",
    "authenticationMethodsUsed",
    "authenticationDetails",
    "authenticationProcessingDetails",
    "authenticationRequirement",
    "authenticationRequirementPolicies",
    "authenticationProtocol",
    "incomingTokenType",
    "originalTransferMethod",
    "uniqueTokenIdentifier",
    "sessionId",
    "signInEventTypes",
    "signInIdentifier",
    "signInIdentifierType",
    "userType",
    "flaggedForReview",
    "isTenantRestricted",
    "sessionLifetimePolicies",
    "servicePrincipalId",
    "servicePrincipalName",
    "servicePrincipalCredentialKeyId",
    "servicePrincipalCredentialThumbprint",
    "federatedCredentialId",
    "managedServiceIdentity",
    "mfaDetail",
    "networkLocationDetails",
    "tokenProtectionStatusDetails",
    "globalSecureAccessIpAddress",
    "isThroughGlobalSecureAccess",
    "azureResourceId",
];

const KINDS: [SignInKind; 4] = [
    SignInKind::Interactive,
    SignInKind::NonInteractive,
    SignInKind::ServicePrincipal,
    SignInKind::ManagedIdentity,
];

/// `auditLogs/signIns`: people at a prompt, unless `beta` is asked for other kinds.
pub(super) fn sign_ins(visit: &Visit<'_>) -> Answer {
    let filter = visit.ask.parameter("$filter").unwrap_or_default();
    let by_kind = filter.contains("signInEventTypes");
    if by_kind && !visit.beta {
        let text =
            "Could not find a property named 'signInEventTypes' on type 'microsoft.graph.signIn'.";
        return visit.bad(text);
    }
    let kinds = KINDS.into_iter().filter(|kind| {
        let quoted = format!("'{}'", kind.name());
        if by_kind {
            filter.contains(&quoted)
        } else {
            *kind == SignInKind::Interactive
        }
    });
    let log = Log {
        streams: kinds.map(Stream::SignIn).collect(),
        clock: "createdDateTime",
        default_top: 1000,
        most: 1000,
        hidden: if visit.beta { &[] } else { BETA_ONLY },
        from: Micros::MIN,
    };
    page::log(visit, &log)
}

/// `auditLogs/directoryAudits`.
pub(super) fn directory_audits(visit: &Visit<'_>) -> Answer {
    let log = Log {
        streams: vec![Stream::DirectoryAudit],
        clock: "activityDateTime",
        default_top: 1000,
        most: 1000,
        hidden: &[],
        from: Micros::MIN,
    };
    page::log(visit, &log)
}

/// `identityProtection/riskDetections`.
pub(super) fn risk_detections(visit: &Visit<'_>) -> Answer {
    let log = Log {
        streams: vec![Stream::Risk],
        clock: "detectedDateTime",
        default_top: 500,
        most: 500,
        hidden: &[],
        from: Micros::MIN,
    };
    page::log(visit, &log)
}

/// `admin/exchange/tracing/messageTraces`: ten days at most, ninety days back.
pub(super) fn message_traces(visit: &Visit<'_>) -> Answer {
    if let [.., id, details] = visit.rest.as_slice()
        && details.starts_with("getDetailsByRecipient")
    {
        return details_by_recipient(visit, id, details);
    }
    let now = visit.cloud.now();
    let filter = Filter::parse(visit.ask.parameter("$filter")).ok().flatten();
    if let Some(filter) = filter {
        let (from, to, _) = filter.span("receivedDateTime");
        let given = from > Micros::MIN;
        if given && (to.min(now) - from > 10 * DAY + MINUTE || from < now - 90 * DAY - HOUR) {
            return visit
                .bad("The date range must be within the last 90 days and span at most 10 days.");
        }
    }
    let log = Log {
        streams: vec![Stream::Trace],
        clock: "receivedDateTime",
        default_top: 1000,
        most: 5000,
        hidden: &[],
        from: now - 2 * DAY,
    };
    page::log(visit, &log)
}

fn details_by_recipient(visit: &Visit<'_>, id: &str, details: &str) -> Answer {
    let cloud = visit.cloud;
    let recipient = details.split('\'').nth(1).unwrap_or_default();
    let rows = cloud.arrivals(visit.place, Stream::Trace);
    let row = rows
        .iter()
        .filter_map(|row| serde_json::from_str::<serde_json::Value>(&cloud.record(*row).body).ok())
        .find(|row| row["id"] == id && row["recipientAddress"] == recipient);
    let Some(row) = row else {
        return visit.not_found(id);
    };
    let received = row["receivedDateTime"]
        .as_str()
        .and_then(stamp::parse)
        .unwrap_or_default();
    let event = |at: Micros, event: &str, description: &str| {
        json!({
            "id": id, "messageId": row["messageId"], "dateTime": stamp::seconds(at), "event": event,
            "action": "", "description": description, "data": "",
        })
    };
    let events = [
        event(received, "Receive", "Message received"),
        event(
            received + 2_000_000,
            "Deliver",
            "The message was delivered to the mailbox",
        ),
    ];
    page::collection(visit, &events, 1000)
}
