//! The unified audit log searched by Exchange's cmdlet: the slowest way to it, and the only one
//! that reaches back further than seven days without a query being queued.
//!
//! The cmdlet ends early, repeats itself and answers nothing for failure, so a window counts as
//! read only when its session was counted through to the end.

use crate::digest::{digest, uuid_of};
use crate::health::Meaning;
use crate::invoke::{self, Answer};
use crate::moment::{DAY, HOUR, MINUTE};
use crate::settings::FeedSettings;
use crate::window::source::{Place, Source, Turn};
use crate::window::{Fullness, Rules, Tier, Window};
use model::{Ask, GapClock, Pace, Reply, Timestamp};
use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::BTreeSet;

#[cfg(test)]
mod tests;

/// The most rows of one call.
const OF_A_CALL: u64 = 5000;
/// A session that reaches this is cut off there.
const OF_A_SESSION: u64 = 50_000;
/// As many rows of a window as are wanted: few enough that a session ends before it goes wrong.
const TARGET: u64 = 2500;

/// The record types that fill a log, by the names that the cmdlet knows. A name that it does not
/// know is matched by its beginning and finds nothing, hence no names from anywhere else.
const RECORD_TYPES: [&str; 14] = [
    "ExchangeItemAggregated",
    "ExchangeItem",
    "ExchangeItemGroup",
    "ExchangeAdmin",
    "ExchangeAggregatedOperation",
    "AzureActiveDirectory",
    "AzureActiveDirectoryStsLogon",
    "AzureActiveDirectoryAccountLogon",
    "SharePoint",
    "SharePointFileOperation",
    "SharePointSharingOperation",
    "MicrosoftTeams",
    "ThreatIntelligence",
    "SecurityComplianceAlerts",
];

const ROLE: &str = "give the application the directory role Security Reader, Global Reader or Exchange Administrator, or a role group with View-Only Audit Logs";

/// The source.
pub(crate) struct Search {
    tenant: String,
    poll: i64,
}

impl Search {
    /// Returns the source for a tenant.
    pub(crate) fn new(settings: &FeedSettings) -> Self {
        Self {
            tenant: settings.tenant.clone(),
            poll: settings.poll.max(30 * MINUTE),
        }
    }

    /// A session's id is made of what it is for and when: never the same for two attempts.
    fn session(&self, window: &Window, now: Timestamp) -> String {
        uuid_of(&[
            &self.tenant,
            &window.from.to_string(),
            &window.to.to_string(),
            &window.part,
            &window.attempts.to_string(),
            &now.to_string(),
        ])
    }
}

/// How far a session was counted.
#[derive(Default)]
pub(crate) struct Session {
    asked: Option<Ask>,
    rows: u64,
    /// Answer of the call that is handed out in pages.
    of_call: u64,
    last_index: u64,
    told: u64,
    ids: BTreeSet<u128>,
}

#[derive(Deserialize)]
struct Row {
    #[serde(default, rename = "ResultIndex")]
    index: Value,
    #[serde(default, rename = "ResultCount")]
    count: Value,
    #[serde(default, rename = "Identity")]
    identity: String,
}

/// What a page of a session says of itself.
struct Counted {
    rows: u64,
    first: u64,
    last: u64,
    told: u64,
    all_known: bool,
}

impl Source for Search {
    type Walk = Session;

