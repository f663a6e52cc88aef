//! The desk: evidence of all tenants comes in, is kept, read and stored in batches; then, and
//! never before, the feeds hear of it and what they remember is written down.

use super::{Brought, CollectWatch, FeedReport};
use crate::clock;
use crate::error::EngineError;
use crate::import::{Bytes, FileReport, Intake, fault, unreadable};
use crate::store::Store;
use crate::watch::Unwatched;
use lake::WriteLock;
use lake::raw_store::{Origin, Part};
use ledger::{FeedChanges, StoredFeed};
use model::Timestamp;
use sources::{Change, Standing, Ticket};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read, Seek, SeekFrom};
use std::time::Duration;
use tempfile::SpooledTempFile;
use tokio::sync::{OwnedSemaphorePermit, mpsc, watch};
use tokio::time::Instant;
use tracing::{info, warn};

/// What a tenant brings to the desk.
pub(super) enum Work {
    /// Evidence.
    Body(Body),
    /// Something to write down, of which all evidence is durable.
    Remember(Remembered),
    /// The tenant does nothing until what it brought is durable.
    Hungry,
    /// The tenant is done.
    Ended(usize),
    /// The tenant broke off by a fault of this program.
    Broken(usize),
}

/// Where an answer came from.
pub(super) struct Said {
    pub(super) asked: String,
    pub(super) request_id: String,
    pub(super) received: Timestamp,
}

/// Evidence of one feed.
pub(super) struct Body {
    pub(super) tenant: usize,
    pub(super) feed: usize,
    pub(super) ticket: Ticket,
    pub(super) content: Content,
    /// How long it is.
    pub(super) bytes: u64,
    /// How many bytes of it are evidence, from the beginning.
    pub(super) longest: u64,
    /// What was asked, what the service calls its answer, and when that came.
    pub(super) said: Said,
    /// Its place in memory, given back when it is stored.
    pub(super) _room: Option<OwnedSemaphorePermit>,
}

/// The bytes of an answer.
pub(super) enum Content {
    Held(Vec<u8>),
    Spooled(SpooledTempFile),
}

/// Where a feed stands, and what changed.
pub(super) struct Remembered {
    pub(super) tenant: usize,
    pub(super) feed: usize,
    pub(super) changes: Vec<Change>,
    pub(super) standing: Standing,
    pub(super) next: Option<Timestamp>,
}

/// How many bytes wait at most before they are stored.
const BYTES_A_BATCH: u64 = 12 << 20;

/// How long evidence waits for more before it is stored.
const PAUSES: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(5));

/// How long it takes until storing that failed is tried again by a run that goes on for ever.
const RETRY: Duration = Duration::from_secs(10);

/// One tenant, as the desk knows it.
pub(super) struct Seat {
    pub(super) tenant: String,
    /// What the operator calls it.
    pub(super) name: String,
    /// Its feeds, by number.
    pub(super) feeds: Vec<FeedReport>,
    /// Where it hears what became durable.
    pub(super) durable: mpsc::UnboundedSender<Vec<(usize, Ticket)>>,
    /// By which it is told to end.
    pub(super) stop: watch::Sender<bool>,
    pub(super) ended: bool,
    /// Whether it ended, or is to end, though it is not done.
    pub(super) left: bool,
}

impl Seat {
    /// Tells the tenant to end, for now.
    pub(super) fn leave(&mut self) {
        self.left = true;
        self.stop.send_replace(true);
    }
}

/// What waits on the desk.
pub(super) struct Desk<'a> {
    pub(super) store: &'a Store,
    pub(super) seats: Vec<Seat>,
    waiting: BTreeMap<(usize, usize), Vec<Body>>,
    waiting_bytes: u64,
    since: Option<Instant>,
    hungry: bool,
    remembered: Vec<Remembered>,
    once: bool,
    stopping: bool,
    not_before: Option<Instant>,
    /// Whether it was told that somebody else is writing.
    told_of_lock: bool,
    /// Tenants that broke off by a fault of this program.
    pub(super) broken: BTreeSet<usize>,
}

impl<'a> Desk<'a> {
    pub(super) fn new(store: &'a Store, once: bool) -> Self {
        Self {
            store,
            seats: Vec::new(),
            waiting: BTreeMap::new(),
            waiting_bytes: 0,
            since: None,
            hungry: false,
            remembered: Vec::new(),
            once,
            stopping: false,
            not_before: None,
            told_of_lock: false,
            broken: BTreeSet::new(),
        }
    }

