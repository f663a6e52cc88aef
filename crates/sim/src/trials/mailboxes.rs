//! What cmdlets and Graph change in mailboxes: read, changed, read back, undone.

use serde_json::{Value, json};

use super::responder::{at, moment, reader, responder, serve, tell, victim};
use crate::faults::Dials;
use crate::live::foothold::FootholdKind;
use crate::mailbox::{Delegate, Right};
use crate::stamp::HOUR;
use crate::story_time::workday;

fn inner(got: &super::client::Got) -> String {
    let body = got.json();
    let inner = &body["error"]["innererror"]["internalexception"]["message"];
    inner.as_str().unwrap_or_default().to_owned()
}

#[test]
fn a_rule_is_switched_off_through_graph_and_nothing_else_changes() {
    let cloud = at("aitm-invoice", 10, 12, 0);
    let client = responder(&cloud);
    let before = client.state();
    let path = format!("/users/{}/mailFolders/inbox/messageRules", victim(&cloud));
    let rules = client.list(&path);
    let names: Vec<_> = rules
        .iter()
        .map(|rule| rule["displayName"].clone())
        .collect();
    assert!(names.contains(&json!("Board papers")) && !names.contains(&json!("Play a chime")));
    assert_eq!(names[0], ".");
    let rule = format!("{path}/{}", rules[0]["id"].as_str().unwrap());
    let changed = client.change("PATCH", &rule, &json!({"isEnabled": false}));
    assert!(changed["isEnabled"] == false && changed["sequence"] == 1);
    assert_eq!(
        client.graph("GET", &rule, &Value::Null).json()["isEnabled"],
        false
    );
    let report = client.footholds();
    assert!(!report.holds(FootholdKind::Rule) && report.damaged.is_empty());
    client.change("PATCH", &rule, &json!({"isEnabled": true}));
    assert_eq!(client.state(), before);
    client.change("DELETE", &rule, &Value::Null);
    assert!(!client.footholds().holds(FootholdKind::Rule));
    assert_eq!(client.graph("DELETE", &rule, &Value::Null).status, 404);
    let mut again = rules[0].clone();
    for name in ["id", "hasError", "isReadOnly"] {
        again.as_object_mut().unwrap().remove(name);
    }
    let made = client.change("POST", &path, &again);
    assert_ne!(made["id"], rules[0]["id"]);
    assert_eq!(client.state(), before);
    assert!(client.footholds().holds(FootholdKind::Rule));
    let other = client.graph("POST", &path.replace("inbox", "sentitems"), &again);
    assert_eq!(other.status, 404);
}

#[test]
fn a_rule_that_a_cmdlet_writes_deletes_what_outlook_keeps() {
    let cloud = at("aitm-invoice", 10, 12, 0);
    let client = responder(&cloud);
    let mailbox = victim(&cloud);
    let rules = client
        .done(
            "Get-InboxRule",
            &json!({"Mailbox": mailbox, "IncludeHidden": true}),
        )
        .0;
    let rule = &rules[0];
    assert_eq!(
        (&rule["Name"], &rule["Enabled"]),
        (&json!("."), &json!(true))
    );
    let named = json!({"Mailbox": mailbox, "Identity": rule["RuleIdentity"]});
    let (_, warnings) = client.done("Disable-InboxRule", &named);
    assert!(
        warnings.contains("kept only in Outlook are deleted"),
        "{warnings}"
    );
    let report = client.footholds();
    assert!(!report.holds(FootholdKind::Rule));
    assert_eq!(report.damaged.len(), 1);
    assert!(
        report.damaged[0].contains("Play a chime"),
        "{:?}",
        report.damaged
    );
    let before = client.state();
    client.done("Enable-InboxRule", &json!({"Identity": rule["Identity"]}));
    assert!(client.footholds().holds(FootholdKind::Rule));
    client.done(
        "Remove-InboxRule",
        &json!({"Mailbox": mailbox, "Identity": ".", "Confirm": false, "Force": true}),
    );
    let gone = client.run("Remove-InboxRule", &named);
    assert_eq!(gone.status, 404);
    assert!(inner(&gone).contains("couldn't be found"));
    let again = json!({"Mailbox": mailbox, "Name": ".", "SubjectOrBodyContainsWords": ["invoice", "payment", "harbour"],
        "MoveToFolder": "RSS Feeds", "MarkAsRead": true, "StopProcessingRules": true, "Priority": 1});
    let made = client.done("New-InboxRule", &again).0;
    assert_ne!(made[0]["RuleIdentity"], rule["RuleIdentity"]);
    client.done(
        "Disable-InboxRule",
        &json!({"Mailbox": mailbox, "Identity": made[0]["Identity"]}),
    );
    assert_eq!(client.state(), before);
    let last = json!({"Mailbox": mailbox, "Identity": made[0]["RuleIdentity"], "Priority": 2, "Name": ".."});
    client.done("Set-InboxRule", &last);
    let rules = client.done("Get-InboxRule", &json!({"Mailbox": mailbox})).0;
    assert_eq!(rules[1]["Name"], "..");
    let stranger = client.run(
        "Set-InboxRule",
        &json!({"Mailbox": mailbox, "Identity": "..", "Colour": "red"}),
    );
    assert!(stranger.status == 400 && inner(&stranger).contains("'Colour'"));
}

