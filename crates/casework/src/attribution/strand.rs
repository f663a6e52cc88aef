//! Records counted by all that tells one way of access from another.
//!
//! A tenant has a million records and few thousand strands. Which of them the case is about
//! is known only when the last record was heard, so every strand is kept, in numbers.

use super::names::{Name, Names, digest};
use model::{Address, AddressClass, Event, Family, Outcome, Timestamp};
use std::collections::{BTreeSet, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::marker::PhantomData;
use std::net::IpAddr;

/// How many of Microsoft's addresses one strand names: there are thousands, and none proves anything.
const ADDRESSES: usize = 64;

/// How many records a strand names.
const SAMPLE: usize = super::Reason::RECORDS;

/// Where a record came from, as far as that says anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Whence {
    /// A public address, exactly.
    Public(IpAddr),
    /// Microsoft's own network.
    Microsoft,
    /// A private network.
    Private,
    /// `::1` and its like.
    Loopback,
    /// The record does not say.
    Nowhere,
}

impl Whence {
    /// Returns where an address is.
    pub(super) fn of(address: Option<Address>) -> Self {
        let Some(address) = address else {
            return Self::Nowhere;
        };
        match address.class() {
            AddressClass::Public => Self::Public(address.ip),
            AddressClass::Microsoft => Self::Microsoft,
            AddressClass::Private => Self::Private,
            AddressClass::Loopback => Self::Loopback,
        }
    }

    /// Returns the public address.
    pub(super) fn public(self) -> Option<IpAddr> {
        match self {
            Self::Public(ip) => Some(ip),
            _ => None,
        }
    }

    /// Returns the text that stands for it in a context's key.
    pub(super) fn text(self) -> String {
        match self {
            Self::Public(ip) => ip.to_string(),
            Self::Microsoft => "microsoft".to_owned(),
            Self::Private => "private".to_owned(),
            Self::Loopback => "loopback".to_owned(),
            Self::Nowhere => String::new(),
        }
    }
}

/// Returns the address where it is public: no other is an indicator.
pub(super) fn public(address: Option<Address>) -> Option<IpAddr> {
    Whence::of(address).public()
}

/// What a strand's actor is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Acting {
    /// A person, or nobody the record tells.
    Person,
    /// An application acting as itself.
    Application,
    /// The platform.
    System,
}

/// Which service wrote the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Service {
    /// Exchange: the record is about a mailbox.
    Exchange,
    /// SharePoint, OneDrive, Teams and the rest.
    Other,
}

/// All that tells one way of access from another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Way {
    /// The service.
    pub(super) service: Service,
    /// The mailbox, or what names it; empty in other services.
    pub(super) mailbox: Name,
    /// The mailbox's GUID.
    pub(super) mailbox_id: Name,
    /// Who acted.
    pub(super) actor: Name,
    /// What kind of actor that is.
    pub(super) acting: Acting,
    /// Exchange's LogonType.
    pub(super) logon_type: Option<i32>,
    /// The session.
    pub(super) session: Name,
    /// The token.
    pub(super) token: Name,
    /// The client application.
    pub(super) app: Name,
    /// Where it came from.
    pub(super) whence: Whence,
    /// The agent, as it is written.
    pub(super) agent: Name,
    /// Its family.
    pub(super) client: &'static str,
    /// The device.
    pub(super) device: Name,
}

/// A way of access with a few of its records.
#[derive(Clone, Debug)]
pub(super) struct Strand {
    /// The way.
    pub(super) way: Way,
    /// Addresses that a class stands for.
    pub(super) ips: BTreeSet<IpAddr>,
    /// The first records.
    pub(super) sample: Sample,
}

/// The first records of something, by time and id, so that the order of arrival does not show.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Sample(Vec<(Option<Timestamp>, Box<str>)>);

