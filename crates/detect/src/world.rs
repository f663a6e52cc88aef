//! What a detection may know beyond the record: the tenant, the operator's words, what was found before.

use crate::board::Board;
use crate::fact::Fact;
use crate::hit::Hit;
use crate::words::{Word, Words};
use model::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

/// What an operator says of a tenant, or of all of them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Settings {
    /// Domains that are the organisation's own, in lower case.
    pub domains: BTreeSet<String>,
    /// Domains of partners to which mail may go, in lower case.
    pub partners: BTreeSet<String>,
    /// The organisation's own networks, as address and length of the prefix.
    pub networks: Vec<(IpAddr, u8)>,
    /// Ids of applications that are approved, in lower case.
    pub approved_apps: BTreeSet<String>,
    /// Accounts whose misuse costs most, in lower case.
    pub vips: BTreeSet<String>,
    /// Accounts of administrators who are known to administer, in lower case.
    pub admins: BTreeSet<String>,
    /// Accounts that send or read by machine: printers, scanners, back-ups.
    pub machines: BTreeSet<String>,
    /// Countries from which people may sign in; empty means all.
    pub allowed_countries: BTreeSet<String>,
    /// Countries from which nobody may sign in.
    pub denied_countries: BTreeSet<String>,
    /// What is known and accepted.
    pub exceptions: Vec<Exception>,
}

/// Something known and accepted, for a while. An empty text stands for anything; not all may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exception {
    /// The detection.
    pub detection: String,
    /// Whoever it concerns, in lower case.
    pub user: String,
    /// The application.
    pub app: String,
    /// The domain to which something goes.
    pub destination: String,
    /// Until when.
    pub until: Option<Timestamp>,
}

impl Exception {
    /// Returns whether a hit is covered: an exception by detection alone covers nothing.
    #[must_use]
    pub fn covers(&self, hit: &Hit, app: &str) -> bool {
        let is = |own: &str, other: &str| own.is_empty() || own.eq_ignore_ascii_case(other);
        let is_narrow =
            !(self.user.is_empty() && self.app.is_empty() && self.destination.is_empty());
        is_narrow
            && is(&self.detection, &hit.detection)
            && is(&self.user, &hit.user)
            && is(&self.app, app)
            && is(&self.destination, &hit.destination)
            && self.until.is_none_or(|until| hit.fact.time < until)
    }
}

/// What is known of one tenant.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tenant {
    /// What the operator said.
    pub settings: Settings,
    /// Domains that the records prove to be the organisation's own.
    pub learnt_domains: BTreeSet<String>,
    /// When its first dated record was.
    pub since: Timestamp,
    /// When its last dated record was.
    pub until: Timestamp,
}

impl Tenant {
    /// Returns whether a domain is the organisation's own.
    #[must_use]
    pub fn is_own_domain(&self, domain: &str) -> bool {
        let domain = domain.to_lowercase();
        self.settings.domains.contains(&domain) || self.learnt_domains.contains(&domain)
    }

    /// Returns whether a domain belongs to a partner.
    #[must_use]
    pub fn is_partner_domain(&self, domain: &str) -> bool {
        self.settings.partners.contains(&domain.to_lowercase())
    }

    /// Returns whether an address is outside the organisation and its partners; one without a
    /// domain is not known to be.
    #[must_use]
    pub fn is_outside(&self, address: &str) -> bool {
        domain(address)
            .is_some_and(|domain| !self.is_own_domain(domain) && !self.is_partner_domain(domain))
    }

    /// Returns whether an address belongs to the organisation's own networks.
    #[must_use]
    pub fn is_own_network(&self, ip: IpAddr) -> bool {
        let networks = &self.settings.networks;
        networks.iter().any(|network| is_in(*network, ip))
    }

    /// Returns whether an application is the operator's own choice.
    #[must_use]
    pub fn is_approved_app(&self, app: &str) -> bool {
        self.settings.approved_apps.contains(&app.to_lowercase())
    }

    /// Returns whether an account is one whose misuse costs most.
    #[must_use]
    pub fn is_vip(&self, user: &str) -> bool {
        self.settings.vips.contains(user)
    }

    /// Returns whether the records reach back that many days before a moment: without, nothing
    /// can be called new.
    #[must_use]
    pub fn is_warm(&self, now: Timestamp, days: i64) -> bool {
        self.since.plus_seconds(days * DAY) <= now
    }
}

/// The seconds of a minute, an hour and a day.
pub const MINUTE: i64 = 60;
/// The seconds of an hour.
pub const HOUR: i64 = 3600;
/// The seconds of a day.
pub const DAY: i64 = 86_400;

/// Returns the seconds from one moment to another; negative if the other is before.
#[must_use]
pub fn seconds_between(from: Timestamp, to: Timestamp) -> i64 {
    (to.0 - from.0).div_euclid(1_000_000)
}

/// Returns the domain of an address.
#[must_use]
pub fn domain(address: &str) -> Option<&str> {
    let (_, domain) = address.rsplit_once('@')?;
    (!domain.is_empty()).then_some(domain)
}

/// Returns whether an address is in a network.
#[must_use]
pub fn is_in(network: (IpAddr, u8), ip: IpAddr) -> bool {
    let (number, other, width) = match (network.0, ip) {
        (IpAddr::V4(a), IpAddr::V4(b)) => (u128::from(a.to_bits()), u128::from(b.to_bits()), 32),
        (IpAddr::V6(a), IpAddr::V6(b)) => (a.to_bits(), b.to_bits(), 128),
        _ => return false,
    };
    let free = width - u32::from(network.1).min(width);
    number.checked_shr(free).unwrap_or(0) == other.checked_shr(free).unwrap_or(0)
}

/// Everything that a detection may know beyond the record.
#[derive(Debug)]
pub struct World<'a> {
    /// The words of all records.
    pub words: &'a Words,
    /// The tenant whose record it is; at the end of a run, nobody's.
    pub tenant: &'a Tenant,
    /// All tenants.
    pub tenants: &'a Tenants,
    /// What was found before.
    pub board: &'a Board,
}

impl World<'_> {
    /// Returns the text of a word.
    #[must_use]
    pub fn text(&self, word: Word) -> &str {
        self.words.text(word)
    }

    /// Returns the id of a fact's record.
    #[must_use]
    pub fn record(&self, fact: &Fact) -> String {
        fact.record.text(self.words)
    }
}

/// All tenants of a run, by the word of their id.
pub type Tenants = BTreeMap<Word, Tenant>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_holds_its_addresses_only() {
        let ip = |text: &str| text.parse::<IpAddr>().expect("an address");
        assert!(is_in((ip("203.0.113.0"), 24), ip("203.0.113.9")));
        assert!(!is_in((ip("203.0.113.0"), 24), ip("203.0.114.9")));
        assert!(is_in((ip("0.0.0.0"), 0), ip("203.0.114.9")));
        assert!(is_in((ip("2001:db8::"), 32), ip("2001:db8:1::9")));
        assert!(!is_in((ip("2001:db8::"), 32), ip("203.0.113.9")));
        assert!(is_in((ip("203.0.113.9"), 32), ip("203.0.113.9")));
    }

    #[test]
    fn who_has_no_domain_is_not_known_to_be_outside() {
        let mut tenant = Tenant::default();
        tenant.learnt_domains.insert("corp.example".to_owned());
        tenant.settings.partners.insert("friend.example".to_owned());
        assert!(tenant.is_outside("x@evil.example"));
        for inside in ["ann@CORP.example", "b@friend.example", "Ann", ""] {
            assert!(!tenant.is_outside(inside), "{inside}");
        }
    }
}
