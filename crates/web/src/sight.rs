//! What one person may see. Every page and every answer of the API takes incidents and tenants from
//! here and from nowhere else, so that there is one place that decides.

use crate::house::{Known, Reads};
use crate::refusal::Refusal;
use crate::role::{Role, role_in};
use crate::text::State;
use engine::pages::{Account, OpenExecution, TenantStanding, WaitingPlan};
use engine::{FeedStatus, KeptHealth};
use model::{Finding, Incident, Timestamp};
use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;

/// What one person may see at one moment.
pub(crate) struct Sight {
    known: Arc<Known>,
    account: Account,
    pub(crate) now: Timestamp,
}

impl Sight {
    /// Returns what an account may see now.
    pub(crate) fn of(reads: &Reads, account: &Account) -> Result<Self, Refusal> {
        Ok(Self {
            known: reads.known()?,
            account: account.clone(),
            now: reads.now(),
        })
    }

    /// Returns what an account may see of what is known.
    #[cfg(test)]
    pub(crate) fn made(mut known: Known, account: Account, now: Timestamp) -> Self {
        known.places = Arc::new(crate::house::places(&known.standing));
        Self {
            known: Arc::new(known),
            account,
            now,
        }
    }

    fn sees(&self, tenant: &str) -> bool {
        role_in(&self.account, tenant).is_some()
    }

    /// Returns what the person may do in a tenant.
    pub(crate) fn role_in(&self, tenant: &str) -> Option<Role> {
        role_in(&self.account, tenant)
    }

    /// Returns the incidents, worst first.
    pub(crate) fn incidents(&self) -> impl Iterator<Item = &Incident> {
        let all = self.known.standing.incidents.iter();
        all.filter(|one| self.sees(&one.tenant))
    }

    /// Returns the incident of that id, or of the only id that begins so.
    pub(crate) fn incident(&self, id: &str) -> Result<&Incident, Refusal> {
        let from = self
            .known
            .places
            .range::<str, _>((Bound::Included(id), Bound::Unbounded));
        let alike = from.take_while(|(of, _)| of.starts_with(id));
        let mut found = alike
            .filter_map(|(_, at)| self.known.standing.incidents.get(*at))
            .filter(|one| self.sees(&one.tenant));
        match (found.next(), found.next()) {
            (Some(one), None) if id.len() >= 8 => Ok(one),
            _ => Err(Refusal::NotFound),
        }
    }

    /// Returns the findings of an incident, in order of time.
    pub(crate) fn findings_of<'a>(
        &'a self,
        incident: &'a Incident,
    ) -> impl Iterator<Item = &'a Finding> {
        let findings = &self.known.standing.findings;
        incident.findings.iter().filter_map(|id| findings.get(id))
    }

    /// Returns the tenants, by id.
    pub(crate) fn tenants(&self) -> impl Iterator<Item = &TenantStanding> {
        self.known.tenants.iter().filter(|one| self.sees(&one.id))
    }

    /// Returns the tenant of that id.
    pub(crate) fn tenant(&self, id: &str) -> Result<&TenantStanding, Refusal> {
        let mut tenants = self.tenants();
        tenants.find(|one| one.id == id).ok_or(Refusal::NotFound)
    }

    /// Returns what each tenant is called, by id.
    pub(crate) fn names(&self) -> BTreeMap<&str, &str> {
        let pairs = self
            .tenants()
            .map(|one| (one.id.as_str(), one.name.as_str()));
        pairs.collect()
    }

    /// Returns the accounts that were to be secured and of which not every step was read back.
    pub(crate) fn open(&self) -> impl Iterator<Item = &OpenExecution> {
        self.known.open.iter().filter(|one| self.sees(&one.tenant))
    }

    /// Returns the plans that wait for another person, of tenants in which this one may act.
    pub(crate) fn waiting(&self) -> impl Iterator<Item = &WaitingPlan> {
        let all = self.known.waiting.iter();
        all.filter(|one| self.role_in(&one.tenant) >= Some(Role::Responder))
    }

    /// Returns what the last look of the doctor found, by tenant; this machine has no id.
    pub(crate) fn health(&self) -> BTreeMap<&str, &KeptHealth> {
        let all = self.known.health.iter();
        let seen = all.filter(|one| one.tenant.is_empty() || self.sees(&one.tenant));
        seen.map(|one| (one.tenant.as_str(), one)).collect()
    }

    /// Returns whether the configuration does not make sense: then nothing is collected.
    pub(crate) fn is_misconfigured(&self) -> bool {
        self.known.is_misconfigured
    }

    /// Returns how many incidents a tenant has.
    pub(crate) fn many_in(&self, tenant: &str) -> u64 {
        self.incidents().filter(|one| one.tenant == tenant).count() as u64
    }
}

