//! Cases: what was asked, what analysts decided and wrote, and the snapshots that they cite.

use crate::{Ledger, LedgerError, using};
use model::Timestamp;
use rusqlite::types::Type;
use rusqlite::{Row, params};

/// A case as it was opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseFile {
    /// Its name.
    pub id: String,
    /// The tenant.
    pub tenant: String,
    /// The person.
    pub user: String,
    /// The mailbox that is scoped.
    pub mailbox: String,
    /// The seeds, each as `kind=value`, sorted.
    pub seeds: Vec<String>,
    /// The beginning of the window, where the analyst set it.
    pub since: Option<Timestamp>,
    /// The end of the window, where the analyst set it.
    pub until: Option<Timestamp>,
    /// When it was opened.
    pub opened: Timestamp,
}

/// What kind of thing an analyst added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum EntryKind {
    /// Whose a context is.
    Verdict,
    /// A note on any object.
    Note,
    /// A tag on any object.
    Tag,
}

impl EntryKind {
    /// Returns the word that the ledger keeps.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Verdict => "verdict",
            Self::Note => "note",
            Self::Tag => "tag",
        }
    }

    fn of_name(name: &str) -> Option<Self> {
        [Self::Verdict, Self::Note, Self::Tag]
            .into_iter()
            .find(|kind| kind.name() == name)
    }
}

/// What an analyst added to a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseEntry {
    /// What kind.
    pub kind: EntryKind,
    /// On what: a context, a record, a message, or empty for the case itself.
    pub object: String,
    /// The verdict, the note or the tag; an empty verdict or tag takes the last one back.
    pub value: String,
    /// Why.
    pub reason: String,
    /// Who.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// A state of a case that can be gone back to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseSnapshot {
    /// Its name: a digest of what it pins.
    pub id: String,
    /// When it was taken.
    pub taken: Timestamp,
    /// The version of the engine.
    pub engine: String,
    /// How many entries the case had.
    pub entries: u64,
    /// The versions of the tables, by name.
    pub versions: String,
    /// The seeds, one a line.
    pub seeds: String,
    /// The counts by class, as they were.
    pub counts: String,
}

impl Ledger {
    /// Keeps a case; one of that name is replaced, its entries stay.
    pub fn keep_case(&mut self, case: &CaseFile) -> Result<(), LedgerError> {
        let keeping = using("keep a case");
        let transaction = self.connection.transaction().map_err(&keeping)?;
        transaction
            .execute(
                "INSERT INTO case_file (id, tenant, user, mailbox, since, until, opened) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                 ON CONFLICT (id) DO UPDATE SET tenant = ?2, user = ?3, mailbox = ?4, since = ?5, until = ?6",
                params![
                    case.id,
                    case.tenant,
                    case.user,
                    case.mailbox,
                    case.since.map(|time| time.0),
                    case.until.map(|time| time.0),
                    case.opened.0,
                ],
            )
            .map_err(&keeping)?;
        transaction
            .execute("DELETE FROM case_seed WHERE case_id = ?1", [&case.id])
            .map_err(&keeping)?;
        for seed in &case.seeds {
            transaction
                .execute(
                    "INSERT OR IGNORE INTO case_seed (case_id, seed) VALUES (?1, ?2)",
                    [&case.id, seed],
                )
                .map_err(&keeping)?;
        }
        transaction.commit().map_err(&keeping)
    }

    /// Returns the case of that name.
    pub fn case(&self, id: &str) -> Result<Option<CaseFile>, LedgerError> {
        Ok(self.cases()?.into_iter().find(|case| case.id == id))
    }

