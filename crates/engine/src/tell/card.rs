//! The facts of a card: what the ledger and the findings know of an incident, and how complete that is.

use super::Pages;
use crate::collect::StatusReport;
use crate::error::EngineError;
use crate::places::Databases;
use crate::store::Store;
use casework::respond::footholds::{self, Sign};
use detect::Places as _;
use lake::Detail;
use model::{Address, AddressClass, Event, Family, Finding, Incident, Severity, Timestamp};
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
    /// Who was given access to whose mailbox.
    pub(super) delegates: Vec<Delegate>,
    /// Which accounts were secured.
    pub(super) secured: Vec<Secured>,
}

/// An account that was secured.
pub(super) struct Secured {
    execution: String,
    /// For which incident, case or person.
    subject: String,
    tenant: String,
    user: String,
    by: String,
    at: Timestamp,
    /// What the intruder did since: when they were seen first, what that was, and how many records
    /// show it.
    seen: Option<(Timestamp, String, usize)>,
}

impl Secured {
    /// Returns whether it was done about an incident: by its name, or where it was done for a person or
    /// a case, about one of its people.
    fn is_about(&self, incident: &Incident, incidents: &BTreeSet<&str>) -> bool {
        if incidents.contains(self.subject.as_str()) {
            return self.subject == incident.id;
        }
        self.tenant.eq_ignore_ascii_case(&incident.tenant) && incident.users.contains(&self.user)
    }
}

/// The operations that give somebody access to a mailbox or send as it.
const GIVING: &[&str] = &[
    "Add-MailboxPermission",
    "Add-RecipientPermission",
    "Set-Mailbox",
    "Add-MailboxFolderPermission",
    "Set-MailboxFolderPermission",
    "AddFolderPermissions",
    "ModifyFolderPermissions",
    "UpdateFolderPermissions",
];

/// Somebody who was ever given access to a mailbox, each as the record names them: by an address,
/// or by an alias alone.
pub(super) struct Delegate {
    tenant: String,
    mailbox: String,
    names: BTreeSet<String>,
}

impl Delegate {
    /// Returns the addresses of the delegate, if the mailbox is that of this address. A record may
    /// name both by what stands before the `@`.
    fn of(&self, address: &str) -> Vec<String> {
        let (local, domain) = address.split_once('@').unwrap_or((address, ""));
        if self.mailbox != address && self.mailbox != local {
            return Vec::new();
        }
        let is_name = |name: &&String| !name.contains(['/', '\\']);
        self.names
            .iter()
            .filter(is_name)
            .map(|name| {
                if name.contains('@') {
                    name.clone()
                } else {
                    format!("{name}@{domain}")
                }
            })
            .collect()
    }
}

