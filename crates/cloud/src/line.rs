//! The wire with what every request over it needs: bounds, the local clock, and how far the
//! hosts are from it.

use crate::door::DoorError;
use crate::hours::Skews;
use crate::limits::Limits;
use crate::wire::{self, Wire};
use model::{Failure, Timestamp};
use reqwest::{RequestBuilder, Response, Url};
use std::time::Duration;

pub(crate) struct Line {
    pub(crate) wire: Wire,
    pub(crate) limits: Limits,
    pub(crate) clock: fn() -> Timestamp,
    pub(crate) skews: Skews,
}

impl Line {
    pub(crate) fn new(
        limits: Limits,
        clock: fn() -> Timestamp,
        roots: Option<&[u8]>,
    ) -> Result<Self, DoorError> {
        Ok(Self {
            wire: Wire::new(&limits, roots)?,
            limits,
            clock,
            skews: Skews::default(),
        })
    }

    /// Sends a request, waits for the head of the answer and notes the host's date.
    pub(crate) async fn begin(
        &self,
        url: &Url,
        request: RequestBuilder,
        patience: Duration,
    ) -> Result<Response, Failure> {
        let response = wire::begin(request, patience).await?;
        let date = response.headers().get("date");
        if let Some(date) = date.and_then(|date| date.to_str().ok()) {
            self.skews.note(&origin(url), date, (self.clock)());
        }
        Ok(response)
    }

    /// Returns the time as the host of a URL sees it, as far as it is known.
    pub(crate) fn now(&self, url: &Url) -> Timestamp {
        let ahead = self.skews.of(&origin(url)).unwrap_or_default();
        (self.clock)().plus_seconds(ahead)
    }
}

pub(crate) fn origin(url: &Url) -> String {
    url.origin().ascii_serialization()
}
