//! Looking at an account before anything is planned: every question of casework asked, every answer kept.

use super::hands::Hands;
use crate::error::EngineError;
use casework::respond::{Foothold, Live, Looking, Policy};
use futures::stream::{self, StreamExt};
use model::{Failure, NoTokenKind, Target};

/// How many questions are under way at once.
const AT_ONCE: usize = 6;

/// What was seen.
pub(super) struct Looked {
    pub(super) live: Live,
    /// Every answer, a line of JSON each: what there was before anything was changed.
    pub(super) answers: Vec<u8>,
}

/// Looks at an account, or at a tenant where no user is named.
pub(super) async fn look(
    hands: &Hands,
    (tenant, user): (&str, &str),
    footholds: &[Foothold],
    policy: &Policy,
) -> Result<Looked, EngineError> {
    let mut looking = if user.is_empty() {
        Looking::at_tenant(tenant, footholds, policy)
    } else {
        Looking::at_user(tenant, user, footholds, policy)
    };
    let mut answers = Vec::new();
    loop {
        let asks = looking.asks();
        if asks.is_empty() {
            break;
        }
        let asked = asks.into_iter().map(|(part, ask)| async move {
            let answer = hands.ask(&ask).await;
            (part, ask, answer)
        });
        // In the order of the questions: the same account gives the same plan.
        let mut heard = stream::iter(asked).buffered(AT_ONCE);
        while let Some((part, ask, answer)) = heard.next().await {
            if let Err(Failure::NoToken(no)) = &answer
                && no.kind != NoTokenKind::ServiceAbsent
            {
                return Err(EngineError::Unread {
                    what: format!("{part}: {}", Failure::NoToken(no.clone())),
                    access: true,
                });
            }
            if let Ok(reply) = &answer {
                keep(&mut answers, &part.to_string(), &ask, reply);
            }
            looking.hear(&part, answer.as_ref());
        }
    }
    Ok(Looked {
        live: looking.finish(),
        answers,
    })
}

fn keep(answers: &mut Vec<u8>, part: &str, ask: &model::Ask, reply: &model::Reply) {
    let target = match &ask.target {
        Target::Path(path) | Target::Link(path) => path,
    };
    let body = String::from_utf8_lossy(&reply.body);
    let body = serde_json::from_str::<serde_json::Value>(&body)
        .unwrap_or_else(|_| serde_json::Value::String(body.into_owned()));
    let line = serde_json::json!({
        "part": part,
        "service": ask.service.name(),
        "asked": target,
        "with": ask.body,
        "status": reply.status,
        "answer": body,
    });
    answers.extend_from_slice(line.to_string().as_bytes());
    answers.push(b'\n');
}
