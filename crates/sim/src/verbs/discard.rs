//! Messages are moved or deleted.

use serde::Deserialize;
use serde_json::{Value, json};

use super::mail_record::{Access, item};
use super::read::{Read, choose};
use super::stage::Stage;

/// Some messages go.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Discard {
    /// In which session.
    pub(crate) session: String,
    /// From which folder, `\Inbox` if nothing is said.
    pub(crate) folder: Option<String>,
    /// Only those whose subject has one of these words.
    #[serde(default)]
    pub(crate) about: Vec<String>,
    /// How many at most, the newest first.
    pub(crate) count: usize,
    /// Where they go.
    pub(crate) how: How,
    /// The folder, when they are moved to one.
    pub(crate) to: Option<String>,
}

/// Where messages go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum How {
    /// To another folder.
    Move,
    /// To the deleted items.
    Bin,
    /// Out of the deleted items; recoverable.
    Delete,
    /// For good.
    Purge,
}

impl Discard {
    pub(crate) fn play(&self, stage: &mut Stage) -> Result<(), String> {
        let session = stage.session(&self.session)?;
        let user = session.user;
        let access = Access::of(&session, user);
        let wanted = Read {
            folder: self.folder.clone(),
            about: self.about.clone(),
            count: self.count,
            ..Read::default()
        };
        let mut chosen = choose(stage, user, &wanted)?;
        if chosen.is_empty() {
            return Ok(());
        }
        chosen.sort_unstable();
        let (operation, path) = match self.how {
            How::Move => ("Move", self.to.as_deref().unwrap_or("\\Archive")),
            How::Bin => ("MoveToDeletedItems", "\\Deleted Items"),
            How::Delete => ("SoftDelete", "\\Recoverable Items\\Deletions"),
            How::Purge => ("HardDelete", "\\Recoverable Items\\Deletions"),
        };
        let mailbox = stage.mailbox(user)?;
        let affected: Vec<Value> = chosen
            .iter()
            .map(|place| item(mailbox, &mailbox.messages[*place]))
            .collect();
        let source = &mailbox.folders[mailbox.messages[chosen[0]].folder];
        let mut more = json!({
            "AffectedItems": affected,
            "CrossMailboxOperation": false,
            "Folder": { "Id": source.id, "Path": source.path },
        });
        let mut chance = stage.chance.clone();
        let target = stage.mailbox_mut(user)?.folder(&mut chance, path);
        stage.chance = chance;
        let target_folder = &stage.mailbox(user)?.folders[target];
        if matches!(self.how, How::Move | How::Bin) {
            more["DestFolder"] = json!({ "Id": target_folder.id, "Path": target_folder.path });
        }
        stage.mail_record(stage.now, &access, operation, 3, more)?;
        self.carry_out(stage, user, &chosen, target)
    }

    fn carry_out(
        &self,
        stage: &mut Stage,
        user: usize,
        chosen: &[usize],
        target: usize,
    ) -> Result<(), String> {
        for place in chosen.iter().rev() {
            let message = &mut stage.mailbox_mut(user)?.messages[*place];
            let id = message.internet_message_id.clone();
            message.folder = target;
            if self.how == How::Purge {
                stage.mailbox_mut(user)?.messages.remove(*place);
            }
            if stage.intruding() {
                let touched = stage.touched(user, &id);
                stage.truth.moved.insert(touched);
            }
        }
        Ok(())
    }
}
