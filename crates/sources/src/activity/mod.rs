//! One content type of the Office 365 Management Activity API.
//!
//! The service puts records into blobs and lists the blobs by when it made them. The feed lists
//! window after window, fetches each blob once, and lists again for blobs that were made late
//! with an early time. A window is done when every blob of it is kept, or is written down as one
//! that failed and is asked for until the service throws it away.

mod blob;
mod hear;
mod refusal;
mod seen;
mod subscription;
mod wire;

#[cfg(test)]
mod tests;

use crate::feed::{Change, Feed, Heard, Keep, Memory, Next, Standing, Ticket};
use crate::health::{Busy, Health};
use crate::link::{encoded, follow, with_parameter};
use crate::moment::{self, DAY, HOUR, MINUTE};
use crate::notebook::Notebook;
use crate::settings::FeedSettings;
use crate::window::{Desk, Rules, Tier};
use blob::Blob;
use model::{Ask, Failure, GapClock, Pace, Reply, Service, Timestamp, Want};
pub(crate) use refusal::audit_is_off;
use seen::Seen;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use subscription::{State, Subscription};

/// The content types there are.
pub(crate) const CONTENT_TYPES: [&str; 5] = [
    "Audit.AzureActiveDirectory",
    "Audit.Exchange",
    "Audit.SharePoint",
    "Audit.General",
    "DLP.All",
];

/// Seven days, less five minutes for a question that had to wait.
const KEEPS: i64 = 7 * DAY - 5 * MINUTE;
/// More blobs than these are not listed ahead of their fetching.
const LISTED_AHEAD: usize = 200;
/// More questions than these are never under way.
const AT_ONCE: usize = 32;

/// The feed of one content type.
pub(crate) struct Activity {
    name: String,
    content_type: &'static str,
    tenant: String,
    publisher: String,
    since: Option<Timestamp>,
    desk: Desk,
    health: Health,
    book: Notebook,
    subscription: Subscription,
    lists: BTreeMap<u64, Listing>,
    asked: BTreeMap<Ticket, Asked>,
    keeping: BTreeMap<Ticket, Blob>,
    /// Listed and not yet asked for.
    queue: VecDeque<Blob>,
    /// Failed, and written down as such until they are had or gone.
    pending: BTreeMap<u128, Blob>,
    /// Blobs in the queue, under way, or being kept.
    at_hand: BTreeSet<u128>,
    seen: Seen,
    caught_up: Option<Timestamp>,
}

/// The listing of one window.
struct Listing {
    asked_at: Timestamp,
    /// The page to ask for; nothing while one is under way or when all are had.
    next: Option<Page>,
    all_listed: bool,
    pages: BTreeSet<u128>,
    /// Blobs of it that are neither kept nor written down as failed.
    open: BTreeSet<u128>,
}

enum Page {
    First,
    Link(String),
}

enum Asked {
    Subscriptions,
    Start,
    List(u64),
    Blob(Blob),
}

fn rules(settings: &FeedSettings) -> Rules {
    Rules {
        poll: settings.activity_poll.max(1),
        lag: 0,
        tiers: vec![
            Tier {
                every: 0,
                late: 10 * MINUTE,
            },
            Tier {
                every: HOUR,
                late: DAY,
            },
            Tier {
                every: DAY,
                late: 7 * DAY,
            },
        ],
        keeps: KEEPS,
        first: DAY,
        widest: DAY,
        narrowest: 1,
        clock: GapClock::Arrival,
        lanes: 4,
    }
}