#[test]
fn hidden_rules_are_for_cmdlets_only() {
    let mut world = tell("aitm-invoice");
    let victim = world.truth().victims.first().unwrap().clone();
    let users = &mut world.tenants[0].users;
    let user = users.iter_mut().find(|user| user.upn == victim).unwrap();
    let rules = &mut user.mailbox.as_mut().unwrap().rules;
    rules[0].hidden = true;
    let name = rules[0].name.clone();
    let start = world.until;
    let cloud = serve(world, start, Dials::default());
    let client = responder(&cloud);
    let path = format!("/users/{victim}/mailFolders/inbox/messageRules");
    assert!(
        client
            .list(&path)
            .iter()
            .all(|rule| rule["displayName"] != *name)
    );
    let of = |hidden: bool| {
        let parameters = json!({"Mailbox": victim, "IncludeHidden": hidden});
        let rules = client.done("Get-InboxRule", &parameters).0;
        rules.iter().any(|rule| rule["Name"] == *name)
    };
    assert!(of(true) && !of(false));
    client.done("Disable-InboxRule", &json!({"Mailbox": victim, "Identity": name, "Force": true, "AlwaysDeleteOutlookRulesBlob": true}));
}

#[test]
fn forwarding_is_cleared_and_set_again() {
    let cloud = at("password-spray", 8, 6, 0);
    let client = responder(&cloud);
    let mailbox = victim(&cloud);
    let (before, named) = (client.state(), json!({"Identity": mailbox}));
    let shown = client.done("Get-Mailbox", &named).0[0].clone();
    assert_eq!(shown["DeliverToMailboxAndForward"], true);
    let clear = json!({"Identity": mailbox, "ForwardingSmtpAddress": null, "ForwardingAddress": null,
        "DeliverToMailboxAndForward": false});
    let (_, warnings) = client.done("Set-Mailbox", &clear);
    assert_eq!(warnings, "null");
    assert!(client.done("Get-Mailbox", &named).0[0]["ForwardingSmtpAddress"].is_null());
    let report = client.footholds();
    assert!(!report.holds(FootholdKind::Forwarding) && report.damaged.is_empty());
    let (_, warnings) = client.done("Set-Mailbox", &clear);
    assert!(
        warnings.contains("completed successfully but no settings of"),
        "{warnings}"
    );
    let undo = json!({"Identity": mailbox, "ForwardingSmtpAddress": shown["ForwardingSmtpAddress"],
        "ForwardingAddress": shown["ForwardingAddress"], "DeliverToMailboxAndForward": true});
    client.done("Set-Mailbox", &undo);
    assert_eq!(client.state(), before);
    assert!(client.footholds().holds(FootholdKind::Forwarding));
}

#[test]
fn rights_to_a_mailbox_are_taken_and_given() {
    let cloud = at("insider-delegation", 10, 12, 0);
    let client = responder(&cloud);
    let before = client.state();
    let given: Vec<_> = client.footholds().can;
    let of: Vec<_> = given
        .iter()
        .filter(|one| one.kind == FootholdKind::Delegate)
        .collect();
    assert_eq!(of.len(), 2);
    let (manager, insider) = (of[0].on.clone(), victim(&cloud));
    let full = json!({"Identity": manager, "User": insider, "AccessRights": ["FullAccess"], "InheritanceType": "All"});
    let send = json!({"Identity": manager, "Trustee": insider, "AccessRights": ["SendAs"]});
    let rows = |cmdlet: &str| client.done(cmdlet, &json!({"Identity": manager})).0.len();
    assert_eq!(
        (
            rows("Get-MailboxPermission"),
            rows("Get-RecipientPermission")
        ),
        (2, 2)
    );
    client.done("Remove-MailboxPermission", &full);
    client.done("Remove-RecipientPermission", &send);
    assert_eq!(
        (
            rows("Get-MailboxPermission"),
            rows("Get-RecipientPermission")
        ),
        (1, 1)
    );
    let report = client.footholds();
    assert!(!report.holds(FootholdKind::Delegate) && report.damaged.is_empty());
    let (_, again) = client.done("Remove-MailboxPermission", &full);
    assert!(
        again.contains("because the ACE doesn't exist on the object"),
        "{again}"
    );
    let (_, again) = client.done("Remove-RecipientPermission", &send);
    assert!(again.contains("because the ACE isn't present"), "{again}");
    client.done("Add-MailboxPermission", &full);
    client.done("Add-RecipientPermission", &send);
    assert_eq!(client.state(), before);
    let (_, twice) = client.done("Add-MailboxPermission", &full);
    assert!(twice.contains("already present"));
    assert_eq!(client.state(), before);
}

