//! The passes over the lake: which rows are read, and who hears them.

use super::clusters::Clusters;
use super::listed::{self, Span};
use crate::error::EngineError;
use crate::watch::{Progress, Watch};
use casework::attribution::Attribution;
use casework::messages::{crawl, sync};
use casework::{
    Brief, Delivered, Handled, Rules, attribution, coverage, outflow, rules, statement,
};
use lake::{Detail, Lake, MailFilter, Touched};
use model::{Event, Family, Timestamp, Touch};
use sha2::{Digest, Sha256};
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use tokio::runtime::Runtime;

/// The families whose events say something of a mailbox or of who was in it.
const FAMILIES: [Family; 6] = [
    Family::Unified,
    Family::SignIn,
    Family::DirectoryAudit,
    Family::Risk,
    Family::Alert,
    Family::Other,
];

/// Reads the lake for one case.
pub(super) struct Passes<'a> {
    pub(super) runtime: &'a Runtime,
    pub(super) lake: &'a Lake,
    pub(super) brief: &'a Brief,
    pub(super) pulse: Pulse<'a>,
}

/// How many rows go by between two words on progress.
const ROWS_A_WORD: u64 = 16_384;

/// Tells whoever watches how far the reading is, and hears when to stop.
pub(super) struct Pulse<'a> {
    watch: RefCell<&'a mut dyn Watch>,
    rows: Cell<u64>,
    stopped: Cell<bool>,
}

impl<'a> Pulse<'a> {
    pub(super) fn new(watch: &'a mut dyn Watch) -> Self {
        Self {
            watch: RefCell::new(watch),
            rows: Cell::new(0),
            stopped: Cell::new(false),
        }
    }

    /// Counts a row of what is being read.
    fn beat(&self, what: &str) {
        let rows = self.rows.get() + 1;
        self.rows.set(rows);
        if rows.is_multiple_of(ROWS_A_WORD) {
            let progress = Progress {
                records: rows,
                ..Progress::default()
            };
            let mut watch = self.watch.borrow_mut();
            watch.reading(what, progress);
            self.stopped.set(watch.stopped());
        }
    }

    /// Ends a pass: an answer made of a part of the rows would be none.
    fn end(&self) -> Result<(), EngineError> {
        if self.stopped.get() {
            return Err(EngineError::Interrupted);
        }
        Ok(())
    }
}

/// What heard every event of the tenant.
pub(super) struct Heard {
    pub(super) attribution: attribution::Log,
    pub(super) rules: rules::Log,
    pub(super) outflow: outflow::Log,
    pub(super) coverage: coverage::Log,
    pub(super) acts: statement::Log,
    pub(super) digest: RecordSet,
    pub(super) records: u64,
    pub(super) last_record: Option<Timestamp>,
}

/// What was gathered about the messages of the mailbox.
pub(super) struct Gathered {
    pub(super) clusters: Clusters,
    pub(super) syncs: sync::Log,
    pub(super) crawls: crawl::Log,
    pub(super) unnamed: Vec<Unnamed>,
    pub(super) digest: RecordSet,
}

/// A folder in which something was touched that no record names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Unnamed {
    pub(super) time: Option<Timestamp>,
    pub(super) folder: String,
    pub(super) record: String,
}

/// A digest of a set of records that does not depend on their order: the sum of their digests.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct RecordSet(pub(super) [u64; 4]);

impl RecordSet {
    /// Returns the digest of both sets.
    pub(super) fn with(mut self, other: Self) -> Self {
        for (word, more) in self.0.iter_mut().zip(other.0) {
            *word = word.wrapping_add(more);
        }
        self
    }

    /// Adds a record by what it is, whenever and from whatever file it was taken in.
    fn add(&mut self, tenant: &str, source: &str, id: &str, fingerprint: u64) {
        let mut hasher = Sha256::new();
        for text in [tenant, source, id] {
            hasher.update((text.len() as u64).to_le_bytes());
            hasher.update(text.as_bytes());
        }
        hasher.update(fingerprint.to_le_bytes());
        let digest = hasher.finalize();
        for (word, bytes) in self.0.iter_mut().zip(digest.chunks_exact(8)) {
            let value = bytes
                .iter()
                .fold(0u64, |value, byte| value << 8 | u64::from(*byte));
            *word = word.wrapping_add(value);
        }
    }
}

