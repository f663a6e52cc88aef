//! The product from outside: arguments in, exit code, standard output and files out.

#![allow(
    clippy::print_stderr,
    clippy::print_stdout,
    reason = "a skipped test says so, a bar prints what it measured"
)]

mod azurite;
mod casefile;
mod cases;
mod commands;
mod corpus;
mod demo;
mod detect;
mod dirty;
mod doctor;
mod hostile;
mod house;
mod investigate;
mod kill;
mod onboard;
mod pages;
mod parts;
mod played;
mod real;
mod told;
mod truth;
