//! What an activity feed makes of what it hears.

use super::blob::{self, Blob};
use super::refusal::{self, Refusal};
use super::subscription::{self, BETWEEN_STARTS, State, Told};
use super::{Activity, Asked, Listing, Page};
use crate::digest::digest;
use crate::feed::{Change, Keep, Ticket, Trouble};
use crate::health::{Meaning, passing};
use crate::moment::{HOUR, whole_second};
use crate::window::{Fullness, Window};
use model::{Failure, Gap, GapClock, Reply, Timestamp};

/// A list longer than so many pages goes in circles.
const MOST_PAGES: usize = 20_000;
/// A trouble that was mended at once is shown so many seconds all the same.
const SHOWN_FOR: i64 = HOUR;

impl Activity {
    /// Hears a list, or of a subscription.
    pub(super) fn hear_page(
        &mut self,
        asked: &Asked,
        reply: Result<&Reply, &Failure>,
        now: Timestamp,
    ) {
        let refusal = match reply {
            Ok(reply) if reply.is_success() => None,
            Ok(reply) => Some(refusal::read(reply)),
            Err(failure) => Some(Refusal::Other(Meaning::of_failure(failure))),
        };
        match (asked, refusal, reply) {
            (Asked::Subscriptions, None, Ok(reply)) => self.hear_subscriptions(Ok(reply), now),
            (Asked::Subscriptions, refusal, _) => {
                let meaning = match refusal {
                    Some(Refusal::Other(meaning)) => meaning,
                    _ => damaged("the list of subscriptions"),
                };
                self.hear_subscriptions(Err(meaning), now);
            }
            (Asked::Start, refusal, _) => self.hear_start(refusal, now),
            (Asked::List(id), None, Ok(reply)) => self.hear_list(*id, reply, now),
            (Asked::List(id), Some(refusal), _) => self.list_refused(*id, refusal, now),
            (Asked::List(_), None, Err(_)) | (Asked::Blob(_), _, _) => {}
        }
    }

    fn hear_subscriptions(&mut self, reply: Result<&Reply, Meaning>, now: Timestamp) {
        self.subscription.state = State::Unknown;
        let told = match reply {
            Ok(reply) => match subscription::read_list(&reply.body, self.content_type) {
                Some(told) => told,
                None => return self.suffer(&damaged("the list of subscriptions"), now),
            },
            Err(meaning) => return self.suffer(&meaning, now),
        };
        self.health.answered();
        match told {
            Told::On => self.subscription.state = State::On,
            Told::Absent => self.subscription.state = State::Off,
            Told::Disabled => self.disabled("it is listed as disabled", now),
        }
    }

    fn hear_start(&mut self, refusal: Option<Refusal>, now: Timestamp) {
        match refusal {
            None => self.started(now),
            // It was on all the time, unless it was seen to be disabled.
            Some(Refusal::AlreadyOn) if self.subscription.restarted => self.started(now),
            Some(Refusal::AlreadyOn) => {
                self.health.answered();
                self.subscription.state = State::On;
            }
            Some(Refusal::Disabled(why)) => {
                self.subscription.restarted = true;
                self.disabled(&why, now);
            }
            Some(Refusal::Other(meaning)) => {
                let refused = matches!(meaning, Meaning::Passing { .. });
                self.subscription.state = State::Unknown;
                if refused {
                    // A start that was not heard of is asked for again without the long wait.
                    self.subscription.asked_to_start = None;
                }
                self.suffer(&meaning, now);
            }
            Some(_) => {
                self.subscription.state = State::Unknown;
                self.suffer(&damaged("the answer to starting the subscription"), now);
            }
        }
    }

    /// What was not collected because nobody was subscribed can never be had.
    fn started(&mut self, now: Timestamp) {
        self.health.answered();
        self.subscription.state = State::On;
        let (from, cause) = match (self.subscription.good, self.since) {
            (Some(good), _) => (good, "subscription disabled"),
            (None, Some(since)) if self.seen.is_empty() => (since, "not subscribed as yet"),
            (None, _) => return,
        };
        self.subscription.good = Some(now);
        self.book.gap(Gap {
            from: whole_second(from),
            to: now,
            clock: GapClock::Arrival,
            cause: cause.to_owned(),
            detail: format!(
                "the service makes no content of `{}` without a subscription",
                self.content_type
            ),
        });
    }

