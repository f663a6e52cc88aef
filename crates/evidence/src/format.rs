//! The formats by name: what `--as` forces and `--list-formats` prints.

use model::Shape;

/// A format that the caller insists on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Format {
    pub(crate) shape: Shape,
    pub(crate) dress: Dress,
}

/// How records are written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Dress {
    /// JSON, in any container.
    Json,
    /// Rows of a CSV.
    Csv,
    /// Rows of a CSV that Splunk wrote.
    SplunkCsv,
}

impl Dress {
    fn words(self) -> &'static str {
        match self {
            Self::Json => "JSON",
            Self::Csv => "CSV",
            Self::SplunkCsv => "CSV (Splunk export)",
        }
    }
}

/// A format in its own words.
#[derive(Clone, Copy, Debug)]
pub struct FormatInfo {
    /// The name that `--as` takes.
    pub name: &'static str,
    /// What it is and who writes it, in one sentence.
    pub description: &'static str,
    /// A short invented example.
    pub example: &'static str,
    format: Format,
}

/// Returns the format of a name.
pub fn format_named(name: &str) -> Option<Format> {
    FORMATS
        .iter()
        .find(|info| info.name.eq_ignore_ascii_case(name))
        .map(|info| info.format)
}

/// Returns the words for the kinds and dresses that were met.
pub(crate) fn describe(met: &[(Shape, Dress)]) -> String {
    let mut words: Vec<String> = met
        .iter()
        .map(|(shape, dress)| format!("{}, {}", kind(*shape), dress.words()))
        .collect();
    words.sort();
    words.dedup();
    if words.is_empty() {
        "unknown".to_owned()
    } else {
        words.join("; ")
    }
}

fn kind(shape: Shape) -> &'static str {
    match shape {
        Shape::UnifiedAudit => "unified audit log",
        Shape::MailboxAudit => "mailbox audit log",
        Shape::OfficeActivity => "OfficeActivity table",
        Shape::CloudAppEvents => "CloudAppEvents table",
        Shape::SignInGraph => "Entra sign-ins",
        Shape::SignInTable => "sign-in table",
        Shape::SignInPortal => "Entra portal sign-ins",
        Shape::DirectoryAuditGraph => "Entra directory audits",
        Shape::DirectoryAuditTable => "AuditLogs table",
        Shape::DirectoryAuditPortal => "Entra portal audits",
        Shape::RiskGraph => "Identity Protection risk",
        Shape::RiskTable => "risk table",
        Shape::Diagnostic => "diagnostic settings",
        Shape::AzureActivityApi => "Azure activity log",
        Shape::AzureActivityTable => "AzureActivity table",
        Shape::AzureActivityPortal => "Azure portal activity log",
        Shape::DevOpsAuditApi => "Azure DevOps audit",
        Shape::DevOpsAuditTable => "AzureDevOpsAuditing table",
        Shape::MessageTrace => "message trace",
        Shape::MessageTraceGraph => "Graph message trace",
        Shape::MessageTraceReport => "extended message trace report",
        Shape::EmailEvents => "EmailEvents table",
        Shape::MailboxInventory => "mailbox inventory",
        Shape::Alert => "alerts and incidents",
        Shape::Other => "other log records",
    }
}

const fn info(
    name: &'static str,
    shape: Shape,
    dress: Dress,
    description: &'static str,
    example: &'static str,
) -> FormatInfo {
    FormatInfo {
        name,
        description,
        example,
        format: Format { shape, dress },
    }
}

