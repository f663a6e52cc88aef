//! `$batch`: up to twenty requests in one, each with an answer of its own, in no order.

use axum::http::Method;
use serde_json::{Value, json};

use super::Visit;
use crate::cloud::Reply;
use crate::wire::{Answer, Ask};

/// Requests in a batch, at most.
const MOST: usize = 20;

pub(super) fn answer(visit: &Visit<'_>) -> Answer {
    let body = visit.ask.json().unwrap_or_default();
    let Some(requests) = body["requests"].as_array() else {
        return visit.bad("Invalid batch payload format.");
    };
    if requests.len() > MOST {
        let text = format!("Number of batch request steps exceeds the maximum value of {MOST}.");
        return visit.error(400, "BadRequest", &text);
    }
    let mut rows = Vec::new();
    let mut responses: Vec<Value> = Vec::new();
    for request in requests {
        let answer = one(visit, request);
        responses.push(item(request, &answer));
        rows.extend(answer.rows);
    }
    responses.reverse();
    Answer::json(200, &json!({ "responses": responses })).holding(rows)
}

fn one(visit: &Visit<'_>, request: &Value) -> Answer {
    let version = if visit.beta { "beta" } else { "v1.0" };
    let url = request["url"].as_str().unwrap_or_default();
    let target = format!("/{version}/{}", url.trim_start_matches('/'));
    let method = request["method"]
        .as_str()
        .and_then(|name| name.parse().ok());
    let body = if request["body"].is_null() {
        Vec::new()
    } else {
        request["body"].to_string().into_bytes()
    };
    let headers = visit.ask.headers.clone();
    let ask = Ask::new(
        visit.ask.service,
        method.unwrap_or(Method::GET),
        &target,
        headers,
        body,
    );
    if super::call(&ask) == "$batch" {
        return visit.bad("A batch must not hold a batch.");
    }
    let site = visit.cloud.site(&ask);
    match visit.cloud.reply(&ask, &site) {
        Reply::Answer(answer) => answer,
        _ => Answer::empty(503),
    }
}

fn item(request: &Value, answer: &Answer) -> Value {
    let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let headers = answer
        .headers
        .iter()
        .map(|(name, value)| ((*name).to_owned(), json!(value)));
    json!({
        "id": request["id"],
        "status": answer.status,
        "headers": Value::Object(headers.collect()),
        "body": body,
    })
}
