//! Entries of the outbox as the ledger keeps them.

use ledger::StoredNotice;
use model::{Severity, Timestamp};
use serde::{Deserialize, Serialize};
use sinks::outbox::{Entry, EntryKey, EntryState};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    version: u32,
    tenant: String,
    severity: String,
    is_summary: bool,
    revision: u64,
    routes: Vec<String>,
    never_to: Vec<String>,
    due: i64,
    tries: u32,
    state: String,
    /// When it was sent or given up, or the summary that tells of it.
    of: Option<String>,
    why: String,
}

/// Which form [`Kept`] has.
const VERSION: u32 = 1;

/// Returns an entry as the ledger keeps it.
pub(super) fn written(entry: &Entry) -> Result<StoredNotice, serde_json::Error> {
    let of = match &entry.state {
        EntryState::Sent(at) | EntryState::Dead(at) => Some(at.0.to_string()),
        EntryState::Held(summary) | EntryState::Summarised(summary) => Some(summary.clone()),
        EntryState::Waiting | EntryState::Withheld | EntryState::Superseded => None,
    };
    let body = serde_json::to_string(&Kept {
        version: VERSION,
        tenant: entry.tenant.clone(),
        severity: entry.severity.name().to_owned(),
        is_summary: entry.is_summary,
        revision: entry.revision,
        routes: entry.routes.clone(),
        never_to: entry.never_to.clone(),
        due: entry.due.0,
        tries: entry.tries,
        state: entry.state.name().to_owned(),
        of,
        why: entry.why.clone(),
    })?;
    Ok(StoredNotice {
        sink: entry.key.sink.clone(),
        incident: entry.key.incident.clone(),
        nth: entry.key.nth,
        made: entry.made,
        body,
    })
}

/// Returns the entry that the ledger kept.
pub(super) fn read(notice: &StoredNotice) -> Result<Entry, serde_json::Error> {
    let kept: Kept = serde_json::from_str(&notice.body)?;
    let of = kept.of.unwrap_or_default();
    let at = || Timestamp(of.parse().unwrap_or_default());
    let state = match kept.state.as_str() {
        "sent" => EntryState::Sent(at()),
        "dead" => EntryState::Dead(at()),
        "withheld" => EntryState::Withheld,
        "held" => EntryState::Held(of),
        "summarised" => EntryState::Summarised(of),
        "superseded" => EntryState::Superseded,
        // What nobody understands is sent rather than forgotten.
        _ => EntryState::Waiting,
    };
    Ok(Entry {
        key: EntryKey {
            sink: notice.sink.clone(),
            incident: notice.incident.clone(),
            nth: notice.nth,
        },
        tenant: kept.tenant,
        severity: Severity::of_name(&kept.severity).unwrap_or_default(),
        is_summary: kept.is_summary,
        revision: kept.revision,
        routes: kept.routes,
        never_to: kept.never_to,
        made: notice.made,
        due: Timestamp(kept.due),
        tries: kept.tries,
        state,
        why: kept.why,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_comes_back_from_the_ledger_whole() {
        let states = [
            EntryState::Waiting,
            EntryState::Sent(Timestamp(5)),
            EntryState::Dead(Timestamp(6)),
            EntryState::Withheld,
            EntryState::Held("S-1".to_owned()),
            EntryState::Summarised("S-1".to_owned()),
            EntryState::Superseded,
        ];
        for state in states {
            let entry = Entry {
                key: EntryKey {
                    sink: "soc".to_owned(),
                    incident: "I-1".to_owned(),
                    nth: 2,
                },
                tenant: "contoso".to_owned(),
                severity: Severity::High,
                is_summary: false,
                revision: 7,
                routes: vec!["day".to_owned()],
                never_to: vec!["ann@contoso.example".to_owned()],
                made: Timestamp(1),
                due: Timestamp(2),
                tries: 3,
                state,
                why: "503".to_owned(),
            };
            let stored = written(&entry).unwrap();
            assert_eq!(read(&stored).unwrap(), entry);
        }
    }
}
