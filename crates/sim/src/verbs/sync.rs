//! Outlook copies whole folders: `MailItemsAccessed`, Sync. The record names no messages.

use serde::Deserialize;
use serde_json::json;

use super::mail_record::Access;
use super::read::access_type;
use super::stage::Stage;
use crate::story_time::{HOUR, SECOND};

/// Some folders are copied.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Sync {
    /// In which session.
    pub(crate) session: String,
    /// Which folders, by path.
    pub(crate) folders: Vec<String>,
}

impl Sync {
    pub(crate) fn play(&self, stage: &mut Stage) -> Result<(), String> {
        let session = stage.session(&self.session)?;
        let access = Access::of(&session, session.user);
        let mut at = stage.now;
        for path in &self.folders {
            let mailbox = stage.mailbox(access.mailbox)?;
            let place = mailbox
                .folders
                .iter()
                .position(|folder| folder.path == *path);
            let place = place.ok_or_else(|| format!("no folder is `{path}`"))?;
            let folder = mailbox.folders[place].clone();
            let there: Vec<String> = mailbox
                .messages
                .iter()
                .filter(|message| message.folder == place)
                .map(|message| message.internet_message_id.clone())
                .collect();
            let key = (access.context(), folder.id.clone());
            let lately = stage.bound.get(&key).is_some_and(|last| at - last < HOUR);
            if lately {
                continue;
            }
            stage.bound.insert(key, at);
            let more = json!({
                "Item": {
                    "Id": folder.id,
                    "ParentFolder": {
                        "Id": folder.id,
                        "Name": folder.name,
                        "Path": folder.path,
                    },
                },
                "OperationProperties": access_type("Sync"),
            });
            stage.mail_record(at, &access, "MailItemsAccessed", 2, more)?;
            if stage.intruding() {
                let upn = stage.user(access.mailbox).upn.clone();
                stage.truth.folders.insert((upn, folder.path));
                for message in there {
                    let touched = stage.touched(access.mailbox, &message);
                    stage.truth.synchronised.insert(touched);
                }
            }
            at += stage.chance.between(4, 40) * SECOND;
        }
        Ok(())
    }
}
