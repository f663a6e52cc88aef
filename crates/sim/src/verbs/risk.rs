//! Entra doubts a sign-in.

use serde::Deserialize;
use serde_json::json;

use super::sign_in_wire::location;
use super::stage::Stage;
use super::write::text;
use crate::record::Stream;
use crate::story_time::{MINUTE, precise};
use crate::stroke::What;

/// A doubt.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Risk {
    /// About the sign-in of which session.
    pub(crate) session: String,
    /// `anonymizedIPAddress`, `anomalousToken`, `attackerinTheMiddle`, ...
    pub(crate) event: String,
    /// `low`, `medium` or `high`.
    pub(crate) level: Level,
}

/// How sure Entra is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Level {
    /// A little.
    Low,
    /// Somewhat.
    Medium,
    /// Very.
    High,
}

impl Level {
    fn name(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

impl Risk {
    pub(crate) fn play(&self, stage: &mut Stage) -> Result<(), String> {
        let session = stage.session(&self.session)?;
        let id = stage.chance.hex(64);
        let detected = stage.now.max(session.since) + stage.chance.between(0, 3) * MINUTE;
        let user = stage.user(session.user);
        let level = self.level.name();
        let techniques = json!([
            { "Key": "userAgent", "Value": session.client.dress().user_agent },
            { "Key": "mitreTechniques", "Value": "T1557,T1539" },
        ]);
        let body = json!({
            "id": id,
            "requestId": session.sign_in.0,
            "correlationId": session.sign_in.1,
            "riskEventType": self.event,
            "riskState": "atRisk",
            "riskLevel": level,
            "riskDetail": "none",
            "source": "IdentityProtection",
            "detectionTimingType": if self.event == "anonymizedIPAddress" { "realtime" } else { "offline" },
            "activity": "signin",
            "tokenIssuerType": "AzureAD",
            "ipAddress": session.place.address,
            "location": location(&session.place),
            "activityDateTime": precise(session.since),
            "detectedDateTime": precise(detected),
            "lastUpdatedDateTime": precise(detected),
            "userId": user.id,
            "userDisplayName": user.display_name,
            "userPrincipalName": user.upn.to_lowercase(),
            "additionalInfo": text(&techniques),
        });
        stage.write(Stream::Risk, id, detected, &body);
        let before = stage.user(session.user).risk;
        stage.stroke(What::Risk {
            user: session.user,
            before,
            after: Some(("atRisk", level)),
        });
        Ok(())
    }
}
