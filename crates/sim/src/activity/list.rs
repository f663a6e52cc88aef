//! Lists of content in a window, and content itself.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::content::{Blob, Fate, LIFE};
use super::subscription::State;
use super::{af, content_type};
use crate::cloud::Cloud;
use crate::faults::{Fault, Site, hash};
use crate::record::{ContentType, Micros};
use crate::service::Service;
use crate::stamp::{self, DAY, HOUR};
use crate::wire::{Answer, Ask, encode, error};

/// What a list asks for.
struct Window {
    content: ContentType,
    from: Micros,
    to: Micros,
}

/// `subscriptions/content`.
pub(super) fn content(cloud: &Cloud, tenant: usize, ask: &Ask, site: &Site) -> Answer {
    listing(cloud, tenant, ask, site).unwrap_or_else(|refused| refused)
}

fn listing(cloud: &Cloud, tenant: usize, ask: &Ask, site: &Site) -> Result<Answer, Answer> {
    let window = window(cloud, ask)?;
    let content = window.content;
    subscribed(cloud, tenant, content, site)?;
    let after = place_of_page(cloud, ask, site)?;
    let library = cloud.activity.library();
    let dials = cloud.faults.dials();
    let now = cloud.now();
    let listed: Vec<&Blob> = cloud.activity.subscriptions(|subscriptions| {
        library
            .created(tenant, content, window.from, window.to)
            .iter()
            .filter(|blob| blob.listable <= now)
            .filter(|blob| subscriptions.reaches(tenant, content, blob.created, now, &dials))
            .filter(|blob| {
                after
                    .as_ref()
                    .is_none_or(|after| (blob.created, &blob.id) > (after.0, &after.1))
            })
            .take(cloud.options.page_size.max(1) + 1)
            .collect()
    });
    let page = &listed[..listed.len().min(cloud.options.page_size.max(1))];
    let mut items: Vec<Value> = page
        .iter()
        .map(|blob| item(cloud, tenant, content, blob))
        .collect();
    if cloud.faults.laid_on(Fault::Reorder, site).is_some() {
        items
            .sort_by_key(|item| hash(2, item["contentId"].as_str().unwrap_or_default().as_bytes()));
    }
    let answer = Answer::json(200, &Value::Array(items));
    let Some(last) = page.last().filter(|_| listed.len() > page.len()) else {
        return Ok(answer);
    };
    let odd = cloud.faults.laid_on(Fault::NextPageUrl, site).is_some();
    let header = if odd { "nextpageurl" } else { "nextpageuri" };
    Ok(answer.with(header, next_page(cloud, ask, &window, last)))
}

/// Reads the window: both ends or neither, a day at most, a week back at most.
fn window(cloud: &Cloud, ask: &Ask) -> Result<Window, Answer> {
    let content = content_type(ask)?;
    let now = cloud.now();
    let read = |name: &str| match ask.parameter(name).filter(|text| !text.is_empty()) {
        None => Ok(None),
        Some(text) => stamp::parse(text).map(Some).ok_or_else(|| {
            af(
                20002,
                &format!("Invalid parameter type: {name}. Expected type: DateTime"),
            )
        }),
    };
    let bad = "Start time and end time must both be specified (or both omitted) and must be less than or \
               equal to 24 hours apart, with the start time no more than 7 days in the past.";
    let (from, to) = match (read("startTime")?, read("endTime")?) {
        (None, None) => (now - DAY, now),
        (Some(from), Some(to)) => (from, to),
        _ => return Err(af(20030, bad)),
    };
    if from >= to || to - from > DAY || from < now - LIFE - HOUR {
        return Err(af(20030, bad));
    }
    if from > now {
        return Err(af(20055, "Start time must not be in the future."));
    }
    Ok(Window { content, from, to })
}

fn subscribed(
    cloud: &Cloud,
    tenant: usize,
    content: ContentType,
    site: &Site,
) -> Result<(), Answer> {
    let dials = cloud.faults.dials();
    let now = cloud.now();
    let switched_off = cloud.strikes(Fault::SwitchedOff, site);
    let state = cloud.activity.subscriptions(|subscriptions| {
        if switched_off {
            subscriptions.end(tenant, content, now, &dials, true);
        }
        subscriptions.state(tenant, content, &dials)
    });
    match state {
        State::On => Ok(()),
        State::SwitchedOff => Err(af(
            20023,
            "The subscription was disabled by a tenant admin.",
        )),
        State::Stopped | State::Unknown => Err(af(
            20022,
            "No subscription found for the specified content type.",
        )),
    }
}

