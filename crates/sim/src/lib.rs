//! A small Microsoft cloud: tenants, people and mail, an attack as a story in time, the
//! services that a collector speaks to, and faults on dials.
//!
//! Written from Microsoft's documentation and sharing no code with the collector, so that a
//! misunderstanding cannot sit on both sides of a test.

pub mod app;
pub mod mailbox;
pub mod person;
pub mod record;
mod seed;
pub mod story;
pub mod truth;
pub mod world;

pub use record::{ContentType, Micros, Record, SignInKind, Stream};
pub use story::{StoryError, WorldOptions};
pub use truth::Truth;
pub use world::{Tenant, World};
