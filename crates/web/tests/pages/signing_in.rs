//! Links, passwords, codes, sessions: what lets somebody in, and what does not.

use crate::site::{Browser, PASSWORD, Site, browser};
use axum::http::StatusCode;

async fn sign_in(site: &Site, name: &str, password: &str, code: &str) -> crate::site::Answer {
    let fields = [("name", name), ("password", password), ("code", code)];
    site.post(&Browser::default(), "/sign-in", &fields).await
}

#[tokio::test]
async fn a_link_is_used_up_by_its_form_alone_and_once() {
    let site = Site::new();
    let link = site.house.administrator_link().expect("a link");
    let nobody = Browser::default();
    for method in ["GET", "HEAD", "GET", "OPTIONS"] {
        site.fetch(method, &nobody, &link).await;
    }
    let seed = site.seed(&link).await;
    let code = site.code(&seed);
    let good = [
        ("name", "root"),
        ("password", PASSWORD),
        ("again", PASSWORD),
        ("code", code.as_str()),
    ];
    let from_elsewhere = [
        ("origin", "https://evil.example"),
        ("sec-fetch-site", "cross-site"),
    ];
    let foreign = site.post_from(&nobody, &link, &good, &from_elsewhere).await;
    assert_eq!(foreign.status, StatusCode::FORBIDDEN);
    let mut wrong = good;
    wrong[3].1 = "000000";
    let refused = site.post(&nobody, &link, &wrong).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let mut weak = good;
    weak[1].1 = "short";
    let refused = site.post(&nobody, &link, &weak).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let made = site.post(&nobody, &link, &good).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.body);
    assert_eq!(made.header("location"), "/");
    assert!(site.house.has_accounts().expect("asked"));
    let replayed = site.post(&nobody, &link, &good).await;
    assert_eq!(replayed.status, StatusCode::GONE);
    assert_eq!(site.get(&nobody, &link).await.status, StatusCode::GONE);
}

#[tokio::test]
async fn a_link_that_expired_or_was_replaced_counts_no_more() {
    let site = Site::new();
    let old = site.house.administrator_link().expect("a link");
    let new = site.house.administrator_link().expect("a link");
    let nobody = Browser::default();
    assert_eq!(site.get(&nobody, &old).await.status, StatusCode::GONE);
    assert_eq!(site.get(&nobody, &new).await.status, StatusCode::OK);
    site.wait_minutes(15);
    assert_eq!(site.get(&nobody, &new).await.status, StatusCode::GONE);
    assert_eq!(
        site.get(&nobody, "/link/guess").await.status,
        StatusCode::GONE
    );
}

