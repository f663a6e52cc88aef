//! `/link/{secret}`: the one-time link by which the first administrator is made, or by which somebody
//! sets the password and the codes of an account.
//!
//! The seed of the codes is derived from the link and the key of the pages, so that showing the page,
//! however often, keeps nothing.

use super::sign_in::{begin, may_try, was_wrong};
use crate::form::{Fields, Letter};
use crate::frame::{Frame, page};
use crate::house::{Reads, Writes};
use crate::keys::digest;
use crate::link::counts;
use crate::refusal::Refusal;
use crate::role::{EVERY_TENANT, Role};
use crate::text::{Text, text};
use crate::{password, totp};
use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use engine::pages::{Account, AccountEvent, StoredLink};
use std::fmt::Write;
use std::sync::Arc;

#[derive(Template)]
#[template(path = "link.html")]
struct LinkPage {
    frame: Frame,
    secret: String,
    /// Whose account it is; nothing where the name is to be chosen.
    account: Option<Text>,
    name: Text,
    seed: String,
    scan: Scan,
    wrong: &'static str,
}

/// A picture of squares that an authenticator scans.
struct Scan {
    width: usize,
    path: String,
}

/// Shows the form.
pub(crate) async fn get(
    State(reads): State<Arc<Reads>>,
    Path(secret): Path<String>,
) -> Result<Response, Refusal> {
    let link = found(&reads, &secret)?;
    Ok(page(&form(&reads, &link, &secret, "", "")?))
}

fn found(reads: &Reads, secret: &str) -> Result<StoredLink, Refusal> {
    let link = reads.looking().link(&digest(secret))?;
    link.filter(|link| counts(link, reads.now()))
        .ok_or_else(|| Refusal::Gone {
            what: "It was used already, expired, or was replaced by a newer one. Whoever runs the server gets another with `breachscope serve --once-link`; an administrator makes one under Accounts.".to_owned(),
            see: Some(("/sign-in".to_owned(), "Sign in")),
        })
}

fn form(
    reads: &Reads,
    link: &StoredLink,
    secret: &str,
    name: &str,
    wrong: &'static str,
) -> Result<LinkPage, Refusal> {
    let derived = reads.keys.derive("codes", secret);
    let seed = totp::seed(&derived);
    let shown = if link.account.is_empty() {
        "administrator"
    } else {
        &link.account
    };
    let spelled = totp::spelled(seed);
    let groups: Vec<String> = (spelled.as_bytes().chunks(4))
        .map(|four| String::from_utf8_lossy(four).into_owned())
        .collect();
    Ok(LinkPage {
        frame: Frame::bare(
            "",
            if link.account.is_empty() {
                "Create the first administrator"
            } else {
                "Set your password and codes"
            },
        ),
        secret: secret.to_owned(),
        account: (!link.account.is_empty()).then(|| text(&link.account)),
        name: text(name),
        seed: groups.join(" "),
        scan: scan(&totp::address(shown, seed))?,
        wrong,
    })
}

fn scan(address: &str) -> Result<Scan, Refusal> {
    let squares = qrcode::QrCode::new(address.as_bytes()).map_err(|_| Refusal::Failed)?;
    let width = squares.width();
    let mut path = String::new();
    for (at, square) in squares.to_colors().into_iter().enumerate() {
        if square == qrcode::Color::Dark {
            // Writing to a String cannot fail.
            let _ = write!(path, "M{} {}h1v1h-1z", at % width + 4, at / width + 4);
        }
    }
    Ok(Scan {
        width: width + 8,
        path,
    })
}

/// Keeps what was chosen, and uses the link up.
pub(crate) async fn post(
    State(writes): State<Arc<Writes>>,
    Path(secret): Path<String>,
    letter: Letter,
) -> Result<Response, Refusal> {
    let reads = Arc::clone(&writes.reads);
    let link = found(&reads, &secret)?;
    let typed = letter.fields.get("name").trim().to_lowercase();
    let name = if link.account.is_empty() {
        typed
    } else {
        link.account.clone()
    };
    let of_link = format!("link {}", link.digest);
    may_try(&writes, &of_link, &letter.sender)?;
    let again = |wrong| -> Result<Response, Refusal> {
        let mut response = page(&form(&reads, &link, &secret, &name, wrong)?);
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
        Ok(response)
    };
    if let Some(wrong) = fault(&name, &letter.fields) {
        return again(wrong);
    }
    let derived = reads.keys.derive("codes", &secret);
    let seed = totp::seed(&derived);
    let Some(number) = totp::matching(seed, letter.fields.get("code"), writes.now()) else {
        was_wrong(&writes, &of_link, &letter.sender, "a wrong code for a link")?;
        return again(
            "The code is not one of these seconds. Scan the picture, then type what the authenticator shows.",
        );
    };
    let chosen = letter.fields.get("password").to_owned();
    let password = tokio::task::spawn_blocking(move || password::digest(&chosen));
    let now = writes.now();
    let account = Account {
        password: password.await.map_err(|_| Refusal::Failed)??,
        seed: reads.keys.seal(&name, seed)?,
        made: now,
        made_by: "one-time link".to_owned(),
        roles: vec![(EVERY_TENANT.to_owned(), Role::Admin.name().to_owned())],
        name: name.clone(),
        ..Account::default()
    };
    if !writes.acting().redeem(&link.digest, &account, now)? {
        return again("Somebody has this name already.");
    }
    let acting = writes.acting();
    acting.use_code(&name, number)?;
    acting.note_account(&AccountEvent {
        at: now,
        account: name.clone(),
        by: name.clone(),
        address: letter.sender.address.clone(),
        what: "set password and codes by a one-time link".to_owned(),
    })?;
    drop(acting);
    let proved = writes.now();
    begin(&writes, &name, &letter.sender, proved).map(|session| session.sent("/"))
}

fn fault(name: &str, fields: &Fields) -> Option<&'static str> {
    if !is_name(name) {
        return Some("A name has 2 to 64 letters, digits, dots, dashes, underscores or an @.");
    }
    password::fault(fields.get("password"), fields.get("again"), name)
}

/// Returns whether a text can be the name of an account.
pub(crate) fn is_name(name: &str) -> bool {
    let is_plain =
        |one: char| one.is_ascii_lowercase() || one.is_ascii_digit() || "@._-".contains(one);
    (2..=64).contains(&name.len()) && name.chars().all(is_plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_plain() {
        assert!(is_name("ann.smith@example.com"));
        for name in ["", "a", "Ann", "a b", "a<b", "*", "ä-name"] {
            assert!(!is_name(name), "{name}");
        }
    }
}
