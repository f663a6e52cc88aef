//! What is answered over HTTP. For now: whether collecting is well, and its numbers.

mod board;
mod health;
mod metrics;

pub use board::Board;
pub use health::{Serving, serve};
