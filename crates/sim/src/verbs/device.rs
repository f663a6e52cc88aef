//! A device is registered.

use serde::Deserialize;

use super::directory::{Change, Target};
use super::stage::Stage;
use crate::person::Device as Machine;
use crate::story_time::SECOND;
use crate::stroke::What;

/// A device.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Device {
    /// In which session, for its own account.
    pub(crate) session: String,
    /// Its name.
    pub(crate) name: String,
}

impl Device {
    pub(crate) fn play(&self, stage: &mut Stage) -> Result<(), String> {
        let session = stage.session(&self.session)?;
        let now = stage.now;
        let machine = Machine {
            id: stage.chance.guid(),
            object_id: stage.chance.guid(),
            name: self.name.clone(),
            system: "Windows10".to_owned(),
            enabled: true,
            managed: false,
            trust: "Azure AD registered".to_owned(),
            registered: now,
        };
        let added = Change {
            operation: "Add device.",
            category: "Device",
            service: "Core Directory",
            event: "Device",
            target: Target::device(&machine),
            modified: vec![
                (
                    "DeviceOSType",
                    "[]".to_owned(),
                    "[\r\n  \"Windows\"\r\n]".to_owned(),
                ),
                (
                    "DisplayName",
                    "[]".to_owned(),
                    format!("[\r\n  \"{}\"\r\n]", machine.name),
                ),
                (
                    "DeviceTrustType",
                    "[]".to_owned(),
                    "[\r\n  \"Workplace\"\r\n]".to_owned(),
                ),
            ],
            reason: "",
        };
        stage.change(now, &session, &added);
        for operation in [
            "Add registered owner to device.",
            "Add registered users to device.",
        ] {
            let owned = Change {
                operation,
                category: "Device",
                service: "Core Directory",
                event: "Device",
                target: Target::user(stage.user(session.user)),
                modified: vec![
                    ("Device.ObjectID", String::new(), machine.object_id.clone()),
                    ("Device.DisplayName", String::new(), machine.name.clone()),
                ],
                reason: "",
            };
            stage.change(now + SECOND, &session, &owned);
        }
        stage.stroke(What::Device {
            user: session.user,
            device: machine,
        });
        Ok(())
    }
}
