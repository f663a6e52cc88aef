//! `/accounts`: who may use the pages, and what each may see and do. For administrators of all tenants.

use super::link::is_name;
use super::triage::Choice;
use crate::form::{Fields, Posted};
use crate::frame::{Frame, page};
use crate::house::{Reads, Writes};
use crate::link::HANDED_MICROS;
use crate::refusal::Refusal;
use crate::role::{EVERY_TENANT, Role, is_admin};
use crate::session::Signed;
use crate::text::{Text, When, text};
use askama::Template;
use axum::extract::{Path, State as Given};
use axum::response::{IntoResponse, Redirect, Response};
use engine::pages::{Account, AccountEvent};
use model::Timestamp;
use std::sync::Arc;

/// How many events are listed.
const EVENTS: usize = 50;
/// How many roles can be added at once.
const MORE_ROLES: usize = 2;

#[derive(Template)]
#[template(path = "accounts.html")]
struct AccountsPage {
    frame: Frame,
    form: String,
    accounts: Vec<Line>,
    events: Vec<Event>,
    rows: Vec<RoleRow>,
}

struct Line {
    path: String,
    name: Text,
    words: &'static str,
    roles: Vec<(Text, Text)>,
    made: When,
    made_by: Text,
}

struct Event {
    at: When,
    account: Text,
    by: Text,
    address: Text,
    what: Text,
}

/// A tenant and a role to choose.
struct RoleRow {
    number: usize,
    tenants: Vec<Choice>,
    roles: Vec<Choice>,
}

#[derive(Template)]
#[template(path = "account.html")]
struct AccountPage {
    frame: Frame,
    form: String,
    path: String,
    name: Text,
    is_self: bool,
    is_ended: bool,
    /// Whether it proves itself at an issuer, which says what it may do.
    is_of_issuer: bool,
    words: &'static str,
    rows: Vec<RoleRow>,
    /// A link that was made now: it is shown this once.
    link: Option<String>,
}

const NOT_FOR_YOU: &str = "Accounts are for administrators of all tenants.";

/// Returns the roles of an account in words.
pub(crate) fn told(account: &Account) -> Vec<(Text, Text)> {
    let tenant = |of: &str| match of {
        EVERY_TENANT => text("every tenant"),
        of => text(of),
    };
    (account.roles.iter())
        .map(|(of, role)| (text(role), tenant(of)))
        .collect()
}

fn standing(account: &Account) -> &'static str {
    if account.ended.is_none() && account.identity.is_some() {
        return "signs in at the issuer, which says what it may do";
    }
    match (account.ended, account.password.is_empty()) {
        (Some(_), _) => "ended",
        (None, true) => "has not used its link yet",
        (None, false) => "can sign in",
    }
}

/// Shows every account.
pub(crate) async fn all(
    Given(reads): Given<Arc<Reads>>,
    signed: Signed,
) -> Result<Response, Refusal> {
    if !signed.is_admin() {
        return Err(Refusal::Forbidden(NOT_FOR_YOU));
    }
    let rows = rows(&reads, &[])?;
    let looking = reads.looking();
    let line = |one: &Account| Line {
        path: path(&one.name),
        name: text(&one.name),
        words: standing(one),
        roles: told(one),
        made: When(one.made),
        made_by: text(&one.made_by),
    };
    let event = |one: AccountEvent| Event {
        at: When(one.at),
        account: text(&one.account),
        by: text(&one.by),
        address: text(&one.address),
        what: text(&one.what),
    };
    Ok(page(&AccountsPage {
        frame: Frame::of(&signed, "accounts", "Accounts"),
        form: signed.form_secret.clone(),
        accounts: looking.accounts()?.iter().map(line).collect(),
        events: looking
            .account_events(EVENTS)?
            .into_iter()
            .map(event)
            .collect(),
        rows,
    }))
}

fn path(name: &str) -> String {
    // A name is plain: see `is_name`.
    format!("/accounts/{name}")
}

