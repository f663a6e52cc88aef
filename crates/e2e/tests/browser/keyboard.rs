//! From sign-in through triage and incident to an account that is secured, and back, by keys alone.
//! The simulated cloud says whether the intruder is out, and whether everything is as it was.

use crate::play::{Play, has_browser};
use crate::stage::Stage;

#[test]
fn an_account_is_secured_and_given_back_without_a_mouse() {
    if !has_browser("a keyboard") {
        return;
    }
    let stage = Stage::of("aitm-invoice");
    let (before, none) = (stage.reversible(), stage.acts());
    assert!(stage.intruder_can(), "the story leaves something");
    // A second end of sessions in the same second would be none.
    stage.trial.cloud.advance(60);
    let mut play = Play::begin("keyboard.mjs", &stage.site.given());
    play.until("planned");
    assert!(stage.intruder_can(), "a plan is no act");
    assert_eq!(stage.reversible(), before);
    play.go_on();
    play.until("refused");
    assert_eq!(stage.reversible(), before);
    play.go_on();
    play.until("secured");
    assert!(!stage.intruder_can(), "the intruder is out");
    let acts = stage.acts();
    assert!(acts.len() > none.len());
    play.go_on();
    play.until("undone");
    assert_eq!(stage.reversible(), before, "everything is as it was");
    assert!(stage.acts().len() > acts.len());
    play.go_on();
    play.end();
}
