//! A feed driven through a history of replies: virtual time, faults, crashes. For tests alone.

use crate::feed::{Change, Feed, Keep, Memory, Next, Standing, Ticket};
use model::{Ask, Failure, Gap, Reply, Service, Target, Timestamp, Want};
use std::collections::BTreeMap;

/// 2026-03-10T12:00:00Z, when the tests begin.
pub(crate) const START: Timestamp = Timestamp(1_773_144_000_000_000);

/// What a fake service answers.
pub(crate) type Answer = Result<Reply, Failure>;

/// Returns an answer of a status and a body.
#[expect(clippy::unnecessary_wraps, reason = "a fake service answers or fails")]
pub(crate) fn answer(status: u16, body: impl Into<String>) -> Answer {
    Ok(Reply {
        status,
        body: body.into().into_bytes(),
        ..Reply::default()
    })
}

/// Returns an answer with a header more.
pub(crate) fn with_header(answer: Answer, name: &str, value: &str) -> Answer {
    answer.map(|mut reply| {
        reply.headers.insert(name.to_owned(), value.to_owned());
        reply
    })
}

/// Returns the address of a question.
pub(crate) fn address(ask: &Ask) -> &str {
    match &ask.target {
        Target::Path(address) | Target::Link(address) => address,
    }
}

/// Returns a parameter of an address, decoded.
pub(crate) fn parameter(ask: &Ask, name: &str) -> Option<String> {
    let (_, query) = address(ask).split_once('?')?;
    let pair = query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .find(|(key, _)| *key == name)?;
    Some(decoded(pair.1))
}

/// Returns a text without its percent signs.
pub(crate) fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let hex: Vec<u8> = rest.by_ref().take(2).collect();
        let hex = std::str::from_utf8(&hex).expect("hex digits");
        bytes.push(u8::from_str_radix(hex, 16).expect("hex digits"));
    }
    String::from_utf8(bytes).expect("text")
}

/// A small source of chance that is the same for the same seed.
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed | 1)
    }

    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % bound.max(1)
    }

    pub(crate) fn percent(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }
}

/// What is durable.
#[derive(Default)]
pub(crate) struct Store {
    pub(crate) memory: Memory,
    pub(crate) gaps: Vec<Gap>,
    pub(crate) evidence: Vec<(Ask, Vec<u8>)>,
}

impl Store {
    fn write(&mut self, changes: Vec<Change>) {
        for change in changes {
            match change {
                Change::Cursor(text) => self.memory.cursor = Some(text),
                Change::Seen(name, at) => self.memory.seen.push((name, at)),
                Change::Forget(before) => self.memory.seen.retain(|(_, at)| *at >= before),
                Change::Gap(gap) => self.gaps.push(gap),
            }
        }
    }

    /// Returns all evidence as text.
    pub(crate) fn bodies(&self) -> Vec<String> {
        let text = |(_, body): &(Ask, Vec<u8>)| String::from_utf8_lossy(body).into_owned();
        self.evidence.iter().map(text).collect()
    }
}

/// Makes a feed again from what is remembered.
pub(crate) type Maker = Box<dyn Fn(&Memory, Timestamp) -> Box<dyn Feed>>;

/// Drives one feed against one fake service.
pub(crate) struct Drive<S> {
    pub(crate) feed: Box<dyn Feed>,
    pub(crate) store: Store,
    pub(crate) server: S,
    pub(crate) now: Timestamp,
    pub(crate) asks: Vec<Ask>,
    make: Maker,
    chance: Chance,
    /// In how many of ten thousand steps everything in memory is lost.
    pub(crate) crashes: u64,
    under_way: Vec<(Ticket, Ask)>,
    staged: BTreeMap<Ticket, (Ask, Vec<u8>)>,
    at_once: usize,
}

impl<S: FnMut(&Ask, Timestamp) -> Answer> Drive<S> {
    pub(crate) fn new(make: Maker, server: S) -> Self {
        Self::seeded(make, server, 1)
    }

    pub(crate) fn seeded(make: Maker, server: S, seed: u64) -> Self {
        Self {
            feed: make(&Memory::default(), START),
            store: Store::default(),
            server,
            now: START,
            asks: Vec::new(),
            make,
            chance: Chance::new(seed),
            crashes: 0,
            under_way: Vec::new(),
            staged: BTreeMap::new(),
            at_once: 4 + (seed % 9) as usize,
        }
    }

