//! Nobody sees what is not theirs, and cannot tell whether it is there.

use crate::site::{ONE, OTHER, Site};
use axum::http::StatusCode;

#[tokio::test]
async fn a_tenant_that_is_not_yours_is_not_there() {
    let site = Site::new();
    let (admin, _) = site.administrator().await;
    let (viewer, _) = site.member(&admin, "ann", ONE, "viewer").await;
    let (own, foreign) = (site.incident_of(ONE), site.incident_of(OTHER));
    assert_eq!(site.incidents(&admin).await.len(), 2);
    assert_eq!(site.incidents(&viewer).await, std::slice::from_ref(&own));
    assert_eq!(
        site.get(&viewer, &format!("/a/{own}")).await.status,
        StatusCode::OK
    );
    let nowhere = site.get(&viewer, "/a/0123456789abcdef").await;
    for path in [
        format!("/a/{foreign}"),
        format!("/a/{}", &foreign[..12]),
        format!("/a/{foreign}/secure"),
        format!("/t/{OTHER}"),
    ] {
        let answer = site.get(&viewer, &path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(answer.body, nowhere.body, "{path}");
    }
    for path in [
        "/",
        "/t",
        "/?tenant=22222222-2222-4222-8222-222222222222",
        "/?q=vera",
    ] {
        let page = site.get(&viewer, path).await.body;
        assert!(!page.contains(&foreign), "{path}");
        assert!(!page.contains("vera@vera.example"), "{path}");
    }
    let tenants = site.get(&viewer, "/t").await.body;
    assert!(tenants.contains(ONE) && !tenants.contains(OTHER));
}

#[tokio::test]
async fn accounts_are_for_administrators_of_all_tenants() {
    let site = Site::new();
    let (admin, _) = site.administrator().await;
    for (name, tenant, role) in [("ann", "*", "responder"), ("bob", ONE, "admin")] {
        let (browser, _) = site.member(&admin, name, tenant, role).await;
        for path in ["/accounts", "/accounts/root"] {
            assert_eq!(site.get(&browser, path).await.status, StatusCode::FORBIDDEN);
        }
        let form = site.get(&browser, "/").await.form();
        let fields = [
            ("form", form.as_str()),
            ("name", "eve"),
            ("tenant", "*"),
            ("role", "admin"),
        ];
        for path in [
            "/accounts",
            "/accounts/root/end",
            "/accounts/root/link",
            "/accounts/ann/roles",
        ] {
            let refused = site.post(&browser, path, &fields).await;
            assert_eq!(refused.status, StatusCode::FORBIDDEN, "{name} {path}");
        }
    }
}

#[tokio::test]
async fn what_is_only_imported_is_never_clear() {
    let site = Site::new();
    let (admin, _) = site.administrator().await;
    let page = site.get(&admin, &format!("/t/{ONE}")).await.body;
    assert!(page.contains("state found"));
    assert!(!page.contains("state clear"));
    assert!(page.contains("Nothing is collected, so nothing can be told."));
}
