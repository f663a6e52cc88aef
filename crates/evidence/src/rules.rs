//! The rules by which records are recognised: one a kind and dress, the particular before
//! the general.
//!
//! A rule is a list of groups: a record fits when it has a key of each group and none of
//! the forbidden ones. The same rules read the header of a CSV, for most exports are one
//! table in two dresses.

use model::Shape;
use model::json::Json;

/// Something with named values.
pub(crate) trait Keyed {
    /// Tells whether it has the key, whatever its case.
    fn has(&self, key: &str) -> bool;
}

impl Keyed for Json<'_> {
    fn has(&self, key: &str) -> bool {
        self.entries()
            .iter()
            .any(|(name, _)| name.eq_ignore_ascii_case(key))
    }
}

/// The column names of a CSV.
impl Keyed for [String] {
    fn has(&self, key: &str) -> bool {
        self.iter().any(|name| name.eq_ignore_ascii_case(key))
    }
}

/// Returns the shape of the first rule that fits.
pub(crate) fn first_fit<K: Keyed + ?Sized>(rules: &[Rule], keys: &K) -> Option<Shape> {
    rules
        .iter()
        .find(|rule| rule.fits(keys))
        .map(|rule| rule.shape)
}

/// Tells whether a column name occurs in any rule, so that a header can be told from prose.
pub(crate) fn is_known_name(name: &str) -> bool {
    let known = |rule: &Rule| {
        rule.groups
            .iter()
            .flat_map(|group| group.iter())
            .any(|key| key.eq_ignore_ascii_case(name))
    };
    RULES.iter().any(known)
}

/// What keys make which kind of record.
pub(crate) struct Rule {
    shape: Shape,
    groups: &'static [&'static [&'static str]],
    forbidden: &'static [&'static str],
}

const fn rule(shape: Shape, groups: &'static [&'static [&'static str]]) -> Rule {
    Rule {
        shape,
        groups,
        forbidden: &[],
    }
}

impl Rule {
    const fn without(self, forbidden: &'static [&'static str]) -> Self {
        Self { forbidden, ..self }
    }

    fn fits<K: Keyed + ?Sized>(&self, keys: &K) -> bool {
        self.groups
            .iter()
            .all(|group| group.iter().any(|key| keys.has(key)))
            && !self.forbidden.iter().any(|key| keys.has(key))
    }
}

/// What a listing of a mailbox says of a message, and no log does.
const LISTED: &[&str] = &[
    "bodyPreview",
    "conversationId",
    "from",
    "hasAttachments",
    "isDraft",
    "isRead",
    "parentFolderId",
    "subject",
    "toRecipients",
];

/// What only a log says of a message: who did something to it, or how it was delivered.
const NOT_LISTED: &[&str] = &[
    "Operation",
    "RecordType",
    "Workload",
    "NetworkMessageId",
    "RecipientAddress",
    "RecipientEmailAddress",
    "TimeGenerated",
];

