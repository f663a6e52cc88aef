//! Lists that many detections share: each from public documentation, each with its source.

pub mod agents;
pub mod apps;
pub mod mail_words;
pub mod networks;
pub mod sign_in_errors;
