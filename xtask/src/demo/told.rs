//! What the story leaves behind: records, deliveries, sign-ins, and which messages they touched.
//!
//! The questions to the product are asked here too, because only here is it known who did what.

use super::audit::{Client, Ending, Record};
use super::mailbox::{Message, Moment};
use super::story::{INTRUDER_V4, INTRUDER_V6, ROGUE_APP};
use std::collections::BTreeSet;

/// What is told: the records and what they mean.
#[derive(Default)]
pub(super) struct Told {
    /// The unified audit records, in order of time.
    pub(super) records: Vec<Record>,
    /// The messages that were on their way, for message trace.
    pub(super) deliveries: Vec<Message>,
    /// The sign-ins, for the portal's download.
    pub(super) sign_ins: Vec<SignIn>,
    /// The messages and folders that were touched, and how.
    pub(super) touches: Vec<Touch>,
}

/// One sign-in.
pub(super) struct SignIn {
    /// Its request id.
    pub(super) id: String,
    /// When.
    pub(super) time: Moment,
    /// Who, by address and by name.
    pub(super) user: (String, &'static str),
    /// The user's object id.
    pub(super) user_id: String,
    /// Through what.
    pub(super) client: Client,
    /// How it ended.
    pub(super) ending: Ending,
}

/// One message or folder touched by one record.
pub(super) struct Touch {
    /// When.
    pub(super) time: Moment,
    /// The mailbox.
    pub(super) mailbox: String,
    /// The Message-ID; none for a folder.
    pub(super) message: Option<String>,
    /// The folder, by path or, where the record has none, by name.
    pub(super) folder: String,
    /// `bind`, `sync`, `send`, `delete`, `move`, `update`, `create`.
    pub(super) kind: &'static str,
    /// Through what.
    pub(super) client: Client,
}
/// A question to the product and the answer that the story knows.
pub(super) struct Question {
    /// What a responder would ask.
    pub(super) asked: &'static str,
    /// The arguments of `breachscope messages`.
    pub(super) arguments: Vec<String>,
    /// The messages, every one and no other.
    pub(super) messages: BTreeSet<String>,
    /// The folders that were synchronised as a whole.
    pub(super) folders: BTreeSet<String>,
}

impl Told {
    /// Returns the questions that the export answers.
    pub(super) fn questions(&self) -> Vec<Question> {
        let session = self.browser_session();
        let nora = ["--mailbox", "nora.lindqvist"];
        vec![
            self.question(
                "everything the intruder's browser touched",
                &["--ip", INTRUDER_V4],
                |touch| touch.client.address == INTRUDER_V4,
            ),
            self.question(
                "the same by its session",
                &["--session", &session],
                |touch| touch.client.session == session,
            ),
            self.question(
                "the folders that Outlook copied",
                &["--ip", INTRUDER_V6],
                |touch| touch.client.address == INTRUDER_V6,
            ),
            self.question(
                "what the application read",
                &[nora[0], nora[1], "--app", ROGUE_APP],
                |touch| touch.client.app == ROGUE_APP,
            ),
            self.question(
                "every touch of Nora's mailbox by a person or an application",
                &[nora[0], nora[1], "--foreground"],
                |touch| touch.mailbox.starts_with("nora") && !touch.client.background,
            ),
            self.question(
                "every touch of Nora's mailbox, the background too",
                &nora,
                |touch| touch.mailbox.starts_with("nora"),
            ),
            self.question("what was sent", &["--type", "send"], |touch| {
                touch.kind == "send"
            }),
            self.question("what was deleted", &["--type", "delete"], |touch| {
                touch.kind == "delete"
            }),
            self.question(
                "what was touched in the morning of 11 March",
                &[
                    "--since",
                    "2026-03-11T08:00:00Z",
                    "--until",
                    "2026-03-11T10:00:00Z",
                    "--foreground",
                ],
                |touch| {
                    !touch.client.background
                        && touch.time >= Moment::of(11, 8, 0, 0)
                        && touch.time < Moment::of(11, 10, 0, 0)
                },
            ),
        ]
    }

    fn question(
        &self,
        asked: &'static str,
        arguments: &[&str],
        is_meant: impl Fn(&Touch) -> bool,
    ) -> Question {
        let meant: Vec<&Touch> = self
            .touches
            .iter()
            .filter(|touch| is_meant(touch))
            .collect();
        Question {
            asked,
            arguments: arguments
                .iter()
                .map(|argument| (*argument).to_string())
                .collect(),
            messages: meant
                .iter()
                .filter_map(|touch| touch.message.clone())
                .collect(),
            folders: meant
                .iter()
                .filter(|touch| touch.message.is_none())
                .map(|touch| touch.folder.clone())
                .collect(),
        }
    }

    fn browser_session(&self) -> String {
        let touch = self
            .touches
            .iter()
            .find(|touch| touch.client.address == INTRUDER_V4);
        touch
            .map(|touch| touch.client.session.clone())
            .unwrap_or_default()
    }
}
