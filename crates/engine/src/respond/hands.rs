//! Asking and changing one tenant through the hand: one question after the other's failure told in words.

use super::wire::WireRequest;
use crate::clock;
use crate::error::EngineError;
use casework::respond::{Action, Heard, Object, State};
use cloud::{Access, Hand, Limits};
use futures::future::join_all;
use model::{Ask, Change, Failure, Reply, Secret, Service};
use std::sync::Arc;
use std::time::Duration;

/// Whoever approves waits: a service that does not answer is told soon.
fn impatient() -> Limits {
    Limits {
        patience: Duration::from_mins(1),
        backoff: Duration::from_secs(5),
        tries: 3,
        replication_pause: Duration::from_secs(2),
        ..Limits::default()
    }
}

/// How long to wait before a state is read back again that is not as wanted: a directory takes a
/// while to tell what it was told.
const READ_BACK: [Duration; 5] = [
    Duration::ZERO,
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(4),
    Duration::from_secs(8),
];

/// One tenant, opened for changes.
pub(super) struct Hands {
    hand: Hand,
    access: Arc<Access>,
}

/// Why it is not known how an object stands.
#[derive(Debug)]
pub(super) struct NotSeen {
    /// Why, in words.
    pub(super) what: String,
    /// Whether a sign-in or a permission is missing.
    pub(super) access: bool,
}

impl NotSeen {
    fn of(failure: &Failure) -> Self {
        Self {
            what: failure.to_string(),
            access: matches!(failure, Failure::NoToken(_)),
        }
    }

    fn unread(what: String, replies: &[Reply]) -> Self {
        let is_refused = |reply: &Reply| matches!(reply.status, 401 | 403);
        Self {
            what,
            access: replies.iter().any(is_refused),
        }
    }
}

/// What one sending came to.
pub(super) enum Sent {
    /// It was taken, or there was nothing to do.
    Taken,
    /// It was refused, for a reason in words with a hint.
    Refused(String, casework::respond::Retry),
    /// No answer came: whether it was made is open.
    Unknown(String),
}

impl Hands {
    pub(super) fn new(
        access: Arc<Access>,
        roots: Option<&[u8]>,
        limits: Option<Limits>,
    ) -> Result<Self, EngineError> {
        let limits = limits.unwrap_or_else(impatient);
        let hand = Hand::new(limits, clock::now, roots).map_err(EngineError::Door)?;
        Ok(Self { hand, access })
    }

    /// Asks one question.
    pub(super) async fn ask(&self, ask: &Ask) -> Result<Reply, Failure> {
        self.hand.look(&self.access, ask).await.outcome
    }

    /// Reads how an object stands.
    pub(super) async fn look(
        &self,
        action: &dyn Action,
        object: &Object,
    ) -> Result<State, NotSeen> {
        let replies = self.replies(action, object).await?;
        let seen = action.seen(object, &replies);
        seen.map_err(|what| NotSeen::unread(what, &replies))
    }

    /// Reads how an object stands that was taken back: made anew, it may have another id.
    pub(super) async fn look_back(
        &self,
        action: &dyn Action,
        object: &Object,
        before: &State,
    ) -> Result<State, NotSeen> {
        let replies = self.replies(action, object).await?;
        let seen = action.seen_undone(object, before, &replies);
        seen.map_err(|what| NotSeen::unread(what, &replies))
    }

    async fn replies(&self, action: &dyn Action, object: &Object) -> Result<Vec<Reply>, NotSeen> {
        let asks = action.look(object);
        let heard = join_all(asks.iter().map(|ask| self.ask(ask))).await;
        let replies: Result<Vec<Reply>, Failure> = heard.into_iter().collect();
        replies.map_err(|failure| NotSeen::of(&failure))
    }

    /// Reads how an object stands until it is as it should be, or for as long as that may take.
    /// `before` is given where it is to be as it was.
    pub(super) async fn look_until(
        &self,
        action: &dyn Action,
        object: &Object,
        before: Option<&State>,
        is_so: &dyn Fn(&State) -> bool,
    ) -> Result<State, NotSeen> {
        let mut last = Err(NotSeen::unread("it was not read".to_owned(), &[]));
        for pause in READ_BACK {
            tokio::time::sleep(pause).await;
            last = match before {
                Some(before) => self.look_back(action, object, before).await,
                None => self.look(action, object).await,
            };
            if last.as_ref().is_ok_and(is_so) {
                break;
            }
        }
        last
    }

