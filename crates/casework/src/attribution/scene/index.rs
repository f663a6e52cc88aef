//! Where in the scene a session, an application, an address shows: a mailbox of years may have
//! a hundred thousand contexts.

use super::{Draft, Entry, Issue};
use std::borrow::Borrow;
use std::collections::BTreeMap;
use std::net::IpAddr;

/// Places by what they carry.
#[derive(Debug, Default)]
pub(in crate::attribution) struct Index {
    /// Contexts by session.
    pub(in crate::attribution) sessions: BTreeMap<String, Vec<usize>>,
    /// Contexts by application.
    pub(in crate::attribution) apps: BTreeMap<String, Vec<usize>>,
    /// Contexts by device.
    pub(in crate::attribution) devices: BTreeMap<String, Vec<usize>>,
    /// Contexts by public address.
    pub(in crate::attribution) ips: BTreeMap<IpAddr, Vec<usize>>,
    /// Sign-ins by session.
    pub(in crate::attribution) entry_sessions: BTreeMap<String, Vec<usize>>,
    /// Sign-ins by device.
    pub(in crate::attribution) entry_devices: BTreeMap<String, Vec<usize>>,
    /// Sign-ins by public address.
    pub(in crate::attribution) entry_ips: BTreeMap<IpAddr, Vec<usize>>,
    /// Issued tokens by the session they were issued in.
    pub(in crate::attribution) issued_in: BTreeMap<String, Vec<usize>>,
}

impl Index {
    /// Finds the places.
    pub(super) fn of(drafts: &[Draft], entries: &[Entry], issued: &[Issue]) -> Self {
        let mut index = Self::default();
        for (at, draft) in drafts.iter().enumerate() {
            note(&mut index.sessions, &draft.session, at);
            note(&mut index.apps, &draft.app, at);
            note(&mut index.devices, &draft.device, at);
            if let Some(ip) = draft.whence.public() {
                index.ips.entry(ip).or_default().push(at);
            }
        }
        for (at, entry) in entries.iter().enumerate() {
            note(&mut index.entry_sessions, &entry.session, at);
            note(&mut index.entry_devices, &entry.device, at);
            if let Some(ip) = entry.ip {
                index.entry_ips.entry(ip).or_default().push(at);
            }
        }
        for (at, issue) in issued.iter().enumerate() {
            note(&mut index.issued_in, &entries[issue.entry].session, at);
        }
        index
    }
}

/// Returns the places under a key; none where there is nothing.
pub(in crate::attribution) fn under<'i, K, Q>(
    places: &'i BTreeMap<K, Vec<usize>>,
    key: &Q,
) -> &'i [usize]
where
    K: Ord + Borrow<Q>,
    Q: Ord + ?Sized,
{
    places.get(key).map_or(&[], Vec::as_slice)
}

fn note(places: &mut BTreeMap<String, Vec<usize>>, key: &str, at: usize) {
    if key.is_empty() {
        return;
    }
    match places.get_mut(key) {
        Some(known) => known.push(at),
        None => {
            places.insert(key.to_owned(), vec![at]);
        }
    }
}
