//! An application gets a secret.

use serde::Deserialize;

use super::directory::{Change, Target};
use super::stage::Stage;
use crate::app::Credential as Secret;
use crate::story_time::DAY;
use crate::stroke::What;

/// A secret is added.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Credential {
    /// In which session.
    pub(crate) session: String,
    /// To which application, by its shown name.
    pub(crate) app: String,
    /// How the secret is called.
    pub(crate) name: String,
}

impl Credential {
    pub(crate) fn play(&self, stage: &mut Stage) -> Result<(), String> {
        let session = stage.session(&self.session)?;
        let (key, now) = (stage.chance.guid(), stage.now);
        let apps = &stage.here().apps;
        let app = apps.iter().find(|app| app.display_name == self.app);
        let app = app.ok_or_else(|| format!("no application is `{}`", self.app))?;
        let app = app.clone();
        let credential = Secret {
            key_id: key.clone(),
            name: self.name.clone(),
            kind: "Password",
            added: now,
            ends: now + 720 * DAY,
        };
        stage.stroke(What::Credential {
            app: app.id.clone(),
            credential,
        });
        let described = format!(
            "[\r\n  \"[KeyIdentifier={key},KeyType=Password,KeyUsage=Verify,DisplayName={}]\"\r\n]",
            self.name
        );
        let change = Change {
            operation: "Update application – Certificates and secrets management ",
            category: "ApplicationManagement",
            service: "Core Directory",
            event: "Application",
            target: Target::application(&app),
            modified: vec![
                ("KeyDescription", "[]".to_owned(), described),
                (
                    "Included Updated Properties",
                    String::new(),
                    "KeyDescription".to_owned(),
                ),
            ],
            reason: "",
        };
        stage.change(now, &session, &change);
        if stage.intruding() {
            stage.truth.apps.insert(app.app_id);
        }
        Ok(())
    }
}
