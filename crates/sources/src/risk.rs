//! What Identity Protection found risky.
//!
//! A detection changes after it was made, so the log is read by when it changed last: that is a
//! clock of arrival, and a detection comes again each time it changes.

use crate::graph::{GraphLog, Log};
use crate::moment::{DAY, HOUR, MINUTE};
use crate::settings::FeedSettings;
use crate::window::{Rules, Tier};
use model::{GapClock, Pace};

/// Returns the log of risk detections.
pub(crate) fn detections(settings: &FeedSettings) -> GraphLog {
    GraphLog(Log {
        name: "risk-detections",
        path: "/v1.0/identityProtection/riskDetections",
        time: "lastUpdatedDateTime",
        until: "lt",
        also: "",
        order: "",
        page: 500,
        pace: Pace::Risk,
        hint: "grant `IdentityRiskEvent.Read.All` of Microsoft Graph and consent to it; details need Entra ID P2",
        rules: Rules {
            poll: settings.poll.max(1),
            lag: 0,
            tiers: vec![
                Tier {
                    every: 0,
                    late: 15 * MINUTE,
                },
                Tier {
                    every: 6 * HOUR,
                    late: 48 * HOUR,
                },
            ],
            keeps: 90 * DAY,
            first: DAY,
            widest: 10 * DAY,
            narrowest: 10,
            clock: GapClock::Arrival,
            lanes: 1,
        },
    })
}
