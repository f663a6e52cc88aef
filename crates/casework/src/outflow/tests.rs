//! What left, from invented records.

use super::*;
use crate::attribution::{Attribution, Context};
use crate::brief::Seed;
use crate::messages::{Class, Judged, Tag};
use crate::rules::invented::*;
use crate::rules::{self, Rules};
use model::{Address, Event, Outcome};
use proptest::prelude::*;

const FILE: &str = "https://corp-my.sharepoint.example/personal/ann/Documents/Prices.xlsx";

fn outflow(events: &[Event<'static>], attribution: &Attribution) -> Outflow {
    let mut log = Log::new(&brief());
    for event in events {
        log.event(event);
    }
    log.close(&brief(), attribution, &Rules::default())
}

fn file(id: &str, at: i64, action: &str) -> Event<'static> {
    let mut event = event(id, at, action);
    event.workload = "OneDrive".into();
    event.mailbox = "".into();
    event.object = FILE.into();
    event
}

fn send(id: &str, at: i64, message: &str, more: &str) -> Event<'static> {
    let mut event = event(id, at, "Send");
    event.logon_type = Some(0);
    event.rest = format!(
        r#"{{"Item":{{"InternetMessageId":"{message}","Subject":"New bank details"}}{more}}}"#
    );
    event
}

fn with_window(mut attribution: Attribution, from: i64, to: i64) -> Attribution {
    attribution.window = Some(Interval::new(second(from), second(to)));
    attribution
}

fn intruder_and_owner(intruder: &[&str], owner: &[&str]) -> Attribution {
    let contexts: [(Context, &[&str]); 2] = [
        (context("i", Verdict::Intruder), intruder),
        (context("o", Verdict::Owner), owner),
    ];
    with_window(attribution(&contexts), 0, 1000)
}

fn sent_message(id: &str, to: &[&str]) -> Judged {
    Judged {
        mailbox: ANN.to_owned(),
        id: id.to_owned(),
        class: Class::E,
        because: String::new(),
        first_seen: None,
        last_seen: None,
        times: 1,
        folders: Vec::new(),
        subject: String::new(),
        from: ANN.to_owned(),
        to: to.iter().map(|address| (*address).to_owned()).collect(),
        received: Some(second(150)),
        size_bytes: None,
        contexts: Vec::new(),
        records: vec!["trace".to_owned()],
        tags: vec![Tag::Sent],
    }
}

#[test]
fn what_the_owner_did_with_files_is_counted_and_not_listed() {
    let events = [
        file("1", 10, "FileDownloaded"),
        file("2", 20, "FileAccessed"),
        file("3", 30, "FileAccessed"),
        file("4", 40, "FileSyncDownloadedFull"),
    ];
    let out = outflow(&events, &intruder_and_owner(&["1", "4"], &["2"]));
    let lines: Vec<_> = out
        .files
        .iter()
        .map(|file| (file.act, file.verdict, file.times, file.records.join(" ")))
        .collect();
    assert_eq!(
        lines,
        [
            (FileAct::Taken, Verdict::Intruder, 2, "1 4".to_owned()),
            (FileAct::Opened, Verdict::Unknown, 1, "3".to_owned()),
        ]
    );
    assert_eq!(out.files_left_out, 1);
    let taken = &out.files[0];
    assert_eq!(taken.operations.len(), 2);
    assert_eq!(
        (taken.first, taken.last),
        (Some(second(10)), Some(second(40)))
    );
    assert_eq!(taken.context, Some(ContextId("i".to_owned())));
    assert_eq!(taken.ips, ["203.0.113.7".to_owned()].into());
}

#[test]
fn nobodys_acts_are_listed_inside_the_window_only() {
    let events = [
        file("1", 10, "FileAccessed"),
        file("2", 2000, "FileAccessed"),
    ];
    let out = outflow(&events, &intruder_and_owner(&[], &[]));
    assert_eq!(out.files.len(), 1);
    assert_eq!(out.files[0].records, ["1"]);
    assert_eq!(out.files_left_out, 1);
}

