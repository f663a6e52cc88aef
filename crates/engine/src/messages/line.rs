//! One line of the answer: a message in a mailbox, or a folder touched as a whole.

use super::{Answer, Summary};
use lake::Touched;
use model::{Timestamp, Touch};
use std::collections::{BTreeMap, BTreeSet};

/// What a line is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// A message, by its Message-ID.
    Message(String),
    /// An item without a Message-ID, such as a draft, by Exchange's id.
    Item(String),
    /// A folder, by its id (or its path where the record has no id).
    Folder(String),
}

/// One message of one mailbox, or one folder touched as a whole, with everything that shows it.
#[derive(Clone, Debug)]
pub struct Line {
    /// The mailbox.
    pub mailbox: String,
    /// What was touched.
    pub subject_of: Subject,
    /// When it was first touched; nothing when no record of it has a readable time.
    pub first_seen: Option<Timestamp>,
    /// When it was last touched.
    pub last_seen: Option<Timestamp>,
    /// In how many records it stands: a lower bound of how often, for repeats within an hour are not logged.
    pub times: usize,
    /// The folders it was seen in.
    pub folders: BTreeSet<String>,
    /// The subject, where some record knows it.
    pub subject: String,
    /// How it was touched.
    pub types: BTreeSet<Touch>,
    /// Who touched it.
    pub users: BTreeSet<String>,
    /// From where.
    pub ips: BTreeSet<String>,
    /// In which sessions.
    pub sessions: BTreeSet<String>,
    /// Through which client applications.
    pub apps: BTreeSet<String>,
    /// The records that show it.
    pub records: BTreeSet<String>,
}

impl Line {
    /// Returns whether this is a folder.
    #[must_use]
    pub fn is_folder(&self) -> bool {
        matches!(self.subject_of, Subject::Folder(_))
    }

    /// Returns whether this is a folder that a client synchronised.
    #[must_use]
    pub fn is_synced_folder(&self) -> bool {
        self.is_folder() && self.types.contains(&Touch::Sync)
    }

    /// Returns the Message-ID, if it is a message that has one.
    #[must_use]
    pub fn internet_message_id(&self) -> Option<&str> {
        match &self.subject_of {
            Subject::Message(id) => Some(id),
            _ => None,
        }
    }

    fn new(mailbox: &str, subject_of: Subject) -> Self {
        Self {
            mailbox: mailbox.to_owned(),
            subject_of,
            first_seen: None,
            last_seen: None,
            times: 0,
            folders: BTreeSet::new(),
            subject: String::new(),
            types: BTreeSet::new(),
            users: BTreeSet::new(),
            ips: BTreeSet::new(),
            sessions: BTreeSet::new(),
            apps: BTreeSet::new(),
            records: BTreeSet::new(),
        }
    }

    fn add(&mut self, touched: &Touched<'_>) {
        if let Some(time) = touched.time {
            self.first_seen = Some(self.first_seen.map_or(time, |first| first.min(time)));
            self.last_seen = Some(self.last_seen.map_or(time, |last| last.max(time)));
        }
        // The least subject wins, so that the answer does not depend on the order of rows.
        if !touched.subject.is_empty()
            && (self.subject.is_empty() || touched.subject < self.subject.as_str())
        {
            touched.subject.clone_into(&mut self.subject);
        }
        self.types.insert(touched.touch);
        insert(&mut self.folders, touched.folder);
        insert(&mut self.folders, touched.to_folder);
        insert(&mut self.users, touched.user);
        insert(&mut self.ips, touched.address);
        insert(&mut self.sessions, touched.session);
        insert(&mut self.apps, touched.app);
        insert(&mut self.records, touched.record_id);
        self.times = self.records.len();
    }
}

fn insert(set: &mut BTreeSet<String>, text: &str) {
    if !text.is_empty() && !set.contains(text) {
        set.insert(text.to_owned());
    }
}

/// The lines of an answer as they gather.
#[derive(Debug, Default)]
pub(super) struct Lines {
    lines: BTreeMap<(String, Subject), Line>,
}