    /// Returns every case, by name.
    pub fn cases(&self) -> Result<Vec<CaseFile>, LedgerError> {
        let reading = using("list the cases");
        let mut cases: Vec<CaseFile> = self
            .connection
            .prepare(
                "SELECT id, tenant, user, mailbox, since, until, opened FROM case_file ORDER BY id",
            )
            .and_then(|mut statement| statement.query_map([], case_of)?.collect())
            .map_err(&reading)?;
        for case in &mut cases {
            case.seeds = self
                .connection
                .prepare("SELECT seed FROM case_seed WHERE case_id = ?1 ORDER BY seed")
                .and_then(|mut statement| {
                    statement.query_map([&case.id], |row| row.get(0))?.collect()
                })
                .map_err(&reading)?;
        }
        Ok(cases)
    }

    /// Adds what an analyst decided or wrote.
    pub fn add_entry(&self, case: &str, entry: &CaseEntry) -> Result<(), LedgerError> {
        self.connection
            .execute(
                "INSERT INTO case_entry (case_id, kind, object, value, reason, by, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                params![
                    case,
                    entry.kind.name(),
                    entry.object,
                    entry.value,
                    entry.reason,
                    entry.by,
                    entry.at.0,
                ],
            )
            .map(drop)
            .map_err(using("keep an entry of a case"))
    }

    /// Returns what analysts added to a case, the oldest first.
    pub fn entries(&self, case: &str) -> Result<Vec<CaseEntry>, LedgerError> {
        self.connection
            .prepare("SELECT kind, object, value, reason, by, at FROM case_entry WHERE case_id = ?1 ORDER BY id")
            .and_then(|mut statement| statement.query_map([case], entry_of)?.collect())
            .map_err(using("list the entries of a case"))
    }

    /// Keeps a snapshot; one of that name says the same already.
    pub fn keep_snapshot(&self, case: &str, snapshot: &CaseSnapshot) -> Result<(), LedgerError> {
        self.connection
            .execute(
                "INSERT OR IGNORE INTO case_snapshot (case_id, id, taken, engine, entries, versions, seeds, counts)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                params![
                    case,
                    snapshot.id,
                    snapshot.taken.0,
                    snapshot.engine,
                    snapshot.entries as i64,
                    snapshot.versions,
                    snapshot.seeds,
                    snapshot.counts,
                ],
            )
            .map(drop)
            .map_err(using("keep a snapshot"))
    }

    /// Returns the snapshots of a case, or of all cases where none is named, the oldest first.
    pub fn snapshots(&self, case: Option<&str>) -> Result<Vec<CaseSnapshot>, LedgerError> {
        self.connection
            .prepare(
                "SELECT id, taken, engine, entries, versions, seeds, counts FROM case_snapshot
                 WHERE ?1 IS NULL OR case_id = ?1 ORDER BY rowid",
            )
            .and_then(|mut statement| statement.query_map([case], snapshot_of)?.collect())
            .map_err(using("list the snapshots"))
    }

    /// Returns when the last import that read a file for the first time ended, of those that ended no
    /// later than a moment where one is given: what was known already tells nothing new.
    pub fn last_import(&self, until: Option<Timestamp>) -> Result<Option<Timestamp>, LedgerError> {
        let until = until.map(|until| until.0.div_euclid(1_000_000));
        let seconds: Option<i64> = self
            .connection
            .query_row(
                "SELECT max(unixepoch(import.ended)) FROM file_read AS own JOIN import ON import.id = own.import
                 WHERE (?1 IS NULL OR unixepoch(import.ended) <= ?1)
                   AND NOT EXISTS (SELECT 1 FROM file_read AS earlier
                       WHERE earlier.sha256 = own.sha256 AND earlier.import < own.import AND earlier.finished)",
                [until],
                |row| row.get(0),
            )
            .map_err(using("find the last import"))?;
        Ok(seconds.map(|seconds| Timestamp(0).plus_seconds(seconds)))
    }
}

fn case_of(row: &Row<'_>) -> rusqlite::Result<CaseFile> {
    Ok(CaseFile {
        id: row.get(0)?,
        tenant: row.get(1)?,
        user: row.get(2)?,
        mailbox: row.get(3)?,
        seeds: Vec::new(),
        since: row.get::<_, Option<i64>>(4)?.map(Timestamp),
        until: row.get::<_, Option<i64>>(5)?.map(Timestamp),
        opened: time_of(row, 6)?,
    })
}