    fn disabled(&mut self, why: &str, now: Timestamp) {
        let trouble = Trouble {
            what: format!("the subscription to `{}` was disabled: {why}", self.content_type),
            hint: "find out who stopped it, in the tenant or at Microsoft; it is started again by itself, what happened meanwhile is lost to this feed".to_owned(),
            stopped: false,
            access: false,
            throttled: false,
        };
        if self.subscription.restarted {
            let trouble = Trouble {
                stopped: true,
                ..trouble
            };
            self.subscription.restarted = false;
            self.suffer(&Meaning::Stop(trouble, HOUR), now);
            return;
        }
        self.subscription.restarted = true;
        self.subscription.state = State::Off;
        self.health.notice(trouble, SHOWN_FOR, now);
    }

    fn hear_list(&mut self, id: u64, reply: &Reply, now: Timestamp) {
        let Some(window) = self.desk.taken(id).cloned() else {
            return;
        };
        match blob::read_list(&reply.body, window.from, window.to) {
            Ok(blobs) => {
                self.health.answered();
                for blob in blobs {
                    self.listed(id, blob);
                }
                self.turn_page(id, &window, next_page(reply), now);
            }
            Err(why) => self.list_failed(&window, &Meaning::Own(why), now),
        }
    }

    fn listed(&mut self, id: u64, blob: Blob) {
        let key = blob.key();
        if self.seen.has(key) {
            return;
        }
        if let Some(pending) = self.pending.get_mut(&key) {
            (pending.uri, pending.expires) = (blob.uri, blob.expires);
            return;
        }
        if let Some(list) = self.lists.get_mut(&id) {
            list.open.insert(key);
        }
        if self.at_hand.insert(key) {
            self.queue.push_back(blob);
        }
    }

    fn turn_page(&mut self, id: u64, window: &Window, next: Option<String>, now: Timestamp) {
        let Some(list) = self.lists.get_mut(&id) else {
            return;
        };
        let Some(link) = next else {
            list.all_listed = true;
            self.subscription.good = self.subscription.good.max(Some(list.asked_at));
            self.subscription.restarted = false;
            self.finish(id);
            return;
        };
        let is_new = list.pages.insert(digest(&link));
        if !is_new || list.pages.len() > MOST_PAGES {
            let meaning = Meaning::Own("the pages of the list go in circles".to_owned());
            return self.list_failed(window, &meaning, now);
        }
        list.next = Some(Page::Link(link));
    }

    fn finish(&mut self, id: u64) {
        let done = |list: &Listing| list.all_listed && list.open.is_empty();
        if self.lists.get(&id).is_some_and(done) {
            self.lists.remove(&id);
            self.desk.done(id, Fullness::Fine);
        }
    }

    /// A blob is kept, given up, or written down as failed: no window waits for it any more.
    fn settle(&mut self, key: u128) {
        self.at_hand.remove(&key);
        let mut waited = Vec::new();
        for (id, list) in &mut self.lists {
            if list.open.remove(&key) {
                waited.push(*id);
            }
        }
        for id in waited {
            self.finish(id);
        }
    }

    fn list_refused(&mut self, id: u64, refusal: Refusal, now: Timestamp) {
        let Some(window) = self.desk.taken(id).cloned() else {
            return;
        };
        match refusal {
            Refusal::NoSubscription | Refusal::Disabled(_) if self.is_outdated(id) => {
                self.relist(id, now);
            }
            Refusal::NoSubscription => {
                self.relist(id, now);
                let what = format!(
                    "there is no subscription to `{}`; it is started",
                    self.content_type
                );
                self.health.notice(passing(what), BETWEEN_STARTS, now);
                self.subscription.state = State::Off;
            }
            Refusal::Disabled(why) => {
                self.relist(id, now);
                self.disabled(&why, now);
            }
            Refusal::BadPage if window.attempts < 3 => {
                self.lists.remove(&id);
                self.desk.failed(id, now);
            }
            Refusal::BadSpan(why) if window.attempts >= 2 => {
                self.lists.remove(&id);
                if let Some(lost) = self.desk.cut(id, HOUR, now) {
                    self.book
                        .gap(lost.gap(GapClock::Arrival, "span refused", why));
                }
            }
            Refusal::BadSpan(why) | Refusal::Gone(why) => {
                self.list_failed(&window, &Meaning::Own(why), now);
            }
            Refusal::Other(meaning) => self.list_failed(&window, &meaning, now),
            Refusal::BadPage | Refusal::AlreadyOn => {
                self.list_failed(&window, &damaged("the list of content"), now);
            }
        }
    }

    /// Returns whether a list was asked for before the subscription was seen to be off.
    fn is_outdated(&self, id: u64) -> bool {
        let asked_at = self.lists.get(&id).map(|list| list.asked_at);
        let before_start = asked_at <= self.subscription.asked_to_start;
        self.subscription.state != State::On || before_start
    }

