//! What counts is shown to administrators, and no secret with it.

use crate::site::{HOSTILE, ONE, Site};
use axum::http::StatusCode;

#[tokio::test]
async fn administrators_see_what_counts_and_no_secret() {
    let site = Site::new();
    let (admin, _) = site.administrator().await;
    let secret = site.folder.path().join("secret");
    std::fs::write(&secret, "hunter2-hunter2").expect("written");
    let config = format!(
        "[response]\nmode = \"off\"\ntwo_person = [\"boss@contoso.example\"]\n\
         [[tenant]]\nid = \"{ONE}\"\nname = {}\n\
         collect = {{ client_id = \"{ONE}\", secret = \"file:{}\" }}\n",
        serde_json::Value::from(HOSTILE),
        secret.display()
    );
    let file = site.folder.path().join("config.toml");
    std::fs::write(&file, config).expect("written");
    let page = site.get(&admin, "/settings").await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    for shown in [
        "off: nothing is ever changed",
        "boss@contoso.example",
        ONE,
        "built in",
    ] {
        assert!(page.body.contains(shown), "{shown}");
    }
    assert!(!page.body.contains("hunter2"));
    assert!(!page.body.contains("<script>alert"));
    let none = site.get(&admin, "/settings?q=nobody&page=7").await;
    assert!(none.body.contains("No tenant is called like that."));

    std::fs::write(&file, "[[tenant]]\nname = \"<script>alert(1)</script>\"\n").expect("written");
    let wrong = site.get(&admin, "/settings").await;
    assert_eq!(wrong.status, StatusCode::OK);
    assert!(wrong.body.contains("does not make sense"), "{}", wrong.body);
    site.wait_minutes(1);
    let front = site.get(&admin, "/").await;
    assert_eq!(
        front.status,
        StatusCode::OK,
        "what was found is shown all the same"
    );
    assert!(front.body.contains("href=\"/settings\">settings</a>"));
    assert!(!wrong.body.contains("<script>alert"));
}

#[tokio::test]
async fn nobody_else_sees_settings() {
    let site = Site::new();
    let (admin, _) = site.administrator().await;
    for (name, tenant, role) in [("ann", "*", "responder"), ("bob", ONE, "admin")] {
        let (browser, _) = site.member(&admin, name, tenant, role).await;
        let page = site.get(&browser, "/settings").await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{name}");
        let front = site.get(&browser, "/").await;
        assert!(!front.body.contains("/settings"), "nothing leads there");
    }
}
