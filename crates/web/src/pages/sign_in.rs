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

pub(crate) fn local(path: &str) -> String {
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
    /// What the issuer is called at which people sign in besides here.
    issuer: Option<Text>,
}

#[derive(Template)]
#[template(path = "prove.html")]
struct ProvePage {
    frame: Frame,
    form: String,
    next: Text,
    wrong: &'static str,
    /// What the issuer is called at which this person proves itself.
    issuer: Option<Text>,
}

const WRONG: &str = "The name, the password or the code is not right. A code counts once.";
const WRONG_CODE: &str = "The code is not right, or was used already. Wait for the next one.";

/// Shows the form.
pub(crate) async fn get(
    State(reads): State<Arc<Reads>>,
    Query(next): Query<Next>,
) -> Result<Response, Refusal> {
    let has_accounts = has_accounts(&reads)?;
    Ok(page(&form(&reads, &next.path(), "", "", has_accounts)))
}

fn has_accounts(reads: &Reads) -> Result<bool, Refusal> {
    let accounts = reads.looking().accounts()?;
    Ok(accounts.iter().any(|one| !one.password.is_empty()))
}

fn form(
    reads: &Reads,
    next: &str,
    name: &str,
    wrong: &'static str,
    has_accounts: bool,
) -> SignInPage {
    SignInPage {
        issuer: reads.issuer.as_deref().map(text),
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
        let mut response = page(&form(&writes.reads, &next, &name, WRONG, true));
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
        return Ok(response);
    };
    writes.throttle.right(&of_account(&name));
    let proved = writes.now();
    begin(&writes, &account.name, &letter.sender, proved).map(|session| session.sent(&next))
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

/// A session that began.
pub(crate) struct Begun {
    /// The header that gives it to the browser.
    pub(crate) cookie: String,
}

impl Begun {
    /// Sends the browser on.
    pub(crate) fn sent(self, next: &str) -> Response {
        ([(header::SET_COOKIE, self.cookie)], Redirect::to(next)).into_response()
    }
}

/// Begins a session of somebody who last proved who it is at `proved`.
pub(crate) fn begin(
    writes: &Writes,
    name: &str,
    sender: &Sender,
    proved: Timestamp,
) -> Result<Begun, Refusal> {
    let (secret, now) = (random()?, writes.now());
    let acting = writes.acting();
    acting.end_sessions("", "", Timestamp(now.0 - LONGEST_MICROS))?;
    acting.open_session(&StoredSession {
        digest: digest(&secret),
        account: name.to_owned(),
        opened: now,
        used: now,
        proved,
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
    Ok(Begun {
        cookie: writes.reads.set_cookie(Some(&secret)),
    })
}

fn of_account(name: &str) -> String {
    format!("account {name}")
}

pub(crate) fn of_address(sender: &Sender) -> String {
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
    let cookie = [(header::SET_COOKIE, writes.reads.set_cookie(None))];
    let page = match posted.signed.account.identity {
        Some(_) => super::oidc::signed_out(&writes).await,
        None => None,
    };
    let page = page.unwrap_or_else(|| Redirect::to("/sign-in").into_response());
    Ok((cookie, page).into_response())
}

/// Shows the form for a code.
pub(crate) async fn prove(
    State(reads): State<Arc<Reads>>,
    signed: Signed,
    Query(next): Query<Next>,
) -> Response {
    page(&proving(&reads, &signed, &next.path(), ""))
}

fn proving(reads: &Reads, signed: &Signed, next: &str, wrong: &'static str) -> ProvePage {
    let issuer = signed.account.identity.as_ref();
    ProvePage {
        issuer: issuer.map(|one| text(reads.issuer.as_ref().unwrap_or(&one.issuer))),
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
        let mut response = page(&proving(&writes.reads, &posted.signed, &next, WRONG_CODE));
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
        return Ok(response);
    }
    writes.throttle.right(&of_account(&account.name));
    let now = writes.now();
    let session = &posted.signed.session.digest;
    writes.acting().touch_session(session, now, Some(now))?;
    Ok(Redirect::to(&next).into_response())
}
