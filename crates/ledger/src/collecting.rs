//! What collecting must remember between runs: where each feed stands, what it has taken in,
//! what may be missing, and who collects for whom.

use crate::{Ledger, LedgerError, using};
use model::{Gap, GapClock, Timestamp};
use rusqlite::{OptionalExtension, Transaction, params};

/// Where a feed of a tenant stands, as it is stored: cursor and trouble are the caller's texts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StoredFeed {
    /// Whose records it collects.
    pub tenant: String,
    /// Its name within the tenant.
    pub feed: String,
    /// Where it stands, in its own words.
    pub cursor: Option<String>,
    /// From when on it has what there was; set by the ledger from the first `until` that it hears.
    pub since: Option<Timestamp>,
    /// Everything before this moment was had, gaps apart.
    pub until: Option<Timestamp>,
    /// When it last had all that could be had.
    pub caught_up: Option<Timestamp>,
    /// Contents or windows that failed and are asked for again.
    pub waiting: u64,
    /// What is wrong; empty where nothing is.
    pub trouble: String,
    /// What can be done about it.
    pub hint: String,
    /// Whether it stands still until somebody acts.
    pub stopped: bool,
    /// When it wants to ask next.
    pub next: Option<Timestamp>,
    /// When this was written down.
    pub noted: Timestamp,
    /// How many records it brought that were new.
    pub new: u64,
    /// How many it brought that were known already.
    pub duplicates: u64,
    /// How many could not be read whole.
    pub rejected: u64,
    /// How many bytes it brought.
    pub bytes: u64,
}

/// A span for which a feed of a tenant may lack records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredGap {
    /// Whose records.
    pub tenant: String,
    /// Which feed.
    pub feed: String,
    /// The span and why.
    pub gap: Gap,
    /// When it was noted.
    pub noted: Timestamp,
}

/// What one commit of a feed changes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FeedChanges {
    /// Contents taken in, each with its moment on the arrival clock.
    pub seen: Vec<(String, Timestamp)>,
    /// What was seen before this moment is forgotten.
    pub forget: Option<Timestamp>,
    /// Spans for which records may be missing.
    pub gaps: Vec<Gap>,
}

const CLOCKS: [(GapClock, &str); 2] = [(GapClock::Event, "event"), (GapClock::Arrival, "arrival")];

/// No worker takes a tenant for longer than so many times the usual.
const LONGEST_LEASES: i64 = 10;

impl Ledger {
    /// Writes down where feeds stand and what changed since, all or nothing. What a feed brought is
    /// added to what it brought before; a cursor of nothing leaves the one that is there.
    pub fn keep_feeds(&self, feeds: &[(StoredFeed, FeedChanges)]) -> Result<(), LedgerError> {
        let failed = using("keep where feeds stand");
        let transaction = self.connection.unchecked_transaction().map_err(&failed)?;
        for (feed, changes) in feeds {
            keep_standing(&transaction, feed).map_err(&failed)?;
            keep_changes(&transaction, feed, changes).map_err(&failed)?;
        }
        transaction.commit().map_err(&failed)
    }

    /// Returns where every feed stands, of one tenant where one is named.
    pub fn feeds(&self, tenant: Option<&str>) -> Result<Vec<StoredFeed>, LedgerError> {
        let reading = using("list the feeds");
        let mut statement = self
            .connection
            .prepare(
                "SELECT tenant, feed, cursor, until, caught_up, waiting, trouble, hint, stopped, next, noted,
                        new, duplicates, rejected, bytes, since
                 FROM feed WHERE ?1 IS NULL OR tenant = ?1 ORDER BY tenant, feed",
            )
            .map_err(&reading)?;
        statement
            .query_map(params![tenant], |row| {
                Ok(StoredFeed {
                    tenant: row.get(0)?,
                    feed: row.get(1)?,
                    cursor: row.get(2)?,
                    until: row.get::<_, Option<i64>>(3)?.map(Timestamp),
                    caught_up: row.get::<_, Option<i64>>(4)?.map(Timestamp),
                    waiting: row.get::<_, i64>(5)? as u64,
                    trouble: row.get(6)?,
                    hint: row.get(7)?,
                    stopped: row.get(8)?,
                    next: row.get::<_, Option<i64>>(9)?.map(Timestamp),
                    noted: Timestamp(row.get(10)?),
                    new: row.get::<_, i64>(11)? as u64,
                    duplicates: row.get::<_, i64>(12)? as u64,
                    rejected: row.get::<_, i64>(13)? as u64,
                    bytes: row.get::<_, i64>(14)? as u64,
                    since: row.get::<_, Option<i64>>(15)?.map(Timestamp),
                })
            })
            .and_then(Iterator::collect)
            .map_err(&reading)
    }

