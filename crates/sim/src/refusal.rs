//! How each service refuses: without a good token, when there are too many requests, and when it
//! is broken.

use serde_json::json;

use crate::cloud::Cloud;
use crate::faults::Site;
use crate::service::Service;
use crate::token::Refusal;
use crate::wire::{Answer, Ask, error};
use crate::{activity, stamp};

/// 401, in the service's words.
pub(crate) fn unauthorized(cloud: &Cloud, ask: &Ask, refusal: &Refusal) -> Answer {
    match ask.service {
        Service::Manage => Answer::json(
            401,
            &json!({"Message": "Authorization has been denied for this request."}),
        ),
        Service::Graph => {
            let text = match refusal {
                Refusal::Absent => "Access token is empty.",
                Refusal::Malformed => "CompactToken parsing failed with error code: 80049217",
                Refusal::Expired => "Lifetime validation failed, the token is expired.",
                Refusal::Audience(_) => "Access token validation failure. Invalid audience.",
            };
            graph(cloud, ask, 401, "InvalidAuthenticationToken", text)
        }
        Service::Exchange => Answer::empty(401).with(
            "www-authenticate",
            "Bearer client_id=\"00000002-0000-0ff1-ce00-000000000000\", \
             trusted_issuers=\"00000001-0000-0000-c000-000000000000@*\", error=\"invalid_token\"",
        ),
        Service::Arm => {
            let (code, text) = match refusal {
                Refusal::Absent => (
                    "AuthenticationFailed",
                    "Authentication failed. The 'Authorization' header is missing.",
                ),
                Refusal::Malformed => {
                    ("InvalidAuthenticationToken", "The access token is invalid.")
                }
                Refusal::Expired => (
                    "ExpiredAuthenticationToken",
                    "The access token expiry UTC time has passed.",
                ),
                Refusal::Audience(_) => (
                    "InvalidAuthenticationTokenAudience",
                    "The access token has been obtained for wrong audience or resource.",
                ),
            };
            error(401, code, text).with(
                "www-authenticate",
                "Bearer authorization_uri=\"https://login.windows.net/\", error=\"invalid_token\"",
            )
        }
        Service::Devops if *refusal == Refusal::Absent => {
            let login = format!("{}/common/oauth2/authorize", cloud.base(Service::Login));
            let mut page = Answer::html(302, "Object moved");
            page.headers.push(("location", login));
            page
        }
        Service::Devops => Answer::html(203, "Azure DevOps Services | Sign In"),
        Service::Storage => storage(
            401,
            "InvalidAuthenticationInfo",
            "Server failed to authenticate the request. Please refer to the information in the \
             www-authenticate header.",
        ),
        Service::Login | Service::Elsewhere | Service::Admin => Answer::empty(401),
    }
}

/// Too many requests, in the service's words.
pub(crate) fn throttled(cloud: &Cloud, ask: &Ask, site: &Site, seconds: u64) -> Answer {
    if ask.service == Service::Manage {
        return activity::throttled(cloud, ask, site, seconds);
    }
    cloud.book.throttles(site, seconds);
    let answer = match ask.service {
        Service::Login => Answer::json(
            429,
            &json!({"error": "temporarily_unavailable", "error_description":
                "AADSTS90055: The server is busy: too many requests.", "error_codes": [90055]}),
        ),
        Service::Graph if ask.path.contains("auditLogs") || ask.path.contains("identityProtection") => graph(
            cloud,
            ask,
            429,
            "UnknownError",
            "This request is throttled. Please try again after the value specified in the Retry-After header.",
        ),
        Service::Graph => graph(cloud, ask, 429, "TooManyRequests", "Too many requests"),
        Service::Devops => Answer::json(
            429,
            &json!({"message": "TF400733: The request has been canceled: Request was blocked due to exceeding \
                usage of resource 'Count' in namespace 'User'."}),
        )
        .with("x-ratelimit-remaining", "0")
        .with("x-ratelimit-limit", "200"),
        Service::Storage => storage(503, "ServerBusy", "The server is busy."),
        _ => error(429, "TooManyRequests", "The request is being throttled."),
    };
    if seconds == 0 {
        return answer;
    }
    answer.with("retry-after", seconds.to_string())
}

/// An error of the service itself.
pub(crate) fn broken(cloud: &Cloud, ask: &Ask, status: u16) -> Answer {
    if status == 502 || status == 504 {
        let title = if status == 502 {
            "502 Bad Gateway"
        } else {
            "504 Gateway Time-out"
        };
        return Answer::html(status, title);
    }
    match ask.service {
        Service::Manage => error(
            status,
            "AF50000",
            "An internal error occurred. Retry the request.",
        ),
        Service::Graph => {
            let code = if status == 503 {
                "serviceNotAvailable"
            } else {
                "UnknownError"
            };
            graph(cloud, ask, status, code, "")
        }
        Service::Login => Answer::json(
            status,
            &json!({"error": "temporarily_unavailable", "error_description":
                "AADSTS90033: A transient error has occurred. Please try again.", "error_codes": [90033]}),
        ),
        Service::Storage => storage(
            status,
            "InternalError",
            "The server encountered an internal error.",
        ),
        _ => error(status, "InternalServerError", "An error has occurred."),
    }
}

/// An error in Graph's shape.
pub(crate) fn graph(cloud: &Cloud, ask: &Ask, status: u16, code: &str, message: &str) -> Answer {
    let id = cloud.guid("request");
    let client = ask.header("client-request-id").unwrap_or(&id);
    let body = json!({"error": {
        "code": code,
        "message": message,
        "innerError": {
            "date": stamp::write("%Y-%m-%dT%H:%M:%S", cloud.told_now()),
            "request-id": id,
            "client-request-id": client,
        },
    }});
    Answer::json(status, &body).with("request-id", id.clone())
}

/// An error in the shape of blob storage.
pub(crate) fn storage(status: u16, code: &str, message: &str) -> Answer {
    let body = format!(
        "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>{code}</Code><Message>{message}</Message></Error>"
    );
    Answer::of(status, "application/xml", body).with("x-ms-error-code", code)
}
