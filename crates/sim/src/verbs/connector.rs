//! A way by which mail enters or leaves the organisation.

use serde::Deserialize;

use super::cmdlet::{Runner, parameter};
use super::stage::Stage;
use crate::stroke::What;
use crate::world;

/// A connector is made.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Connector {
    /// In which session.
    pub(crate) session: String,
    /// Its name.
    pub(crate) name: String,
    /// Whether mail comes in by it.
    pub(crate) inbound: bool,
    /// Further parameters of `New-InboundConnector` or `New-OutboundConnector`.
    pub(crate) parameters: Vec<(String, String)>,
}

impl Connector {
    pub(crate) fn play(&self, stage: &mut Stage) -> Result<(), String> {
        let session = stage.session(&self.session)?;
        let mut parameters = vec![
            parameter("Name", self.name.clone()),
            parameter("Enabled", "True"),
        ];
        parameters.extend(self.parameters.iter().cloned());
        let cmdlet = if self.inbound {
            "New-InboundConnector"
        } else {
            "New-OutboundConnector"
        };
        let runner = Runner::Person(&session);
        stage.cmdlet(stage.now, &runner, cmdlet, &self.name, &parameters);
        let connector = world::Connector {
            id: stage.chance.guid(),
            name: self.name.clone(),
            inbound: self.inbound,
            enabled: true,
            parameters: self.parameters.clone(),
            made: stage.now,
            changed: stage.now,
        };
        stage.stroke(What::Connector(connector));
        Ok(())
    }
}