    /// Sends one change.
    pub(super) async fn send(
        &self,
        action: &dyn Action,
        object: &Object,
        change: &Change,
        sent: &mut Vec<WireRequest>,
    ) -> Sent {
        let answer = self.hand.change(&self.access, change).await;
        let mut request = WireRequest {
            service: change.service.name().to_owned(),
            request: format!("{} {}", change.verb.name(), shown_path(change)),
            status: 0,
            request_id: String::new(),
            said: String::new(),
        };
        let came = match &answer {
            Ok(reply) => {
                request.status = reply.status;
                request.request_id = request_id(change.service, reply);
                match action.heard(object, reply) {
                    Heard::Taken => Sent::Taken,
                    Heard::AlreadySo(said) => {
                        request.said = said;
                        Sent::Taken
                    }
                    Heard::Refused { what, hint, retry } => {
                        request.said.clone_from(&what);
                        let and = if hint.is_empty() { "" } else { "; " };
                        let words = format!("{what}{and}{hint}");
                        if reply.status >= 500 {
                            Sent::Unknown(words)
                        } else {
                            Sent::Refused(words, retry)
                        }
                    }
                }
            }
            // What was not sent is known not to be made.
            Err(
                failure @ (Failure::NoToken(_)
                | Failure::ForeignHost(_)
                | Failure::Throttled { .. }),
            ) => {
                request.said = failure.to_string();
                Sent::Refused(failure.to_string(), casework::respond::Retry::Later)
            }
            Err(failure) => {
                request.said = failure.to_string();
                Sent::Unknown(failure.to_string())
            }
        };
        sent.push(request);
        came
    }

    /// Sends what does an action, each of its requests.
    pub(super) async fn carry_out(
        &self,
        action: &dyn Action,
        object: &Object,
        before: &State,
        secret: Option<&Secret>,
        sent: &mut Vec<WireRequest>,
    ) -> Result<Sent, String> {
        if let Some(secret) = secret.filter(|_| action.needs_secret()) {
            let sealed = action.change_with(object, before, secret)?;
            return Ok(self.send(action, object, sealed.open(), sent).await);
        }
        self.send_all(action, object, &action.change(object, before)?, sent)
            .await
    }

    /// Sends changes one after the other, until one is not taken.
    pub(super) async fn send_all(
        &self,
        action: &dyn Action,
        object: &Object,
        changes: &[Change],
        sent: &mut Vec<WireRequest>,
    ) -> Result<Sent, String> {
        for change in changes {
            match self.send(action, object, change, sent).await {
                Sent::Taken => {}
                other => return Ok(other),
            }
        }
        Ok(Sent::Taken)
    }
}

/// Returns what a service calls an answer of its own.
fn request_id(service: Service, reply: &Reply) -> String {
    let names: &[&str] = match service {
        Service::Exchange => &["request-id", "x-ms-request-id", "x-requestid"],
        _ => &["request-id", "client-request-id", "x-ms-request-id"],
    };
    let found = names.iter().find_map(|name| reply.header(name));
    model::shown::shown(found.unwrap_or_default()).into_owned()
}

/// Returns the path of a change without its query, and for Exchange the cmdlet.
fn shown_path(change: &Change) -> String {
    let path = change.path.split('?').next().unwrap_or_default();
    if change.service != Service::Exchange {
        return path.to_owned();
    }
    let body = change.body.as_deref().unwrap_or_default();
    let parsed = serde_json::from_str::<serde_json::Value>(body).ok();
    let cmdlet = parsed
        .as_ref()
        .and_then(|body| body.pointer("/CmdletInput/CmdletName"))
        .and_then(serde_json::Value::as_str);
    cmdlet.map_or_else(|| path.to_owned(), |cmdlet| format!("{path} {cmdlet}"))
}
