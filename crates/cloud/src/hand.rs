//! The hand: the one way to change a tenant.
//!
//! A [`Door`] cannot change anything but the start of a subscription; whoever collects holds a
//! door and no hand. A change is sent once: only where the service says that it did not take it
//! (too many requests, a token that is not accepted) is it sent again. An answer that was lost,
//! or an error of the server, leaves open whether it was made: the state is read, not guessed.

use crate::access::Access;
use crate::bucket::Went;
use crate::door::{Door, DoorError, Sent};
use crate::journey::{first_word, hide};
use crate::limits::Limits;
use crate::sheet::Sheet;
use crate::target;
use crate::verdict::{Verdict, judge};
use crate::wire;
use model::{Ask, Change, Failure, NoToken, Reply, Service, Target, Timestamp, Verb};
use reqwest::{Method, Response, Url};
use std::sync::Arc;
use tokio::time::Instant;

/// What changes tenants, with an application of its own.
pub struct Hand {
    door: Door,
}

/// What came of one sending.
enum Step {
    Done(Reply),
    Again,
}

impl Hand {
    /// Returns a hand. `clock` tells the local time, `roots` are further certificates to trust (PEM).
    pub fn new(
        limits: Limits,
        clock: fn() -> Timestamp,
        roots: Option<&[u8]>,
    ) -> Result<Self, DoorError> {
        Door::new(limits, clock, roots).map(|door| Self { door })
    }

    /// Looks before and behind a change, with the application that makes it.
    pub async fn look(&self, access: &Arc<Access>, ask: &Ask) -> Sent {
        self.door.send(access, ask).await
    }

    /// Returns what the token for a service says that its bearer may do.
    pub async fn token(
        &self,
        access: &Arc<Access>,
        service: Service,
    ) -> Result<crate::TokenFacts, NoToken> {
        self.door.token(access, service).await
    }

    /// Sends one change and returns the answer, whatever its status. A failure says nothing of
    /// whether the change was made.
    pub async fn change(&self, access: &Arc<Access>, change: &Change) -> Result<Reply, Failure> {
        let path = Target::Path(change.path.clone());
        let url = target::place(access, change.service, &path)?;
        let mut patience = self.door.line.limits.patience;
        let mut stale = None;
        loop {
            let sending = self.once(access, change, &url, &mut patience, &mut stale);
            match sending.await? {
                Step::Done(reply) => return Ok(reply),
                Step::Again => {}
            }
        }
    }

    async fn once(
        &self,
        access: &Arc<Access>,
        change: &Change,
        url: &Url,
        patience: &mut std::time::Duration,
        stale: &mut Option<u64>,
    ) -> Result<Step, Failure> {
        let door = &self.door;
        let held = door.tokens.get(access, change.service, *stale).await;
        let held = held.map_err(Failure::NoToken)?;
        let admission = door.gates.admit(&access.tenant, change.pace, patience);
        let mut admission = admission
            .await
            .map_err(|seconds| Failure::Throttled { seconds })?;
        // The wait may have outlived the token.
        if Instant::now() >= held.ends {
            return Ok(Step::Again);
        }
        door.tallies
            .count(&access.tenant, change.pace, |tally| tally.requests += 1);
        let method = match change.verb {
            Verb::Post => Method::POST,
            Verb::Patch => Method::PATCH,
            Verb::Delete => Method::DELETE,
        };
        let sheet = Sheet {
            service: change.service,
            headers: &change.headers,
            body: change.body.as_deref(),
        };
        let client = door.line.wire.client(url);
        let request = sheet.on(client.request(method.clone(), url.clone()), &method, &held)?;
        let limit = door.line.limits.timeout;
        let first = first_word(change.pace, limit);
        let mut response = door.line.begin(url, request, first).await?;
        let mut reply = self.heard(&mut response).await?;
        hide(&mut reply.body, held.token.reveal());
        if reply.is_success() {
            admission.accepted();
            admission.went(Went::Taken);
            return Ok(Step::Done(reply));
        }
        let now = door.line.now(url);
        let verdict = judge(reply.status, &reply.headers, &reply.body, now);
        tracing::debug!(tenant.id = %access.tenant, status = reply.status, ?verdict, "a change was answered");
        // An error of the server may have come behind the change, whatever it says of waiting.
        match verdict {
            Verdict::Throttled(asked) if reply.status < 500 => {
                admission.went(Went::Throttled(asked));
                return Ok(Step::Again);
            }
            Verdict::Unauthorised | Verdict::Denied { by_token: true } if stale.is_none() => {
                admission.went(Went::Taken);
                *stale = Some(held.serial);
                return Ok(Step::Again);
            }
            _ => admission.went(Went::Taken),
        }
        Ok(Step::Done(reply))
    }

    async fn heard(&self, response: &mut Response) -> Result<Reply, Failure> {
        let limits = &self.door.line.limits;
        let status = response.status().as_u16();
        if (300..400).contains(&status) {
            return Err(Failure::Broken(format!(
                "a change was answered with a redirection ({status}), which is not followed"
            )));
        }
        let headers = wire::headers(response);
        let mut reply = Reply {
            status,
            headers,
            ..Reply::default()
        };
        reply.body = if reply.is_success() {
            wire::whole(response, limits.timeout, limits.page_limit).await?
        } else {
            wire::of_error(response, limits.timeout).await
        };
        Ok(reply)
    }
}
