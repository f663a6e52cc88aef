//! A small Microsoft cloud: tenants, people and mail, an attack as a story in time, the
//! services that a collector and a responder speak to, and faults on dials.
//!
//! Written from Microsoft's documentation and sharing no code with the collector, so that a
//! misunderstanding cannot sit on both sides of a test.

mod activity;
mod admin;
pub mod app;
mod authority;
mod azure;
mod belongings;
pub mod bulk;
mod clock;
mod cloud;
mod devops;
mod door;
pub mod drive;
mod entra;
mod exchange;
pub mod faults;
mod graph;
mod growth;
mod judge;
mod life;
mod listen;
mod live;
pub mod mailbox;
mod office;
mod office_apps;
mod office_mail;
mod office_names;
pub mod person;
mod quota;
pub mod record;
mod record_type;
mod refusal;
pub mod report;
mod seed;
pub mod server;
pub mod service;
mod shelf;
mod stamp;
mod storage;
pub mod story;
mod story_time;
#[cfg(test)]
mod story_trials;
mod stroke;
mod token;
#[cfg(test)]
mod trials;
pub mod truth;
mod verbs;
mod wire;
pub mod world;

pub use authority::Unfit;
pub use bulk::{BulkOptions, bulk_id, bulk_number};
pub use entra::{Federated, WebApp};
pub use faults::{Dials, Fault, Rule};
pub use live::foothold::{Foothold, FootholdKind, FootholdReport};
pub use live::tries::Attempt;
pub use record::{ContentType, Micros, Record, SignInKind, Stream};
pub use report::{Report, Scope, Verdict};
pub use server::{Running, ServeError, ServeOptions, serve, start};
pub use service::{Addresses, Service};
pub use stamp::write as written;
pub use storage::LogBlob;
pub use story::{StoryError, WorldOptions, stories};
pub use truth::Truth;
pub use world::{Tenant, World};
