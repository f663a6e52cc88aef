//! Webhooks: the handshake when one is named, and notifications when content comes.

use std::io::{Read as _, Write as _};
use std::net::{TcpStream, ToSocketAddrs as _};
use std::time::Duration;

use serde_json::{Value, json};

use super::content::Blob;
use super::{af, list, subscription};
use crate::cloud::Cloud;
use crate::record::{ContentType, Micros};
use crate::stamp;
use crate::wire::{Answer, Ask};

/// Where a client wants to be told.
#[derive(Clone, Debug)]
pub(crate) struct Webhook {
    address: String,
    auth_id: Option<String>,
    expiration: Option<Micros>,
    enabled: bool,
    /// Content that was created before this was told.
    told_until: Micros,
    failures: u32,
    pub(super) sent: Vec<Sent>,
}

/// A notification that was sent.
#[derive(Clone, Debug)]
pub(crate) struct Sent {
    pub(super) at: Micros,
    pub(super) content: String,
    pub(super) success: bool,
}

/// After so many notifications that nobody took, a webhook is switched off.
const PATIENCE: u32 = 5;

impl Webhook {
    pub(super) fn json(&self) -> Value {
        json!({
            "status": if self.enabled { "enabled" } else { "disabled" },
            "address": self.address,
            "authId": self.auth_id,
            "expiration": self.expiration.map(stamp::millis),
        })
    }
}

/// Reads the webhook of a start request, and shakes hands with it.
pub(super) fn wanted(cloud: &Cloud, ask: &Ask) -> Result<Option<Webhook>, Answer> {
    let Some(wanted) = ask
        .json()
        .and_then(|mut body| body.get_mut("webhook").map(Value::take))
    else {
        return Ok(None);
    };
    let Some(address) = wanted["address"]
        .as_str()
        .filter(|address| !address.is_empty())
    else {
        return Ok(None);
    };
    let expiration = subscription::expiration(wanted["expiration"].as_str()).map_err(|()| {
        af(
            20002,
            "Invalid parameter type: expiration. Expected type: DateTime",
        )
    })?;
    if let Some(past) = expiration.filter(|moment| *moment <= cloud.now()) {
        let text = format!(
            "Expiration {} provided is set to past date and time.",
            stamp::seconds(past)
        );
        return Err(af(20003, &text));
    }
    let auth_id = wanted["authId"].as_str().map(str::to_owned);
    let code = cloud.guid("validation");
    let body = json!({"validationCode": code}).to_string();
    let status = post(address, auth_id.as_deref(), Some(&code), &body);
    if status != Some(200) {
        let status = status.map_or("no answer".to_owned(), |status| status.to_string());
        let text = format!("The webhook endpoint ({address}) could not be validated. {status}");
        return Err(af(20021, &text));
    }
    Ok(Some(Webhook {
        address: address.to_owned(),
        auth_id,
        expiration,
        enabled: true,
        told_until: cloud.now(),
        failures: 0,
        sent: Vec::new(),
    }))
}

/// Tells every webhook what has become listable.
pub(super) fn deliver(cloud: &Cloud) {
    for (tenant, content, webhook) in due(cloud) {
        let library = cloud.activity.library();
        let now = cloud.now();
        let blobs: Vec<&Blob> = library
            .blobs(tenant, content)
            .iter()
            .filter(|blob| blob.listable >= webhook.told_until && blob.listable < now)
            .collect();
        let told: Vec<Value> = blobs
            .iter()
            .map(|blob| notification(cloud, tenant, content, blob))
            .collect();
        let success = told.is_empty() || {
            let body = Value::Array(told).to_string();
            post(&webhook.address, webhook.auth_id.as_deref(), None, &body) == Some(200)
        };
        note(cloud, (tenant, content), &blobs, now, success);
    }
}

fn due(cloud: &Cloud) -> Vec<(usize, ContentType, Webhook)> {
    let now = cloud.now();
    cloud.activity.subscriptions(|subscriptions| {
        subscriptions
            .iter_mut()
            .filter(|(_, _, subscription)| subscription.state() == subscription::State::On)
            .filter_map(|(tenant, content, subscription)| {
                let webhook = subscription.webhook.clone()?;
                let good = webhook.enabled && webhook.expiration.is_none_or(|end| now < end);
                good.then_some((tenant, content, webhook))
            })
            .collect()
    })
}

fn notification(cloud: &Cloud, tenant: usize, content: ContentType, blob: &Blob) -> Value {
    let mut item = list::item(cloud, tenant, content, blob);
    let tenant = &cloud.world.tenants[tenant];
    item["tenantId"] = json!(tenant.id);
    item["clientId"] = json!(tenant.collector.client_id);
    item
}

fn note(cloud: &Cloud, whose: (usize, ContentType), blobs: &[&Blob], now: Micros, success: bool) {
    cloud.activity.subscriptions(|subscriptions| {
        let found = subscriptions
            .iter_mut()
            .find(|(tenant, content, _)| (*tenant, *content) == whose);
        let Some(webhook) = found.and_then(|(_, _, subscription)| subscription.webhook.as_mut())
        else {
            return;
        };
        let sent = blobs.iter().map(|blob| Sent {
            at: now,
            content: blob.id.clone(),
            success,
        });
        webhook.sent.extend(sent);
        if success {
            webhook.told_until = now;
            webhook.failures = 0;
            return;
        }
        webhook.failures += 1;
        webhook.enabled = webhook.failures < PATIENCE;
    });
}

/// Posts to a webhook and returns the status of the answer.
fn post(address: &str, auth_id: Option<&str>, code: Option<&str>, body: &str) -> Option<u16> {
    tokio::task::block_in_place(|| {
        let rest = address.strip_prefix("http://")?;
        let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
        let target = if host.contains(':') {
            host.to_owned()
        } else {
            format!("{host}:80")
        };
        let socket = target.to_socket_addrs().ok()?.next()?;
        let mut stream = TcpStream::connect_timeout(&socket, Duration::from_secs(5)).ok()?;
        stream.set_read_timeout(Some(Duration::from_secs(5))).ok()?;
        let auth = auth_id.map_or(String::new(), |id| format!("Webhook-AuthID: {id}\r\n"));
        let code = code.map_or(String::new(), |code| {
            format!("Webhook-ValidationCode: {code}\r\n")
        });
        let head = format!(
            "POST /{path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\nConnection: close\r\n{auth}{code}\r\n",
            body.len()
        );
        stream.write_all(head.as_bytes()).ok()?;
        stream.write_all(body.as_bytes()).ok()?;
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).ok()?;
        std::str::from_utf8(&answer).ok()?.get(9..12)?.parse().ok()
    })
}