impl Passes<'_> {
    /// Hands every event of the tenant to whoever listens.
    pub(super) fn events(&self, unfinished_files: u64) -> Result<Heard, EngineError> {
        let mut heard = Heard {
            attribution: attribution::Log::new(self.brief),
            rules: rules::Log::new(self.brief),
            outflow: outflow::Log::new(self.brief),
            coverage: coverage::Log::new(self.brief),
            acts: statement::Log::new(self.brief),
            digest: RecordSet::default(),
            records: 0,
            last_record: None,
        };
        let mut hear = |event: &Event<'_>| {
            self.pulse.beat("events");
            heard.records += 1;
            heard.digest.add(
                &event.tenant.0,
                event.source,
                event.id.as_str(),
                event.fingerprint,
            );
            heard.last_record = heard.last_record.max(event.time);
            heard.attribution.event(event);
            heard.coverage.event(event);
            heard.acts.event(event);
            if event.action != "MailItemsAccessed" {
                heard.rules.event(event);
                heard.outflow.event(event);
            }
        };
        for family in FAMILIES {
            for detail in [Detail::Acts, Detail::Accesses] {
                self.runtime.block_on(self.lake.events(
                    &self.brief.tenant,
                    family,
                    detail,
                    &mut hear,
                ))?;
                self.pulse.end()?;
            }
        }
        for record in self
            .runtime
            .block_on(self.lake.rejected(&self.brief.tenant))?
        {
            heard.coverage.rejected(&coverage::Rejected {
                time: normalise::read_time(&record.time_text),
                operation: record.operation,
                user: record.user.to_lowercase(),
                reason: record.reason,
                record: record.record_id,
            });
        }
        heard.coverage.unfinished(unfinished_files);
        Ok(heard)
    }

    /// Deals the deliveries and mail items of the mailbox into piles by message.
    pub(super) fn rows(
        &self,
        attribution: &Attribution,
        rules: &mut Rules,
        coverage: &mut coverage::Log,
    ) -> Result<Gathered, EngineError> {
        let names: Vec<String> = mailbox_names(self.brief, attribution);
        let mut gathered = Gathered {
            clusters: Clusters::new(),
            syncs: sync::Log::new(self.brief),
            crawls: crawl::Log::new(),
            unnamed: Vec::new(),
            digest: RecordSet::default(),
        };
        self.deliveries(&names, attribution, rules, coverage, &mut gathered)?;
        self.items(&names, &mut gathered)?;
        Ok(gathered)
    }

    fn deliveries(
        &self,
        names: &[String],
        attribution: &Attribution,
        rules: &mut Rules,
        coverage: &mut coverage::Log,
        gathered: &mut Gathered,
    ) -> Result<(), EngineError> {
        let Gathered {
            clusters, digest, ..
        } = gathered;
        let targets = rules.targets();
        let keys = listed::object_ids(attribution);
        let (mut traced, mut inventory) = (Span::default(), Span::default());
        let mut failed = None;
        // What a rule sends on may carry another sender: it is found by where it goes.
        let asked: BTreeSet<&String> = names.iter().chain(&targets).chain(keys).collect();
        let asked: Vec<String> = asked.into_iter().cloned().collect();
        let mut hear = |found: &lake::DeliveryRecord<'_>| {
            self.pulse.beat("deliveries");
            digest.add(&self.brief.tenant, "delivery", found.record_id, 0);
            if found.delivery.is_listed() {
                let own = |row| listed::here(row, names, attribution, self.brief);
                for row in each_recipient(found).into_iter().filter_map(own) {
                    inventory.add(row.time);
                    let kept = clusters.delivered(&listed::key(&row), &row);
                    failed = failed.take().or(kept.err());
                }
                return;
            }
            for row in each_recipient(found) {
                // The copy that a rule made is no message of the mailbox.
                let is_copy = targets.contains(&row.recipient);
                let is_own =
                    names.contains(&row.recipient) || names.contains(&row.sender) && !is_copy;
                if is_copy {
                    rules.hear_outbound(&row);
                }
                if is_own {
                    traced.add(row.time);
                }
                let key = row.internet_message_id.to_lowercase();
                if !key.is_empty()
                    && is_own
                    && failed.is_none()
                    && let Err(error) = clusters.delivered(&key, &row)
                {
                    failed = Some(error);
                }
            }
        };
        self.runtime
            .block_on(self.lake.deliveries(&self.brief.tenant, &asked, &mut hear))?;
        coverage.trace(traced.first, traced.last);
        coverage.inventory(inventory.rows, inventory.first, inventory.last);
        failed.map_or(Ok(()), Err)
    }

    fn items(&self, names: &[String], gathered: &mut Gathered) -> Result<(), EngineError> {
        let mut nameless: Vec<Handled> = Vec::new();
        self.each_item(names, &mut |touched| {
            self.pulse.beat("mail items");
            let row = handled(touched);
            if row.touch == Some(Touch::Sync) {
                gathered.syncs.hear(&row);
            }
            if !row.internet_message_id.is_empty() {
                gathered.crawls.hear(&row);
                let key = row.internet_message_id.to_lowercase();
                gathered.clusters.handled(&key, &row)?;
            } else if !row.item_id.is_empty() {
                gathered.crawls.hear(&row);
                nameless.push(row);
            } else if row.touch != Some(Touch::Sync) && !row.failed {
                gathered.unnamed.push(Unnamed {
                    time: row.time,
                    folder: row.folder,
                    record: row.record,
                });
            }
            Ok(())
        })?;
        self.pulse.end()?;
        gathered.unnamed.sort_unstable();
        gathered.unnamed.dedup();
        let known = self.names_of(names, &nameless)?;
        for row in &nameless {
            let key = known.get(&row.item_id).cloned();
            let key = key.unwrap_or_else(|| format!("item:{}", row.item_id));
            gathered.clusters.handled(&key, row)?;
        }
        Ok(())
    }

    /// Returns the Message-IDs, folded, under which items without one are seen elsewhere.
    fn names_of(
        &self,
        names: &[String],
        nameless: &[Handled],
    ) -> Result<BTreeMap<String, String>, EngineError> {
        let wanted: BTreeSet<&str> = nameless.iter().map(|row| row.item_id.as_str()).collect();
        let mut known: BTreeMap<String, String> = BTreeMap::new();
        if wanted.is_empty() {
            return Ok(known);
        }
        self.each_item(names, &mut |touched| {
            if !touched.internet_message_id.is_empty() && wanted.contains(touched.item_id) {
                let id = touched.internet_message_id.to_lowercase();
                // One item has one Message-ID; should a record lie, the least is taken each time.
                let known = known
                    .entry(touched.item_id.to_owned())
                    .or_insert_with(|| id.clone());
                if id < *known {
                    *known = id;
                }
            }
            Ok(())
        })?;
        Ok(known)
    }

    fn each_item(
        &self,
        names: &[String],
        take: &mut dyn FnMut(&Touched<'_>) -> Result<(), EngineError>,
    ) -> Result<(), EngineError> {
        let mut failed = None;
        for name in names {
            let filter = MailFilter {
                tenant: Some(self.brief.tenant.clone()),
                nameless_too: true,
                mailbox: Some(name.clone()),
                ..MailFilter::default()
            };
            let mut hear = |touched: &Touched<'_>| match take(touched) {
                Ok(()) => ControlFlow::Continue(()),
                Err(error) => {
                    failed = Some(error);
                    ControlFlow::Break(())
                }
            };
            self.runtime
                .block_on(self.lake.touched(&filter, &mut hear))?;
        }
        failed.map_or(Ok(()), Err)
    }
}

