//! What the intruder's rules did with messages, and what the trace proves of it.

use super::*;

fn forwarding_rule(conditions: &[(&str, &str)], target: &str) -> Rules {
    let mut parameters = vec![("Name", "Receipts"), ("ForwardTo", target)];
    parameters.extend_from_slice(conditions);
    let events = [
        cmdlet("rule", 100, "New-InboxRule", "ann\\Receipts", &parameters),
        cmdlet("gone", 200, "Remove-InboxRule", "ann\\Receipts", &[]),
    ];
    rules_of(&events, &by_intruder(&["rule", "gone"]))
}

fn arrival(at: i64) -> Arrival<'static> {
    Arrival {
        time: Some(second(at)),
        internet_message_id: "<1@supplier.example>",
        sender: "billing@supplier.example",
        subject: "Invoice 7",
        ..Arrival::default()
    }
}

fn row(record: &str, at: i64, id: &str, subject: &str, status: &str) -> Delivered {
    Delivered {
        record: record.to_owned(),
        time: Some(second(at)),
        internet_message_id: id.to_owned(),
        sender: ANN.to_owned(),
        recipient: "X@drop.example".to_owned(),
        subject: subject.to_owned(),
        status: status.to_owned(),
        ..Delivered::default()
    }
}

fn only(hits: Vec<RuleHit>) -> RuleHit {
    assert_eq!(hits.len(), 1, "{hits:?}");
    hits.into_iter().next().expect("one hit")
}

#[test]
fn a_match_without_a_trace_is_possible_and_says_so() {
    let rules = forwarding_rule(
        &[("SubjectContainsWords", "Invoice;Payments")],
        "x@drop.example",
    );
    let hit = only(rules.matches(&arrival(150)));
    assert!(!hit.left && hit.tags.is_empty());
    assert_eq!(hit.targets, ["x@drop.example"]);
    assert_eq!(hit.records, ["gone", "rule"]);
    assert_eq!(
        hit.because,
        "the intruder's inbox rule `Receipts` (version 1) sends mail to x@drop.example; \
         `SubjectContainsWords` matched on metadata; the trace cannot confirm that it left"
    );
}

#[test]
fn a_condition_that_is_false_is_no_hit_and_one_that_is_unknown_is_named() {
    let rules = forwarding_rule(
        &[
            ("SubjectContainsWords", "payroll"),
            ("BodyContainsWords", "iban"),
        ],
        "x@drop.example",
    );
    assert!(rules.matches(&arrival(150)).is_empty());
    let rules = forwarding_rule(&[("BodyContainsWords", "iban")], "x@drop.example");
    let hit = only(rules.matches(&arrival(150)));
    assert!(
        hit.because
            .contains("`BodyContainsWords` cannot be evaluated on metadata")
    );
}

#[test]
fn an_exception_that_holds_is_no_hit() {
    let rules = forwarding_rule(
        &[("ExceptIfFrom", "billing@supplier.example")],
        "x@drop.example",
    );
    assert!(rules.matches(&arrival(150)).is_empty());
}

#[test]
fn a_window_is_exact_but_for_the_rounding_of_the_trace() {
    let rules = forwarding_rule(&[], "x@drop.example");
    for (at, hits) in [(98, 0), (99, 1), (100, 1), (199, 1), (200, 1), (201, 0)] {
        assert_eq!(rules.matches(&arrival(at)).len(), hits, "{at}");
    }
    let unknown = Arrival {
        time: None,
        ..arrival(150)
    };
    assert!(rules.matches(&unknown).is_empty());
}

#[test]
fn a_forwarded_message_has_left_when_the_trace_saw_its_subject_go() {
    for (id, subject) in [
        ("<new@corp.example>", "FW: invoice 7"),
        ("<new@corp.example>", "WG: RE: Invoice 7"),
        ("<1@supplier.example>", "something else"),
    ] {
        let mut rules = forwarding_rule(&[("BodyContainsWords", "iban")], "x@drop.example");
        rules.hear_outbound(&row("trace", 270, id, subject, "Delivered"));
        let hit = only(rules.matches(&arrival(150)));
        assert!(hit.left, "{subject}");
        assert_eq!(hit.tags, [Tag::Forwarded]);
        assert_eq!(hit.records, ["gone", "rule", "trace"]);
    }
}

