//! What an intruder wrote is text in a real browser: in records that were imported, in the live tenant
//! that a plan is made from, in addresses, in forms, and in what a browser says of itself.

use crate::house::real_data;
use crate::play::{Play, has_browser};
use crate::stage::Stage;
use crate::trial::Trial;
use serde_json::{Value, json};
use sim::World;

/// What an intruder writes where a page might take it for more than text.
const HOSTILE: [&str; 6] = [
    "<script>window.ran=1;alert(1)</script>",
    "\"'><img src=x onerror=\"window.ran=1;alert(2)\"><b style='color:red'>",
    "</title></textarea></style><svg onload=alert(3)><iframe srcdoc='<script>alert(4)</script>'>",
    "javascript:alert(5)//",
    "{{7*7}}hostile${7*7}hostile<%=7*7%>hostile",
    "invoice\u{202e}fdp.exe\u{2066}\u{200f}\u{9b}2J",
];

/// How the intruder of the story calls the rule.
const ITS_NAME: &str = ".";

#[test]
fn what_an_intruder_wrote_is_text_in_a_browser() {
    if !has_browser("hostile text") {
        return;
    }
    let stage = Stage::told("aitm-invoice", named, wrote);
    let (incident, _) = stage.gravest();
    stage.trial.cloud.advance(60);
    let mut given = stage.site.given();
    given["incident"] = json!(format!("/a/{incident}"));
    given["hostile"] = json!(HOSTILE);
    given["many"] = json!(HOSTILE.len() + 4);
    let mut play = Play::begin("hostile.mjs", &given);
    play.until("done");
    let execution = &stage.executions()[0];
    play.answer(&json!({"execution": format!("/x/{execution}")}));
    let shown = play.until("shown");
    play.go_on();
    play.end();
    let shown = shown["shown"].as_array().expect("kinds of pages");
    for kind in ["/", "/a/*", "/a/*/secure/*", "/x/*", "/me"] {
        assert!(shown.contains(&json!(kind)), "{kind} shows it: {shown:?}");
    }
}

/// Gives the rule of the story's intruder another name, in the records of it.
fn named(world: &mut World) {
    let mut many = 0;
    for record in &mut world.records {
        let mut body: Value = serde_json::from_str(&record.body).expect("a record is JSON");
        let parameters = body["Parameters"].as_array_mut();
        let parameters = parameters.into_iter().flatten();
        let mut names = parameters.filter(|one| one["Name"] == "Name" && one["Value"] == ITS_NAME);
        if let Some(name) = names.next() {
            name["Value"] = json!(HOSTILE[0]);
            record.body = body.to_string();
            many += 1;
        }
    }
    assert!(many > 0, "the story tells of a rule");
}

/// Puts it into the names of everything in the tenant that has one, and into records.
fn wrote(trial: &Trial, tenant: &str) {
    let names = || HOSTILE.into_iter().map(str::to_owned).cycle();
    trial.cloud.meddle(tenant, |tenant| {
        for user in &mut tenant.users {
            let mailbox = user.mailbox.iter_mut();
            let rules = mailbox.flat_map(|mailbox| mailbox.rules.iter_mut());
            for (rule, name) in rules.zip(names().skip(1)) {
                let is_theirs = rule.name == ITS_NAME;
                rule.name = if is_theirs {
                    HOSTILE[0].to_owned()
                } else {
                    name
                };
            }
            let devices = user.devices.iter_mut().zip(names());
            devices.for_each(|(device, name)| device.name = name);
            let methods = user.methods.iter_mut().zip(names());
            methods.for_each(|(method, name)| method.detail = name);
        }
    });
    let records: Vec<String> = (HOSTILE.iter().enumerate())
        .map(|(number, name)| rule(number, name).to_string())
        .collect();
    let mut files = vec![trial.house.write("hostile.jsonl", records.join("\n"))];
    if let Some(data) = real_data("hostile text") {
        files.push(data.join("dirty/41-hostile-strings.jsonl"));
    }
    let (report, code) = trial.house.import(&files);
    assert_eq!(code, 0, "{report}");
}

/// A rule that hides mail, made by a person of its own.
fn rule(number: usize, name: &str) -> Value {
    json!({
        "CreationTime": format!("2026-03-01T10:0{number}:00"),
        "Id": format!("{number:08x}-0007-4000-8000-000000000007"),
        "Operation": "New-InboxRule", "OrganizationId": "22222222-2222-4222-8222-222222222222", "RecordType": 1,
        "ResultStatus": "True", "UserKey": "1", "UserType": 2, "Version": 1,
        "Workload": "Exchange", "ClientIP": "203.0.113.47:52378",
        "ObjectId": format!("person{number}\\{name}"),
        "UserId": format!("person{number}@fabrikam.example"),
        "Parameters": [
            {"Name": "Name", "Value": name},
            {"Name": "SubjectOrBodyContainsWords", "Value": format!("invoice;payment;{name}")},
            {"Name": "ForwardTo", "Value": "drop@evil.example"},
            {"Name": "MoveToFolder", "Value": name},
            {"Name": "MarkAsRead", "Value": "True"},
        ]
    })
}