impl Lines {
    pub(super) fn add(&mut self, touched: &Touched<'_>) {
        let subject_of = subject_of(touched);
        let key = (touched.mailbox.to_owned(), subject_of.clone());
        self.lines
            .entry(key)
            .or_insert_with(|| Line::new(touched.mailbox, subject_of))
            .add(touched);
    }

    /// Returns the Message-IDs that no touch gave a subject for.
    pub(super) fn ids_without_subject(&self) -> BTreeSet<&str> {
        self.lines
            .values()
            .filter(|line| line.subject.is_empty())
            .filter_map(Line::internet_message_id)
            .collect()
    }

    /// Returns the answer: messages by mailbox and time, then folders.
    pub(super) fn answer(self, subjects: &BTreeMap<String, String>) -> Answer {
        let mut lines: Vec<Line> = self.lines.into_values().collect();
        for line in &mut lines {
            let known = line.internet_message_id().and_then(|id| subjects.get(id));
            if let (true, Some(subject)) = (line.subject.is_empty(), known) {
                line.subject.clone_from(subject);
            }
        }
        let summary = summary(&lines);
        lines.sort_by(|one, other| {
            let key = |line: &Line| (line.is_folder(), line.mailbox.clone(), line.first_seen);
            key(one)
                .cmp(&key(other))
                .then_with(|| one.subject_of.cmp(&other.subject_of))
        });
        Answer { lines, summary }
    }
}

fn subject_of(touched: &Touched<'_>) -> Subject {
    if !touched.internet_message_id.is_empty() {
        Subject::Message(touched.internet_message_id.to_owned())
    } else if !touched.item_id.is_empty() {
        Subject::Item(touched.item_id.to_owned())
    } else if !touched.folder_id.is_empty() {
        Subject::Folder(touched.folder_id.to_owned())
    } else {
        Subject::Folder(touched.folder.to_owned())
    }
}

fn summary(lines: &[Line]) -> Summary {
    let records: BTreeSet<&String> = lines.iter().flat_map(|line| &line.records).collect();
    let mailboxes: BTreeSet<&String> = lines.iter().map(|line| &line.mailbox).collect();
    let folders = lines.iter().filter(|line| line.is_folder()).count();
    Summary {
        messages: lines.len() - folders,
        folders,
        records: records.len(),
        mailboxes: mailboxes.len(),
        ..Summary::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn touched<'a>(id: &'a str, record: &'a str, folder: &'a str, seconds: i64) -> Touched<'a> {
        Touched {
            time: Some(Timestamp(seconds * 1_000_000)),
            mailbox: "ann@example.com",
            internet_message_id: id,
            record_id: record,
            folder,
            touch: Touch::Bind,
            ..Touched::default()
        }
    }

    fn answer(order: &[usize]) -> Answer {
        let all = [
            touched("<a@x>", "r1", "\\Inbox", 20),
            touched("<a@x>", "r2", "\\Archive", 10),
            touched("<b@x>", "r2", "\\Inbox", 10),
            Touched {
                folder_id: "F1",
                touch: Touch::Sync,
                ..touched("", "r3", "Inbox", 5)
            },
        ];
        let mut lines = Lines::default();
        for at in order {
            lines.add(&all[*at]);
        }
        lines.answer(&BTreeMap::from([(
            "<b@x>".to_owned(),
            "Invoice".to_owned(),
        )]))
    }

    #[test]
    fn a_message_counts_once_however_many_records_name_it() {
        let answer = answer(&[0, 1, 2, 3]);
        assert_eq!(
            (
                answer.summary.messages,
                answer.summary.records,
                answer.summary.folders
            ),
            (2, 3, 1)
        );
        let first = &answer.lines[0];
        assert_eq!(first.internet_message_id(), Some("<a@x>"));
        assert_eq!(first.first_seen, Some(Timestamp(10_000_000)));
        assert_eq!(first.folders.len(), 2);
        assert_eq!(answer.lines[1].subject, "Invoice");
        assert!(answer.lines[2].is_synced_folder());
    }

    #[test]
    fn the_order_of_rows_changes_nothing() {
        let one = format!("{:?}", answer(&[0, 1, 2, 3]));
        assert_eq!(one, format!("{:?}", answer(&[3, 2, 1, 0])));
        assert_eq!(one, format!("{:?}", answer(&[2, 0, 3, 1, 0])));
    }
}
