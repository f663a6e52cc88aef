//! Microsoft's own alert about what happened: `AlertTriggered`.

use serde::Deserialize;
use serde_json::json;

use super::stage::Stage;
use super::write::text;
use crate::record::ContentType;
use crate::story_time::{MINUTE, bare, precise};

/// An alert.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Alert {
    /// About whom.
    pub(crate) about: String,
    /// Its name.
    pub(crate) name: String,
    /// `Low`, `Medium`, `High` or `Informational`.
    pub(crate) severity: String,
    /// The operation that set it off.
    pub(crate) operation: String,
}

impl Alert {
    pub(crate) fn play(&self, stage: &mut Stage) -> Result<(), String> {
        let user = stage.person(&self.about)?;
        let (id, alert, policy) = (
            stage.chance.guid(),
            stage.chance.guid(),
            stage.chance.guid(),
        );
        let upn = stage.user(user).upn.clone();
        let data = json!({
            "f3u": upn,
            "ts": precise(stage.now - 5 * MINUTE),
            "te": precise(stage.now - 4 * MINUTE),
            "op": self.operation,
            "wl": "Exchange",
            "tid": stage.here().id,
            "tdc": "1",
            "cid": policy,
            "an": self.name,
            "sev": self.severity,
        });
        let body = json!({
            "Id": id,
            "CreationTime": bare(stage.now),
            "Operation": "AlertTriggered",
            "OrganizationId": stage.here().id,
            "RecordType": 40,
            "ResultStatus": "Succeeded",
            "UserKey": "SecurityComplianceAlerts",
            "UserType": 4,
            "Version": 1,
            "Workload": "SecurityComplianceCenter",
            "ObjectId": alert,
            "UserId": "SecurityComplianceAlerts",
            "AlertId": alert,
            "AlertLinks": [{ "AlertLinkHref": "" }],
            "AlertType": "System",
            "Category": "ThreatManagement",
            "Comments": "New alert",
            "Data": text(&data),
            "Name": self.name,
            "PolicyId": policy,
            "Severity": self.severity,
            "Source": "Office 365 Security & Compliance",
            "Status": "Active",
        });
        stage.unified(ContentType::General, stage.now, &body);
        Ok(())
    }
}