    /// Runs for so many seconds. Ends early where the feed stands still.
    pub(crate) fn run(&mut self, seconds: i64) -> Next {
        let end = self.now.plus_seconds(seconds);
        for _ in 0..2_000_000 {
            match self.step() {
                Some(Next::Wait(until)) if until > end => {
                    self.now = end;
                    return Next::Wait(until);
                }
                Some(Next::Wait(until)) => {
                    assert!(until > self.now, "waiting for the past");
                    // A feed may be looked at before its time: that changes nothing.
                    let early = self.chance.percent(20);
                    let whole = until.0 - self.now.0;
                    self.now = if early {
                        Timestamp(self.now.0 + whole / 2 + 1)
                    } else {
                        until
                    };
                }
                Some(Next::Stopped) => return Next::Stopped,
                Some(other) => panic!("{other:?} with nothing under way"),
                None if self.now > end => return Next::Hear,
                None => {}
            }
        }
        panic!("the feed never rests");
    }

    /// Runs until the feed has nothing more to ask for now.
    pub(crate) fn run_once(&mut self) -> Next {
        for _ in 0..2_000_000 {
            if let Some(next) = self.step() {
                return next;
            }
        }
        panic!("the feed never rests");
    }

    /// Lets time pass in which nothing runs.
    pub(crate) fn sleep(&mut self, seconds: i64) {
        self.now = self.now.plus_seconds(seconds);
    }

    /// Loses everything that is not durable.
    pub(crate) fn crash(&mut self) {
        self.under_way.clear();
        self.staged.clear();
        self.feed = (self.make)(&self.store.memory, self.now);
    }

    pub(crate) fn standing(&self) -> Standing {
        self.feed.standing()
    }

    fn step(&mut self) -> Option<Next> {
        if self.crashes > 0 && self.chance.below(10_000) < self.crashes {
            self.crash();
        }
        while self.under_way.len() < self.at_once {
            match self.feed.ask(self.now) {
                Next::Ask(ticket, ask) => {
                    self.asks.push(ask.clone());
                    self.under_way.push((ticket, ask));
                }
                Next::Hear => break,
                rest @ (Next::Wait(_) | Next::Stopped) => {
                    assert!(
                        self.under_way.is_empty(),
                        "resting with questions under way"
                    );
                    self.commit();
                    return Some(rest);
                }
            }
        }
        if self.under_way.is_empty() {
            assert!(!self.staged.is_empty(), "nothing to hear");
            self.commit();
            return None;
        }
        self.answer_one();
        if self.chance.percent(30) {
            self.commit();
        }
        None
    }

    fn answer_one(&mut self) {
        let at = self.chance.below(self.under_way.len() as u64) as usize;
        let (ticket, ask) = self.under_way.swap_remove(at);
        self.now = Timestamp(self.now.0 + 20_000 + self.chance.below(30_000) as i64);
        let answered = (self.server)(&ask, self.now);
        let (reply, whole) = delivered(&ask, answered);
        let heard = self.feed.hear(ticket, reply.as_ref(), self.now);
        let kept = match heard.keep {
            Keep::Nothing => return,
            Keep::Everything => whole,
            Keep::Bytes(count) => whole[..count as usize].to_vec(),
        };
        self.staged.insert(ticket, (ask, kept));
    }

    fn commit(&mut self) {
        let torn = self.crashes > 0 && self.chance.percent(5);
        for (ticket, evidence) in std::mem::take(&mut self.staged) {
            self.store.evidence.push(evidence);
            self.feed.kept(ticket);
        }
        if torn {
            return self.crash();
        }
        let changes = self.feed.changes();
        self.store.write(changes);
    }
}

/// Hands a body over as the sender does: records beside the reply, and of storage nothing but XML
/// where a page was wanted.
fn delivered(ask: &Ask, answer: Answer) -> (Answer, Vec<u8>) {
    let Ok(mut reply) = answer else {
        return (answer, Vec::new());
    };
    let whole = reply.body.clone();
    let is_json = || serde_json::from_slice::<serde_json::Value>(&whole).is_ok();
    let is_whole = match ask.want {
        Want::Records => is_json(),
        Want::Page if ask.service == Service::Storage => whole.starts_with(b"<"),
        Want::Page | Want::Lines => true,
    };
    if reply.is_success() && !is_whole {
        return (Err(Failure::Garbled("no JSON".to_owned())), Vec::new());
    }
    if reply.is_success() && ask.want == Want::Records {
        reply.kept_bytes = whole.len() as u64;
        reply.body.clear();
    }
    (Ok(reply), whole)
}
