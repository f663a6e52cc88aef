//! Small truths that must survive: which imports there were, of which files, with what result.
//!
//! SQLite in the data folder. Nothing large goes in here: records live in the lake, bytes
//! in the raw store. The ledger knows neither; it keeps what it is told.

mod accounts;
mod acts;
mod cases;
mod collecting;
mod detection;
mod health;
mod notices;
mod overview;
mod reading;
mod schema;
mod watch;

pub use accounts::{
    Account, AccountEvent, AccountIdentity, Recognised, StoredLink, StoredSession, StoredToken,
};
pub use acts::{Act, ActHead, Execution, ExecutionStep, Sealed, StoredPlan};
pub use cases::{CaseEntry, CaseFile, CaseSnapshot, EntryKind};
pub use collecting::{FeedChanges, StoredFeed, StoredGap};
pub use detection::{Fresh, StoredFinding, StoredIndicator};
pub use health::StoredHealth;
pub use notices::StoredNotice;
pub use overview::{ActsOf, PlannedAct};
pub use watch::StoredSign;

use model::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};
use std::path::Path;
use std::time::Duration;

/// The ledger of one data folder.
#[derive(Debug)]
pub struct Ledger {
    connection: Connection,
}

/// Names one import.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImportId(pub i64);

/// What one import made of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileRead {
    /// The path the operator gave.
    pub path: String,
    /// The file's SHA-256, its name in the raw store.
    pub sha256: String,
    /// How large it is.
    pub size_bytes: u64,
    /// The format it was read as.
    pub format: String,
    /// How many whole records it holds.
    pub records: u64,
    /// How many of them were known already.
    pub duplicates: u64,
    /// How many records could not be read whole.
    pub rejected: u64,
    /// How many errors it gave.
    pub errors: u64,
    /// Whether it was read to its end.
    pub finished: bool,
}

/// One import as the ledger remembers it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// Its id.
    pub id: ImportId,
    /// When it began, RFC 3339.
    pub began: String,
    /// When it ended; nothing when it was cut off.
    pub ended: Option<String>,
    /// What was read.
    pub files: Vec<FileRead>,
}

/// What all imports together have to say about completeness.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Completeness {
    /// How many distinct files were read.
    pub files: u64,
    /// How many of them were never read to the end.
    pub unfinished_files: u64,
    /// How many records in them could not be read whole.
    pub rejected: u64,
}

/// Why the ledger could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// The ledger could not be opened.
    #[error("open the ledger at `{path}`")]
    Open {
        /// Its path.
        path: String,
        /// What SQLite said.
        #[source]
        source: rusqlite::Error,
    },
    /// The ledger was written by a later version of this program.
    #[error("read a ledger of version {found}: this program knows versions up to {known}")]
    TooNew {
        /// The ledger's version.
        found: i64,
        /// The newest version known here.
        known: i64,
    },
    /// Reading or writing it failed.
    #[error("{doing} in the ledger")]
    Use {
        /// What was being done.
        doing: &'static str,
        /// What SQLite said.
        #[source]
        source: rusqlite::Error,
    },
}

impl Ledger {
    /// Opens the ledger, making it when there is none.
    pub fn open(path: &Path) -> Result<Self, LedgerError> {
        let failed = |source| LedgerError::Open {
            path: path.display().to_string(),
            source,
        };
        let mut connection = Connection::open(path).map_err(failed)?;
        connection
            .busy_timeout(Duration::from_secs(30))
            .map_err(failed)?;
        write_ahead(&connection).map_err(failed)?;
        connection
            .pragma_update(None, "foreign_keys", true)
            .map_err(failed)?;
        schema::bring_up_to_date(&mut connection)?;
        Ok(Self { connection })
    }

    /// Notes that an import begins.
    pub fn begin_import(&self, now: Timestamp) -> Result<ImportId, LedgerError> {
        self.connection
            .execute(
                "INSERT INTO import (began) VALUES (?1)",
                params![now.to_string()],
            )
            .map_err(using("note an import"))?;
        Ok(ImportId(self.connection.last_insert_rowid()))
    }