    fn relist(&mut self, id: u64, now: Timestamp) {
        self.lists.remove(&id);
        self.desk.put_back(id, now);
    }

    fn list_failed(&mut self, window: &Window, meaning: &Meaning, now: Timestamp) {
        if matches!(meaning, Meaning::Stop(..)) {
            self.relist(window.id, now);
        } else {
            self.lists.remove(&window.id);
            let wait = self.health.pause(window.attempts + 1, &self.name);
            self.desk.failed(window.id, now.plus_seconds(wait));
        }
        self.suffer(meaning, now);
    }

    fn suffer(&mut self, meaning: &Meaning, now: Timestamp) {
        if matches!(meaning, Meaning::Stop(..)) {
            self.subscription.state = State::Unknown;
        }
        self.health.suffered(meaning, &self.name, now);
    }

    /// Whoever says that a blob is elsewhere is not believed: content is where the service's own
    /// page says that it is, by its name.
    fn brought_home(&self, blob: Blob) -> Blob {
        let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "$_-.".contains(letter);
        let is_name = blob.id.chars().all(is_plain) && !blob.id.contains("..");
        if !is_name {
            return blob;
        }
        Blob {
            uri: self.path(&format!("audit/{}", blob.id)),
            ..blob
        }
    }

    fn blob_failed(&mut self, blob: Blob, meaning: Meaning, now: Timestamp) {
        let key = blob.key();
        let is_throttled = matches!(meaning, Meaning::Passing { at_least, .. } if at_least > 0);
        if is_throttled || matches!(meaning, Meaning::Stop(..)) {
            if self.pending.contains_key(&key) {
                self.settle(key);
            } else {
                self.queue.push_front(blob);
            }
            return self.suffer(&meaning, now);
        }
        // One blob may fail for ever: that alone does not say that the service is down.
        let meaning = match meaning {
            Meaning::Passing { why, .. } => Meaning::Own(why),
            other => other,
        };
        let attempts = blob.attempts.saturating_add(1);
        let wait = self.health.pause(attempts, &blob.id);
        let failed = Blob {
            attempts,
            not_before: now.plus_seconds(wait),
            ..blob
        };
        self.pending.insert(key, failed);
        self.settle(key);
        self.suffer(&meaning, now);
    }

    /// Takes a blob as one that can be had no more.
    pub(super) fn give_up(&mut self, blob: &Blob, cause: &str, why: &str) {
        self.book.gap(blob.gap(cause, why));
        self.remember(blob);
    }

    /// Takes a blob as taken in.
    pub(super) fn remember(&mut self, blob: &Blob) {
        let key = blob.key();
        self.pending.remove(&key);
        self.seen.add(key, blob.created);
        self.book.note(Change::Seen(blob.id.clone(), blob.created));
        self.settle(key);
    }

    /// Hears a blob.
    pub(super) fn hear_blob(
        &mut self,
        ticket: Ticket,
        blob: Blob,
        reply: Result<&Reply, &Failure>,
        now: Timestamp,
    ) -> Keep {
        let meaning = match reply {
            Ok(reply) if reply.is_success() && reply.kept_bytes > 0 => {
                self.health.answered();
                self.keeping.insert(ticket, blob);
                return Keep::Everything;
            }
            Ok(reply) if reply.is_success() => damaged("the content"),
            Ok(reply) => match refusal::read(reply) {
                Refusal::Gone(why) => {
                    self.health.answered();
                    self.give_up(&blob, "content expired", &why);
                    return Keep::Nothing;
                }
                Refusal::Other(meaning) => meaning,
                other => Meaning::Own(format!("the content is refused: {other:?}")),
            },
            Err(failure) => Meaning::of_failure(failure),
        };
        let blob = match reply {
            Err(Failure::ForeignHost(_)) => self.brought_home(blob),
            _ => blob,
        };
        self.blob_failed(blob, meaning, now);
        Keep::Nothing
    }
}

fn damaged(what: &str) -> Meaning {
    Meaning::Passing {
        why: format!("{what} is not what was asked for"),
        at_least: 0,
    }
}

/// The header that names the next page is spelled in more than one way.
fn next_page(reply: &Reply) -> Option<String> {
    let link = |name: &str| reply.header(name).map(str::trim);
    let found = link("nextpageuri").or_else(|| link("nextpageurl"));
    found.filter(|link| !link.is_empty()).map(str::to_owned)
}