#[test]
fn a_colleagues_files_are_nobodys_business_unless_the_intruder_took_them() {
    let by_bob = |id| {
        let mut event = file(id, 10, "FileDownloaded");
        event.user = "bob@corp.example".into();
        event
    };
    let out = outflow(
        &[by_bob("1"), by_bob("2")],
        &intruder_and_owner(&["2"], &[]),
    );
    assert_eq!(out.files.len(), 1);
    assert_eq!(out.files[0].records, ["2"]);
    let out = outflow(&[by_bob("1")], &intruder_and_owner(&["2"], &[]));
    assert!(out.files.is_empty());
    assert_eq!(out.files_left_out, 0);
}

#[test]
fn a_preview_from_microsoft_is_a_services_unless_the_session_is_the_intruders() {
    let preview = |id| {
        let mut event = file(id, 10, "FilePreviewed");
        event.address = Address::read("2603:1026:c02::5");
        event
    };
    let out = outflow(&[preview("1")], &intruder_and_owner(&[], &[]));
    assert!(out.files.is_empty());
    assert_eq!(out.files_left_out, 1);
    let out = outflow(&[preview("1")], &intruder_and_owner(&["1"], &[]));
    assert_eq!(out.files[0].verdict, Verdict::Intruder);
}

#[test]
fn of_many_records_some_are_named_and_all_are_counted() {
    let events: Vec<Event<'static>> = (0..50)
        .map(|at| file(&format!("r{at:02}"), at, "FileDownloaded"))
        .collect();
    let out = outflow(&events, &intruder_and_owner(&["r00"], &["r01"]));
    let gravest = &out.files[0];
    assert_eq!(gravest.verdict, Verdict::Intruder);
    assert_eq!(gravest.times, 31);
    assert_eq!(
        (gravest.first, gravest.last),
        (Some(second(0)), Some(second(49)))
    );
    assert_eq!(out.files[1].times, 18);
    assert_eq!(out.files_left_out, 1);
}

#[test]
fn a_failed_act_touched_nothing() {
    let mut event = file("1", 10, "FileDownloaded");
    event.outcome = Outcome::Failure;
    assert!(
        outflow(&[event], &intruder_and_owner(&["1"], &[]))
            .files
            .is_empty()
    );
}

#[test]
fn whom_the_intruder_shared_with_is_warned_and_who_used_the_link_is_listed() {
    let mut shared = file("1", 10, "SharingInvitationCreated");
    shared.rest =
        r#"{"TargetUserOrGroupName":"eve_drop.example#EXT#@corp.example","TargetUserOrGroupType":"Guest"}"#
            .to_owned();
    let mut link = file("2", 11, "AnonymousLinkCreated");
    link.rest = r#"{"EventData":"<Type>View</Type>"}"#.to_owned();
    let mut used = file("3", 5000, "AnonymousLinkUsed");
    used.user = "anonymous".into();
    used.address = Address::read("198.51.100.9");
    let out = outflow(&[shared, link, used], &intruder_and_owner(&["1", "2"], &[]));
    assert_eq!(out.files.len(), 2);
    assert_eq!(out.files[1].verdict, Verdict::Unknown);
    assert_eq!(out.files[1].actor, "anonymous");
    let [party] = out.third_parties.as_slice() else {
        panic!("one address: {:?}", out.third_parties);
    };
    assert_eq!(party.address, "eve@drop.example");
    assert!(party.external);
    assert_eq!(party.why, ["a file was shared with it".to_owned()].into());
}

