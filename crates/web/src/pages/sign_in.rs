//! `/sign-in`, `/sign-out`, `/prove`: a name, a password and a code; and a code again before acting.
//!
//! Whatever is wrong, the answer is the same and takes as long.

use crate::form::{Letter, Posted, Sender};
use crate::frame::{Frame, page};
use crate::house::{Reads, Writes};
use crate::keys::{digest, random};
use crate::refusal::{Refusal, is_local};
use crate::session::{LONGEST_MICROS, Signed};
use crate::text::{Text, text};
use crate::throttle::{OF_ACCOUNT, OF_ADDRESS};
use crate::{password, totp};
use askama::Template;
use axum::extract::{Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use engine::pages::{Account, AccountEvent, StoredSession};
use model::Timestamp;
use serde::Deserialize;
use std::sync::Arc;

/// Where to go afterwards.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Next {
    #[serde(default)]
    next: String,
}

impl Next {
    fn path(&self) -> String {
        local(&self.next)
    }
}

fn local(path: &str) -> String {
    if is_local(path) { path } else { "/" }.to_owned()
}

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInPage {
    frame: Frame,
    next: Text,
    name: Text,
    wrong: &'static str,
    has_accounts: bool,
}

#[derive(Template)]
#[template(path = "prove.html")]
struct ProvePage {
    frame: Frame,
    form: String,
    next: Text,
    wrong: &'static str,
}

const WRONG: &str = "The name, the password or the code is not right. A code counts once.";
const WRONG_CODE: &str = "The code is not right, or was used already. Wait for the next one.";

/// Shows the form.
pub(crate) async fn get(
    State(reads): State<Arc<Reads>>,
    Query(next): Query<Next>,
) -> Result<Response, Refusal> {
    let has_accounts = has_accounts(&reads)?;
    Ok(page(&form(&next.path(), "", "", has_accounts)))
}

fn has_accounts(reads: &Reads) -> Result<bool, Refusal> {
    let accounts = reads.looking().accounts()?;
    Ok(accounts.iter().any(|one| !one.password.is_empty()))
}

fn form(next: &str, name: &str, wrong: &'static str, has_accounts: bool) -> SignInPage {
    SignInPage {
        frame: Frame::bare("", "Sign in"),
        next: text(next),
        name: text(name),
        wrong,
        has_accounts,
    }
}

/// Signs somebody in.
pub(crate) async fn post(
    State(writes): State<Arc<Writes>>,
    letter: Letter,
) -> Result<Response, Refusal> {
    let name = letter.fields.get("name").trim().to_lowercase();
    let next = local(letter.fields.get("next"));
    may_try(&writes, &name, &letter.sender)?;
    let (of, fields) = (Arc::clone(&writes), letter.fields.clone());
    let by = name.clone();
    let known = tokio::task::spawn_blocking(move || {
        known(&of, &by, fields.get("password"), fields.get("code"))
    });
    let known = known.await.map_err(|_| Refusal::Failed)??;
    let Some(account) = known else {
        was_wrong(&writes, &name, &letter.sender, "a wrong sign-in")?;
        let mut response = page(&form(&next, &name, WRONG, true));
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
        return Ok(response);
    };
    writes.throttle.right(&of_account(&name));
    begin(&writes, &account.name, &letter.sender, &next)
}

/// Returns the account whose password and code these are; the code is used up.
fn known(writes: &Writes, name: &str, typed: &str, code: &str) -> Result<Option<Account>, Refusal> {
    let account = writes.reads.looking().account(name)?;
    let kept = account.as_ref().map_or("", |one| one.password.as_str());
    let is_right = password::is_right(typed, kept);
    let account = account.filter(|one| is_right && one.ended.is_none());
    let Some(account) = account else {
        return Ok(None);
    };
    Ok(is_code(writes, &account, code)?.then_some(account))
}

fn is_code(writes: &Writes, account: &Account, code: &str) -> Result<bool, Refusal> {
    let seed = writes.reads.keys.unseal(&account.name, &account.seed);
    let number = seed.and_then(|seed| totp::matching(&seed, code, writes.now()));
    match number {
        Some(number) => Ok(writes.acting().use_code(&account.name, number)?),
        None => Ok(false),
    }
}

