//! What detection must remember between runs: what is new, what was found, what is known of intruders.

use crate::{Ledger, LedgerError, using};
use model::Timestamp;
use rusqlite::params;
use std::collections::BTreeSet;

/// From when on a tenant has records that no detection has looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fresh {
    /// The tenant; empty for records that name none.
    pub tenant: String,
    /// The time of the earliest such record.
    pub since: Timestamp,
    /// Which notice this is: one that comes while a detection runs has a higher number.
    pub mark: i64,
}

/// Something found, as it is stored: its body is the caller's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StoredFinding {
    /// Its id.
    pub id: String,
    /// Whose records show it.
    pub tenant: String,
    /// When it began.
    pub time: Timestamp,
    /// When it was last seen.
    pub last_time: Timestamp,
    /// All of it, as JSON.
    pub body: String,
}

/// An indicator, as it is stored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StoredIndicator {
    /// What kind of thing it is.
    pub kind: String,
    /// The thing.
    pub value: String,
    /// What is said of it.
    pub note: String,
    /// The file that it came from.
    pub source: String,
    /// When it was imported.
    pub imported: Timestamp,
    /// Until when it counts.
    pub expires: Option<Timestamp>,
}

/// The note that counts how often findings were kept.
const FINDINGS: &str = "findings kept";

impl Ledger {
    /// Notes that records of a tenant are about to be stored that no detection has looked at, the
    /// earliest of this time.
    pub fn note_fresh(&self, tenant: &str, since: Timestamp) -> Result<(), LedgerError> {
        self.connection
            .execute(
                "INSERT INTO detect_fresh (tenant, since, mark) VALUES (?1, ?2, 1)
                 ON CONFLICT (tenant) DO UPDATE SET since = min(since, excluded.since), mark = mark + 1",
                params![tenant, since.0],
            )
            .map_err(using("note what is new"))?;
        Ok(())
    }

    /// Returns what no detection has looked at, by tenant.
    pub fn fresh(&self) -> Result<Vec<Fresh>, LedgerError> {
        let reading = using("list what is new");
        let mut statement = self
            .connection
            .prepare("SELECT tenant, since, mark FROM detect_fresh ORDER BY tenant")
            .map_err(&reading)?;
        statement
            .query_map([], |row| {
                Ok(Fresh {
                    tenant: row.get(0)?,
                    since: Timestamp(row.get(1)?),
                    mark: row.get(2)?,
                })
            })
            .and_then(Iterator::collect)
            .map_err(&reading)
    }

    /// Keeps what a detection found of a tenant that may have several names, all or nothing: it takes
    /// the place of what was found before that was last seen at this time or later. What became new
    /// meanwhile stays new.
    pub fn keep_findings(
        &self,
        names: &[String],
        seen_from: Timestamp,
        findings: &[StoredFinding],
        looked_at: &[&Fresh],
    ) -> Result<(), LedgerError> {
        let failed = using("keep what was found");
        let transaction = self.connection.unchecked_transaction().map_err(&failed)?;
        for tenant in names {
            transaction
                .execute(
                    "DELETE FROM detect_finding WHERE tenant = ?1 AND last_time >= ?2",
                    params![tenant, seen_from.0],
                )
                .map_err(&failed)?;
        }
        for finding in findings {
            transaction
                .execute(
                    "INSERT OR REPLACE INTO detect_finding (id, tenant, time, last_time, body)
                     VALUES (?1, ?2, ?3, ?4, ?5)",
                    params![
                        finding.id,
                        finding.tenant,
                        finding.time.0,
                        finding.last_time.0,
                        finding.body
                    ],
                )
                .map_err(&failed)?;
        }
        transaction
            .execute(
                "INSERT INTO detect_note (name, value) VALUES (?1, '1')
                 ON CONFLICT (name) DO UPDATE SET value = CAST(value AS INTEGER) + 1",
                [FINDINGS],
            )
            .map_err(&failed)?;
        for fresh in looked_at {
            transaction
                .execute(
                    "DELETE FROM detect_fresh WHERE tenant = ?1 AND mark = ?2",
                    params![fresh.tenant, fresh.mark],
                )
                .map_err(&failed)?;
        }
        transaction.commit().map_err(&failed)
    }