    /// Notes what an import made of a file.
    pub fn note_file(&self, import: ImportId, file: &FileRead) -> Result<(), LedgerError> {
        self.connection
            .execute(
                "INSERT INTO file_read (import, path, sha256, size_bytes, format, records, duplicates, rejected, errors, finished)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
                params![
                    import.0,
                    file.path,
                    file.sha256,
                    file.size_bytes as i64,
                    file.format,
                    file.records as i64,
                    file.duplicates as i64,
                    file.rejected as i64,
                    file.errors as i64,
                    file.finished,
                ],
            )
            .map_err(using("note a file"))?;
        Ok(())
    }

    /// Notes that an import ended by itself.
    pub fn end_import(&self, import: ImportId, now: Timestamp) -> Result<(), LedgerError> {
        self.connection
            .execute(
                "UPDATE import SET ended = ?2 WHERE id = ?1",
                params![import.0, now.to_string()],
            )
            .map_err(using("end an import"))?;
        Ok(())
    }

    /// Returns every import, the newest last.
    pub fn imports(&self) -> Result<Vec<Import>, LedgerError> {
        let reading = using("list the imports");
        let mut statement = self
            .connection
            .prepare("SELECT id, began, ended FROM import ORDER BY id")
            .map_err(&reading)?;
        let heads: Vec<(i64, String, Option<String>)> = statement
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .and_then(Iterator::collect)
            .map_err(&reading)?;
        heads
            .into_iter()
            .map(|(id, began, ended)| {
                let id = ImportId(id);
                Ok(Import {
                    id,
                    began,
                    ended,
                    files: self.files_of(id)?,
                })
            })
            .collect()
    }

    fn files_of(&self, import: ImportId) -> Result<Vec<FileRead>, LedgerError> {
        let reading = using("list the files of an import");
        let mut statement = self
            .connection
            .prepare(
                "SELECT path, sha256, size_bytes, format, records, duplicates, rejected, errors, finished
                 FROM file_read WHERE import = ?1 ORDER BY rowid",
            )
            .map_err(&reading)?;
        statement
            .query_map(params![import.0], |row| {
                Ok(FileRead {
                    path: row.get(0)?,
                    sha256: row.get(1)?,
                    size_bytes: row.get::<_, i64>(2)? as u64,
                    format: row.get(3)?,
                    records: row.get::<_, i64>(4)? as u64,
                    duplicates: row.get::<_, i64>(5)? as u64,
                    rejected: row.get::<_, i64>(6)? as u64,
                    errors: row.get::<_, i64>(7)? as u64,
                    finished: row.get(8)?,
                })
            })
            .and_then(Iterator::collect)
            .map_err(&reading)
    }

    /// Returns the digests of all files that an import read, each once.
    pub fn source_files(&self) -> Result<Vec<String>, LedgerError> {
        let reading = using("list the files of all imports");
        let mut statement = self
            .connection
            .prepare("SELECT DISTINCT sha256 FROM file_read ORDER BY sha256")
            .map_err(&reading)?;
        statement
            .query_map([], |row| row.get(0))
            .and_then(Iterator::collect)
            .map_err(&reading)
    }

    /// Returns what all imports together say about completeness, a file read twice counted once.
    pub fn completeness(&self) -> Result<Completeness, LedgerError> {
        self.connection
            .query_row(
                "SELECT count(*), coalesce(sum(1 - finished), 0), coalesce(sum(rejected), 0)
                 FROM (SELECT max(finished) AS finished, max(rejected) AS rejected FROM file_read GROUP BY sha256)",
                [],
                |row| {
                    Ok(Completeness {
                        files: row.get::<_, i64>(0)? as u64,
                        unfinished_files: row.get::<_, i64>(1)? as u64,
                        rejected: row.get::<_, i64>(2)? as u64,
                    })
                },
            )
            .optional()
            .map(Option::unwrap_or_default)
            .map_err(using("sum up the imports"))
    }
}

/// How long two that open a new ledger at the same moment wait for each other.
const TRIES: u32 = 3_000;
const PAUSE: Duration = Duration::from_millis(10);

