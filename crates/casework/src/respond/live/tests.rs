//! Looking at an invented tenant: everything that stands is found, in pages and rounds, and what
//! cannot be read is said.

use super::{Live, Looking, Part};
use crate::respond::catalogue::action;
use crate::respond::footholds::{Foothold, FootholdKind, Sign};
use crate::respond::invented::{NORA, NORA_ID, READER_APP, TENANT, Tenant, error, reply};
use crate::respond::plan::Policy;
use model::{Failure, Target};
use proptest::prelude::*;
use std::collections::BTreeSet;

pub(crate) fn foothold(kind: FootholdKind, signs: &[Sign]) -> Foothold {
    Foothold {
        kind,
        owner: NORA.to_owned(),
        signs: signs.iter().cloned().collect(),
        time: None,
        records: vec![format!("r-{}", kind.name())],
        sentence: "somebody did it".to_owned(),
        doubt: String::new(),
    }
}

fn look(tenant: &Tenant, footholds: &[Foothold]) -> Live {
    drive(
        tenant,
        Looking::at_user(TENANT, NORA, footholds, &Policy::default()),
    )
}

/// Asks until nothing is wanted any more; answers come in the opposite order.
pub(crate) fn drive(tenant: &Tenant, mut looking: Looking) -> Live {
    for _ in 0..50 {
        let mut asks = looking.asks();
        if asks.is_empty() {
            return looking.finish();
        }
        asks.reverse();
        for (part, ask) in asks {
            looking.hear(&part, Ok(&tenant.answer(&ask)));
        }
    }
    panic!("it does not end");
}

fn words(live: &Live, kind: FootholdKind) -> Vec<&str> {
    let of = live.found.iter().filter(|found| found.kind == kind);
    of.map(|found| found.words.as_str()).collect()
}

#[test]
fn everything_that_stands_is_found() {
    let live = look(&Tenant::new(), &[]);
    assert_eq!(live.unread, []);
    let account = live.account.as_ref().expect("an account");
    assert_eq!(
        (account.id.as_str(), account.enabled),
        (NORA_ID, Some(true))
    );
    assert!(account.roles.is_empty());
    assert_eq!(
        words(&live, FootholdKind::InboxRule),
        [
            "inbox rule `.` of nora@corp.example, which moves to `RSS Feeds`",
            "inbox rule `Newsletters` of nora@corp.example, which moves to `News`",
        ]
    );
    assert_eq!(
        words(&live, FootholdKind::Forwarding),
        ["forwarding of nora@corp.example to `smtp:drop@mailbox-keep.example`"]
    );
    assert_eq!(words(&live, FootholdKind::Method).len(), 3);
    assert_eq!(words(&live, FootholdKind::Device).len(), 2);
    assert_eq!(words(&live, FootholdKind::Grant).len(), 2);
    assert_eq!(words(&live, FootholdKind::FullAccess).len(), 2);
    assert_eq!(words(&live, FootholdKind::SendAs).len(), 1);
    assert_eq!(words(&live, FootholdKind::SendOnBehalf).len(), 2);
    assert_eq!(words(&live, FootholdKind::SweepRule).len(), 1);
    assert_eq!(words(&live, FootholdKind::AutoReply).len(), 1);
    // The right of everybody to the inbox is no default; that of nobody is.
    assert_eq!(
        words(&live, FootholdKind::FolderRight),
        [
            "right of everybody to the folder `\\Inbox` of nora@corp.example",
            "right of `Helper Person` to the folder `\\Inbox` of nora@corp.example",
        ]
    );
    assert_eq!(live.mailboxes[NORA].len(), 4);
}

