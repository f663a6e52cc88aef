//! `/api/v1`: what the pages show, for programs. It only shows; a token says for whom and what.

mod openapi;
mod wire;

use crate::house::Reads;
use crate::keys::digest;
use crate::refusal::Refusal;
use crate::sight::Sight;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{FromRequestParts, Path, Query, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use engine::pages::Account;
use engine::{WireFinding, WireIncident};
use model::{Severity, Timestamp};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// How many incidents one answer holds at most.
const MOST: usize = 1000;
/// How many it holds where nothing is said.
const USUAL: usize = 100;

/// For how long a token counts of whose holder an issuer tells nothing.
const UNHEARD_MICROS: i64 = 30 * 24 * 3600 * 1_000_000;

/// What a token may be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// Reading incidents and findings.
    Incidents,
    /// Reading how tenants stand.
    Tenants,
}

impl Scope {
    /// Every scope.
    pub(crate) const ALL: [Self; 2] = [Self::Incidents, Self::Tenants];

    /// Returns the word for it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Incidents => "incidents:read",
            Self::Tenants => "tenants:read",
        }
    }

    /// Returns a sentence for it.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Incidents => "Read incidents and their findings",
            Self::Tenants => "Read how tenants and their sources stand",
        }
    }
}

/// Returns what programs are answered.
pub(crate) fn routes(reads: &Arc<Reads>) -> Router {
    Router::new()
        .route("/api/v1/incidents", get(incidents))
        .route("/api/v1/incidents/{id}", get(incident))
        .route("/api/v1/tenants", get(tenants))
        .route(
            "/api/v1/openapi.json",
            get(async || Json(openapi::document())),
        )
        .with_state(Arc::clone(reads))
}

/// A refusal as a program reads it.
struct Refused {
    status: StatusCode,
    title: &'static str,
    detail: String,
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        let (title, detail) = match &refusal {
            Refusal::SignIn { .. } => (
                "No token",
                "send `Authorization: Bearer` with a token that counts; it is made under Your account"
                    .to_owned(),
            ),
            other => other.words(),
        };
        Self {
            status: refusal.status(),
            title,
            detail,
        }
    }
}

#[derive(Serialize)]
struct WireProblem {
    status: u16,
    title: &'static str,
    detail: String,
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let problem = Json(WireProblem {
            status: self.status.as_u16(),
            title: self.title,
            detail: self.detail,
        });
        let mut response = (self.status, problem).into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

/// A program, by whom it was sent and what it may do.
struct Bearer {
    account: Account,
    scopes: String,
}

impl Bearer {
    fn may(&self, scope: Scope) -> Result<(), Refused> {
        if self.scopes.split(' ').any(|one| one == scope.name()) {
            return Ok(());
        }
        Err(Refusal::Forbidden("The token may not be used for this.").into())
    }
}

impl FromRequestParts<Arc<Reads>> for Bearer {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, reads: &Arc<Reads>) -> Result<Self, Refused> {
        let nobody = || {
            Refused::from(Refusal::SignIn {
                next: String::new(),
            })
        };
        let value = parts.headers.get(header::AUTHORIZATION);
        let value = value.and_then(|value| value.to_str().ok());
        let secret = value.and_then(|value| value.strip_prefix("Bearer "));
        let secret = secret.ok_or_else(nobody)?.trim();
        let looking = reads.looking();
        let now = reads.now();
        let token = looking.token(&digest(secret)).map_err(Refusal::from)?;
        let token = token
            .filter(|one| one.ended.is_none() && now < one.expires)
            .ok_or_else(nobody)?;
        let account = looking.account(&token.account).map_err(Refusal::from)?;
        let account = account.filter(|one| counts(one, now)).ok_or_else(nobody)?;
        Ok(Self {
            account,
            scopes: token.scopes,
        })
    }
}

/// Whether an account's programs may come: its holder can sign in, and an issuer told of that lately. An issuer says
/// nothing when somebody leaves.
fn counts(account: &Account, now: Timestamp) -> bool {
    let is_known = match &account.identity {
        Some(identity) => now.0 - identity.seen.0 < UNHEARD_MICROS,
        None => !account.password.is_empty(),
    };
    account.ended.is_none() && is_known
}

#[derive(Debug, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    tenant: String,
    #[serde(default)]
    least: String,
    #[serde(default)]
    limit: String,
    #[serde(default)]
    after: String,
}

#[derive(Serialize)]
struct WireIncidents<'a> {
    incidents: Vec<WireIncident<'a>>,
    /// What to give as `after` for more; nothing where there is none.
    next: Option<&'a str>,
}

async fn incidents(
    State(reads): State<Arc<Reads>>,
    bearer: Bearer,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Result<Response, Refused> {
    bearer.may(Scope::Incidents)?;
    let wrong = |what: &str| Refused::from(Refusal::Form(what.to_owned()));
    let Query(asked) =
        asked.map_err(|_| wrong("each part of the query is text and stands once"))?;
    let least = match asked.least.as_str() {
        "" => None,
        name => Some(
            Severity::of_name(name)
                .ok_or_else(|| wrong("`least` is info, low, medium, high or critical"))?,
        ),
    };
    let limit = match asked.limit.as_str() {
        "" => USUAL,
        text => (text.parse().ok())
            .filter(|many| (1..=MOST).contains(many))
            .ok_or_else(|| wrong("`limit` is a number from 1 to 1000"))?,
    };
    let sight = Sight::of(&reads, &bearer.account)?;
    let mut matching: Vec<_> = sight
        .incidents()
        .filter(|one| least.is_none_or(|least| one.severity >= least))
        .filter(|one| asked.tenant.is_empty() || one.tenant == asked.tenant)
        .collect();
    if !asked.after.is_empty() {
        let at = matching.iter().position(|one| one.id == asked.after);
        // Incidents grow together as more is known, and whoever pages meanwhile begins again.
        let at = at.ok_or_else(|| Refused {
            status: StatusCode::CONFLICT,
            title: "The list has changed",
            detail: "`after` is no incident of this list, or no more: begin without it".to_owned(),
        })?;
        matching.drain(..=at);
    }
    let has_more = matching.len() > limit;
    matching.truncate(limit);
    let next = matching.last().filter(|_| has_more);
    Ok(Json(WireIncidents {
        next: next.map(|one| one.id.as_str()),
        incidents: matching
            .iter()
            .map(|one| WireIncident::from(*one))
            .collect(),
    })
    .into_response())
}

#[derive(Serialize)]
struct WireWhole<'a> {
    incident: WireIncident<'a>,
    findings: Vec<WireFinding<'a>>,
}

async fn incident(
    State(reads): State<Arc<Reads>>,
    bearer: Bearer,
    id: Result<Path<String>, PathRejection>,
) -> Result<Response, Refused> {
    bearer.may(Scope::Incidents)?;
    let Path(id) = id.map_err(|_| Refusal::NotFound)?;
    let sight = Sight::of(&reads, &bearer.account)?;
    let incident = sight.incident(&id)?;
    Ok(Json(WireWhole {
        incident: WireIncident::from(incident),
        findings: sight.findings_of(incident).map(WireFinding::from).collect(),
    })
    .into_response())
}

async fn tenants(State(reads): State<Arc<Reads>>, bearer: Bearer) -> Result<Response, Refused> {
    bearer.may(Scope::Tenants)?;
    let sight = Sight::of(&reads, &bearer.account)?;
    Ok(Json(wire::tenants(&sight)).into_response())
}
