//! The blobs that Azure's diagnostic settings write into a storage account: lines of JSON, one
//! blob an hour and category, growing while the hour lasts and at times long after.
//!
//! Every pass lists every blob and reads on where each was left. Only whole lines are taken; the
//! beginning of a line is read again with its end.

mod listing;
mod shelf;

#[cfg(test)]
mod tests;

use crate::feed::{Change, Feed, Heard, Keep, Memory, Next, Standing, Ticket};
use crate::health::{Busy, Health, Meaning, access};
use crate::link::encoded;
use crate::moment::{HOUR, MINUTE};
use crate::notebook::Notebook;
use crate::said::Said;
use crate::settings::FeedSettings;
use listing::Listed;
use model::{Ask, Failure, Gap, GapClock, Pace, Reply, Service, Timestamp, Want};
use shelf::{FROZEN, Mark, Shelf, key};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// So many bytes are asked for at once; more where a line is longer.
const CHUNK: u64 = 4 << 20;
const LONGEST_CHUNK: u64 = 64 << 20;
const AT_ONCE: usize = 4;

/// The feed.
pub(crate) struct Diagnostic {
    wanted: Vec<String>,
    poll: i64,
    shelf: Shelf,
    health: Health,
    book: Notebook,
    lists: VecDeque<List>,
    queue: VecDeque<Read>,
    asked: BTreeMap<Ticket, Asked>,
    keeping: BTreeMap<Ticket, (Read, u64)>,
    /// Blobs in the queue, under way, or being kept.
    at_hand: BTreeSet<String>,
    failed: BTreeMap<String, (u32, Timestamp)>,
    passed_at: Option<Timestamp>,
    /// Whether every list of this pass was read, as far as it went.
    whole: bool,
    /// What was listed in this pass.
    listed: BTreeSet<String>,
    caught_up: Option<Timestamp>,
}

/// A list that is to be asked for.
#[derive(Clone)]
struct List {
    container: Option<String>,
    marker: Option<String>,
}

/// A part of a blob that is to be read.
#[derive(Clone)]
struct Read {
    container: String,
    name: String,
    offset: u64,
    chunk: u64,
}

enum Asked {
    List(List),
    Read(Read),
}

impl Read {
    fn key(&self) -> String {
        key(&self.container, &self.name)
    }

    fn ask(&self) -> Ask {
        let segments: Vec<String> = self.name.split('/').map(encoded).collect();
        let path = format!("/{}/{}", encoded(&self.container), segments.join("/"));
        let last = self.offset + self.chunk - 1;
        versioned(Ask::get(Service::Storage, Pace::Storage, path))
            .wanting(Want::Lines)
            .with("Range", format!("bytes={}-{last}", self.offset))
    }
}

impl List {
    fn ask(&self) -> Ask {
        let mut path = match &self.container {
            None => "/?comp=list&prefix=insights-".to_owned(),
            Some(container) => format!("/{}?restype=container&comp=list", encoded(container)),
        };
        if let Some(marker) = &self.marker {
            path.push_str("&marker=");
            path.push_str(&encoded(marker));
        }
        versioned(Ask::get(Service::Storage, Pace::Storage, path))
    }
}

fn versioned(ask: Ask) -> Ask {
    ask.with("x-ms-version", "2021-12-02")
}

impl Diagnostic {
    /// Returns the feed as it stands by what it remembers.
    pub(crate) fn new(settings: &FeedSettings, memory: &Memory) -> Self {
        let recalled = memory
            .cursor
            .as_deref()
            .and_then(|text| serde_json::from_str(text).ok());
        Self {
            wanted: settings.storage_containers.clone(),
            poll: settings.poll.max(1),
            shelf: recalled.unwrap_or_else(|| Shelf::since(settings.since)),
            health: Health::new(settings.first_pause),
            book: Notebook::from(memory.cursor.clone()),
            lists: VecDeque::new(),
            queue: VecDeque::new(),
            asked: BTreeMap::new(),
            keeping: BTreeMap::new(),
            at_hand: BTreeSet::new(),
            failed: BTreeMap::new(),
            passed_at: None,
            whole: false,
            listed: BTreeSet::new(),
            caught_up: None,
        }
    }

    fn busy(&self) -> Busy {
        Busy::of(self.asked.len(), self.keeping.len())
    }

    fn want(&mut self, now: Timestamp) -> Option<(Asked, Ask)> {
        if let Some(read) = self.queue.pop_front() {
            let ask = read.ask();
            return Some((Asked::Read(read), ask));
        }
        let listing = self
            .asked
            .values()
            .any(|asked| matches!(asked, Asked::List(_)));
        if self.lists.is_empty() && !listing && self.is_due(now) {
            self.begin_pass(now);
        }
        let list = self.lists.pop_front()?;
        let ask = list.ask();
        Some((Asked::List(list), ask))
    }

    fn is_due(&self, now: Timestamp) -> bool {
        self.next_pass().is_none_or(|at| at <= now) && self.busy() == Busy::No
    }

