//! Tokens name records and no context: what they cover, where they lead, and where they do not.

use super::*;
use proptest::prelude::*;

fn with(token: &str, event: Event<'static>) -> Event<'static> {
    Event {
        token: Cow::Owned(token.to_owned()),
        ..event
    }
}

#[test]
fn many_tokens_in_one_session_are_one_context() {
    let events: Vec<Event<'_>> = (0..200)
        .map(|n| {
            with(
                &format!("t{n}"),
                read(&format!("r{n}"), n * 60, EVIL, "s-evil"),
            )
        })
        .collect();
    for seeds in [&[][..], &["session=s-evil"][..]] {
        let found = seeded(seeds, &events);
        assert_eq!(found.contexts.len(), 1);
        assert_eq!(found.contexts[0].records, 200);
        assert_eq!(found.contexts[0].token, "");
    }
    let one = seeded(&[], &events[..1]);
    assert_eq!(one.contexts[0].token, "t0");
    assert_eq!(one.contexts[0].id, seeded(&[], &events).contexts[0].id);
}

#[test]
fn a_seeded_token_splits_its_records_off_and_nothing_else() {
    let events = [
        with("t1", read("before", 0, EVIL, "s-one")),
        with("t2", read("stolen", 60, EVIL, "s-one")),
        with("t2", read("stolen too", 65, EVIL, "s-one")),
        with("t3", read("after", 120, EVIL, "s-one")),
        read("bare", 121, EVIL, "s-one"),
        with("t2", read("elsewhere", 70, MICROSOFT, "")),
        with("t3", read("not elsewhere", 130, MICROSOFT, "")),
    ];
    let base = context(&seeded(&[], &events), "before").id.clone();
    let found = seeded(&["token=t2"], &events);
    for record in ["stolen", "stolen too", "elsewhere"] {
        assert_eq!(verdict(&found, record), INTRUDER_HIGH, "{record}");
        assert_eq!(context(&found, record).token, "t2");
        let way = found.why(&context(&found, record).id);
        assert_eq!(way[0].from, "token=t2");
        assert_eq!(way[way.len() - 1].to, context(&found, record).id.0);
    }
    assert_eq!(context(&found, "stolen").records, 2);
    for record in ["after", "bare", "not elsewhere"] {
        assert_ne!(verdict(&found, record).0, Verdict::Intruder, "{record}");
    }
    assert_eq!(context(&found, "after").id, base);
    assert_eq!(context(&found, "before").id, base);
    assert_eq!(context(&found, "after").records, 3);
    assert!(reasons(&found, "after").contains("carry a token of the intruder's"));
    assert_eq!(found.contexts.len(), 4);
    assert_eq!(found.window.map(|window| window.from), Some(at(60)));
}

#[test]
fn a_token_in_every_record_is_the_context_itself() {
    let events = [
        with("t1", read("one", 0, EVIL, "s-one")),
        with("t1", read("two", 5, EVIL, "s-one")),
    ];
    let plain = seeded(&[], &events);
    let found = seeded(&["token=t1"], &events);
    assert_eq!(found.contexts.len(), 1);
    assert_eq!(verdict(&found, "two"), INTRUDER_HIGH);
    assert_eq!(context(&found, "one").id, context(&plain, "one").id);
    assert!(context(&found, "one").reasons[0].text.contains("token=t1"));
    let ruled = overridden(&context(&plain, "one").id, Verdict::Owner);
    let brief = Brief {
        overrides: ruled.overrides,
        ..brief(&["token=t1"])
    };
    let found = attribute(&brief, &events);
    assert_eq!(verdict(&found, "one"), OWNER_HIGH);
    assert_eq!(found.window, None);
}

#[test]
fn a_token_that_two_sessions_share_leads_from_one_to_the_other() {
    let events = [
        with("shared", read("one", 0, EVIL, "s-evil")),
        with("t1", read("one more", 60, EVIL, "s-evil")),
        with("shared", read("other", 5, MICROSOFT, "s-next")),
        with("t2", read("other more", 90, MICROSOFT, "s-next")),
        with("t1", read("no session", 70, MICROSOFT, "")),
        with("t9", read("own", 80, MICROSOFT, "")),
    ];
    for seeds in [&["session=s-evil"][..], &["session=s-evil", "token=shared"]] {
        let found = seeded(seeds, &events);
        for record in ["one", "one more", "other", "other more", "no session"] {
            assert_eq!(verdict(&found, record), INTRUDER_HIGH, "{record}");
        }
        assert_eq!(verdict(&found, "own"), UNKNOWN);
        assert_eq!(context(&found, "other").records, 2);
        assert_eq!(context(&found, "no session").records, 1);
    }
}

#[test]
fn tokens_that_follow_from_a_session_are_one_part_of_another_context() {
    let mut events = Vec::new();
    for n in 0..30 {
        let token = format!("t{n}");
        events.push(with(&token, read(&format!("in{n}"), n, EVIL, "s-evil")));
        let bare = read(&format!("bare{n}"), n, MICROSOFT, "");
        events.push(with(&token, bare));
    }
    events.push(with("own", read("own", 40, MICROSOFT, "")));
    let found = seeded(&["session=s-evil"], &events);
    assert_eq!(found.contexts.len(), 3);
    assert_eq!(context(&found, "bare29").records, 30);
    assert_eq!(verdict(&found, "bare29"), INTRUDER_HIGH);
    assert_eq!(context(&found, "bare29").token, "");
    assert_eq!(verdict(&found, "own"), UNKNOWN);
    let named = &context(&found, "bare0").reasons[0];
    assert!(named.text.contains("30 tokens"), "{}", named.text);
    assert_eq!(named.records.len(), 5);
}

#[test]
fn a_token_is_surer_than_the_address_and_keeps_its_records_apart() {
    let events = [
        read("own", -3 * DAY, HOME, "s-own"),
        with("t1", read("sure", 0, EVIL, "")),
        with("t2", read("probable", 200, EVIL, "")),
    ];
    let found = seeded(&["token=t1", "ip=203.0.113.66"], &events);
    assert_eq!(verdict(&found, "sure"), INTRUDER_HIGH);
    assert_eq!(verdict(&found, "probable"), INTRUDER_MEDIUM);
    assert_ne!(context(&found, "sure").id, context(&found, "probable").id);
}

#[test]
fn a_seeded_record_with_a_token_shows_that_token_and_not_all_of_its_place() {
    let events = [
        with("t1", read("seeded", 0, MICROSOFT, "")),
        with("t1", read("same token", 5, MICROSOFT, "")),
        with("t2", read("same place", 9, MICROSOFT, "")),
    ];
    let found = seeded(&["record=seeded"], &events);
    assert_eq!(verdict(&found, "same token"), INTRUDER_HIGH);
    assert_eq!(verdict(&found, "same place"), UNKNOWN);
}

#[test]
fn a_verdict_on_a_tokens_records_stays_with_them() {
    let events = [
        with("t1", read("one", 0, MICROSOFT, "")),
        with("t2", read("two", 60, MICROSOFT, "")),
        with("t3", read("three", 120, MICROSOFT, "")),
    ];
    let plain = seeded(&["token=t1"], &events);
    let ruled = overridden(&context(&plain, "one").id, Verdict::Owner).overrides;
    let after = Brief {
        overrides: ruled,
        ..brief(&["token=t1", "token=t2"])
    };
    let found = attribute(&after, &events);
    assert_eq!(verdict(&found, "one"), OWNER_HIGH);
    assert!(context(&found, "one").overridden);
    assert_eq!(verdict(&found, "two"), INTRUDER_HIGH);
    assert_eq!(found.window.map(|window| window.from), Some(at(60)));
    // What is said of the rest is not said of the token's records.
    let ruled = overridden(&context(&plain, "two").id, Verdict::Owner).overrides;
    let rest = Brief {
        overrides: ruled,
        ..brief(&["token=t1"])
    };
    let found = attribute(&rest, &events);
    assert_eq!(verdict(&found, "one"), INTRUDER_HIGH);
    assert_eq!(verdict(&found, "three"), OWNER_HIGH);
}

#[test]
fn the_analysts_verdict_on_a_context_feeds_its_tokens_and_cuts_them() {
    let events = [
        with("t1", read("in", 0, HOME, "")),
        with("t2", read("in too", 60, HOME, "")),
        with("t2", read("by token", 65, MICROSOFT, "")),
        with("t3", read("beside", 90, MICROSOFT, "")),
    ];
    let plain = seeded(&[], &events);
    let ruled = |verdict| overridden(&context(&plain, "in").id, verdict).overrides;
    let brought_in = Brief {
        overrides: ruled(Verdict::Intruder),
        ..brief(&[])
    };
    let found = attribute(&brought_in, &events);
    for record in ["in", "in too", "by token"] {
        assert_eq!(verdict(&found, record), INTRUDER_HIGH, "{record}");
    }
    assert_eq!(verdict(&found, "beside"), UNKNOWN);
    let taken_out = Brief {
        overrides: ruled(Verdict::Owner),
        ..brief(&["ip=192.0.2.10"])
    };
    let found = attribute(&taken_out, &events);
    assert_eq!(verdict(&found, "in too"), OWNER_HIGH);
    assert_ne!(verdict(&found, "by token").0, Verdict::Intruder);
}

fn told(seeds: &[&str], events: &[Event<'_>]) -> String {
    let found = seeded(seeds, events);
    let ways: Vec<_> = found
        .contexts
        .iter()
        .map(|one| found.why(&one.id))
        .collect();
    let of_records: Vec<_> = (0..events.len())
        .map(|n| found.context_of(&format!("r{n}")).map(|one| &one.id))
        .collect();
    format!(
        "{:#?}",
        (
            &found.contexts,
            ways,
            of_records,
            found.window,
            &found.pivots
        )
    )
}

/// Records with any token, session and place, whose ids are their numbers.
fn records() -> impl Strategy<Value = Vec<Event<'static>>> {
    let places = [EVIL, EVIL_TWO, HOME, MICROSOFT];
    let one = (
        0usize..5,
        0usize..4,
        0usize..4,
        -4000i64..4000,
        any::<bool>(),
    );
    proptest::collection::vec(one, 1..24).prop_map(move |records| {
        let records = records.into_iter().enumerate();
        let make = |(n, (token, session, place, minute, signs_in)): (usize, _)| {
            let token = ["", "t1", "t2", "t3", "t4"][token];
            let session = ["", "s-evil", "s-own", "s-next"][session];
            let id = format!("r{n}");
            let made = if signs_in && n % 4 == 0 {
                sign_in(&id, minute, places[place], session)
            } else {
                read(&id, minute, places[place], session)
            };
            with(token, made)
        };
        records.map(make).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn with_any_tokens_the_order_of_records_decides_nothing(
        (events, shuffled) in records().prop_flat_map(|events| {
            (Just(events.clone()), Just(events).prop_shuffle())
        }),
        seeds in proptest::sample::subsequence(vec!["token=t1", "token=t2", "session=s-evil", "signin=r0"], 0..=4),
    ) {
        prop_assert_eq!(told(&seeds, &events), told(&seeds, &shuffled));
    }

    #[test]
    fn every_record_of_a_seeded_token_is_surely_the_intruders_and_in_one_context(events in records()) {
        let found = seeded(&["token=t1"], &events);
        let ids: std::collections::BTreeSet<_> = found.contexts.iter().map(|one| &one.id).collect();
        prop_assert_eq!(ids.len(), found.contexts.len());
        let shown = events.iter().filter(|event| found.context_of(event.id.as_str()).is_some());
        prop_assert_eq!(
            found.contexts.iter().map(|one| one.records).sum::<u64>(),
            shown.clone().count() as u64
        );
        for event in shown.filter(|event| event.token == "t1") {
            prop_assert_eq!(verdict(&found, event.id.as_str()), INTRUDER_HIGH);
        }
    }

    #[test]
    fn another_seeded_token_takes_nothing_from_the_intruder(events in records()) {
        let few = seeded(&["session=s-evil", "token=t1"], &events);
        let more = seeded(&["session=s-evil", "token=t1", "token=t2"], &events);
        for event in events.iter().filter(|event| event.token == "t1" || event.session == "s-evil") {
            let id = event.id.as_str();
            if few.context_of(id).is_some_and(|one| one.verdict == Verdict::Intruder) {
                prop_assert_eq!(verdict(&more, id).0, Verdict::Intruder);
            }
        }
    }
}