#[tokio::test]
async fn whatever_is_wrong_the_answer_is_the_same_and_too_many_tries_wait() {
    let site = Site::new();
    let (_, seed) = site.administrator().await;
    site.wait_minutes(1);
    let code = site.code(&seed);
    let wrong_password = sign_in(&site, "root", "wrong horse battery", &code).await;
    let wrong_code = sign_in(&site, "root", PASSWORD, "000000").await;
    let wrong_name = sign_in(&site, "toor", PASSWORD, &code).await;
    for wrong in [&wrong_password, &wrong_code, &wrong_name] {
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            wrong
                .body
                .contains("The name, the password or the code is not right")
        );
        assert_eq!(wrong.header("set-cookie"), "");
    }
    for _ in 0..3 {
        sign_in(&site, "root", "wrong horse battery", "000000").await;
    }
    let locked = sign_in(&site, "root", PASSWORD, &code).await;
    assert_eq!(locked.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(!locked.header("retry-after").is_empty());
    site.wait_minutes(16);
    let right = sign_in(&site, "root", PASSWORD, &site.code(&seed)).await;
    assert_eq!(right.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_code_counts_once() {
    let site = Site::new();
    let (_, seed) = site.administrator().await;
    let used = sign_in(&site, "root", PASSWORD, &site.code(&seed)).await;
    assert_eq!(
        used.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "the link's form used it"
    );
    site.wait_minutes(1);
    let code = site.code(&seed);
    assert_eq!(
        sign_in(&site, "root", PASSWORD, &code).await.status,
        StatusCode::SEE_OTHER
    );
    let again = sign_in(&site, "root", PASSWORD, &code).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_cookie_is_dead_after_sign_out_whoever_holds_it() {
    let site = Site::new();
    let (owner, _) = site.administrator().await;
    let stolen = owner.clone();
    assert_eq!(site.get(&stolen, "/t").await.status, StatusCode::OK);
    let form = site.get(&owner, "/").await.form();
    let out = site.post(&owner, "/sign-out", &[("form", &form)]).await;
    assert_eq!(out.status, StatusCode::SEE_OTHER);
    assert!(out.header("set-cookie").contains("Max-Age=0"));
    let refused = site.get(&stolen, "/t").await;
    assert_eq!(refused.status, StatusCode::SEE_OTHER);
    assert_eq!(refused.header("location"), "/sign-in?next=%2Ft");
}

#[tokio::test]
async fn a_session_ends_when_nobody_uses_it_and_after_half_a_day_in_any_case() {
    let site = Site::new();
    let (idle, seed) = site.administrator().await;
    site.wait_minutes(59);
    assert_eq!(site.get(&idle, "/t").await.status, StatusCode::OK);
    site.wait_minutes(59);
    assert_eq!(
        site.get(&idle, "/t").await.status,
        StatusCode::OK,
        "looking is using"
    );
    site.wait_minutes(60);
    assert_eq!(site.get(&idle, "/t").await.status, StatusCode::SEE_OTHER);
    let busy = browser(&sign_in(&site, "root", PASSWORD, &site.code(&seed)).await);
    for _ in 0..14 {
        site.wait_minutes(50);
        assert_eq!(site.get(&busy, "/t").await.status, StatusCode::OK);
    }
    site.wait_minutes(50);
    assert_eq!(site.get(&busy, "/t").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_form_counts_only_with_the_secret_of_its_own_session() {
    let site = Site::new();
    let (admin, _) = site.administrator().await;
    let (other, _) = site.member(&admin, "ann", "*", "viewer").await;
    let of_other = site.get(&other, "/").await.form();
    let own = site.get(&admin, "/").await.form();
    for form in ["", "guess", of_other.as_str()] {
        let refused = site.post(&admin, "/sign-out", &[("form", form)]).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{form}");
    }
    for from in [&[("origin", "https://evil.example")][..], &[]] {
        let refused = site
            .post_from(&admin, "/sign-out", &[("form", &own)], from)
            .await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
    }
    assert_eq!(site.get(&admin, "/t").await.status, StatusCode::OK);
}

#[tokio::test]
async fn signing_in_leads_back_but_never_elsewhere() {
    let site = Site::new();
    let (_, seed) = site.administrator().await;
    for (next, expected) in [
        ("/t?x=1", "/t?x=1"),
        ("//evil.example", "/"),
        ("https://evil.example", "/"),
    ] {
        site.wait_minutes(1);
        let code = site.code(&seed);
        let fields = [
            ("name", "root"),
            ("password", PASSWORD),
            ("code", &code),
            ("next", next),
        ];
        let answer = site.post(&Browser::default(), "/sign-in", &fields).await;
        assert_eq!(answer.header("location"), expected);
    }
}

#[tokio::test]
async fn a_cookie_is_for_this_site_and_no_script() {
    let site = Site::new();
    let link = site.house.administrator_link().expect("a link");
    let seed = site.seed(&link).await;
    let code = site.code(&seed);
    let fields = [
        ("name", "root"),
        ("password", PASSWORD),
        ("again", PASSWORD),
        ("code", &code),
    ];
    let made = site.post(&Browser::default(), &link, &fields).await;
    let cookie = made.header("set-cookie");
    for word in ["HttpOnly", "SameSite=Strict", "Path=/"] {
        assert!(cookie.contains(word), "{cookie}");
    }
}