    /// Gives a tenant a seat, the one that it had before where it had one, and returns its number.
    pub(super) fn seat(&mut self, seat: Seat) -> usize {
        let known = self.seats.iter().position(|one| one.tenant == seat.tenant);
        let Some(number) = known else {
            self.seats.push(seat);
            return self.seats.len() - 1;
        };
        let before = &mut self.seats[number];
        let same = before.feeds.len() == seat.feeds.len();
        let feeds = std::mem::take(&mut before.feeds);
        *before = seat;
        if same {
            before.feeds = feeds;
        }
        number
    }

    /// Tells every tenant to end.
    pub(super) fn stop(&mut self) {
        self.stopping = true;
        for seat in &self.seats {
            seat.stop.send_replace(true);
        }
    }

    /// Takes work from the tenants for a while, and stores what is due.
    pub(super) fn turn(
        &mut self,
        inbox: &mut mpsc::Receiver<Work>,
        tick: Duration,
        watch: &mut dyn CollectWatch,
    ) -> Result<(), EngineError> {
        // Evidence that cannot be stored is not asked for: the inbox fills, and the tenants wait.
        if self.waiting_bytes < 2 * BYTES_A_BATCH {
            let first = self
                .store
                .runtime
                .block_on(async { tokio::time::timeout(tick, inbox.recv()).await });
            if let Ok(Some(work)) = first {
                self.take(work);
                while self.waiting_bytes < BYTES_A_BATCH
                    && let Ok(work) = inbox.try_recv()
                {
                    self.take(work);
                }
            }
        } else {
            // Nothing else can be done until storing is tried again.
            self.store
                .runtime
                .block_on(async { tokio::time::sleep(tick).await });
        }
        let now = Instant::now();
        if self.not_before.is_some_and(|moment| now < moment) {
            return Ok(());
        }
        let stored = self
            .store_what_is_due(watch)
            .and_then(|()| self.write_down());
        match stored {
            Err(error) if !self.once && !self.stopping => {
                warn!(
                    "cannot store what was collected, trying again in {} s: {}",
                    RETRY.as_secs(),
                    unreadable(&error)
                );
                watch.troubled(&unreadable(&error));
                self.not_before = Some(Instant::now() + RETRY);
                Ok(())
            }
            stored => stored,
        }
    }

    fn take(&mut self, work: Work) {
        match work {
            Work::Body(body) => {
                self.waiting_bytes += body.bytes;
                self.since.get_or_insert_with(Instant::now);
                self.seats[body.tenant].feeds[body.feed].contents += 1;
                self.waiting
                    .entry((body.tenant, body.feed))
                    .or_default()
                    .push(body);
            }
            Work::Remember(remembered) => {
                let report = &mut self.seats[remembered.tenant].feeds[remembered.feed];
                report.standing = remembered.standing.clone();
                self.remembered.push(remembered);
            }
            Work::Hungry => self.hungry = true,
            Work::Ended(tenant) => self.seats[tenant].ended = true,
            Work::Broken(tenant) => {
                self.broken.insert(tenant);
                let seat = &mut self.seats[tenant];
                (seat.ended, seat.left) = (true, true);
            }
        }
    }

    fn store_what_is_due(&mut self, watch: &mut dyn CollectWatch) -> Result<(), EngineError> {
        let Some(since) = self.since else {
            return Ok(());
        };
        let hurry = self.once || self.stopping;
        let longest = if hurry { PAUSES.0 } else { PAUSES.1 };
        let due = self.hungry && hurry
            || self.waiting_bytes >= BYTES_A_BATCH
            || since.elapsed() >= longest;
        if due { self.store(watch) } else { Ok(()) }
    }

