//! The message trace by Exchange's own cmdlet, for clouds in which Graph has none.
//!
//! The cmdlet has no next page: what follows is asked for from the last row on, backwards in
//! time, and the rows on that bound come twice.

use crate::health::Meaning;
use crate::invoke;
use crate::message_trace::rules;
use crate::settings::FeedSettings;
use crate::window::Rules;
use crate::window::source::{Place, Source, Turn, fullness};
use model::{Ask, Pace, Reply, Timestamp};
use serde::Deserialize;
use serde_json::{Map, Value};

#[cfg(test)]
mod tests;

/// The most rows of an answer.
const MOST: u64 = 5000;

/// The source.
pub(crate) struct Trace {
    tenant: String,
    rules: Rules,
}

impl Trace {
    /// Returns the source for a tenant.
    pub(crate) fn new(settings: &FeedSettings) -> Self {
        Self {
            tenant: settings.tenant.clone(),
            rules: rules(settings),
        }
    }

    fn call(&self, from: Timestamp, to: &str, recipient: Option<&str>) -> Ask {
        let mut parameters = Map::new();
        parameters.insert("StartDate".to_owned(), Value::from(from.to_string()));
        parameters.insert("EndDate".to_owned(), Value::from(to));
        parameters.insert("ResultSize".to_owned(), Value::from(MOST));
        if let Some(recipient) = recipient {
            parameters.insert(
                "StartingRecipientAddress".to_owned(),
                Value::from(recipient),
            );
        }
        invoke::call(&self.tenant, Pace::Trace, "Get-MessageTraceV2", &parameters)
    }
}

/// How far a window was read.
#[derive(Default)]
pub(crate) struct Read {
    rows: u64,
    /// Rows of the answer that is handed out in pages.
    of_answer: u64,
    asked: Option<Ask>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Row {
    received: String,
    recipient_address: String,
}

impl Source for Trace {
    type Walk = Read;

    fn name(&self) -> &'static str {
        "message-trace-exchange"
    }

    fn rules(&self) -> Rules {
        self.rules.clone()
    }

    fn first(&mut self, place: Place<'_>, walk: &mut Read, _now: Timestamp) -> Ask {
        let ask = self.call(place.window.from, &place.window.to.to_string(), None);
        walk.asked = Some(ask.clone());
        ask
    }

    fn read(&mut self, place: Place<'_>, walk: &mut Read, reply: &Reply, _now: Timestamp) -> Turn {
        let answer = match invoke::read(&reply.body) {
            Ok(answer) => answer,
            Err(why) => return Turn::Suffer(Meaning::Own(why)),
        };
        if let Some(warning) = answer.failure() {
            return Turn::Suffer(Meaning::Own(format!("warned: {warning}")));
        }
        let rows = answer.rows.len() as u64;
        walk.rows += rows;
        walk.of_answer += rows;
        if let (Some(link), Some(asked)) = (answer.next, &walk.asked) {
            return Turn::More(invoke::next(asked, link), rows);
        }
        if walk.of_answer < MOST {
            return Turn::Done(rows, fullness(walk.rows, MOST));
        }
        let last = answer
            .rows
            .last()
            .map(|row| serde_json::from_str::<Row>(row.get()));
        let Some(Ok(last)) = last else {
            return Turn::Split("a full answer whose last row cannot be read".to_owned());
        };
        let ask = self.call(
            place.window.from,
            &last.received,
            Some(&last.recipient_address),
        );
        if walk.asked.as_ref() == Some(&ask) {
            return Turn::Split("one moment holds more rows than an answer".to_owned());
        }
        walk.asked = Some(ask.clone());
        walk.of_answer = 0;
        Turn::More(ask, rows)
    }

    fn refused(
        &mut self,
        _place: Place<'_>,
        _walk: &mut Read,
        reply: &Reply,
        _now: Timestamp,
    ) -> Turn {
        invoke::refusal(
            reply,
            "assign the application a directory role that may trace messages: Global Reader, Security Reader or Exchange Administrator",
        )
    }
}
