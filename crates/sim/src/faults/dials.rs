//! The dials as they are written down.

use serde::{Deserialize, Serialize};

use super::Site;
use crate::service::Service;

/// Everything that can be turned. `Dials::default()` is a cloud in good order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Dials {
    /// Seconds of `Retry-After` in a throttled answer; nought leaves the header out.
    pub retry_after: u64,
    /// Seconds that an access token lives.
    pub token_seconds: u64,
    /// Seconds by which the `Date` header, and tokens' times, are ahead of the clock.
    pub clock_skew: i64,
    /// Real milliseconds that every answer takes, from and to.
    pub latency_ms: (u64, u64),
    /// Requests that Graph's reports take in ten real seconds, per application and tenant; nought
    /// takes any number.
    pub reporting_per_ten_seconds: u32,
    /// Requests that Identity Protection takes in a real second, per tenant; nought takes any.
    pub protection_per_second: u32,
    /// Message trace requests in five real minutes, per tenant; nought takes any number.
    pub traces_per_five_minutes: u32,
    /// Real seconds between two starts of one subscription; nought takes them at any time.
    pub start_interval: u64,
    /// Whether subscriptions have been on since before the story; if not, a client starts them.
    pub subscribed: bool,
    /// Hours of content from before a start that can still be fetched.
    pub backfill_hours: u32,
    /// Virtual seconds after a start until content can be listed.
    pub first_content_seconds: u64,
    /// Real seconds that a `$skiptoken` lives; nought is for ever.
    pub skiptoken_seconds: u64,
    /// How often an audit query is looked at before it is done.
    pub query_polls: u32,
    /// Rows that an audit query holds at most.
    pub query_records: usize,
    /// Whether answers are compressed for those who accept it.
    pub gzip: bool,
    /// What goes wrong. The first rule that strikes wins.
    pub rules: Vec<Rule>,
}

impl Default for Dials {
    fn default() -> Self {
        Self {
            retry_after: 1,
            token_seconds: 3599,
            clock_skew: 0,
            latency_ms: (0, 0),
            reporting_per_ten_seconds: 0,
            protection_per_second: 0,
            traces_per_five_minutes: 0,
            start_interval: 0,
            subscribed: true,
            backfill_hours: 22,
            first_content_seconds: 0,
            skiptoken_seconds: 0,
            query_polls: 1,
            query_records: 1_000_000,
            gzip: true,
            rules: Vec::new(),
        }
    }
}

impl Dials {
    /// Reads dials that are written as TOML; what is not mentioned stands as in good order.
    pub fn from_toml(text: &str) -> Result<Self, toml::de::Error> {
        toml::from_str(text)
    }

    /// Adds a rule.
    #[must_use]
    pub fn with(mut self, rule: Rule) -> Self {
        self.rules.push(rule);
        self
    }
}

/// What goes wrong, where, and how often.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// What.
    pub fault: Fault,
    /// How often, from nought to one.
    #[serde(default = "always")]
    pub rate: f64,
    /// Only at this service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<Service>,
    /// Only in this call: `token`, `content`, `blob`, `signIns`, `InvokeCommand`, ...
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call: Option<String>,
    /// Only in the tenant of this id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenant: Option<String>,
    /// Only in the first tries of one and the same request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u32>,
    /// Real seconds of a hang or a `Retry-After`; virtual ones of lateness and redelivery.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seconds: Option<u64>,
    /// The HTTP status of an error.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
}

fn always() -> f64 {
    1.0
}

impl Rule {
    /// Makes a rule that strikes everywhere at a rate.
    #[must_use]
    pub fn new(fault: Fault, rate: f64) -> Self {
        Self {
            fault,
            rate,
            service: None,
            call: None,
            tenant: None,
            times: None,
            seconds: None,
            status: None,
        }
    }

    /// Only at a service.
    #[must_use]
    pub fn at(mut self, service: Service) -> Self {
        self.service = Some(service);
        self
    }

    /// Only in a call.
    #[must_use]
    pub fn in_call(mut self, call: &str) -> Self {
        self.call = Some(call.to_owned());
        self
    }

