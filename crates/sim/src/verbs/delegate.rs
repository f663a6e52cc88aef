//! Somebody else gets a right to a mailbox.

use serde::Deserialize;
use serde_json::json;

use super::cmdlet::{Runner, parameter};
use super::mail_record::Access;
use super::stage::Stage;
use crate::mailbox::{Delegate as Given, Right};
use crate::stroke::What;

/// A right is given.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Delegate {
    /// In which session.
    pub(crate) session: String,
    /// To whose mailbox.
    pub(crate) of: String,
    /// To whom.
    pub(crate) to: String,
    /// Which right.
    pub(crate) right: Wanted,
    /// The folder, when the right is to a folder.
    pub(crate) folder: Option<String>,
}

/// A right that can be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Wanted {
    /// Everything in the mailbox.
    FullAccess,
    /// To send as its owner.
    SendAs,
    /// To read a folder.
    Reviewer,
}

impl Delegate {
    pub(crate) fn play(&self, stage: &mut Stage) -> Result<(), String> {
        let session = stage.session(&self.session)?;
        let owner = stage.person(&self.of)?;
        let receiver = stage.person(&self.to)?;
        let to = stage.user(receiver).upn.clone();
        let alias = stage.mailbox(owner)?.alias.clone();
        let path = self.folder.as_deref().unwrap_or("\\Inbox");
        let runner = Runner::Person(&session);
        let right = match self.right {
            Wanted::FullAccess => {
                let parameters = [
                    parameter("Identity", alias.clone()),
                    parameter("User", to.clone()),
                    parameter("AccessRights", "FullAccess"),
                    parameter("InheritanceType", "All"),
                    parameter("AutoMapping", "False"),
                ];
                stage.cmdlet(
                    stage.now,
                    &runner,
                    "Add-MailboxPermission",
                    &alias,
                    &parameters,
                );
                Right::FullAccess
            }
            Wanted::SendAs => {
                let parameters = [
                    parameter("Identity", alias.clone()),
                    parameter("Trustee", to.clone()),
                    parameter("AccessRights", "SendAs"),
                    parameter("Confirm", "False"),
                ];
                stage.cmdlet(
                    stage.now,
                    &runner,
                    "Add-RecipientPermission",
                    &alias,
                    &parameters,
                );
                Right::SendAs
            }
            Wanted::Reviewer => {
                let access = Access::of(&session, owner);
                let mailbox = stage.mailbox(owner)?;
                let folder = mailbox.folders.iter().find(|folder| folder.path == path);
                let folder = folder
                    .ok_or_else(|| format!("no folder is `{path}`"))?
                    .clone();
                let member = stage.user(receiver);
                let more = json!({
                    "Item": {
                        "Id": folder.id,
                        "ParentFolder": {
                            "Id": folder.id,
                            "MemberRights": "ReadAny, Visible",
                            "MemberSid": member.sid,
                            "MemberUpn": member.upn,
                            "Name": folder.name,
                            "Path": folder.path,
                        },
                    },
                });
                stage.mail_record(stage.now, &access, "AddFolderPermissions", 2, more)?;
                Right::Folder {
                    path: folder.path,
                    role: "Reviewer".to_owned(),
                }
            }
        };
        let delegate = Given { upn: to, right };
        stage.stroke(What::Delegate {
            user: owner,
            delegate,
        });
        Ok(())
    }
}