    /// Keeps, reads and stores everything that waits; then tells the tenants.
    fn store(&mut self, watch: &mut dyn CollectWatch) -> Result<(), EngineError> {
        let Some(lock) = self.store.lake.try_lock()? else {
            self.await_lock(watch);
            return Ok(());
        };
        self.told_of_lock = false;
        let mut waiting = std::mem::take(&mut self.waiting);
        let reports = match self.stored(&lock, &mut waiting) {
            Ok(reports) => reports,
            Err(error) => {
                self.waiting = waiting;
                return Err(error);
            }
        };
        for (key, read, bytes) in reports {
            let report = &mut self.seats[key.0].feeds[key.1];
            let brought = Brought {
                new: read.new,
                duplicates: read.duplicates,
                rejected: read.rejected,
                bytes,
            };
            report.brought.add(brought);
            report.unwritten.add(brought);
            let room = LISTED.saturating_sub(report.errors.len());
            report.errors.extend(told(&read).take(room));
        }
        let mut durable: BTreeMap<usize, Vec<(usize, Ticket)>> = BTreeMap::new();
        for ((tenant, feed), bodies) in waiting {
            let tickets = bodies.into_iter().map(|body| (feed, body.ticket));
            durable.entry(tenant).or_default().extend(tickets);
        }
        for (tenant, tickets) in durable {
            // A tenant that ended meanwhile asks again in the next run.
            let _ = self.seats[tenant].durable.send(tickets);
        }
        (self.waiting_bytes, self.since, self.hungry) = (0, None, false);
        self.not_before = None;
        watch.stored(&self.seats_report());
        Ok(())
    }

    /// Somebody else is writing: the tenants are looked after meanwhile, and wait.
    fn await_lock(&mut self, watch: &mut dyn CollectWatch) {
        self.not_before = Some(Instant::now() + LOCK_POLL);
        if !std::mem::replace(&mut self.told_of_lock, true) {
            let holder = self.store.lake.lock_holder();
            let holder = holder.unwrap_or_else(|| "another process".to_owned());
            watch.troubled(&format!("{holder} is writing to the lake"));
        }
    }

    fn stored(
        &self,
        lock: &WriteLock,
        waiting: &mut BTreeMap<(usize, usize), Vec<Body>>,
    ) -> Result<Vec<Taken>, EngineError> {
        let mut intake = Intake::begin(self.store, lock)?;
        let mut reports = Vec::new();
        for (key, bodies) in waiting {
            let seat = &self.seats[key.0];
            let now = clock::now();
            let name = format!("{} of {}", seat.feeds[key.1].feed, seat.tenant);
            let origin = Origin {
                name: name.clone(),
                time: now.to_string(),
                parts: parts(bodies),
            };
            let mut source = Joined::of(bodies).map_err(EngineError::Spool)?;
            let kept = self
                .store
                .raw
                .keep_from(&mut source, origin, &mut |_| true)?
                .ok_or(EngineError::Interrupted)?;
            let bytes = Bytes {
                kept: &kept,
                name: &name,
                format: None,
                tenant: Some(&seat.tenant),
            };
            let report = match intake.read(&bytes, &mut Unwatched) {
                Ok((report, _)) => report,
                // The bytes are kept: what cannot be read is told, and is no reason to ask again.
                Err(error @ EngineError::Evidence { .. }) => {
                    let mut report = FileReport {
                        path: name.clone(),
                        ..FileReport::default()
                    };
                    fault(&mut report, None, unreadable(&error));
                    report
                }
                Err(error) => return Err(error),
            };
            intake.read_to_its_end(&kept, &report, true);
            reports.push((*key, report, kept.size_bytes));
        }
        intake.end()?;
        self.store.merge_small_files(lock)?;
        Ok(reports)
    }

    /// Writes down where the feeds stand.
    fn write_down(&mut self) -> Result<(), EngineError> {
        if self.remembered.is_empty() {
            return Ok(());
        }
        let now = clock::now();
        let mut counted = BTreeSet::new();
        let mut batch = Vec::with_capacity(self.remembered.len());
        for remembered in &self.remembered {
            let seat = &self.seats[remembered.tenant];
            let feed = &seat.feeds[remembered.feed];
            // What a feed brought is added once, however often it speaks in this batch.
            let first = counted.insert((remembered.tenant, remembered.feed));
            let brought = if first {
                feed.unwritten
            } else {
                Brought::default()
            };
            batch.push(entry(&seat.tenant, &feed.feed, remembered, brought, now));
        }
        self.store.ledger.keep_feeds(&batch)?;
        for (tenant, feed) in counted {
            self.seats[tenant].feeds[feed].unwritten = Brought::default();
        }
        for remembered in std::mem::take(&mut self.remembered) {
            let gaps = remembered
                .changes
                .into_iter()
                .filter_map(|change| match change {
                    Change::Gap(gap) => Some(gap),
                    _ => None,
                });
            let report = &mut self.seats[remembered.tenant].feeds[remembered.feed];
            for gap in gaps {
                info!(feed = report.feed, "gap: {} ({})", gap.cause, gap.detail);
                if report.gaps.len() < LISTED {
                    report.gaps.push(gap);
                }
            }
        }
        Ok(())
    }

