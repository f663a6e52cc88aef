//! A record of the invented world, in the form in which its service hands it out.

/// A moment in UTC as microseconds since 1970.
pub type Micros = i64;

/// One record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Which tenant of the world, by its place in the list.
    pub tenant: usize,
    /// Where it can be fetched.
    pub stream: Stream,
    /// The identity that the service gives it.
    pub id: String,
    /// When it happened.
    pub time: Micros,
    /// When the service can hand it out: never before it happened.
    pub available: Micros,
    /// The record as JSON text, as a caller gets it.
    pub body: String,
}

/// A stream of records of one service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stream {
    /// The unified audit log, by the content type under which the Management Activity API
    /// hands it out. The audit query and `Search-UnifiedAuditLog` serve the same records.
    Unified(ContentType),
    /// Graph `auditLogs/signIns`.
    SignIn(SignInKind),
    /// Graph `auditLogs/directoryAudits`.
    DirectoryAudit,
    /// Graph `identityProtection/riskDetections`.
    Risk,
    /// A message trace row: one message and one recipient, in Graph's names.
    Trace,
    /// Azure Activity Log.
    AzureActivity,
    /// Azure DevOps auditing.
    DevOps,
}

/// A content type of the Management Activity API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ContentType {
    /// `Audit.AzureActiveDirectory`.
    AzureActiveDirectory,
    /// `Audit.Exchange`.
    Exchange,
    /// `Audit.SharePoint`.
    SharePoint,
    /// `Audit.General`.
    General,
    /// `DLP.All`.
    Dlp,
}

impl ContentType {
    /// Every content type.
    pub const ALL: [Self; 5] = [
        Self::AzureActiveDirectory,
        Self::Exchange,
        Self::SharePoint,
        Self::General,
        Self::Dlp,
    ];

    /// Returns the name that the service knows it by.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::AzureActiveDirectory => "Audit.AzureActiveDirectory",
            Self::Exchange => "Audit.Exchange",
            Self::SharePoint => "Audit.SharePoint",
            Self::General => "Audit.General",
            Self::Dlp => "DLP.All",
        }
    }
}

/// A kind of sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SignInKind {
    /// A person at a prompt.
    Interactive,
    /// A client for a person.
    NonInteractive,
    /// An application as itself.
    ServicePrincipal,
    /// A managed identity.
    ManagedIdentity,
}

impl SignInKind {
    /// Returns the value of `signInEventTypes` that it is asked for by.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Interactive => "interactiveUser",
            Self::NonInteractive => "nonInteractiveUser",
            Self::ServicePrincipal => "servicePrincipal",
            Self::ManagedIdentity => "managedIdentity",
        }
    }
}
