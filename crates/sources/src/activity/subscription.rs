//! The subscription to one content type: without one, the service makes no content.

use crate::moment::MINUTE;
use model::Timestamp;
use serde_json::Value;

/// Between two requests to start.
pub(crate) const BETWEEN_STARTS: i64 = 15 * MINUTE;

/// Where the subscription stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum State {
    /// Not looked at as yet.
    #[default]
    Unknown,
    /// Being looked at, or being started.
    UnderWay,
    /// To be started.
    Off,
    /// On.
    On,
}

/// The subscription of a feed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Subscription {
    /// Where it stands.
    pub(crate) state: State,
    /// When its start was asked for last.
    pub(crate) asked_to_start: Option<Timestamp>,
    /// The last moment at which content was listed: it was on.
    pub(crate) good: Option<Timestamp>,
    /// Whether it was started again because somebody had disabled it, and not seen working since.
    pub(crate) restarted: bool,
}

impl Subscription {
    /// Returns the moment before which it must not be asked to start again.
    pub(crate) fn start_not_before(&self, now: Timestamp) -> Option<Timestamp> {
        let due = self.asked_to_start?.plus_seconds(BETWEEN_STARTS);
        (now < due).then_some(due)
    }
}

/// What a list of subscriptions says of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Told {
    /// It is on, or nothing is said of how it stands: content will tell.
    On,
    /// It was there and is disabled.
    Disabled,
    /// There is none.
    Absent,
}

/// Reads what the list of subscriptions says of a content type; nothing when it is no list.
pub(crate) fn read_list(body: &[u8], content_type: &str) -> Option<Told> {
    let Ok(Value::Array(entries)) = serde_json::from_slice(body) else {
        return None;
    };
    let of_type = |entry: &&Value| {
        let found = entry.get("contentType").and_then(Value::as_str);
        found.is_some_and(|found| found.eq_ignore_ascii_case(content_type))
    };
    let Some(entry) = entries.iter().find(of_type) else {
        return Some(Told::Absent);
    };
    let status = entry.get("status").and_then(Value::as_str);
    let disabled = status.is_some_and(|status| status.eq_ignore_ascii_case("disabled"));
    Some(if disabled { Told::Disabled } else { Told::On })
}
