//! Azure Resource Manager: subscriptions and their activity log.

use axum::http::Method;
use serde_json::{Value, json};

use crate::cloud::Cloud;
use crate::faults::Site;
use crate::graph::filter::Filter;
use crate::record::Stream;
use crate::service::Service;
use crate::stamp::DAY;
use crate::token::Claims;
use crate::wire::{Answer, Ask, encode, error};

/// Events of a page.
const PAGE: usize = 200;

/// Returns what a request is.
pub(crate) fn call(ask: &Ask) -> &'static str {
    let path = ask.path.to_lowercase();
    if path.ends_with("/eventtypes/management/values") {
        return "activityLog";
    }
    match ask.parts().as_slice() {
        ["subscriptions", ..] => "subscriptions",
        _ => "unknown",
    }
}

/// Answers a request whose token is good.
pub(crate) fn answer(cloud: &Cloud, claims: &Claims, ask: &Ask, site: &Site) -> Answer {
    if ask.parameter("api-version").is_none() {
        let text = "The api-version query parameter (?api-version=) is required for all requests.";
        return error(400, "MissingApiVersionParameter", text);
    }
    let Some(place) = cloud.tenant(&claims.tid) else {
        return error(
            401,
            "InvalidAuthenticationTokenTenant",
            "The access token is from the wrong issuer.",
        );
    };
    match site.call {
        "subscriptions" if ask.method == Method::GET => subscriptions(cloud, place, ask),
        "activityLog" if ask.method == Method::GET => {
            events(cloud, place, ask).unwrap_or_else(|refused| refused)
        }
        _ => error(404, "NotFound", "The requested resource does not exist."),
    }
}

fn subscriptions(cloud: &Cloud, place: usize, ask: &Ask) -> Answer {
    let tenant = &cloud.world.tenants[place];
    let json = |subscription: &crate::world::Subscription| {
        json!({
            "id": format!("/subscriptions/{}", subscription.id), "subscriptionId": subscription.id,
            "displayName": subscription.name, "state": "Enabled", "tenantId": tenant.id,
            "authorizationSource": "RoleBased",
        })
    };
    match ask.parts().as_slice() {
        ["subscriptions"] => {
            let all: Vec<Value> = tenant.subscriptions.iter().map(json).collect();
            Answer::json(
                200,
                &json!({"value": all, "count": {"type": "Total", "value": all.len()}}),
            )
        }
        ["subscriptions", id] => match tenant.subscriptions.iter().find(|known| known.id == *id) {
            Some(found) => Answer::json(200, &json(found)),
            None => unknown_subscription(id),
        },
        _ => error(404, "NotFound", "The requested resource does not exist."),
    }
}

fn unknown_subscription(id: &str) -> Answer {
    error(
        404,
        "SubscriptionNotFound",
        &format!("The subscription '{id}' could not be found."),
    )
}

/// The activity log of a subscription, or of the tenant itself.
fn events(cloud: &Cloud, place: usize, ask: &Ask) -> Result<Answer, Answer> {
    let bad = |text: &str| Answer::json(400, &json!({"code": "BadRequest", "message": text}));
    let subscription = match ask.parts().as_slice() {
        ["subscriptions", id, ..] => Some((*id).to_owned()),
        _ => None,
    };
    let known = |id: &String| {
        cloud.world.tenants[place]
            .subscriptions
            .iter()
            .any(|known| known.id == *id)
    };
    if let Some(id) = subscription.as_ref().filter(|id| !known(id)) {
        return Err(unknown_subscription(id));
    }
    let filter = Filter::parse(ask.parameter("$filter")).map_err(|why| bad(&why))?;
    let filter = filter.ok_or_else(|| bad("The $filter query parameter is required."))?;
    let (from, to, _) = filter.span("eventTimestamp");
    let now = cloud.now();
    if from < now - 90 * DAY {
        return Err(bad(
            "The start time cannot be more than 90 days in the past.",
        ));
    }
    let skip: usize = ask
        .parameter("$skiptoken")
        .and_then(|token| token.parse().ok())
        .unwrap_or(0);
    let record = |row: usize| cloud.record(row);
    let mut rows: Vec<(usize, Value)> = cloud
        .happened(place, Stream::AzureActivity, from..to)
        .into_iter()
        .filter(|row| record(*row).available <= now)
        .map(|row| {
            (
                row,
                serde_json::from_str(&record(row).body).unwrap_or_default(),
            )
        })
        .filter(|(_, event)| belongs(event, subscription.as_deref()) && narrowed(&filter, event))
        .collect();
    rows.reverse();
    let more = rows.len() > skip + PAGE;
    let page: Vec<(usize, Value)> = rows.into_iter().skip(skip).take(PAGE).collect();
    let held = page.iter().map(|(row, _)| *row).collect();
    let value: Vec<Value> = page
        .into_iter()
        .map(|(_, event)| select(ask, event))
        .collect();
    let mut body = json!({ "value": value });
    if more {
        body["nextLink"] = json!(next_link(cloud, ask, skip + PAGE));
    }
    Ok(Answer::json(200, &body)
        .holding(held)
        .with("x-ms-ratelimit-remaining-subscription-reads", "11999"))
}

fn belongs(event: &Value, subscription: Option<&str>) -> bool {
    let own = event["subscriptionId"].as_str().filter(|id| !id.is_empty());
    own == subscription
}

/// Besides the time, a filter can name a group, a resource, a provider or a correlation.
fn narrowed(filter: &Filter, event: &Value) -> bool {
    let Filter::And(parts) = filter else {
        return true;
    };
    parts.iter().all(|part| match part {
        Filter::Compare(path, _, _) if path == "eventTimestamp" => true,
        Filter::Compare(path, operator, value) => {
            let field = match path.as_str() {
                "resourceUri" => "resourceId",
                "resourceProvider" => "resourceProviderName/value",
                other => other,
            };
            Filter::Compare(field.to_owned(), *operator, value.clone()).holds(event)
        }
        other => other.holds(event),
    })
}

fn select(ask: &Ask, mut event: Value) -> Value {
    let names = ask.parameter("$select");
    if let (Some(names), Some(map)) = (names, event.as_object_mut()) {
        map.retain(|name, _| names.split(',').any(|known| known.trim() == name));
    }
    event
}

fn next_link(cloud: &Cloud, ask: &Ask, skip: usize) -> String {
    let kept = ask.query.iter().filter(|(name, _)| name != "$skiptoken");
    let kept: Vec<String> = kept
        .map(|(name, value)| format!("{name}={}&", encode(value)))
        .collect();
    format!(
        "{}{}?{}$skiptoken={skip}",
        cloud.base(Service::Arm),
        ask.path,
        kept.concat()
    )
}
