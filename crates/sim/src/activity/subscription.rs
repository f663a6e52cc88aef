//! Subscriptions: what a tenant's client started, and the spans in which it was on.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use tokio::time::{Duration, Instant};

use super::webhook::{self, Webhook};
use super::{af, content_type};
use crate::clock;
use crate::cloud::Cloud;
use crate::faults::Dials;
use crate::record::{ContentType, Micros};
use crate::stamp::{self, HOUR, SECOND};
use crate::wire::{Answer, Ask};

/// The subscriptions of all tenants.
#[derive(Debug, Default)]
pub(crate) struct Subscriptions {
    known: BTreeMap<(usize, ContentType), Subscription>,
}

/// A subscription.
#[derive(Clone, Debug)]
pub(crate) struct Subscription {
    spans: Vec<Span>,
    started: Option<Instant>,
    pub(super) webhook: Option<Webhook>,
    /// Whether an administrator switched it off, rather than its client.
    switched_off: bool,
}

/// A span in which a subscription was on.
#[derive(Clone, Copy, Debug)]
struct Span {
    from: Micros,
    to: Option<Micros>,
}

/// How a subscription stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    On,
    Stopped,
    SwitchedOff,
    Unknown,
}

impl Subscriptions {
    /// Returns a subscription; where subscriptions are on from the beginning, each is known.
    pub(super) fn of(
        &mut self,
        tenant: usize,
        content: ContentType,
        dials: &Dials,
    ) -> Option<&mut Subscription> {
        if dials.subscribed {
            let known = self.known.entry((tenant, content));
            return Some(known.or_insert_with(|| Subscription::on_since(Micros::MIN)));
        }
        self.known.get_mut(&(tenant, content))
    }

    pub(super) fn state(&mut self, tenant: usize, content: ContentType, dials: &Dials) -> State {
        self.of(tenant, content, dials)
            .map_or(State::Unknown, |subscription| subscription.state())
    }

    /// Whether content of a moment can be fetched now.
    pub(crate) fn reaches(
        &mut self,
        tenant: usize,
        content: ContentType,
        created: Micros,
        now: Micros,
        dials: &Dials,
    ) -> bool {
        self.of(tenant, content, dials)
            .is_some_and(|subscription| subscription.reaches(created, now, dials))
    }

    /// Ends a subscription.
    pub(super) fn end(
        &mut self,
        tenant: usize,
        content: ContentType,
        now: Micros,
        dials: &Dials,
        switched_off: bool,
    ) -> bool {
        let Some(subscription) = self.of(tenant, content, dials) else {
            return false;
        };
        let on = subscription.state() == State::On;
        if let Some(span) = subscription.spans.last_mut().filter(|_| on) {
            span.to = Some(now);
            subscription.switched_off = switched_off;
        }
        on
    }

    pub(super) fn iter_mut(
        &mut self,
    ) -> impl Iterator<Item = (usize, ContentType, &mut Subscription)> {
        self.known
            .iter_mut()
            .map(|((tenant, content), subscription)| (*tenant, *content, subscription))
    }
}

impl Subscription {
    fn on_since(from: Micros) -> Self {
        Self {
            spans: vec![Span { from, to: None }],
            started: None,
            webhook: None,
            switched_off: false,
        }
    }

    pub(super) fn state(&self) -> State {
        match self.spans.last() {
            None => State::Unknown,
            Some(Span { to: None, .. }) => State::On,
            Some(_) if self.switched_off => State::SwitchedOff,
            Some(_) => State::Stopped,
        }
    }

    pub(super) fn reaches(&self, created: Micros, now: Micros, dials: &Dials) -> bool {
        let first = self.spans.first().map_or(0, |span| span.from);
        self.spans.iter().any(|span| {
            let backfill = if span.from == first {
                i64::from(dials.backfill_hours) * HOUR
            } else {
                0
            };
            let ready = span
                .from
                .saturating_add(dials.first_content_seconds as i64 * SECOND);
            created >= span.from.saturating_sub(backfill)
                && span.to.is_none_or(|to| created < to)
                && now >= ready
        })
    }

    fn json(&self, content: ContentType) -> Value {
        let status = if self.state() == State::On {
            "enabled"
        } else {
            "disabled"
        };
        json!({
            "contentType": content.name(),
            "status": status,
            "webhook": self.webhook.as_ref().map(Webhook::json),
        })
    }
}

/// `subscriptions/start`.
pub(super) fn start(cloud: &Cloud, tenant: usize, ask: &Ask) -> Answer {
    let content = match content_type(ask) {
        Ok(content) => content,
        Err(refused) => return refused,
    };
    let webhook = match webhook::wanted(cloud, ask) {
        Ok(webhook) => webhook,
        Err(refused) => return refused,
    };
    let dials = cloud.faults.dials();
    let now = cloud.now();
    cloud.activity.subscriptions(|subscriptions| {
        let known = subscriptions.of(tenant, content, &dials);
        if let Some(subscription) = known {
            let on = subscription.state() == State::On;
            if on && subscription.webhook.is_none() && webhook.is_none() {
                return af(
                    20024,
                    "The subscription is already enabled. No property change.",
                );
            }
            let soon = Duration::from_secs(dials.start_interval);
            if subscription.started.is_some_and(|at| at.elapsed() < soon) {
                return super::throttled(cloud, ask, &cloud.site(ask), dials.retry_after);
            }
            if !on {
                subscription.spans.push(Span {
                    from: now,
                    to: None,
                });
                subscription.switched_off = false;
            }
            subscription.started = Some(clock::real());
            subscription.webhook = webhook;
            return Answer::json(200, &subscription.json(content));
        }
        let subscription = Subscription {
            started: Some(clock::real()),
            webhook,
            ..Subscription::on_since(now)
        };
        let answer = Answer::json(200, &subscription.json(content));
        subscriptions.known.insert((tenant, content), subscription);
        answer
    })
}

/// `subscriptions/stop`.
pub(super) fn stop(cloud: &Cloud, tenant: usize, ask: &Ask) -> Answer {
    let content = match content_type(ask) {
        Ok(content) => content,
        Err(refused) => return refused,
    };
    let dials = cloud.faults.dials();
    let now = cloud.now();
    let ended = cloud
        .activity
        .subscriptions(|subscriptions| subscriptions.end(tenant, content, now, &dials, false));
    if ended {
        return Answer::empty(200);
    }
    af(
        20022,
        "No subscription found for the specified content type.",
    )
}

/// `subscriptions/list`.
pub(super) fn list(cloud: &Cloud, tenant: usize) -> Answer {
    let dials = cloud.faults.dials();
    let listed: Vec<Value> = cloud.activity.subscriptions(|subscriptions| {
        ContentType::ALL
            .into_iter()
            .filter_map(|content| {
                let subscription = subscriptions.of(tenant, content, &dials)?;
                Some(subscription.json(content))
            })
            .collect()
    });
    Answer::json(200, &Value::Array(listed))
}

/// Reads the moment of an `expiration`, which may be absent or empty.
pub(super) fn expiration(text: Option<&str>) -> Result<Option<Micros>, ()> {
    match text {
        None | Some("") => Ok(None),
        Some(text) => stamp::parse(text).map(Some).ok_or(()),
    }
}
