//! Messages that the intruder's rules and searches may have caught.

use super::ID;
use crate::brief::Brief;
use crate::messages::case::{ANN, Case, at, delivered, opened};
use crate::messages::{Class, Delivered, Judged, Tag, judge};
use crate::messages::{Cluster, Handled};
use crate::outflow::{self, Outflow};
use crate::rules::invented::{cmdlet, event};
use crate::rules::{self, Rules};
use model::Event;
use std::borrow::Cow;

const DROP: &str = "drop@example.net";

fn in_anns_mailbox(event: Event<'static>, second: i64) -> Event<'static> {
    Event {
        time: Some(at(second)),
        user: Cow::Borrowed(ANN),
        mailbox: Cow::Borrowed(ANN),
        ..event
    }
}

/// A case in which the intruder's rule forwards what speaks of invoices, from second 3,000 on.
fn with_rule() -> Case {
    let mut case = Case::default();
    case.intruder("s", &["rule", "read"]);
    let made = cmdlet(
        "rule",
        0,
        "New-InboxRule",
        "ann@example.com\\.",
        &[
            ("Name", "."),
            ("SubjectContainsWords", "Invoice"),
            ("ForwardTo", DROP),
        ],
    );
    let mut log = rules::Log::new(&case.brief);
    log.event(&in_anns_mailbox(made, 3_000));
    case.rules = log.close(&case.brief, &case.attribution);
    assert_eq!(case.rules.targets(), [DROP.to_owned()].into());
    case
}

fn forwarded(second: i64) -> Delivered {
    Delivered {
        sender: ANN.to_owned(),
        recipient: DROP.to_owned(),
        direction: "Outbound".to_owned(),
        ..delivered("out", ID, second)
    }
}

fn arrived(second: i64, subject: &str) -> [Delivered; 1] {
    [Delivered {
        subject: subject.to_owned(),
        ..delivered("t", ID, second)
    }]
}

#[test]
fn what_a_rule_may_have_forwarded_is_r_and_what_the_trace_shows_to_have_left_is_e() {
    let mut case = with_rule();
    let invoice = arrived(5_000, "Your invoice 7");
    let judged = case.judge(&[], &invoice);
    assert_eq!(judged.class, Class::R);
    assert!(judged.records.contains(&"rule".to_owned()));
    assert_eq!(judged.first_seen, Some(at(5_000)));

    case.rules.hear_outbound(&forwarded(5_002));
    let judged = case.judge(&[], &invoice);
    assert_eq!(judged.class, Class::E);
    assert_eq!(judged.tags, [Tag::Forwarded]);
    assert!(judged.records.contains(&"out".to_owned()));
}

#[test]
fn what_came_before_the_rule_or_does_not_match_is_not_caught() {
    let case = with_rule();
    case.check(&[], &arrived(2_000, "Your invoice 7"), Class::N);
    case.check(&[], &arrived(5_000, "Lunch"), Class::N);
    let refused = Delivered {
        status: "Failed".to_owned(),
        ..delivered("t", ID, 5_000)
    };
    case.check(&[], &[refused], Class::O);
}

#[test]
fn all_evidence_stays_with_the_gravest() {
    let case = with_rule();
    let read = opened("read", ID, 6_000);
    let judged = case.judge(&[read], &arrived(5_000, "Your invoice 7"));
    assert_eq!(judged.class, Class::P1);
    assert_eq!(judged.records, ["rule", "read"]);
}

fn searched(brief: &Brief, case: &Case, operation: &str) -> Outflow {
    let mut search = event("search", 0, operation);
    search.rest = r#"{"QueryText":"payment invoice"}"#.to_owned();
    let mut log = outflow::Log::new(brief);
    log.event(&in_anns_mailbox(search, 4_000));
    log.close(brief, &case.attribution, &Rules::default())
}

fn judge_with(
    case: &Case,
    outflow: &Outflow,
    handled: &[Handled],
    delivered: &[Delivered],
) -> Judged {
    let cluster = Cluster {
        id: ID.to_owned(),
        handled: handled.to_vec(),
        delivered: delivered.to_vec(),
    };
    judge(&cluster, &case.scope().with_outflow(outflow)).remove(0)
}

#[test]
fn a_search_may_have_shown_what_was_there_then() {
    let mut case = Case::default();
    let id = case.intruder("s", &["search"]);
    let outflow = searched(&case.brief, &case, "SearchQueryInitiatedExchange");
    let found = judge_with(
        &case,
        &outflow,
        &[],
        &arrived(2_000, "Invoice: payment is due"),
    );
    assert_eq!(found.class, Class::R);
    assert_eq!(found.records, ["search"]);
    assert_eq!(found.contexts, [id]);
    for (second, subject) in [(2_000, "Invoice"), (9_000, "Invoice: payment is due")] {
        let other = judge_with(&case, &outflow, &[], &arrived(second, subject));
        assert_eq!(other.class, Class::N, "{subject}");
    }
}

#[test]
fn a_search_of_files_shows_no_mail() {
    let mut case = Case::default();
    case.intruder("s", &["search"]);
    let outflow = searched(&case.brief, &case, "SearchQueryInitiatedSharePoint");
    let judged = judge_with(
        &case,
        &outflow,
        &[],
        &arrived(2_000, "Invoice: payment is due"),
    );
    assert_eq!(judged.class, Class::N);
}
