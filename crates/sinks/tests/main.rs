//! Cards through every destination, against servers that misbehave at will.

#![allow(
    clippy::unwrap_used,
    reason = "the helpers of a test stop it as the test would"
)]

mod cards;
mod hostile;
mod http;
mod mail;
mod outbox;
mod renderings;
mod server;
mod syslog;
mod templates;