/// Shows one account.
pub(crate) async fn one(
    Given(reads): Given<Arc<Reads>>,
    signed: Signed,
    Path(name): Path<String>,
) -> Result<Response, Refusal> {
    if !signed.is_admin() {
        return Err(Refusal::Forbidden(NOT_FOR_YOU));
    }
    shown(&reads, &signed, &name, None)
}

fn shown(
    reads: &Reads,
    signed: &Signed,
    name: &str,
    link: Option<String>,
) -> Result<Response, Refusal> {
    let account = reads.looking().account(name)?.ok_or(Refusal::NotFound)?;
    Ok(page(&AccountPage {
        frame: Frame::of(signed, "accounts", &account.name),
        form: signed.form_secret.clone(),
        path: path(&account.name),
        name: text(&account.name),
        is_self: account.name == signed.account.name,
        is_ended: account.ended.is_some(),
        is_of_issuer: account.identity.is_some(),
        words: standing(&account),
        rows: rows(reads, &account.roles)?,
        link,
    }))
}

fn rows(reads: &Reads, roles: &[(String, String)]) -> Result<Vec<RoleRow>, Refusal> {
    let known = reads.known()?;
    let row = |number: usize| {
        let (of, role) = roles.get(number).cloned().unwrap_or_default();
        let mut tenants = vec![
            choice("", "no tenant", &of),
            choice(EVERY_TENANT, "every tenant", &of),
        ];
        let named = known.tenants.iter().filter(|one| !one.id.is_empty());
        tenants.extend(named.map(|one| choice(&one.id, &one.name, &of)));
        if !tenants.iter().any(|one| one.is_chosen) {
            tenants.push(choice(&of, &of, &of));
        }
        let roles = Role::ALL
            .iter()
            .map(|one| choice(one.name(), one.name(), &role));
        RoleRow {
            number: number + 1,
            tenants,
            roles: roles.collect(),
        }
    };
    Ok((0..roles.len() + MORE_ROLES).map(row).collect())
}

fn choice(value: &str, words: &str, chosen: &str) -> Choice {
    Choice {
        value: text(value),
        words: text(words),
        is_chosen: value == chosen,
    }
}

/// Returns the roles that were chosen: the tenants and the roles come in the same order.
fn chosen(fields: &Fields) -> Vec<(String, String)> {
    let pairs = fields.all("tenant").zip(fields.all("role"));
    pairs
        .filter(|(tenant, role)| !tenant.is_empty() && Role::named(role).is_some())
        .map(|(tenant, role)| (tenant.to_owned(), role.to_owned()))
        .collect()
}

/// Whoever changes accounts is an administrator and proved lately who they are.
fn may(posted: &Posted, next: &str, now: Timestamp) -> Result<(), Refusal> {
    if !posted.signed.is_admin() {
        return Err(Refusal::Forbidden(NOT_FOR_YOU));
    }
    if !posted.signed.is_proved(now) {
        return Err(Refusal::Prove {
            next: next.to_owned(),
        });
    }
    Ok(())
}

fn note(writes: &Writes, posted: &Posted, account: &str, what: String) -> Result<(), Refusal> {
    Ok(writes.acting().note_account(&AccountEvent {
        at: writes.now(),
        account: account.to_owned(),
        by: posted.signed.account.name.clone(),
        address: posted.sender.address.clone(),
        what,
    })?)
}

/// Makes an account, and shows its link once.
pub(crate) async fn make(
    Given(writes): Given<Arc<Writes>>,
    posted: Posted,
) -> Result<Response, Refusal> {
    may(&posted, "/accounts", writes.now())?;
    let name = posted.fields.get("name").trim().to_lowercase();
    let roles = chosen(&posted.fields);
    if !is_name(&name) {
        return Err(Refusal::Form(
            "A name has 2 to 64 letters, digits, dots, dashes, underscores or an @.".to_owned(),
        ));
    }
    if roles.is_empty() {
        return Err(Refusal::Form(
            "Choose at least one tenant and a role in it.".to_owned(),
        ));
    }
    let account = Account {
        name: name.clone(),
        made: writes.now(),
        made_by: posted.signed.account.name.clone(),
        roles: roles.clone(),
        ..Account::default()
    };
    if !writes.acting().add_account(&account)? {
        return Err(Refusal::Form("Somebody has this name already.".to_owned()));
    }
    note(
        &writes,
        &posted,
        &name,
        format!("made the account: {}", listed(&roles)),
    )?;
    let link = hand_out(&writes, &name)?;
    shown(&writes.reads, &posted.signed, &name, Some(link))
}

