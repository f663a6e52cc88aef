//! What a reader hands over: a record in its own words, or the reason why not.

use crate::json::{Glance, Json, Peek};
use std::borrow::Cow;
use std::sync::Arc;

/// A record as it was found, not yet understood.
#[derive(Debug)]
pub struct Raw<'a> {
    /// Which kind of record this is and how it is dressed.
    pub shape: Shape,
    /// The record itself, always an object: a row of CSV without a JSON body becomes one.
    /// In a unified audit record what stands under any key but [`LOOKED_INTO`] may be folded.
    pub body: Json<'a>,
    /// The outer columns or keys that stood around the body, by their names in the file.
    pub columns: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    /// Where in its file it stood.
    pub place: Place,
    /// How a date such as `05/12/2021` reads in this file.
    pub dates: DateOrder,
}

/// The keys of a unified audit record whose arrays and objects are read value by value.
pub const LOOKED_INTO: &[&str] = &[
    "AffectedItems",
    "AppAccessContext",
    "DestFolder",
    "Folder",
    "Folders",
    "Item",
    "Messages",
];

/// What is more than passed over where unified audit records are only glanced at.
pub const GLANCE: Glance<'_> = Glance {
    opened: &["AppAccessContext"],
    bags: &[
        "DeviceProperties",
        "ExtendedProperties",
        "OperationProperties",
        "Parameters",
    ],
};

/// The keys of a unified audit record by which is told whether more of it need be read.
pub const SURFACE: Peek = Peek::of(&[
    "ClientInfoString",
    "CreationTime",
    "Id",
    "Operation",
    "OrganizationId",
    "RecordType",
    "UserId",
    "UserType",
    "Workload",
]);

/// Where in a source file something stood.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The path inside archives, `outer.zip!inner/file.json`; none for the file itself.
    pub member: Option<Arc<str>>,
    /// The first byte, counted in the decompressed and decoded (UTF-8) text.
    pub offset: u64,
    /// How many bytes long.
    pub length: u32,
    /// The line it begins on, from 1.
    pub line: u64,
}

/// In which order a file writes day and month.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DateOrder {
    /// Nothing in the file decides it; Microsoft's exports in US English are month first.
    #[default]
    Unknown,
    /// `5/18/2021` is 18 May.
    MonthFirst,
    /// `18/5/2021` is 18 May.
    DayFirst,
}

/// The tables of the lake, one a record family.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// Unified audit log records.
    Unified,
    /// Entra sign-ins of all four kinds.
    SignIn,
    /// Entra directory audits.
    DirectoryAudit,
    /// Risk detections and risky users.
    Risk,
    /// Azure activity log.
    AzureActivity,
    /// Azure DevOps audit log.
    DevOpsAudit,
    /// Message trace, EmailEvents and inventories of mailboxes.
    Message,
    /// Alerts and incidents that Microsoft raised.
    Alert,
    /// Everything else that is a log record and has no table of its own.
    Other,
}

impl Family {
    /// Every family, in the order of its tables.
    pub const ALL: [Self; 9] = [
        Self::Unified,
        Self::SignIn,
        Self::DirectoryAudit,
        Self::Risk,
        Self::AzureActivity,
        Self::DevOpsAudit,
        Self::Message,
        Self::Alert,
        Self::Other,
    ];

    /// Returns the name of its table.
    #[must_use]
    pub fn table(self) -> &'static str {
        match self {
            Self::Unified => "unified",
            Self::SignIn => "signins",
            Self::DirectoryAudit => "directory_audits",
            Self::Risk => "risk",
            Self::AzureActivity => "azure_activity",
            Self::DevOpsAudit => "devops_audit",
            Self::Message => "messages",
            Self::Alert => "alerts",
            Self::Other => "other",
        }
    }
}

