//! Changes to the directory, and what provisioning did.

use crate::graph::{GraphLog, Log};
use crate::settings::FeedSettings;
use crate::signins::rules;
use model::Pace;

const HINT: &str = "grant `AuditLog.Read.All` and `Directory.Read.All` of Microsoft Graph and consent to them; it is noticed within an hour";

/// Returns the log of changes to the directory.
pub(crate) fn audits(settings: &FeedSettings) -> GraphLog {
    GraphLog(Log {
        name: "directory-audits",
        path: "/v1.0/auditLogs/directoryAudits",
        time: "activityDateTime",
        until: "lt",
        also: "",
        order: "activityDateTime asc",
        page: 999,
        pace: Pace::Reporting,
        hint: HINT,
        rules: rules(settings),
    })
}

/// Returns the log of provisioning.
pub(crate) fn provisioning(settings: &FeedSettings) -> GraphLog {
    GraphLog(Log {
        name: "provisioning",
        path: "/v1.0/auditLogs/provisioning",
        time: "activityDateTime",
        until: "lt",
        also: "",
        order: "",
        page: 999,
        pace: Pace::Reporting,
        hint: HINT,
        rules: rules(settings),
    })
}
