//! The way of one question: admitted, sent, judged, and sent again where that is of use.

use crate::access::Access;
use crate::body;
use crate::bucket::Went;
use crate::door::{Door, Sent};
use crate::gate::Admission;
use crate::kept::Kept;
use crate::sheet::Sheet;
use crate::spread;
use crate::target;
use crate::token::Held;
use crate::verdict::{Verdict, judge};
use crate::wire;
use model::{Ask, Failure, Method, Pace, Reply, Want};
use reqwest::{RequestBuilder, Response, Url};
use std::sync::Arc;
use std::time::Duration;
use tempfile::SpooledTempFile;
use tokio::time::Instant;

/// A refused permission may be a fresh grant that the token is too old to know; asking for a
/// token each time would be worse.
const TOO_OLD: Duration = Duration::from_mins(5);

pub(crate) struct Journey<'a> {
    door: &'a Door,
    access: &'a Arc<Access>,
    ask: &'a Ask,
    url: Url,
    patience: Duration,
    failures: u32,
    /// The serial of a token that was not taken.
    stale: Option<u64>,
}

/// What one try came to.
enum Step {
    Done(Sent),
    Again,
}

impl<'a> Journey<'a> {
    pub(crate) fn new(
        door: &'a Door,
        access: &'a Arc<Access>,
        ask: &'a Ask,
    ) -> Result<Self, Failure> {
        Ok(Self {
            url: target::resolve(access, ask)?,
            patience: door.line.limits.patience,
            failures: 0,
            stale: None,
            door,
            access,
            ask,
        })
    }

    pub(crate) async fn go(mut self) -> Sent {
        loop {
            match self.step().await {
                Ok(Step::Done(sent)) => return sent,
                Ok(Step::Again) => {}
                Err(failure) if self.may_pass(&failure) => self.rest().await,
                Err(failure) => return failure.into(),
            }
        }
    }

    fn may_pass(&self, failure: &Failure) -> bool {
        let passing = matches!(
            failure,
            Failure::Broken(_) | Failure::TimedOut | Failure::Garbled(_)
        );
        passing && self.failures + 1 < self.door.line.limits.tries
    }

    async fn rest(&mut self) {
        let pause = spread::doubled(self.door.line.limits.retry_pause, self.failures);
        self.failures += 1;
        self.count(|tally| tally.retried += 1);
        tokio::time::sleep(pause).await;
    }

    async fn step(&mut self) -> Result<Step, Failure> {
        let (door, access, ask) = (self.door, self.access, self.ask);
        let held = door.tokens.get(access, ask.service, self.stale).await;
        let held = held.map_err(Failure::NoToken)?;
        let mut admission = door
            .gates
            .admit(&access.tenant, ask.pace, &mut self.patience)
            .await
            .map_err(|seconds| Failure::Throttled { seconds })?;
        // The wait may have outlived the token.
        if Instant::now() >= held.ends {
            return Ok(Step::Again);
        }
        self.count(|tally| tally.requests += 1);
        let request = self.request(&held)?;
        let first = first_word(ask.pace, door.line.limits.timeout);
        let mut response = door.line.begin(&self.url, request, first).await?;
        let status = response.status().as_u16();
        let headers = wire::headers(&response);
        let mut reply = Reply {
            status,
            headers,
            ..Reply::default()
        };
        if let (300..=399, Some(to)) = (status, reply.header("location")) {
            admission.went(Went::Taken);
            return Ok(Step::Done(self.redirected(status, to).into()));
        }
        if reply.is_success() {
            admission.accepted();
            let kept = self.receive(&mut response, &mut reply).await?;
            admission.went(Went::Taken);
            return Ok(Step::Done(Sent {
                outcome: Ok(reply),
                body: kept,
            }));
        }
        reply.body = wire::of_error(&mut response, door.line.limits.timeout).await;
        self.count(|tally| tally.bytes += reply.body.len() as u64);
        hide(&mut reply.body, held.token.reveal());
        self.judged(reply, &held, admission).await
    }

