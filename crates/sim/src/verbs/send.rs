//! A message is written: `Send`, a trace row a recipient, and what it does at the other end.

use serde::Deserialize;
use serde_json::json;

use super::deliver::{Letter, parse};
use super::mail_record::{Access, item};
use super::stage::Stage;
use super::write::with;
use crate::mailbox::{Address, Message};

/// A message is written.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Send {
    /// In which session.
    pub(crate) session: String,
    /// In whose name, when not in one's own: by `SendAs`.
    pub(crate) of: Option<String>,
    /// `Name <address>`, or a person here by part or UPN.
    pub(crate) to: Vec<String>,
    /// Subject.
    pub(crate) subject: String,
    /// What is attached: name and size.
    #[serde(default)]
    pub(crate) attached: Vec<(String, u64)>,
    /// The first sentence.
    #[serde(default)]
    pub(crate) text: String,
}

impl Send {
    pub(crate) fn play(&self, stage: &mut Stage) -> Result<(), String> {
        let session = stage.session(&self.session)?;
        let sender = match &self.of {
            Some(name) => stage.person(name)?,
            None => session.user,
        };
        let access = Access::of(&session, sender);
        let letter = self.letter(stage, sender);
        let place = stage.keep_copy(&letter, sender)?;
        let mailbox = stage.mailbox(sender)?;
        let recipients: Vec<&str> = letter.to.iter().map(|to| to.address.as_str()).collect();
        let draft = mailbox
            .folders
            .iter()
            .find(|folder| folder.well_known == Some("drafts"));
        let mut described = item(mailbox, &mailbox.messages[place]);
        if let Some(draft) = draft {
            // The record is written before the message moves to the sent items.
            described["ParentFolder"] = json!({ "Id": draft.id, "Path": draft.path });
        }
        let mut more = json!({
            "Item": described,
            "SaveToSentItems": true,
            "recipientCount": recipients.len(),
            "recipientList": recipients,
        });
        let operation = if self.of.is_some() { "SendAs" } else { "Send" };
        if self.of.is_some() {
            let owner = stage.user(sender);
            more = with(
                more,
                json!({ "SendAsUserSmtp": owner.upn, "SendAsUserMailboxGuid": mailbox.guid }),
            );
        }
        stage.mail_record(stage.now, &access, operation, 2, more)?;
        if stage.intruding() {
            let touched = stage.touched(sender, &letter.internet_message_id);
            stage.truth.sent.insert(touched);
        }
        for to in &letter.to {
            let known = stage
                .here()
                .users
                .iter()
                .position(|user| user.upn == to.address);
            match known {
                Some(user) => stage.arrive(&letter, user, None, stage.now)?,
                None => stage.trace(&letter, &to.address, None, "delivered", stage.now),
            }
        }
        Ok(())
    }

    fn letter(&self, stage: &mut Stage, sender: usize) -> Letter {
        let to = self
            .to
            .iter()
            .map(|name| match stage.person(name) {
                Ok(user) => Address {
                    name: stage.user(user).display_name.clone(),
                    address: stage.user(user).upn.clone(),
                },
                Err(_) => parse(name),
            })
            .collect();
        let from = Address {
            name: stage.user(sender).display_name.clone(),
            address: stage.user(sender).upn.clone(),
        };
        let attached: u64 = self.attached.iter().map(|(_, size)| size).sum();
        let chance = &mut stage.chance;
        let server = format!(
            "AM{}PR07MB{}",
            chance.between(4, 10),
            chance.between(1000, 9999)
        );
        Letter {
            internet_message_id: format!(
                "<{server}{}@{server}.eurprd07.prod.outlook.com>",
                chance.upper_hex(26)
            ),
            conversation_id: format!("AAQkADB{}AQA{}", chance.base64(40), chance.base64(18)),
            subject: self.subject.clone(),
            from,
            to,
            size: attached + chance.between(6_000, 40_000) as u64,
            attachments: self.attached.clone(),
            preview: self.text.clone(),
            trace: chance.guid(),
        }
    }
}

impl Stage {
    /// Puts a copy into the sender's sent items and returns its place.
    fn keep_copy(&mut self, letter: &Letter, sender: usize) -> Result<usize, String> {
        let now = self.now;
        let mut chance = self.chance.clone();
        let mailbox = self.mailbox_mut(sender)?;
        let folder = mailbox.folder(&mut chance, "\\Sent Items");
        mailbox.messages.push(Message {
            id: mailbox.item_id(&mut chance, folder),
            graph_id: format!("AAMkADB{}AAA=", chance.base64(120)),
            internet_message_id: letter.internet_message_id.clone(),
            conversation_id: letter.conversation_id.clone(),
            subject: letter.subject.clone(),
            from: letter.from.clone(),
            to: letter.to.clone(),
            cc: Vec::new(),
            received: now,
            folder,
            size: letter.size,
            attachments: letter.attachments.clone(),
            is_read: true,
            preview: letter.preview.clone(),
        });
        let place = mailbox.messages.len() - 1;
        self.chance = chance;
        Ok(place)
    }
}