/// Every format, one entry each.
pub const FORMATS: &[FormatInfo] = &[
    info(
        "ual-csv",
        Shape::UnifiedAudit,
        Dress::Csv,
        "Unified audit log as CSV with an AuditData column: Purview portal old and new, Search-UnifiedAuditLog, Microsoft-Extractor-Suite, Hawk, Splunk.",
        "CreationDate,UserIds,Operations,AuditData\n2026-03-02T08:15:00Z,ann@example.com,Send,\"{\"\"Id\"\":\"\"1\"\",...}\"",
    ),
    info(
        "ual-json",
        Shape::UnifiedAudit,
        Dress::Json,
        "Unified audit log as JSON: AuditData records, Management Activity API blobs, Graph audit-query records, DFIR-O365RC, Goose; AuditData as text or object.",
        r#"{"CreationTime":"2026-03-02T08:15:00","Id":"1","Operation":"Send","RecordType":2,"UserId":"ann@example.com"}"#,
    ),
    info(
        "mailbox-audit",
        Shape::MailboxAudit,
        Dress::Json,
        "Search-MailboxAuditLog -ShowDetails as JSON or CSV, such as the MailboxAuditLog files of DFIR-O365RC.",
        r#"{"Operation":"SendAs","LastAccessed":"2026-03-02T08:15:00","LogonType":"Owner","MailboxOwnerUPN":"ann@example.com","Identity":"1"}"#,
    ),
    info(
        "office-activity",
        Shape::OfficeActivity,
        Dress::Json,
        "Sentinel's OfficeActivity table as JSON, query answer or CSV.",
        r#"{"TimeGenerated":"2026-03-02T08:15:00Z","OfficeId":"1","Operation":"Send","Type":"OfficeActivity"}"#,
    ),
    info(
        "cloud-app-events",
        Shape::CloudAppEvents,
        Dress::Json,
        "Defender's CloudAppEvents, whose RawEventData is a unified audit record.",
        r#"{"Timestamp":"2026-03-02T08:15:00Z","ActionType":"Send","Application":"Microsoft Exchange Online","RawEventData":{}}"#,
    ),
    info(
        "signins",
        Shape::SignInGraph,
        Dress::Json,
        "Entra sign-ins of all four kinds as Graph and the portal's JSON give them.",
        r#"{"id":"1","createdDateTime":"2026-03-02T08:15:00Z","userPrincipalName":"ann@example.com","appDisplayName":"Portal","ipAddress":"203.0.113.7"}"#,
    ),
    info(
        "signins-table",
        Shape::SignInTable,
        Dress::Json,
        "SigninLogs, AADNonInteractiveUserSignInLogs and their siblings from Log Analytics.",
        r#"{"TimeGenerated":"2026-03-02T08:15:00Z","ResultType":"0","AppDisplayName":"Portal","Type":"SigninLogs"}"#,
    ),
    info(
        "signins-portal",
        Shape::SignInPortal,
        Dress::Csv,
        "The Entra portal's download of sign-ins as CSV, in any language of the portal.",
        "Date (UTC),Request ID,User,Application,IP address,Status\n2026-03-02T08:15:00Z,1,Ann,Portal,203.0.113.7,Success",
    ),
    info(
        "audits",
        Shape::DirectoryAuditGraph,
        Dress::Json,
        "Entra directory audits as Graph and the portal's JSON give them.",
        r#"{"id":"1","activityDateTime":"2026-03-02T08:15:00Z","activityDisplayName":"Add user","initiatedBy":{}}"#,
    ),
    info(
        "audits-table",
        Shape::DirectoryAuditTable,
        Dress::Json,
        "Log Analytics' AuditLogs table.",
        r#"{"TimeGenerated":"2026-03-02T08:15:00Z","OperationName":"Add user","TargetResources":[],"Type":"AuditLogs"}"#,
    ),
    info(
        "audits-portal",
        Shape::DirectoryAuditPortal,
        Dress::Csv,
        "The Entra portal's download of audits as CSV, in any language of the portal.",
        "Date (UTC),CorrelationId,Service,Category,Activity,Result\n2026-03-02T08:15:00Z,1,Core Directory,UserManagement,Add user,success",
    ),
    info(
        "risk",
        Shape::RiskGraph,
        Dress::Json,
        "Risk detections and risky users as Graph gives them.",
        r#"{"id":"1","riskEventType":"unfamiliarFeatures","riskState":"atRisk","userPrincipalName":"ann@example.com"}"#,
    ),
    info(
        "risk-table",
        Shape::RiskTable,
        Dress::Json,
        "AADUserRiskEvents, AADRiskyUsers and their service principal twins.",
        r#"{"TimeGenerated":"2026-03-02T08:15:00Z","RiskEventType":"unfamiliarFeatures","Type":"AADUserRiskEvents"}"#,
    ),
    info(
        "diagnostic",
        Shape::Diagnostic,
        Dress::Json,
        "Diagnostic settings: lines in a storage account (PT1H.json), an event hub, or Defender's streaming API.",
        r#"{"time":"2026-03-02T08:15:00Z","category":"SignInLogs","operationName":"Sign-in activity","properties":{}}"#,
    ),
    info(
        "azure-activity",
        Shape::AzureActivityApi,
        Dress::Json,
        "Azure activity log as the REST API and PowerShell list it.",
        r#"{"eventTimestamp":"2026-03-02T08:15:00Z","operationName":{"value":"Microsoft.Compute/write"},"caller":"ann@example.com"}"#,
    ),
    info(
        "azure-activity-table",
        Shape::AzureActivityTable,
        Dress::Json,
        "Log Analytics' AzureActivity table.",
        r#"{"TimeGenerated":"2026-03-02T08:15:00Z","OperationNameValue":"MICROSOFT.COMPUTE/WRITE","Caller":"ann@example.com"}"#,
    ),
    info(
        "azure-activity-portal",
        Shape::AzureActivityPortal,
        Dress::Csv,
        "The Azure portal's download of the activity log as CSV.",
        "Correlation id,Operation name,Status,Event category,Time,Event initiated by\n1,Create VM,Succeeded,Administrative,2026-03-02T08:15:00Z,ann@example.com",
    ),
    info(
        "devops-audit",
        Shape::DevOpsAuditApi,
        Dress::Json,
        "Azure DevOps audit log as the API and its download give it.",
        r#"{"id":"1","actionId":"Git.CreateRepo","actorUPN":"ann@example.com","area":"Git","timestamp":"2026-03-02T08:15:00Z"}"#,
    ),
    info(
        "devops-audit-table",
        Shape::DevOpsAuditTable,
        Dress::Json,
        "Log Analytics' AzureDevOpsAuditing table.",
        r#"{"TimeGenerated":"2026-03-02T08:15:00Z","OperationName":"Git.CreateRepo","ActorUPN":"ann@example.com","Area":"Git"}"#,
    ),
    info(
        "message-trace",
        Shape::MessageTrace,
        Dress::Csv,
        "Get-MessageTrace, Get-MessageTraceV2 and the reporting web service, CSV or JSON.",
        "Received,SenderAddress,RecipientAddress,Subject,Status,MessageId\n2026-03-02T08:15:00Z,ann@example.com,bob@example.net,Hello,Delivered,<1@example.com>",
    ),
    info(
        "message-trace-graph",
        Shape::MessageTraceGraph,
        Dress::Json,
        "Graph's exchangeMessageTrace.",
        r#"{"id":"1","receivedDateTime":"2026-03-02T08:15:00Z","senderAddress":"ann@example.com","recipientAddress":"bob@example.net"}"#,
    ),
    info(
        "message-trace-report",
        Shape::MessageTraceReport,
        Dress::Csv,
        "The historical or extended message trace report.",
        "origin_timestamp_utc,sender_address,recipient_status,message_subject,message_id\n2026-03-02T08:15:00Z,ann@example.com,bob@example.net##Receive,Hello,<1@example.com>",
    ),
    info(
        "email-events",
        Shape::EmailEvents,
        Dress::Json,
        "Defender's EmailEvents from advanced hunting, JSON or CSV.",
        r#"{"Timestamp":"2026-03-02T08:15:00Z","NetworkMessageId":"1","SenderFromAddress":"ann@example.com","RecipientEmailAddress":"bob@example.net"}"#,
    ),
    info(
        "mailbox-inventory",
        Shape::MailboxInventory,
        Dress::Json,
        "The messages that a mailbox holds, as Graph's /users/{id}/messages lists them and Get-MgUserMessage exports them, JSON or CSV; a page's @odata.context or a column `mailbox` says whose.",
        r#"{"id":"1","internetMessageId":"<1@example.com>","receivedDateTime":"2026-03-02T08:15:00Z","subject":"Hello","parentFolderId":"2","mailbox":"ann@example.com"}"#,
    ),
    info(
        "alerts",
        Shape::Alert,
        Dress::Json,
        "Alerts and incidents: SecurityAlert, SecurityIncident, Graph alerts_v2, Defender incidents.",
        r#"{"id":"1","title":"Suspicious inbox rule","severity":"medium","serviceSource":"microsoftDefenderForOffice365"}"#,
    ),
    info(
        "other",
        Shape::Other,
        Dress::Json,
        "Any other JSON log record, kept as it is.",
        r#"{"@timestamp":"2026-03-02T08:15:00Z","action":"sync","actor":"ann@example.com"}"#,
    ),
];
