//! Telling people: a card to each destination, and the book of what is still to be told.
//!
//! A [`Card`] holds the facts of an incident. [`render`] writes it in the words of one
//! [`Destination`], from [`Templates`] that an operator may change; a [`Courier`] delivers
//! what was written and says what came of it; the [`outbox::Outbox`] decides what goes where and when.
//! Only the courier reaches out of the house, and nothing here reads a clock: `now` is an argument.
//!
//! Three promises are kept here and tested. What an intruder wrote is text in every rendering:
//! it links nowhere, mentions nobody and moves no cursor. No secret reaches an error or a log,
//! and the address of a webhook is a secret. A card never goes to a mailbox that it is about.

mod about;
mod card;
mod courier;
mod destination;
mod email;
mod escape;
mod example;
mod facts;
mod inert;
mod limits;
mod link;
mod mailbox;
pub mod outbox;
mod outcome;
mod pagerduty;
mod rendered;
mod secret;
mod slack;
mod smtp;
mod stream;
mod summary;
mod syslog;
mod teams;
mod template;
mod webhook;
mod wire;

pub use about::{About, Need};
pub use card::{Card, Count, Data, Links, Place, Reason, State};
pub use courier::{Courier, CourierError};
pub use destination::{Destination, SINKS};
pub use email::{Email, Security};
pub use facts::FIELDS;
pub use limits::Limits;
pub use mailbox::is_same_mailbox;
pub use model::Secret;
pub use outcome::{Certainty, Outcome};
pub use pagerduty::PagerDuty;
pub use rendered::{Rendered, render};
pub use slack::Slack;
pub use summary::{Held, summary};
pub use syslog::{Syslog, Transport};
pub use teams::Teams;
pub use template::{TEMPLATES, TemplateTrouble, Templates};
pub use webhook::{SignatureFault, Webhook, check_signature};
