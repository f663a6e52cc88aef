//! The door: from HTTP to a request and from an answer to HTTP, with everything that takes time.

use std::io::Write as _;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, DATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use flate2::Compression;
use flate2::write::GzEncoder;
use futures::StreamExt as _;

use crate::cloud::{Cloud, Reply};
use crate::listen::Wire;
use crate::service::Service;
use crate::stamp;
use crate::wire::{Answer, Ask};

/// The largest body that is read.
const LARGEST: usize = 64 * 1024 * 1024;

#[derive(Clone)]
struct Desk {
    cloud: Arc<Cloud>,
    service: Service,
}

/// Returns the routes of a service: every path is its own business.
pub(crate) fn router(cloud: Arc<Cloud>, service: Service) -> Router {
    Router::new()
        .fallback(handle)
        .with_state(Desk { cloud, service })
}

async fn handle(
    State(desk): State<Desk>,
    ConnectInfo(wire): ConnectInfo<Wire>,
    request: Request,
) -> Response {
    let Desk { cloud, service } = desk;
    let (head, body) = request.into_parts();
    let Ok(body) = to_bytes(body, LARGEST).await else {
        return status(413);
    };
    let target = head
        .uri
        .path_and_query()
        .map_or("/", |target| target.as_str());
    let zipped = cloud.faults.dials().gzip
        && head
            .headers
            .get("accept-encoding")
            .and_then(|value| value.to_str().ok())
            .is_some_and(|accepted| accepted.contains("gzip"));
    let ask = Ask::new(service, head.method, target, head.headers, body.to_vec());
    let pause = pause(&cloud, &ask);
    let reply = cloud.answer(&ask);
    if !pause.is_zero() {
        tokio::time::sleep(pause).await;
    }
    let response = match reply {
        Reply::Answer(answer) => whole(&cloud, answer, zipped),
        Reply::Cut(answer) => cut(&cloud, answer),
        Reply::Reset => {
            wire.reset();
            status(500)
        }
        Reply::Hang(time) => {
            tokio::time::sleep(time).await;
            wire.reset();
            status(500)
        }
    };
    if !matches!(service, Service::Admin | Service::Elsewhere) {
        cloud.book.leaves();
    }
    response
}

/// How long an answer takes, by the dials and by chance.
fn pause(cloud: &Cloud, ask: &Ask) -> Duration {
    let (least, most) = cloud.faults.dials().latency_ms;
    if most == 0 || ask.service == Service::Admin {
        return Duration::ZERO;
    }
    let chance = cloud.faults.chance("latency", cloud.site(ask).key);
    let more = (most.saturating_sub(least) as f64 * chance) as u64;
    Duration::from_millis(least + more)
}

fn whole(cloud: &Cloud, mut answer: Answer, zipped: bool) -> Response {
    // Blobs go out as they are, for they are read by ranges of bytes.
    let bytes = |(name, value): &(&str, String)| {
        *name == "content-type" && value == "application/octet-stream"
    };
    let worth_it = zipped && answer.body.len() > 256 && !answer.headers.iter().any(bytes);
    if worth_it {
        answer.body = zip(&answer.body);
    }
    let body = Bytes::from(std::mem::take(&mut answer.body));
    let mut response = dressed(cloud, &answer, Body::from(body));
    if worth_it {
        let gzip = HeaderValue::from_static("gzip");
        response.headers_mut().insert(CONTENT_ENCODING, gzip);
    }
    response
}

fn zip(body: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(body.len() / 4), Compression::fast());
    let written = encoder.write_all(body).and_then(|()| encoder.finish());
    written.unwrap_or_default()
}

/// Announces the whole body and ends in the middle of it.
fn cut(cloud: &Cloud, mut answer: Answer) -> Response {
    let length = answer.body.len();
    answer.body.truncate(length / 2);
    let half = Bytes::from(std::mem::take(&mut answer.body));
    let body = futures::stream::once(async { Ok(half) }).chain(futures::stream::once(async {
        // The first half has to be on its way before the connection goes.
        tokio::time::sleep(Duration::from_millis(20)).await;
        Err(std::io::Error::from(std::io::ErrorKind::UnexpectedEof))
    }));
    let body = Body::from_stream(body);
    let mut response = dressed(cloud, &answer, body);
    response
        .headers_mut()
        .insert(CONTENT_LENGTH, HeaderValue::from(length));
    response
}

fn dressed(cloud: &Cloud, answer: &Answer, body: Body) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() =
        StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    for (name, value) in &answer.headers {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.append(*name, value);
        }
    }
    if let Ok(date) = HeaderValue::from_str(&stamp::http_date(cloud.told_now())) {
        headers.insert(DATE, date);
    }
    response
}

fn status(code: u16) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::from_u16(code).unwrap_or_default();
    response
}
