//! When which version was active, and whose it is.

use super::*;
use crate::brief::Seed;
use model::{Address, Outcome};

const END: Timestamp = Interval::ALL.to;

#[test]
fn a_forwarding_of_eleven_seconds_is_eleven_seconds_long() {
    let identity = "EURPR01.PROD.EXAMPLE.COM/Hosted Organizations/corp.example/ann";
    let set = |id, at, target| {
        let mut event = cmdlet(
            id,
            at,
            "Set-Mailbox",
            "ann",
            &[
                ("Identity", identity),
                ("ForwardingSmtpAddress", target),
                ("DeliverToMailboxAndForward", "False"),
            ],
        );
        event.mailbox = "".into();
        event
    };
    let events = [set("a", 26, "smtp:ex@drop.example"), set("b", 37, "")];
    let rules = rules_of(&events, &by_intruder(&["a", "b"]));
    let [version] = rules.versions.as_slice() else {
        panic!("one version: {:?}", rules.versions);
    };
    assert_eq!(window(version), (second(26), second(37)));
    assert!(version.ended);
    assert_eq!(version.kind, RuleKind::Forwarding);
    assert_eq!(version.verdict, Verdict::Intruder);
    assert_eq!(version.targets, ["ex@drop.example".to_owned()].into());
    assert_eq!(
        pairs(&version.actions),
        [
            ("DeliverToMailboxAndForward", "False"),
            ("ForwardingSmtpAddress", "smtp:ex@drop.example")
        ]
    );
    assert_eq!(version.records, ["a", "b"]);
    assert_eq!(rules.targets(), version.targets);
}

#[test]
fn a_rule_edited_three_times_has_four_exact_versions() {
    let rule = "ann\\Receipts";
    let events = [
        cmdlet(
            "1",
            10,
            "New-InboxRule",
            rule,
            &[
                ("Name", "Receipts"),
                ("SubjectContainsWords", "invoice"),
                ("MarkAsRead", "True"),
            ],
        ),
        cmdlet(
            "2",
            20,
            "Set-InboxRule",
            rule,
            &[("ForwardTo", "x@drop.example")],
        ),
        cmdlet(
            "3",
            30,
            "Set-InboxRule",
            rule,
            &[("SubjectContainsWords", "invoice;wire")],
        ),
        cmdlet("4", 40, "Set-InboxRule", rule, &[("MarkAsRead", "False")]),
        cmdlet(
            "5",
            50,
            "Remove-InboxRule",
            rule,
            &[("Identity", "ann\\Receipts")],
        ),
    ];
    let rules = rules_of(&events, &by_intruder(&["1", "2", "3", "4"]));
    let windows: Vec<_> = rules.versions.iter().map(window).collect();
    assert_eq!(
        windows,
        [
            (second(10), second(20)),
            (second(20), second(30)),
            (second(30), second(40)),
            (second(40), second(50)),
        ]
    );
    let numbers: Vec<u32> = rules
        .versions
        .iter()
        .map(|version| version.version)
        .collect();
    assert_eq!(numbers, [1, 2, 3, 4]);
    let third = &rules.versions[2];
    assert_eq!(
        pairs(&third.conditions),
        [("SubjectContainsWords", "invoice;wire")]
    );
    assert_eq!(
        pairs(&third.actions),
        [("ForwardTo", "x@drop.example"), ("MarkAsRead", "True")]
    );
    assert_eq!(third.records, ["1", "2", "3", "4"]);
    assert_eq!(
        pairs(&rules.versions[3].actions),
        [("ForwardTo", "x@drop.example")]
    );
    assert!(
        rules
            .versions
            .iter()
            .all(|version| version.ended && version.complete)
    );
}

#[test]
fn a_rule_that_is_switched_off_is_not_active_until_it_is_switched_on() {
    let rule = "ann\\.";
    let events = [
        cmdlet(
            "1",
            10,
            "New-InboxRule",
            rule,
            &[("Name", "."), ("DeleteMessage", "True")],
        ),
        cmdlet(
            "2",
            20,
            "Disable-InboxRule",
            rule,
            &[("Identity", "ann\\.")],
        ),
        cmdlet("3", 30, "Enable-InboxRule", rule, &[("Identity", "ann\\.")]),
    ];
    let rules = rules_of(&events, &by_intruder(&["1"]));
    let windows: Vec<_> = rules.versions.iter().map(window).collect();
    assert_eq!(windows, [(second(10), second(20)), (second(30), END)]);
    assert!(rules.versions[0].ended);
    assert!(!rules.versions[1].ended);
    // The owner switched on what the intruder had made.
    assert_eq!(rules.versions[1].verdict, Verdict::Intruder);
    assert!(
        rules.versions[1]
            .because
            .starts_with("`DeleteMessage` stands")
    );
}

