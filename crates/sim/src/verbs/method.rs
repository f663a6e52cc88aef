//! A second factor is registered.

use serde::Deserialize;

use super::directory::{Change, Target};
use super::stage::Stage;
use crate::person::Method as Factor;
use crate::story_time::SECOND;
use crate::stroke::What;

/// A second factor.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Method {
    /// In which session, for its own account.
    pub(crate) session: String,
    /// The device's name.
    pub(crate) device: String,
}

impl Method {
    pub(crate) fn play(&self, stage: &mut Stage) -> Result<(), String> {
        let session = stage.session(&self.session)?;
        let (id, now) = (stage.chance.guid(), stage.now);
        let before = described(&stage.user(session.user).methods);
        let method = Factor {
            id,
            kind: "PhoneAppOTP".to_owned(),
            detail: self.device.clone(),
            registered: now,
        };
        stage.stroke(What::Method {
            user: session.user,
            method,
        });
        let after = described(&stage.user(session.user).methods);
        let target = Target::user(stage.user(session.user));
        let registered = Change {
            operation: "User registered security info",
            category: "UserManagement",
            service: "Authentication Methods",
            event: "User",
            target,
            modified: Vec::new(),
            reason: "User registered Authenticator App with Code",
        };
        stage.change(now, &session, &registered);
        let updated = Change {
            operation: "Update user.",
            category: "UserManagement",
            service: "Core Directory",
            event: "User",
            target: Target::user(stage.user(session.user)),
            modified: vec![
                ("StrongAuthenticationPhoneAppDetail", before, after),
                (
                    "Included Updated Properties",
                    String::new(),
                    "StrongAuthenticationPhoneAppDetail".to_owned(),
                ),
                ("TargetId.UserType", String::new(), "Member".to_owned()),
            ],
            reason: "",
        };
        stage.change(now + SECOND, &session, &updated);
        Ok(())
    }
}

fn described(methods: &[Factor]) -> String {
    let apps = methods
        .iter()
        .filter(|method| method.kind.starts_with("PhoneApp"));
    let each: Vec<String> = apps
        .map(|method| {
            format!(
                "  {{\r\n    \"DeviceName\": \"{}\",\r\n    \"DeviceToken\": \"NO_DEVICE_TOKEN\",\r\n    \"DeviceTag\": \"SoftwareTokenActivated\",\r\n    \"PhoneAppVersion\": \"NO_PHONE_APP_VERSION\",\r\n    \"Id\": \"{}\",\r\n    \"AuthenticationType\": 2\r\n  }}",
                method.detail, method.id
            )
        })
        .collect();
    format!("[\r\n{}\r\n]", each.join(",\r\n"))
}
