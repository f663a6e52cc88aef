//! Whatever fetches links changes nothing: every address of the program, by GET and HEAD, signed in or not.

use crate::acting::Fake;
use crate::site::{Browser, ONE, Site};
use axum::http::StatusCode;
use std::sync::Arc;

/// Every address that the program answers, from the place where they are listed.
fn addresses() -> Vec<String> {
    let listed = concat!(
        include_str!("../../src/routes.rs"),
        include_str!("../../src/api/mod.rs")
    );
    let mut paths: Vec<String> = listed
        .split(".route(\"")
        .skip(1)
        .filter_map(|rest| rest.split_once('"'))
        .map(|(path, _)| path.to_owned())
        .collect();
    paths.sort();
    paths.dedup();
    assert!(paths.len() > 20, "{paths:?}");
    paths
}

#[tokio::test]
async fn nothing_that_is_fetched_changes_anything() {
    let fake = Arc::new(Fake::default());
    let site = Site::with(Some(fake.clone()));
    let (admin, _) = site.administrator().await;
    let incident = site.incident_of(ONE);
    let card = site.house.card_link(&incident).expect("a link");
    let link = site.house.administrator_link().expect("a link");
    let watcher = site.watcher();
    let before = watcher.version().expect("asked");
    for browser in [Browser::default(), admin] {
        for path in addresses() {
            let path = path
                .replace("/s/{token}", &card)
                .replace("/link/{secret}", &link)
                .replace("/a/{id}", &format!("/a/{incident}"))
                .replace("/incidents/{id}", &format!("/incidents/{incident}"))
                .replace("/t/{id}", &format!("/t/{ONE}"))
                .replace("/doctor/{id}", &format!("/doctor/{ONE}"))
                .replace("/x/{id}", "/x/execution-1")
                .replace("{hash}", "plan-0")
                .replace("{name}", "root")
                .replace("{version}", "any");
            for method in ["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"] {
                let answer = site.fetch(method, &browser, &path).await;
                assert!(
                    answer.status.as_u16() < 500,
                    "{method} {path}: {}",
                    answer.status
                );
            }
        }
    }
    assert_eq!(watcher.version().expect("asked"), before);
    assert_eq!((fake.planned(), fake.applied()), (0, 0));
    let nobody = Browser::default();
    assert_eq!(
        site.get(&nobody, &link).await.status,
        StatusCode::OK,
        "it is not used up"
    );
}

#[tokio::test]
async fn every_answer_has_the_headers_that_keep_it_in_its_place() {
    let site = Site::new();
    let (admin, _) = site.administrator().await;
    for path in [
        "/",
        "/t",
        "/accounts",
        "/doctor",
        "/ledger",
        "/ledger.csv",
        "/settings",
        "/me",
        "/sign-in",
        "/nowhere",
        "/api/v1/tenants",
    ] {
        let answer = site.get(&admin, path).await;
        let policy = answer.header("content-security-policy");
        assert!(policy.contains("default-src 'self'"), "{path}");
        assert!(policy.contains("frame-ancestors 'none'"), "{path}");
        assert!(!policy.contains("unsafe"), "{path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("referrer-policy"), "no-referrer");
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        for inline in ["<style", " style=", "onclick=", "<script>"] {
            assert!(!answer.body.contains(inline), "{path} holds {inline}");
        }
        for origin in ["src=\"http", "href=\"http", "url(http"] {
            assert!(!answer.body.contains(origin), "{path} holds {origin}");
        }
    }
}
