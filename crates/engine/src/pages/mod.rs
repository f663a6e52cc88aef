//! What the pages show and what they change, as two handles that are not the same.
//!
//! Whoever answers a question holds a [`Looking`], through which nothing can be written: the
//! ledger behind it is opened to be read. Whoever carries out what a person decided holds an
//! [`Acting`] as well. So a page that is fetched, by whatever fetches it, changes nothing.

mod acting;
mod acts;
mod configured;
mod looking;
mod record;

pub use crate::respond::chain::Refused;
pub use acting::Acting;
pub use acts::{OpenExecution, WaitingPlan};
pub use configured::{Configured, ConfiguredTenant};
pub use ledger::{
    Account, AccountEvent, ActsOf, StoredFeed, StoredGap, StoredLink, StoredSession, StoredToken,
};
pub use looking::{Looking, Standing, TenantStanding};
pub use record::{ActLine, Chain, Proven};
