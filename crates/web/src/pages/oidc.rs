//! `/sign-in/oidc`: signing in at an issuer, and proving there that it is the same person still.
//!
//! A form of ours sends the browser away with a ticket (`ticket`); what it comes back with is shown
//! as a form again, and only that form does anything. So an address with a code in it, fetched by
//! whatever fetches it, does nothing, and the form does nothing in another browser.

use super::sign_in::{begin, local, of_address};
use crate::form::{Fields, Letter, Posted, Sender};
use crate::frame::{Frame, page};
use crate::house::{Reads, Writes};
use crate::refusal::Refusal;
use crate::text::{Text, text};
use crate::throttle::OF_ADDRESS;
use crate::ticket::{self, AWAY_MICROS, Ticket};
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, header};
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use data_encoding::HEXLOWER;
use engine::EngineError;
use engine::pages::{Account, AccountEvent, Identity, Person, Recognised, Returned};
use model::{Secret, Timestamp};
use ring::digest::{SHA256, digest};
use std::sync::Arc;

/// How long what a browser brings back may be.
const LONGEST: usize = 8 << 10;

#[derive(Template)]
#[template(path = "oidc_leave.html")]
struct LeavePage {
    frame: Frame,
    issuer: Text,
    /// The issuer made it, and it is an address of a browser: HTTPS, or this machine.
    address: String,
}

#[derive(Template)]
#[template(path = "oidc_back.html")]
struct BackPage {
    frame: Frame,
    issuer: Text,
    state: String,
    code: String,
    from: String,
}

#[derive(Template)]
#[template(path = "signed_out.html")]
struct SignedOutPage {
    frame: Frame,
    issuer: Text,
    address: String,
}

fn identity(writes: &Writes) -> Result<Arc<dyn Identity>, Refusal> {
    writes.identity.clone().ok_or(Refusal::NotFound)
}

/// Sends somebody to the issuer to sign in.
pub(crate) async fn leave(
    State(writes): State<Arc<Writes>>,
    letter: Letter,
) -> Result<Response, Refusal> {
    may_try(&writes, &letter.sender)?;
    let next = local(letter.fields.get("next"));
    away(&writes, Ticket::new(writes.now(), &next, None)?).await
}

/// Sends somebody who is signed in to the issuer to prove that it is the same person still.
pub(crate) async fn prove(
    State(writes): State<Arc<Writes>>,
    posted: Posted,
) -> Result<Response, Refusal> {
    may_try(&writes, &posted.sender)?;
    let signed = &posted.signed;
    if signed.account.identity.is_none() {
        return Err(Refusal::NotFound);
    }
    let next = local(posted.fields.get("next"));
    let of = (signed.account.name.clone(), signed.session.digest.clone());
    away(&writes, Ticket::new(writes.now(), &next, Some(of))?).await
}

/// A form may not lead elsewhere, so a page does: by itself, or by its link.
async fn away(writes: &Writes, ticket: Ticket) -> Result<Response, Refusal> {
    let identity = identity(writes)?;
    let (asked, begun) = (Arc::clone(&identity), ticket.begun.clone());
    let address = tokio::task::spawn_blocking(move || asked.begin(&begun));
    let address = address.await.map_err(|_| Refusal::Failed)?;
    let address = address.map_err(|error| unreachable(&error))?;
    let refresh = format!("0; url={address}");
    let given = ticket.given(&writes.reads)?;
    let headers = [(header::SET_COOKIE, given), (header::REFRESH, refresh)];
    let page = page(&LeavePage {
        frame: Frame::bare("", "On the way"),
        issuer: text(&identity.called()),
        address,
    });
    Ok((headers, page).into_response())
}

fn unreachable(error: &EngineError) -> Refusal {
    tracing::error!(
        error = error as &dyn std::error::Error,
        "the issuer cannot be asked"
    );
    Refusal::NotReady(
        "The issuer at which people sign in cannot be reached, or says of itself what it should not. The log of \
         the server says which. Nothing was done; try again, or sign in with an account of this server."
            .to_owned(),
    )
}

/// Shows what a browser came back with, as a form that goes on.
pub(crate) async fn back(
    State(reads): State<Arc<Reads>>,
    RawQuery(query): RawQuery,
) -> Result<Response, Refusal> {
    let issuer = reads.issuer.as_deref().ok_or(Refusal::NotFound)?;
    let query = query.unwrap_or_default();
    let fields = Fields::read(query.as_bytes());
    let one = |name: &'static str| match fields.all(name).count() {
        0 | 1 => Ok(fields.get(name).to_owned()),
        _ => Err(again("The address is not one that an issuer makes.")),
    };
    let (state, code, error) = (one("state")?, one("code")?, one("error")?);
    if !error.is_empty() {
        return Err(declined(&error));
    }
    if query.len() > LONGEST || state.is_empty() || code.is_empty() {
        return Err(again("There is nothing here to go on with."));
    }
    Ok(page(&BackPage {
        frame: Frame::bare("", "Back again"),
        issuer: text(issuer),
        state,
        code,
        from: one("iss")?,
    }))
}

