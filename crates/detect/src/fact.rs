//! What of a record detection keeps: small, of one size, its words by number.

use crate::words::{Word, Words};
use model::{ActorKind, Family, Outcome, Timestamp};
use std::cmp::Ordering;

/// What kind of thing happened; most detections look at one kind only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Somebody or something signed in or tried to, whatever the log.
    SignIn,
    /// A mailbox was read: `MailItemsAccessed`, `FolderBind`, `MailboxLogin`.
    MailAccess,
    /// Mail was sent, moved or deleted.
    MailAct,
    /// A file was read, written, renamed or deleted.
    FileAct,
    /// Somebody searched.
    Search,
    /// An alert or risk of Microsoft's own.
    Alert,
    /// A message on its way: message trace, EmailEvents.
    Delivery,
    /// Everything else: administration, consent, sharing, ...
    Act,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 8] = [
        Self::SignIn,
        Self::MailAccess,
        Self::MailAct,
        Self::FileAct,
        Self::Search,
        Self::Alert,
        Self::Delivery,
        Self::Act,
    ];
}

/// The id of a record, of one size: most are GUIDs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordKey {
    high: u64,
    low: u64,
    is_word: bool,
}

impl RecordKey {
    /// Returns the key of an id.
    pub fn of(id: &str, words: &mut Words) -> Self {
        match guid(id) {
            Some(number) => Self {
                high: (number >> 64) as u64,
                low: number as u64,
                is_word: false,
            },
            None => Self {
                high: 0,
                low: words.of(id).number() as u64,
                is_word: true,
            },
        }
    }

    /// Compares two ids in an order that does not depend on the numbers of words.
    #[must_use]
    pub fn order(self, other: Self, words: &Words) -> Ordering {
        match (self.is_word, other.is_word) {
            (false, false) => (self.high, self.low).cmp(&(other.high, other.low)),
            (true, true) => {
                let text = |key: Self| words.by_number(key.low as usize);
                text(self).cmp(text(other))
            }
            (left, right) => left.cmp(&right),
        }
    }

    /// Returns the id as the record has it.
    #[must_use]
    pub fn text(self, words: &Words) -> String {
        if self.is_word {
            return words.by_number(self.low as usize).to_owned();
        }
        let number = u128::from(self.high) << 64 | u128::from(self.low);
        let hex = format!("{number:032x}");
        format!(
            "{}-{}-{}-{}-{}",
            &hex[..8],
            &hex[8..12],
            &hex[12..16],
            &hex[16..20],
            &hex[20..]
        )
    }
}

/// Only what is spelled as GUIDs are (lower case, four hyphens) can be spelled again from its number.
fn guid(text: &str) -> Option<u128> {
    let bytes: &[u8; 36] = text.as_bytes().try_into().ok()?;
    let mut number = 0_u128;
    for (at, byte) in bytes.iter().enumerate() {
        let digit = match byte {
            b'-' if matches!(at, 8 | 13 | 18 | 23) => continue,
            _ if matches!(at, 8 | 13 | 18 | 23) => return None,
            b'0'..=b'9' => byte - b'0',
            b'a'..=b'f' => byte - b'a' + 10,
            _ => return None,
        };
        number = number << 4 | u128::from(digit);
    }
    Some(number)
}

/// What of a record detection keeps. A word that is [`Word::NONE`] means: the record does not say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fact {
    /// When; the beginning of time for a record without a readable one.
    pub time: Timestamp,
    /// Which record.
    pub record: RecordKey,
    /// What kind of thing happened.
    pub kind: Kind,
    /// Which table the record belongs to.
    pub family: Family,
    /// How it ended.
    pub outcome: Outcome,
    /// What kind of actor did it.
    pub actor: ActorKind,
    /// Whether a folder was synchronised, not single messages opened.
    pub is_sync: bool,
    /// Whether the record says that recording was throttled.
    pub is_throttled: bool,
    /// Whether only a rule or an indicator wanted it: the catalogue is not shown it.
    pub is_for_rules: bool,
    /// Exchange's LogonType; -1 where the record does not say.
    pub logon_type: i8,
    /// The numeric RecordType; -1 where there is none.
    pub record_type: i32,
    /// How many messages, items or attempts the record stands for; at least 1.
    pub count: u32,
    /// Whose record it is.
    pub tenant: Word,
    /// Who acted, in lower case.
    pub user: Word,
    /// The operation, normalised.
    pub action: Word,
    /// The service.
    pub workload: Word,
    /// The mailbox, in lower case.
    pub mailbox: Word,
    /// The address from which, in canonical form.
    pub address: Word,
    /// The session.
    pub session: Word,
    /// The client application, in lower case.
    pub app: Word,
    /// What was called, in lower case.
    pub resource: Word,
    /// The user agent.
    pub agent: Word,
    /// The device's id.
    pub device: Word,
    /// The error number.
    pub error: Word,
    /// A number that equal objects (files, targets) share.
    pub object: u64,
}

/// When and where a record stands among all others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// When.
    pub time: Timestamp,
    /// Whose record it is.
    pub tenant: Word,
    /// Which table it belongs to.
    pub family: Family,
    /// Which record.
    pub record: RecordKey,
}

impl Moment {
    /// Compares two moments by time, and at one time by tenant, table and id, whatever the
    /// numbers that their words were given.
    #[must_use]
    pub fn order(&self, other: &Self, words: &Words) -> Ordering {
        let tenants = || words.text(self.tenant).cmp(words.text(other.tenant));
        self.time
            .cmp(&other.time)
            .then_with(|| {
                if self.tenant == other.tenant {
                    Ordering::Equal
                } else {
                    tenants()
                }
            })
            .then(self.family.cmp(&other.family))
            .then_with(|| self.record.order(other.record, words))
    }
}

