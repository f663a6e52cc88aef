//! `/healthz`, `/readyz` and `/metrics` of whoever collects.

use crate::board::{Board, Written};
use crate::metrics;
use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;
use engine::clock;
use model::Timestamp;

/// After so many seconds without a word the work is taken for stuck.
const STUCK_SECONDS: i64 = 120;

/// Returns the routes of whoever asks whether collecting is well.
pub(crate) fn routes(board: Board) -> Router {
    Router::new()
        .route("/healthz", get(health))
        .route("/readyz", get(ready))
        .route("/metrics", get(numbers))
        .with_state(board)
}

async fn health(State(board): State<Board>) -> impl IntoResponse {
    answer(is_alive(&board.read(), clock::now()))
}

async fn ready(State(board): State<Board>) -> impl IntoResponse {
    let written = board.read();
    let stored = if written.trouble.is_empty() {
        Ok(())
    } else {
        Err(format!(
            "what was collected cannot be stored: {}",
            written.trouble
        ))
    };
    answer(is_alive(&written, clock::now()).and(stored))
}

async fn numbers(State(board): State<Board>) -> impl IntoResponse {
    let kind = [(
        header::CONTENT_TYPE,
        "text/plain; version=0.0.4; charset=utf-8",
    )];
    (kind, metrics::text(&board.read(), clock::now()))
}

fn is_alive(written: &Written, now: Timestamp) -> Result<(), String> {
    let at = written.at.ok_or("not begun yet")?;
    let seconds = (now.0 - at.0) / 1_000_000;
    if seconds > STUCK_SECONDS {
        return Err(format!("no sign of life for {seconds} s"));
    }
    Ok(())
}

fn answer(state: Result<(), String>) -> (StatusCode, String) {
    match state {
        Ok(()) => (StatusCode::OK, "ok\n".to_owned()),
        Err(why) => (StatusCode::SERVICE_UNAVAILABLE, format!("{why}\n")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::serving::serve;
    use std::io::{Read, Write};
    use std::net::{SocketAddr, TcpStream};

    fn get(address: SocketAddr, path: &str) -> String {
        let mut stream = TcpStream::connect(address).expect("connected");
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        )
        .expect("sent");
        let mut text = String::new();
        stream.read_to_string(&mut text).expect("answered");
        text
    }

    #[test]
    fn who_has_not_begun_is_not_well_and_who_cannot_store_is_not_ready() {
        let board = Board::default();
        let serving =
            serve("127.0.0.1:0".parse().expect("an address"), board.clone()).expect("served");
        assert!(get(serving.address, "/healthz").starts_with("HTTP/1.1 503"));
        board.going(&[]);
        assert!(get(serving.address, "/healthz").starts_with("HTTP/1.1 200"));
        assert!(get(serving.address, "/readyz").starts_with("HTTP/1.1 200"));
        board.troubled("no space left");
        assert!(get(serving.address, "/healthz").starts_with("HTTP/1.1 200"));
        let ready = get(serving.address, "/readyz");
        assert!(ready.starts_with("HTTP/1.1 503") && ready.contains("no space left"));
        assert!(get(serving.address, "/metrics").contains("breachscope_storing_in_trouble 1"));
        assert!(get(serving.address, "/elsewhere").starts_with("HTTP/1.1 404"));
    }

    #[test]
    fn who_is_silent_for_long_is_stuck() {
        let written = Written {
            at: Some(Timestamp(0)),
            ..Written::default()
        };
        assert!(is_alive(&written, Timestamp(60_000_000)).is_ok());
        assert!(is_alive(&written, Timestamp(200_000_000)).is_err());
    }
}