    /// Returns what was found, in order of time; of one tenant where one is named.
    pub fn findings(&self, tenant: Option<&str>) -> Result<Vec<StoredFinding>, LedgerError> {
        let reading = using("list what was found");
        let mut statement = self
            .connection
            .prepare(
                "SELECT id, tenant, time, last_time, body FROM detect_finding
                 WHERE ?1 IS NULL OR tenant = ?1 ORDER BY time, id",
            )
            .map_err(&reading)?;
        statement
            .query_map(params![tenant], |row| {
                Ok(StoredFinding {
                    id: row.get(0)?,
                    tenant: row.get(1)?,
                    time: Timestamp(row.get(2)?),
                    last_time: Timestamp(row.get(3)?),
                    body: row.get(4)?,
                })
            })
            .and_then(Iterator::collect)
            .map_err(&reading)
    }

    /// Returns a text that is another one after findings were kept.
    pub fn findings_version(&self) -> Result<String, LedgerError> {
        Ok(self.detection_note(FINDINGS)?.unwrap_or_default())
    }

    /// Returns the tenants of which anything was found.
    pub fn found_tenants(&self) -> Result<BTreeSet<String>, LedgerError> {
        let reading = using("list the tenants of what was found");
        let mut statement = self
            .connection
            .prepare("SELECT DISTINCT tenant FROM detect_finding")
            .map_err(&reading)?;
        statement
            .query_map([], |row| row.get(0))
            .and_then(Iterator::collect)
            .map_err(&reading)
    }

    /// Returns the ids of all that was found.
    pub fn finding_ids(&self) -> Result<BTreeSet<String>, LedgerError> {
        let reading = using("list the ids of what was found");
        let mut statement = self
            .connection
            .prepare("SELECT id FROM detect_finding")
            .map_err(&reading)?;
        statement
            .query_map([], |row| row.get(0))
            .and_then(Iterator::collect)
            .map_err(&reading)
    }

    /// Returns a truth about detection that was kept under this name.
    pub fn detection_note(&self, name: &str) -> Result<Option<String>, LedgerError> {
        let mut statement = self
            .connection
            .prepare("SELECT value FROM detect_note WHERE name = ?1")
            .map_err(using("read a note of detection"))?;
        let mut found = statement
            .query_map(params![name], |row| row.get(0))
            .map_err(using("read a note of detection"))?;
        found
            .next()
            .transpose()
            .map_err(using("read a note of detection"))
    }

    /// Keeps a truth about detection under a name.
    pub fn keep_detection_note(&self, name: &str, value: &str) -> Result<(), LedgerError> {
        self.connection
            .execute(
                "INSERT OR REPLACE INTO detect_note (name, value) VALUES (?1, ?2)",
                params![name, value],
            )
            .map_err(using("keep a note of detection"))?;
        Ok(())
    }