#[test]
fn the_state_of_a_step_is_what_its_action_reads() {
    let tenant = Tenant::new();
    let footholds = [
        foothold(FootholdKind::InboxRule, &[Sign::Name(".".to_owned())]),
        foothold(FootholdKind::Grant, &[Sign::App(READER_APP.to_owned())]),
        foothold(FootholdKind::Method, &[Sign::Id("m-theirs".to_owned())]),
    ];
    let live = look(&tenant, &footholds);
    assert_eq!(live.unread, []);
    assert_eq!(live.states.len(), 6);
    for ((id, object), state) in &live.states {
        let action = action(id).expect("an action");
        let asks = action.look(object);
        let replies: Vec<_> = asks.iter().map(|ask| tenant.answer(ask)).collect();
        assert_eq!(state, &action.seen(object, &replies), "{id}");
        assert!(state.as_ref().is_ok_and(|state| !state.is_gone()), "{id}");
    }
}

#[test]
fn a_page_is_turned_with_the_same_body() {
    let mut looking = Looking::at_tenant(TENANT, &[], &Policy::default());
    let asks = looking.asks();
    let (part, ask) = asks
        .iter()
        .find(|(part, _)| *part == Part::TransportRules)
        .expect("the rules are asked for");
    let page = |name: &str, next: &str| {
        let rest = if next.is_empty() {
            String::new()
        } else {
            format!(",\"@odata.nextLink\":\"{next}\"")
        };
        reply(
            200,
            &format!("{{\"value\":[{{\"Name\":\"{name}\",\"Guid\":\"{name}\"}}]{rest}}}"),
        )
    };
    looking.hear(part, Ok(&page("a", "https://exchange.example/next")));
    let again = looking.asks();
    let [(same, next)] = again.as_slice() else {
        panic!("one page more: {again:?}");
    };
    assert_eq!((same, &next.body), (part, &ask.body));
    assert_eq!(
        next.target,
        Target::Link("https://exchange.example/next".to_owned())
    );
    looking.hear(part, Ok(&page("b", "")));
    // The others were never answered.
    let live = looking.finish();
    assert_eq!(words(&live, FootholdKind::TransportRule).len(), 2);
    assert_eq!(live.unread.len(), 4);
}

#[test]
fn what_cannot_be_read_is_unread_and_says_what_helps() {
    let mut tenant = Tenant::new();
    let denied = error("Authorization_RequestDenied", "Insufficient privileges");
    tenant.refuse("authentication/methods", 403, &denied);
    tenant.refuse("Get-InboxRule", 403, "\0\0\0\0");
    tenant.refuse("registeredDevices", 200, "<html>");
    let live = look(&tenant, &[]);
    let parts: BTreeSet<&Part> = live.unread.iter().map(|(part, _)| part).collect();
    let rules = Part::Rules(NORA.to_owned());
    let visible = Part::VisibleRules(NORA.to_owned());
    assert_eq!(
        parts,
        BTreeSet::from([&Part::Methods, &Part::Devices, &rules, &visible])
    );
    let why: Vec<&str> = live.why_unread(&Part::Methods).collect();
    assert!(
        why[0].contains("UserAuthenticationMethod.Read.All"),
        "{why:?}"
    );
    assert!(words(&live, FootholdKind::InboxRule).is_empty());
}

#[test]
fn an_account_that_cannot_be_read_does_not_hide_the_mailbox() {
    let mut tenant = Tenant::new();
    tenant.refuse("/users/", 503, "");
    let live = look(&tenant, &[]);
    assert!(live.account.is_none());
    assert_eq!(words(&live, FootholdKind::InboxRule).len(), 2);
    assert!(live.unread.iter().any(|(part, _)| *part == Part::Account));
}

#[test]
fn a_question_without_an_answer_is_unread() {
    let mut looking = Looking::at_user(TENANT, NORA, &[], &Policy::default());
    for (part, _) in looking.asks() {
        looking.hear(&part, Err(&Failure::TimedOut));
    }
    assert!(
        looking
            .asks()
            .iter()
            .all(|(part, _)| !matches!(part, Part::State(..)))
    );
    let live = looking.finish();
    assert_eq!(live.unread.len(), 2);
    assert!(live.account.is_none());
}

