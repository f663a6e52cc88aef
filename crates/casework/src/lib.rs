//! What an analyst holds in a case: who was there, which messages they reached, what the logs could not see.
//!
//! Pure: it is handed records, it says what they show. It opens nothing, reads no clock,
//! and gives the same answer whatever the order in which the records come.
//!
//! | module | what it answers |
//! |---|---|
//! | `brief` | what is asked: the person, the seeds, the analyst's own verdicts |
//! | `attribution` | which contexts there are, whose each is, and how that is known |
//! | `rules` | which rules and forwardings were active when, and what they caught |
//! | `messages` | where each message was, and which evidence class it is in |
//! | `outflow` | what else left: files, sharing, sent mail, who must be warned |
//! | `coverage` | what the logs could not see |
//! | `statement` | the sentence a lawyer signs, the timeline, the next decision |
//! | `respond` | what can be done about the intruder, and the plan that does it |
//!
//! A case is worked in this order: hand every event of the tenant to the logs, close them
//! (`attribution` first, the others are told its verdicts), then judge message after message.

pub mod attribution;
pub mod brief;
pub mod coverage;
pub mod interval;
#[cfg(test)]
mod invented;
pub mod messages;
pub mod outflow;
pub mod respond;
pub mod rules;
pub mod shell;
pub mod statement;

pub use attribution::{
    Attribution, Confidence, Context, ContextId, Eviction, Marks, Pivot, Proposal, Verdict,
};
pub use brief::{Brief, Missed, Override, Seed, SeedError};
pub use coverage::{Coverage, Gap, GapId};
pub use interval::{Interval, Intervals};
pub use messages::{Class, Delivered, Handled, Judged, Tag};
pub use rules::{RuleVersion, Rules};
pub use statement::{Counts, Moment, Statement};