#[test]
fn what_the_intruder_set_stays_theirs_when_the_owner_rewrites_it() {
    let rule = "ann\\Receipts";
    let events = [
        cmdlet(
            "1",
            10,
            "New-InboxRule",
            rule,
            &[("Name", "Receipts"), ("ForwardTo", "x@drop.example")],
        ),
        cmdlet(
            "2",
            20,
            "Set-InboxRule",
            rule,
            &[("Priority", "2"), ("ForwardTo", "x@drop.example")],
        ),
        cmdlet(
            "3",
            30,
            "Set-InboxRule",
            rule,
            &[("ForwardTo", "bob@corp.example")],
        ),
    ];
    let attribution = attribution(&[
        (context("i", Verdict::Intruder), &["1"]),
        (context("o", Verdict::Owner), &["2", "3"]),
    ]);
    let verdicts: Vec<Verdict> = rules_of(&events, &attribution)
        .versions
        .iter()
        .map(|version| version.verdict)
        .collect();
    assert_eq!(
        verdicts,
        [Verdict::Intruder, Verdict::Intruder, Verdict::Owner]
    );
}

#[test]
fn a_rule_first_seen_by_a_change_was_there_before_and_nothing_is_known_of_it() {
    let events = [cmdlet(
        "1",
        10,
        "Set-InboxRule",
        "ann\\Old",
        &[("Identity", "ann\\Old"), ("ForwardTo", "x@drop.example")],
    )];
    let rules = rules_of(&events, &by_intruder(&["1"]));
    let [before, after] = rules.versions.as_slice() else {
        panic!("two versions: {:?}", rules.versions);
    };
    assert_eq!(window(before), (Interval::ALL.from, second(10)));
    assert_eq!(before.verdict, Verdict::Unknown);
    assert!(before.actions.is_empty() && before.targets.is_empty() && !before.complete);
    assert_eq!(before.records, ["1"]);
    assert_eq!(window(after), (second(10), END));
    assert_eq!(after.verdict, Verdict::Intruder);
    assert!(!after.complete);
}

#[test]
fn a_rule_that_is_only_removed_was_there_until_then() {
    let events = [cmdlet(
        "1",
        10,
        "Remove-InboxRule",
        "ann\\Old",
        &[("Identity", "ann\\Old")],
    )];
    let rules = rules_of(&events, &by_intruder(&["1"]));
    let [version] = rules.versions.as_slice() else {
        panic!("one version: {:?}", rules.versions);
    };
    assert_eq!(window(version), (Interval::ALL.from, second(10)));
    assert!(version.ended);
    assert_eq!(version.verdict, Verdict::Unknown);
}

#[test]
fn rules_of_one_name_are_two_rules() {
    let made = |id, at, target| {
        cmdlet(
            id,
            at,
            "New-InboxRule",
            "ann\\ ",
            &[("Name", ""), ("RedirectTo", target)],
        )
    };
    let events = [
        made("1", 10, "x@drop.example"),
        made("2", 20, "y@drop.example"),
        cmdlet(
            "3",
            30,
            "Remove-InboxRule",
            "ann\\ ",
            &[("Identity", "ann\\ ")],
        ),
    ];
    let rules = rules_of(&events, &by_intruder(&["1", "2"]));
    let windows: Vec<_> = rules.versions.iter().map(window).collect();
    assert_eq!(windows, [(second(10), second(30)), (second(20), END)]);
    assert_eq!(rules.versions[0].name, "");
}

