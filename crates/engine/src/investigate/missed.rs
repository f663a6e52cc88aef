//! What collecting could not have, as a case must know it.

use crate::error::EngineError;
use casework::Missed;
use ledger::{Ledger, StoredFeed, StoredGap};
use model::Timestamp;

/// Feeds that tell of reading and sending.
const OF_MAIL: &[&str] = &["activity/Audit.Exchange", "search-ual", "audit-query"];

/// Feeds that reach the same records by another way, for as far as they came.
const OTHER_WAYS: &[&str] = &["search-ual", "audit-query"];

/// How much later than a span another way must have come to have had what arrived late.
const LATE_SECONDS: i64 = 86_400;

/// Returns what was missed of a tenant, as it was known at a moment where one is given.
pub(super) fn of_tenant(
    ledger: &Ledger,
    tenant: &str,
    as_of: Option<Timestamp>,
) -> Result<Vec<Missed>, EngineError> {
    let mut gaps = ledger.gaps(Some(tenant))?;
    gaps.retain(|gap| as_of.is_none_or(|moment| gap.noted <= moment));
    let feeds = ledger.feeds(Some(tenant))?;
    let mut missed: Vec<Missed> = gaps
        .iter()
        .map(|gap| Missed {
            source: gap.feed.clone(),
            gap: gap.gap.clone(),
            is_of_mail: OF_MAIL.contains(&gap.feed.as_str()),
            had_by: had_by(gap, &gaps, &feeds),
        })
        .collect();
    missed.sort();
    Ok(missed)
}

/// Returns the other way by which everything of a gap was had.
fn had_by(gap: &StoredGap, gaps: &[StoredGap], feeds: &[StoredFeed]) -> Option<String> {
    let before = gap.gap.from.plus_seconds(-LATE_SECONDS);
    let beyond = gap.gap.to.plus_seconds(LATE_SECONDS);
    let has = |way: &str| {
        let came = feeds.iter().filter(|feed| feed.feed == way).any(|feed| {
            let early = feed.since.is_some_and(|since| since <= before);
            early && feed.until.is_some_and(|until| until >= beyond)
        });
        let is_whole = !gaps
            .iter()
            .any(|own| own.feed == way && own.gap.from < gap.gap.to && gap.gap.from < own.gap.to);
        came && is_whole
    };
    let is_of_the_audit_log =
        gap.feed.starts_with("activity/") || OTHER_WAYS.contains(&gap.feed.as_str());
    OTHER_WAYS
        .iter()
        .find(|way| is_of_the_audit_log && **way != gap.feed && has(way))
        .map(|way| (*way).to_owned())
}
