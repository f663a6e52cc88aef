//! Azure DevOps auditing.

use axum::http::Method;
use serde_json::{Value, json};

use crate::cloud::Cloud;
use crate::faults::Site;
use crate::record::{Micros, Stream};
use crate::stamp::{self, DAY};
use crate::token::Claims;
use crate::wire::{Answer, Ask};

/// Returns what a request is.
pub(crate) fn call(ask: &Ask) -> &'static str {
    match ask.parts().as_slice() {
        [_, "_apis", "audit", "auditlog"] => "auditlog",
        [_, "_apis", "audit", "actions"] => "actions",
        _ => "unknown",
    }
}

/// Answers a request whose token is good.
pub(crate) fn answer(cloud: &Cloud, claims: &Claims, ask: &Ask, site: &Site) -> Answer {
    let organization = ask.segments.first().map_or("", String::as_str);
    let place = cloud.tenant(&claims.tid).unwrap_or_default();
    let known = cloud.world.tenants[place]
        .devops
        .iter()
        .find(|known| known.name.eq_ignore_ascii_case(organization));
    let Some(known) = known else {
        let text = format!(
            "TF400813: The user '{}' is not authorized to access this resource.",
            claims.oid
        );
        return trouble(401, &text);
    };
    if ask.parameter("api-version").is_none() {
        return trouble(
            400,
            "No api-version was supplied for the request. The version must be supplied.",
        );
    }
    match site.call {
        "auditlog" if ask.method == Method::GET => log(cloud, place, &known.id, ask),
        "actions" if ask.method == Method::GET => {
            Answer::json(200, &json!({"count": 0, "value": []}))
        }
        _ => trouble(404, "The controller for the path was not found."),
    }
}

fn trouble(status: u16, message: &str) -> Answer {
    let body = json!({"$id": "1", "innerException": null, "message": message, "typeKey": "VssServiceException", "errorCode": 0});
    Answer::json(status, &body)
}

/// A page of the log, newest first. A last page that is full is followed by an empty one.
fn log(cloud: &Cloud, place: usize, organization: &str, ask: &Ask) -> Answer {
    let now = cloud.now();
    let moment = |name: &str, otherwise: Micros| match ask.parameter(name) {
        None | Some("") => Ok(otherwise),
        Some(text) => {
            stamp::parse(text).ok_or_else(|| trouble(400, &format!("{name} is not a date.")))
        }
    };
    let (from, to) = match (moment("startTime", now - 90 * DAY), moment("endTime", now)) {
        (Ok(from), Ok(to)) => (from.max(now - 90 * DAY), to),
        (Err(refused), _) | (_, Err(refused)) => return refused,
    };
    let size: usize = ask
        .parameter("batchSize")
        .and_then(|size| size.parse().ok())
        .unwrap_or(200)
        .clamp(1, 1000);
    let skip: usize = ask
        .parameter("continuationToken")
        .and_then(|token| token.parse().ok())
        .unwrap_or(0);
    let record = |row: usize| cloud.record(row);
    let happened = cloud.happened(place, Stream::DevOps, from..to);
    let rows: Vec<usize> = happened
        .iter()
        .rev()
        .copied()
        .filter(|row| record(*row).available <= now && of(organization, &record(*row).body))
        .collect();
    let page: Vec<usize> = rows.iter().copied().skip(skip).take(size).collect();
    let full = page.len() == size;
    let token = full.then(|| (skip + page.len()).to_string());
    let body = format!(
        "{{\"decoratedAuditLogEntries\":{},\"continuationToken\":{},\"hasMore\":{full}}}",
        cloud.array(&page),
        json!(token)
    );
    Answer::text(200, body).holding(page)
}

/// Entries belong to an organisation by their scope, where they name one.
fn of(organization: &str, body: &str) -> bool {
    let entry: Value = serde_json::from_str(body).unwrap_or_default();
    entry["scopeId"]
        .as_str()
        .is_none_or(|id| id == organization)
}
