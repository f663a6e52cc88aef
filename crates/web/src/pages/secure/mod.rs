//! `/s/{token}`, `/a/{id}/secure`, `/x/{execution}`: the plan, a second person's approval, its
//! confirmation, what came of it, and taking it back.
//!
//! Looking at any of them does nothing. A plan is carried out once, by a person who is signed in, is a
//! responder of the tenant, proved it lately, typed whom it concerns, and saw the very plan: its hash
//! comes back with the form, and so does a nonce that is used up by the first form that is accepted.

mod approve;
mod begin;
mod confirm;
mod execution;
mod plan;

pub(crate) use approve::{approve, tick};
pub(crate) use begin::{card, get, prepare};
pub(crate) use confirm::post;
pub(crate) use execution::{execution, undo};
pub(crate) use plan::planned;

use crate::form::Posted;
use crate::house::{Reads, Writes};
use crate::refusal::Refusal;
use crate::respond::{NotDone, PlanView, Responder};
use crate::role::Role;
use crate::seal::{self, Claim, Unsealed};
use crate::session::Signed;
use engine::pages::{AccountEvent, Refused};
use model::Incident;
use std::sync::Arc;

/// Returns a plan that was made for the tenant of an incident.
async fn kept(reads: &Reads, incident: &Incident, hash: &str) -> Result<PlanView, Refusal> {
    let shows = reads.shows.clone().ok_or(Refusal::NotFound)?;
    let name = hash.to_owned();
    let plan = tokio::task::spawn_blocking(move || shows.plan(&name));
    let plan = plan.await.map_err(|_| Refusal::Failed)?;
    let plan = plan.map_err(|why| refused(why, &begin_path(&incident.id)))?;
    let own = plan.filter(|one| one.hash == hash && one.tenant == incident.tenant);
    own.ok_or_else(|| Refusal::Changed {
        see: begin_path(&incident.id),
    })
}

/// Returns the address of where a plan for an incident is made.
fn begin_path(incident: &str) -> String {
    format!("/a/{incident}/secure")
}

/// Returns where a plan stands, for whoever came by a link as well.
fn plan_path_by(incident: &str, hash: &str, link: &str) -> String {
    let by = match link {
        "" => String::new(),
        link => {
            let link: String = form_urlencoded::byte_serialize(link.as_bytes()).collect();
            format!("?link={link}")
        }
    };
    format!("{}{by}", plan_path(incident, hash))
}

/// Returns the address of a plan.
pub(super) fn plan_path(incident: &str, hash: &str) -> String {
    format!("/a/{incident}/secure/{hash}")
}

/// Returns the address of all that was done by a plan.
fn ledger_path(hash: &str) -> String {
    let hash: String = form_urlencoded::byte_serialize(hash.as_bytes()).collect();
    format!("/ledger?q={hash}")
}

/// Returns what the subject of a plan is called.
fn subject(user: &str) -> &str {
    if user.is_empty() { "the tenant" } else { user }
}

fn note(writes: &Writes, posted: &Posted, what: &str) -> Result<(), Refusal> {
    let name = &posted.signed.account.name;
    Ok(writes.acting().note_account(&AccountEvent {
        at: writes.now(),
        account: name.clone(),
        by: name.clone(),
        address: posted.sender.address.clone(),
        what: what.to_owned(),
    })?)
}

/// Writes into the record of acts that somebody was refused to act in a tenant, and returns why. What
/// was typed wrongly is no such thing.
fn recorded(writes: &Writes, posted: &Posted, tenant: &str, what: &str, why: Refusal) -> Refusal {
    let is_told = matches!(
        why,
        Refusal::Forbidden(_)
            | Refusal::NotFound
            | Refusal::NeedsAnother { .. }
            | Refusal::Changed { .. }
            | Refusal::Gone { .. }
    );
    if !is_told {
        return why;
    }
    let (title, words) = why.words();
    let refused = Refused {
        by: &posted.signed.account.name,
        known_by: &format!("the pages, from {}", posted.sender.address),
        plan: Some(posted.fields.get("hash"))
            .filter(|hash| hash.len() <= 64)
            .unwrap_or_default(),
        what: &format!("{what}: {title}. {words}"),
    };
    match writes.acting().note_refused(tenant, &refused) {
        Ok(()) => why,
        Err(error) => error.into(),
    }
}

/// Returns the tenant of an incident, whoever may see it.
fn tenant_of(reads: &Reads, incident: &str) -> Option<String> {
    let known = reads.known().ok()?;
    let mut all = known.standing.incidents.iter();
    let found = all.find(|one| one.id == incident)?;
    Some(found.tenant.clone())
}

fn may_act(signed: &Signed, tenant: &str) -> Result<(), Refusal> {
    match signed.role_in(tenant) {
        None => Err(Refusal::NotFound),
        Some(role) if role < Role::Responder => Err(Refusal::Forbidden(
            "Acting in this tenant is for its responders. Nothing was done.",
        )),
        Some(_) => Ok(()),
    }
}

/// Refuses whoever is concerned: that account may be the intruder's.
fn not_theirs(signed: &Signed, incident: &Incident, plan: &PlanView) -> Result<(), Refusal> {
    let mut affected = incident.users.iter().chain([&plan.user]);
    if affected.any(|user| signed.is_called(user)) {
        return Err(Refusal::Forbidden(
            "Nobody approves what is done to their own account, or about an incident that concerns it. Nothing was done.",
        ));
    }
    Ok(())
}

fn responder(writes: &Writes) -> Result<Arc<dyn Responder>, Refusal> {
    writes.responder.clone().ok_or(Refusal::NotFound)
}

fn opened(reads: &Reads, token: &str) -> Result<Claim, Refusal> {
    seal::open(&reads.keys, token, reads.now()).map_err(|why| match why {
        Unsealed::Forged => Refusal::NotFound,
        Unsealed::Expired => Refusal::Gone {
            what: "It counts for a limited time, and that is over. Nothing was done. Open the incident to see the plan as it is now.".to_owned(),
            see: Some(("/ledger".to_owned(), "See what was done")),
        },
    })
}

fn unused(reads: &Reads, claim: &Claim) -> Result<(), Refusal> {
    match reads.looking().spent(&claim.nonce)? {
        None => Ok(()),
        Some((done, at)) => Err(Refusal::Gone {
            what: format!(
                "Somebody confirmed this plan at {at}. It is carried out once, however often the button is pressed."
            ),
            see: Some((ledger_path(&done), "See what was done")),
        }),
    }
}

/// Returns the refusal for why nothing was done; `see` is where the plan is.
fn refused(why: NotDone, see: &str) -> Refusal {
    let see = see.to_owned();
    match why {
        NotDone::Changed => Refusal::Changed { see },
        NotDone::NeedsAnother(what) => Refusal::NeedsAnother { what, see },
        NotDone::Busy(_) | NotDone::Refused(_) => {
            Refusal::NotReady(format!("It was not done: {why}."))
        }
        NotDone::Failed(error) => {
            tracing::error!(error = &*error as &dyn std::error::Error, "a plan failed");
            Refusal::Failed
        }
    }
}

/// Returns what is typed to confirm whom a plan concerns: what stands before the `@`.
fn word(user: &str) -> &str {
    match user.split('@').next() {
        None | Some("") => "tenant",
        Some(local) => local,
    }
}
