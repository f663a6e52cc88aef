//! Reading a log span by span: what is still to be read, what is read again because records
//! come late, and what can be read no more.
//!
//! [`Desk`] plans and remembers spans of one log and asks for nothing; [`reader`] walks the
//! pages of each span for the sources that answer by pages.

pub(crate) mod desk;
pub(crate) mod page;
pub(crate) mod reader;
pub(crate) mod source;
mod turns;
pub(crate) mod wire;

pub(crate) use desk::{Desk, Fullness, Rules, Tier, Window};

#[cfg(test)]
mod tests;