#[test]
fn what_the_intruder_sent_is_listed_with_everybody_who_got_it() {
    let recipients = r#","recipientList":["Bob@corp.example","\"CFO\" [SMTP:cfo@partner.example]"],"SaveToSentItems":false"#;
    let events = [
        send("1", 20, "<A1@corp.example>", recipients),
        send("2", 10, "B2@corp.example\r\n ", ""),
        send("3", 30, "<C3@corp.example>", ""),
    ];
    let mut out = outflow(&events, &intruder_and_owner(&["1", "2"], &["3"]));
    assert_eq!(out.sent.len(), 2);
    assert_eq!(out.sent[0].internet_message_id, "<B2@corp.example>");
    assert!(!out.sent[0].left_no_copy && out.sent[1].left_no_copy);
    assert_eq!(out.sent[1].subject, "New bank details");
    assert_eq!(
        out.sent[1].recipients,
        [
            "bob@corp.example".to_owned(),
            "cfo@partner.example".to_owned()
        ]
        .into()
    );
    out.hear_sent(&sent_message(
        "<b2@corp.example>",
        &["Supplier@elsewhere.example", ANN],
    ));
    out.hear_sent(&sent_message("<A1@corp.example>", &["cfo@partner.example"]));
    assert!(
        out.sent[0]
            .recipients
            .contains("supplier@elsewhere.example")
    );
    let parties: Vec<_> = out
        .third_parties
        .iter()
        .map(|party| (party.address.as_str(), party.external, party.messages))
        .collect();
    assert_eq!(
        parties,
        [
            ("bob@corp.example", false, 1),
            ("cfo@partner.example", true, 1),
            ("supplier@elsewhere.example", true, 1),
        ]
    );
    assert_eq!(out.third_parties[1].records, ["1", "trace"]);
}

#[test]
fn only_messages_of_class_e_warn_anybody() {
    let mut out = outflow(&[], &intruder_and_owner(&[], &[]));
    let mut message = sent_message("<x@corp.example>", &["supplier@elsewhere.example"]);
    message.class = Class::P1;
    out.hear_sent(&message);
    assert!(out.third_parties.is_empty());
}

#[test]
fn a_forwarded_message_warns_the_target_and_not_its_recipients() {
    let attribution = intruder_and_owner(&["r"], &[]);
    let rule = cmdlet(
        "r",
        100,
        "Set-Mailbox",
        "ann",
        &[
            ("Identity", "ann"),
            ("ForwardingSmtpAddress", "smtp:x@drop.example"),
        ],
    );
    let mut rules_log = rules::Log::new(&brief());
    rules_log.event(&rule);
    let rules = rules_log.close(&brief(), &attribution);
    let mut out = Log::new(&brief()).close(&brief(), &attribution, &rules);
    assert_eq!(out.third_parties[0].messages, 0);
    let mut message = sent_message("<f@supplier.example>", &["carl@corp.example"]);
    message.tags = vec![Tag::Forwarded];
    out.hear_sent(&message);
    out.hear_sent(&message);
    let [party] = out.third_parties.as_slice() else {
        panic!("one address: {:?}", out.third_parties);
    };
    assert_eq!(party.address, "x@drop.example");
    assert_eq!(party.messages, 1);
    assert_eq!(party.why, ["mail was forwarded to it".to_owned()].into());
}

#[test]
fn a_colleagues_mail_is_not_even_kept() {
    let mut event = send("1", 10, "<1@corp.example>", "");
    event.user = "bob@corp.example".into();
    event.mailbox = "bob@corp.example".into();
    let attribution = intruder_and_owner(&["1"], &[]);
    assert!(outflow(&[event.clone()], &attribution).sent.is_empty());
    event.app = "rogue".into();
    let mut asked = brief();
    asked.seeds = vec![Seed::App("rogue".to_owned())];
    let mut log = Log::new(&asked);
    log.event(&event);
    assert_eq!(
        log.close(&asked, &attribution, &Rules::default())
            .sent
            .len(),
        1
    );
}

