//! What the pages show and what they change, as two handles that are not the same.
//!
//! Whoever answers a question holds a [`Looking`], through which nothing can be written: the
//! ledger behind it is opened to be read. Whoever carries out what a person decided holds an
//! [`Acting`] as well. So a page that is fetched, by whatever fetches it, changes nothing.

mod acting;
mod acts;
mod configured;
mod identity;
mod looking;
mod record;

pub use crate::respond::chain::Refused;
pub use acting::Acting;
pub use acts::{OpenExecution, WaitingPlan};
pub use cloud::oidc::{Begun, Returned};
pub use configured::{Configured, ConfiguredTenant};
pub use identity::{Identity, Person};
pub use ledger::{
    Account, AccountEvent, AccountIdentity, ActsOf, Recognised, StoredFeed, StoredGap, StoredLink,
    StoredSession, StoredToken,
};
pub use looking::{Looking, Standing, TenantStanding};
pub use record::{ActLine, Chain, Proven};
