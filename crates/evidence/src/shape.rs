//! Which kind of record something is, told by its keys alone.

use crate::rules::{OBJECT_RULES, RULES, first_fit};
use model::Shape;
use model::json::Json;

/// Returns the kind of a JSON record, if it is one.
pub(crate) fn of_object(value: &Json<'_>) -> Option<Shape> {
    // Nearly every record of a large export; the exact spelling spares the rules.
    if is_unified(value) {
        return Some(Shape::UnifiedAudit);
    }
    by_table_name(value)
        .or_else(|| first_fit(RULES, value))
        .or_else(|| first_fit(OBJECT_RULES, value))
}

/// Tells whether an object is a unified audit record in Microsoft's own spelling.
pub(crate) fn is_unified(value: &Json<'_>) -> bool {
    ["CreationTime", "Operation", "RecordType"]
        .iter()
        .all(|key| value.get(key).is_some())
}

/// Returns the kind of the rows of a CSV by its header, if they are records.
pub(crate) fn of_columns(names: &[String]) -> Option<Shape> {
    first_fit(RULES, names)
}

fn by_table_name(value: &Json<'_>) -> Option<Shape> {
    value.get_any_case("TimeGenerated")?;
    of_table(value.get_any_case("Type")?.as_text()?)
}

/// Returns the kind of the rows of one of Microsoft's tables.
pub(crate) fn of_table(name: &str) -> Option<Shape> {
    Some(match name {
        "OfficeActivity" => Shape::OfficeActivity,
        "CloudAppEvents" => Shape::CloudAppEvents,
        "SigninLogs"
        | "AADNonInteractiveUserSignInLogs"
        | "AADServicePrincipalSignInLogs"
        | "AADManagedIdentitySignInLogs"
        | "ADFSSignInLogs"
        | "AADMicrosoftServicePrincipalSignInLogs" => Shape::SignInTable,
        "AuditLogs" => Shape::DirectoryAuditTable,
        "AADUserRiskEvents"
        | "AADRiskyUsers"
        | "AADRiskyServicePrincipals"
        | "AADServicePrincipalRiskEvents" => Shape::RiskTable,
        "AzureActivity" => Shape::AzureActivityTable,
        "AzureDevOpsAuditing" => Shape::DevOpsAuditTable,
        "EmailEvents" | "MessageEvents" => Shape::EmailEvents,
        "SecurityAlert" | "SecurityIncident" | "AlertInfo" | "AlertEvidence" => Shape::Alert,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::json;

    fn check(text: &str, expected: Option<Shape>) {
        let parsed = json::parse(text).expect("JSON");
        assert_eq!(of_object(&parsed.value), expected, "{text}");
    }

    #[test]
    fn each_kind_is_told_by_its_keys() {
        check(
            r#"{"CreationTime":"","Id":"1","Operation":"Send","RecordType":2}"#,
            Some(Shape::UnifiedAudit),
        );
        check(
            r#"{"creationtime":"","id":"1","operation":"Send","recordtype":2}"#,
            Some(Shape::UnifiedAudit),
        );
        check(
            r#"{"TimeGenerated":"","OfficeId":"1","Operation":"Send"}"#,
            Some(Shape::OfficeActivity),
        );
        check(
            r#"{"time":"","category":"SignInLogs","properties":{},"tenantId":""}"#,
            Some(Shape::Diagnostic),
        );
        check(
            r#"{"time":"","category":"AdvancedHunting-EmailEvents","properties":{}}"#,
            Some(Shape::Diagnostic),
        );
        check(
            r#"{"eventTimestamp":"","operationName":{},"caller":"","category":{},"properties":{},"resourceId":""}"#,
            Some(Shape::AzureActivityApi),
        );
        check(
            r#"{"id":"","createdDateTime":"","appDisplayName":"","ipAddress":"","riskEventTypes_v2":[]}"#,
            Some(Shape::SignInGraph),
        );
        check(
            r#"{"TimeGenerated":"","ResultType":"0","AppDisplayName":"","RiskEventTypes":[]}"#,
            Some(Shape::SignInTable),
        );
        check(
            r#"{"id":"","activityDateTime":"","activityDisplayName":"","initiatedBy":{}}"#,
            Some(Shape::DirectoryAuditGraph),
        );
        check(
            r#"{"TimeGenerated":"","OperationName":"","InitiatedBy":{},"activityDateTime":"","ActivityDisplayName":""}"#,
            Some(Shape::DirectoryAuditTable),
        );
        check(
            r#"{"id":"","riskEventType":"","riskState":"","detectedDateTime":""}"#,
            Some(Shape::RiskGraph),
        );
        check(
            r#"{"actionId":"Git.RefUpdatePoliciesBypassed","actorUserId":"","timestamp":""}"#,
            Some(Shape::DevOpsAuditApi),
        );
        check(
            r#"{"receivedDateTime":"","senderAddress":"","recipientAddress":""}"#,
            Some(Shape::MessageTraceGraph),
        );
        check(
            r#"{"incidentId":1,"alerts":[],"severity":"High"}"#,
            Some(Shape::Alert),
        );
    }

    #[test]
    fn what_has_neither_time_nor_action_is_no_record() {
        check(r#"{"file":"a","good_records":1}"#, None);
        check(r#"{"error":{"code":"AF20055","message":""}}"#, None);
    }
}
