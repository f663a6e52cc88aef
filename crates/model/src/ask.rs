//! A question to the cloud and what came back: the words between the room that knows what
//! to ask and the room that knows how.
//!
//! Whoever makes an [`Ask`] knows nothing of sockets, tokens and hosts; whoever sends it
//! knows nothing of windows and cursors.

use crate::Timestamp;
use std::collections::BTreeMap;
use std::fmt;

/// A service of the cloud: each has a host and a token of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Service {
    /// Office 365 Management Activity API.
    Manage,
    /// Microsoft Graph.
    Graph,
    /// Exchange Online's administration endpoint.
    Exchange,
    /// Azure Resource Manager.
    Arm,
    /// Azure DevOps' audit service.
    DevOps,
    /// Blobs of a storage account, whose address the operator gives.
    Storage,
}

impl Service {
    /// Every service.
    pub const ALL: [Self; 6] = [
        Self::Manage,
        Self::Graph,
        Self::Exchange,
        Self::Arm,
        Self::DevOps,
        Self::Storage,
    ];

    /// Returns the name it has in a configuration, in logs and on the terminal.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Manage => "manage",
            Self::Graph => "graph",
            Self::Exchange => "exchange",
            Self::Arm => "arm",
            Self::DevOps => "devops",
            Self::Storage => "storage",
        }
    }
}

/// What a question is counted against: the quota that the service keeps for this kind of call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Pace {
    /// Management Activity API: 2,000 requests a minute and tenant at least.
    Activity,
    /// Graph's reports on sign-ins and directory changes: 5 requests in 10 seconds.
    Reporting,
    /// Identity Protection: one request a second.
    Risk,
    /// Audit log queries: made seldom, polled slowly.
    AuditQuery,
    /// Message trace: 100 requests in 5 minutes.
    Trace,
    /// Exchange cmdlets: three at a time.
    Cmdlet,
    /// Azure Activity: 50 queries in 30 seconds.
    AzureActivity,
    /// Azure DevOps.
    DevOps,
    /// Blobs.
    Storage,
    /// The rest of Graph.
    Directory,
}

/// The method of a question. Reading needs these two; nothing here changes a tenant but the
/// start of a subscription.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// `GET`.
    Get,
    /// `POST`, with the body of the question.
    Post,
}

/// Where a question goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A path with its query below the service's own address; it begins with `/`.
    Path(String),
    /// A link that the service handed out: followed only on the host of that service.
    Link(String),
}

/// In which form the answer is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Want {
    /// A page that is looked at: held in memory, up to a limit.
    Page,
    /// Records alone, as many as there are: kept beside the reply, never held in memory. The
    /// body must be whole JSON before the reply counts as one.
    Records,
    /// A part of a file of lines, which may end in the middle of one: held in memory as it is,
    /// up to the limit of a page.
    Lines,
}

/// One question to the cloud.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// Which service.
    pub service: Service,
    /// Which quota.
    pub pace: Pace,
    /// Reading or posting.
    pub method: Method,
    /// Where.
    pub target: Target,
    /// Headers beside the token, by their names.
    pub headers: Vec<(&'static str, String)>,
    /// The body of a `POST`, JSON.
    pub body: Option<String>,
    /// In which form the answer is wanted.
    pub want: Want,
}

impl Ask {
    /// Returns a question for a page of a service.
    #[must_use]
    pub fn get(service: Service, pace: Pace, path: impl Into<String>) -> Self {
        Self {
            service,
            pace,
            method: Method::Get,
            target: Target::Path(path.into()),
            headers: Vec::new(),
            body: None,
            want: Want::Page,
        }
    }

    /// Returns a question that posts a body of JSON.
    #[must_use]
    pub fn post(
        service: Service,
        pace: Pace,
        path: impl Into<String>,
        body: impl Into<String>,
    ) -> Self {
        Self {
            method: Method::Post,
            body: Some(body.into()),
            ..Self::get(service, pace, path)
        }
    }

    /// Returns the same question sent to a link that the service handed out.
    #[must_use]
    pub fn at(mut self, link: impl Into<String>) -> Self {
        self.target = Target::Link(link.into());
        self
    }

    /// Returns the same question with a header more.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Returns the same question with its answer wanted in another form.
    #[must_use]
    pub fn wanting(mut self, want: Want) -> Self {
        self.want = want;
        self
    }
}

/// What the cloud answered, whatever its status.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// The headers, names in lower case.
    pub headers: BTreeMap<String, String>,
    /// The body; empty where records were wanted and the status is a success.
    pub body: Vec<u8>,
    /// How many bytes of records are kept beside the reply.
    pub kept_bytes: u64,
}

impl Reply {
    /// Returns a header by its name in lower case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }

    /// Returns whether the status says success.
    #[must_use]
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

/// Why there is no reply to a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// No connection, or it broke before the answer was whole. Worth another try.
    Broken(String),
    /// The answer took too long. Worth another try.
    TimedOut,
    /// A success whose body is not what it says it is: no JSON, or JSON cut short. Worth another try.
    Garbled(String),
    /// A page longer than memory allows.
    TooLong(u64),
    /// The link leads to a host that the service's token is not for: never followed.
    ForeignHost(String),
    /// No token could be had.
    NoToken(NoToken),
    /// The service asked to wait longer than the sender is willing to.
    Throttled {
        /// How long to wait, in seconds.
        seconds: u32,
    },
}

/// Why no token could be had, by what is to be done about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoToken {
    /// What it means for this tenant.
    pub kind: NoTokenKind,
    /// Microsoft's number of the error (`AADSTS`), where it gave one.
    pub code: Option<u32>,
    /// What was said, made safe to show and without secrets.
    pub what: String,
}

/// What the lack of a token means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoTokenKind {
    /// The service that gives tokens is not well: try again.
    Passing,
    /// The secret, certificate or federated credential is wrong or has expired: an operator must act.
    Credential,
    /// The application is unknown in this tenant: it was never onboarded, or was removed.
    NotOnboarded,
    /// The tenant does not exist or is disabled.
    TenantGone,
    /// The tenant lacks this one service; the others may work.
    ServiceAbsent,
    /// Consent, a policy or a new sign-in is needed.
    Interaction,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Broken(what) => write!(f, "the connection broke: {what}"),
            Self::TimedOut => f.write_str("no answer in time"),
            Self::Garbled(what) => write!(f, "the answer is damaged: {what}"),
            Self::TooLong(bytes) => write!(f, "the answer is longer than {bytes} bytes"),
            Self::ForeignHost(host) => {
                write!(f, "the link leads to `{host}`, which the token is not for")
            }
            Self::NoToken(no) => match no.code {
                Some(code) => write!(f, "no token (AADSTS{code}): {}", no.what),
                None => write!(f, "no token: {}", no.what),
            },
            Self::Throttled { seconds } => write!(f, "throttled for {seconds} s"),
        }
    }
}

/// A span of time for which records may be missing, and why. It is stated, never filled by guess.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Gap {
    /// From when on, on the clock named in `clock`.
    pub from: Timestamp,
    /// Until when, not included.
    pub to: Timestamp,
    /// Whether the span is one of events or of when their content was made available.
    pub clock: GapClock,
    /// Why, in a few words that stay the same for the same cause.
    pub cause: String,
    /// What exactly: a blob's id, an error's text.
    pub detail: String,
}

/// The clock on which a gap's span is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum GapClock {
    /// When things happened.
    Event,
    /// When the service made content available: the events in it are older by an unknown delay.
    Arrival,
}