impl Sample {
    /// Takes in a record if it is among the first.
    pub(super) fn add(&mut self, time: Option<Timestamp>, record: &str) {
        let place = self
            .0
            .binary_search_by(|(at, id)| (*at, &**id).cmp(&(time, record)));
        let Err(place) = place else { return };
        if place >= SAMPLE {
            return;
        }
        // Most strands have few records: room is made for each and not ahead.
        self.0.reserve_exact(1);
        self.0.insert(place, (time, record.into()));
        self.0.truncate(SAMPLE);
    }

    /// Returns the records, by id.
    pub(super) fn ids(&self) -> Vec<String> {
        let ids: BTreeSet<&str> = self.0.iter().map(|(_, id)| &**id).collect();
        ids.into_iter().map(str::to_owned).collect()
    }

    /// Returns a record of that moment, if one is among the first.
    pub(super) fn at(&self, time: Timestamp) -> Option<String> {
        let mut at = self.0.iter().filter(|(at, _)| *at == Some(time));
        at.next().map(|(_, id)| id.to_string())
    }

    /// Keeps only the records of those digests.
    pub(super) fn keep(&mut self, records: &BTreeSet<u64>) {
        self.0.retain(|(_, id)| records.contains(&digest(id)));
    }

    /// Takes in what another sample holds.
    pub(super) fn merge(&mut self, other: &Self) {
        for (time, id) in &other.0 {
            self.add(*time, id);
        }
    }
}

/// Finds the place of a key in a list that holds the keys: a map of the keys themselves would
/// hold each twice.
#[derive(Debug)]
struct Places<K> {
    by_digest: HashMap<u64, u32>,
    key: PhantomData<K>,
}

impl<K> Default for Places<K> {
    fn default() -> Self {
        Self {
            by_digest: HashMap::new(),
            key: PhantomData,
        }
    }
}

impl<K: Hash + Eq> Places<K> {
    /// Returns the place of a key, the next one where it is new.
    fn place<'l>(&mut self, key: &K, next: usize, known: impl Fn(usize) -> &'l K) -> usize
    where
        K: 'l,
    {
        let mut hasher = DefaultHasher::new();
        key.hash(&mut hasher);
        let mut digest = hasher.finish();
        while let Some(place) = self.by_digest.get(&digest) {
            if known(*place as usize) == key {
                return *place as usize;
            }
            digest = digest.wrapping_add(1);
        }
        self.by_digest.insert(digest, next as u32);
        next
    }
}

/// One record of a strand: its digest, its strand and its time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Heard {
    /// The digest of its id.
    pub(super) record: u64,
    /// The place of its strand.
    pub(super) strand: u32,
    /// When, as a number: an option would take half as much again.
    micros: i64,
}

impl Heard {
    /// What stands for a time that cannot be read.
    const UNREAD: i64 = i64::MIN;

    /// Returns when the record was written.
    pub(super) fn time(&self) -> Option<Timestamp> {
        (self.micros != Self::UNREAD).then_some(Timestamp(self.micros))
    }
}

/// The strands of a tenant.
#[derive(Debug, Default)]
pub(super) struct Strands {
    places: Places<Way>,
    /// Every strand, in the order of arrival.
    pub(super) list: Vec<Strand>,
    /// Every record of every strand.
    pub(super) heard: Vec<Heard>,
}

impl Strands {
    /// Takes in a record.
    pub(super) fn add(&mut self, way: Way, event: &Event<'_>) {
        let list = &self.list;
        let strand = self.places.place(&way, list.len(), |at| &list[at].way);
        if strand == self.list.len() {
            self.list.push(Strand {
                way,
                ips: BTreeSet::new(),
                sample: Sample::default(),
            });
        }
        let kept = &mut self.list[strand];
        kept.sample.add(event.time, event.id.as_str());
        // A public address stands in the way itself.
        if let (Some(address), None) = (event.address, way.whence.public()) {
            kept.ips.insert(address.ip);
            if kept.ips.len() > ADDRESSES {
                kept.ips.pop_last();
            }
        }
        self.heard.push(Heard {
            record: digest(event.id.as_str()),
            strand: strand as u32,
            micros: event.time.map_or(Heard::UNREAD, |time| time.0),
        });
    }
}