    /// Only in a tenant.
    #[must_use]
    pub fn in_tenant(mut self, tenant: &str) -> Self {
        self.tenant = Some(tenant.to_owned());
        self
    }

    /// Only the first tries of one request.
    #[must_use]
    pub fn times(mut self, times: u32) -> Self {
        self.times = Some(times);
        self
    }

    /// With so many seconds.
    #[must_use]
    pub fn seconds(mut self, seconds: u64) -> Self {
        self.seconds = Some(seconds);
        self
    }

    /// With an HTTP status.
    #[must_use]
    pub fn status(mut self, status: u16) -> Self {
        self.status = Some(status);
        self
    }

    pub(super) fn covers(&self, site: &Site) -> bool {
        self.service.is_none_or(|service| service == site.service)
            && self.call.as_ref().is_none_or(|call| call == site.call)
            && (self.tenant.is_none() || self.tenant == site.tenant)
    }
}

/// A fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// Too many requests, in the service's own words.
    Throttle,
    /// An error of the service: `status`, else 500.
    Error,
    /// The connection is reset before an answer.
    Reset,
    /// No answer for `seconds`, then the connection is closed.
    Hang,
    /// The body ends before its `Content-Length`.
    Cut,
    /// The body is half of the JSON, and says so in its length.
    CutJson,
    /// A page of HTML with 200.
    Html,
    /// A good token is refused once with 401.
    Unauthorized,
    /// Links of the answer lead to another host.
    HostileLink,
    /// A redirect to another host.
    Redirect,

    /// A blob is listable only `seconds` after its `contentCreated`.
    Late,
    /// A record is in the next blob too.
    Duplicate,
    /// A page of content, and the records of a blob, are out of order.
    Reorder,
    /// A blob's records come again in a new blob `seconds` later, else after five days.
    Redeliver,
    /// A blob that is listed has expired: AF20051.
    Expired,
    /// A blob that is listed does not exist: AF20050.
    Missing,
    /// A `nextPage` that was given out is not known: AF20031.
    LostPage,
    /// The header of the next page is called `NextPageUrl`.
    NextPageUrl,
    /// The subscription was disabled by a tenant administrator: AF20023, and it is off.
    SwitchedOff,
    /// The tenant's auditing is off.
    AuditingOff,
    /// The token lacks the permission: AF10001, or 403.
    Forbidden,

    /// A `$skiptoken` that was given out is not known.
    LostSkipToken,
    /// The tenant has no premium licence.
    Unlicensed,
    /// An audit query fails.
    QueryFailed,
    /// An audit query runs for ever.
    QueryStuck,
    /// An audit query holds half of its records, says `succeeded`, and admits it.
    QueryTruncated,
    /// The records of a query are fewer than `@odata.count` says.
    QueryMiscount,
    /// The query interface of `v1.0` answers 404, the one of `beta` works.
    QueryOnlyBeta,

    /// `Search-UnifiedAuditLog` answers rows with `ResultIndex` -1 and `ResultCount` 0.
    SearchIndexLost,
    /// `Search-UnifiedAuditLog` answers a warning and no rows.
    SearchTimedOut,
    /// `Search-UnifiedAuditLog` begins again after the last page of a session.
    SearchWraps,
    /// `ResultCount` is `ResultSize`.
    SearchMiscounts,
    /// 403 with a body of NUL bytes.
    NulBody,
    /// The cmdlet is not recognised.
    NoCmdlet,
    /// The service principal has no directory role.
    NoDirectoryRole,

    /// A change is made, and answered with `status`, else 503, as if it were not; with a status of
    /// nought the connection is reset instead.
    LostAnswer,
    /// The first look after a change shows what was there before it.
    StaleRead,
    /// A change is not made, for there are too many.
    ThrottledWrite,
    /// Somebody else changes the person's mailbox just before a change is made: an inbox rule is
    /// put on top.
    Meddling,

    /// A line of a diagnostic log is written again with another `time`.
    RepeatedLine,
}