    async fn judged(
        &mut self,
        reply: Reply,
        held: &Held,
        admission: Admission,
    ) -> Result<Step, Failure> {
        let now = self.door.line.now(&self.url);
        let verdict = judge(reply.status, &reply.headers, &reply.body, now);
        let (pace, status) = (self.ask.pace, reply.status);
        tracing::debug!(tenant.id = %self.access.tenant, ?pace, status, ?verdict, "the answer is {status}");
        let again = match verdict {
            Verdict::Throttled(asked) => {
                admission.went(Went::Throttled(asked));
                self.count(|tally| tally.throttled += 1);
                return Ok(Step::Again);
            }
            Verdict::Passing => {
                drop(admission);
                let again = self.failures + 1 < self.door.line.limits.tries;
                if again {
                    self.rest().await;
                }
                again
            }
            Verdict::Unauthorised => self.renew(held, Duration::ZERO, admission),
            Verdict::Denied { by_token: true } => self.renew(held, Duration::ZERO, admission),
            Verdict::Denied { by_token: false } => self.renew(held, TOO_OLD, admission),
            Verdict::Answer => {
                admission.went(Went::Taken);
                false
            }
        };
        if again {
            return Ok(Step::Again);
        }
        Ok(Step::Done(Sent {
            outcome: Ok(reply),
            body: None,
        }))
    }

    /// Returns whether to try once more with a fresh token.
    fn renew(&mut self, held: &Held, old: Duration, admission: Admission) -> bool {
        admission.went(Went::Taken);
        let first = self.stale.is_none() && held.minted.elapsed() >= old;
        if first {
            self.stale = Some(held.serial);
        }
        first
    }

    fn request(&self, held: &Held) -> Result<RequestBuilder, Failure> {
        let client = self.door.line.wire.client(&self.url);
        let method = match self.ask.method {
            Method::Get => reqwest::Method::GET,
            Method::Post => reqwest::Method::POST,
        };
        let sheet = Sheet {
            service: self.ask.service,
            headers: &self.ask.headers,
            body: self.ask.body.as_deref(),
        };
        sheet.on(
            client.request(method.clone(), self.url.clone()),
            &method,
            held,
        )
    }

    fn redirected(&self, status: u16, to: &str) -> Failure {
        match self.url.join(to) {
            Ok(to) if target::is_home(&self.url, &to) => {
                let host = target::host_of(&to);
                Failure::Broken(format!("redirected ({status}) within `{host}`"))
            }
            Ok(to) => Failure::ForeignHost(target::host_of(&to)),
            Err(_) => Failure::ForeignHost("no address at all".to_owned()),
        }
    }

    /// Receives the body of a success: into the reply, or beside it.
    async fn receive(
        &self,
        response: &mut Response,
        reply: &mut Reply,
    ) -> Result<Option<SpooledTempFile>, Failure> {
        if let Some(wrong) = body::wrong_kind(reply.header("content-type")) {
            return Err(Failure::Garbled(wrong));
        }
        let limits = &self.door.line.limits;
        if self.ask.want != Want::Records {
            let page = wire::whole(response, limits.timeout, limits.page_limit).await?;
            self.count(|tally| tally.bytes += page.len() as u64);
            let wrong = match self.ask.want {
                Want::Lines => body::wrong_lines(&page),
                _ => body::wrong_page(self.ask.service, reply.status, &page),
            };
            if let Some(wrong) = wrong {
                return Err(Failure::Garbled(wrong));
            }
            reply.body = page;
            return Ok(None);
        }
        let kept = self.keep(response).await?;
        reply.kept_bytes = kept.bytes;
        Ok(Some(kept.checked(limits.memory_limit).await?))
    }

    async fn keep(&self, response: &mut Response) -> Result<Kept, Failure> {
        let limits = &self.door.line.limits;
        let mut kept = Kept::default();
        let keep = |piece: &[u8]| kept.add(piece, limits);
        let received = wire::body(response, limits.timeout, keep).await;
        self.count(|tally| tally.bytes += kept.bytes);
        received.map(|()| kept)
    }

    fn count(&self, change: impl FnOnce(&mut crate::tally::Tally)) {
        let (tenant, pace) = (&self.access.tenant, self.ask.pace);
        self.door.tallies.count(tenant, pace, change);
    }
}

/// How long a service may think before its first word: a cmdlet is ended after fifteen
/// minutes, a query for activities after 75 seconds.
pub(crate) fn first_word(pace: Pace, usual: Duration) -> Duration {
    match pace {
        Pace::Cmdlet => usual * 15,
        Pace::AzureActivity | Pace::AuditQuery | Pace::Trace => usual * 2,
        _ => usual,
    }
}

/// Blots out a token that an error page repeats.
pub(crate) fn hide(body: &mut [u8], token: &str) {
    let token = token.as_bytes();
    let mut from = 0;
    while from + token.len() <= body.len() {
        let found = body[from..]
            .windows(token.len())
            .position(|part| part == token);
        let Some(at) = found else { return };
        body[from + at..from + at + token.len()].fill(b'*');
        from += at + token.len();
    }
}
