//! Somebody gets a directory role.

use serde::Deserialize;

use super::directory::{Change, Target};
use super::stage::Stage;
use crate::office::ROLES;

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
        let id = stage.user(user).id.clone();
        let role = stage
            .here_mut()
            .roles
            .iter_mut()
            .find(|role| role.name == *name);
        let role = role.ok_or("the role is not activated")?;
        role.members.push(id);
        let object = role.id.clone();
        stage.user_mut(user).roles.push((*name).to_owned());
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
