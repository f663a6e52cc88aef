//! A case for tests: contexts with their verdicts, made by hand.

use super::{Delivered, Handled};
use crate::attribution::{Attribution, Confidence, Context, ContextId, Person, Verdict};
use crate::brief::Brief;
use crate::coverage::Coverage;
use crate::interval::{Interval, SECOND};
use crate::invented;
use crate::messages::crawl::Crawls;
use crate::messages::sync::{Log, Syncs};
use crate::messages::{Class, Cluster, Judged, Scope, judge};
use crate::rules::Rules;
use model::{Timestamp, Touch};

/// The person of every test.
pub(super) const ANN: &str = "ann@example.com";
/// Her inbox, by the end of its id.
pub(super) const INBOX: &str = "LgAAAAAAmailboxAAAAAAEMAAAB";
/// A folder of her own.
pub(super) const CUSTOMERS: &str = "LgAAAAAAmailboxAAAjtsb8AAAB";

/// What messages are judged against.
#[derive(Clone, Debug)]
pub(super) struct Case {
    pub(super) brief: Brief,
    pub(super) attribution: Attribution,
    pub(super) coverage: Coverage,
    pub(super) rules: Rules,
    pub(super) syncs: Syncs,
    pub(super) crawls: Crawls,
}

impl Default for Case {
    /// Makes a case of Ann's mailbox with a window from second 1,000 to 100,000 and nobody in it.
    fn default() -> Self {
        Self {
            brief: Brief {
                tenant: "example".to_owned(),
                user: ANN.to_owned(),
                mailbox: ANN.to_owned(),
                ..Brief::default()
            },
            attribution: Attribution {
                person: Person {
                    names: [ANN.to_owned()].into(),
                    ..Person::default()
                },
                window: Some(between(1_000, 100_000)),
                ..Attribution::default()
            },
            coverage: Coverage::default(),
            rules: Rules::default(),
            syncs: Syncs::default(),
            crawls: Crawls::default(),
        }
    }
}

impl Case {
    pub(super) fn intruder(&mut self, session: &str, records: &[&str]) -> ContextId {
        self.context(session, Verdict::Intruder, Confidence::High, records)
    }

    pub(super) fn owner(&mut self, session: &str, records: &[&str]) -> ContextId {
        self.context(session, Verdict::Owner, Confidence::Medium, records)
    }

    pub(super) fn unknown(&mut self, session: &str, records: &[&str]) -> ContextId {
        self.context(session, Verdict::Unknown, Confidence::Low, records)
    }

    /// Adds a context of a session with its records; ids follow the order of the calls.
    pub(super) fn context(
        &mut self,
        session: &str,
        verdict: Verdict,
        confidence: Confidence,
        records: &[&str],
    ) -> ContextId {
        let place = self.attribution.contexts.len();
        let id = ContextId(format!("c-{place:010}"));
        for record in records {
            self.attribution.of_record.note(record, place);
        }
        self.attribution.contexts.push(Context {
            confidence,
            mailbox: ANN.to_owned(),
            actor: ANN.to_owned(),
            logon_type: Some(0),
            session: session.to_owned(),
            client: "OWA".to_owned(),
            records: records.len() as u64,
            ..invented::context(&id.0, verdict)
        });
        id
    }

    /// Sets when the last record of the context made last was written.
    pub(super) fn lasting_until(&mut self, second: i64) {
        if let Some(context) = self.attribution.contexts.last_mut() {
            context.last = Some(at(second));
        }
    }

    pub(super) fn synced(&mut self, rows: &[Handled]) {
        let mut log = Log::new(&self.brief);
        for row in rows {
            log.hear(row);
        }
        self.syncs = log.close(&self.attribution);
    }

    pub(super) fn blind(&mut self, intervals: &[Interval]) {
        self.coverage.blind = intervals.iter().copied().collect();
    }

