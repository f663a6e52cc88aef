//! What to ask the cloud for, and where we stand: one feed a file, each a state machine
//! without I/O.
//!
//! A feed is asked what it wants (`ask`), told what came of it (`hear`), and told when what it
//! had kept is durable (`kept`). What it must remember comes out as [`Change`]s, which are
//! written down after the records they speak of and never before; a feed made again from what
//! was written down goes on where it stood, so that nothing is lost and at worst something is
//! asked twice. A question that failed is asked again until it can no longer be answered; then
//! it is a [`model::Gap`], never silence.

mod activity;
mod audit_query;
mod azure_activity;
pub mod catalogue;
mod devops;
mod diagnostic;
mod digest;
mod directory;
pub mod feed;
mod graph;
mod health;
pub mod invoke;
mod kinds;
mod link;
mod message_trace;
mod message_trace_exchange;
mod moment;
mod notebook;
mod pause;
mod risk;
pub mod said;
mod search_ual;
pub mod settings;
mod signins;
#[cfg(test)]
mod testing;
#[allow(
    dead_code,
    reason = "the readers that use the rest come with their feeds"
)]
mod window;

pub use catalogue::{Cloud, FeedKind, Permission, catalogue, kind_of, make, names};
pub use feed::{Change, Feed, Heard, Keep, Memory, Next, Standing, Ticket, Trouble};
pub use settings::FeedSettings;
