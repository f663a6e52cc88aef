//! The ledger's tables, and the steps that bring an older ledger to them.

use crate::LedgerError;
use rusqlite::Connection;

/// One step a version; a step, once released, is never changed.
const STEPS: &[&str] = &[
    "
    CREATE TABLE import (
        id    INTEGER PRIMARY KEY,
        began TEXT NOT NULL,
        ended TEXT
    ) STRICT;
    CREATE TABLE file_read (
        import     INTEGER NOT NULL REFERENCES import (id),
        path       TEXT NOT NULL,
        sha256     TEXT NOT NULL,
        size_bytes INTEGER NOT NULL,
        format     TEXT NOT NULL,
        records    INTEGER NOT NULL,
        duplicates INTEGER NOT NULL,
        rejected   INTEGER NOT NULL,
        errors     INTEGER NOT NULL,
        finished   INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX file_read_by_sha256 ON file_read (sha256);
",
    "
    -- Moments are microseconds since 1970.
    CREATE TABLE case_file (
        id      TEXT PRIMARY KEY,
        tenant  TEXT NOT NULL,
        user    TEXT NOT NULL,
        mailbox TEXT NOT NULL,
        since   INTEGER,
        until   INTEGER,
        opened  INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE case_seed (
        case_id TEXT NOT NULL REFERENCES case_file (id),
        seed    TEXT NOT NULL,
        PRIMARY KEY (case_id, seed)
    ) STRICT;
    -- What analysts decided and wrote is only ever added to: the last word counts.
    CREATE TABLE case_entry (
        id      INTEGER PRIMARY KEY,
        case_id TEXT NOT NULL REFERENCES case_file (id),
        kind    TEXT NOT NULL CHECK (kind IN ('verdict', 'note', 'tag')),
        object  TEXT NOT NULL,
        value   TEXT NOT NULL,
        reason  TEXT NOT NULL,
        by      TEXT NOT NULL,
        at      INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX case_entry_by_case ON case_entry (case_id, kind);
    CREATE TABLE case_snapshot (
        case_id  TEXT NOT NULL REFERENCES case_file (id),
        id       TEXT NOT NULL,
        taken    INTEGER NOT NULL,
        engine   TEXT NOT NULL,
        -- How many entries of the case it knows, and the tables' versions as JSON.
        entries  INTEGER NOT NULL,
        versions TEXT NOT NULL,
        seeds    TEXT NOT NULL,
        counts   TEXT NOT NULL,
        PRIMARY KEY (case_id, id)
    ) STRICT;
",
    "
    -- From when on a tenant has records that no detection has looked at.
    CREATE TABLE detect_fresh (
        tenant TEXT PRIMARY KEY,
        since  INTEGER NOT NULL,
        mark   INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE detect_finding (
        id        TEXT PRIMARY KEY,
        tenant    TEXT NOT NULL,
        time      INTEGER NOT NULL,
        last_time INTEGER NOT NULL,
        body      TEXT NOT NULL
    ) STRICT;
    CREATE INDEX detect_finding_by_time ON detect_finding (tenant, last_time);
    CREATE TABLE detect_note (
        name  TEXT PRIMARY KEY,
        value TEXT NOT NULL
    ) STRICT;
    CREATE TABLE indicator (
        kind     TEXT NOT NULL,
        value    TEXT NOT NULL,
        note     TEXT NOT NULL,
        source   TEXT NOT NULL,
        imported INTEGER NOT NULL,
        expires  INTEGER,
        PRIMARY KEY (kind, value)
    ) STRICT;
",
    "
    -- Where each feed of a tenant stands; the cursor is the feed's own text.
    CREATE TABLE feed (
        tenant     TEXT NOT NULL,
        feed       TEXT NOT NULL,
        cursor     TEXT,
        since      INTEGER,
        until      INTEGER,
        caught_up  INTEGER,
        waiting    INTEGER NOT NULL,
        trouble    TEXT NOT NULL,
        hint       TEXT NOT NULL,
        stopped    INTEGER NOT NULL,
        next       INTEGER,
        noted      INTEGER NOT NULL,
        new        INTEGER NOT NULL,
        duplicates INTEGER NOT NULL,
        rejected   INTEGER NOT NULL,
        bytes      INTEGER NOT NULL,
        PRIMARY KEY (tenant, feed)
    ) STRICT;
    CREATE TABLE feed_seen (
        tenant  TEXT NOT NULL,
        feed    TEXT NOT NULL,
        content TEXT NOT NULL,
        at      INTEGER NOT NULL,
        PRIMARY KEY (tenant, feed, content)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE feed_gap (
        tenant TEXT NOT NULL,
        feed   TEXT NOT NULL,
        since  INTEGER NOT NULL,
        until  INTEGER NOT NULL,
        clock  TEXT NOT NULL,
        cause  TEXT NOT NULL,
        detail TEXT NOT NULL,
        noted  INTEGER NOT NULL,
        PRIMARY KEY (tenant, feed, since, until, cause, detail)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE tenant_pause (
        tenant TEXT PRIMARY KEY,
        since  INTEGER NOT NULL
    ) STRICT;
    -- Which worker collects a tenant, until when.
    CREATE TABLE lease (
        tenant TEXT PRIMARY KEY,
        worker TEXT NOT NULL,
        until  INTEGER NOT NULL
    ) STRICT;
",
    "
    -- What is to be done to a tenant, as it was shown; its hash is its name.
    CREATE TABLE response_plan (
        hash    TEXT PRIMARY KEY,
        tenant  TEXT NOT NULL,
        subject TEXT NOT NULL,
        user    TEXT NOT NULL,
        made    INTEGER NOT NULL,
        by      TEXT NOT NULL,
        body    TEXT NOT NULL
    ) STRICT;
    -- A plan that is being carried out, or was: one for each plan, whoever asks again.
    CREATE TABLE execution (
        id     TEXT PRIMARY KEY,
        plan   TEXT NOT NULL UNIQUE REFERENCES response_plan (hash),
        tenant TEXT NOT NULL,
        user   TEXT NOT NULL,
        by     TEXT NOT NULL,
        began  INTEGER NOT NULL,
        ended  INTEGER
    ) STRICT;
    CREATE TABLE execution_step (
        execution TEXT NOT NULL,
        step      INTEGER NOT NULL,
        state     TEXT NOT NULL,
        before    TEXT NOT NULL,
        after     TEXT NOT NULL,
        detail    TEXT NOT NULL,
        at        INTEGER NOT NULL,
        PRIMARY KEY (execution, step)
    ) STRICT, WITHOUT ROWID;
    -- Who changes an account now, until when.
    CREATE TABLE act_lease (
        object TEXT PRIMARY KEY,
        holder TEXT NOT NULL,
        until  INTEGER NOT NULL
    ) STRICT;
    -- Every act, chained: each entry holds the digest of the one before and is signed.
    CREATE TABLE act (
        number    INTEGER PRIMARY KEY,
        at        INTEGER NOT NULL,
        tenant    TEXT NOT NULL,
        body      TEXT NOT NULL,
        previous  TEXT NOT NULL,
        digest    TEXT NOT NULL,
        signature TEXT NOT NULL
    ) STRICT;
    CREATE TRIGGER act_stays BEFORE UPDATE ON act BEGIN SELECT RAISE(ABORT, 'an act is never changed'); END;
    CREATE TRIGGER act_is_kept BEFORE DELETE ON act BEGIN SELECT RAISE(ABORT, 'an act is never removed'); END;
    -- The cards that are to be sent, were sent or were given up; the body is the outbox's own.
    CREATE TABLE notice (
        sink     TEXT NOT NULL,
        incident TEXT NOT NULL,
        nth      INTEGER NOT NULL,
        made     INTEGER NOT NULL,
        body     TEXT NOT NULL,
        PRIMARY KEY (sink, incident, nth)
    ) STRICT, WITHOUT ROWID;
    -- Which state of an incident was last made news of.
    CREATE TABLE news (
        incident TEXT PRIMARY KEY,
        revision INTEGER NOT NULL,
        digest   TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    -- How many acts there are and the digest of the last: what is cut off at the end is missed.
    CREATE TABLE act_head (
        one       INTEGER PRIMARY KEY CHECK (one = 1),
        number    INTEGER NOT NULL,
        digest    TEXT NOT NULL,
        signature TEXT NOT NULL
    ) STRICT;
",
    crate::accounts::TABLES,
    crate::watch::TABLES,
    crate::health::TABLES,
    crate::accounts::IDENTITY_TABLES,
];

/// Runs the steps that this ledger has not seen, all or none of them.
pub(crate) fn bring_up_to_date(connection: &mut Connection) -> Result<(), LedgerError> {
    let failed = |source| LedgerError::Use {
        doing: "bring the tables up to date",
        source,
    };
    let transaction = connection
        .transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)
        .map_err(failed)?;
    let found: i64 = transaction
        .pragma_query_value(None, "user_version", |row| row.get(0))
        .map_err(failed)?;
    let known = STEPS.len() as i64;
    if found > known {
        return Err(LedgerError::TooNew { found, known });
    }
    for step in &STEPS[found as usize..] {
        transaction.execute_batch(step).map_err(failed)?;
    }
    transaction
        .pragma_update(None, "user_version", known)
        .map_err(failed)?;
    transaction.commit().map_err(failed)
}