/// Begins a session and sends the browser on.
pub(crate) fn begin(
    writes: &Writes,
    name: &str,
    sender: &Sender,
    next: &str,
) -> Result<Response, Refusal> {
    let (secret, now) = (random()?, writes.now());
    let acting = writes.acting();
    acting.end_sessions("", "", Timestamp(now.0 - LONGEST_MICROS))?;
    acting.open_session(&StoredSession {
        digest: digest(&secret),
        account: name.to_owned(),
        opened: now,
        used: now,
        proved: now,
        address: sender.address.clone(),
        agent: sender.agent.clone(),
    })?;
    acting.note_account(&AccountEvent {
        at: now,
        account: name.to_owned(),
        by: name.to_owned(),
        address: sender.address.clone(),
        what: "signed in".to_owned(),
    })?;
    let cookie = writes.reads.set_cookie(Some(&secret));
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to(next)).into_response())
}

fn of_account(name: &str) -> String {
    format!("account {name}")
}

fn of_address(sender: &Sender) -> String {
    format!("address {}", sender.address)
}

/// Refuses whoever was wrong too often lately.
pub(crate) fn may_try(writes: &Writes, name: &str, sender: &Sender) -> Result<(), Refusal> {
    let now = writes.now();
    let of_account = writes.throttle.wait(&of_account(name), OF_ACCOUNT, now);
    let of_address = writes.throttle.wait(&of_address(sender), OF_ADDRESS, now);
    match of_account.max(of_address) {
        Some(seconds) => Err(Refusal::TooMany { seconds }),
        None => Ok(()),
    }
}

/// Notes a wrong try.
pub(crate) fn was_wrong(
    writes: &Writes,
    name: &str,
    sender: &Sender,
    what: &str,
) -> Result<(), Refusal> {
    let now = writes.now();
    writes.throttle.wrong(&of_account(name), now);
    writes.throttle.wrong(&of_address(sender), now);
    tracing::warn!(account.name = name, from = sender.address, "{what}");
    // Only of accounts that there are: what a stranger types is kept nowhere.
    if writes.reads.looking().account(name)?.is_some() {
        writes.acting().note_account(&AccountEvent {
            at: now,
            account: name.to_owned(),
            by: String::new(),
            address: sender.address.clone(),
            what: what.to_owned(),
        })?;
    }
    Ok(())
}

/// Ends the session.
pub(crate) async fn out(
    State(writes): State<Arc<Writes>>,
    posted: Posted,
) -> Result<Response, Refusal> {
    writes.acting().end_session(&posted.signed.session.digest)?;
    let cookie = writes.reads.set_cookie(None);
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to("/sign-in")).into_response())
}

/// Shows the form for a code.
pub(crate) async fn prove(signed: Signed, Query(next): Query<Next>) -> Response {
    page(&proving(&signed, &next.path(), ""))
}

fn proving(signed: &Signed, next: &str, wrong: &'static str) -> ProvePage {
    ProvePage {
        frame: Frame::of(signed, "", "Prove that it is you"),
        form: signed.form_secret.clone(),
        next: text(next),
        wrong,
    }
}

/// Takes a code as proof that it is still the same person.
pub(crate) async fn proved(
    State(writes): State<Arc<Writes>>,
    posted: Posted,
) -> Result<Response, Refusal> {
    let account = &posted.signed.account;
    let next = local(posted.fields.get("next"));
    may_try(&writes, &account.name, &posted.sender)?;
    if !is_code(&writes, account, posted.fields.get("code"))? {
        was_wrong(&writes, &account.name, &posted.sender, "a wrong code")?;
        let mut response = page(&proving(&posted.signed, &next, WRONG_CODE));
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
        return Ok(response);
    }
    writes.throttle.right(&of_account(&account.name));
    let now = writes.now();
    let session = &posted.signed.session.digest;
    writes.acting().touch_session(session, now, Some(now))?;
    Ok(Redirect::to(&next).into_response())
}
