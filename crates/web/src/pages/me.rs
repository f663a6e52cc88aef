//! `/me`: where somebody is signed in, and the tokens of their programs.

use crate::api::Scope;
use crate::form::Posted;
use crate::frame::{Frame, page};
use crate::house::{Reads, Writes};
use crate::keys::{digest, random};
use crate::refusal::Refusal;
use crate::session::Signed;
use crate::text::{Text, When, text};
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use engine::pages::{AccountEvent, StoredToken};
use model::Timestamp;
use std::sync::Arc;

/// How long a token counts.
const TOKEN_DAYS: i64 = 90;

#[derive(Template)]
#[template(path = "me.html")]
struct MePage {
    frame: Frame,
    form: String,
    name: Text,
    roles: Vec<(Text, Text)>,
    sessions: Vec<SessionLine>,
    tokens: Vec<TokenLine>,
    scopes: Vec<(&'static str, &'static str)>,
    /// A token that was made now: it is shown this once.
    made: Option<String>,
}

struct SessionLine {
    is_this: bool,
    opened: When,
    used: When,
    address: Text,
    agent: Text,
}

struct TokenLine {
    digest: String,
    name: Text,
    scopes: Text,
    made: When,
    expires: When,
    counts: bool,
}

/// Shows it.
pub(crate) async fn get(
    State(reads): State<Arc<Reads>>,
    signed: Signed,
) -> Result<Response, Refusal> {
    Ok(page(&made(&reads, &signed, None)?))
}

fn made(reads: &Reads, signed: &Signed, made: Option<String>) -> Result<MePage, Refusal> {
    let now = reads.now();
    let looking = reads.looking();
    let name = &signed.account.name;
    let sessions = looking.sessions(name)?;
    let tokens = looking.tokens(name)?;
    Ok(MePage {
        frame: Frame::of(signed, "me", "Your account"),
        form: signed.form_secret.clone(),
        name: text(name),
        roles: super::accounts::told(&signed.account),
        sessions: (sessions.iter())
            .map(|one| SessionLine {
                is_this: one.digest == signed.session.digest,
                opened: When(one.opened),
                used: When(one.used),
                address: text(&one.address),
                agent: text(&one.agent),
            })
            .collect(),
        tokens: (tokens.iter())
            .map(|one| TokenLine {
                digest: one.digest.clone(),
                name: text(&one.name),
                scopes: text(&one.scopes),
                made: When(one.made),
                expires: When(one.expires),
                counts: one.ended.is_none() && now < one.expires,
            })
            .collect(),
        scopes: Scope::ALL
            .iter()
            .map(|one| (one.name(), one.words()))
            .collect(),
        made,
    })
}

/// Ends every other session of the same account.
pub(crate) async fn end_others(
    State(writes): State<Arc<Writes>>,
    posted: Posted,
) -> Result<Response, Refusal> {
    let signed = &posted.signed;
    let acting = writes.acting();
    acting.end_sessions(&signed.account.name, &signed.session.digest, Timestamp(0))?;
    Ok(Redirect::to("/me").into_response())
}

/// Makes a token, and shows it once.
pub(crate) async fn make_token(
    State(writes): State<Arc<Writes>>,
    posted: Posted,
) -> Result<Response, Refusal> {
    let signed = &posted.signed;
    let now = writes.now();
    if !signed.is_proved(now) {
        return Err(Refusal::Prove {
            next: "/me".to_owned(),
        });
    }
    let name: String = posted.fields.get("name").trim().chars().take(80).collect();
    let scopes: Vec<&str> = (posted.fields.all("scope"))
        .filter(|one| Scope::ALL.iter().any(|scope| scope.name() == *one))
        .collect();
    if name.is_empty() || scopes.is_empty() {
        return Err(Refusal::Form(
            "A token needs a name and at least one thing that it may be used for.".to_owned(),
        ));
    }
    let secret = format!("bst_{}", random()?);
    let acting = writes.acting();
    acting.keep_token(&StoredToken {
        digest: digest(&secret),
        account: signed.account.name.clone(),
        name: name.clone(),
        scopes: scopes.join(" "),
        made: now,
        expires: Timestamp(now.0 + TOKEN_DAYS * 24 * 3600 * 1_000_000),
        ended: None,
    })?;
    acting.note_account(&AccountEvent {
        at: now,
        account: signed.account.name.clone(),
        by: signed.account.name.clone(),
        address: posted.sender.address.clone(),
        what: format!("made the token `{name}` for {}", scopes.join(", ")),
    })?;
    drop(acting);
    Ok(page(&made(&writes.reads, signed, Some(secret))?))
}

/// Takes a token back.
pub(crate) async fn end_token(
    State(writes): State<Arc<Writes>>,
    posted: Posted,
) -> Result<Response, Refusal> {
    let name = &posted.signed.account.name;
    let token = posted.fields.get("token");
    let ended = writes.acting().end_token(name, token, writes.now())?;
    if !ended {
        return Err(Refusal::NotFound);
    }
    Ok(Redirect::to("/me").into_response())
}
