//! The unified audit log by queries that Microsoft Purview works off: made, waited for, read.
//!
//! A query that succeeded may still be cut short, and one that failed says little, so what was
//! read is counted against what was promised, and the tenant's daily budget is kept in sight.

use crate::activity::audit_is_off;
use crate::health::{Meaning, access};
use crate::link::{encoded, follow};
use crate::moment::{DAY, HOUR, MINUTE};
use crate::said::Said;
use crate::settings::FeedSettings;
use crate::window::page;
use crate::window::source::{Place, Source, Turn, refused, stop};
use crate::window::{Fullness, Rules, Tier};
use model::{Ask, GapClock, Pace, Reply, Service, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::collections::VecDeque;

#[cfg(test)]
mod tests;

/// A query that runs longer than this will not end.
const STUCK: i64 = 4 * HOUR;
/// No query hands out more.
const MOST: u64 = 1_000_000;
/// As many records of a window as are wanted at most.
const TARGET: u64 = 50_000;
/// So often the records of a query are read again when they are fewer than was told.
const REREADS: u32 = 2;

/// The source.
pub(crate) struct Queries {
    remembered: Remembered,
    a_day: usize,
}

/// What is remembered beside the windows.
#[derive(Default, Serialize, Deserialize)]
struct Remembered {
    /// Some tenants know the beta version alone.
    #[serde(default)]
    beta: bool,
    /// When queries were submitted, oldest first; microseconds.
    #[serde(default)]
    submitted: VecDeque<i64>,
}

/// What is remembered of a query across a restart.
#[derive(Clone, Serialize, Deserialize)]
struct Query {
    id: String,
    made: i64,
}

/// Where the reading of a window stands.
#[derive(Default)]
pub(crate) struct Walk {
    query: Option<Query>,
    stage: Stage,
    polls: u32,
    rows: u64,
    told: Option<u64>,
    rereads: u32,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Stage {
    #[default]
    Making,
    Waiting,
    Reading,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct State {
    #[serde(default)]
    id: String,
    #[serde(default)]
    status: String,
    #[serde(default)]
    is_record_count_limit_exceeded: Option<bool>,
}

impl Queries {
    /// Returns the source for a tenant.
    pub(crate) fn new(settings: &FeedSettings) -> Self {
        Self {
            remembered: Remembered::default(),
            a_day: settings.audit_queries_a_day.max(1) as usize,
        }
    }

    fn path(&self, below: &str) -> String {
        let version = if self.remembered.beta { "beta" } else { "v1.0" };
        format!("/{version}/security/auditLog/queries{below}")
    }

    fn get(&self, below: &str) -> Ask {
        Ask::get(Service::Graph, Pace::AuditQuery, self.path(below))
    }

    fn make(&mut self, place: Place<'_>, now: Timestamp) -> Ask {
        let (from, to) = (place.window.from, place.window.to);
        let body = json!({
            "displayName": format!("breachscope {from} {to}"),
            "filterStartDateTime": from.to_string(),
            "filterEndDateTime": to.to_string(),
        });
        self.remembered.submitted.push_back(now.0);
        let a_day_ago = now.plus_seconds(-DAY).0;
        self.remembered.submitted.retain(|at| *at > a_day_ago);
        Ask::post(
            Service::Graph,
            Pace::AuditQuery,
            self.path(""),
            body.to_string(),
        )
    }

    fn status(&self, query: &Query) -> Ask {
        self.get(&format!("/{}", encoded(&query.id)))
    }

    fn records(&self, query: &Query) -> Ask {
        self.get(&format!(
            "/{}/records?$top=999&$count=true",
            encoded(&query.id)
        ))
    }

    fn made(&self, walk: &mut Walk, reply: &Reply, now: Timestamp) -> Turn {
        match serde_json::from_slice::<State>(&reply.body) {
            Ok(state) if !state.id.is_empty() => {
                let query = Query {
                    id: state.id,
                    made: now.0,
                };
                let ask = self.status(&query);
                (walk.query, walk.stage) = (Some(query), Stage::Waiting);
                Turn::Later(ask, 5)
            }
            _ => Turn::Suffer(Meaning::Own("a query was made without an id".to_owned())),
        }
    }

    fn waited(&self, walk: &mut Walk, query: &Query, reply: &Reply, now: Timestamp) -> Turn {
        let Ok(state) = serde_json::from_slice::<State>(&reply.body) else {
            return Turn::Suffer(Meaning::Own("the query's state is damaged".to_owned()));
        };
        if state.status.contains("AuditingDisabledTenant") {
            return stop(audit_is_off(&state.status));
        }
        let is = |word: &str| state.status.eq_ignore_ascii_case(word);
        if is("succeeded") && state.is_record_count_limit_exceeded == Some(true) {
            return Turn::Split("the query found more than it hands out".to_owned());
        }
        if is("succeeded") {
            walk.stage = Stage::Reading;
            return Turn::Later(self.records(query), 0);
        }
        if !is("notStarted") && !is("running") {
            return Turn::Replan(format!("the query ended as `{}`", state.status));
        }
        if now.0 - query.made > STUCK * 1_000_000 {
            return Turn::Replan("the query did not end in four hours".to_owned());
        }
        walk.polls += 1;
        let pause = 5_i64 << (walk.polls / 3).min(4);
        Turn::Later(self.status(query), pause.min(60))
    }

    fn read_records(&self, walk: &mut Walk, reply: &Reply) -> Turn {
        let page = match page::read(&reply.body) {
            Ok(page) => page,
            Err(why) => return Turn::Suffer(Meaning::Own(why)),
        };
        walk.rows += page.rows;
        walk.told = walk.told.max(page.count);
        if walk.rows >= MOST {
            return Turn::Split("the query found as much as it hands out at most".to_owned());
        }
        if let Some(link) = page.next {
            return Turn::More(follow(self.get(""), link), page.rows);
        }
        let missing = walk.told.is_some_and(|told| told != walk.rows);
        if !missing {
            return Turn::Done(page.rows, fullness(walk.rows));
        }
        let told = format!("{} records came of {}", walk.rows, walk.told.unwrap_or(0));
        if walk.rereads >= REREADS {
            return Turn::Replan(told);
        }
        self.read_again(walk, 30)
    }

    /// Reads the records from the first page again: the query stands and costs nothing more.
    fn read_again(&self, walk: &mut Walk, seconds: i64) -> Turn {
        walk.rereads += 1;
        (walk.rows, walk.told) = (0, None);
        match &walk.query {
            Some(query) => Turn::Later(self.records(query), seconds),
            None => Turn::Again("the query is unknown".to_owned()),
        }
    }
}

fn fullness(rows: u64) -> Fullness {
    if rows > TARGET {
        Fullness::Heavy
    } else if rows < TARGET / 4 {
        Fullness::Light
    } else {
        Fullness::Fine
    }
}

impl Source for Queries {
    type Walk = Walk;

    fn name(&self) -> &'static str {
        "audit-query"
    }

    fn rules(&self) -> Rules {
        Rules {
            poll: 30 * MINUTE,
            lag: 5 * MINUTE,
            tiers: vec![
                Tier {
                    every: 0,
                    late: 5 * MINUTE,
                },
                Tier {
                    every: 12 * HOUR,
                    late: 15 * HOUR,
                },
                Tier {
                    every: 3 * DAY,
                    late: 3 * DAY,
                },
            ],
            keeps: 180 * DAY - HOUR,
            first: 12 * HOUR,
            widest: 7 * DAY,
            narrowest: MINUTE,
            clock: GapClock::Event,
            lanes: 4,
        }
    }

    fn first(&mut self, place: Place<'_>, walk: &mut Walk, now: Timestamp) -> Ask {
        let Ok(query) = serde_json::from_str::<Query>(&place.window.note) else {
            return self.make(place, now);
        };
        let ask = self.status(&query);
        (walk.query, walk.stage) = (Some(query), Stage::Waiting);
        ask
    }

    fn read(&mut self, _place: Place<'_>, walk: &mut Walk, reply: &Reply, now: Timestamp) -> Turn {
        let Some(query) = walk.query.clone() else {
            return self.made(walk, reply, now);
        };
        match walk.stage {
            Stage::Making => self.made(walk, reply, now),
            Stage::Waiting => self.waited(walk, &query, reply, now),
            Stage::Reading => self.read_records(walk, reply),
        }
    }

    fn refused(
        &mut self,
        place: Place<'_>,
        walk: &mut Walk,
        reply: &Reply,
        now: Timestamp,
    ) -> Turn {
        let said = Said::of(reply);
        if said.speaks_of("AuditingDisabledTenant") {
            return stop(audit_is_off(&said.line()));
        }
        match (walk.query.is_some(), said.status) {
            // Some tenants answer 404 to version 1.0 and know the beta version.
            (false, 404) if !self.remembered.beta => {
                self.remembered.beta = true;
                let ask = self.make(place, now);
                self.remembered.submitted.pop_back();
                Turn::Later(ask, 0)
            }
            (true, 404 | 410) => Turn::Replan(format!("the query is gone: {}", said.line())),
            (true, _) if walk.stage == Stage::Reading && walk.rereads < REREADS => {
                match refused(&said, reply) {
                    Turn::Again(_) => self.read_again(walk, 0),
                    turn => turn,
                }
            }
            _ => match refused(&said, reply) {
                Turn::Suffer(Meaning::Stop(trouble, _)) => stop(access(
                    trouble.what,
                    "grant `AuditLogsQuery.Read.All` of Microsoft Graph and consent to it; it is noticed within an hour",
                )),
                turn => turn,
            },
        }
    }

    fn note(&self, walk: &Walk) -> String {
        let query = walk.query.as_ref();
        query
            .and_then(|query| serde_json::to_string(query).ok())
            .unwrap_or_default()
    }

    fn not_before(&self, now: Timestamp) -> Option<Timestamp> {
        let a_day_ago = now.plus_seconds(-DAY).0;
        let recent = self
            .remembered
            .submitted
            .iter()
            .filter(|at| **at > a_day_ago)
            .count();
        if recent < self.a_day {
            return None;
        }
        let frees = self
            .remembered
            .submitted
            .get(self.remembered.submitted.len() - self.a_day)?;
        Some(Timestamp(*frees).plus_seconds(DAY))
    }

    fn memory(&self) -> String {
        serde_json::to_string(&self.remembered).unwrap_or_default()
    }

    fn recall(&mut self, memory: &str) {
        self.remembered = serde_json::from_str(memory).unwrap_or_default();
    }
}
