//! The audit log of an Azure DevOps organisation.

use crate::health::{Meaning, access};
use crate::link::encoded;
use crate::moment::{DAY, HOUR, MINUTE};
use crate::said::Said;
use crate::settings::FeedSettings;
use crate::window::source::{Place, Source, Turn, fullness, refused, stop};
use crate::window::{Rules, Tier};
use model::{Ask, GapClock, Pace, Reply, Service, Timestamp};
use serde::Deserialize;
use serde_json::value::RawValue;

#[cfg(test)]
mod tests;

const PAGE: u64 = 1000;
const HINT: &str = "connect the organisation to Entra ID, switch its auditing on, add the application to it and give it the permission View audit log";

/// The source.
pub(crate) struct Audit {
    name: String,
    organization: String,
    poll: i64,
}

impl Audit {
    /// Returns the source for an organisation.
    pub(crate) fn new(organization: &str, settings: &FeedSettings) -> Self {
        Self {
            name: format!("devops-audit/{organization}"),
            organization: organization.to_owned(),
            poll: settings.poll,
        }
    }

    fn ask(&self, place: Place<'_>, token: Option<&str>) -> Ask {
        let token = token.map(|token| format!("&continuationToken={}", encoded(token)));
        Ask::get(
            Service::DevOps,
            Pace::DevOps,
            format!(
                "/{}/_apis/audit/auditlog?startTime={}&endTime={}&batchSize={PAGE}{}&skipAggregation=true&api-version=7.1-preview.1",
                encoded(&self.organization),
                encoded(&place.window.from.to_string()),
                encoded(&place.window.to.to_string()),
                token.unwrap_or_default(),
            ),
        )
    }
}

/// How many entries were read of a window.
#[derive(Default)]
pub(crate) struct Read {
    rows: u64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wire<'a> {
    #[serde(borrow)]
    decorated_audit_log_entries: Vec<&'a RawValue>,
    #[serde(default)]
    continuation_token: Option<String>,
    #[serde(default)]
    has_more: bool,
}

impl Source for Audit {
    type Walk = Read;

    fn name(&self) -> &str {
        &self.name
    }

    fn rules(&self) -> Rules {
        Rules {
            poll: self.poll.max(1),
            lag: 0,
            tiers: vec![
                Tier {
                    every: 0,
                    late: 15 * MINUTE,
                },
                Tier {
                    every: 6 * HOUR,
                    late: 6 * HOUR,
                },
            ],
            keeps: 90 * DAY - HOUR,
            first: 6 * HOUR,
            widest: 7 * DAY,
            narrowest: 1,
            clock: GapClock::Event,
            lanes: 1,
        }
    }

    fn first(&mut self, place: Place<'_>, _walk: &mut Read, _now: Timestamp) -> Ask {
        self.ask(place, None)
    }

    fn read(&mut self, place: Place<'_>, walk: &mut Read, reply: &Reply, _now: Timestamp) -> Turn {
        let html = reply
            .header("content-type")
            .is_some_and(|kind| kind.contains("html"));
        if reply.status == 203 || html {
            return stop(access(
                "a page for signing in came instead of the audit log",
                HINT,
            ));
        }
        let wire: Wire<'_> = match serde_json::from_slice(&reply.body) {
            Ok(wire) => wire,
            Err(error) => {
                return Turn::Suffer(Meaning::Own(format!("the page is damaged: {error}")));
            }
        };
        let rows = wire.decorated_audit_log_entries.len() as u64;
        walk.rows += rows;
        let token = wire.continuation_token.filter(|token| !token.is_empty());
        match token {
            // More may be said to come behind a page without entries.
            Some(token) if wire.has_more => Turn::More(self.ask(place, Some(&token)), rows),
            None if wire.has_more => Turn::Again("more is promised without a way to it".to_owned()),
            _ => Turn::Done(rows, fullness(walk.rows, PAGE)),
        }
    }

    fn refused(
        &mut self,
        _place: Place<'_>,
        _walk: &mut Read,
        reply: &Reply,
        _now: Timestamp,
    ) -> Turn {
        let said = Said::of(reply);
        let signed_out = matches!(said.status, 302 | 401 | 403) && !said.is_throttling();
        if signed_out {
            return stop(access(
                format!(
                    "the audit log is not open to the application: {}",
                    said.line()
                ),
                HINT,
            ));
        }
        refused(&said, reply)
    }
}
