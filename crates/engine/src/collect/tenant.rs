//! One tenant under way: its feeds are asked what they want, their questions are sent, the
//! answers handed back, and what is evidence is handed on to the desk that stores it.

use super::Plan;
use super::desk::{Body, Content, Remembered, Said, Work};
use cloud::{Access, Door, Sent};
use futures::StreamExt;
use futures::future::BoxFuture;
use futures::stream::FuturesUnordered;
use model::shown::shown;
use model::{Ask, Reply, Service, Target, Timestamp};
use sources::{Feed, FeedSettings, Keep, Next, Standing, Ticket};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Semaphore, mpsc, watch};
use tokio::time::Instant;

/// How many questions one feed has under way, so that none takes the tenant's whole share.
const AT_ONCE: usize = 12;

/// The most of the desk's memory that one piece of evidence takes, in KiB: a longer one that is
/// held has it to itself, and one in a file needs hardly any.
const MOST_ROOM: (u64, u64) = (32 << 10, 64);

/// The shortest and the longest rest before the feeds are looked at again.
const REST: (Duration, Duration) = (Duration::from_millis(20), Duration::from_mins(1));

/// What drives the feeds of one tenant.
pub(super) struct Driver {
    number: usize,
    access: Arc<Access>,
    door: Arc<Door>,
    slots: Vec<Slot>,
    flying: FuturesUnordered<BoxFuture<'static, Answered>>,
    work: mpsc::Sender<Work>,
    room: Arc<Semaphore>,
    durable: mpsc::UnboundedReceiver<Vec<(usize, Ticket)>>,
    stop: watch::Receiver<bool>,
    once: bool,
    patience: Duration,
    plan: Plan,
    hungry: bool,
    /// Since when nothing is done but waiting for what failed, and how much that was.
    patient: Option<(Instant, u64)>,
}

/// What a driver is made of.
pub(super) struct Parts {
    /// Which of the run's tenants it is.
    pub(super) number: usize,
    pub(super) access: Arc<Access>,
    pub(super) door: Arc<Door>,
    pub(super) plan: Plan,
    /// Where evidence, and what is to be remembered, goes.
    pub(super) work: mpsc::Sender<Work>,
    /// Memory for evidence that is not stored as yet, in KiB.
    pub(super) room: Arc<Semaphore>,
    /// What became durable, by feed.
    pub(super) durable: mpsc::UnboundedReceiver<Vec<(usize, Ticket)>>,
    pub(super) stop: watch::Receiver<bool>,
    /// Whether it ends once it has caught up.
    pub(super) once: bool,
    /// How long it then waits for what failed and is asked for again.
    pub(super) patience: Duration,
}

/// One feed and what of it is under way.
struct Slot {
    feed: Box<dyn Feed>,
    /// The service that it last spoke to: its clock is the one that counts.
    service: Service,
    flying: usize,
    unkept: BTreeSet<Ticket>,
    rest: Rest,
    /// What the desk knows of it.
    told: Option<(Standing, Rest)>,
}

/// What a feed does when it asks nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rest {
    Ready,
    Hearing,
    Until(Timestamp),
    Stopped,
}

struct Answered {
    feed: usize,
    ticket: Ticket,
    asked: String,
    sent: Sent,
}

/// The desk is gone: there is nobody to work for.
struct Gone;

impl Driver {
    pub(super) fn new(parts: Parts) -> Self {
        Self {
            number: parts.number,
            access: parts.access,
            door: parts.door,
            slots: Vec::new(),
            plan: parts.plan,
            flying: FuturesUnordered::new(),
            work: parts.work,
            room: parts.room,
            durable: parts.durable,
            stop: parts.stop,
            once: parts.once,
            patience: parts.patience,
            hungry: false,
            patient: None,
        }
    }

    /// Runs the feeds until they have caught up, or until it is stopped; then tells the desk.
    pub(super) async fn run(mut self) {
        self.make().await;
        if self.drive().await.is_ok() {
            let _ = self.work.send(Work::Ended(self.number)).await;
        }
    }