/// A kind of record and the dress it wears: the same sign-in looks different from Graph,
/// in a storage account, in Log Analytics and in the portal's CSV.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Shape {
    /// A unified audit log record (AuditData, Management Activity API blob).
    UnifiedAudit,
    /// A record of a mailbox's own audit log, as Search-MailboxAuditLog gives it.
    MailboxAudit,
    /// A row of Sentinel's OfficeActivity.
    OfficeActivity,
    /// A row of Defender's CloudAppEvents, whose RawEventData is a unified record.
    CloudAppEvents,
    /// A Graph `signIn`, as the API and the portal's JSON give it.
    SignInGraph,
    /// A row of Log Analytics SigninLogs or AAD*SignInLogs.
    SignInTable,
    /// A row of the Entra portal's sign-in CSV.
    SignInPortal,
    /// A Graph `directoryAudit`.
    DirectoryAuditGraph,
    /// A row of Log Analytics AuditLogs.
    DirectoryAuditTable,
    /// A row of the Entra portal's audit CSV.
    DirectoryAuditPortal,
    /// A Graph `riskDetection`, `riskyUser` or their service principal twins.
    RiskGraph,
    /// A row of Log Analytics AADUserRiskEvents, AADRiskyUsers or their twins.
    RiskTable,
    /// A line of diagnostic settings: an envelope with `category` and `properties`, of any family.
    Diagnostic,
    /// An Azure Activity event as the REST API lists it.
    AzureActivityApi,
    /// A row of Log Analytics AzureActivity.
    AzureActivityTable,
    /// A row of the Azure portal's activity CSV.
    AzureActivityPortal,
    /// An entry of the Azure DevOps audit API.
    DevOpsAuditApi,
    /// A row of Log Analytics AzureDevOpsAuditing.
    DevOpsAuditTable,
    /// A row of Get-MessageTrace or Get-MessageTraceV2, or of the old reporting web service.
    MessageTrace,
    /// A Graph `exchangeMessageTrace`.
    MessageTraceGraph,
    /// A row of the historical or extended message trace report.
    MessageTraceReport,
    /// A row of Defender's EmailEvents.
    EmailEvents,
    /// A message in a listing of a mailbox, as Graph and its cmdlets list what is there now.
    MailboxInventory,
    /// An alert or incident: SecurityAlert, Graph alerts_v2, Defender incidents.
    Alert,
    /// Any other log record of Microsoft's: provisioning, Intune, device and identity events.
    Other,
}

impl Shape {
    /// Returns the family, and so the table; a diagnostic line's family is told by its category.
    #[must_use]
    pub fn family(self) -> Option<Family> {
        Some(match self {
            Self::UnifiedAudit
            | Self::MailboxAudit
            | Self::OfficeActivity
            | Self::CloudAppEvents => Family::Unified,
            Self::SignInGraph | Self::SignInTable | Self::SignInPortal => Family::SignIn,
            Self::DirectoryAuditGraph | Self::DirectoryAuditTable | Self::DirectoryAuditPortal => {
                Family::DirectoryAudit
            }
            Self::RiskGraph | Self::RiskTable => Family::Risk,
            Self::AzureActivityApi | Self::AzureActivityTable | Self::AzureActivityPortal => {
                Family::AzureActivity
            }
            Self::DevOpsAuditApi | Self::DevOpsAuditTable => Family::DevOpsAudit,
            Self::MessageTrace
            | Self::MessageTraceGraph
            | Self::MessageTraceReport
            | Self::EmailEvents
            | Self::MailboxInventory => Family::Message,
            Self::Alert => Family::Alert,
            Self::Other => Family::Other,
            Self::Diagnostic => return None,
        })
    }
}

/// What a reader comes upon.
#[derive(Debug)]
pub enum Found<'a> {
    /// A record, whole.
    Record(Raw<'a>),
    /// Something that was a record and could not be read whole.
    Reject(Reject<'a>),
    /// Something to tell, of a record or of the file.
    Notice(Notice),
}

/// A record that could not be read whole, with whatever could be saved of it.
#[derive(Clone, Debug)]
pub struct Reject<'a> {
    /// Where it stood.
    pub place: Place,
    /// Why, as a fragment: ``cut off inside `Parameters` ``.
    pub reason: String,
    /// Its bytes as found, at most the first 64 KiB of them.
    pub bytes: Cow<'a, [u8]>,
    /// What the columns around it, or a look into its text, still tell.
    pub salvage: Salvage,
}

/// What can still be told of a damaged record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Salvage {
    /// Its id.
    pub record_id: Option<String>,
    /// Its operation.
    pub operation: Option<String>,
    /// Its user.
    pub user: Option<String>,
    /// Its time, as spelled.
    pub time_text: Option<String>,
}

/// How much a notice weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NoticeKind {
    /// Nothing of the evidence is missing; it is good to know.
    Warning,
    /// Something of the input could not be taken as it stands: the answer is partial.
    Error,
}

/// Something to tell of an input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// How much it weighs.
    pub kind: NoticeKind,
    /// Where, or nothing when it is the whole file.
    pub place: Option<Place>,
    /// What, in a sentence fragment with its remedy where there is one.
    pub what: String,
}