    /// Returns what a feed has taken in and not forgotten.
    pub fn seen(&self, tenant: &str, feed: &str) -> Result<Vec<(String, Timestamp)>, LedgerError> {
        let reading = using("list what a feed has taken in");
        let mut statement = self
            .connection
            .prepare("SELECT content, at FROM feed_seen WHERE tenant = ?1 AND feed = ?2")
            .map_err(&reading)?;
        statement
            .query_map(params![tenant, feed], |row| {
                Ok((row.get(0)?, Timestamp(row.get(1)?)))
            })
            .and_then(Iterator::collect)
            .map_err(&reading)
    }

    /// Returns every span for which records may be missing, of one tenant where one is named.
    pub fn gaps(&self, tenant: Option<&str>) -> Result<Vec<StoredGap>, LedgerError> {
        let reading = using("list the gaps of collecting");
        let mut statement = self
            .connection
            .prepare(
                "SELECT tenant, feed, since, until, clock, cause, detail, noted FROM feed_gap
                 WHERE ?1 IS NULL OR tenant = ?1 ORDER BY tenant, since, until, feed, cause, detail",
            )
            .map_err(&reading)?;
        statement
            .query_map(params![tenant], |row| {
                let clock: String = row.get(4)?;
                let known = CLOCKS.iter().find(|(_, name)| *name == clock);
                Ok(StoredGap {
                    tenant: row.get(0)?,
                    feed: row.get(1)?,
                    gap: Gap {
                        from: Timestamp(row.get(2)?),
                        to: Timestamp(row.get(3)?),
                        clock: known.map_or(GapClock::Arrival, |(clock, _)| *clock),
                        cause: row.get(5)?,
                        detail: row.get(6)?,
                    },
                    noted: Timestamp(row.get(7)?),
                })
            })
            .and_then(Iterator::collect)
            .map_err(&reading)
    }

    /// Forgets everything about collecting a tenant but its gaps: what was missed stays missed.
    pub fn forget_feeds(&self, tenant: &str) -> Result<(), LedgerError> {
        let failed = using("forget the feeds of a tenant");
        let transaction = self.connection.unchecked_transaction().map_err(&failed)?;
        for table in ["feed", "feed_seen", "tenant_pause", "lease"] {
            transaction
                .execute(&format!("DELETE FROM {table} WHERE tenant = ?1"), [tenant])
                .map_err(&failed)?;
        }
        transaction.commit().map_err(&failed)
    }

    /// Notes that a tenant is not to be collected for now, or is again.
    pub fn pause(&self, tenant: &str, paused: bool, now: Timestamp) -> Result<(), LedgerError> {
        let done = if paused {
            self.connection.execute(
                "INSERT OR IGNORE INTO tenant_pause (tenant, since) VALUES (?1, ?2)",
                params![tenant, now.0],
            )
        } else {
            self.connection
                .execute("DELETE FROM tenant_pause WHERE tenant = ?1", [tenant])
        };
        done.map(|_| ()).map_err(using("pause a tenant"))
    }

    /// Returns the tenants that are paused, each with since when.
    pub fn paused(&self) -> Result<Vec<(String, Timestamp)>, LedgerError> {
        let reading = using("list the paused tenants");
        let mut statement = self
            .connection
            .prepare("SELECT tenant, since FROM tenant_pause ORDER BY tenant")
            .map_err(&reading)?;
        statement
            .query_map([], |row| Ok((row.get(0)?, Timestamp(row.get(1)?))))
            .and_then(Iterator::collect)
            .map_err(&reading)
    }

