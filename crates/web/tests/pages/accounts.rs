//! What administrators do with accounts.

use crate::site::{Browser, ONE, PASSWORD, Site};
use axum::http::StatusCode;

#[tokio::test]
async fn whoever_is_ended_is_out_at_once() {
    let site = Site::new();
    let (admin, _) = site.administrator().await;
    let (ann, seed) = site.member(&admin, "ann", ONE, "viewer").await;
    let form = site.get(&admin, "/accounts/ann").await.form();
    let end = || async {
        site.post(&admin, "/accounts/ann/end", &[("form", &form)])
            .await
    };
    assert_eq!(end().await.status, StatusCode::SEE_OTHER);
    assert_eq!(site.get(&ann, "/").await.status, StatusCode::SEE_OTHER);
    site.wait_minutes(1);
    let code = site.code(&seed);
    let fields = [("name", "ann"), ("password", PASSWORD), ("code", &code)];
    let nobody = Browser::default();
    let refused = site.post(&nobody, "/sign-in", &fields).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(end().await.status, StatusCode::SEE_OTHER);
    let back = site.post(&nobody, "/sign-in", &fields).await;
    assert_eq!(back.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn somebody_can_always_say_who_may_do_what() {
    let site = Site::new();
    let (admin, _) = site.administrator().await;
    let form = site.get(&admin, "/accounts/root").await.form();
    let demoted = [("form", form.as_str()), ("tenant", "*"), ("role", "viewer")];
    for (path, fields) in [
        ("/accounts/root/roles", &demoted[..]),
        ("/accounts/root/end", &demoted[..1]),
    ] {
        let refused = site.post(&admin, path, fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
    }
    // Somebody who has not used the link yet cannot stand in.
    let waiting = [
        ("form", form.as_str()),
        ("name", "ann"),
        ("tenant", "*"),
        ("role", "admin"),
    ];
    assert_eq!(
        site.post(&admin, "/accounts", &waiting).await.status,
        StatusCode::OK
    );
    let refused = site.post(&admin, "/accounts/root/roles", &demoted).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_new_link_ends_what_the_old_proofs_opened() {
    let site = Site::new();
    let (admin, _) = site.administrator().await;
    let (ann, _) = site.member(&admin, "ann", ONE, "viewer").await;
    let form = site.get(&admin, "/accounts/ann").await.form();
    let page = site
        .post(&admin, "/accounts/ann/link", &[("form", &form)])
        .await;
    let link = page.between("<code data-copy>", "</code>");
    assert_eq!(
        site.get(&ann, "/").await.status,
        StatusCode::OK,
        "a link alone does nothing"
    );
    let (renewed, _) = site.redeem(&link, "ann").await;
    assert_eq!(site.get(&ann, "/").await.status, StatusCode::SEE_OTHER);
    assert_eq!(site.get(&renewed, "/").await.status, StatusCode::OK);
}

#[tokio::test]
async fn changing_accounts_needs_a_fresh_code() {
    let site = Site::new();
    let (admin, seed) = site.administrator().await;
    site.wait_minutes(16);
    let form = site.get(&admin, "/accounts").await.form();
    let fields = [
        ("form", form.as_str()),
        ("name", "ann"),
        ("tenant", ONE),
        ("role", "viewer"),
    ];
    let refused = site.post(&admin, "/accounts", &fields).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(refused.body.contains("/prove?next=%2Faccounts"));
    let code = site.code(&seed);
    let proof = [
        ("form", form.as_str()),
        ("code", &code),
        ("next", "/accounts"),
    ];
    let proved = site.post(&admin, "/prove", &proof).await;
    assert_eq!(proved.header("location"), "/accounts");
    assert_eq!(
        site.post(&admin, "/accounts", &fields).await.status,
        StatusCode::OK
    );
}
