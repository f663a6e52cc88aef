//! What goes wrong with changes: lost answers, looks that lag, too many, and somebody else.

use serde_json::{Value, json};

use super::responder::{moment, responder, serve, tell, victim};
use crate::faults::{Dials, Fault, Rule};

#[test]
fn an_answer_is_lost_after_the_change_was_made() {
    let world = tell("aitm-invoice");
    let start = moment(&world, 10, 12, 0);
    let cloud = serve(world, start, Dials::preset("lost-answers").unwrap());
    let client = responder(&cloud);
    let path = format!("/users/{}", victim(&cloud));
    let body = json!({"accountEnabled": false});
    let lost = client.graph("PATCH", &path, &body);
    assert_eq!(lost.status, 503);
    assert_eq!(
        client.graph("GET", &path, &Value::Null).json()["accountEnabled"],
        false
    );
    client.change("PATCH", &path, &body);
    let set = json!({"Identity": victim(&cloud), "DeliverToMailboxAndForward": true});
    assert_eq!(client.run("Set-Mailbox", &set).status, 503);
    let (_, warnings) = client.done("Set-Mailbox", &set);
    assert!(warnings.contains("no settings of"));
}

#[test]
fn a_look_right_after_a_change_may_show_what_was_there_before() {
    let world = tell("aitm-invoice");
    let start = moment(&world, 10, 12, 0);
    let cloud = serve(world, start, Dials::preset("stale-reads").unwrap());
    let client = responder(&cloud);
    let path = format!("/users/{}", victim(&cloud));
    let enabled = || client.graph("GET", &path, &Value::Null).json()["accountEnabled"].clone();
    assert_eq!(enabled(), true);
    client.change("PATCH", &path, &json!({"accountEnabled": false}));
    assert_eq!((enabled(), enabled()), (json!(true), json!(false)));
    let named = json!({"Identity": victim(&cloud)});
    client.done(
        "Set-MailboxAutoReplyConfiguration",
        &json!({"Identity": victim(&cloud), "AutoReplyState": "Enabled"}),
    );
    let state =
        || client.done("Get-MailboxAutoReplyConfiguration", &named).0[0]["AutoReplyState"].clone();
    assert_eq!((state(), state()), (json!("Disabled"), json!("Enabled")));
    cloud.turn(Dials::default().with(Rule::new(Fault::LostAnswer, 1.0).times(1).status(0)));
    let body = json!({"accountEnabled": true});
    assert_eq!(client.graph("PATCH", &path, &body).status, 0);
    assert_eq!(enabled(), true);
}

#[test]
fn a_change_is_throttled_and_not_made() {
    let world = tell("aitm-invoice");
    let start = moment(&world, 10, 12, 0);
    let cloud = serve(world, start, Dials::preset("throttled-writes").unwrap());
    let client = responder(&cloud);
    let before = client.state();
    let path = format!("/users/{}", victim(&cloud));
    let body = json!({"accountEnabled": false});
    let late = client.graph("PATCH", &path, &body);
    assert_eq!((late.status, late.header("retry-after")), (429, Some("1")));
    assert_eq!(client.state(), before);
    client.change("PATCH", &path, &body);
    let set = json!({"Identity": victim(&cloud), "DeliverToMailboxAndForward": true});
    assert_eq!(client.run("Set-Mailbox", &set).status, 429);
    assert_eq!(client.run("Get-Mailbox", &set).status, 200);
}

#[test]
fn somebody_else_changes_it_in_between() {
    let world = tell("aitm-invoice");
    let start = moment(&world, 10, 12, 0);
    let dials = Dials::default().with(Rule::new(Fault::Meddling, 1.0).times(1));
    assert_eq!(Dials::preset("meddling").unwrap(), dials);
    let cloud = serve(world, start, dials);
    let client = responder(&cloud);
    let path = format!("/users/{}/mailFolders/inbox/messageRules", victim(&cloud));
    let rules = client.list(&path);
    let rule = format!("{path}/{}", rules[0]["id"].as_str().unwrap());
    let changed = client.change("PATCH", &rule, &json!({"isEnabled": false}));
    assert_eq!(changed["displayName"], ".");
    let after = client.list(&path);
    assert_eq!(
        (&after[0]["displayName"], after.len()),
        (&json!("Added meanwhile"), rules.len() + 1)
    );
    let id = cloud.world().tenants[0].id.clone();
    cloud.meddle(&id, |tenant| tenant.users[0].enabled = false);
    assert!(!client.tenant().users[0].enabled);
    assert_eq!(client.footholds().damaged.len(), 1);
}