    /// Keeps indicators; one that is known already is renewed. Returns how many were not known.
    pub fn keep_indicators(&self, indicators: &[StoredIndicator]) -> Result<u64, LedgerError> {
        let failed = using("keep indicators");
        let count = |connection: &rusqlite::Connection| {
            connection.query_row("SELECT count(*) FROM indicator", [], |row| {
                row.get::<_, i64>(0)
            })
        };
        let transaction = self.connection.unchecked_transaction().map_err(&failed)?;
        let before = count(&transaction).map_err(&failed)?;
        for one in indicators {
            transaction
                .execute(
                    "INSERT OR REPLACE INTO indicator (kind, value, note, source, imported, expires)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                    params![
                        one.kind,
                        one.value,
                        one.note,
                        one.source,
                        one.imported.0,
                        one.expires.map(|expires| expires.0)
                    ],
                )
                .map_err(&failed)?;
        }
        let after = count(&transaction).map_err(&failed)?;
        transaction.commit().map_err(&failed)?;
        Ok((after - before) as u64)
    }

    /// Returns every indicator, by kind and value.
    pub fn indicators(&self) -> Result<Vec<StoredIndicator>, LedgerError> {
        let reading = using("list the indicators");
        let mut statement = self
            .connection
            .prepare(
                "SELECT kind, value, note, source, imported, expires FROM indicator ORDER BY kind, value",
            )
            .map_err(&reading)?;
        statement
            .query_map([], |row| {
                Ok(StoredIndicator {
                    kind: row.get(0)?,
                    value: row.get(1)?,
                    note: row.get(2)?,
                    source: row.get(3)?,
                    imported: Timestamp(row.get(4)?),
                    expires: row.get::<_, Option<i64>>(5)?.map(Timestamp),
                })
            })
            .and_then(Iterator::collect)
            .map_err(&reading)
    }

    /// Lets the indicators with these values expire at a moment; returns how many there were.
    pub fn expire_indicators(&self, values: &[String], at: Timestamp) -> Result<u64, LedgerError> {
        let mut many = 0;
        for value in values {
            many += self
                .connection
                .execute(
                    "UPDATE indicator SET expires = ?2
                     WHERE (value = ?1 OR source = ?1) AND (expires IS NULL OR expires > ?2)",
                    params![value, at.0],
                )
                .map_err(using("let indicators expire"))?;
        }
        Ok(many as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ledger(folder: &tempfile::TempDir) -> Ledger {
        Ledger::open(&folder.path().join("ledger.sqlite")).expect("a ledger")
    }

    fn own() -> [String; 1] {
        ["t".to_owned()]
    }

    fn finding(id: &str, time: i64) -> StoredFinding {
        StoredFinding {
            id: id.to_owned(),
            tenant: "t".to_owned(),
            time: Timestamp(time),
            last_time: Timestamp(time + 1),
            body: "{}".to_owned(),
        }
    }

    #[test]
    fn what_becomes_new_while_a_detection_runs_stays_new() {
        let folder = tempfile::tempdir().expect("a folder");
        let ledger = ledger(&folder);
        ledger.note_fresh("t", Timestamp(50)).expect("noted");
        let fresh = ledger.fresh().expect("listed");
        ledger.note_fresh("t", Timestamp(70)).expect("noted");
        ledger
            .keep_findings(&own(), Timestamp(0), &[finding("a", 60)], &[&fresh[0]])
            .expect("kept");
        let still = ledger.fresh().expect("listed");
        assert_eq!(still.len(), 1);
        assert_eq!(still[0].since, Timestamp(50));
        ledger
            .keep_findings(&own(), Timestamp(0), &[finding("a", 60)], &[&still[0]])
            .expect("kept");
        assert_eq!(ledger.fresh().expect("listed"), []);
    }

    #[test]
    fn a_run_replaces_only_what_it_looked_at() {
        let folder = tempfile::tempdir().expect("a folder");
        let ledger = ledger(&folder);
        let old = [finding("a", 10), finding("b", 100)];
        ledger
            .keep_findings(&own(), Timestamp(0), &old, &[])
            .expect("kept");
        ledger
            .keep_findings(&own(), Timestamp(50), &[finding("c", 90)], &[])
            .expect("kept");
        let ids: Vec<String> = ledger
            .findings(Some("t"))
            .expect("listed")
            .into_iter()
            .map(|one| one.id)
            .collect();
        assert_eq!(ids, ["a", "c"]);
        assert!(ids.iter().eq(&ledger.finding_ids().expect("listed")));
        assert_eq!(ledger.findings(Some("other")).expect("listed"), []);
    }

    #[test]
    fn an_indicator_is_kept_once_and_expires() {
        let folder = tempfile::tempdir().expect("a folder");
        let ledger = ledger(&folder);
        let one = StoredIndicator {
            kind: "ip".to_owned(),
            value: "203.0.113.7".to_owned(),
            source: "kit.csv".to_owned(),
            ..StoredIndicator::default()
        };
        let twice = [one.clone(), one];
        assert_eq!(ledger.keep_indicators(&twice).expect("kept"), 1);
        assert_eq!(ledger.keep_indicators(&twice).expect("kept"), 0);
        let by_source = ["kit.csv".to_owned()];
        let expired = ledger.expire_indicators(&by_source, Timestamp(5));
        assert_eq!(expired.expect("expired"), 1);
        let listed = ledger.indicators().expect("listed");
        assert_eq!(listed[0].expires, Some(Timestamp(5)));
    }
}
