//! What an intruder wrote is text on every page.

use crate::acting::Fake;
use crate::site::{HOSTILE, ONE, Site};
use std::sync::Arc;

#[tokio::test]
async fn what_an_intruder_wrote_is_text_everywhere() {
    let site = Site::with(Some(Arc::new(Fake::default())));
    let (admin, _) = site.administrator().await;
    let incident = site.incident_of(ONE);
    let query: String = form_urlencoded::byte_serialize(HOSTILE.as_bytes()).collect();
    let mut seen = 0;
    for path in [
        "/".to_owned(),
        format!("/?q={query}&tenant={query}&least={query}&page={query}"),
        format!("/a/{incident}"),
        format!("/a/{incident}/secure"),
        "/t".to_owned(),
        format!("/t/{ONE}"),
        format!("/t/{}", query.replace('+', "%20")),
        format!("/sign-in?next=/{query}"),
        format!("/doctor/{}", query.replace('+', "%20")),
        format!("/doctor?page={query}"),
        format!("/settings?q={query}&page={query}"),
        "/accounts".to_owned(),
        "/me".to_owned(),
    ] {
        let page = site.get(&admin, &path).await;
        assert!(page.status.as_u16() < 500, "{path}: {}", page.body);
        for bad in [
            "<script>alert",
            "<img src=x",
            "onerror=alert(2)>",
            "\u{202e}",
            "\"'>",
        ] {
            assert!(!page.body.contains(bad), "{path} holds {bad:?}");
        }
        assert!(!page.body.contains("{49}"));
        seen += usize::from(
            page.body.contains("script&#62;alert(1)") || page.body.contains("script&gt;alert(1)"),
        );
    }
    assert!(seen >= 2, "the name of the rule is shown somewhere: {seen}");
}

#[tokio::test]
async fn what_a_browser_says_of_itself_is_text() {
    let site = Site::new();
    let (admin, seed) = site.administrator().await;
    site.wait_minutes(1);
    let code = site.code(&seed);
    let fields = [
        ("name", "root"),
        ("password", crate::site::PASSWORD),
        ("code", &code),
    ];
    let from = [
        ("sec-fetch-site", "same-origin"),
        ("user-agent", "<script>alert(1)</script>"),
    ];
    let browser = crate::site::Browser::default();
    site.post_from(&browser, "/sign-in", &fields, &from).await;
    let page = site.get(&admin, "/me").await;
    assert!(page.body.contains("alert(1)"));
    assert!(!page.body.contains("<script>alert"));
}