    /// Takes tenants for a worker until a moment, or keeps them; returns for each whether it has
    /// it. A lease that ran out is anybody's, and so is one that ends later than anybody would
    /// have said: it was written by a clock that went wrong.
    pub fn lease(
        &self,
        tenants: &[&str],
        worker: &str,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<bool>, LedgerError> {
        let failed = using("take tenants for a worker");
        let believable = now.0 + LONGEST_LEASES * (until.0 - now.0);
        let transaction = self.connection.unchecked_transaction().map_err(&failed)?;
        let mut taken = Vec::with_capacity(tenants.len());
        {
            let mut take = transaction
                .prepare_cached(
                    "INSERT INTO lease (tenant, worker, until) VALUES (?1, ?2, ?4)
                     ON CONFLICT (tenant) DO UPDATE SET worker = excluded.worker, until = excluded.until
                     WHERE lease.worker = excluded.worker OR lease.until <= ?3 OR lease.until > ?5",
                )
                .map_err(&failed)?;
            for tenant in tenants {
                let changed = take
                    .execute(params![tenant, worker, now.0, until.0, believable])
                    .map_err(&failed)?;
                taken.push(changed == 1);
            }
        }
        transaction.commit().map_err(&failed)?;
        Ok(taken)
    }

    /// Returns who has a tenant, and until when it said so.
    pub fn leased(&self, tenant: &str) -> Result<Option<(String, Timestamp)>, LedgerError> {
        self.connection
            .query_row(
                "SELECT worker, until FROM lease WHERE tenant = ?1",
                [tenant],
                |row| Ok((row.get(0)?, Timestamp(row.get(1)?))),
            )
            .optional()
            .map_err(using("see who has a tenant"))
    }

    /// Lets go of one tenant that a worker has.
    pub fn release_one(&self, tenant: &str, worker: &str) -> Result<(), LedgerError> {
        self.connection
            .execute(
                "DELETE FROM lease WHERE tenant = ?1 AND worker = ?2",
                [tenant, worker],
            )
            .map(|_| ())
            .map_err(using("let go of a tenant"))
    }

    /// Lets go of every tenant that a worker has.
    pub fn release(&self, worker: &str) -> Result<(), LedgerError> {
        self.connection
            .execute("DELETE FROM lease WHERE worker = ?1", [worker])
            .map(|_| ())
            .map_err(using("let go of tenants"))
    }
}

fn keep_standing(transaction: &Transaction<'_>, feed: &StoredFeed) -> rusqlite::Result<()> {
    transaction.execute(
        "INSERT INTO feed (tenant, feed, cursor, until, caught_up, waiting, trouble, hint, stopped, next, noted,
                           new, duplicates, rejected, bytes, since)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?4)
         ON CONFLICT (tenant, feed) DO UPDATE SET
            cursor = coalesce(excluded.cursor, cursor),
            since = coalesce(min(since, excluded.until), since, excluded.until),
            until = coalesce(excluded.until, until),
            caught_up = coalesce(excluded.caught_up, caught_up),
            waiting = excluded.waiting,
            trouble = excluded.trouble,
            hint = excluded.hint,
            stopped = excluded.stopped,
            next = excluded.next,
            noted = excluded.noted,
            new = new + excluded.new,
            duplicates = duplicates + excluded.duplicates,
            rejected = rejected + excluded.rejected,
            bytes = bytes + excluded.bytes",
        params![
            feed.tenant,
            feed.feed,
            feed.cursor,
            feed.until.map(|at| at.0),
            feed.caught_up.map(|at| at.0),
            feed.waiting as i64,
            feed.trouble,
            feed.hint,
            feed.stopped,
            feed.next.map(|at| at.0),
            feed.noted.0,
            feed.new as i64,
            feed.duplicates as i64,
            feed.rejected as i64,
            feed.bytes as i64,
        ],
    )?;
    Ok(())
}

