//! The answer does not depend on the order of the records, on repeats, or on strangers.

use super::*;
use proptest::prelude::*;
use std::collections::BTreeMap;

/// A case with everything in it.
fn story() -> Vec<Event<'static>> {
    let mut events = vec![
        read("before", -2 * DAY, HOME, "s-own"),
        sign_in("flagged", 0, EVIL, "s-evil"),
        read("in", 5, EVIL, "s-evil"),
        read("bare", 9, EVIL, ""),
        read("late", 5 * DAY, EVIL, ""),
        read("two", 30, EVIL_TWO, "s-evil"),
        read_by_app("app before", -90, ROGUE),
        from(consent("consent", 12), EVIL, "s-evil"),
        read_by_app("app", 90, ROGUE),
        read_by_service("service", 100, OTHER_APP, MICROSOFT),
        read("own", 200, HOME, "s-newer"),
        on_ann("revoke", 3 * DAY, "Revoke sign in sessions"),
        by(BOB, sign_in("bob", 400, EVIL, "s-bob")),
    ];
    for n in 0..12 {
        events.push(wrong_password(&format!("wrong{n}"), -30 + n, EVIL, ANN));
        events.push(read(&format!("more{n}"), 6 + n, EVIL, "s-evil"));
    }
    events
}

fn told(events: &[Event<'_>]) -> String {
    let found = seeded(&["signin=flagged"], events);
    let records: BTreeMap<String, String> = events
        .iter()
        .filter_map(|event| {
            let id = event.id.as_str();
            Some((id.to_owned(), found.context_of(id)?.id.0.clone()))
        })
        .collect();
    let ways: Vec<_> = found
        .contexts
        .iter()
        .map(|context| found.why(&context.id))
        .collect();
    format!(
        "{:#?}",
        (
            &found.person,
            found.window,
            &found.window_because,
            &found.contexts,
            &found.evictions,
            &found.proposals,
            &found.pivots,
            records,
            ways
        )
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn neither_order_nor_repeats_change_the_answer(
        shuffled in Just(story()).prop_shuffle(),
        repeats in proptest::collection::vec(0usize..20, 0..6),
    ) {
        let mut shuffled = shuffled;
        for at in repeats {
            let again = shuffled[at].clone();
            shuffled.push(again);
        }
        prop_assert_eq!(told(&shuffled), told(&story()));
    }

    #[test]
    fn a_strangers_records_change_no_verdict(
        strangers in proptest::collection::vec((0u8..4, -5000i64..9000, 1u8..250), 1..12),
    ) {
        let mut events = story();
        let plain = seeded(&["signin=flagged"], &events);
        for (n, (kind, minute, host)) in strangers.into_iter().enumerate() {
            // Elsewhere: at one address with the intruder they would count as its sharers.
            let ip = format!("198.18.0.{host}");
            let user = format!("stranger{host}@corp.example");
            let id = format!("stranger{n}");
            let event = match kind {
                0 => sign_in(&id, minute, &ip, &format!("s-{host}")),
                1 => read(&id, minute, &ip, &format!("s-{host}")),
                2 => wrong_password(&id, minute, &ip, &user),
                _ => consent_to(&id, minute, "6f2a3d10-0000-4000-8000-0000000000ee"),
            };
            let mailbox = if kind == 1 { user.clone() } else { String::new() };
            events.push(Event { mailbox: Cow::Owned(mailbox), ..by(&user, event) });
        }
        let found = seeded(&["signin=flagged"], &events);
        prop_assert_eq!(plain.contexts, found.contexts);
    }
}
