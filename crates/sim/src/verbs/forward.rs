//! A whole mailbox is forwarded, or no more: `Set-Mailbox`.

use serde::Deserialize;

use super::cmdlet::{Runner, parameter};
use super::stage::Stage;
use crate::mailbox::Forwarding;
use crate::stroke::What;

/// Forwarding is set.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Forward {
    /// In which session.
    pub(crate) session: String,
    /// Whose mailbox, when not one's own.
    pub(crate) of: Option<String>,
    /// Where to; nothing ends it.
    pub(crate) to: Option<String>,
    /// Whether the mailbox keeps what it forwards.
    #[serde(default)]
    pub(crate) keep: bool,
}

impl Forward {
    pub(crate) fn play(&self, stage: &mut Stage) -> Result<(), String> {
        let session = stage.session(&self.session)?;
        let user = match &self.of {
            Some(name) => stage.person(name)?,
            None => session.user,
        };
        let mailbox = stage.mailbox(user)?;
        let (before, alias) = (mailbox.forwarding.clone(), mailbox.alias.clone());
        let after = Forwarding {
            smtp_address: self.to.clone(),
            deliver_and_forward: self.keep && self.to.is_some(),
            ..before.clone()
        };
        stage.stroke(What::Forwarding {
            user,
            before,
            after,
        });
        let target = self.to.as_ref().map(|to| format!("smtp:{to}"));
        let keep = if self.keep { "True" } else { "False" };
        let parameters = [
            parameter("Identity", alias.clone()),
            parameter("ForwardingSmtpAddress", target.unwrap_or_default()),
            parameter("DeliverToMailboxAndForward", keep),
        ];
        let runner = Runner::Person(&session);
        stage.cmdlet(stage.now, &runner, "Set-Mailbox", &alias, &parameters);
        if let Some(to) = self.to.as_ref().filter(|_| stage.intruding()) {
            stage.truth.forwarded_to.insert(to.clone());
            let upn = stage.user(user).upn.clone();
            stage.truth.mailboxes.insert(upn);
        }
        Ok(())
    }
}
