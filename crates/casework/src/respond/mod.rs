//! What can be done about an intruder: each action in its own words, what stands in the tenant now,
//! what of it the intruder made, and the plan that follows.
//!
//! Pure: an action says what to ask and what to send, reads what came back, and judges it. Who
//! sends, who approves and who writes down what happened are elsewhere.
//!
//! | module | what it answers |
//! |---|---|
//! | `catalogue` | which actions there are |
//! | `actions` | one file each: what it needs, what it asks, sends, undoes |
//! | `live` | what stands in the tenant now, read before anything is planned |
//! | `footholds` | what the intruder left behind, as the records tell it |
//! | `doer` | whose an act was: the intruder's, somebody else's, or for a person to decide |
//! | `plan` | which action on which object, why, and in what order |
//! | `watch` | what to look for afterwards |

mod action;
mod actions;
mod catalogue;
mod doer;
mod exchange;
pub mod footholds;
mod graph;
mod heard;
#[cfg(test)]
mod invented;
pub mod live;
mod names;
mod object;
pub mod plan;
mod said;
mod secret;
mod state;
pub mod watch;
mod written;

pub use action::{About, Action, Reversible, Stage};
pub use catalogue::{action, catalogue};
pub use doer::{Acted, Doer, Weighing, settled};
pub use footholds::{Foothold, FootholdKind, Sign};
pub use heard::{Heard, Retry};
pub use live::{Live, Looking, Part};
pub use object::{Object, ObjectKind};
pub use plan::{Automatic, Caps, Missing, Plan, Policy, Scope, Step, Subject, order, plan};
pub use secret::{PASSWORD_ENTROPY, Sealed, made_password};
pub use state::State;
pub use watch::{WatchTerm, watch_terms};