fn entry_of(row: &Row<'_>) -> rusqlite::Result<CaseEntry> {
    let kind: String = row.get(0)?;
    Ok(CaseEntry {
        kind: EntryKind::of_name(&kind).ok_or_else(|| not_ours(0, &kind))?,
        object: row.get(1)?,
        value: row.get(2)?,
        reason: row.get(3)?,
        by: row.get(4)?,
        at: time_of(row, 5)?,
    })
}

fn snapshot_of(row: &Row<'_>) -> rusqlite::Result<CaseSnapshot> {
    Ok(CaseSnapshot {
        id: row.get(0)?,
        taken: time_of(row, 1)?,
        engine: row.get(2)?,
        entries: row.get::<_, i64>(3)? as u64,
        versions: row.get(4)?,
        seeds: row.get(5)?,
        counts: row.get(6)?,
    })
}

fn time_of(row: &Row<'_>, column: usize) -> rusqlite::Result<Timestamp> {
    row.get(column).map(Timestamp)
}

fn not_ours(column: usize, text: &str) -> rusqlite::Error {
    let cause = format!("`{text}` was not written by this program");
    rusqlite::Error::FromSqlConversionFailure(column, Type::Text, cause.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ledger() -> (tempfile::TempDir, Ledger) {
        let folder = tempfile::tempdir().expect("a folder");
        let ledger = Ledger::open(&folder.path().join("ledger.sqlite")).expect("a ledger");
        (folder, ledger)
    }

    fn case(seeds: &[&str]) -> CaseFile {
        CaseFile {
            id: "ann-0a1b2c".to_owned(),
            tenant: "contoso".to_owned(),
            user: "ann@example.com".to_owned(),
            mailbox: "ann@example.com".to_owned(),
            seeds: seeds.iter().map(|seed| (*seed).to_owned()).collect(),
            since: None,
            until: Some(Timestamp(5)),
            opened: Timestamp(1_000_000),
        }
    }

    #[test]
    fn a_case_kept_again_changes_its_seeds_and_keeps_its_entries() {
        let (_folder, mut ledger) = ledger();
        ledger.keep_case(&case(&["app=a"])).expect("kept");
        let entry = CaseEntry {
            kind: EntryKind::Verdict,
            object: "c-0123456789".to_owned(),
            value: "OWNER".to_owned(),
            reason: "on the phone".to_owned(),
            by: "ann".to_owned(),
            at: Timestamp(2_000_000),
        };
        ledger.add_entry("ann-0a1b2c", &entry).expect("added");
        ledger
            .keep_case(&case(&["app=a", "ip=192.0.2.7"]))
            .expect("kept");
        assert_eq!(
            ledger.case("ann-0a1b2c").expect("read"),
            Some(case(&["app=a", "ip=192.0.2.7"]))
        );
        assert_eq!(ledger.entries("ann-0a1b2c").expect("read"), [entry]);
        assert_eq!(ledger.case("bob-0a1b2c").expect("read"), None);
    }

    #[test]
    fn a_snapshot_of_one_name_is_kept_once() {
        let (_folder, mut ledger) = ledger();
        ledger.keep_case(&case(&[])).expect("kept");
        let snapshot = CaseSnapshot {
            id: "s1".to_owned(),
            taken: Timestamp(3_000_000),
            engine: "0.1.0".to_owned(),
            entries: 0,
            versions: "{}".to_owned(),
            seeds: String::new(),
            counts: String::new(),
        };
        ledger.keep_snapshot("ann-0a1b2c", &snapshot).expect("kept");
        let later = CaseSnapshot {
            taken: Timestamp(9_000_000),
            ..snapshot.clone()
        };
        ledger.keep_snapshot("ann-0a1b2c", &later).expect("kept");
        assert_eq!(ledger.snapshots(None).expect("read"), [snapshot]);
        assert!(ledger.snapshots(Some("bob")).expect("read").is_empty());
    }
}