    /// Makes the feeds, by the server's clock: it comes with the first token. Where there is none,
    /// the feeds find out and tell.
    async fn make(&mut self) {
        let first = Service::ALL
            .into_iter()
            .find(|service| self.access.endpoints.url(*service).is_some())
            .unwrap_or(Service::Graph);
        let _ = self.door.token(&self.access, first).await;
        let now = self.door.now(&self.access, first);
        let settings = FeedSettings {
            since: self
                .plan
                .since
                .map(|since| now.plus_seconds(-(since.as_secs() as i64))),
            ..self.plan.settings.clone()
        };
        for (name, memory) in std::mem::take(&mut self.plan.feeds) {
            let Some(feed) = sources::make(&name, &settings, &memory, now) else {
                continue;
            };
            self.slots.push(Slot {
                feed,
                service: first,
                flying: 0,
                unkept: BTreeSet::new(),
                rest: Rest::Ready,
                told: None,
            });
        }
    }

    async fn drive(&mut self) -> Result<(), Gone> {
        loop {
            let stopping = *self.stop.borrow();
            if stopping {
                // What was not heard is asked again by the next run.
                self.flying = FuturesUnordered::new();
            } else {
                self.ask_all();
            }
            self.remember().await?;
            if self.has_ended(stopping) {
                return Ok(());
            }
            self.tell_hunger().await?;
            let rest = self.rest();
            tokio::select! {
                Some(answered) = self.flying.next() => self.hear(answered).await?,
                durable = self.durable.recv() => self.kept(&durable.ok_or(Gone)?),
                () = tokio::time::sleep(rest) => self.wake(),
                changed = self.stop.changed(), if !stopping => changed.map_err(|_| Gone)?,
            }
        }
    }

    fn ask_all(&mut self) {
        for (number, slot) in self.slots.iter_mut().enumerate() {
            while slot.rest == Rest::Ready && slot.flying < AT_ONCE {
                let now = self.door.now(&self.access, slot.service);
                match slot.feed.ask(now) {
                    Next::Ask(ticket, ask) => {
                        slot.service = ask.service;
                        slot.flying += 1;
                        let (door, access) = (Arc::clone(&self.door), Arc::clone(&self.access));
                        self.flying.push(Box::pin(async move {
                            let sent = door.send(&access, &ask).await;
                            Answered {
                                feed: number,
                                ticket,
                                asked: told(&ask),
                                sent,
                            }
                        }));
                    }
                    Next::Hear => slot.rest = Rest::Hearing,
                    Next::Wait(until) => slot.rest = Rest::Until(until),
                    Next::Stopped => slot.rest = Rest::Stopped,
                }
            }
        }
    }

    async fn hear(&mut self, answered: Answered) -> Result<(), Gone> {
        let Answered {
            feed,
            ticket,
            asked,
            sent,
        } = answered;
        let slot = &mut self.slots[feed];
        slot.flying -= 1;
        slot.rest = Rest::Ready;
        let now = self.door.now(&self.access, slot.service);
        let heard = slot.feed.hear(ticket, sent.outcome.as_ref(), now);
        let longest = match heard.keep {
            Keep::Nothing => return Ok(()),
            Keep::Everything => u64::MAX,
            Keep::Bytes(longest) => longest,
        };
        slot.unkept.insert(ticket);
        let reply = sent.outcome.unwrap_or_default();
        let said = Said {
            asked,
            request_id: request_id(&reply),
            received: now,
        };
        let (bytes, most_room, content) = match sent.body {
            Some(spooled) if spooled.is_rolled() => {
                (reply.kept_bytes, MOST_ROOM.1, Content::Spooled(spooled))
            }
            Some(spooled) => (reply.kept_bytes, MOST_ROOM.0, Content::Spooled(spooled)),
            None => {
                let bytes = reply.body.len() as u64;
                (bytes, MOST_ROOM.0, Content::Held(reply.body))
            }
        };
        // Whoever brings more than can be stored waits here, and with it the service.
        let room = (bytes >> 10).clamp(1, most_room) as u32;
        let room = Arc::clone(&self.room).acquire_many_owned(room).await.ok();
        let body = Body {
            tenant: self.number,
            feed,
            ticket,
            content,
            bytes: bytes.min(longest),
            longest,
            said,
            _room: room,
        };
        self.send(Work::Body(body)).await
    }

    fn kept(&mut self, durable: &[(usize, Ticket)]) {
        self.hungry = false;
        self.patient = None;
        for (feed, ticket) in durable {
            let slot = &mut self.slots[*feed];
            slot.unkept.remove(ticket);
            slot.feed.kept(*ticket);
            slot.rest = Rest::Ready;
        }
    }