/// Nobody wrote down where a feed stands for this long: it is not being collected.
const SILENT_SECONDS: i64 = 3600;

/// A source that is further behind than this is not had: none of Microsoft's is as late by itself.
const LATE_SECONDS: i64 = 48 * 3600;

/// Returns how a feed stands.
pub(crate) fn of_feed(feed: &FeedStatus, is_paused: bool, now: Timestamp) -> State {
    let silent = (now.0 - feed.feed.noted.0) / 1_000_000 > SILENT_SECONDS;
    let late = feed.lag(now).is_none_or(|lag| lag > LATE_SECONDS);
    if feed.feed.stopped || !feed.feed.trouble.is_empty() {
        State::Failed
    } else if feed.feed.caught_up.is_none() || silent || late || is_paused {
        State::Unknown
    } else if feed.gaps > 0 {
        State::Found
    } else {
        State::Clear
    }
}

/// Returns how a tenant stands, and why in a few words. That nothing was found says nothing where
/// nobody looks.
pub(crate) fn of_tenant(
    tenant: &TenantStanding,
    incidents: u64,
    now: Timestamp,
) -> (State, String) {
    let is_paused = tenant.paused.is_some();
    let feeds: Vec<State> = (tenant.feeds.iter())
        .map(|feed| of_feed(feed, is_paused, now))
        .collect();
    let many = |state: State| feeds.iter().filter(|one| **one == state).count() as u64;
    let counted = |state, words: &str| {
        let sources = crate::text::counted(many(state), "source", "sources");
        format!("{sources} {words}")
    };
    if many(State::Failed) > 0 {
        (State::Failed, counted(State::Failed, "cannot be collected"))
    } else if incidents > 0 {
        let found = crate::text::counted(incidents, "incident", "incidents");
        (State::Found, found)
    } else if is_paused {
        (State::Unknown, "paused".to_owned())
    } else if feeds.is_empty() {
        (
            State::Unknown,
            "not collected: only what was imported is known".to_owned(),
        )
    } else if many(State::Unknown) > 0 {
        (
            State::Unknown,
            counted(State::Unknown, "late or not heard of"),
        )
    } else if !tenant.is_looked_at || tenant.unseen_since.is_some() {
        (State::Unknown, "records wait for detection".to_owned())
    } else if many(State::Found) > 0 {
        (State::Found, counted(State::Found, "with gaps"))
    } else {
        (
            State::Clear,
            "collected and looked at, nothing found".to_owned(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use engine::pages::StoredFeed;

    fn tenant() -> TenantStanding {
        let feed = FeedStatus {
            name: "Contoso".to_owned(),
            gaps: 0,
            feed: StoredFeed {
                caught_up: Some(Timestamp(0)),
                until: Some(Timestamp(0)),
                noted: Timestamp(0),
                ..StoredFeed::default()
            },
        };
        TenantStanding {
            feeds: vec![feed],
            is_looked_at: true,
            ..TenantStanding::default()
        }
    }

    fn state(tenant: &TenantStanding, incidents: u64, second: i64) -> State {
        of_tenant(tenant, incidents, Timestamp(second * 1_000_000)).0
    }

    #[test]
    fn only_what_is_watched_and_looked_at_is_clear() {
        assert_eq!(state(&tenant(), 0, 60), State::Clear);
        assert_eq!(state(&tenant(), 1, 60), State::Found);
        assert_eq!(
            state(&tenant(), 0, 7200),
            State::Unknown,
            "nobody collects it"
        );
        assert_eq!(state(&TenantStanding::default(), 0, 60), State::Unknown);
        let mut unseen = tenant();
        unseen.unseen_since = Some(Timestamp(1));
        assert_eq!(state(&unseen, 0, 60), State::Unknown);
        let mut broken = tenant();
        broken.feeds[0].feed.trouble = "no permission".to_owned();
        assert_eq!(state(&broken, 3, 60), State::Failed);
        let mut paused = tenant();
        paused.paused = Some(Timestamp(1));
        assert_eq!(state(&paused, 0, 60), State::Unknown);
    }
}
