//! Somebody gets a directory role.

use serde::Deserialize;

use super::directory::{Change, Target};
use super::stage::Stage;
use crate::office::ROLES;
use crate::stroke::What;

/// A role is given.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Role {
    /// In which session.
    pub(crate) session: String,
    /// To whom.
    pub(crate) to: String,
    /// Which, by its shown name.
    #[serde(rename = "role")]
    pub(crate) name: String,
}

impl Role {
    pub(crate) fn play(&self, stage: &mut Stage) -> Result<(), String> {
        let session = stage.session(&self.session)?;
        let user = stage.person(&self.to)?;
        let known = ROLES.iter().find(|(_, name, _)| *name == self.name);
        let (template, name, well_known) =
            known.ok_or_else(|| format!("no role is `{}`", self.name))?;
        let role = stage.here().roles.iter().find(|role| role.name == *name);
        let object = role.ok_or("the role is not activated")?.id.clone();
        stage.stroke(What::Role {
            user,
            role: object.clone(),
        });
        let change = Change {
            operation: "Add member to role.",
            category: "RoleManagement",
            service: "Core Directory",
            event: "Role",
            target: Target::user(stage.user(user)),
            modified: vec![
                ("Role.ObjectID", String::new(), object),
                ("Role.DisplayName", String::new(), (*name).to_owned()),
                ("Role.TemplateId", String::new(), (*template).to_owned()),
                (
                    "Role.WellKnownObjectName",
                    String::new(),
                    (*well_known).to_owned(),
                ),
            ],
            reason: "",
        };
        stage.change(stage.now, &session, &change);
        Ok(())
    }
}
