//! Every address, by whether it only shows or does something.

use crate::house::{House, Reads, Writes};
use crate::pages::{
    accounts, doctor, incident, ledger, link, me, oidc, secure, settings, sign_in, tenants, triage,
};
use crate::refusal::Refusal;
use crate::{api, assets, headers};
use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use std::sync::Arc;

/// Returns all that is answered.
pub fn routes(house: &House) -> Router {
    let settings = &house.reads.settings;
    let mut all = Router::new()
        .merge(shown(&house.reads))
        .merge(done(&house.writes))
        .method_not_allowed_fallback(async || Refusal::OtherMethod)
        .merge(api::routes(&house.reads))
        .route("/assets/{version}/{name}", get(assets::get))
        .fallback(async || Refusal::NotFound);
    if let Some(board) = &settings.board {
        all = all.merge(crate::health::routes(board.clone()));
    }
    all.layer(from_fn_with_state(settings.is_secure, headers::add))
}

/// What is shown: nothing here can write.
fn shown(reads: &Arc<Reads>) -> Router {
    Router::new()
        .route("/", get(triage::get))
        .route("/a/{id}", get(incident::get))
        .route("/a/{id}/secure", get(secure::get))
        .route("/a/{id}/secure/{hash}", get(secure::planned))
        .route("/s/{token}", get(secure::card))
        .route("/x/{id}", get(secure::execution))
        .route("/t", get(tenants::all))
        .route("/t/{id}", get(tenants::one))
        .route("/ledger", get(ledger::get))
        .route("/ledger.csv", get(ledger::export))
        .route("/doctor", get(doctor::all))
        .route("/doctor/{id}", get(doctor::one))
        .route("/settings", get(settings::get))
        .route("/accounts", get(accounts::all))
        .route("/accounts/{name}", get(accounts::one))
        .route("/me", get(me::get))
        .route("/sign-in", get(sign_in::get))
        .route("/sign-in/oidc", get(oidc::back))
        .route("/prove", get(sign_in::prove))
        .route("/link/{secret}", get(link::get))
        .with_state(Arc::clone(reads))
}

/// What is done, each by a form of a page of ours.
fn done(writes: &Arc<Writes>) -> Router {
    Router::new()
        .route("/sign-in", post(sign_in::post))
        .route("/sign-out", post(sign_in::out))
        .route("/sign-in/oidc", post(oidc::leave))
        .route("/sign-in/oidc/done", post(oidc::done))
        .route("/prove", post(sign_in::proved))
        .route("/prove/oidc", post(oidc::prove))
        .route("/link/{secret}", post(link::post))
        .route("/a/{id}/plan", post(secure::prepare))
        .route("/a/{id}/secure", post(secure::post))
        .route("/a/{id}/approve", post(secure::approve))
        .route("/a/{id}/ticks", post(secure::tick))
        .route("/x/{id}/undo", post(secure::undo))
        .route("/accounts", post(accounts::make))
        .route("/accounts/{name}/link", post(accounts::renew))
        .route("/accounts/{name}/roles", post(accounts::change))
        .route("/accounts/{name}/end", post(accounts::end))
        .route("/me/sessions/end", post(me::end_others))
        .route("/me/tokens", post(me::make_token))
        .route("/me/tokens/end", post(me::end_token))
        .with_state(Arc::clone(writes))
}
