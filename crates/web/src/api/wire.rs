//! Tenants as programs read them. The names are a contract; a new one may be added.

use crate::sight::{Sight, of_feed, of_tenant};
use engine::pages::TenantStanding;
use model::Timestamp;
use serde::Serialize;

/// Every tenant.
#[derive(Serialize)]
pub(super) struct WireTenants<'a> {
    tenants: Vec<WireTenant<'a>>,
}

#[derive(Serialize)]
struct WireTenant<'a> {
    tenant: &'a str,
    name: &'a str,
    state: &'static str,
    why: String,
    incidents: u64,
    gaps: u64,
    paused: bool,
    feeds: Vec<WireFeed<'a>>,
}

#[derive(Serialize)]
struct WireFeed<'a> {
    feed: &'a str,
    state: &'static str,
    until: Option<String>,
    caught_up: Option<String>,
    waiting: u64,
    gaps: u64,
    trouble: &'a str,
    hint: &'a str,
}

/// Returns every tenant that may be seen.
pub(super) fn tenants(sight: &Sight) -> WireTenants<'_> {
    WireTenants {
        tenants: sight.tenants().map(|one| tenant(one, sight)).collect(),
    }
}

fn tenant<'a>(tenant: &'a TenantStanding, sight: &Sight) -> WireTenant<'a> {
    let incidents = sight.many_in(&tenant.id);
    let (state, why) = of_tenant(tenant, incidents, sight.now);
    let moment = |at: Option<Timestamp>| at.map(|at| at.to_string());
    let feeds = tenant.feeds.iter().map(|one| WireFeed {
        feed: &one.feed.feed,
        state: of_feed(one, tenant.paused.is_some(), sight.now).name(),
        until: moment(one.feed.until),
        caught_up: moment(one.feed.caught_up),
        waiting: one.feed.waiting,
        gaps: one.gaps,
        trouble: &one.feed.trouble,
        hint: &one.feed.hint,
    });
    WireTenant {
        tenant: &tenant.id,
        name: &tenant.name,
        state: state.name(),
        why,
        incidents,
        gaps: tenant.gaps.len() as u64,
        paused: tenant.paused.is_some(),
        feeds: feeds.collect(),
    }
}
