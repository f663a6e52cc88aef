//! What the records tell of files, sent mail and searches, kept until it is known whose each act is.

use super::concern::Concern;
use super::discovery::{Discovered, is_discovery};
use super::files::Files;
use super::query::Query;
use super::searches::{Searched, is_search};
use super::sending::{Sending, is_sending};
use super::warnings::{GOT_FILES, GOT_FORWARDS, GOT_MAIL};
use super::{Outflow, Sent};
use crate::attribution::{Attribution, Person, Verdict};
use crate::brief::Brief;
use crate::interval::SECOND;
use crate::rules::{Organisation, Rules};
use model::{Event, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

/// Gathers acts on files, sent messages and searches, in any order.
#[derive(Clone, Debug, Default)]
pub struct Log {
    concern: Concern,
    organisation: Organisation,
    files: Files,
    sent: Vec<Sending>,
    searches: Vec<Searched>,
    discovery: Vec<Discovered>,
}

impl Log {
    /// Makes an empty log.
    #[must_use]
    pub fn new(brief: &Brief) -> Self {
        Self {
            concern: Concern::new(brief),
            organisation: Organisation::new(brief),
            ..Self::default()
        }
    }

    /// Takes in one event of the tenant.
    pub fn event(&mut self, event: &Event<'_>) {
        self.organisation.learn(event);
        self.files.event(event);
        if is_sending(&event.action) && self.concern.has(event) {
            self.sent.extend(Sending::of(event));
        } else if is_search(&event.action) && self.concern.has(event) {
            self.searches.push(Searched::of(event));
        } else if is_discovery(event) {
            self.discovery.extend(Discovered::of(event));
        }
    }

    /// Returns what left.
    #[must_use]
    pub fn close(self, brief: &Brief, attribution: &Attribution, rules: &Rules) -> Outflow {
        let person = named(brief, attribution);
        let mut listing = self.files.close(&person, attribution);
        let sent = self.sent.into_iter();
        let sent = sent.filter_map(|act| act.by_intruder(attribution));
        let searches = self.searches.into_iter();
        let searches = searches.filter_map(|act| act.by_intruder(attribution));
        let discovery = self.discovery.into_iter();
        let discovery = discovery.filter_map(|act| act.by(&person, attribution));
        let mut out = Outflow {
            files: listing.files(),
            files_left_out: listing.left_out,
            sent: in_order(sent, |act| (act.time, &act.record)),
            searches: in_order(searches, |act| (act.time, &act.record)),
            discovery: in_order(discovery, |act| (act.time, &act.record)),
            organisation: self.organisation,
            own: person.names.clone(),
            forwards: forwards(rules),
            ..Outflow::default()
        };
        out.queries = out
            .searches
            .iter()
            .map(|search| Query::read(&search.text))
            .collect();
        out.sent_by_id = by_id(&out.sent);
        out.warn_of_sent();
        out.warn_of_forwards(rules);
        for (address, records) in listing.shared_with {
            let records: Vec<String> = records.into_iter().collect();
            out.warn(&address, GOT_FILES, None, &records);
        }
        out
    }
}

fn named(brief: &Brief, attribution: &Attribution) -> Person {
    let mut person = attribution.person.clone();
    let names = [&brief.user, &brief.mailbox].map(|name| name.to_lowercase());
    person
        .names
        .extend(names.into_iter().filter(|name| !name.is_empty()));
    person
}

/// Puts acts in the order of their time, each record once.
fn in_order<T>(
    acts: impl Iterator<Item = T>,
    key: impl Fn(&T) -> (Option<Timestamp>, &str),
) -> Vec<T> {
    let mut acts: Vec<T> = acts.collect();
    acts.sort_by(|left, right| key(left).cmp(&key(right)));
    acts.dedup_by(|left, right| key(left).1 == key(right).1);
    acts
}

fn by_id(sent: &[Sent]) -> BTreeMap<String, Vec<usize>> {
    let mut places: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, message) in sent.iter().enumerate() {
        if !message.internet_message_id.is_empty() {
            let id = message.internet_message_id.to_lowercase();
            places.entry(id).or_default().push(at);
        }
    }
    places
}

/// A trace rounds to seconds, as in [`Rules::matches`].
fn forwards(rules: &Rules) -> Vec<(crate::interval::Interval, BTreeSet<String>)> {
    rules
        .versions
        .iter()
        .filter(|version| version.verdict == Verdict::Intruder && !version.targets.is_empty())
        .map(|version| {
            let active = version.active.widened(SECOND, SECOND);
            (active, version.targets.clone())
        })
        .collect()
}

impl Outflow {
    fn warn_of_sent(&mut self) {
        for at in 0..self.sent.len() {
            let Some(sent) = self.sent.get(at) else {
                continue;
            };
            // A message without a Message-ID is known by its record.
            let id = if sent.internet_message_id.is_empty() {
                sent.record.clone()
            } else {
                sent.internet_message_id.clone()
            };
            let (recipients, records) = (sent.recipients.clone(), [sent.record.clone()]);
            for recipient in &recipients {
                self.warn(recipient, GOT_MAIL, Some(&id), &records);
            }
        }
    }

    fn warn_of_forwards(&mut self, rules: &Rules) {
        for version in &rules.versions {
            if version.verdict == Verdict::Intruder {
                for target in &version.targets {
                    self.warn(target, GOT_FORWARDS, None, &version.records);
                }
            }
        }
    }
}
