//! A message arrives: a trace row a recipient, inbox rules, forwarding.

use serde::Deserialize;
use serde_json::json;

use super::stage::Stage;
use crate::mailbox::{Address, Message, Rule};
use crate::record::{Micros, Stream};
use crate::story_time::{SECOND, precise};

/// Somebody outside writes.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Deliver {
    /// `Name <address>`.
    pub(crate) from: String,
    /// People here, by part or UPN.
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

/// A message on its way.
#[derive(Clone, Debug)]
pub(crate) struct Letter {
    pub(crate) internet_message_id: String,
    pub(crate) conversation_id: String,
    pub(crate) subject: String,
    pub(crate) from: Address,
    pub(crate) to: Vec<Address>,
    pub(crate) size: u64,
    pub(crate) attachments: Vec<(String, u64)>,
    pub(crate) preview: String,
    /// `MessageTraceId`.
    pub(crate) trace: String,
}

impl Deliver {
    pub(crate) fn play(&self, stage: &mut Stage) -> Result<(), String> {
        let from = parse(&self.from);
        let mut users = Vec::new();
        for name in &self.to {
            users.push(stage.person(name)?);
        }
        let domain = from
            .address
            .rsplit('@')
            .next()
            .unwrap_or_default()
            .to_owned();
        let to = users
            .iter()
            .map(|user| stage.user(*user))
            .map(|user| Address {
                name: user.display_name.clone(),
                address: user.upn.clone(),
            })
            .collect();
        let size: u64 = self.attached.iter().map(|(_, size)| size).sum();
        let chance = &mut stage.chance;
        let letter = Letter {
            internet_message_id: format!(
                "<{}.{}@mail.{domain}>",
                chance.hex(10),
                chance.between(1_000_000, 9_999_999)
            ),
            conversation_id: format!("AAQkADB{}AQA{}", chance.base64(40), chance.base64(18)),
            subject: self.subject.clone(),
            from,
            to,
            size: size + chance.between(9_000, 60_000) as u64,
            attachments: self.attached.clone(),
            preview: self.text.clone(),
            trace: chance.guid(),
        };
        let server = format!("198.51.100.{}", 200 + letter.from.address.len() % 50);
        for user in users {
            stage.arrive(&letter, user, Some(&server), stage.now)?;
        }
        Ok(())
    }
}

impl Stage {
    /// Puts a letter into a mailbox, as its rules will have it.
    pub(crate) fn arrive(
        &mut self,
        letter: &Letter,
        user: usize,
        from_address: Option<&str>,
        at: Micros,
    ) -> Result<(), String> {
        let recipient = self.user(user).upn.clone();
        self.trace(letter, &recipient, from_address, "delivered", at);
        let mailbox = self.mailbox(user)?;
        let forwarding = mailbox.forwarding.smtp_address.clone();
        let mut rules = mailbox.rules.iter();
        let rule = rules
            .find(|rule| rule.enabled && matches_letter(rule, letter))
            .cloned();
        let mut path = "\\Inbox".to_owned();
        let mut is_read = false;
        if let Some(rule) = &rule {
            if let Some(folder) = rule.parameter("MoveToFolder") {
                path = format!("\\{}", folder.rsplit([':', '\\']).next().unwrap_or(folder));
            }
            if rule.parameter("DeleteMessage") == Some("True") {
                "\\Deleted Items".clone_into(&mut path);
            }
            is_read = rule.parameter("MarkAsRead") == Some("True");
            for target in rule.list("ForwardTo").chain(rule.list("RedirectTo")) {
                self.forward_letter(letter, target, at);
            }
        }
        if let Some(target) = forwarding {
            self.forward_letter(letter, &target, at);
        }
        let mut chance = self.chance.clone();
        let mailbox = self.mailbox_mut(user)?;
        let folder = mailbox.folder(&mut chance, &path);
        let message = Message {
            id: mailbox.item_id(&mut chance, folder),
            graph_id: format!("AAMkADB{}AAA=", chance.base64(120)),
            internet_message_id: letter.internet_message_id.clone(),
            conversation_id: letter.conversation_id.clone(),
            subject: letter.subject.clone(),
            from: letter.from.clone(),
            to: letter.to.clone(),
            cc: Vec::new(),
            received: at,
            folder,
            size: letter.size,
            attachments: letter.attachments.clone(),
            is_read,
            preview: letter.preview.clone(),
        };
        mailbox.messages.push(message);
        self.chance = chance;
        Ok(())
    }

    /// Sends a copy on, if the organisation lets mail out by itself.
    fn forward_letter(&mut self, letter: &Letter, target: &str, at: Micros) {
        let allowed = self.here().settings.auto_forwarding == "On";
        let mut copy = letter.clone();
        copy.trace = self.chance.guid();
        let status = if allowed { "delivered" } else { "failed" };
        self.trace(&copy, target, None, status, at + 3 * SECOND);
    }

    /// Writes a row of the message trace.
    pub(crate) fn trace(
        &mut self,
        letter: &Letter,
        recipient: &str,
        from_address: Option<&str>,
        status: &str,
        at: Micros,
    ) {
        let here = self
            .here()
            .domains
            .iter()
            .any(|domain| recipient.ends_with(domain.as_str()));
        let to_address = if here { "" } else { "198.51.100.240" };
        let row = json!({
            "id": letter.trace,
            "messageId": letter.internet_message_id,
            "senderAddress": letter.from.address,
            "recipientAddress": recipient,
            "subject": letter.subject,
            "receivedDateTime": precise(at),
            "status": status,
            "size": letter.size,
            "fromIP": from_address.unwrap_or_default(),
            "toIP": to_address,
        });
        let id = format!("{}/{recipient}", letter.trace);
        self.write(Stream::Trace, id, at, &row);
    }
}

fn matches_letter(rule: &Rule, letter: &Letter) -> bool {
    let subject = letter.subject.to_lowercase();
    let text = format!("{subject} {}", letter.preview.to_lowercase());
    let from = letter.from.address.to_lowercase();
    let any = |name: &str, text: &str| {
        let mut words = rule.list(name).peekable();
        words.peek().is_none() || words.any(|word| text.contains(&word.to_lowercase()))
    };
    any("SubjectContainsWords", &subject)
        && any("SubjectOrBodyContainsWords", &text)
        && any("BodyContainsWords", &text)
        && any("FromAddressContainsWords", &from)
        && any("From", &from)
}

/// Takes `Name <address>` apart.
pub(crate) fn parse(text: &str) -> Address {
    let (name, rest) = text.split_once('<').unwrap_or(("", text));
    let address = rest.trim_end_matches('>').trim();
    let name = if name.is_empty() {
        address
    } else {
        name.trim()
    };
    Address {
        name: name.to_owned(),
        address: address.to_owned(),
    }
}