    fn next_pass(&self) -> Option<Timestamp> {
        self.passed_at.map(|at| at.plus_seconds(self.poll))
    }

    fn begin_pass(&mut self, now: Timestamp) {
        self.passed_at = Some(now);
        self.whole = true;
        self.listed.clear();
        if self.wanted.is_empty() {
            self.lists.push_back(List {
                container: None,
                marker: None,
            });
        }
        for container in self.wanted.clone() {
            self.list_container(container);
        }
    }

    fn list_container(&mut self, container: String) {
        self.lists.push_back(List {
            container: Some(container),
            marker: None,
        });
    }

    fn rest(&mut self, now: Timestamp) -> Next {
        if self.busy() != Busy::No {
            return Next::Hear;
        }
        if std::mem::take(&mut self.whole) {
            self.end_pass(now);
        }
        let next = self.next_pass().unwrap_or(now.plus_seconds(MINUTE));
        Next::Wait(next.max(now.plus_seconds(1)))
    }

    /// Everything was listed, and what could be read was read.
    fn end_pass(&mut self, now: Timestamp) {
        let listed = std::mem::take(&mut self.listed);
        for mark in self.shelf.forget(&listed, now) {
            let modified = Timestamp(mark.modified);
            self.book.gap(Gap {
                from: modified.plus_seconds(-HOUR),
                to: modified,
                clock: GapClock::Event,
                cause: "blob deleted".to_owned(),
                detail: format!("from byte {} of {} on", mark.offset, mark.length),
            });
        }
        self.failed.retain(|key, _| listed.contains(key));
        if self.failed.is_empty() {
            self.caught_up = self.passed_at;
        }
    }

    fn hear_list(&mut self, list: &List, reply: Result<&Reply, Meaning>, now: Timestamp) {
        let heard = reply.and_then(|reply| self.read_list(list, reply, now).map_err(Meaning::Own));
        match heard {
            Ok(()) => self.health.answered(),
            Err(meaning) => {
                // The next pass lists it from the front.
                self.whole = false;
                self.suffer(&meaning, now);
            }
        }
    }

    fn read_list(&mut self, list: &List, reply: &Reply, now: Timestamp) -> Result<(), String> {
        let marker = match &list.container {
            None => {
                let page = listing::containers(&reply.body)?;
                for container in page.entries {
                    self.list_container(container);
                }
                page.marker
            }
            Some(container) => {
                let page = listing::blobs(&reply.body)?;
                for listed in &page.entries {
                    self.listed(container, listed, now);
                }
                page.marker
            }
        };
        if marker.is_some() && marker == list.marker {
            return Err("the list goes in circles".to_owned());
        }
        if marker.is_some() {
            self.lists.push_front(List {
                container: list.container.clone(),
                marker,
            });
        }
        Ok(())
    }

    fn listed(&mut self, container: &str, listed: &Listed, now: Timestamp) {
        let key = key(container, &listed.name);
        let has_more = self.shelf.list(container, listed);
        self.listed.insert(key.clone());
        let must_wait = self.failed.get(&key).is_some_and(|(_, until)| *until > now);
        if has_more && !must_wait && self.at_hand.insert(key.clone()) {
            let offset = self.shelf.mark(&key).map_or(0, |mark| mark.offset);
            self.queue.push_back(Read {
                container: container.to_owned(),
                name: listed.name.clone(),
                offset,
                chunk: CHUNK,
            });
        }
    }

    fn hear_read(
        &mut self,
        ticket: Ticket,
        read: Read,
        reply: Result<&Reply, Meaning>,
        now: Timestamp,
    ) -> Keep {
        let reply = match reply {
            Ok(reply) => reply,
            Err(meaning) => {
                self.read_failed(&read, &meaning, now);
                return Keep::Nothing;
            }
        };
        let key = read.key();
        let is_part = reply.status == 206 || read.offset == 0;
        let Some(mark) = self
            .shelf
            .mark(&key)
            .filter(|_| is_part && !reply.body.is_empty())
        else {
            self.read_failed(
                &read,
                &Meaning::Own("another part of the blob came than was asked for".to_owned()),
                now,
            );
            return Keep::Nothing;
        };
        self.health.answered();
        self.failed.remove(&key);
        let length = reply.body.len() as u64;
        match take(&read, mark, &reply.body, now) {
            Taken::Lines(0) => {
                // The beginning of a line: its end is written later, and listed then.
                self.at_hand.remove(&key);
                Keep::Nothing
            }
            Taken::Longer => {
                self.queue.push_front(Read {
                    chunk: read.chunk * 4,
                    ..read
                });
                Keep::Nothing
            }
            Taken::Lines(bytes) => {
                self.keeping.insert(ticket, (read, bytes));
                if bytes == length {
                    Keep::Everything
                } else {
                    Keep::Bytes(bytes)
                }
            }
        }
    }

    fn read_failed(&mut self, read: &Read, meaning: &Meaning, now: Timestamp) {
        let key = read.key();
        self.at_hand.remove(&key);
        let attempts = self.failed.get(&key).map_or(0, |(attempts, _)| *attempts) + 1;
        let until = now.plus_seconds(self.health.pause(attempts, &read.name));
        self.failed.insert(key, (attempts, until));
        self.suffer(meaning, now);
    }

