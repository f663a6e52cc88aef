//! Office 365 Management Activity API: subscriptions, lists of content, content.

pub(crate) mod content;
mod list;
mod subscription;
mod webhook;

use std::sync::{Arc, Mutex, PoisonError, RwLock};

use axum::http::Method;
use serde_json::json;
use tokio::time::Duration;

use crate::cloud::Cloud;
use crate::faults::{Fault, Site};
use crate::record::ContentType;
use crate::token::Claims;
use crate::wire::{Answer, Ask, error};

use content::Library;
use subscription::Subscriptions;

/// The span of the quota.
const MINUTE: Duration = Duration::from_mins(1);

/// What the API remembers.
#[derive(Debug)]
pub(crate) struct Activity {
    library: RwLock<Arc<Library>>,
    subscriptions: Mutex<Subscriptions>,
}

impl Activity {
    pub(crate) fn new(library: Library) -> Self {
        Self {
            library: RwLock::new(Arc::new(library)),
            subscriptions: Mutex::default(),
        }
    }

    /// Lays the content out anew, for other faults lie on it.
    pub(crate) fn lay(&self, library: Library) {
        *self.library.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(library);
    }

    /// Adds to the content.
    pub(crate) fn add(&self, work: impl FnOnce(&mut Library)) {
        let mut library = self.library.write().unwrap_or_else(PoisonError::into_inner);
        work(Arc::make_mut(&mut library));
    }

    pub(crate) fn library(&self) -> Arc<Library> {
        let library = self.library.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&library)
    }

    /// Works on the subscriptions.
    pub(crate) fn subscriptions<T>(&self, work: impl FnOnce(&mut Subscriptions) -> T) -> T {
        let mut subscriptions = self
            .subscriptions
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        work(&mut subscriptions)
    }
}

/// Tells the webhooks what came since they were told last.
pub(crate) fn deliver(cloud: &Cloud) {
    webhook::deliver(cloud);
}

/// Returns what a request is.
pub(crate) fn call(ask: &Ask) -> (&'static str, Option<String>) {
    let parts = ask.parts();
    let ["api", "v1.0", tenant, "activity", "feed", rest @ ..] = parts.as_slice() else {
        return ("unknown", None);
    };
    let call = match rest {
        ["subscriptions", "start"] => "start",
        ["subscriptions", "stop"] => "stop",
        ["subscriptions", "list"] => "list",
        ["subscriptions", "content"] => "content",
        ["subscriptions", "notifications"] => "notifications",
        ["audit", _] => "blob",
        ["resources", "dlpSensitiveTypes"] => "dlpSensitiveTypes",
        _ => "unknown",
    };
    (call, Some((*tenant).to_owned()))
}

/// Answers a request whose token is good.
pub(crate) fn answer(cloud: &Cloud, claims: &Claims, ask: &Ask, site: &Site) -> Answer {
    let tenant = match admit(cloud, claims, ask, site) {
        Ok(tenant) => tenant,
        Err(refused) => return refused,
    };
    let get = ask.method == Method::GET;
    let post = ask.method == Method::POST;
    match site.call {
        "start" if post => subscription::start(cloud, tenant, ask),
        "stop" if post => subscription::stop(cloud, tenant, ask),
        "list" if get => subscription::list(cloud, tenant),
        "content" if get => list::content(cloud, tenant, ask, site),
        "notifications" if get => list::notifications(cloud, tenant, ask),
        "blob" if get => list::blob(cloud, tenant, ask),
        "dlpSensitiveTypes" if get => sensitive_types(ask),
        "unknown" => Answer::html(404, "404 - File or directory not found."),
        _ => error(
            405,
            "AF20002",
            "The requested resource does not support http method.",
        ),
    }
}