/// Returns the addresses under which the mailbox's records and deliveries stand.
fn mailbox_names(brief: &Brief, attribution: &Attribution) -> Vec<String> {
    let names: BTreeSet<String> = attribution
        .person
        .names
        .iter()
        .cloned()
        .chain([brief.mailbox.clone()])
        .collect();
    names.into_iter().collect()
}

fn handled(touched: &Touched<'_>) -> Handled {
    Handled {
        record: touched.record_id.to_owned(),
        time: touched.time,
        touch: Some(touched.touch),
        action: touched.action.to_owned(),
        failed: touched.outcome == "failure",
        items_in_record: 0,
        internet_message_id: touched.internet_message_id.to_owned(),
        item_id: touched.item_id.to_owned(),
        subject: touched.subject.to_owned(),
        folder_id: touched.folder_id.to_owned(),
        folder: touched.folder.to_owned(),
        to_folder: touched.to_folder.to_owned(),
        size_bytes: touched.size_bytes,
    }
}

/// Returns a row for each recipient: a report may name several in one, with a status for each.
fn each_recipient(found: &lake::DeliveryRecord<'_>) -> Vec<Delivered> {
    let delivery = &found.delivery;
    let parted = |text: &'_ str| -> Vec<String> {
        text.split([';', ','])
            .map(|part| part.trim().to_owned())
            .collect()
    };
    let recipients = parted(&delivery.recipient);
    let statuses = parted(&delivery.status);
    let has_each = statuses.len() == recipients.len();
    recipients
        .into_iter()
        .enumerate()
        .map(|(at, recipient)| Delivered {
            record: found.record_id.to_owned(),
            time: found.time,
            internet_message_id: delivery.internet_message_id.to_string(),
            network_message_id: delivery.network_message_id.to_string(),
            sender: delivery.sender.to_string(),
            recipient,
            subject: delivery.subject.to_string(),
            status: if has_each {
                statuses[at].clone()
            } else {
                delivery.status.to_string()
            },
            direction: delivery.direction.to_string(),
            location: delivery.location.to_string(),
            size_bytes: delivery.size_bytes,
        })
        .collect()
}