impl Activity {
    /// Returns the feed as it stands by what it remembers.
    pub(crate) fn new(
        content_type: &'static str,
        settings: &FeedSettings,
        memory: &Memory,
    ) -> Self {
        let recalled = memory.cursor.as_deref().and_then(wire::read);
        let desk = match &recalled {
            Some(wire) => Desk::recall(rules(settings), &wire.desk),
            None => Desk::new(rules(settings), settings.since),
        };
        let mut feed = Self {
            name: format!("activity/{content_type}"),
            content_type,
            tenant: settings.tenant.clone(),
            publisher: settings.publisher.clone(),
            since: settings.since,
            desk,
            health: Health::new(settings.first_pause),
            book: Notebook::from(memory.cursor.clone()),
            subscription: Subscription::default(),
            lists: BTreeMap::new(),
            asked: BTreeMap::new(),
            keeping: BTreeMap::new(),
            queue: VecDeque::new(),
            pending: BTreeMap::new(),
            at_hand: BTreeSet::new(),
            seen: Seen::recall(&memory.seen),
            caught_up: None,
        };
        if let Some(wire) = recalled {
            feed.subscription.good = wire.good.map(Timestamp);
            feed.subscription.asked_to_start = wire.asked_to_start.map(Timestamp);
            let pending = wire.pending.into_iter().map(blob::BlobWire::blob);
            feed.pending = pending.map(|blob| (blob.key(), blob)).collect();
        }
        feed
    }

    fn busy(&self) -> Busy {
        Busy::of(self.asked.len(), self.keeping.len())
    }

    fn expire(&mut self, now: Timestamp) {
        for lost in self.desk.expire(now) {
            let what = "content is listed for seven days".to_owned();
            self.book
                .gap(lost.gap(GapClock::Arrival, "older than the service keeps", what));
        }
        let expired: Vec<u128> = self
            .pending
            .iter()
            .filter(|(key, blob)| blob.expires <= now && !self.at_hand.contains(key))
            .map(|(key, _)| *key)
            .collect();
        for key in expired {
            if let Some(blob) = self.pending.remove(&key) {
                self.give_up(&blob, "content expired", "it failed until it expired");
            }
        }
    }

    fn want(&mut self, now: Timestamp) -> Option<(Asked, Ask)> {
        self.want_subscription(now)
            .or_else(|| self.want_list(now))
            .or_else(|| self.want_blob(now))
    }

    fn want_subscription(&mut self, now: Timestamp) -> Option<(Asked, Ask)> {
        match self.subscription.state {
            State::Unknown => {
                self.subscription.state = State::UnderWay;
                Some((Asked::Subscriptions, self.get("subscriptions/list?")))
            }
            State::Off if self.subscription.start_not_before(now).is_none() => {
                self.subscription.state = State::UnderWay;
                self.subscription.asked_to_start = Some(now);
                let path = self.path(&format!(
                    "subscriptions/start?contentType={}",
                    self.content_type
                ));
                Some((
                    Asked::Start,
                    Ask::post(Service::Manage, Pace::Activity, path, ""),
                ))
            }
            State::Off | State::UnderWay | State::On => None,
        }
    }

    fn want_list(&mut self, now: Timestamp) -> Option<(Asked, Ask)> {
        if self.subscription.state != State::On || self.queue.len() >= LISTED_AHEAD {
            return None;
        }
        let waiting = self.lists.iter_mut().find(|(_, list)| list.next.is_some());
        if let Some((id, list)) = waiting {
            let id = *id;
            let page = list.next.take()?;
            return Some((Asked::List(id), self.page(id, page)?));
        }
        if self.desk.plan(now) {
            self.forget(now);
            self.expire(now);
        }
        let window = self.desk.take(now, self.health.is_probing())?;
        let list = Listing {
            asked_at: now,
            next: None,
            all_listed: false,
            pages: BTreeSet::new(),
            open: BTreeSet::new(),
        };
        self.lists.insert(window.id, list);
        Some((Asked::List(window.id), self.page(window.id, Page::First)?))
    }

    fn want_blob(&mut self, now: Timestamp) -> Option<(Asked, Ask)> {
        let blob = match self.queue.pop_front() {
            Some(blob) => blob,
            None => self.due(now)?,
        };
        self.at_hand.insert(blob.key());
        let ask = follow(self.get(""), self.named(&blob.uri)).wanting(Want::Records);
        Some((Asked::Blob(blob), ask))
    }