/// Has changes written ahead. SQLite asks for the whole file to begin with that, and does not
/// wait for it as it waits for everything else.
fn write_ahead(connection: &Connection) -> rusqlite::Result<()> {
    for _ in 1..TRIES {
        match connection.pragma_update(None, "journal_mode", "WAL") {
            Err(rusqlite::Error::SqliteFailure(error, _))
                if error.code == rusqlite::ErrorCode::DatabaseBusy =>
            {
                std::thread::sleep(PAUSE);
            }
            done => return done,
        }
    }
    connection.pragma_update(None, "journal_mode", "WAL")
}

fn using(doing: &'static str) -> impl Fn(rusqlite::Error) -> LedgerError {
    move |source| LedgerError::Use { doing, source }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_ledger_that_somebody_else_is_making_is_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger.sqlite");
        let other = Connection::open(&path).unwrap();
        other.execute_batch("BEGIN EXCLUSIVE").unwrap();
        std::thread::scope(|scope| {
            let opened = scope.spawn(|| Ledger::open(&path).map(|_| ()));
            // As long as somebody takes to make the tables.
            std::thread::sleep(Duration::from_millis(300));
            assert!(!opened.is_finished(), "it waits");
            other.execute_batch("COMMIT").unwrap();
            opened.join().unwrap().unwrap();
        });
    }

    #[test]
    fn a_new_ledger_is_opened_by_many_at_once() {
        for _ in 0..20 {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("ledger.sqlite");
            std::thread::scope(|scope| {
                let opened: Vec<_> = (0..8)
                    .map(|_| scope.spawn(|| Ledger::open(&path).map(|_| ())))
                    .collect();
                for one in opened {
                    one.join().unwrap().unwrap();
                }
            });
        }
    }

    fn file(path: &str, sha256: &str, rejected: u64, finished: bool) -> FileRead {
        FileRead {
            path: path.to_owned(),
            sha256: sha256.to_owned(),
            size_bytes: 10,
            format: "unified audit log, JSON lines".to_owned(),
            records: 5,
            duplicates: 1,
            rejected,
            errors: rejected,
            finished,
        }
    }

    #[test]
    fn what_was_noted_is_there_after_opening_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("ledger.sqlite");
        let ledger = Ledger::open(&path).expect("a ledger");
        let import = ledger.begin_import(Timestamp(0)).expect("noted");
        ledger
            .note_file(import, &file("a.csv", "aa", 1, true))
            .expect("noted");
        ledger
            .end_import(import, Timestamp(1_000_000))
            .expect("noted");
        drop(ledger);

        let imports = Ledger::open(&path)
            .expect("a ledger")
            .imports()
            .expect("listed");
        assert_eq!(imports.len(), 1);
        assert_eq!(imports[0].ended.as_deref(), Some("1970-01-01T00:00:01Z"));
        assert_eq!(imports[0].files, [file("a.csv", "aa", 1, true)]);
    }

    #[test]
    fn a_file_cut_off_and_read_again_counts_once_and_as_finished() {
        let folder = tempfile::tempdir().expect("a folder");
        let ledger = Ledger::open(&folder.path().join("ledger.sqlite")).expect("a ledger");
        let import = ledger.begin_import(Timestamp(0)).expect("noted");
        ledger
            .note_file(import, &file("a.csv", "aa", 1, false))
            .expect("noted");
        ledger
            .note_file(import, &file("b.csv", "aa", 2, true))
            .expect("noted");
        ledger
            .note_file(import, &file("c.csv", "cc", 0, false))
            .expect("noted");
        let sum = ledger.completeness().expect("summed");
        assert_eq!(
            sum,
            Completeness {
                files: 2,
                unfinished_files: 1,
                rejected: 2
            }
        );
    }

    #[test]
    fn a_ledger_of_a_later_version_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("ledger.sqlite");
        drop(Ledger::open(&path).expect("a ledger"));
        let connection = Connection::open(&path).expect("open");
        connection
            .pragma_update(None, "user_version", 999)
            .expect("set");
        drop(connection);
        assert!(matches!(
            Ledger::open(&path),
            Err(LedgerError::TooNew { found: 999, .. })
        ));
    }
}
