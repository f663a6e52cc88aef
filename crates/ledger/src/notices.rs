//! Who was told of what, and who is still to be told.

use crate::{Ledger, LedgerError, using};
use model::Timestamp;
use rusqlite::{OptionalExtension, params};

/// One card for one destination, as it is stored: its body is the caller's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StoredNotice {
    /// The destination.
    pub sink: String,
    /// The incident.
    pub incident: String,
    /// Its place in the thread.
    pub nth: u32,
    /// When it was put down.
    pub made: Timestamp,
    /// All of it.
    pub body: String,
}

impl Ledger {
    /// Keeps cards, all or none of them.
    pub fn keep_notices(&mut self, notices: &[StoredNotice]) -> Result<(), LedgerError> {
        let keeping = using("keep who is to be told");
        let transaction = self.connection.transaction().map_err(&keeping)?;
        for notice in notices {
            transaction
                .execute(
                    "INSERT INTO notice (sink, incident, nth, made, body) VALUES (?1, ?2, ?3, ?4, ?5)
                     ON CONFLICT (sink, incident, nth) DO UPDATE SET body = ?5",
                    params![
                        notice.sink,
                        notice.incident,
                        notice.nth,
                        notice.made.0,
                        notice.body
                    ],
                )
                .map_err(&keeping)?;
        }
        transaction.commit().map_err(&keeping)
    }

    /// Returns every card.
    pub fn notices(&self) -> Result<Vec<StoredNotice>, LedgerError> {
        let reading = using("read who is to be told");
        let mut statement = self
            .connection
            .prepare(
                "SELECT sink, incident, nth, made, body FROM notice ORDER BY sink, incident, nth",
            )
            .map_err(&reading)?;
        let rows = statement.query_map([], |row| {
            Ok(StoredNotice {
                sink: row.get(0)?,
                incident: row.get(1)?,
                nth: row.get(2)?,
                made: Timestamp(row.get(3)?),
                body: row.get(4)?,
            })
        });
        rows.and_then(Iterator::collect).map_err(&reading)
    }

    /// Returns which state of an incident this is: one more where it differs from the last.
    pub fn revision_of(&self, incident: &str, digest: &str) -> Result<u64, LedgerError> {
        let noting = using("note what is new of an incident");
        let last: Option<(u64, String)> = self
            .connection
            .query_row(
                "SELECT revision, digest FROM news WHERE incident = ?1",
                [incident],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .optional()
            .map_err(&noting)?;
        let revision = match last {
            Some((revision, known)) if known == digest => return Ok(revision),
            Some((revision, _)) => revision + 1,
            None => 1,
        };
        self.connection
            .execute(
                "INSERT INTO news (incident, revision, digest) VALUES (?1, ?2, ?3)
                 ON CONFLICT (incident) DO UPDATE SET revision = ?2, digest = ?3",
                params![incident, revision, digest],
            )
            .map_err(&noting)?;
        Ok(revision)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_comes_back_and_a_revision_grows_with_each_change() {
        let folder = tempfile::tempdir().unwrap();
        let mut ledger = Ledger::open(&folder.path().join("ledger.sqlite")).unwrap();
        let notice = |body: &str| StoredNotice {
            sink: "soc".to_owned(),
            incident: "I-1".to_owned(),
            body: body.to_owned(),
            ..StoredNotice::default()
        };
        ledger.keep_notices(&[notice("one")]).unwrap();
        ledger.keep_notices(&[notice("two")]).unwrap();
        assert_eq!(ledger.notices().unwrap(), [notice("two")]);
        for (digest, revision) in [("a", 1), ("a", 1), ("b", 2), ("a", 3)] {
            assert_eq!(ledger.revision_of("I-1", digest).unwrap(), revision);
        }
    }
}
