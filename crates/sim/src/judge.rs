//! Judging a client: what it collected beside what it could have collected.

use std::collections::{BTreeMap, BTreeSet};

use crate::activity::content::{Fate, LIFE};
use crate::cloud::Cloud;
use crate::record::{ContentType, Stream};
use crate::report::{Loss, Report, Scope, Verdict, stream_name};
use crate::stamp;

/// What the Management Activity API does with a record: the best of all blobs that hold it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fortune {
    Lost,
    NotYet,
    There,
}

impl Cloud {
    /// Returns the whole report.
    pub(crate) fn report(&self) -> Report {
        let mut report = self.book.report();
        let now = self.now();
        report.now = stamp::millis(now);
        let fortunes = self.fortunes();
        for (row, record) in self.records() {
            let tenant = self.world.tenants[record.tenant].id.clone();
            let streams = report.served.entry(tenant).or_default();
            let served = streams
                .entry(stream_name(record.stream).to_owned())
                .or_default();
            let times = u64::from(self.book.times(row));
            served.records += 1;
            served.available += u64::from(self.fetchable(row, &fortunes, false));
            served.served += u64::from(times > 0);
            served.times += times;
        }
        report.lost = self.losses();
        report
    }

    /// Judges what a client collected in a scope.
    pub(crate) fn judge<'a>(
        &self,
        scope: &Scope,
        ids: impl IntoIterator<Item = &'a str>,
    ) -> Verdict {
        let mut collected: BTreeMap<&str, u32> = BTreeMap::new();
        for id in ids {
            *collected.entry(id).or_default() += 1;
        }
        let mut verdict = Verdict {
            collected: collected.len() as u64,
            ..Verdict::default()
        };
        for (id, times) in &collected {
            if !self.named(id).iter().any(|row| self.in_scope(*row, scope)) {
                verdict.unknown.push((*id).to_owned());
            }
            if *times > 1 {
                verdict.duplicate.push((*id).to_owned());
            }
        }
        let fortunes = self.fortunes();
        let (mut expected, mut lost) = (BTreeSet::new(), BTreeSet::new());
        for (row, record) in self.records() {
            if !self.in_scope(row, scope) {
                continue;
            }
            if self.fetchable(row, &fortunes, scope.other_ways) {
                expected.insert(record.id.as_str());
            } else if fortunes.get(&row) == Some(&Fortune::Lost) {
                lost.insert(record.id.as_str());
            }
        }
        let gone = |id: &&str| !collected.contains_key(*id);
        verdict.expected = expected.len() as u64;
        verdict.lost = lost
            .difference(&expected)
            .filter(|id| gone(id))
            .map(|id| (*id).to_owned())
            .collect();
        verdict.missing = expected
            .iter()
            .filter(|id| gone(id))
            .map(|id| (*id).to_owned())
            .collect();
        verdict
    }

    fn in_scope(&self, row: usize, scope: &Scope) -> bool {
        let record = &self.record(row);
        scope.covers(&self.world.tenants[record.tenant].id, record.stream)
    }

    /// Whether a record can be fetched by now.
    fn fetchable(&self, row: usize, fortunes: &BTreeMap<usize, Fortune>, other_ways: bool) -> bool {
        let record = &self.record(row);
        let arrived = record.available <= self.now();
        match record.stream {
            Stream::Unified(_) if !other_ways => fortunes.get(&row) == Some(&Fortune::There),
            _ => arrived,
        }
    }

    fn fortunes(&self) -> BTreeMap<usize, Fortune> {
        let mut fortunes = BTreeMap::new();
        self.each_blob(|_, _, blob, why| {
            let fortune = match why {
                Some(_) => Fortune::Lost,
                None if blob.listable > self.now() => Fortune::NotYet,
                None => Fortune::There,
            };
            for row in &blob.rows {
                let known = fortunes.entry(*row).or_insert(fortune);
                *known = (*known).max(fortune);
            }
        });
        fortunes
    }

    fn losses(&self) -> Vec<Loss> {
        let mut losses = Vec::new();
        let fortunes = self.fortunes();
        self.each_blob(|tenant, content, blob, why| {
            let lost = blob
                .rows
                .iter()
                .filter(|row| fortunes.get(row) == Some(&Fortune::Lost));
            let ids: Vec<String> = lost.map(|row| self.record(*row).id.clone()).collect();
            let Some(why) = why.filter(|_| !ids.is_empty()) else {
                return;
            };
            losses.push(Loss {
                tenant: self.world.tenants[tenant].id.clone(),
                stream: content.name().to_owned(),
                why: why.to_owned(),
                content: blob.id.clone(),
                created: stamp::millis(blob.created),
                ids,
            });
        });
        losses
    }

    /// Looks at every blob that was created by now, and why it cannot be fetched, if so.
    fn each_blob(
        &self,
        mut look: impl FnMut(usize, ContentType, &crate::activity::content::Blob, Option<&'static str>),
    ) {
        let library = self.activity.library();
        let dials = self.faults.dials();
        let now = self.now();
        for tenant in 0..self.world.tenants.len() {
            for content in ContentType::ALL {
                for blob in library.blobs(tenant, content) {
                    if blob.created > now {
                        break;
                    }
                    let reached = self.activity.subscriptions(|subscriptions| {
                        subscriptions.reaches(tenant, content, blob.created, now, &dials)
                    });
                    let why = match blob.fate {
                        Fate::Expired => Some("expired"),
                        Fate::Missing => Some("missing"),
                        Fate::Good if !reached => Some("unsubscribed"),
                        Fate::Good if blob.created + LIFE < self.began => Some("too_old"),
                        Fate::Good => None,
                    };
                    look(tenant, content, blob, why);
                }
            }
        }
    }
}
