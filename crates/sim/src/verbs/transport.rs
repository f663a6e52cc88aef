//! A rule for everybody's mail.

use serde::Deserialize;

use super::cmdlet::{Runner, parameter};
use super::stage::Stage;
use crate::stroke::What;
use crate::world::TransportRule;

/// A mail flow rule is made.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Transport {
    /// In which session.
    pub(crate) session: String,
    /// Its name.
    pub(crate) name: String,
    /// Further parameters of `New-TransportRule`.
    pub(crate) parameters: Vec<(String, String)>,
}

impl Transport {
    pub(crate) fn play(&self, stage: &mut Stage) -> Result<(), String> {
        let session = stage.session(&self.session)?;
        let mut parameters = vec![
            parameter("Name", self.name.clone()),
            parameter("Mode", "Enforce"),
        ];
        parameters.extend(self.parameters.iter().cloned());
        let runner = Runner::Person(&session);
        stage.cmdlet(
            stage.now,
            &runner,
            "New-TransportRule",
            &self.name,
            &parameters,
        );
        let rule = TransportRule {
            id: stage.chance.guid(),
            name: self.name.clone(),
            state: "Enabled",
            parameters: self.parameters.clone(),
            changed: stage.now,
            created_by: stage.user(session.user).display_name.clone(),
        };
        stage.stroke(What::TransportRule(rule));
        if stage.intruding() {
            let copies = ["BlindCopyTo", "RedirectMessageTo", "CopyTo"];
            for (name, value) in &self.parameters {
                if copies.contains(&name.as_str()) {
                    stage.truth.forwarded_to.insert(value.clone());
                }
            }
            stage.truth.rules.insert((String::new(), self.name.clone()));
        }
        Ok(())
    }
}
