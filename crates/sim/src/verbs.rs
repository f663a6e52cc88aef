//! What can happen: one verb a file, and the stage on which they are played.
//!
//! A verb changes the tenant and writes every record that Microsoft writes of it, in every
//! stream. It knows nothing of the collector: what it writes is what the documentation says.

mod act;
mod alert;
mod app_reads;
mod audit_off;
mod azure;
mod client;
mod cmdlet;
mod connector;
mod consent;
mod credential;
mod delegate;
mod deliver;
mod device;
mod directory;
mod discard;
mod files;
mod forward;
mod mail_record;
mod method;
mod password;
mod read;
mod risk;
mod role;
mod rule;
mod send;
mod service;
mod share;
mod sign_in;
mod sign_in_wire;
mod spray;
mod stage;
mod sync;
mod teams;
mod transport;
mod upkeep;
mod write;

pub(crate) use act::{Act, Hand, Verb};
pub(crate) use azure::{Azure, DevOps};
pub(crate) use client::Client;
pub(crate) use deliver::Deliver;
pub(crate) use directory::{Change, Target, quoted};
pub(crate) use discard::{Discard, How};
pub(crate) use files::{FileAct, Files};
pub(crate) use read::Read;
pub(crate) use rule::NewRule;
pub(crate) use send::Send;
pub(crate) use service::Service;
pub(crate) use sign_in::{Outcome, SignIn};
pub(crate) use stage::Stage;
pub(crate) use sync::Sync;
pub(crate) use teams::Teams;
pub(crate) use upkeep::{Chore, Upkeep};
pub(crate) use write::{delay, pairs, text};
