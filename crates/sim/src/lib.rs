//! A small Microsoft cloud: tenants, people and mail, an attack as a story in time, the
//! services that a collector speaks to, and faults on dials.
//!
//! Written from Microsoft's documentation and sharing no code with the collector, so that a
//! misunderstanding cannot sit on both sides of a test.

pub mod app;
mod life;
pub mod mailbox;
mod office;
mod office_apps;
mod office_mail;
mod office_names;
pub mod person;
pub mod record;
mod seed;
pub mod story;
mod story_time;
pub mod truth;
mod verbs;
pub mod world;

pub use record::{ContentType, Micros, Record, SignInKind, Stream};
pub use story::{StoryError, WorldOptions, stories};
pub use truth::Truth;
pub use world::{Tenant, World};