/// Returns after which blob a page begins.
fn place_of_page(
    cloud: &Cloud,
    ask: &Ask,
    site: &Site,
) -> Result<Option<(Micros, String)>, Answer> {
    let Some(page) = ask.parameter("nextPage") else {
        return Ok(None);
    };
    let bad = || af(20031, &format!("Invalid nextPage Input: {page}."));
    if cloud.strikes(Fault::LostPage, site) {
        return Err(bad());
    }
    let bytes = URL_SAFE_NO_PAD.decode(page).map_err(|_| bad())?;
    let text = String::from_utf8(bytes).map_err(|_| bad())?;
    let (created, id) = text.split_once(' ').ok_or_else(bad)?;
    let created = created.parse().map_err(|_| bad())?;
    Ok(Some((created, id.to_owned())))
}

fn next_page(cloud: &Cloud, ask: &Ask, window: &Window, last: &Blob) -> String {
    let page = URL_SAFE_NO_PAD.encode(format!("{} {}", last.created, last.id));
    format!(
        "{}{}?contentType={}&startTime={}&endTime={}&nextPage={page}",
        cloud.base(Service::Manage),
        ask.path,
        window.content.name(),
        encode(&stamp::write("%Y-%m-%dT%H:%M:%S%.f", window.from)),
        encode(&stamp::write("%Y-%m-%dT%H:%M:%S%.f", window.to)),
    )
}

/// A row of a list.
pub(super) fn item(cloud: &Cloud, tenant: usize, content: ContentType, blob: &Blob) -> Value {
    let uri = format!(
        "{}/api/v1.0/{}/activity/feed/audit/{}",
        cloud.base(Service::Manage),
        cloud.world.tenants[tenant].id,
        blob.id
    );
    json!({
        "contentUri": uri,
        "contentId": blob.id,
        "contentType": content.name(),
        "contentCreated": stamp::millis(blob.created),
        "contentExpiration": stamp::millis(blob.created + LIFE),
    })
}

/// `subscriptions/notifications`.
pub(super) fn notifications(cloud: &Cloud, tenant: usize, ask: &Ask) -> Answer {
    let window = match window(cloud, ask) {
        Ok(window) => window,
        Err(refused) => return refused,
    };
    let content = window.content;
    let dials = cloud.faults.dials();
    let sent = cloud.activity.subscriptions(|subscriptions| {
        let subscription = subscriptions.of(tenant, content, &dials);
        let webhook = subscription.and_then(|subscription| subscription.webhook.as_ref());
        webhook
            .map(|webhook| webhook.sent.clone())
            .unwrap_or_default()
    });
    let library = cloud.activity.library();
    let items: Vec<Value> = sent
        .iter()
        .filter(|sent| window.from <= sent.at && sent.at < window.to)
        .filter_map(|sent| {
            let (_, blob) = library.find(tenant, &sent.content)?;
            let mut item = item(cloud, tenant, content, blob);
            item["notificationSent"] = json!(stamp::millis(sent.at));
            item["notificationStatus"] = json!(if sent.success { "success" } else { "failed" });
            Some(item)
        })
        .collect();
    Answer::json(200, &Value::Array(items))
}

/// A blob.
pub(super) fn blob(cloud: &Cloud, tenant: usize, ask: &Ask) -> Answer {
    let id = ask.segments.last().map_or("", String::as_str);
    if !id.contains('$') {
        return af(20052, &format!("Content ID {id} in the URL is invalid."));
    }
    let absent = || {
        error(
            404,
            "AF20050",
            &format!("The specified content ({id}) does not exist."),
        )
    };
    let library = cloud.activity.library();
    let Some((content, blob)) = library.find(tenant, id) else {
        return absent();
    };
    let now = cloud.now();
    let dials = cloud.faults.dials();
    let reached = cloud.activity.subscriptions(|subscriptions| {
        subscriptions.reaches(tenant, content, blob.created, now, &dials)
    });
    if !reached || blob.listable > now || blob.fate == Fate::Missing {
        return absent();
    }
    if blob.fate == Fate::Expired || now > blob.created + LIFE {
        let text = format!(
            "Content requested with the key {id} has already expired. Content older than 7 days cannot be \
             retrieved."
        );
        return af(20051, &text);
    }
    Answer::text(200, cloud.array(&blob.rows)).holding(blob.rows.clone())
}
