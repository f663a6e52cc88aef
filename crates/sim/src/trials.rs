//! The cloud as a client sees it, over a client of a few lines that knows nothing but sockets.

mod activity;
mod admin;
mod azure;
mod client;
mod entra;
mod exchange;
mod faults;
mod footholds;
mod graph;
mod mailboxes;
mod patient;
mod responder;
mod response;
mod sign_in;
mod small;
mod unreliable;

use serde_json::Value;

use crate::faults::Dials;
use crate::server::{Running, ServeOptions};
use crate::service::Service;
use client::{Got, get, post};

/// Serves a small world that stands still a minute after the last record arrived.
fn served(dials: Dials) -> Running {
    let options = ServeOptions {
        dials,
        blob_records: 4,
        page_size: 3,
        ..ServeOptions::default()
    };
    crate::start(small::world(), options).unwrap()
}

/// Asks for a token for a service in the first tenant.
fn token(cloud: &Running, service: Service) -> String {
    let (url, body) = token_request(cloud, service);
    let answer = post(&url, &[], &body);
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()["access_token"].as_str().unwrap().to_owned()
}

/// Returns the address and the form of a request for a token.
fn token_request(cloud: &Running, service: Service) -> (String, String) {
    let tenant = &cloud.world().tenants[0];
    let resource = service.audiences()[0];
    let body = format!(
        "grant_type=client_credentials&client_id={}&client_secret={}&scope={resource}/.default",
        tenant.collector.client_id, tenant.collector.secret
    );
    let base = cloud.base(Service::Login);
    (format!("{base}/{}/oauth2/v2.0/token", tenant.id), body)
}

/// Gets a path of a service with a token for it.
fn ask(cloud: &Running, service: Service, path: &str) -> Got {
    let bearer = format!("Bearer {}", token(cloud, service));
    get(
        &format!("{}{path}", cloud.base(service)),
        &[("authorization", &bearer)],
    )
}

/// Posts JSON to a path of a service with a token for it.
fn tell(cloud: &Running, service: Service, path: &str, body: &Value) -> Got {
    let bearer = format!("Bearer {}", token(cloud, service));
    let headers = [
        ("authorization", bearer.as_str()),
        ("content-type", "application/json"),
    ];
    post(
        &format!("{}{path}", cloud.base(service)),
        &headers,
        &body.to_string(),
    )
}

/// Returns the code of an error.
fn code(got: &Got) -> String {
    got.json()["error"]["code"]
        .as_str()
        .unwrap_or_default()
        .to_owned()
}