fn keep_changes(
    transaction: &Transaction<'_>,
    feed: &StoredFeed,
    changes: &FeedChanges,
) -> rusqlite::Result<()> {
    let mut see = transaction.prepare_cached(
        "INSERT OR REPLACE INTO feed_seen (tenant, feed, content, at) VALUES (?1, ?2, ?3, ?4)",
    )?;
    for (content, at) in &changes.seen {
        see.execute(params![feed.tenant, feed.feed, content, at.0])?;
    }
    if let Some(before) = changes.forget {
        transaction.execute(
            "DELETE FROM feed_seen WHERE tenant = ?1 AND feed = ?2 AND at < ?3",
            params![feed.tenant, feed.feed, before.0],
        )?;
    }
    for gap in &changes.gaps {
        let clock = CLOCKS.iter().find(|(clock, _)| *clock == gap.clock);
        transaction.execute(
            "INSERT OR IGNORE INTO feed_gap (tenant, feed, since, until, clock, cause, detail, noted)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            params![
                feed.tenant,
                feed.feed,
                gap.from.0,
                gap.to.0,
                clock.map_or("arrival", |(_, name)| *name),
                gap.cause,
                gap.detail,
                feed.noted.0,
            ],
        )?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ledger() -> (tempfile::TempDir, Ledger) {
        let folder = tempfile::tempdir().expect("a folder");
        let ledger = Ledger::open(&folder.path().join("ledger.sqlite")).expect("a ledger");
        (folder, ledger)
    }

    fn feed(cursor: Option<&str>) -> StoredFeed {
        StoredFeed {
            tenant: "t".to_owned(),
            feed: "activity/Audit.Exchange".to_owned(),
            cursor: cursor.map(str::to_owned),
            until: Some(Timestamp(5)),
            noted: Timestamp(9),
            new: 3,
            ..StoredFeed::default()
        }
    }

    fn gap() -> Gap {
        Gap {
            from: Timestamp(1),
            to: Timestamp(2),
            clock: GapClock::Event,
            cause: "expired".to_owned(),
            detail: "a".to_owned(),
        }
    }

    #[test]
    fn a_feed_goes_on_from_its_last_cursor_and_its_counts_add_up() {
        let (_folder, ledger) = ledger();
        let changes = FeedChanges {
            seen: vec![
                ("a".to_owned(), Timestamp(1)),
                ("b".to_owned(), Timestamp(7)),
            ],
            forget: None,
            gaps: vec![gap()],
        };
        ledger
            .keep_feeds(&[(feed(Some("one")), changes)])
            .expect("kept");
        ledger
            .keep_feeds(&[(
                feed(None),
                FeedChanges {
                    forget: Some(Timestamp(5)),
                    gaps: vec![gap()],
                    ..FeedChanges::default()
                },
            )])
            .expect("kept");
        let feeds = ledger.feeds(Some("t")).expect("listed");
        assert_eq!(feeds[0].cursor.as_deref(), Some("one"));
        assert_eq!(feeds[0].new, 6);
        assert_eq!(
            ledger.seen("t", "activity/Audit.Exchange").expect("listed"),
            [("b".to_owned(), Timestamp(7))]
        );
        let gaps = ledger.gaps(None).expect("listed");
        assert_eq!(gaps.len(), 1, "a gap noted twice is one gap");
        assert_eq!(gaps[0].gap, gap());
    }

    #[test]
    fn a_lease_is_one_workers_until_it_runs_out() {
        let (_folder, ledger) = ledger();
        let lease = |worker, now, until| {
            let taken = ledger.lease(&["t"], worker, Timestamp(now), Timestamp(until));
            taken.expect("asked") == [true]
        };
        assert!(lease("a", 0, 60));
        assert!(!lease("b", 30, 90));
        assert!(lease("a", 30, 90), "who has it may keep it");
        assert!(lease("b", 90, 150), "who is gone loses it");
        assert!(!lease("a", 91, 160));
        ledger.release("b").expect("released");
        assert!(lease("a", 92, 160));
        let by_a = Some(("a".to_owned(), Timestamp(160)));
        assert_eq!(ledger.leased("t").expect("asked"), by_a);
        ledger.release_one("t", "b").expect("released");
        assert_eq!(ledger.leased("t").expect("asked"), by_a);
    }

    #[test]
    fn a_lease_of_a_clock_that_went_wrong_is_anybodys() {
        let (_folder, ledger) = ledger();
        let lease = |worker, now: i64| {
            let (now, until) = (Timestamp(now), Timestamp(now + 45));
            let taken = ledger.lease(&["t", "u"], worker, now, until);
            taken.expect("asked")
        };
        assert_eq!(lease("an hour ahead", 3600), [true, true]);
        assert_eq!(lease("on time", 10), [true, true]);
        assert_eq!(lease("on time too", 20), [false, false]);
    }

    #[test]
    fn a_tenant_that_is_forgotten_keeps_its_gaps() {
        let (_folder, ledger) = ledger();
        let changes = FeedChanges {
            gaps: vec![gap()],
            ..FeedChanges::default()
        };
        ledger
            .keep_feeds(&[(feed(Some("one")), changes)])
            .expect("kept");
        ledger.pause("t", true, Timestamp(3)).expect("paused");
        assert_eq!(ledger.paused().expect("listed").len(), 1);
        ledger.forget_feeds("t").expect("forgotten");
        assert!(ledger.feeds(None).expect("listed").is_empty());
        assert!(ledger.paused().expect("listed").is_empty());
        assert_eq!(ledger.gaps(None).expect("listed").len(), 1);
    }
}
