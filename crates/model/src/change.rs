//! A change to a tenant, as it is sent. A word apart from [`Ask`](crate::Ask), so that whoever
//! collects cannot change anything: what takes questions does not take this.

use crate::ask::{Pace, Service};

/// How a change is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verb {
    /// `POST`.
    Post,
    /// `PATCH`.
    Patch,
    /// `DELETE`.
    Delete,
}

impl Verb {
    /// Returns the method of HTTP.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Post => "POST",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

/// One request that changes a tenant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Which service.
    pub service: Service,
    /// Which quota.
    pub pace: Pace,
    /// How it is sent.
    pub verb: Verb,
    /// The path with its query below the service's own address; it begins with `/`.
    pub path: String,
    /// Headers beside the token, by their names.
    pub headers: Vec<(&'static str, String)>,
    /// The body, JSON.
    pub body: Option<String>,
}
