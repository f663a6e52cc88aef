//! The room against real, damaged and invented evidence.

mod damaged;
mod invented;
mod properties;
mod real;
mod seen;
