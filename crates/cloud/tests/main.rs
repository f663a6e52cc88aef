//! The door against a server that misbehaves at will.

#![allow(
    clippy::unwrap_used,
    reason = "the helpers of a test stop it as the test would"
)]

mod bodies;
mod hosts;
mod keys;
mod openid;
mod secrets;
mod server;
mod signing_in;
mod throttle;
mod tls;
mod tokens;
