//! Auditing is switched off, for somebody or for all.

use serde::Deserialize;

use super::cmdlet::{Runner, parameter};
use super::stage::Stage;
use crate::stroke::What;

/// Auditing is switched off, or on again.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AuditOff {
    /// In which session.
    pub(crate) session: String,
    /// What.
    pub(crate) what: Audit,
    /// Whose, unless it is the organisation's.
    pub(crate) of: Option<String>,
    /// On again.
    #[serde(default)]
    pub(crate) on: bool,
}

/// What can be switched off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Audit {
    /// The unified audit log.
    Unified,
    /// What an account does in any mailbox.
    Bypass,
    /// A mailbox's own.
    Mailbox,
}

impl AuditOff {
    pub(crate) fn play(&self, stage: &mut Stage) -> Result<(), String> {
        let session = stage.session(&self.session)?;
        let runner = Runner::Person(&session);
        let (on, off) = ("True", "False");
        if self.what == Audit::Unified {
            let object = format!("{}\\Admin Audit Log Settings", stage.here().initial_domain);
            let value = if self.on { on } else { off };
            let parameters = [parameter("UnifiedAuditLogIngestionEnabled", value)];
            // The switch itself is the last that is recorded, and the first again.
            let before = stage.here().settings.unified_audit;
            stage.here_mut().settings.unified_audit = true;
            stage.cmdlet(
                stage.now,
                &runner,
                "Set-AdminAuditLogConfig",
                &object,
                &parameters,
            );
            stage.stroke(What::Log {
                before,
                after: self.on,
            });
            return Ok(());
        }
        let name = self.of.as_deref().ok_or("it is not said whose")?;
        let user = stage.person(name)?;
        let mailbox = stage.mailbox(user)?;
        let (alias, before) = (mailbox.alias.clone(), mailbox.audit.clone());
        let mut after = before.clone();
        let (cmdlet, switch, switched) = if self.what == Audit::Bypass {
            after.bypass = !self.on;
            (
                "Set-MailboxAuditBypassAssociation",
                "AuditBypassEnabled",
                !self.on,
            )
        } else {
            after.enabled = self.on;
            ("Set-Mailbox", "AuditEnabled", self.on)
        };
        stage.stroke(What::Audit {
            user,
            before: Box::new(before),
            after: Box::new(after),
        });
        let parameters = [
            parameter("Identity", alias.clone()),
            parameter(switch, if switched { on } else { off }),
        ];
        stage.cmdlet(stage.now, &runner, cmdlet, &alias, &parameters);
        Ok(())
    }
}