/// Checks whom the token is for, and the quota.
fn admit(cloud: &Cloud, claims: &Claims, ask: &Ask, site: &Site) -> Result<usize, Answer> {
    let wanted = site.tenant.as_deref().unwrap_or_default();
    let publisher = ask.parameter("PublisherIdentifier").unwrap_or_default();
    if publisher.is_empty() {
        cloud.book.without_publisher();
    }
    if !is_guid(wanted) {
        return Err(af(
            20013,
            &format!("The tenant ID passed in the URL ({wanted}) is not a valid GUID."),
        ));
    }
    let Some(tenant) = cloud.tenant(wanted) else {
        return Err(af(
            20011,
            &format!(
                "Specified tenant ID ({wanted}) does not exist in the system or has been deleted."
            ),
        ));
    };
    if !claims.tid.eq_ignore_ascii_case(wanted) {
        return Err(af(
            20010,
            &format!(
                "The tenant ID passed in the URL ({wanted}) does not match the tenant ID passed in the access token ({}).",
                claims.tid
            ),
        ));
    }
    let forbidden = !claims.may("ActivityFeed.Read") || cloud.strikes(Fault::Forbidden, site);
    if forbidden {
        return Err(error(
            403,
            "AF10001",
            "The permission set () sent in the request did not include the expected permission ActivityFeed.Read.",
        ));
    }
    if !cloud.world.tenants[tenant].settings.unified_audit
        || cloud.strikes(Fault::AuditingOff, site)
    {
        return Err(auditing_off(wanted));
    }
    let pool = if publisher.is_empty() {
        "activity everybody".to_owned()
    } else {
        format!("activity {wanted} {publisher}")
    };
    let quota = cloud.options.quota_per_minute;
    if cloud.quotas.take(pool, quota, MINUTE) {
        return Ok(tenant);
    }
    Err(throttled(
        cloud,
        ask,
        site,
        cloud.faults.dials().retry_after,
    ))
}

fn auditing_off(tenant: &str) -> Answer {
    error(
        400,
        "AF20012",
        &format!(
            "Microsoft.Office.Compliance.Audit.DataServiceException: Tenant {tenant} does not exist."
        ),
    )
}

/// Too many requests, in this API's own way: 403, and quotes that JSON does not know.
pub(crate) fn throttled(cloud: &Cloud, ask: &Ask, site: &Site, seconds: u64) -> Answer {
    let method = match site.call {
        "start" => "StartSubscription",
        "stop" => "StopSubscription",
        "list" => "ListSubscriptions",
        "content" => "ListAvailableContent",
        "notifications" => "ListNotifications",
        "blob" => "GetBlob",
        other => other,
    };
    let publisher = ask
        .parameter("PublisherIdentifier")
        .filter(|publisher| !publisher.is_empty())
        .unwrap_or("00000000-0000-0000-0000-000000000000");
    let body = format!(
        "{{'error':{{'code':'AF429','message':'Too many requests. Method={method}, PublisherId={publisher}'}}}}"
    );
    cloud.book.throttles(site, seconds);
    let answer = Answer::of(403, "application/json; charset=utf-8", body);
    if seconds == 0 {
        return answer;
    }
    answer.with("retry-after", seconds.to_string())
}

/// An error of this API: its number and what it says.
pub(super) fn af(number: u32, message: &str) -> Answer {
    error(400, &format!("AF{number}"), message)
}

/// Reads the content type that a request is about.
fn content_type(ask: &Ask) -> Result<ContentType, Answer> {
    let Some(name) = ask.parameter("contentType") else {
        return Err(af(20001, "Missing parameter: contentType."));
    };
    ContentType::ALL
        .into_iter()
        .find(|content| content.name().eq_ignore_ascii_case(name))
        .ok_or_else(|| af(20020, "The specified content type is not valid."))
}

fn sensitive_types(ask: &Ask) -> Answer {
    let language = ask.header("accept-language").unwrap_or("en-US");
    if language.contains(',') {
        return af(
            20053,
            "Only one language may be present in the Accept-Language header.",
        );
    }
    if !language
        .chars()
        .all(|letter| letter.is_ascii_alphanumeric() || letter == '-')
    {
        return af(20054, "Invalid syntax in Accept-Language header.");
    }
    Answer::json(
        200,
        &json!([
            {"id": "50842eb7-edc8-4019-85dd-5a5c1f2bb085", "name": "Credit Card Number"},
            {"id": "a44669fe-0d48-453d-a9b1-2cc83f2cba77", "name": "U.S. Social Security Number (SSN)"},
        ]),
    )
}

fn is_guid(text: &str) -> bool {
    let parts: Vec<usize> = text.split('-').map(str::len).collect();
    parts == [8, 4, 4, 4, 12] && text.chars().all(|c| c == '-' || c.is_ascii_hexdigit())
}