/// The rules for objects and for headers, in the order in which they are asked.
pub(crate) const RULES: &[Rule] = &[
    rule(
        Shape::CloudAppEvents,
        &[
            &["ActionType"],
            &["RawEventData", "AccountObjectId"],
            &["Application", "ApplicationId"],
        ],
    ),
    rule(
        Shape::OfficeActivity,
        &[
            &[
                "OfficeWorkload",
                "OfficeId",
                "OfficeObjectId",
                "OfficeTenantId",
            ],
            &["Operation", "RecordType", "UserId"],
        ],
    ),
    rule(
        Shape::UnifiedAudit,
        &[&["CreationTime"], &["Operation", "Workload", "RecordType"]],
    ),
    rule(
        Shape::UnifiedAudit,
        &[
            &["Operation"],
            &["RecordType", "Workload"],
            &["Id", "UserKey", "OrganizationId"],
        ],
    )
    .without(&["TimeGenerated", "Timestamp", "auditLogRecordType"]),
    rule(
        Shape::MailboxAudit,
        &[
            &["LastAccessed"],
            &["Operation"],
            &["LogonType", "MailboxOwnerUPN", "MailboxGuid"],
        ],
    )
    .without(&["CreationTime", "TimeGenerated"]),
    rule(
        Shape::AzureActivityTable,
        &[
            &[
                "OperationNameValue",
                "CategoryValue",
                "ActivityStatusValue",
                "EventSubmissionTimestamp",
            ],
            &[
                "Caller",
                "SubscriptionId",
                "CallerIpAddress",
                "ResourceGroup",
                "ResourceProviderValue",
            ],
        ],
    ),
    rule(
        Shape::AzureActivityTable,
        &[&["ActivityStatus"], &["Caller"], &["OperationName"]],
    ),
    rule(
        Shape::AzureActivityApi,
        &[
            &["eventTimestamp", "event_timestamp"],
            &["operationName", "operation_name"],
            &[
                "eventDataId",
                "event_data_id",
                "caller",
                "claims",
                "subscriptionId",
                "subscription_id",
            ],
        ],
    ),
    rule(
        Shape::AzureActivityPortal,
        &[&["Event initiated by"], &["Operation name"]],
    ),
    rule(
        Shape::Diagnostic,
        &[
            &["time"],
            &["category", "operationName"],
            &["resourceId", "properties", "tenantId", "correlationId"],
        ],
    )
    .without(&["TimeGenerated"]),
    rule(
        Shape::Diagnostic,
        &[
            &["category"],
            &["properties"],
            &["resourceId", "operationName"],
        ],
    )
    .without(&["TimeGenerated", "SourceSystem", "Type"]),
    rule(
        Shape::DevOpsAuditApi,
        &[
            &["actionId"],
            &["scopeId", "area", "actorCUID", "actorUserId"],
        ],
    )
    .without(&["TimeGenerated"]),
    rule(
        Shape::DevOpsAuditTable,
        &[
            &["ActorCUID", "ActorUserId", "ActorUPN"],
            &["ScopeDisplayName", "ScopeId", "Area"],
            &["OperationName"],
        ],
    ),
    rule(
        Shape::Other,
        &[
            &["Date (UTC)"],
            &["Authentication method", "Authentication method detail"],
            &["Succeeded", "Result detail"],
        ],
    )
    .without(&["Sign-in error code"]),
    rule(
        Shape::SignInPortal,
        &[
            &["Date (UTC)"],
            &["Request ID", "Sign-in error code", "Service principal ID"],
        ],
    ),
    rule(
        Shape::DirectoryAuditPortal,
        &[
            &["Date (UTC)"],
            &["Activity"],
            &[
                "ActorUserPrincipalName",
                "ActorDisplayName",
                "CorrelationId",
                "Service",
            ],
        ],
    ),
    rule(
        Shape::RiskTable,
        &[
            &["RiskEventType", "RiskLastUpdatedDateTime"],
            &["RiskState", "RiskLevel", "RiskDetail"],
            &["TimeGenerated", "OperationName", "SourceSystem"],
        ],
    ),
    rule(
        Shape::RiskGraph,
        &[
            &["riskEventType", "riskLastUpdatedDateTime"],
            &["riskState", "riskLevel", "riskDetail"],
        ],
    ),
    rule(
        Shape::Alert,
        &[
            &[
                "alertWebUrl",
                "incidentWebUrl",
                "serviceSource",
                "detectionSource",
                "providerAlertId",
            ],
            &["severity"],
            &["title", "displayName", "status"],
        ],
    ),
    rule(
        Shape::Alert,
        &[
            &["SystemAlertId", "AlertName", "VendorOriginalId"],
            &["AlertSeverity", "ProviderName", "AlertType"],
        ],
    ),
    rule(
        Shape::Alert,
        &[
            &["incidentId", "incidentName", "IncidentNumber"],
            &["severity"],
            &["alerts", "createdTime", "status", "Title"],
        ],
    ),
    rule(
        Shape::Alert,
        &[
            &["alertCreationTime", "AlertId"],
            &["severity"],
            &["title", "category"],
        ],
    ),
    rule(
        Shape::DirectoryAuditGraph,
        &[
            &["activityDateTime"],
            &["activityDisplayName"],
            &["initiatedBy", "targetResources", "loggedByService"],
        ],
    )
    .without(&["TimeGenerated", "OperationName"]),
    rule(
        Shape::DirectoryAuditTable,
        &[
            &["InitiatedBy", "TargetResources", "AADOperationType"],
            &["OperationName", "ActivityDisplayName"],
        ],
    )
    .without(&["provisioningAction"]),
    rule(
        Shape::SignInTable,
        &[
            &["ResultType"],
            &[
                "AppDisplayName",
                "ConditionalAccessStatus",
                "ServicePrincipalName",
                "ClientAppUsed",
                "ConditionalAccessPolicies",
            ],
        ],
    ),
    rule(
        Shape::SignInTable,
        &[
            &["TimeGenerated"],
            &["AppDisplayName", "AppId"],
            &[
                "ConditionalAccessStatus",
                "ClientAppUsed",
                "UniqueTokenIdentifier",
                "LocationDetails",
                "ResourceDisplayName",
            ],
        ],
    ),
    rule(
        Shape::SignInGraph,
        &[
            &["createdDateTime"],
            &["appDisplayName", "appId", "resourceDisplayName"],
            &[
                "conditionalAccessStatus",
                "ipAddress",
                "clientAppUsed",
                "signInEventTypes",
                "isInteractive",
                "resourceDisplayName",
            ],
        ],
    ),
    rule(
        Shape::MessageTraceGraph,
        &[
            &["receivedDateTime"],
            &["senderAddress"],
            &["recipientAddress"],
        ],
    ),
    rule(
        Shape::MessageTraceReport,
        &[
            &["origin_timestamp_utc", "origin_timestamp", "date_time_utc"],
            &["sender_address", "recipient_status", "message_id"],
        ],
    ),
    rule(
        Shape::MessageTrace,
        &[
            &["SenderAddress"],
            &["RecipientAddress"],
            &["Received", "MessageTraceId", "MessageId", "Status"],
        ],
    ),
    rule(
        Shape::EmailEvents,
        &[
            &["NetworkMessageId"],
            &["SenderFromAddress", "SenderMailFromAddress"],
            &[
                "RecipientEmailAddress",
                "Subject",
                "EmailDirection",
                "DeliveryAction",
            ],
        ],
    )
    .without(&["FileName", "SHA256", "ActionTrigger", "Url", "ThreatFamily"]),
    rule(
        Shape::MailboxInventory,
        &[
            &["internetMessageId"],
            &["receivedDateTime", "sentDateTime", "createdDateTime"],
            LISTED,
        ],
    )
    .without(NOT_LISTED),
    // A message that has no Message-ID, or a listing that did not ask for it.
    rule(
        Shape::MailboxInventory,
        &[
            &["parentFolderId"],
            &["receivedDateTime", "sentDateTime"],
            LISTED,
        ],
    )
    .without(NOT_LISTED),
    // Log records of Microsoft's that have no table of their own.
    rule(
        Shape::Other,
        &[
            &["TimeGenerated"],
            &[
                "Type",
                "TenantId",
                "SourceSystem",
                "OperationName",
                "Category",
            ],
        ],
    ),
    rule(
        Shape::Other,
        &[
            &["Timestamp", "TimeGenerated"],
            &[
                "ActionType",
                "ReportId",
                "DeviceId",
                "AccountUpn",
                "AccountObjectId",
                "NetworkMessageId",
            ],
        ],
    ),
    rule(
        Shape::Other,
        &[&[
            "provisioningAction",
            "provisioningSteps",
            "provisioningStatusInfo",
        ]],
    ),
    rule(
        Shape::Other,
        &[
            &["MailboxOwnerUPN", "MailboxGuid"],
            &["Operation", "LogonType"],
        ],
    ),
    rule(
        Shape::Other,
        &[
            &["RuleIdentity", "RuleName"],
            &["ForwardTo", "RedirectTo", "MoveToFolder"],
        ],
    ),
];

/// What makes a JSON object a log record or an entry of the directory, whoever wrote it.
/// A spreadsheet with a date column is not yet evidence, so these do not read headers.
pub(crate) const OBJECT_RULES: &[Rule] = &[
    rule(
        Shape::Other,
        &[&[
            "@timestamp",
            "time",
            "timestamp",
            "TimeGenerated",
            "eventTime",
            "EventTime",
            "createdDateTime",
            "activityDateTime",
            "CreationDate",
            "TimeCreated",
            "lastModifiedDateTime",
            "requestReceivedTimestamp",
        ]],
    ),
    rule(
        Shape::Other,
        &[
            &["@odata.type", "userPrincipalName", "deviceId"],
            &["id", "displayName"],
        ],
    ),
    rule(Shape::Other, &[&["category"], &["operationName"]]),
];