    /// A blob that was deleted before it was read to its end takes its hour with it.
    fn gone(&mut self, read: &Read) {
        let key = read.key();
        self.health.answered();
        self.at_hand.remove(&key);
        self.failed.remove(&key);
        let modified = self.shelf.mark(&key).map_or(0, |mark| mark.modified);
        self.shelf.give_up(&key);
        let from = hour_of(&read.name).unwrap_or(Timestamp(modified).plus_seconds(-HOUR));
        self.book.gap(Gap {
            from,
            to: from.plus_seconds(HOUR),
            clock: GapClock::Event,
            cause: "blob deleted".to_owned(),
            detail: format!(
                "`{}/{}` from byte {} on",
                read.container, read.name, read.offset
            ),
        });
    }

    fn suffer(&mut self, meaning: &Meaning, now: Timestamp) {
        self.health.suffered(meaning, NAME, now);
    }
}

/// What is taken of a part of a blob.
enum Taken {
    /// So many bytes: whole lines.
    Lines(u64),
    /// Nothing: the line is longer than the part.
    Longer,
}

const NAME: &str = "diagnostic-blobs";

impl Feed for Diagnostic {
    fn name(&self) -> &'static str {
        NAME
    }

    fn ask(&mut self, now: Timestamp) -> Next {
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
        let Some(asked) = self.asked.remove(&ticket) else {
            return Heard {
                keep: Keep::Nothing,
            };
        };
        let status = reply.map_or(0, |reply| reply.status);
        let reply = match reply {
            Ok(reply) if reply.is_success() => Ok(reply),
            Ok(reply) => Err(refused(reply)),
            Err(failure) => Err(Meaning::of_failure(failure)),
        };
        let keep = match asked {
            Asked::List(list) => {
                self.hear_list(&list, reply, now);
                Keep::Nothing
            }
            Asked::Read(read) if status == 404 => {
                self.gone(&read);
                Keep::Nothing
            }
            Asked::Read(read) => self.hear_read(ticket, read, reply, now),
        };
        Heard { keep }
    }

    fn kept(&mut self, ticket: Ticket) {
        let Some((read, bytes)) = self.keeping.remove(&ticket) else {
            return;
        };
        let key = read.key();
        let offset = read.offset + bytes;
        self.shelf.advance(&key, read.offset, offset);
        self.failed.remove(&key);
        let has_more = self
            .shelf
            .mark(&key)
            .is_some_and(|mark| mark.offset == offset && offset < mark.length);
        if has_more {
            self.queue.push_back(Read {
                offset,
                chunk: CHUNK,
                ..read
            });
        } else {
            self.at_hand.remove(&key);
        }
    }

    fn changes(&mut self) -> Vec<Change> {
        let cursor = serde_json::to_string(&self.shelf).unwrap_or_default();
        self.book.take(cursor)
    }

    fn standing(&self) -> Standing {
        Standing {
            until: self.shelf.oldest_unread().or(self.caught_up),
            caught_up: self.caught_up,
            waiting: self.failed.len() as u64 + self.health.waits(),
            trouble: self.health.trouble(),
        }
    }
}

fn refused(reply: &Reply) -> Meaning {
    let said = Said::of(reply);
    match reply.status {
        401 | 403 if !said.is_throttling() => Meaning::Stop(
            access(
                format!(
                    "the storage account is not open to the application: {}",
                    said.line()
                ),
                "give the application the role Storage Blob Data Reader on the account, and let the account's firewall admit this machine",
            ),
            HOUR,
        ),
        _ => Meaning::of_refusal(&said, reply),
    }
}

/// Returns the hour that a blob is for, by its path: `.../y=2026/m=03/d=01/h=13/m=00/PT1H.json`.
fn hour_of(name: &str) -> Option<Timestamp> {
    let part = |key: &str| -> Option<u32> {
        let found = name
            .split('/')
            .find_map(|segment| segment.strip_prefix(key));
        found?.parse().ok()
    };
    Timestamp::from_civil(
        part("y=")? as i32,
        part("m=")?,
        part("d=")?,
        part("h=")?,
        0,
        0,
        0,
    )
}

fn take(read: &Read, mark: Mark, body: &[u8], now: Timestamp) -> Taken {
    let length = body.len() as u64;
    let lines = body
        .iter()
        .rposition(|byte| *byte == b'\n')
        .map_or(0, |at| at as u64 + 1);
    let at_end = read.offset + length >= mark.length;
    let frozen = now >= Timestamp(mark.modified).plus_seconds(FROZEN);
    match lines {
        _ if at_end && frozen => Taken::Lines(length),
        0 if !at_end && read.chunk < LONGEST_CHUNK => Taken::Longer,
        // No line is that long: it is kept as it is, for the reader to tell of.
        0 if !at_end => Taken::Lines(length),
        lines => Taken::Lines(lines),
    }
}
