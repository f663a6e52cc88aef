//! What this machine itself knows of a tenant before anything is asked: its feeds, where they stand,
//! and of which mailboxes `MailItemsAccessed` was seen.

use crate::collect;
use crate::config::{Config, Onboarded};
use crate::error::EngineError;
use crate::store::Store;
use ledger::{StoredFeed, StoredGap};
use model::Timestamp;
use std::collections::BTreeSet;
use std::ops::ControlFlow;

/// What is known of a tenant.
pub(super) struct Known {
    pub(super) tenant: Onboarded,
    /// The names of its feeds.
    pub(super) feeds: Vec<String>,
    pub(super) stored: Vec<StoredFeed>,
    pub(super) gaps: Vec<StoredGap>,
    pub(super) paused: Option<Timestamp>,
    /// Mailboxes of which `MailItemsAccessed` was seen in the last thirty days, in lower case.
    pub(super) seen: BTreeSet<String>,
    /// Accounts whose misuse costs most, in lower case.
    pub(super) vips: BTreeSet<String>,
    pub(super) now: Timestamp,
}

/// How far back a record proves that a mailbox writes `MailItemsAccessed`.
const SEEN_DAYS: i64 = 30;

impl Store {
    /// Returns what is known of a tenant.
    pub(super) fn known(
        &self,
        tenant: &Onboarded,
        config: &Config,
        now: Timestamp,
    ) -> Result<Known, EngineError> {
        let paused = self.ledger.paused()?.into_iter();
        Ok(Known {
            feeds: collect::feed_names(tenant, &tenant.sources)?,
            stored: self.ledger.feeds(Some(&tenant.id))?,
            gaps: self.ledger.gaps(Some(&tenant.id))?,
            paused: paused
                .filter(|(id, _)| *id == tenant.id)
                .map(|(_, since)| since)
                .next(),
            seen: self.seen_mailboxes(&tenant.id, now)?,
            vips: config.of_tenant(&tenant.id).vips,
            tenant: tenant.clone(),
            now,
        })
    }

    fn seen_mailboxes(
        &self,
        tenant: &str,
        now: Timestamp,
    ) -> Result<BTreeSet<String>, EngineError> {
        let since = now.plus_seconds(-SEEN_DAYS * 86_400);
        let query = format!(
            "SELECT DISTINCT mailbox FROM mail_items WHERE tenant = '{}' AND touch IN ('bind', 'sync') AND time >= TIMESTAMP '{since}'",
            tenant.replace('\'', "''")
        );
        let mut seen = BTreeSet::new();
        self.sql(&query, &mut |rows| {
            let cells = rows.rows.iter().filter_map(|row| row.first());
            seen.extend(cells.map(|cell| cell.to_string().to_lowercase()));
            ControlFlow::Continue(())
        })?;
        Ok(seen)
    }
}
