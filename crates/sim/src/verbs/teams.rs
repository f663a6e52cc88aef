//! Somebody works in Teams.

use serde::Deserialize;
use serde_json::json;

use super::stage::Stage;
use crate::record::ContentType;
use crate::story_time::bare;

/// A moment in Teams.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Teams {
    /// In which session.
    pub(crate) session: String,
    /// `TeamsSessionStarted` or `MessageCreatedHasLink`.
    pub(crate) operation: String,
}

impl Teams {
    pub(crate) fn play(&self, stage: &mut Stage) -> Result<(), String> {
        let session = stage.session(&self.session)?;
        let id = stage.chance.guid();
        let thread = format!("19:{}@thread.v2", stage.chance.hex(32));
        let user = stage.user(session.user);
        let mut body = json!({
            "Id": id,
            "CreationTime": bare(stage.now),
            "Operation": self.operation,
            "OrganizationId": stage.here().id,
            "RecordType": 25,
            "ResultStatus": "",
            "UserKey": user.id,
            "UserType": 0,
            "Version": 1,
            "Workload": "MicrosoftTeams",
            "ClientIP": session.place.address,
            "ObjectId": "",
            "UserId": user.upn,
        });
        if self.operation != "TeamsSessionStarted" {
            body["ChatThreadId"] = json!(thread);
            body["CommunicationType"] = json!("GroupChat");
            body["MessageId"] = json!((stage.now / 1000).to_string());
            body["ItemName"] = json!(thread);
        }
        stage.unified(ContentType::General, stage.now, &body);
        Ok(())
    }
}