/// Anybody can write such an address: of its words only those that are known are told.
fn declined(error: &str) -> Refusal {
    again(match error {
        "access_denied" => "The sign-in was declined, by you or by your organisation.",
        "login_required" | "interaction_required" | "consent_required" => {
            "The issuer wants something of you first. Sign in there, then come back."
        }
        "temporarily_unavailable" | "server_error" => {
            "The issuer has trouble of its own. Try again later."
        }
        _ => "The issuer did not sign you in. Its own log says why.",
    })
}

fn again(what: &str) -> Refusal {
    Refusal::Unsigned(what.to_owned())
}

/// Completes a sign-in that this browser began, once.
pub(crate) async fn done(
    State(writes): State<Arc<Writes>>,
    headers: HeaderMap,
    letter: Letter,
) -> Result<Response, Refusal> {
    let identity = identity(&writes)?;
    may_try(&writes, &letter.sender)?;
    let (fields, now) = (&letter.fields, writes.now());
    let Some(ticket) = Ticket::kept(&writes.reads, &headers, fields.get("state"), now) else {
        wrong(
            &writes,
            &letter.sender,
            "a sign-in that this browser did not begin",
        );
        return Err(again(
            "This browser did not begin that sign-in, or began another one since, or was away for more than ten minutes.",
        ));
    };
    let oldest = Timestamp(now.0 - 2 * AWAY_MICROS);
    if !writes.acting().use_state(&ticket.mark(), now, oldest)? {
        wrong(
            &writes,
            &letter.sender,
            "a sign-in that was completed before",
        );
        return Err(again("That sign-in was completed before. It counts once."));
    }
    let returned = Returned {
        code: Secret::from(fields.get("code").to_owned()),
        issuer: Some(fields.get("iss").to_owned()).filter(|from| !from.is_empty()),
    };
    let begun = ticket.begun.clone();
    let told = tokio::task::spawn_blocking(move || identity.finish(&begun, &returned));
    let told = told.await.map_err(|_| Refusal::Failed)?;
    let person = told.map_err(|error| unbelieved(&writes, &letter.sender, &error))?;
    let account = let_in(&writes, &letter.sender, &person, &ticket)?;
    if let Some((_, session)) = &ticket.of {
        writes.acting().end_session(session)?;
    }
    // An issuer that does not say when is no proof: acting then asks for one.
    let proved = person.proved.unwrap_or(Timestamp(0)).min(now);
    let session = begin(&writes, &account.name, &letter.sender, proved)?;
    let cookies = AppendHeaders([
        (header::SET_COOKIE, session.cookie),
        (header::SET_COOKIE, ticket::taken(&writes.reads)),
    ]);
    Ok((cookies, Redirect::to(&ticket.next)).into_response())
}

fn unbelieved(writes: &Writes, sender: &Sender, error: &EngineError) -> Refusal {
    match error {
        EngineError::NotBelieved(_) => {
            tracing::warn!(
                error = error as &dyn std::error::Error,
                from = sender.address,
                "nobody was signed in"
            );
            writes.throttle.wrong(&of_address(sender), writes.now());
            again("What the issuer said does not count. The log of the server says why.")
        }
        EngineError::NotAnew => again(
            "The issuer does not say that you signed in anew. Where it never does, whoever administers these pages has \
             it tell so: at Entra, by the optional claim `auth_time` of the ID token.",
        ),
        other => unreachable(other),
    }
}

/// Returns the account of a person who may come in.
fn let_in(
    writes: &Writes,
    sender: &Sender,
    person: &Person,
    ticket: &Ticket,
) -> Result<Account, Refusal> {
    let known = (writes.reads.looking()).identity(&person.issuer, &person.subject)?;
    if let Some((expected, _)) = &ticket.of
        && known.as_ref().map(|one| &one.name) != Some(expected)
    {
        note(
            writes,
            sender,
            expected,
            "somebody else proved who they are",
        )?;
        return Err(Refusal::Forbidden(
            "Somebody else signed in at the issuer than is signed in here. Nothing was done.",
        ));
    }
    if person.roles.is_empty() {
        return Err(without_role(writes, sender, person, known)?);
    }
    let recognised = writes.acting().recognise(&Recognised {
        issuer: person.issuer.clone(),
        subject: person.subject.clone(),
        shown: person.name.clone(),
        names: names(person),
        roles: person.roles.clone(),
        now: writes.now(),
    })?;
    let account = recognised.ok_or(Refusal::Failed)?;
    if account.ended.is_some() {
        note(
            writes,
            sender,
            &account.name,
            "was refused: the account is ended",
        )?;
        return Err(Refusal::Forbidden(
            "Your account here was ended. An administrator of these pages can let it go on.",
        ));
    }
    Ok(account)
}