fn listed(roles: &[(String, String)]) -> String {
    let words: Vec<String> = (roles.iter())
        .map(|(tenant, role)| format!("{role} of {tenant}"))
        .collect();
    words.join(", ")
}

fn hand_out(writes: &Writes, name: &str) -> Result<String, Refusal> {
    let secret = crate::link::make(writes, name, HANDED_MICROS)?;
    Ok(format!("/link/{secret}"))
}

/// Refuses what an issuer decides.
fn is_of_here(account: &Account) -> Result<(), Refusal> {
    match account.identity {
        None => Ok(()),
        Some(_) => Err(Refusal::Form(
            "This account signs in at the issuer, and what it may do is read there at each sign-in.".to_owned(),
        )),
    }
}

/// Makes a new link for an account, by which its holder sets another password and other codes.
pub(crate) async fn renew(
    Given(writes): Given<Arc<Writes>>,
    Path(name): Path<String>,
    posted: Posted,
) -> Result<Response, Refusal> {
    may(&posted, &path(&name), writes.now())?;
    let account = writes.reads.looking().account(&name)?;
    is_of_here(&account.ok_or(Refusal::NotFound)?)?;
    let link = hand_out(&writes, &name)?;
    note(
        &writes,
        &posted,
        &name,
        "made a new one-time link".to_owned(),
    )?;
    shown(&writes.reads, &posted.signed, &name, Some(link))
}

/// Changes what an account may do. The last administrator stays one.
pub(crate) async fn change(
    Given(writes): Given<Arc<Writes>>,
    Path(name): Path<String>,
    posted: Posted,
) -> Result<Response, Refusal> {
    may(&posted, &path(&name), writes.now())?;
    let account = writes.reads.looking().account(&name)?;
    let mut account = account.ok_or(Refusal::NotFound)?;
    is_of_here(&account)?;
    account.roles = chosen(&posted.fields);
    keeps_an_administrator(&writes, &account)?;
    writes.acting().keep_roles(&name, &account.roles)?;
    note(
        &writes,
        &posted,
        &name,
        format!("changed the roles: {}", listed(&account.roles)),
    )?;
    Ok(Redirect::to(&path(&name)).into_response())
}

/// Ends an account, or lets it go on.
pub(crate) async fn end(
    Given(writes): Given<Arc<Writes>>,
    Path(name): Path<String>,
    posted: Posted,
) -> Result<Response, Refusal> {
    may(&posted, &path(&name), writes.now())?;
    let account = writes.reads.looking().account(&name)?;
    let mut account = account.ok_or(Refusal::NotFound)?;
    account.ended = account.ended.is_none().then(|| writes.now());
    keeps_an_administrator(&writes, &account)?;
    writes.acting().end_account(&name, account.ended)?;
    let what = if account.ended.is_some() {
        "ended the account"
    } else {
        "let the account go on"
    };
    note(&writes, &posted, &name, what.to_owned())?;
    Ok(Redirect::to(&path(&name)).into_response())
}

/// Refuses what would leave nobody who says who may do what.
fn keeps_an_administrator(writes: &Writes, changed: &Account) -> Result<(), Refusal> {
    let mut accounts = writes.reads.looking().accounts()?;
    accounts.retain(|one| one.name != changed.name);
    accounts.push(changed.clone());
    let signs_in = |one: &Account| !one.password.is_empty() || one.identity.is_some();
    let can = |one: &Account| is_admin(one) && one.ended.is_none() && signs_in(one);
    if accounts.iter().any(can) {
        Ok(())
    } else {
        Err(Refusal::Form(
            "Nobody would be left who can administer all tenants. Make another administrator first."
                .to_owned(),
        ))
    }
}
