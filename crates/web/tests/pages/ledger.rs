//! The record of acts: who sees what of it, how it is found, and whether it holds.

use crate::acting::{scene, send, shown};
use crate::site::{Answer, Browser, HOSTILE, ONE, OTHER, Site};
use axum::http::StatusCode;
use engine::pages::{Acting, Refused};

/// Writes acts into the record as the program does.
fn note(site: &Site, acts: &[(&str, &str, &str)]) {
    let mut acting = Acting::open(site.folder.path()).expect("a data folder");
    for (tenant, by, what) in acts {
        let refused = Refused {
            by,
            known_by: "the pages",
            plan: "",
            what,
        };
        acting.note_refused(tenant, &refused).expect("noted");
    }
}

async fn ledger(site: &Site, browser: &Browser, query: &str) -> Answer {
    let page = site.get(browser, &format!("/ledger{query}")).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    page
}

#[tokio::test]
async fn everybody_sees_the_acts_of_their_own_tenants() {
    let site = Site::new();
    let (admin, _) = site.administrator().await;
    let (viewer, _) = site.member(&admin, "ann", ONE, "viewer").await;
    note(
        &site,
        &[(ONE, "rita", "for one"), (OTHER, "vito", "for the other")],
    );
    let all = ledger(&site, &admin, "").await.body;
    assert!(all.contains("rita") && all.contains("vito"));
    for query in [
        String::new(),
        "?q=vito".to_owned(),
        format!("?tenant={OTHER}"),
        "?tenant=*".to_owned(),
        "?q=for+the+other&page=0".to_owned(),
    ] {
        let own = ledger(&site, &viewer, &query).await.body;
        assert!(!own.contains("vito</"), "{query}");
        assert_eq!(own.contains("for one"), query.is_empty(), "{query}");
        let path = format!("/ledger.csv{query}");
        let csv = site.get(&viewer, &path).await.body;
        assert!(!csv.contains("vito"), "{query}");
    }
    let nobody = site.get(&Browser::default(), "/ledger.csv").await;
    assert_eq!(nobody.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn acts_are_found_by_their_words_and_their_time() {
    let site = Site::new();
    let (admin, _) = site.administrator().await;
    note(&site, &[(ONE, "rita", "first"), (ONE, "sven", "second")]);
    let by = ledger(&site, &admin, "?q=SVEN").await.body;
    assert!(by.contains("second") && !by.contains("first"));
    assert!(by.contains("1 to 1 of 1"));
    for (query, many) in [
        ("?since=2020-01-01", "1 to 2 of 2"),
        ("?until=2020-01-01", "none"),
        ("?since=2020-01-01T00:00&until=2999-12-31", "1 to 2 of 2"),
        ("?page=99", "none"),
        ("?page=18446744073709551615", "none"),
    ] {
        let page = ledger(&site, &admin, query).await;
        let shown = page.between("<h2 id=\"acts\">Acts</h2><p class=\"soft small\">", " ·");
        assert_eq!(shown, many, "{query}");
    }
    let unread = ledger(&site, &admin, "?since=yesterday").await;
    assert!(unread.body.contains("what could not be read was left out"));
    assert!(
        unread.body.contains("value=\"yesterday\""),
        "it stays in the form"
    );
}

#[tokio::test]
async fn a_long_record_is_paged() {
    let site = Site::new();
    let (admin, _) = site.administrator().await;
    let acts: Vec<(&str, &str, &str)> = vec![(ONE, "rita", "again"); 250];
    note(&site, &acts);
    let first = ledger(&site, &admin, "?q=rita").await;
    assert!(first.body.contains("1 to 100 of 250"));
    assert_eq!(first.body.matches("<strong>Refused</strong>").count(), 100);
    let next = first.between("rel=\"next\" href=\"", "\"");
    assert_eq!(next, "/ledger?q=rita&#38;page=2");
    let last = ledger(&site, &admin, "?q=rita&page=3").await;
    assert!(last.body.contains("201 to 250 of 250"));
    assert!(!last.body.contains("rel=\"next\""));
    let csv = site.get(&admin, "/ledger.csv?q=rita").await;
    assert_eq!(csv.body.lines().count(), 251, "a file holds all of it");
}

#[tokio::test]
async fn whether_the_record_holds_is_one_of_four_states() {
    let site = Site::new();
    let (admin, _) = site.administrator().await;
    let state = async || {
        let page = ledger(&site, &admin, "").await;
        let section = page.between("aria-label=\"Whether the record holds\"", "</section>");
        let (_, state) = section.split_once("class=\"state ").expect("a state");
        let (state, _) = state.split_once('"').expect("a state");
        (state.to_owned(), section)
    };
    let (empty, words) = state().await;
    assert_eq!(empty, "unknown", "{words}");
    note(&site, &[(ONE, "rita", "one"), (ONE, "rita", "two")]);
    let (whole, words) = state().await;
    assert_eq!(whole, "clear", "{words}");
    assert!(words.contains("2 acts"), "{words}");

    let key = site.folder.path().join("keys/evidence.key");
    let own = std::fs::read_to_string(&key).expect("a key");
    std::fs::write(&key, "07".repeat(32)).expect("written");
    site.wait_minutes(1);
    let (foreign, words) = state().await;
    assert_eq!(foreign, "found", "{words}");
    assert!(words.contains("entry 1 is not signed"), "{words}");
    std::fs::write(&key, "no key").expect("written");
    site.wait_minutes(1);
    assert_eq!(state().await.0, "failed");
    std::fs::remove_file(&key).expect("removed");
    site.wait_minutes(1);
    let (missing, words) = state().await;
    assert_eq!(missing, "found", "{words}");
    assert!(!key.exists(), "looking makes no key");
    std::fs::write(&key, own).expect("written");
    site.wait_minutes(1);
    assert_eq!(state().await.0, "clear");
}

#[tokio::test]
async fn what_an_intruder_wrote_is_text_in_the_record_and_no_formula_in_the_table() {
    let site = Site::new();
    let (admin, _) = site.administrator().await;
    note(
        &site,
        &[
            (ONE, HOSTILE, HOSTILE),
            (HOSTILE, "=HYPERLINK(\"http://evil.example\")", "-1;=2"),
        ],
    );
    let query: String = form_urlencoded::byte_serialize(HOSTILE.as_bytes()).collect();
    for path in [
        "/ledger".to_owned(),
        format!("/ledger?q={query}&tenant={query}&since={query}&until={query}&page={query}"),
    ] {
        let page = site.get(&admin, &path).await;
        assert_eq!(page.status, StatusCode::OK);
        for bad in ["<script>alert", "<img src=x", "\u{202e}", "\"'>"] {
            assert!(!page.body.contains(bad), "{path} holds {bad:?}");
        }
    }
    let csv = site.get(&admin, "/ledger.csv").await;
    assert_eq!(
        csv.header("content-type"),
        "text/csv; charset=utf-8; header=present"
    );
    assert!(csv.header("content-disposition").starts_with("attachment"));
    assert!(!csv.body.contains('\u{202e}'));
    for cell in csv.body.replace("\r\n", ",").split(',') {
        let begins = cell.trim_start_matches('"').chars().next();
        assert!(!matches!(begins, Some('=' | '+' | '-' | '@')), "{cell}");
    }
    assert!(
        csv.body
            .contains("\"'=HYPERLINK(\"\"http://evil.example\"\")\"")
    );
}

#[tokio::test]
async fn whoever_is_refused_to_act_stands_in_the_record() {
    let scene = scene().await;
    let fields = shown(&scene, &scene.responder, &scene.path).await;
    for (name, tenant, role) in [("ann", ONE, "analyst"), ("bob", OTHER, "responder")] {
        let (browser, _) = scene.site.member(&scene.admin, name, tenant, role).await;
        let mut own = fields.clone();
        own[0].1 = scene.site.get(&browser, "/").await.form();
        let refused = send(&scene, &browser, &own).await;
        assert!(refused.status.is_client_error());
        let page = ledger(&scene.site, &scene.admin, &format!("?q={name}")).await;
        assert!(page.body.contains("1 to 1 of 1"), "{name}");
        assert!(page.body.contains("to carry out a plan: "), "{name}");
        let row = page.between("data-name=\"Whom\"", "</tr>");
        assert!(
            row.contains(ONE),
            "in the tenant that was to be acted in: {row}"
        );
    }
    let send_twice = send(&scene, &scene.responder, &fields).await;
    assert_eq!(send_twice.status, StatusCode::SEE_OTHER);
    let gone = send(&scene, &scene.responder, &fields).await;
    assert_eq!(gone.status, StatusCode::GONE);
    let see = gone.between("<a class=\"button\" href=\"", "\"");
    assert!(see.starts_with("/ledger?q="), "{see}");
    let page = ledger(&scene.site, &scene.responder, "?q=rita").await;
    assert!(page.body.contains("This link is used up"));
    assert_eq!(scene.fake.applied(), 1);
}