#[test]
fn a_search_of_the_intruder_finds_the_subjects_it_would_find() {
    let search = |id, at, text: &str| {
        let mut event = event(id, at, "SearchQueryInitiatedExchange");
        event.rest = format!(r#"{{"QueryText":"{text}"}}"#);
        event
    };
    let events = [
        search("1", 30, "wire transfer"),
        search("2", 20, "invoice"),
        search("3", 10, "payroll"),
        search("4", 15, ""),
    ];
    let out = outflow(&events, &intruder_and_owner(&["1", "2", "4"], &["3"]));
    assert_eq!(out.searches.len(), 3);
    assert_eq!(
        out.search_hits("Re: Invoice, wire transfer")
            .map(|hit| &*hit.record),
        Some("2")
    );
    assert_eq!(
        out.search_hits("Transfer by wire").map(|hit| &*hit.text),
        Some("wire transfer")
    );
    assert!(out.search_hits("Payroll").is_none());
    assert!(out.search_hits("").is_none());
}

#[test]
fn compliance_searches_of_the_person_are_listed_with_what_they_looked_for() {
    let mut started = event("1", 10, "SearchStarted");
    started.record_type = Some(24);
    started.object = "Case 1".into();
    started.rest = r#"{"Query":"(subject:invoice)","ExchangeLocations":"All"}"#.to_owned();
    let mut made = event("2", 20, "New-ComplianceSearch");
    made.record_type = Some(18);
    made.rest = r#"{"Parameters":"-Name \"x\" -ContentMatchQuery \"iban\""}"#.to_owned();
    let mut by_bob = event("3", 30, "New-ComplianceSearchAction");
    by_bob.user = "bob@corp.example".into();
    let looked = event("4", 40, "Get-ComplianceSearch");
    let out = outflow(
        &[by_bob, made, started, looked],
        &intruder_and_owner(&["1"], &[]),
    );
    let listed: Vec<_> = out
        .discovery
        .iter()
        .map(|act| (&*act.record, act.verdict, &*act.query))
        .collect();
    assert_eq!(
        listed,
        [
            ("1", Verdict::Intruder, "(subject:invoice)"),
            (
                "2",
                Verdict::Unknown,
                "-Name \"x\" -ContentMatchQuery \"iban\""
            ),
        ]
    );
}

fn any_event(at: usize, (kind, user, time): (usize, usize, i64)) -> Event<'static> {
    let id = format!("r{at}");
    let mut event = match kind {
        0 => file(&id, time, "FileDownloaded"),
        1 => file(&id, time, "FilePreviewed"),
        2 => file(&id, time, "SharingSet"),
        3 => send(
            &id,
            time,
            &format!("<{at}@corp.example>"),
            r#","recipientList":["z@x.example"]"#,
        ),
        _ => {
            let mut search = event(&id, time, "SearchQueryInitiatedExchange");
            search.rest = r#"{"QueryText":"invoice"}"#.to_owned();
            search
        }
    };
    event.user = ["ann@corp.example", "bob@sister.example"][user].into();
    event
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_order_of_the_records_does_not_matter(
        acts in prop::collection::vec((0usize..5, 0usize..2, 0i64..2000), 0..14),
        turn in 0usize..14,
    ) {
        let events: Vec<Event<'static>> = acts
            .into_iter()
            .enumerate()
            .map(|(at, act)| any_event(at, act))
            .collect();
        let attribution = intruder_and_owner(&["r0", "r3", "r5"], &["r1", "r2"]);
        let told = outflow(&events, &attribution);
        let mut turned = events.clone();
        let middle = turn.min(turned.len());
        turned.rotate_left(middle);
        turned.reverse();
        let again = outflow(&turned, &attribution);
        prop_assert_eq!(again.sent, told.sent);
        prop_assert_eq!(again.searches, told.searches);
        prop_assert_eq!(again.third_parties, told.third_parties);
        prop_assert_eq!(again.files_left_out, told.files_left_out);
        prop_assert_eq!(again.files, told.files);
    }

    #[test]
    fn any_body_is_read_without_panic(body in "\\PC{0,80}", query in "\\PC{0,40}") {
        let mut sent = event("1", 1, "Send");
        sent.rest.clone_from(&body);
        let mut shared = file("2", 2, "SharingSet");
        shared.rest = body;
        let mut search = event("3", 3, "SearchQueryPerformed");
        search.rest = bag("OperationProperties", &[("QueryText", &query)]);
        let out = outflow(&[sent, shared, search], &intruder_and_owner(&["1", "2", "3"], &[]));
        let _ = out.search_hits(&query);
    }
}
