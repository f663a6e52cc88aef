//! Messages are opened one by one: `MailItemsAccessed`, Bind.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

use super::mail_record::Access;
use super::stage::Stage;
use super::write::pairs;
use crate::mailbox::Message;
use crate::record::Micros;
use crate::story_time::{HOUR, MINUTE, SECOND};

/// Some messages are opened.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Read {
    /// In which session.
    pub(crate) session: String,
    /// Whose mailbox, when it is another's.
    pub(crate) of: Option<String>,
    /// In which folder, `\Inbox` if nothing is said; with an asterisk, everywhere.
    pub(crate) folder: Option<String>,
    /// Only those whose subject has one of these words.
    #[serde(default)]
    pub(crate) about: Vec<String>,
    /// Only those that nobody has opened.
    #[serde(default)]
    pub(crate) unread: bool,
    /// How many at most, the newest first.
    pub(crate) count: usize,
    /// Over how many minutes.
    #[serde(default)]
    pub(crate) minutes: i64,
}

impl Read {
    pub(crate) fn play(&self, stage: &mut Stage) -> Result<(), String> {
        let session = stage.session(&self.session)?;
        let mailbox = match &self.of {
            Some(name) => stage.person(name)?,
            None => session.user,
        };
        let access = Access::of(&session, mailbox);
        let chosen = choose(stage, mailbox, self)?;
        stage.open_messages(&access, &chosen, self.minutes)
    }
}

/// Returns the places of the messages that a reader picks, the newest first.
pub(crate) fn choose(stage: &Stage, user: usize, read: &Read) -> Result<Vec<usize>, String> {
    let mailbox = stage.mailbox(user)?;
    let path = read.folder.as_deref().unwrap_or("\\Inbox");
    let wanted = |message: &Message| {
        let folder = &mailbox.folders[message.folder];
        let gone = folder.path.starts_with("\\Recoverable");
        let here = if path == "*" {
            !gone
        } else {
            folder.path == path
        };
        if !here || (read.unread && message.is_read) || message.received > stage.now {
            return false;
        }
        let subject = message.subject.to_lowercase();
        let mut words = read.about.iter().map(|word| word.to_lowercase());
        read.about.is_empty() || words.any(|word| subject.contains(&word))
    };
    let mut chosen: Vec<usize> = (0..mailbox.messages.len())
        .filter(|place| wanted(&mailbox.messages[*place]))
        .collect();
    chosen.sort_by_key(|place| std::cmp::Reverse((mailbox.messages[*place].received, *place)));
    chosen.truncate(read.count);
    Ok(chosen)
}

impl Stage {
    /// Opens messages over some minutes, several to a record, as the service gathers them.
    pub(crate) fn open_messages(
        &mut self,
        access: &Access,
        chosen: &[usize],
        minutes: i64,
    ) -> Result<(), String> {
        let mut rest = chosen;
        let mut at = self.now;
        let pause = minutes * MINUTE / (chosen.len() as i64 / 3 + 1);
        while !rest.is_empty() {
            let many = (self.chance.between(1, 6) as usize).min(rest.len());
            let (now, later) = rest.split_at(many);
            rest = later;
            self.bind(access, now, at)?;
            at += self.chance.between(pause / 2, pause.max(2) + pause / 2) + SECOND;
        }
        Ok(())
    }

    /// Writes one Bind record over some messages, without those that this context opened within
    /// the hour.
    fn bind(&mut self, access: &Access, messages: &[usize], at: Micros) -> Result<(), String> {
        let context = access.context();
        let mut folders: BTreeMap<usize, Vec<Value>> = BTreeMap::new();
        let mut count = 0;
        for place in messages {
            let message = self.mailbox(access.mailbox)?.messages[*place].clone();
            let key = (context.clone(), message.id.clone());
            let lately = self.bound.get(&key).is_some_and(|last| at - last < HOUR);
            if lately {
                continue;
            }
            self.bound.insert(key, at);
            self.mailbox_mut(access.mailbox)?.messages[*place].is_read = true;
            folders.entry(message.folder).or_default().push(json!({
                "Id": message.id,
                "InternetMessageId": message.internet_message_id,
                "SizeInBytes": message.size,
            }));
            count += 1;
            if self.intruding() {
                let touched = self.touched(access.mailbox, &message.internet_message_id);
                self.truth.read.insert(touched);
            }
        }
        if count == 0 {
            return Ok(());
        }
        let mailbox = self.mailbox(access.mailbox)?;
        let folders: Vec<Value> = folders
            .into_iter()
            .map(|(folder, items)| {
                let folder = &mailbox.folders[folder];
                json!({ "Id": folder.id, "Path": folder.path, "FolderItems": items })
            })
            .collect();
        let more = json!({
            "Folders": folders,
            "OperationCount": count,
            "OperationProperties": access_type("Bind"),
        });
        self.mail_record(at, access, "MailItemsAccessed", 50, more)?;
        Ok(())
    }
}

/// Says how mail was accessed.
pub(crate) fn access_type(kind: &str) -> Value {
    pairs([
        ("MailAccessType", kind.to_owned()),
        ("IsThrottled", "False".to_owned()),
    ])
}