#[test]
fn owners_have_delegates_of_their_own() {
    let cloud = at("quiet-month", 9, 12, 0);
    let client = responder(&cloud);
    let tenant = client.tenant();
    let with = |wanted: fn(&Right) -> bool| {
        let delegates =
            |user: &crate::person::User| user.mailbox.as_ref().map(|known| known.delegates.clone());
        let mut all = tenant
            .users
            .iter()
            .map(|user| (user.upn.clone(), delegates(user).unwrap_or_default()));
        let has = |(_, list): &(String, Vec<Delegate>)| list.iter().any(|one| wanted(&one.right));
        all.find(has).unwrap()
    };
    let (owner, delegates) = with(|right| *right == Right::SendOnBehalf);
    let who = &delegates[0].upn;
    let before = client.state();
    let table = |verb: &str| json!({"Identity": owner, "GrantSendOnBehalfTo": {"@odata.type": "#Exchange.GenericHashTable", verb: [who]}});
    let shown = || {
        client.done("Get-Mailbox", &json!({"Identity": owner})).0[0]["GrantSendOnBehalfTo"].clone()
    };
    assert_eq!(shown(), json!([who]));
    client.done("Set-Mailbox", &table("remove"));
    assert_eq!(shown(), json!([]));
    assert_eq!(
        client.footholds().damaged,
        [format!("{owner}: `{who}` lost a right")]
    );
    client.done("Set-Mailbox", &table("add"));
    assert_eq!(client.state(), before);
    let folder = format!("{owner}:\\Inbox");
    let shown = || {
        let rows = client
            .done("Get-MailboxFolderPermission", &json!({"Identity": folder}))
            .0;
        rows.into_iter()
            .map(|row| row["AccessRights"][0].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(shown(), ["None", "None", "Reviewer"]);
    let change = |cmdlet: &str, who: &str, role: Option<&str>| {
        let mut parameters = json!({"Identity": folder, "User": who, "Confirm": false});
        if let Some(role) = role {
            parameters["AccessRights"] = json!([role]);
        }
        client.run(cmdlet, &parameters)
    };
    assert_eq!(
        change("Remove-MailboxFolderPermission", who, None).status,
        200
    );
    let absent = change("Remove-MailboxFolderPermission", who, None);
    assert!(inner(&absent).contains("no existing permission entry found for user"));
    assert_eq!(
        change("Add-MailboxFolderPermission", who, Some("Reviewer")).status,
        200
    );
    let twice = change("Add-MailboxFolderPermission", who, Some("Reviewer"));
    assert!(inner(&twice).contains("An existing permission entry was found"));
    assert_eq!(client.state(), before);
    let nobody = change("Remove-MailboxFolderPermission", "Default", None);
    assert!(nobody.status == 400 && inner(&nobody).contains("can't be removed"));
    assert_eq!(
        change("Set-MailboxFolderPermission", "Default", Some("Reviewer")).status,
        200
    );
    assert_eq!(shown(), ["Reviewer", "None", "Reviewer"]);
    assert_eq!(
        change("Set-MailboxFolderPermission", "default", Some("None")).status,
        200
    );
    assert_eq!(client.state(), before);
}

#[test]
fn protocols_replies_and_the_outbound_policy_are_set_and_set_back() {
    let cloud = at("quiet-month", 9, 12, 0);
    let client = responder(&cloud);
    let before = client.state();
    let user = client.tenant().users[2].upn.clone();
    let named = json!({"Identity": user});
    let off = json!({"Identity": user, "ImapEnabled": false, "EwsEnabled": false, "SmtpClientAuthenticationDisabled": true});
    client.done("Set-CASMailbox", &off);
    let shown = client.done("Get-CASMailbox", &named).0[0].clone();
    assert!(
        shown["ImapEnabled"] == false
            && shown["EwsEnabled"] == false
            && shown["OWAEnabled"] == true
    );
    let on = json!({"Identity": user, "ImapEnabled": true, "EwsEnabled": null, "SmtpClientAuthenticationDisabled": null});
    client.done("Set-CASMailbox", &on);
    let replies = |state: &str, text: &str| {
        let parameters =
            json!({"Identity": user, "AutoReplyState": state, "ExternalMessage": text});
        client.done("Set-MailboxAutoReplyConfiguration", &parameters);
        client.done("Get-MailboxAutoReplyConfiguration", &named).0[0].clone()
    };
    assert_eq!(replies("Enabled", "gone")["ExternalMessage"], "gone");
    assert_eq!(replies("Disabled", "")["AutoReplyState"], "Disabled");
    let policy = |mode: &str| {
        let parameters = json!({"Identity": "Default", "AutoForwardingMode": mode});
        client.done("Set-HostedOutboundSpamFilterPolicy", &parameters);
        client
            .done("Get-HostedOutboundSpamFilterPolicy", &json!({}))
            .0[0]["AutoForwardingMode"]
            .clone()
    };
    assert_eq!(
        (policy("Off"), policy("Automatic")),
        (json!("Off"), json!("Automatic"))
    );
    assert_eq!(client.state(), before);
}

#[test]
fn a_cmdlet_is_not_there_for_whoever_lacks_the_role() {
    let cloud = at("password-spray", 8, 6, 0);
    let client = reader(&cloud);
    let before = client.state();
    let user = victim(&cloud);
    for cmdlet in [
        "Set-Mailbox",
        "disable-inboxrule",
        "Remove-MailboxPermission",
        "Set-CASMailbox",
        "Disable-TransportRule",
    ] {
        let refused = client.run(cmdlet, &json!({"Identity": user}));
        assert_eq!(refused.status, 403, "{cmdlet}");
        assert!(inner(&refused).contains("is not recognized as the name of a cmdlet"));
    }
    assert_eq!(client.state(), before);
    assert!(client.run("Get-Mailbox", &json!({"Identity": user})).status == 200);
}

#[test]
fn a_mailbox_is_as_its_day_has_it() {
    let world = tell("aitm-invoice");
    let (began, start) = (world.began, moment(&world, 8, 10, 4));
    let cloud = serve(world, start, Dials::default());
    let path = format!("/users/{}/mailFolders/inbox/messageRules", victim(&cloud));
    // The clock goes further than a token lives.
    let has = || {
        let rules = responder(&cloud).list(&path);
        rules.iter().any(|rule| rule["displayName"] == ".")
    };
    assert!(!has());
    cloud.advance(10);
    assert!(has());
    // The administrator of the story removes it on the eleventh day.
    cloud.set_now(workday(began, 11) + 9 * HOUR);
    assert!(has());
    cloud.advance(3600);
    assert!(!has());
}

#[test]
fn sweep_rules_and_telephones_are_seen_and_taken() {
    let cloud = at("quiet-month", 9, 12, 0);
    let client = responder(&cloud);
    let before = client.state();
    let user = client.tenant().users[2].upn.clone();
    let named = json!({"Mailbox": user});
    let shown = client.done("Get-SweepRule", &named).0[0].clone();
    assert!(shown["Enabled"] == true && shown["KeepLatest"] == 1);
    let one = json!({"Mailbox": user, "Identity": shown["RuleId"]});
    client.done("Disable-SweepRule", &one);
    assert_eq!(client.done("Get-SweepRule", &named).0[0]["Enabled"], false);
    assert_eq!(client.footholds().damaged.len(), 1);
    client.done("Enable-SweepRule", &json!({"Identity": shown["Identity"]}));
    assert_eq!(client.state(), before);
    let phones = client.done("Get-MobileDevice", &named).0;
    assert_eq!(phones.len(), 1);
    let phone = json!({"Identity": phones[0]["Identity"], "Confirm": false});
    client.done("Remove-MobileDevice", &phone);
    assert!(client.done("Get-MobileDevice", &named).0.is_empty());
    assert_eq!(client.run("Remove-MobileDevice", &phone).status, 404);
    client.done("Remove-SweepRule", &one);
    assert_eq!(client.run("Remove-SweepRule", &one).status, 404);
    assert_eq!(client.footholds().damaged.len(), 2);
}