    /// Tells the desk what each feed has to remember, and where it stands where that changed.
    async fn remember(&mut self) -> Result<(), Gone> {
        for number in 0..self.slots.len() {
            let slot = &mut self.slots[number];
            let changes = slot.feed.changes();
            let now = (slot.feed.standing(), slot.rest);
            let same = slot.told.as_ref() == Some(&now);
            if changes.is_empty() && (same || slot.rest == Rest::Ready) {
                continue;
            }
            let next = match slot.rest {
                Rest::Until(until) => Some(until),
                _ => None,
            };
            let remembered = Remembered {
                tenant: self.number,
                feed: number,
                changes,
                standing: now.0.clone(),
                next,
            };
            slot.told = Some(now);
            self.send(Work::Remember(remembered)).await?;
        }
        Ok(())
    }

    /// Tells the desk that nothing goes on here until what it was given is durable.
    async fn tell_hunger(&mut self) -> Result<(), Gone> {
        let waits = self.flying.is_empty() && self.slots.iter().any(|slot| !slot.unkept.is_empty());
        if waits && !self.hungry {
            self.hungry = true;
            self.send(Work::Hungry).await?;
        }
        Ok(())
    }

    async fn send(&mut self, work: Work) -> Result<(), Gone> {
        self.work.send(work).await.map_err(|_| Gone)
    }

    fn wake(&mut self) {
        for slot in &mut self.slots {
            if matches!(slot.rest, Rest::Until(_) | Rest::Stopped) {
                slot.rest = Rest::Ready;
            }
        }
    }

    fn has_ended(&mut self, stopping: bool) -> bool {
        if !self.flying.is_empty() || self.slots.iter().any(|slot| !slot.unkept.is_empty()) {
            return false;
        }
        if stopping {
            return true;
        }
        let resting = |slot: &Slot| matches!(slot.rest, Rest::Until(_) | Rest::Stopped);
        if !self.once || !self.slots.iter().all(resting) {
            return false;
        }
        let waiting = self.slots.iter().map(|slot| slot.feed.standing().waiting);
        let waiting: u64 = waiting.sum();
        // Evidence that came, and less that waits, is worth more patience; another try is not.
        let patient = self.patient.filter(|(_, before)| waiting >= *before);
        let (since, _) = *self
            .patient
            .insert(patient.unwrap_or((Instant::now(), waiting)));
        let left = self.patience.saturating_sub(since.elapsed());
        !self
            .slots
            .iter()
            .any(|slot| self.is_worth_waiting(slot, left))
    }

    /// Returns whether something failed, or was not come to as yet, that is asked for within this time.
    fn is_worth_waiting(&self, slot: &Slot, left: Duration) -> bool {
        let standing = slot.feed.standing();
        let has_all = standing.waiting == 0 && standing.caught_up.is_some();
        !has_all && self.until(slot).is_some_and(|rest| rest < left)
    }

    fn until(&self, slot: &Slot) -> Option<Duration> {
        let Rest::Until(until) = slot.rest else {
            return None;
        };
        let now = self.door.now(&self.access, slot.service);
        let micros = until.0.saturating_sub(now.0);
        Some(Duration::from_micros(micros.max(0).unsigned_abs()))
    }

    fn rest(&self) -> Duration {
        let shortest = self.slots.iter().filter_map(|slot| self.until(slot)).min();
        shortest.unwrap_or(REST.1).clamp(REST.0, REST.1)
    }
}

/// How much of a question is kept beside its answer.
const ASKED: usize = 2000;

/// Returns what was asked, as it is kept beside the answer: no header of it, for there the token stands.
fn told(ask: &Ask) -> String {
    let target = match &ask.target {
        Target::Path(path) => path,
        Target::Link(link) => link,
    };
    let target: String = shown(target).chars().take(ASKED).collect();
    format!("{} {target}", ask.service.name())
}

/// The headers by which Microsoft's services name an answer.
const REQUEST_IDS: [&str; 3] = ["request-id", "x-ms-request-id", "x-vss-e2eid"];

fn request_id(reply: &Reply) -> String {
    let found = REQUEST_IDS.iter().find_map(|name| reply.header(name));
    let found = shown(found.unwrap_or_default());
    found.chars().take(100).collect()
}
