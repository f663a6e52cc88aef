//! Sign-ins to Entra ID: four kinds, each read by itself and with a place of its own.

use crate::graph::{GraphLog, Log};
use crate::moment::{DAY, HOUR, MINUTE};
use crate::settings::FeedSettings;
use crate::window::{Rules, Tier};
use model::{GapClock, Pace};

/// The names of the four feeds.
pub(crate) const NAMES: [&str; 4] = [
    "signins/interactive",
    "signins/non-interactive",
    "signins/service-principal",
    "signins/managed-identity",
];

/// Returns the log of one kind of sign-in; nothing when there is no such kind.
pub(crate) fn log(name: &str, settings: &FeedSettings) -> Option<GraphLog> {
    let at = NAMES.iter().position(|known| *known == name)?;
    // Version 1.0 knows interactive sign-ins alone, and answers 400 to the filter of the others.
    let (path, also) = match at {
        0 => ("/v1.0/auditLogs/signIns", ""),
        1 => (
            BETA,
            " and signInEventTypes/any(t: t eq 'nonInteractiveUser')",
        ),
        2 => (
            BETA,
            " and signInEventTypes/any(t: t eq 'servicePrincipal')",
        ),
        _ => (BETA, " and signInEventTypes/any(t: t eq 'managedIdentity')"),
    };
    Some(GraphLog(Log {
        name: NAMES[at],
        path,
        time: "createdDateTime",
        until: "lt",
        also,
        order: "",
        page: 1000,
        pace: Pace::Reporting,
        hint: "grant `AuditLog.Read.All` and `Directory.Read.All` of Microsoft Graph and consent to them; it is noticed within an hour",
        rules: rules(settings),
    }))
}

const BETA: &str = "/beta/auditLogs/signIns";

/// Returns how Entra's reports are read: late records come within minutes, hours, or a day.
///
/// Windows begin at an hour because the token of the next page dies in long readings; they grow
/// only where a window fits on a quarter of one page, which needs no such token.
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
                late: 3 * HOUR,
            },
            Tier {
                every: DAY,
                late: 25 * HOUR,
            },
        ],
        keeps: 30 * DAY - 10 * MINUTE,
        first: HOUR,
        widest: DAY,
        narrowest: 10,
        clock: GapClock::Event,
        lanes: 2,
    }
}