impl Fact {
    /// Returns when and where the record stands among all others.
    #[must_use]
    pub fn moment(&self) -> Moment {
        Moment {
            time: self.time,
            tenant: self.tenant,
            family: self.family,
            record: self.record,
        }
    }

    /// Appends the fact as bytes, for a pile that is too large for memory.
    pub fn pack(&self, to: &mut Vec<u8>) {
        to.extend_from_slice(&self.time.0.to_le_bytes());
        for part in [self.record.high, self.record.low, self.object] {
            to.extend_from_slice(&part.to_le_bytes());
        }
        for word in self.words() {
            to.extend_from_slice(&(word.number() as u32).to_le_bytes());
        }
        to.extend_from_slice(&self.record_type.to_le_bytes());
        to.extend_from_slice(&self.count.to_le_bytes());
        let flags = u8::from(self.is_sync)
            | u8::from(self.is_throttled) << 1
            | u8::from(self.record.is_word) << 2
            | u8::from(self.is_for_rules) << 3;
        to.extend_from_slice(&[
            place(&Kind::ALL, &self.kind),
            place(&Family::ALL, &self.family),
            place(&OUTCOMES, &self.outcome),
            place(&ACTORS, &self.actor),
            self.logon_type as u8,
            flags,
        ]);
    }

    /// Takes a fact from the front of the bytes; nothing where `pack` did not write them.
    pub fn unpack(from: &mut &[u8]) -> Option<Self> {
        let time = Timestamp(i64::from_le_bytes(take(from)?));
        let [high, low, object] = [take(from)?, take(from)?, take(from)?].map(u64::from_le_bytes);
        let mut words = [Word::NONE; 12];
        for word in &mut words {
            *word = Word::numbered(u32::from_le_bytes(take(from)?));
        }
        let record_type = i32::from_le_bytes(take(from)?);
        let count = u32::from_le_bytes(take(from)?);
        let [kind, family, outcome, actor, logon_type, flags]: [u8; 6] = take(from)?;
        let [
            tenant,
            user,
            action,
            workload,
            mailbox,
            address,
            session,
            app,
            resource,
            agent,
            device,
            error,
        ] = words;
        Some(Self {
            time,
            record: RecordKey {
                high,
                low,
                is_word: flags & 4 != 0,
            },
            kind: *Kind::ALL.get(usize::from(kind))?,
            family: *Family::ALL.get(usize::from(family))?,
            outcome: *OUTCOMES.get(usize::from(outcome))?,
            actor: *ACTORS.get(usize::from(actor))?,
            is_sync: flags & 1 != 0,
            is_throttled: flags & 2 != 0,
            is_for_rules: flags & 8 != 0,
            logon_type: logon_type as i8,
            record_type,
            count,
            tenant,
            user,
            action,
            workload,
            mailbox,
            address,
            session,
            app,
            resource,
            agent,
            device,
            error,
            object,
        })
    }

    fn words(&self) -> [Word; 12] {
        [
            self.tenant,
            self.user,
            self.action,
            self.workload,
            self.mailbox,
            self.address,
            self.session,
            self.app,
            self.resource,
            self.agent,
            self.device,
            self.error,
        ]
    }
}

const OUTCOMES: [Outcome; 5] = [
    Outcome::Unknown,
    Outcome::Success,
    Outcome::Failure,
    Outcome::Interrupted,
    Outcome::Partial,
];

const ACTORS: [ActorKind; 8] = [
    ActorKind::Unknown,
    ActorKind::Person,
    ActorKind::Admin,
    ActorKind::System,
    ActorKind::Application,
    ActorKind::Guest,
    ActorKind::Partner,
    ActorKind::Policy,
];

fn place<T: PartialEq>(all: &[T], one: &T) -> u8 {
    all.iter().position(|other| other == one).unwrap_or(0) as u8
}

fn take<const N: usize>(from: &mut &[u8]) -> Option<[u8; N]> {
    let (first, rest) = from.split_first_chunk()?;
    *from = rest;
    Some(*first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fact_comes_back_from_its_bytes() {
        let mut words = Words::default();
        let fact = Fact {
            time: Timestamp(-5),
            record: RecordKey::of("a record", &mut words),
            kind: Kind::Act,
            family: Family::AzureActivity,
            outcome: Outcome::Partial,
            actor: ActorKind::Policy,
            is_sync: true,
            is_throttled: false,
            is_for_rules: true,
            logon_type: -1,
            record_type: -1,
            count: 7,
            tenant: words.of("t"),
            user: words.of("u"),
            action: words.of("a"),
            workload: words.of("w"),
            mailbox: words.of("m"),
            address: words.of("i"),
            session: words.of("s"),
            app: words.of("p"),
            resource: words.of("r"),
            agent: words.of("g"),
            device: words.of("d"),
            error: words.of("e"),
            object: u64::MAX,
        };
        let mut bytes = Vec::new();
        fact.pack(&mut bytes);
        let mut from = bytes.as_slice();
        assert_eq!(Fact::unpack(&mut from), Some(fact));
        assert!(from.is_empty());
        assert_eq!(Fact::unpack(&mut &bytes[1..]), None);
    }

    #[test]
    fn an_id_comes_back_as_it_was() {
        let mut words = Words::default();
        for id in [
            "0a1b2c3d-0000-4000-8000-0123456789ab",
            "0A1B2C3D-0000-4000-8000-0123456789AB",
            "0a1b2c3d00004000800001234567-89ab---",
            "a record",
            "",
        ] {
            let key = RecordKey::of(id, &mut words);
            assert_eq!(key.text(&words), id);
        }
    }
}