    fn due(&self, now: Timestamp) -> Option<Blob> {
        let due =
            |(key, blob): &(&u128, &Blob)| blob.not_before <= now && !self.at_hand.contains(key);
        let mut due = self.pending.iter().filter(due);
        due.next().map(|(_, blob)| blob.clone())
    }

    fn page(&self, id: u64, page: Page) -> Option<Ask> {
        let window = self.desk.taken(id)?;
        Some(match page {
            Page::First => self.get(&format!(
                "subscriptions/content?contentType={}&startTime={}&endTime={}",
                self.content_type,
                encoded(&moment::without_zone(window.from)),
                encoded(&moment::without_zone(window.to)),
            )),
            Page::Link(link) => follow(self.get(""), self.named(&link)),
        })
    }

    fn get(&self, operation: &str) -> Ask {
        Ask::get(Service::Manage, Pace::Activity, self.path(operation))
    }

    fn path(&self, operation: &str) -> String {
        self.named(&format!(
            "/api/v1.0/{}/activity/feed/{operation}",
            self.tenant
        ))
    }

    fn named(&self, address: &str) -> String {
        with_parameter(address, "PublisherIdentifier", &self.publisher)
    }

    fn rest(&mut self, now: Timestamp) -> Next {
        if self.busy() != Busy::No {
            return Next::Hear;
        }
        let on = self.subscription.state == State::On;
        let lists = self.desk.next_take().filter(|_| on);
        let poll = self.desk.next_plan().filter(|_| on);
        let start = self.subscription.start_not_before(now).filter(|_| !on);
        let blobs = self.pending.values().map(|blob| blob.not_before).min();
        if on && self.desk.is_clear() && self.pending.is_empty() {
            self.caught_up = self.desk.planned_at();
        }
        let soonest = [lists, poll, start, blobs].into_iter().flatten().min();
        let soonest = soonest.unwrap_or(now.plus_seconds(MINUTE));
        Next::Wait(soonest.max(now.plus_seconds(1)))
    }

    fn forget(&mut self, now: Timestamp) {
        if let Some(before) = self.seen.forget(now) {
            self.book.note(Change::Forget(before));
        }
    }
}

impl Feed for Activity {
    fn name(&self) -> &str {
        &self.name
    }

    fn ask(&mut self, now: Timestamp) -> Next {
        self.health.tick(now);
        self.expire(now);
        if let Some(next) = self.health.hold(self.busy(), now) {
            return next;
        }
        if self.asked.len() < AT_ONCE
            && let Some((asked, ask)) = self.want(now)
        {
            let ticket = self.book.ticket();
            self.asked.insert(ticket, asked);
            return Next::Ask(ticket, ask);
        }
        self.rest(now)
    }

    fn hear(&mut self, ticket: Ticket, reply: Result<&Reply, &Failure>, now: Timestamp) -> Heard {
        let asked = self.asked.remove(&ticket);
        let keep = match asked {
            Some(Asked::Blob(blob)) => self.hear_blob(ticket, blob, reply, now),
            Some(asked) => {
                self.hear_page(&asked, reply, now);
                Keep::Nothing
            }
            None => Keep::Nothing,
        };
        Heard { keep }
    }

    fn kept(&mut self, ticket: Ticket) {
        if let Some(blob) = self.keeping.remove(&ticket) {
            self.remember(&blob);
        }
    }

    fn changes(&mut self) -> Vec<Change> {
        let cursor = wire::written(&self.desk, &self.subscription, &self.pending);
        self.book.take(cursor)
    }

    fn standing(&self) -> Standing {
        let oldest_failed = self.pending.values().map(|blob| blob.created).min();
        let until = match (self.desk.until(), oldest_failed) {
            (Some(until), Some(failed)) => Some(until.min(failed)),
            (until, _) => until,
        };
        Standing {
            until,
            caught_up: self.caught_up,
            waiting: self.desk.waiting() + self.pending.len() as u64 + self.health.waits(),
            trouble: self.health.trouble(),
        }
    }
}
