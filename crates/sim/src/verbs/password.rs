//! A password is set and every session ends: what an administrator does about an intruder.

use serde::Deserialize;

use super::directory::{Change, Target};
use super::stage::Stage;
use crate::story_time::{SECOND, zulu};
use crate::stroke::What;

/// A new password.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Password {
    /// In whose session.
    pub(crate) session: String,
    /// For whom.
    pub(crate) of: String,
}

impl Password {
    pub(crate) fn play(&self, stage: &mut Stage) -> Result<(), String> {
        let session = stage.session(&self.session)?;
        let user = stage.person(&self.of)?;
        let now = stage.now;
        let known = stage.user(user);
        let before = known.sessions_valid_from;
        let stood = (known.password_changed, before);
        stage.stroke(What::Password {
            user,
            before: stood,
            after: (now, now),
        });
        let reset = Change {
            operation: "Reset user password.",
            category: "UserManagement",
            service: "Core Directory",
            event: "User",
            target: Target::user(stage.user(user)),
            modified: Vec::new(),
            reason: "",
        };
        stage.change(now, &session, &reset);
        let listed = |moment| format!("[\r\n  \"{}\"\r\n]", zulu(moment));
        let revoked = Change {
            operation: "Update StsRefreshTokenValidFrom Timestamp.",
            category: "UserManagement",
            service: "Core Directory",
            event: "User",
            target: Target::user(stage.user(user)),
            modified: vec![
                ("StsRefreshTokensValidFrom", listed(before), listed(now)),
                (
                    "Included Updated Properties",
                    String::new(),
                    "StsRefreshTokensValidFrom".to_owned(),
                ),
            ],
            reason: "",
        };
        stage.change(now + SECOND, &session, &revoked);
        stage.end_sessions(user);
        Ok(())
    }
}