    pub(super) fn scope(&self) -> Scope<'_> {
        Scope::new(
            &self.brief,
            &self.attribution,
            &self.coverage,
            &self.rules,
            &self.syncs,
        )
        .with_crawls(&self.crawls)
    }

    pub(super) fn judge_all(&self, handled: &[Handled], delivered: &[Delivered]) -> Vec<Judged> {
        let id = handled
            .iter()
            .map(|row| row.internet_message_id.to_lowercase())
            .chain(
                delivered
                    .iter()
                    .map(|row| row.internet_message_id.to_lowercase()),
            )
            .next()
            .unwrap_or_default();
        let cluster = Cluster {
            id,
            handled: handled.to_vec(),
            delivered: delivered.to_vec(),
        };
        judge(&cluster, &self.scope())
    }

    pub(super) fn judge(&self, handled: &[Handled], delivered: &[Delivered]) -> Judged {
        let mut judged = self.judge_all(handled, delivered);
        assert_eq!(judged.len(), 1, "{judged:#?}");
        judged.remove(0)
    }

    pub(super) fn check(&self, handled: &[Handled], delivered: &[Delivered], expected: Class) {
        let judged = self.judge(handled, delivered);
        assert_eq!(judged.class, expected, "{}", judged.because);
    }
}

pub(super) fn at(second: i64) -> Timestamp {
    Timestamp(second * SECOND)
}

pub(super) fn between(from: i64, to: i64) -> Interval {
    Interval::new(at(from), at(to))
}

/// A message that a record says was opened in the inbox.
pub(super) fn opened(record: &str, id: &str, second: i64) -> Handled {
    Handled {
        record: record.to_owned(),
        time: Some(at(second)),
        touch: Some(Touch::Bind),
        action: "MailItemsAccessed".to_owned(),
        items_in_record: 1,
        internet_message_id: id.to_owned(),
        folder_id: INBOX.to_owned(),
        folder: "\\Inbox".to_owned(),
        ..Handled::default()
    }
}

/// Something else that a record says was done to a message in the inbox.
pub(super) fn done(record: &str, touch: Touch, action: &str, second: i64) -> Handled {
    Handled {
        touch: Some(touch),
        action: action.to_owned(),
        ..opened(record, "<a@example.com>", second)
    }
}

/// A move of a message between two folders of the given paths.
pub(super) fn moved(record: &str, from: &str, to: &str, second: i64) -> Handled {
    Handled {
        folder_id: String::new(),
        folder: from.to_owned(),
        to_folder: to.to_owned(),
        ..done(record, Touch::Move, "Move", second)
    }
}

/// A folder that a record says was synchronised.
pub(super) fn synced(record: &str, folder_id: &str, folder: &str, second: i64) -> Handled {
    Handled {
        record: record.to_owned(),
        time: Some(at(second)),
        touch: Some(Touch::Sync),
        action: "MailItemsAccessed".to_owned(),
        folder_id: folder_id.to_owned(),
        folder: folder.to_owned(),
        ..Handled::default()
    }
}

/// A delivery to Ann, of which the trace does not say into which folder.
pub(super) fn delivered(record: &str, id: &str, second: i64) -> Delivered {
    Delivered {
        record: record.to_owned(),
        time: Some(at(second)),
        internet_message_id: id.to_owned(),
        network_message_id: "n-1".to_owned(),
        sender: "carl@example.org".to_owned(),
        recipient: ANN.to_owned(),
        subject: "Invoice 7".to_owned(),
        status: "Delivered".to_owned(),
        direction: "Inbound".to_owned(),
        location: String::new(),
        size_bytes: Some(2_048),
    }
}

/// A delivery to Ann's inbox, as EmailEvents tells it.
pub(super) fn delivered_to_inbox(record: &str, id: &str, second: i64) -> Delivered {
    Delivered {
        location: "Inbox/folder".to_owned(),
        ..delivered(record, id, second)
    }
}

/// A message that an inventory of Ann's mailbox lists in a folder.
pub(super) fn listed(record: &str, id: &str, folder: &str, second: i64) -> Delivered {
    Delivered {
        network_message_id: format!("AAMk-{record}"),
        status: model::INVENTORY.to_owned(),
        direction: String::new(),
        location: folder.to_owned(),
        ..delivered(record, id, second)
    }
}

/// One that Ann wrote herself.
pub(super) fn listed_own(record: &str, id: &str, folder: &str, second: i64) -> Delivered {
    Delivered {
        sender: ANN.to_owned(),
        direction: "Outbound".to_owned(),
        ..listed(record, id, folder, second)
    }
}