#[test]
fn a_rule_is_known_by_its_id_after_it_was_renamed() {
    let outlook = |id, at, operation: &str, rule_id: &str, name: &str, recipient: &str| {
        let mut event = event(id, at, "UpdateInboxRules");
        let actions = format!(
            r#"[{{"ActionType":"Forward","Recipients":["{recipient}"],"ForwardFlags":"None"}}]"#
        );
        event.rest = bag(
            "OperationProperties",
            &[
                ("RuleOperation", operation),
                ("RuleId", rule_id),
                ("RuleState", "Enabled, ExitAfterExecution"),
                ("RuleCondition", ""),
                ("RuleName", name),
                ("RuleActions", &actions),
            ],
        );
        event
    };
    let events = [
        outlook(
            "1",
            10,
            "AddMailboxRule",
            "-2",
            "Receipts",
            "x@drop.example",
        ),
        outlook("2", 20, "ModifyMailboxRule", "-2", "..", "y@drop.example"),
        outlook("4", 25, "ModifyMailboxRule", "-2", "", "z@drop.example"),
        cmdlet(
            "3",
            30,
            "Disable-InboxRule",
            "ann\\18446744073709551614",
            &[],
        ),
    ];
    let rules = rules_of(&events, &by_intruder(&["1", "2"]));
    let [first, second_version, third] = rules.versions.as_slice() else {
        panic!("three versions: {:?}", rules.versions);
    };
    assert_eq!(window(first), (second(10), second(20)));
    assert_eq!(first.targets, ["x@drop.example".to_owned()].into());
    assert_eq!(window(second_version), (second(20), second(25)));
    assert_eq!(window(third), (second(25), second(30)));
    assert_eq!(third.name, "..");
    assert_eq!(second_version.name, "..");
    assert_eq!(second_version.targets, ["y@drop.example".to_owned()].into());
    assert_eq!(
        pairs(&second_version.actions),
        [("Forward", "y@drop.example")]
    );
    assert!(second_version.complete && second_version.conditions.is_empty());
}

#[test]
fn a_client_rule_without_a_name_and_switched_off_is_not_active() {
    let mut event = event("1", 10, "UpdateInboxRules");
    event.rest = r#"{"OperationProperties":[{"Name":"RuleOperation","Value":"AddMailboxRule"},
        {"Name":"RuleId","Value":"77"},{"Name":"RuleName"},{"Name":"RuleState","Value":"ExitAfterExecution"},
        {"Name":"RuleActions","Value":"[{\"ActionType\":\"Delete\"}]"}]}"#
        .to_owned();
    assert!(rules_of(&[event], &by_intruder(&["1"])).versions.is_empty());
}

#[test]
fn only_what_succeeded_in_this_mailbox_makes_a_version() {
    let parameters = &[("Name", "x"), ("ForwardTo", "x@drop.example")];
    let mut failed = cmdlet("1", 10, "New-InboxRule", "ann\\x", parameters);
    failed.outcome = Outcome::Failure;
    let mut elsewhere = cmdlet("2", 10, "New-InboxRule", "bob\\ann", parameters);
    elsewhere.mailbox = "bob@corp.example".into();
    let mut unnamed = cmdlet("3", 10, "New-InboxRule", "bob\\ann", parameters);
    unnamed.mailbox = "".into();
    let cleared = cmdlet(
        "4",
        10,
        "Set-Mailbox",
        "ann",
        &[("ForwardingSmtpAddress", "")],
    );
    let other = cmdlet("5", 10, "Set-Mailbox", "ann", &[("MaxSendSize", "1 GB")]);
    let listed = cmdlet("6", 10, "Get-InboxRule", "ann\\x", &[]);
    let events = [failed, elsewhere, unnamed, cleared, other, listed];
    assert!(
        rules_of(&events, &by_intruder(&["1", "2", "3"]))
            .versions
            .is_empty()
    );
}

#[test]
fn a_rule_of_the_organisation_counts_and_one_on_trial_does_not() {
    let events = [
        cmdlet(
            "1",
            10,
            "New-TransportRule",
            "Archive",
            &[("Name", "Archive"), ("BlindCopyTo", "x@drop.example")],
        ),
        cmdlet(
            "2",
            20,
            "Set-TransportRule",
            "Archive",
            &[("Identity", "Archive"), ("Mode", "Audit")],
        ),
        cmdlet(
            "3",
            30,
            "Set-TransportRule",
            "Archive",
            &[("Identity", "Archive"), ("Mode", "Enforce")],
        ),
        cmdlet(
            "4",
            40,
            "Disable-TransportRule",
            "Archive",
            &[("Identity", "Archive")],
        ),
    ];
    let rules = rules_of(&events, &by_intruder(&["1"]));
    let windows: Vec<_> = rules.versions.iter().map(window).collect();
    assert_eq!(
        windows,
        [(second(10), second(20)), (second(30), second(40))]
    );
    assert!(
        rules
            .versions
            .iter()
            .all(|version| version.kind == RuleKind::Transport)
    );
}

