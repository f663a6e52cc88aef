//! The room against real, damaged and invented evidence.

mod damaged;
mod invented;
mod inventory;
mod properties;
mod real;
mod seen;
