//! Whatever fetches every link, or opens it in a browser and runs its scripts, changes nothing: not
//! in the tenant, and not one row of the ledger.

use crate::asking::Browser;
use crate::play::{Play, has_browser};
use crate::stage::Stage;
use serde_json::{Value, json};
use std::collections::BTreeSet;

#[test]
fn whatever_fetches_links_changes_nothing() {
    if !has_browser("a scanner with a browser") {
        return;
    }
    let mut stage = Stage::of("aitm-invoice");
    let places = stage.places();
    let incident = places.plan.rsplit_once('/').expect("a path").0;
    let mut given = stage.site.given();
    given["starts"] = json!(["/", places.plan, places.card, places.execution, places.link]);
    let (state, kept) = (stage.state(), stage.kept());

    let mut play = Play::begin("scanner.mjs", &given);
    let said = play.until("scanned");
    play.go_on();
    play.end();
    assert_eq!(stage.state(), state, "a browser that clicks nothing");
    assert_eq!(new_rows(&kept, &stage.kept()), [""; 0], "it clicks nothing");

    let (_, address) = stage.site.base.split_once("//").expect("an address");
    let nobody = Browser::new(address);
    let paths = paths(&said);
    // Those that do something are among them, and are fetched as well.
    let acting = [
        incident.to_owned(),
        format!("{}/undo", places.execution),
        places.link,
    ];
    for path in acting {
        assert!(paths.contains(&path), "{path} was found: {paths:?}");
    }
    for path in &paths {
        for browser in [&stage.site.browser, &nobody] {
            for method in ["GET", "HEAD"] {
                let (status, body) = browser.clone().ask(method, path, &[]);
                assert!(status < 500, "{method} {path}: {status} {body}");
            }
        }
    }
    println!("{} addresses, with GET, HEAD and a browser", paths.len());
    assert_eq!(stage.state(), state, "GET and HEAD");
    assert_eq!(new_rows(&kept, &stage.kept()), [""; 0], "GET and HEAD");
    stage.still_signed_in();
}

/// Returns the rows that were not there before, or that are gone.
fn new_rows<'a>(before: &'a str, after: &'a str) -> Vec<&'a str> {
    let rows = |text: &'a str| text.lines().collect::<BTreeSet<&str>>();
    let (before, after) = (rows(before), rows(after));
    before.symmetric_difference(&after).copied().collect()
}

/// Returns every address that somebody came by.
fn paths(said: &Value) -> BTreeSet<String> {
    let scans = said["scans"].as_array().expect("scans").iter();
    scans
        .flat_map(|scan| scan["all"].as_array().expect("addresses"))
        .map(|path| path.as_str().expect("a path").to_owned())
        .collect()
}
