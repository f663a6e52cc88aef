//! The message trace as Microsoft Graph hands it out: a row per message and recipient.

use crate::graph::{GraphLog, Log};
use crate::moment::{DAY, HOUR, MINUTE};
use crate::settings::FeedSettings;
use crate::window::{Rules, Tier};
use model::{GapClock, Pace};

/// Returns the message trace.
pub(crate) fn trace(settings: &FeedSettings) -> GraphLog {
    GraphLog(Log {
        name: "message-trace",
        path: "/v1.0/admin/exchange/tracing/messageTraces",
        time: "receivedDateTime",
        // The service takes `ge` and `le` alone: what falls on a bound comes twice.
        until: "le",
        also: "",
        order: "",
        page: 5000,
        pace: Pace::Trace,
        hint: "grant `ExchangeMessageTrace.Read.All` of Microsoft Graph, and make the service principal of the application 8bd644d1-64a1-4d4b-ae52-2e0cbf64e373 in the tenant once: `POST /v1.0/servicePrincipals`",
        rules: rules(settings),
    })
}

/// Returns how a message trace is read, by whichever way.
pub(crate) fn rules(settings: &FeedSettings) -> Rules {
    Rules {
        poll: settings.poll.max(1),
        lag: 0,
        tiers: vec![
            Tier {
                every: 0,
                late: 15 * MINUTE,
            },
            Tier {
                every: HOUR,
                late: 2 * HOUR,
            },
            // The status of a message changes from pending to delivered or failed for a day.
            Tier {
                every: DAY,
                late: 25 * HOUR,
            },
        ],
        keeps: 90 * DAY - HOUR,
        first: 6 * HOUR,
        widest: 9 * DAY,
        narrowest: 1,
        clock: GapClock::Event,
        lanes: 2,
    }
}