impl Store {
    /// Returns who may open whose mailbox in some tenants: the intruder may be one of them, or read
    /// with them.
    pub(super) fn delegates(&self, tenants: &BTreeSet<&str>) -> Result<Vec<Delegate>, EngineError> {
        let mut delegates = Vec::new();
        for tenant in tenants {
            let mut hear = |event: &Event<'_>| {
                for foothold in footholds::of(event) {
                    let names = foothold.signs.into_iter().filter_map(|sign| match sign {
                        Sign::Trustee(name) => Some(name),
                        _ => None,
                    });
                    delegates.push(Delegate {
                        tenant: (*tenant).to_owned(),
                        mailbox: foothold.owner,
                        names: names.collect(),
                    });
                }
            };
            let giving = Detail::Of(GIVING);
            let reading = self.lake.events(tenant, Family::Unified, giving, &mut hear);
            self.runtime.block_on(reading)?;
        }
        Ok(delegates)
    }

    /// Returns which accounts were secured, and what their intruders did since.
    pub(super) fn secured(&self) -> Result<Vec<Secured>, EngineError> {
        let back = self.come_backs()?;
        let mut all = Vec::new();
        for execution in self.ledger.executions()? {
            let Some(at) = execution.ended else {
                continue;
            };
            let plan = self.ledger.plans(&execution.plan)?.into_iter().next();
            let signs = back.iter().find(|one| one.execution == execution.id);
            let seen = signs.and_then(|one| {
                let (_, at, what) = one.signs.first()?;
                Some((*at, what.clone(), one.signs.len()))
            });
            all.push(Secured {
                subject: plan.map(|plan| plan.subject).unwrap_or_default(),
                execution: execution.id,
                tenant: execution.tenant,
                user: execution.user,
                by: execution.by,
                at,
                seen,
            });
        }
        Ok(all)
    }
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
        let own = self
            .delegates
            .iter()
            .filter(|one| one.tenant == incident.tenant);
        let delegates: Vec<String> = own
            .flat_map(|one| never.iter().flat_map(|address| one.of(address)))
            .collect();
        never.extend(delegates);
        never.into_iter().collect()
    }

    fn secured_of(&self, incident: &Incident) -> impl Iterator<Item = &Secured> {
        let of_incidents = self.findings.iter().map(|one| one.incident.as_str());
        let incidents: BTreeSet<&str> = of_incidents.collect();
        let secured = self.secured.iter();
        secured.filter(move |one| one.is_about(incident, &incidents))
    }

    /// Returns how urgent an incident is: an intruder who is still there is nothing to wait with.
    pub(super) fn severity(&self, incident: &Incident) -> Severity {
        let mut secured = self.secured_of(incident);
        if secured.any(|one| one.seen.is_some()) {
            incident.severity.max(Severity::High)
        } else {
            incident.severity
        }
    }

    /// Returns what was done about an incident and what happened since, a line each; what comes back
    /// again and again is one line.
    pub(super) fn since(&self, incident: &Incident) -> Vec<String> {
        let mut lines = Vec::new();
        for one in self.secured_of(incident) {
            if let Some((at, what, _)) = &one.seen {
                lines.push(format!(
                    "STILL ACTIVE after {} was secured: {at} {what}",
                    one.user
                ));
            }
            let whose = if one.user.is_empty() {
                "the tenant"
            } else {
                &one.user
            };
            lines.push(format!(
                "{whose} secured {} by {} ({})",
                one.at, one.by, one.execution
            ));
        }
        lines
    }

    /// Returns the card of an incident.
    pub(super) fn card(&self, incident: &Incident, pages: &Pages<'_>) -> Card {
        let findings = self.findings_of(incident);
        let mut by_weight = findings.clone();
        by_weight.sort_by_key(|one| std::cmp::Reverse(one.severity));
        let since = self.since(incident);
        let is_back = self.secured_of(incident).find_map(|one| one.seen.as_ref());
        let headline = match is_back {
            Some((at, _, records)) => format!(
                "still active after it was secured, first {at}, {records} records: {}",
                incident.title
            ),
            None => incident.title.clone(),
        };
        let what = by_weight.iter().take(TOLD).map(|one| one.why.clone());
        let what = since.into_iter().chain(what);
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
        Card {
            incident: incident.id.clone(),
            update: 0,
            state: State::Open,
            severity: self.severity(incident),
            tenant: self.tenant_name(&incident.tenant),
            tenant_id: incident.tenant.clone(),
            who: incident.users.join(", "),
            headline,
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
                review: pages.review(&incident.id),
                case: pages.of(&incident.id, ""),
                expected: pages.of(&incident.id, "#expected"),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delegate_is_known_by_an_address_or_by_what_stands_before_it() {
        let delegate = |mailbox: &str, names: &[&str]| Delegate {
            tenant: "contoso".to_owned(),
            mailbox: mailbox.to_owned(),
            names: names.iter().map(|&name| name.to_owned()).collect(),
        };
        let path = "eur.prod.outlook.com/hosted/corp.example/bob";
        let by_alias = delegate("ann", &[path, "bob"]);
        assert_eq!(by_alias.of("ann@corp.example"), ["bob@corp.example"]);
        assert!(by_alias.of("eve@corp.example").is_empty());
        let by_address = delegate("ann@corp.example", &["bob@corp.example"]);
        assert_eq!(by_address.of("ann@corp.example"), ["bob@corp.example"]);
    }
}