    fn name(&self) -> &'static str {
        "search-ual"
    }

    fn rules(&self) -> Rules {
        Rules {
            poll: self.poll,
            lag: 5 * MINUTE,
            tiers: vec![
                Tier {
                    every: 6 * HOUR,
                    late: 6 * HOUR,
                },
                Tier {
                    every: DAY,
                    late: 25 * HOUR,
                },
            ],
            keeps: 180 * DAY - HOUR,
            first: HOUR,
            widest: DAY,
            narrowest: 1,
            clock: GapClock::Event,
            lanes: 2,
        }
    }

    fn repeats_pages(&self) -> bool {
        // The service moves on in the session with each call, heard or not.
        false
    }

    fn first(&mut self, place: Place<'_>, walk: &mut Session, now: Timestamp) -> Ask {
        let window = place.window;
        let mut parameters = Map::new();
        let mut set = |name: &str, value: Value| parameters.insert(name.to_owned(), value);
        set("StartDate", Value::from(window.from.to_string()));
        set("EndDate", Value::from(window.to.to_string()));
        set("ResultSize", Value::from(OF_A_CALL));
        set("SessionId", Value::from(self.session(window, now)));
        set("SessionCommand", Value::from("ReturnLargeSet"));
        if !window.part.is_empty() {
            set("RecordType", Value::from(window.part.as_str()));
        }
        let ask = invoke::call(
            &self.tenant,
            Pace::Cmdlet,
            "Search-UnifiedAuditLog",
            &parameters,
        );
        walk.asked = Some(ask.clone());
        ask
    }

    fn read(
        &mut self,
        _place: Place<'_>,
        walk: &mut Session,
        reply: &Reply,
        _now: Timestamp,
    ) -> Turn {
        let answer = match invoke::read(&reply.body) {
            Ok(answer) => answer,
            Err(why) => return Turn::Suffer(Meaning::Own(why)),
        };
        if let Some(warning) = answer.failure() {
            return Turn::Again(format!("the search warned: {warning}"));
        }
        match walk.count(&answer) {
            Ok(counted) => walk.go_on(&counted, answer.next),
            Err(turn) => turn,
        }
    }

    fn refused(
        &mut self,
        _place: Place<'_>,
        _walk: &mut Session,
        reply: &Reply,
        _now: Timestamp,
    ) -> Turn {
        invoke::refusal(reply, ROLE)
    }

    fn parts(&self, _window: &Window) -> Vec<String> {
        RECORD_TYPES.iter().map(|&name| name.to_owned()).collect()
    }
}

impl Session {
    fn count(&mut self, answer: &Answer<'_>) -> Result<Counted, Turn> {
        let mut counted = Counted {
            rows: answer.rows.len() as u64,
            first: u64::MAX,
            last: 0,
            told: 0,
            all_known: true,
        };
        for row in &answer.rows {
            let row: Row = serde_json::from_str(row.get()).map_err(|error| {
                Turn::Suffer(Meaning::Own(format!("a row is damaged: {error}")))
            })?;
            let (Some(index), Some(count)) = (positive(&row.index), positive(&row.count)) else {
                return Err(Turn::Again(
                    "the session timed out and counts nothing".to_owned(),
                ));
            };
            counted.first = counted.first.min(index);
            counted.last = counted.last.max(index);
            counted.told = counted.told.max(count);
            counted.all_known &= !self.ids.insert(digest(&row.identity));
        }
        Ok(counted)
    }

    fn go_on(&mut self, counted: &Counted, next: Option<String>) -> Turn {
        let Some(asked) = self.asked.clone() else {
            return Turn::Again("the session is unknown".to_owned());
        };
        if counted.rows == 0 {
            return self.end(0);
        }
        let wraps = counted.first <= self.last_index;
        if wraps && counted.all_known {
            // It begins from the front again: what was counted is all, or all that will come.
            return self.end(0);
        }
        let in_step =
            counted.first == self.last_index + 1 && counted.last - self.last_index == counted.rows;
        if !in_step {
            return Turn::Again(format!(
                "the session jumps from {} to {}",
                self.last_index, counted.first
            ));
        }
        self.last_index = counted.last;
        self.rows += counted.rows;
        self.of_call += counted.rows;
        self.told = self.told.max(counted.told);
        if self.rows >= OF_A_SESSION {
            return Turn::Split(format!("a session is cut off at {OF_A_SESSION} rows"));
        }
        if let Some(link) = next {
            return Turn::More(invoke::next(&asked, link), counted.rows);
        }
        // A count that equals the size of a call says nothing: newer services write it always.
        let reliable = self.told != OF_A_CALL;
        if reliable && self.rows >= self.told {
            return self.end(counted.rows);
        }
        self.of_call = 0;
        Turn::More(asked, counted.rows)
    }

    fn end(&self, rows: u64) -> Turn {
        let short = self.told != OF_A_CALL && self.rows < self.told;
        if short {
            return Turn::Again(format!(
                "the session ends at {} of {}",
                self.rows, self.told
            ));
        }
        if self.told == OF_A_CALL && self.rows.is_multiple_of(OF_A_CALL) {
            return Turn::Split(format!(
                "exactly {} rows, as when they are cut off",
                self.rows
            ));
        }
        let fullness = if self.rows > 2 * TARGET {
            Fullness::Heavy
        } else if self.rows < TARGET / 3 {
            Fullness::Light
        } else {
            Fullness::Fine
        };
        Turn::Done(rows, fullness)
    }
}

fn positive(value: &Value) -> Option<u64> {
    let number = match value {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    number
        .filter(|number| *number > 0)
        .map(|number| number as u64)
}
