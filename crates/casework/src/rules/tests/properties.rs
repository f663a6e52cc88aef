//! What holds of rules whatever the records are and in whichever order they come.

use super::*;
use crate::attribution::Person;
use crate::rules::change::{Change, change};
use crate::rules::history::histories;
use crate::rules::verdict::Judge;
use proptest::prelude::*;

const ACTIONS: [&str; 8] = [
    "New-InboxRule",
    "Set-InboxRule",
    "Enable-InboxRule",
    "Disable-InboxRule",
    "Remove-InboxRule",
    "Set-Mailbox",
    "New-TransportRule",
    "UpdateInboxRules",
];
const NAMES: [&str; 3] = ["", ".", "Receipts"];
const TARGETS: [&str; 3] = ["", "x@drop.example", "y@drop.example"];

fn act(at: usize, (action, name, target, time): (usize, usize, usize, i64)) -> Event<'static> {
    let (name, target) = (NAMES[name], TARGETS[target]);
    let id = format!("r{at}");
    if ACTIONS[action] == "UpdateInboxRules" {
        let mut event = event(&id, time, "UpdateInboxRules");
        let actions = format!(r#"[{{"ActionType":"Forward","Recipients":["{target}"]}}]"#);
        event.rest = bag(
            "OperationProperties",
            &[
                ("RuleId", "42"),
                ("RuleName", name),
                ("RuleActions", &actions),
            ],
        );
        return event;
    }
    let object = format!("ann\\{name}");
    cmdlet(
        &id,
        time,
        ACTIONS[action],
        if ACTIONS[action] == "Set-Mailbox" {
            "ann"
        } else {
            &object
        },
        &[
            ("Name", name),
            ("ForwardTo", target),
            ("ForwardingSmtpAddress", target),
        ],
    )
}

fn acts() -> impl Strategy<Value = Vec<Event<'static>>> {
    prop::collection::vec((0usize..8, 0usize..3, 0usize..3, 0i64..6), 0..14).prop_map(|acts| {
        acts.into_iter()
            .enumerate()
            .map(|(at, act_)| act(at, act_))
            .collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_order_of_the_records_does_not_matter(events in acts(), turn in 0usize..14) {
        let attribution = by_intruder(&["r0", "r3", "r4"]);
        let told = rules_of(&events, &attribution);
        let mut turned = events.clone();
        let middle = turn.min(turned.len());
        turned.rotate_left(middle);
        turned.reverse();
        prop_assert_eq!(rules_of(&turned, &attribution).versions, told.versions);
    }

    #[test]
    fn a_record_told_twice_changes_nothing(events in acts()) {
        let attribution = by_intruder(&["r0"]);
        let twice: Vec<Event<'static>> = events.iter().chain(&events).cloned().collect();
        prop_assert_eq!(rules_of(&twice, &attribution).versions, rules_of(&events, &attribution).versions);
    }

    #[test]
    fn the_versions_of_one_rule_never_overlap(events in acts()) {
        let attribution = by_intruder(&["r0", "r1"]);
        let (brief, person) = (brief(), Person::default());
        let judge = Judge::new(&brief, &attribution, &person);
        let changes: Vec<Change> = events.iter().filter_map(change).collect();
        for versions in histories(changes, &judge) {
            for pair in versions.windows(2) {
                prop_assert!(pair[0].active.to <= pair[1].active.from, "{:?}", pair);
                prop_assert_eq!(pair[0].version + 1, pair[1].version);
            }
        }
    }

    #[test]
    fn any_parameters_are_read_without_panic(name in "\\PC{0,20}", value in "\\PC{0,40}", object in "\\PC{0,30}") {
        let events = [
            cmdlet("1", 1, "New-InboxRule", &object, &[(&name, &value), ("ForwardTo", &value)]),
            cmdlet("2", 2, "Set-InboxRule", &object, &[(&name, &value)]),
        ];
        let rules = rules_of(&events, &by_intruder(&["1", "2"]));
        let arrival = Arrival { time: Some(second(3)), ..Arrival::default() };
        let _ = rules.matches(&arrival);
    }
}
