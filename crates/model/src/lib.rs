//! The words of the house: what a record, an address, a person, a time is.
//!
//! Everything here is plain data with its own arithmetic and text. There is no I/O, no
//! clock and no `Serialize`: whoever writes one of these to disk or to a socket owns
//! its wire twin and its version number.

pub mod address;
pub mod ask;
pub mod bags;
pub mod change;
pub mod event;
pub mod finding;
pub mod json;
pub mod listing;
pub mod raw;
pub mod recipients;
pub mod secret;
pub mod shown;
pub mod time;

pub use address::{Address, AddressClass};
pub use ask::{
    Ask, Failure, Gap, GapClock, Method, NoToken, NoTokenKind, Pace, Reply, Service, Target, Want,
};
pub use change::{Change, Verb};
pub use event::{
    ActorKind, Delivery, Event, INVENTORY, MailItem, Normalised, Outcome, RecordId, TenantId, Touch,
};
pub use finding::{Finding, Incident, Proof, Seed, Severity};
pub use json::Json;
pub use raw::{DateOrder, Family, Found, Notice, NoticeKind, Place, Raw, Reject, Salvage, Shape};
pub use secret::Secret;
pub use time::Timestamp;
