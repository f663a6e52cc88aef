//! The API: tokens, scopes, and that it is what its description says.

use crate::site::{Answer, Browser, ONE, OTHER, Site};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use serde_json::Value;

async fn call(site: &Site, token: &str, path: &str) -> Answer {
    let request = Request::builder()
        .uri(path)
        .header("authorization", format!("Bearer {token}"))
        .body(Body::empty());
    site.ask(request.expect("a request")).await
}

async fn token(site: &Site, browser: &Browser, scopes: &[&str]) -> String {
    let form = site.get(browser, "/me").await.form();
    let mut fields = vec![("form", form.as_str()), ("name", "a program")];
    fields.extend(scopes.iter().map(|scope| ("scope", *scope)));
    let page = site.post(browser, "/me/tokens", &fields).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    page.between("<code data-copy>", "</code>")
}

fn json(answer: &Answer) -> Value {
    serde_json::from_str(&answer.body).expect("JSON")
}

#[tokio::test]
async fn a_token_reads_what_its_scopes_and_its_account_may() {
    let site = Site::new();
    let (admin, _) = site.administrator().await;
    let (ann, _) = site.member(&admin, "ann", ONE, "viewer").await;
    let incidents = token(&site, &ann, &["incidents:read"]).await;
    let listed = json(&call(&site, &incidents, "/api/v1/incidents").await);
    assert_eq!(listed["incidents"].as_array().map(Vec::len), Some(1));
    assert_eq!(listed["incidents"][0]["tenant"], ONE);
    let foreign = format!("/api/v1/incidents/{}", site.incident_of(OTHER));
    assert_eq!(
        call(&site, &incidents, &foreign).await.status,
        StatusCode::NOT_FOUND
    );
    let refused = call(&site, &incidents, "/api/v1/tenants").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert_eq!(refused.header("content-type"), "application/problem+json");
    for nobody in ["", "guess", &incidents[1..]] {
        let refused = call(&site, nobody, "/api/v1/incidents").await;
        assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
        assert_eq!(refused.header("www-authenticate"), "Bearer");
    }
    let by_cookie = site.get(&ann, "/api/v1/incidents").await;
    assert_eq!(
        by_cookie.status,
        StatusCode::UNAUTHORIZED,
        "a cookie is no token"
    );
    let gone = call(&site, &incidents, "/api/v1/incidents?after=nowhere").await;
    assert_eq!(gone.status, StatusCode::CONFLICT);
    for query in ["least=grave", "limit=0", "limit=x", "limit=1&limit=2"] {
        let answer = call(&site, &incidents, &format!("/api/v1/incidents?{query}")).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{query}");
    }
}

#[tokio::test]
async fn a_token_ends_when_it_is_taken_back_and_by_itself() {
    let site = Site::new();
    let (admin, _) = site.administrator().await;
    let secret = token(&site, &admin, &["tenants:read"]).await;
    let other = token(&site, &admin, &["tenants:read"]).await;
    let page = site.get(&admin, "/me").await;
    assert!(!page.body.contains(&secret), "it is shown once");
    let form = page.form();
    let digest = page.between("name=\"token\" value=\"", "\"");
    let fields = [("form", form.as_str()), ("token", &digest)];
    assert_eq!(
        site.post(&admin, "/me/tokens/end", &fields).await.status,
        StatusCode::SEE_OTHER
    );
    let mut left = Vec::new();
    for one in [&secret, &other] {
        if call(&site, one, "/api/v1/tenants").await.status == StatusCode::OK {
            left.push(one);
        }
    }
    assert_eq!(left.len(), 1);
    site.wait_minutes(91 * 24 * 60);
    let expired = call(&site, left[0], "/api/v1/tenants").await;
    assert_eq!(expired.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn answers_are_what_the_description_says() {
    let site = Site::new();
    let (admin, _) = site.administrator().await;
    let secret = token(&site, &admin, &["incidents:read", "tenants:read"]).await;
    let document = json(&site.get(&Browser::default(), "/api/v1/openapi.json").await);
    let incident = site.incident_of(ONE);
    let paths = document["paths"].as_object().expect("paths");
    assert_eq!(paths.len(), 4);
    for (path, of) in paths {
        let schema = &of["get"]["responses"]["200"]["content"]["application/json"]["schema"];
        let answer = call(&site, &secret, &path.replace("{id}", &incident)).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        conforms(&document, schema, &json(&answer), path);
    }
    let problem = json(&call(&site, "none", "/api/v1/tenants").await);
    let schema = &document["components"]["schemas"]["Problem"];
    conforms(&document, schema, &problem, "problem");
}

/// A value has the type that is said of it, every field that is required, and none that is not said.
fn conforms(document: &Value, schema: &Value, value: &Value, at: &str) {
    if let Some(reference) = schema["$ref"].as_str() {
        let name = reference.rsplit('/').next().expect("a name");
        return conforms(
            document,
            &document["components"]["schemas"][name],
            value,
            at,
        );
    }
    if let Some(allowed) = schema["enum"].as_array() {
        assert!(allowed.contains(value), "{at}: {value}");
    }
    let types: Vec<&str> = match &schema["type"] {
        Value::String(one) => vec![one],
        Value::Array(all) => all.iter().filter_map(Value::as_str).collect(),
        _ => panic!("{at} has no type"),
    };
    let is = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    assert!(types.contains(&is), "{at} is {is}, not {types:?}");
    for (number, one) in value.as_array().into_iter().flatten().enumerate() {
        conforms(document, &schema["items"], one, &format!("{at}[{number}]"));
    }
    if let (Some(properties), Some(fields)) = (schema["properties"].as_object(), value.as_object())
    {
        let said: Vec<&String> = properties.keys().collect();
        assert_eq!(fields.keys().collect::<Vec<_>>(), said, "{at}");
        for (name, one) in fields {
            conforms(document, &properties[name], one, &format!("{at}.{name}"));
        }
    }
}
