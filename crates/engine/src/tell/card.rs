//! The facts of a card: what the ledger and the findings know of an incident, and how complete that is.

use crate::collect::StatusReport;
use crate::error::EngineError;
use crate::places::Databases;
use crate::store::Store;
use detect::Places as _;
use lake::Cell;
use model::{Address, AddressClass, Finding, Incident, Timestamp};
use sinks::{Card, Count, Data, Held, Links, Place, Reason, State};
use std::collections::{BTreeMap, BTreeSet};

/// How many lines a card tells of what was done.
const TOLD: usize = 6;
/// How long ago a gap may be that a card speaks of, in seconds.
const GAP_SECONDS: i64 = 7 * 86_400;

/// What cards are filled from.
pub(super) struct Facts<'f> {
    pub(super) findings: &'f [Finding],
    pub(super) status: StatusReport,
    pub(super) places: Databases,
    /// What the operator calls each tenant, and its tags.
    pub(super) tenants: BTreeMap<String, (String, Vec<String>)>,
    /// Who was given access to a mailbox, by its address.
    pub(super) delegates: BTreeMap<String, BTreeSet<String>>,
}

/// Who was ever given access to a mailbox, as the records tell it.
const DELEGATES: &str = "\
    SELECT lower(object), rest FROM unified \
    WHERE action IN ('Add-MailboxPermission', 'Add-RecipientPermission') AND object <> ''";

impl Store {
    /// Returns who may open whose mailbox: the intruder may be one of them, or read with them.
    pub(super) fn delegates(&self) -> Result<BTreeMap<String, BTreeSet<String>>, EngineError> {
        let mut delegates: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        self.rows(DELEGATES, &mut |row| {
            let [Cell::Text(mailbox), Cell::Text(rest)] = row else {
                return;
            };
            for trustee in addresses_in(rest) {
                delegates
                    .entry(mailbox.clone())
                    .or_default()
                    .insert(trustee);
            }
        })?;
        Ok(delegates)
    }
}

/// Returns everything in a text that looks like a mail address: of a record that gives somebody
/// access, one name too many is left out of a card's receivers rather than one too few.
fn addresses_in(text: &str) -> BTreeSet<String> {
    let is_part = |c: char| c.is_alphanumeric() || "@._-+'".contains(c);
    text.split(|c: char| !is_part(c))
        .filter(|word| {
            let parts = word.split_once('@');
            parts.is_some_and(|(local, host)| !local.is_empty() && host.contains('.'))
        })
        .map(str::to_lowercase)
        .collect()
}