#[test]
fn an_act_from_microsofts_own_address_is_judged_by_time() {
    let service = Address::read("[2603:1026:c02:282a::5]:47114");
    let made = |id, at| {
        let mut event = cmdlet(
            id,
            at,
            "New-InboxRule",
            "ann\\x",
            &[("Name", "x"), ("ForwardTo", "x@drop.example")],
        );
        event.address = service;
        event
    };
    let within = 2000 + 3600;
    let events = [
        made("before", 900),
        made("inside", within),
        made("after", within + 1),
    ];
    let attribution = attribution(&[(session("i", Verdict::Intruder, 1000, 2000), &[])]);
    let verdicts: Vec<_> = rules_of(&events, &attribution)
        .versions
        .iter()
        .map(|version| (version.verdict, version.confidence))
        .collect();
    assert_eq!(
        verdicts,
        [
            (Verdict::Unknown, Confidence::Low),
            (Verdict::Intruder, Confidence::Medium),
            (Verdict::Unknown, Confidence::Low),
        ]
    );
}

#[test]
fn an_owner_at_an_address_of_their_own_stays_the_owner() {
    let mut event = cmdlet(
        "1",
        1500,
        "New-InboxRule",
        "ann\\x",
        &[("Name", "x"), ("ForwardTo", "x@drop.example")],
    );
    event.address = Address::read("198.51.100.4");
    let attribution = attribution(&[
        (session("i", Verdict::Intruder, 1000, 2000), &[]),
        (context("o", Verdict::Owner), &["1"]),
    ]);
    let rules = rules_of(&[event], &attribution);
    assert_eq!(rules.versions[0].verdict, Verdict::Owner);
    assert!(rules.targets().is_empty());
}

#[test]
fn somebody_elses_act_is_not_the_intruders_by_time() {
    let mut event = cmdlet(
        "1",
        1500,
        "Set-Mailbox",
        "ann",
        &[("ForwardingSmtpAddress", "smtp:x@drop.example")],
    );
    event.user = "admin@corp.example".into();
    let attribution = attribution(&[(session("i", Verdict::Intruder, 1000, 2000), &[])]);
    assert_eq!(
        rules_of(&[event], &attribution).versions[0].verdict,
        Verdict::Unknown
    );
}

#[test]
fn a_seed_names_a_rule_by_name_id_record_or_target() {
    let event = cmdlet(
        "r-1",
        10,
        "New-InboxRule",
        "ann\\Receipts",
        &[("Name", "Receipts"), ("ForwardTo", "x@drop.example")],
    );
    for seed in [
        Seed::Rule("receipts".to_owned()),
        Seed::Rule("ann\\Receipts".to_owned()),
        Seed::Rule("X@drop.example".to_owned()),
        Seed::Record("r-1".to_owned()),
    ] {
        let mut brief = brief();
        brief.seeds = vec![seed.clone()];
        let mut log = Log::new(&brief);
        log.event(&event);
        let rules = log.close(&brief, &attribution(&[]));
        assert_eq!(rules.versions[0].verdict, Verdict::Intruder, "{seed}");
        assert_eq!(rules.versions[0].confidence, Confidence::High, "{seed}");
    }
}

#[test]
fn an_analysts_verdict_stands_above_a_seed() {
    let event = cmdlet(
        "r-1",
        10,
        "New-InboxRule",
        "ann\\x",
        &[("Name", "x"), ("ForwardTo", "x@drop.example")],
    );
    let mut brief = brief();
    brief.seeds = vec![Seed::Record("r-1".to_owned())];
    let mut decided = context("o", Verdict::Owner);
    decided.overridden = true;
    let mut log = Log::new(&brief);
    log.event(&event);
    let rules = log.close(&brief, &attribution(&[(decided, &["r-1"])]));
    assert_eq!(rules.versions[0].verdict, Verdict::Owner);
}