/// Whoever has no role any more has no session either.
fn without_role(
    writes: &Writes,
    sender: &Sender,
    person: &Person,
    known: Option<Account>,
) -> Result<Refusal, Refusal> {
    writes.throttle.wrong(&of_address(sender), writes.now());
    let name = match known {
        Some(account) => {
            let acting = writes.acting();
            acting.keep_roles(&account.name, &[])?;
            acting.end_sessions(&account.name, "", Timestamp(0))?;
            account.name
        }
        // It may be called as somebody else is called here.
        None => format!("unknown: {}", plain(&person.name)),
    };
    let what = format!(
        "was refused: `{}` gives `{}` no role here{}",
        person.issuer,
        person.subject,
        if person.is_cut_short {
            ", for it has too many groups to be told of"
        } else {
            ""
        }
    );
    note(writes, sender, &name, &what)?;
    Ok(Refusal::Forbidden(if person.is_cut_short {
        "You are in more groups than your organisation tells of, so no role of yours is known. Ask whoever administers \
         these pages to go by app roles instead."
    } else {
        "Your organisation knows you, but gives you no role here. Ask whoever administers these pages for one."
    }))
}

fn note(writes: &Writes, sender: &Sender, account: &str, what: &str) -> Result<(), Refusal> {
    Ok(writes.acting().note_account(&AccountEvent {
        at: writes.now(),
        account: account.to_owned(),
        by: String::new(),
        address: sender.address.clone(),
        what: what.to_owned(),
    })?)
}

/// Names for an account: what the person is called, and where that is taken, with a mark that is of this
/// person alone.
fn names(person: &Person) -> Vec<String> {
    let name = plain(&person.name);
    let of = format!("{}\0{}", person.issuer, person.subject);
    let mark = HEXLOWER.encode(&digest(&SHA256, of.as_bytes()).as_ref()[..8]);
    vec![name.clone(), format!("{name}-{mark}")]
}

fn plain(name: &str) -> String {
    let name = name.to_lowercase();
    let plain = name
        .chars()
        .filter(|one| one.is_ascii_lowercase() || one.is_ascii_digit() || "@._-".contains(*one));
    let plain: String = plain.take(46).collect();
    if plain.len() < 2 {
        "person".to_owned()
    } else {
        plain
    }
}

fn may_try(writes: &Writes, sender: &Sender) -> Result<(), Refusal> {
    let wait = writes
        .throttle
        .wait(&of_address(sender), OF_ADDRESS, writes.now());
    wait.map_or(Ok(()), |seconds| Err(Refusal::TooMany { seconds }))
}

fn wrong(writes: &Writes, sender: &Sender, what: &str) {
    tracing::warn!(from = sender.address, "{what}");
    writes.throttle.wrong(&of_address(sender), writes.now());
}

/// Returns the page for somebody who signed out here and may sign out at the issuer as well, where that is known.
pub(crate) async fn signed_out(writes: &Writes) -> Option<Response> {
    let identity = writes.identity.clone()?;
    let called = identity.called();
    let end = tokio::task::spawn_blocking(move || identity.end()).await;
    let address = end.ok()??;
    Some(page(&SignedOutPage {
        frame: Frame::bare("", "Signed out"),
        issuer: text(&called),
        address,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::link::is_name;

    #[test]
    fn a_name_of_an_issuer_becomes_a_plain_one_or_is_marked() {
        for (told, expected) in [
            ("Ann.Smith@Contoso.example", "ann.smith@contoso.example"),
            ("<script>alert(1)</script>", "scriptalert1script"),
            ("Анна", "person"),
            ("", "person"),
            ("../../*", "...."),
        ] {
            let person = Person {
                name: told.to_owned(),
                subject: "s".to_owned(),
                ..Person::default()
            };
            let names = names(&person);
            assert_eq!(names[0], expected);
            assert!(names.iter().all(|name| is_name(name)), "{names:?}");
            assert_ne!(names[0], names[1]);
        }
        assert!(is_name(&plain(&"a".repeat(300))));
    }
}