impl Facts<'_> {
    /// Returns what belongs to an incident, in order of time.
    pub(super) fn findings_of(&self, incident: &Incident) -> Vec<&Finding> {
        let own = self
            .findings
            .iter()
            .filter(|one| one.incident == incident.id);
        let mut own: Vec<&Finding> = own.collect();
        own.sort_by(|one, other| (one.time, &one.id).cmp(&(other.time, &other.id)));
        own
    }

    pub(super) fn tags(&self, tenant: &str) -> Vec<String> {
        let known = self.tenants.get(&tenant.to_lowercase());
        known.map(|(_, tags)| tags.clone()).unwrap_or_default()
    }

    pub(super) fn tenant_name(&self, tenant: &str) -> String {
        let known = self.tenants.get(&tenant.to_lowercase());
        known.map_or_else(|| tenant.to_owned(), |(name, _)| name.clone())
    }

    /// Returns the affected mailboxes and whoever may open them.
    pub(super) fn never_to(&self, incident: &Incident) -> Vec<String> {
        let mut never: BTreeSet<String> = incident.users.iter().cloned().collect();
        for finding in self.findings_of(incident) {
            never.extend(Some(finding.user.clone()).filter(|user| !user.is_empty()));
        }
        let delegates = never.iter().filter_map(|one| self.delegates.get(one));
        let delegates: Vec<String> = delegates.flatten().cloned().collect();
        never.extend(delegates);
        never.into_iter().collect()
    }

    /// Returns the card of an incident.
    pub(super) fn card(&self, incident: &Incident, public_url: &str) -> Card {
        let findings = self.findings_of(incident);
        let mut by_weight = findings.clone();
        by_weight.sort_by_key(|one| std::cmp::Reverse(one.severity));
        let what = by_weight.iter().take(TOLD).map(|one| one.why.clone());
        let mut why: Vec<Reason> = Vec::new();
        for finding in &by_weight {
            if !why.iter().any(|reason| reason.rule == finding.detection) {
                why.push(Reason {
                    rule: finding.detection.clone(),
                    title: finding.title.clone(),
                });
            }
        }
        let attack: BTreeSet<&String> = findings.iter().flat_map(|one| &one.mitre).collect();
        let link = |path: &str| {
            (!public_url.is_empty()).then(|| format!("{public_url}/a/{}{path}", incident.id))
        };
        Card {
            incident: incident.id.clone(),
            update: 0,
            state: State::Open,
            severity: incident.severity,
            tenant: self.tenant_name(&incident.tenant),
            tenant_id: incident.tenant.clone(),
            who: incident.users.join(", "),
            headline: incident.title.clone(),
            when: incident.to,
            local: String::new(),
            first_evidence: Some(incident.from),
            place: self.place(&by_weight),
            what: what.collect(),
            why,
            attack: attack.into_iter().cloned().collect(),
            so_far: so_far(&findings),
            data: self.data(&incident.tenant),
            links: Links {
                review: link("/secure"),
                case: link(""),
                expected: link("#expected"),
            },
            tags: self.tags(&incident.tenant),
            never_to: self.never_to(incident),
        }
    }

    /// Returns from where it was done: the first address from outside Microsoft, and how sure its place is.
    fn place(&self, findings: &[&Finding]) -> Place {
        let ips = findings.iter().flat_map(|one| &one.ips);
        let outside = |text: &&String| {
            let address = Address::read(text);
            address.is_some_and(|address| address.class() == AddressClass::Public)
        };
        let Some(text) = ips.clone().find(outside).or_else(|| ips.clone().next()) else {
            return Place::default();
        };
        let mut place = Place {
            address: text.clone(),
            ..Place::default()
        };
        if self.places.is_empty() {
            "no database of places is configured".clone_into(&mut place.uncertainty);
            return place;
        }
        match text.parse().ok().and_then(|ip| self.places.place(ip)) {
            Some(known) => {
                let parts = [known.city.as_str(), known.country.as_str()];
                let named: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
                place.name = named.join(", ");
                if known.asn != 0 {
                    place.network = format!("AS{} {}", known.asn, known.organisation);
                }
                let exact = if known.city.is_empty() {
                    "the country only"
                } else {
                    "a city by network is often wrong"
                };
                place.uncertainty = format!("{exact}; {}", self.places.about());
            }
            None => "not in the databases of places".clone_into(&mut place.uncertainty),
        }
        place
    }

    /// Returns how complete the records of a tenant are.
    fn data(&self, tenant: &str) -> Data {
        let feeds = self.status.feeds.iter();
        let own: Vec<_> = feeds
            .filter(|one| one.feed.tenant.eq_ignore_ascii_case(tenant))
            .collect();
        let until = own.iter().filter_map(|one| one.feed.until).min();
        let mut blind: Vec<String> = own
            .iter()
            .filter(|one| !one.feed.trouble.is_empty())
            .map(|one| format!("{}: {}", one.feed.feed, one.feed.trouble))
            .collect();
        let recent = Timestamp(self.status.now.0 - GAP_SECONDS * 1_000_000);
        let gaps = self.status.gaps.iter();
        let gaps = gaps
            .filter(|gap| gap.tenant.eq_ignore_ascii_case(tenant) && gap.gap.to >= recent)
            .count();
        if gaps > 0 {
            blind.push(format!("{gaps} gaps in the last 7 days"));
        }
        if own.is_empty() {
            blind.push(
                "nothing is collected of this tenant: what was imported is all there is".to_owned(),
            );
        }
        let lag = until.map(|until| (self.status.now.0 - until.0).max(0) / 60_000_000);
        Data {
            complete_to: until,
            lag_minutes: lag.map(|minutes| minutes as u64),
            blind,
        }
    }
}

/// Returns what a summary says of an incident that was held back.
pub(super) fn held(incident: &Incident) -> Held {
    Held {
        incident: incident.id.clone(),
        severity: incident.severity,
        who: incident.users.join(", "),
        headline: incident.title.clone(),
    }
}

/// Returns what is known of the damage, as far as the findings tell it.
fn so_far(findings: &[&Finding]) -> Vec<Count> {
    fn many<'a>(all: impl Iterator<Item = &'a String>) -> u64 {
        all.collect::<BTreeSet<_>>().len() as u64
    }
    let records = findings.iter().map(|one| one.record_count).sum();
    [
        ("findings", findings.len() as u64),
        ("records", records),
        (
            "sessions",
            many(findings.iter().flat_map(|one| &one.sessions)),
        ),
        ("addresses", many(findings.iter().flat_map(|one| &one.ips))),
    ]
    .into_iter()
    .map(|(what, number)| Count {
        what: what.to_owned(),
        number: Some(number),
        note: String::new(),
    })
    .chain([Count {
        what: "messages reached".to_owned(),
        number: None,
        note: "open the case: it counts them by evidence class".to_owned(),
    }])
    .collect()
}
