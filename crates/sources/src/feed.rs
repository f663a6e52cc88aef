//! The one shape of every feed.

use model::{Ask, Failure, Gap, Reply, Timestamp};

/// Names a question while it is under way; never used twice by one feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticket(pub u64);

/// What a feed wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// Send this. More may be wanted at once: ask again until the answer is another one.
    Ask(Ticket, Ask),
    /// Nothing until something under way was heard or kept.
    Hear,
    /// Nothing before this moment: everything that can be had now was asked for, and is kept.
    Wait(Timestamp),
    /// Nothing any more until an operator acts: why is in [`Feed::standing`].
    Stopped,
}

/// What of a reply is evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// Nothing: a list, an error, a state.
    Nothing,
    /// The whole of it.
    Everything,
    /// The first bytes: the rest is the beginning of a line that is still being written.
    Bytes(u64),
}

/// What a feed makes of a reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Heard {
    /// What is to be kept as evidence. Where it is anything, [`Feed::kept`] follows with the
    /// same ticket once it is durable.
    pub keep: Keep,
}

/// Something a feed must remember. Written down together with what else is committed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Where it stands: text of the feed's own, replacing what it gave before.
    Cursor(String),
    /// A content was taken in: its name, and the moment on the arrival clock by which it may be forgotten later.
    Seen(String, Timestamp),
    /// Everything seen before this moment on the arrival clock is forgotten.
    Forget(Timestamp),
    /// Records may be missing.
    Gap(Gap),
}

/// What a feed is made again from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Memory {
    /// Its last [`Change::Cursor`]; nothing when it never ran.
    pub cursor: Option<String>,
    /// What it has [`Change::Seen`] and not forgotten.
    pub seen: Vec<(String, Timestamp)>,
}

/// What keeps a feed from going on, or goes wrong while it does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// What is wrong, in one sentence.
    pub what: String,
    /// What an operator can do about it; empty where nothing is to be done but wait.
    pub hint: String,
    /// Whether the feed stands still until somebody acts.
    pub stopped: bool,
    /// Whether it is a matter of sign-in, consent, permission or licence.
    pub access: bool,
    /// Whether the service asked to come back later.
    pub throttled: bool,
}

/// Where a feed stands, for an operator's eyes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Everything before this moment was had, gaps apart; on the feed's own clock.
    pub until: Option<Timestamp>,
    /// The last moment at which all that could be had was had.
    pub caught_up: Option<Timestamp>,
    /// Contents or windows that failed and are asked for again.
    pub waiting: u64,
    /// What is wrong.
    pub trouble: Option<Trouble>,
}

/// A source of records as a state machine without I/O.
pub trait Feed: Send {
    /// Returns its name within a tenant, such as `activity/Audit.Exchange`: never changes.
    fn name(&self) -> &str;

    /// Returns what it wants at this moment of the server's clock.
    fn ask(&mut self, now: Timestamp) -> Next;

    /// Hears what came of a question. A reply with an error status is a reply.
    fn hear(&mut self, ticket: Ticket, reply: Result<&Reply, &Failure>, now: Timestamp) -> Heard;

    /// Hears that what it had kept of a reply is durable.
    fn kept(&mut self, ticket: Ticket);

    /// Takes what is to be written down since the last call, in order.
    fn changes(&mut self) -> Vec<Change>;

    /// Returns where it stands.
    fn standing(&self) -> Standing;
}
