//! What the doctor found is shown with its age, to whoever may see the tenant, and nobody is asked.

use crate::site::{Browser, HOSTILE, ONE, OTHER, Site};
use axum::http::StatusCode;
use engine::{DoctorRequest, Store};

/// Configures both tenants so that no service can be reached: their secrets are not there.
fn configure(site: &Site) {
    let tenant = |(id, name): (&str, &str)| {
        let name = serde_json::Value::from(name);
        format!(
            "[[tenant]]\nid = \"{id}\"\nname = {name}\n\
             collect = {{ client_id = \"{id}\", secret = \"file:/nowhere/{id}\" }}\n"
        )
    };
    let text = [(ONE, HOSTILE), (OTHER, "Fabrikam")].map(tenant).concat();
    std::fs::write(site.folder.path().join("config.toml"), text).expect("written");
}

/// Looks as the command does. On a thread of its own, for the lake brings a runtime.
fn look(site: &Site) {
    let folder = site.folder.path();
    std::thread::scope(|scope| {
        let looked = scope.spawn(|| {
            let store = Store::open(folder).expect("a data folder");
            let request = DoctorRequest::default();
            store.doctor(&request, &mut |_, _| {}).expect("looked")
        });
        looked.join().expect("looked");
    });
}

#[tokio::test]
async fn the_last_look_is_shown_and_never_taken_for_well() {
    let site = Site::new();
    let (admin, _) = site.administrator().await;
    let (viewer, _) = site.member(&admin, "ann", ONE, "viewer").await;
    configure(&site);
    site.wait_minutes(1);
    let before = site.get(&admin, "/doctor").await;
    assert_eq!(before.body.matches("It was never looked at.").count(), 2);
    assert_eq!(before.body.matches("state unknown").count(), 2);
    let one = site.get(&admin, &format!("/doctor/{ONE}")).await;
    let command = format!("breachscope doctor {ONE}");
    assert!(one.body.contains(&command), "{}", one.body);

    look(&site);
    let after = site.get(&admin, "/doctor").await;
    assert!(!after.body.contains("It was never looked at."));
    assert!(
        !after
            .body
            .contains("state clear\"><i aria-hidden=\"true\">\u{2713}</i>clear</span></td>")
    );
    assert!(
        after
            .body
            .contains("it cannot be told what would be provable")
    );
    assert!(after.body.contains("This machine"));
    let one = site.get(&admin, &format!("/doctor/{ONE}")).await;
    assert!(one.body.contains("No service answered"), "{}", one.body);
    assert!(one.body.contains("<strong>secret</strong>"), "{}", one.body);
    assert!(!one.body.contains("<script>alert"));

    let own = site.get(&viewer, "/doctor").await;
    assert!(own.body.contains(ONE) && !own.body.contains("Fabrikam"));
    assert!(
        !own.body.contains("This machine"),
        "that is for administrators"
    );
    let foreign = site.get(&viewer, &format!("/doctor/{OTHER}")).await;
    assert_eq!(foreign.status, StatusCode::NOT_FOUND);
    let nobody = site.get(&Browser::default(), "/doctor").await;
    assert_eq!(nobody.status, StatusCode::SEE_OTHER);
}