    /// Returns what every feed has brought and where it stands.
    pub(super) fn seats_report(&self) -> Vec<(&str, &[FeedReport])> {
        self.seats
            .iter()
            .map(|seat| (seat.tenant.as_str(), seat.feeds.as_slice()))
            .collect()
    }

    /// Returns whether every tenant is done and nothing waits.
    pub(super) fn is_done(&self) -> bool {
        self.waiting.is_empty() && self.seats.iter().all(|seat| seat.ended)
    }
}

/// What was taken in of one feed of one tenant: by their numbers, with its bytes.
type Taken = ((usize, usize), FileReport, u64);

/// How many errors of a batch are told.
const TOLD: usize = 5;

/// How many errors and gaps of a feed a run lists: one that goes on for ever is not to fill the
/// memory with them. Every gap is in the ledger, every damaged record in the lake.
const LISTED: usize = 10_000;

/// How often it is looked whether somebody else has done writing.
const LOCK_POLL: Duration = Duration::from_millis(200);

fn told(report: &FileReport) -> impl Iterator<Item = String> + '_ {
    let errors = report.errors.iter().take(TOLD);
    errors.map(|said| format!("{}: {}", said.place, said.what))
}

fn entry(
    tenant: &str,
    name: &str,
    remembered: &Remembered,
    brought: Brought,
    now: Timestamp,
) -> (StoredFeed, FeedChanges) {
    let mut changes = FeedChanges::default();
    let mut cursor = None;
    for change in &remembered.changes {
        match change {
            Change::Cursor(text) => cursor = Some(text.clone()),
            Change::Seen(content, at) => changes.seen.push((content.clone(), *at)),
            Change::Forget(before) => changes.forget = Some(*before),
            Change::Gap(gap) => changes.gaps.push(gap.clone()),
        }
    }
    let standing = &remembered.standing;
    let trouble = standing.trouble.as_ref();
    let feed = StoredFeed {
        tenant: tenant.to_owned(),
        feed: name.to_owned(),
        cursor,
        since: None,
        until: standing.until,
        caught_up: standing.caught_up,
        waiting: standing.waiting,
        trouble: trouble.map(|one| one.what.clone()).unwrap_or_default(),
        hint: trouble.map(|one| one.hint.clone()).unwrap_or_default(),
        stopped: trouble.is_some_and(|one| one.stopped),
        next: remembered.next,
        noted: now,
        new: brought.new,
        duplicates: brought.duplicates,
        rejected: brought.rejected,
        bytes: brought.bytes,
    };
    (feed, changes)
}

/// Returns where each answer lies among the bytes that are kept of them, and where it came from.
fn parts(bodies: &[Body]) -> Vec<Part> {
    let mut offset = 0;
    bodies
        .iter()
        .map(|body| {
            let part = Part {
                offset,
                size_bytes: body.bytes,
                asked: body.said.asked.clone(),
                request_id: body.said.request_id.clone(),
                received: body.said.received.to_string(),
            };
            // Behind each stands a line break.
            offset += body.bytes + 1;
            part
        })
        .collect()
}

/// Bodies one behind the other, a line break between them, read from their beginnings.
struct Joined<'b> {
    bodies: std::slice::IterMut<'b, Body>,
    now: Option<Box<dyn Read + 'b>>,
}

impl<'b> Joined<'b> {
    fn of(bodies: &'b mut [Body]) -> io::Result<Self> {
        for body in bodies.iter_mut() {
            if let Content::Spooled(file) = &mut body.content {
                file.seek(SeekFrom::Start(0))?;
            }
        }
        Ok(Self {
            bodies: bodies.iter_mut(),
            now: None,
        })
    }
}

impl Read for Joined<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            if let Some(now) = &mut self.now {
                let read = now.read(buffer)?;
                if read > 0 {
                    return Ok(read);
                }
            }
            let Some(body) = self.bodies.next() else {
                return Ok(0);
            };
            let end: &[u8] = b"\n";
            self.now = Some(match &mut body.content {
                Content::Held(bytes) => Box::new(bytes.as_slice().take(body.longest).chain(end)),
                Content::Spooled(file) => Box::new(file.take(body.longest).chain(end)),
            });
        }
    }
}
