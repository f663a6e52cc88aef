//! A double click, the back button, a refresh and a form that is sent again act once; an address that
//! is passed on shows what was seen.

use crate::play::{Play, has_browser};
use crate::stage::Stage;
use serde_json::json;

#[test]
fn whatever_is_pressed_again_acts_once() {
    if !has_browser("pressing twice") {
        return;
    }
    let stage = Stage::of("aitm-invoice");
    let before = stage.reversible();
    let (incident, user) = stage.gravest();
    stage.trial.cloud.advance(60);
    let mut given = stage.site.given();
    given["incident"] = json!(format!("/a/{incident}"));
    given["user"] = json!(user);
    let mut play = Play::begin("twice.mjs", &given);

    play.until("pressed twice");
    let executions = stage.executions();
    assert_eq!(executions.len(), 1, "{executions:?}");
    let (acts, state) = (stage.acts(), stage.state());
    assert!(!stage.intruder_can());
    play.go_on();
    play.until("pressed again");
    assert_eq!(stage.executions().len(), 1);
    assert_eq!(stage.acts(), acts);
    assert_eq!(stage.state(), state);

    play.answer(&json!({"execution": format!("/x/{}", executions[0])}));
    play.until("taken back");
    assert_eq!(stage.reversible(), before);
    let (acts, state) = (stage.acts(), stage.state());
    play.go_on();
    play.until("taken back again");
    assert_eq!(stage.acts(), acts);
    assert_eq!(stage.state(), state);
    play.go_on();
    play.end();
}