#[test]
fn what_left_too_late_or_is_another_message_proves_nothing() {
    let mut rules = forwarding_rule(&[], "x@drop.example");
    rules.hear_outbound(&row(
        "late",
        272,
        "<new@corp.example>",
        "FW: Invoice 7",
        "Delivered",
    ));
    rules.hear_outbound(&row(
        "early",
        148,
        "<new@corp.example>",
        "FW: Invoice 7",
        "Delivered",
    ));
    rules.hear_outbound(&row(
        "other",
        151,
        "<new@corp.example>",
        "FW: Invoice 8",
        "Delivered",
    ));
    let hit = only(rules.matches(&arrival(150)));
    assert!(!hit.left);
    let blank = Arrival {
        subject: "",
        ..arrival(150)
    };
    rules.hear_outbound(&row("blank", 151, "", "FW:", "Delivered"));
    assert!(!only(rules.matches(&blank)).left);
}

#[test]
fn a_refused_forward_is_blocked_and_has_not_left() {
    let mut rules = forwarding_rule(&[], "x@drop.example");
    rules.hear_outbound(&row(
        "bounce",
        151,
        "<n@corp.example>",
        "FW: Invoice 7",
        "Failed",
    ));
    let hit = only(rules.matches(&arrival(150)));
    assert!(!hit.left);
    assert_eq!(hit.tags, [Tag::Blocked]);
    assert!(hit.because.contains("refused on its way to x@drop.example"));
    rules.hear_outbound(&row(
        "copy",
        152,
        "<m@corp.example>",
        "FW: Invoice 7",
        "Delivered",
    ));
    assert!(only(rules.matches(&arrival(150))).left);
}

#[test]
fn a_message_still_pending_is_not_proved_and_not_blocked() {
    let mut rules = forwarding_rule(&[], "x@drop.example");
    rules.hear_outbound(&row(
        "wait",
        151,
        "<n@corp.example>",
        "FW: Invoice 7",
        "Pending",
    ));
    let hit = only(rules.matches(&arrival(150)));
    assert!(!hit.left && hit.tags.is_empty());
}

#[test]
fn a_colleague_as_target_is_said_to_be_inside() {
    let rules = forwarding_rule(&[], "\"Bob\" [SMTP:bob@corp.example]");
    let hit = only(rules.matches(&arrival(150)));
    assert!(
        hit.because
            .contains("bob@corp.example, inside the organisation")
    );
}

#[test]
fn a_target_without_an_address_still_sends() {
    let rules = forwarding_rule(&[], "EURPR01.PROD.EXAMPLE.COM/corp.example/Drop");
    let hit = only(rules.matches(&arrival(150)));
    assert!(hit.targets.is_empty());
    assert!(
        hit.because
            .contains("somebody whose address the records do not give")
    );
}

#[test]
fn hiding_makes_nothing_leave() {
    let events = [cmdlet(
        "rule",
        100,
        "New-InboxRule",
        "ann\\ ",
        &[
            ("Name", ""),
            ("BodyContainsWords", "phish"),
            ("DeleteMessage", "True"),
        ],
    )];
    let rules = rules_of(&events, &by_intruder(&["rule"]));
    assert_eq!(rules.versions.len(), 1);
    assert!(rules.matches(&arrival(150)).is_empty());
}

#[test]
fn the_owners_rules_make_no_hit() {
    let events = [cmdlet(
        "rule",
        100,
        "New-InboxRule",
        "ann\\Home",
        &[("Name", "Home"), ("RedirectTo", "ann@home.example")],
    )];
    let rules = rules_of(
        &events,
        &attribution(&[(context("o", Verdict::Owner), &["rule"])]),
    );
    assert!(rules.matches(&arrival(150)).is_empty());
}

#[test]
fn a_rule_made_before_the_records_may_have_conditions_nobody_knows() {
    let events = [cmdlet(
        "rule",
        100,
        "Set-InboxRule",
        "ann\\Old",
        &[("RedirectTo", "x@drop.example")],
    )];
    let rules = rules_of(&events, &by_intruder(&["rule"]));
    assert!(rules.matches(&arrival(50)).is_empty());
    let hit = only(rules.matches(&arrival(150)));
    assert!(
        hit.because
            .contains("conditions set before the records begin cannot be evaluated")
    );
}
