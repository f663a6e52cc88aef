//! `/t` and `/t/{id}`: whether every tenant is collected, how late, and what is missing.

use crate::frame::{Frame, page};
use crate::house::Reads;
use crate::refusal::Refusal;
use crate::session::Signed;
use crate::sight::{Sight, of_feed, of_tenant};
use crate::text::{State, Text, When, number, span, tenant_path, text};
use askama::Template;
use axum::extract::{Path, State as Given};
use axum::response::Response;
use engine::pages::TenantStanding;
use model::Timestamp;
use std::sync::Arc;

const WEEK_MICROS: i64 = 7 * 24 * 3600 * 1_000_000;
/// How many gaps a page lists.
const LISTED: usize = 200;

#[derive(Template)]
#[template(path = "tenants.html")]
struct TenantsPage {
    frame: Frame,
    tenants: Vec<Line>,
}

struct Line {
    path: String,
    name: Text,
    state: State,
    why: String,
    incidents: u64,
    incidents_shown: String,
    feeds: String,
    complete: Option<When>,
    lag: String,
    gaps: String,
}

#[derive(Template)]
#[template(path = "tenant.html")]
struct TenantPage {
    frame: Frame,
    id: Text,
    name: Text,
    state: State,
    why: String,
    incidents: String,
    is_looked_at: bool,
    unseen_since: Option<When>,
    paused: Option<When>,
    feeds: Vec<FeedLine>,
    gaps: Vec<GapLine>,
    more_gaps: usize,
}

struct FeedLine {
    name: Text,
    state: State,
    complete: Option<When>,
    lag: String,
    noted: Option<When>,
    new: String,
    known: String,
    rejected: String,
    waiting: String,
    gaps: String,
    trouble: Text,
    hint: Text,
}

struct GapLine {
    feed: Text,
    from: When,
    to: When,
    span: String,
    clock: &'static str,
    cause: Text,
    detail: Text,
    noted: When,
}

/// Shows every tenant.
pub(crate) async fn all(
    Given(reads): Given<Arc<Reads>>,
    signed: Signed,
) -> Result<Response, Refusal> {
    let sight = Sight::of(&reads, &signed.account)?;
    let mut tenants: Vec<Line> = sight.tenants().map(|one| line(one, &sight)).collect();
    tenants.sort_by_key(|one| std::cmp::Reverse(one.state));
    Ok(page(&TenantsPage {
        frame: Frame::of(&signed, "tenants", "Tenants"),
        tenants,
    }))
}

/// Shows one tenant.
pub(crate) async fn one(
    Given(reads): Given<Arc<Reads>>,
    signed: Signed,
    Path(id): Path<String>,
) -> Result<Response, Refusal> {
    let sight = Sight::of(&reads, &signed.account)?;
    let tenant = sight.tenant(if id == "-" { "" } else { &id })?;
    let (state, why) = of_tenant(tenant, sight.many_in(&tenant.id), sight.now);
    Ok(page(&TenantPage {
        frame: Frame::of(&signed, "tenants", &tenant.name),
        id: text(&tenant.id),
        name: text(&tenant.name),
        state,
        why,
        incidents: number(sight.many_in(&tenant.id)),
        is_looked_at: tenant.is_looked_at,
        unseen_since: tenant.unseen_since.map(When),
        paused: tenant.paused.map(When),
        feeds: feeds(tenant, sight.now),
        gaps: tenant.gaps.iter().rev().take(LISTED).map(gap).collect(),
        more_gaps: tenant.gaps.len().saturating_sub(LISTED),
    }))
}

fn lag(until: Option<Timestamp>, now: Timestamp) -> String {
    until.map_or_else(String::new, |until| {
        format!("{} late", span((now.0 - until.0) / 1_000_000))
    })
}

fn line(tenant: &TenantStanding, sight: &Sight) -> Line {
    let incidents = sight.many_in(&tenant.id);
    let (state, why) = of_tenant(tenant, incidents, sight.now);
    let complete = tenant.feeds.iter().filter_map(|feed| feed.feed.until).min();
    let is_clear = |feed: &&engine::FeedStatus| {
        of_feed(feed, tenant.paused.is_some(), sight.now) == State::Clear
    };
    let clear = tenant.feeds.iter().filter(is_clear).count();
    let recent = |gap: &&engine::pages::StoredGap| sight.now.0 - gap.gap.to.0 < WEEK_MICROS;
    Line {
        path: tenant_path(&tenant.id),
        name: text(&tenant.name),
        state,
        why,
        incidents,
        incidents_shown: number(incidents),
        feeds: match tenant.feeds.len() {
            0 => String::new(),
            all => format!("{clear} of {all}"),
        },
        complete: complete.map(When),
        lag: lag(complete, sight.now),
        gaps: match tenant.feeds.len() {
            0 => String::new(),
            _ => number(tenant.gaps.iter().filter(recent).count() as u64),
        },
    }
}

fn feeds(tenant: &TenantStanding, now: Timestamp) -> Vec<FeedLine> {
    let line = |status: &engine::FeedStatus| {
        let feed = &status.feed;
        FeedLine {
            name: text(&feed.feed),
            state: of_feed(status, tenant.paused.is_some(), now),
            complete: feed.until.map(When),
            lag: lag(feed.until, now),
            noted: (feed.noted.0 > 0).then_some(When(feed.noted)),
            new: number(feed.new),
            known: number(feed.duplicates),
            rejected: number(feed.rejected),
            waiting: number(feed.waiting),
            gaps: number(status.gaps),
            trouble: text(&feed.trouble),
            hint: text(&feed.hint),
        }
    };
    tenant.feeds.iter().map(line).collect()
}

fn gap(stored: &engine::pages::StoredGap) -> GapLine {
    GapLine {
        feed: text(&stored.feed),
        from: When(stored.gap.from),
        to: When(stored.gap.to),
        span: span((stored.gap.to.0 - stored.gap.from.0) / 1_000_000),
        clock: match stored.gap.clock {
            model::GapClock::Event => "by when it happened",
            model::GapClock::Arrival => "by when it arrived",
        },
        cause: text(&stored.gap.cause),
        detail: text(&stored.gap.detail),
        noted: When(stored.noted),
    }
}
