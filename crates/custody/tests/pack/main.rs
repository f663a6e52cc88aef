//! Packs from outside: sealed, read by other tools, damaged in every way, verified.

mod hostile;
mod properties;
mod sealing;
mod specimen;
mod tampering;
mod tools;
