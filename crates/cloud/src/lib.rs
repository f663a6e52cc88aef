//! The only room that speaks to Microsoft: tokens, throttling, fetching, changing.
//!
//! A [`Door`] takes a question ([`model::Ask`]) and what opens a tenant ([`Access`]) and
//! brings back a reply or the reason why there is none. It knows hosts, tokens and pauses;
//! it does not know what is asked for or why. What changes a tenant ([`model::Change`]) goes
//! through a [`Hand`], which only responding has.
//!
//! Three promises are kept here and tested in `tests/`: a token never leaves for a host it is
//! not for, a tenant that is throttled does not delay another, and no secret reaches a log or
//! an error.

mod aadsts;
mod access;
mod assertion;
mod body;
mod bucket;
mod certificate;
mod claims;
mod device;
mod door;
mod endpoints;
mod gate;
mod grant;
mod hand;
mod hours;
mod identity;
mod journey;
mod kept;
mod limits;
mod line;
pub mod oidc;
mod pace;
mod sheet;
mod spread;
mod tally;
mod target;
mod token;
mod verdict;
mod wire;

pub use access::{Access, Credential};
pub use claims::TokenFacts;
pub use device::DeviceCode;
pub use door::{Door, DoorError, Sent};
pub use endpoints::{EndpointError, Endpoints};
pub use hand::Hand;
pub use identity::IdentityHosts;
pub use limits::Limits;
pub use model::Secret;
pub use tally::Tally;
