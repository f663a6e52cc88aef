//! Tenants against which passwords are tried day after day: one more try is the weather.

use crate::words::Word;
use model::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// On so many earlier days of two weeks it must have happened to be the weather.
const DAYS: usize = 3;
const MEMORY_DAYS: i64 = 14;

/// On which days a tenant was attacked.
#[derive(Debug, Default)]
pub(super) struct Siege {
    days: BTreeMap<Word, BTreeSet<i64>>,
}

impl Siege {
    /// Notes an attack; returns whether there were others on three earlier days of two weeks.
    pub(super) fn is_daily(&mut self, tenant: Word, now: Timestamp) -> bool {
        let today = now.day_number();
        let days = self.days.entry(tenant).or_default();
        days.retain(|day| today - day <= MEMORY_DAYS);
        days.insert(today);
        days.len() > DAYS
    }
}
