//! From a record in its own words to the words of the house: `Raw` to `Normalised`.
//!
//! A pure room: no I/O, no clock, no operator's zone. Every odd encoding that evidence is
//! known for is undone here, once, so that no rule and no query has to know it. One family
//! or dress a file; the words they share (`time`, `user`, `outcome`, `bags`,
//! `rest`) have files of their own. A record is never lost here: what cannot be
//! understood is said in `Normalised::errors` and stays in the event's rest.

mod alert;
mod azure_activity;
pub mod bags;
mod cloud_app_events;
mod devops_audit;
mod diagnostic;
mod directory_audit;
mod identity;
mod inventory;
mod mail;
mod mailbox_audit;
mod message;
mod office_activity;
mod other;
mod outcome;
mod owned;
mod places;
mod record_types;
pub mod rest;
mod risk;
mod signin;
mod time;
mod unified;
mod user;

pub use bags::{Bag, bag};
pub(crate) use identity::made_id;
pub use record_types::{record_type_name, record_type_number};
pub use rest::{Column, reassemble};
pub use unified::{Surface, surface};

use model::{DateOrder, Normalised, Raw, Shape, Timestamp};

/// What the caller knows about a record that the record itself may not say.
#[derive(Clone, Copy, Debug, Default)]
pub struct Context<'a> {
    /// The tenant for records that name none.
    pub tenant: Option<&'a str>,
    /// How much of a record is wanted.
    pub extent: Extent,
}

/// How much of a record is wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Extent {
    /// All of it: to be stored.
    #[default]
    Whole,
    /// Of a unified audit record only the event's own fields: no items, no fingerprint, no rest.
    /// Whoever wants more looks into the body itself.
    Fields,
}

/// Reads a time as evidence spells it; one without a zone is UTC.
#[must_use]
pub fn read_time(text: &str) -> Option<Timestamp> {
    time::read(text, DateOrder::default())
}

/// Understands one record.
///
/// Never fails and never panics: at worst the event holds an id, the whole body as its
/// rest, and the errors say what could not be read.
pub fn normalise<'r>(raw: &'r Raw<'r>, context: &'r Context<'r>) -> Normalised<'r> {
    match raw.shape {
        Shape::UnifiedAudit => unified::normalise(raw, context),
        Shape::MailboxAudit => mailbox_audit::normalise(raw, context),
        Shape::OfficeActivity => office_activity::normalise(raw, context),
        Shape::CloudAppEvents => cloud_app_events::normalise(raw, context),
        Shape::SignInGraph | Shape::SignInTable | Shape::SignInPortal => {
            signin::normalise(raw, context)
        }
        Shape::DirectoryAuditGraph | Shape::DirectoryAuditTable | Shape::DirectoryAuditPortal => {
            directory_audit::normalise(raw, context)
        }
        Shape::RiskGraph | Shape::RiskTable => risk::normalise(raw, context),
        Shape::Diagnostic => diagnostic::normalise(raw, context),
        Shape::AzureActivityApi | Shape::AzureActivityTable | Shape::AzureActivityPortal => {
            azure_activity::normalise(raw, context)
        }
        Shape::DevOpsAuditApi | Shape::DevOpsAuditTable => devops_audit::normalise(raw, context),
        Shape::MessageTrace
        | Shape::MessageTraceGraph
        | Shape::MessageTraceReport
        | Shape::EmailEvents => message::normalise(raw, context),
        Shape::MailboxInventory => inventory::normalise(raw, context),
        Shape::Alert => alert::normalise(raw, context),
        Shape::Other => other::normalise(raw, context),
    }
}