#[test]
fn a_hidden_rule_is_found_and_said_to_be_hidden() {
    let mut tenant = Tenant::new();
    tenant.list("InboxRule")[0]["Hidden"] = serde_json::json!(true);
    let live = look(&tenant, &[]);
    let rules = words(&live, FootholdKind::InboxRule);
    assert!(
        rules[1].starts_with("inbox rule `Newsletters`"),
        "{rules:?}"
    );
    assert!(rules[0].starts_with("hidden inbox rule `.`"), "{rules:?}");
}

#[test]
fn a_rule_that_graph_can_change_is_changed_by_graph() {
    let graph = |tenant: &Tenant| -> Vec<String> {
        let live = look(tenant, &[]);
        let rules = live.found.iter();
        let rules = rules.filter(|found| found.kind == FootholdKind::InboxRule);
        rules
            .map(|found| found.object.extra("graph").to_owned())
            .collect()
    };
    let mut tenant = Tenant::new();
    assert_eq!(graph(&tenant), ["graph-111", "graph-222"]);
    // A name that two have is no proof.
    let mut twin = tenant.lists["InboxRule"][0].clone();
    twin["RuleIdentity"] = serde_json::json!("444");
    tenant.list("InboxRule").push(twin);
    assert_eq!(graph(&tenant), ["", "graph-222", ""]);
    // The number is.
    let row = r#"{"value":[{"id":"bwAAAAAAAAA=","displayName":".","isReadOnly":false},{"id":"x","displayName":"Newsletters","isReadOnly":true}]}"#;
    tenant.refuse("messageRules", 200, row);
    assert_eq!(graph(&tenant), ["bwAAAAAAAAA=", "", ""]);
}

#[test]
fn the_default_method_is_known() {
    let live = look(&Tenant::new(), &[]);
    let default: Vec<&str> = live
        .found
        .iter()
        .filter(|found| found.object.extra("default") == "yes")
        .map(|found| found.object.id.as_str())
        .collect();
    assert_eq!(default, ["m-own"]);
}

#[test]
fn the_mailbox_that_a_record_names_is_looked_at_too() {
    let tenant = Tenant::new();
    let mut elsewhere = foothold(
        FootholdKind::FullAccess,
        &[Sign::Trustee("helper@corp.example".to_owned())],
    );
    elsewhere.owner = "manager".to_owned();
    let mut looking = Looking::at_user(TENANT, NORA, &[elsewhere], &Policy::default());
    let mut parts = Vec::new();
    loop {
        let asks = looking.asks();
        if asks.is_empty() {
            break;
        }
        for (part, ask) in asks {
            looking.hear(&part, Ok(&tenant.answer(&ask)));
            parts.push(part);
        }
    }
    assert!(parts.contains(&Part::Mailbox("manager".to_owned())));
    // It is not there: nothing in it is asked for.
    assert!(!parts.contains(&Part::Rules("manager".to_owned())));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn whatever_is_answered_nothing_panics_and_nothing_is_made_up(
        status in prop_oneof![Just(200_u16), Just(404), Just(403), Just(500)],
        body in proptest::collection::vec(any::<u8>(), 0..60),
    ) {
        let mut looking = Looking::at_user(
            TENANT,
            NORA,
            &[foothold(FootholdKind::Link, &[Sign::Url("https://x/y".to_owned())])],
            &Policy::default(),
        );
        let answer = reply(status, &String::from_utf8_lossy(&body));
        for _ in 0..5 {
            for (part, _) in looking.asks() {
                looking.hear(&part, Ok(&answer));
            }
        }
        let live = looking.finish();
        prop_assert!(live.found.is_empty());
        prop_assert!(live.account.is_none());
        prop_assert!(live.unread.iter().any(|(part, _)| *part == Part::Account));
    }
}