/// All that tells one kind of sign-in from another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Gate {
    /// Who signed in.
    pub(super) user: Name,
    /// What kind of actor that is.
    pub(super) acting: Acting,
    /// Where from.
    pub(super) whence: Whence,
    /// The session.
    pub(super) session: Name,
    /// The application signed in to.
    pub(super) app: Name,
    /// The device.
    pub(super) device: Name,
    /// The agent.
    pub(super) agent: Name,
    /// How it ended.
    pub(super) ended: Ended,
}

/// How a sign-in ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Ended {
    /// Somebody was let in.
    In,
    /// The password was wrong, or the account locked because of it.
    WrongPassword,
    /// Anything else: an interrupt, a policy, an error of the application.
    Otherwise,
}

/// Error numbers of a wrong guess: wrong password, unknown user, locked out because of guesses.
/// <https://learn.microsoft.com/entra/identity-platform/reference-error-codes>
const WRONG_PASSWORD: [&str; 5] = ["50126", "50053", "50034", "50056", "50064"];

/// A kind of sign-in with its records.
#[derive(Clone, Debug)]
pub(super) struct SignIns {
    /// The kind.
    pub(super) gate: Gate,
    /// The first records.
    pub(super) sample: Sample,
}

/// A token that a sign-in issued.
#[derive(Clone, Copy, Debug)]
pub(super) struct Issued {
    /// The digest of the token.
    pub(super) token: u64,
    /// The place of its sign-in's kind.
    pub(super) gate: u32,
    /// The record.
    pub(super) record: Name,
}

/// The sign-ins of a tenant.
#[derive(Debug, Default)]
pub(super) struct Gates {
    places: Places<Gate>,
    /// Every kind of sign-in, in the order of arrival.
    pub(super) list: Vec<SignIns>,
    /// When each was.
    pub(super) times: Vec<(u32, Timestamp)>,
    /// Which tokens they issued.
    pub(super) issued: Vec<Issued>,
}

impl Gates {
    /// Takes in a sign-in.
    pub(super) fn add(&mut self, names: &mut Names, gate: Gate, event: &Event<'_>) {
        let list = &self.list;
        let place = self.places.place(&gate, list.len(), |at| &list[at].gate);
        if place == self.list.len() {
            self.list.push(SignIns {
                gate,
                sample: Sample::default(),
            });
        }
        self.list[place].sample.add(event.time, event.id.as_str());
        self.times
            .extend(event.time.map(|time| (place as u32, time)));
        if !event.token.is_empty() {
            self.issued.push(Issued {
                token: digest(&event.token),
                gate: place as u32,
                record: names.name(event.id.as_str()),
            });
        }
    }
}

/// Returns whether a record is a sign-in.
pub(super) fn is_sign_in(event: &Event<'_>) -> bool {
    event.family == Family::SignIn
        || (event.family == Family::Unified
            && matches!(&*event.action, "UserLoggedIn" | "UserLoginFailed"))
}

/// Returns how a sign-in ended.
pub(super) fn ended(event: &Event<'_>) -> Ended {
    match event.outcome {
        Outcome::Success => Ended::In,
        Outcome::Unknown if event.action == "UserLoggedIn" => Ended::In,
        Outcome::Failure if is_wrong_password(&event.error) => Ended::WrongPassword,
        _ => Ended::Otherwise,
    }
}

fn is_wrong_password(error: &str) -> bool {
    error.is_empty() || WRONG_PASSWORD.contains(&error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_keeps_the_first_whatever_the_order() {
        let records: Vec<(i64, String)> = (0..20).map(|n| (n / 2, format!("r{n:02}"))).collect();
        let sample = |order: &mut dyn Iterator<Item = &(i64, String)>| {
            let mut sample = Sample::default();
            order.for_each(|(time, id)| sample.add(Some(Timestamp(*time)), id));
            sample.ids()
        };
        let forward = sample(&mut records.iter());
        assert_eq!(forward, ["r00", "r01", "r02", "r03", "r04"]);
        assert_eq!(sample(&mut records.iter().rev()), forward);
    }
}
