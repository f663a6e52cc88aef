//! Every page, in both themes and at every width: readable by everybody, and nothing from elsewhere.

use crate::play::{Play, has_browser};
use crate::stage::Stage;
use serde_json::json;

#[test]
fn every_page_is_readable_by_everybody() {
    if !has_browser("looking at pages") {
        return;
    }
    let mut stage = Stage::of("aitm-invoice");
    let places = stage.places();
    let mut given = stage.site.given();
    given["outside"] = json!(["/sign-in", places.link, "/nowhere", "/link/nothing"]);
    given["inside"] = json!([
        "/",
        "/prove",
        "/nowhere",
        places.plan,
        places.card,
        places.execution
    ]);
    let mut play = Play::begin("looking.mjs", &given);
    let looked = play.until("looked");
    play.go_on();
    play.end();
    let pages = looked["pages"].as_array().expect("pages");
    let has = |begin: &str| {
        let place = format!("{}{begin}", stage.site.base);
        pages
            .iter()
            .any(|page| page.as_str().is_some_and(|page| page.starts_with(&place)))
    };
    for begin in ["/sign-in", "/a/", "/t/", "/accounts/", "/me", "/x/", "/s/"] {
        assert!(has(begin), "{begin} was looked at: {pages:?}");
    }
}
