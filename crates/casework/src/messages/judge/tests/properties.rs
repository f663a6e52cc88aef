//! What holds of every message, whatever its rows.

use crate::attribution::{Confidence, Verdict};
use crate::interval::Interval;
use crate::messages::case::{
    CUSTOMERS, Case, INBOX, at, between, delivered, done, moved, opened, synced,
};
use crate::messages::{Class, Cluster, Delivered, Handled, Judged, judge};
use model::Touch;
use proptest::prelude::*;

/// Records by whose they are: `i0` to `i9` the intruder's, `m` medium, `u` unknown, `o` the owner's.
fn case() -> Case {
    let mut case = Case::default();
    for (letter, verdict, confidence) in [
        ("i", Verdict::Intruder, Confidence::High),
        ("m", Verdict::Intruder, Confidence::Medium),
        ("u", Verdict::Unknown, Confidence::Low),
        ("o", Verdict::Owner, Confidence::Medium),
    ] {
        let records: Vec<String> = (0..10).map(|number| format!("{letter}{number}")).collect();
        let records: Vec<&str> = records.iter().map(String::as_str).collect();
        case.context(letter, verdict, confidence, &records);
    }
    case.synced(&[
        synced("i0", INBOX, "Inbox", 20_000),
        synced("u0", CUSTOMERS, "Customers", 40_000),
    ]);
    case
}

fn record() -> impl Strategy<Value = String> {
    ("[imuo]", 0..10u8).prop_map(|(letter, number)| format!("{letter}{number}"))
}

fn id() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["<a@example.com>", "<A@example.com>", ""])
}

/// Also before and after the window, which is from 1,000 to 100,000.
fn second() -> impl Strategy<Value = i64> {
    0..120_000i64
}

fn handled() -> impl Strategy<Value = Handled> {
    let paths = || prop::sample::select(vec!["\\Inbox", "\\Customers", "\\Sent Items"]);
    (
        record(),
        id(),
        second(),
        0..7u8,
        any::<bool>(),
        paths(),
        paths(),
        0..8u8,
    )
        .prop_map(|(record, id, second, kind, failed, from, to, dated)| {
            let row = match kind {
                0..=2 => opened(&record, id, second),
                3 => done(&record, Touch::Send, "Send", second),
                4 => done(&record, Touch::Create, "Create", second),
                5 => done(&record, Touch::Delete, "HardDelete", second),
                _ => moved(&record, from, to, second),
            };
            Handled {
                internet_message_id: id.to_owned(),
                item_id: "item".to_owned(),
                failed: failed && kind == 0,
                time: (dated > 0).then_some(at(second)),
                ..row
            }
        })
}

fn way() -> impl Strategy<Value = Delivered> {
    let statuses = prop::sample::select(vec!["Delivered", "Quarantined", "Failed", "Inventory"]);
    let locations = prop::sample::select(vec!["", "Inbox/folder", "Junk folder", "\\Customers"]);
    let recipients = prop::sample::select(vec!["ann@example.com", "bob@example.com"]);
    (
        "t[0-9]",
        id(),
        second(),
        statuses,
        locations,
        recipients,
        "n-[12]",
    )
        .prop_map(
            |(record, id, second, status, location, recipient, network)| Delivered {
                status: status.to_owned(),
                location: location.to_owned(),
                recipient: recipient.to_owned(),
                network_message_id: network,
                ..delivered(&record, id, second)
            },
        )
}

fn cluster() -> impl Strategy<Value = Cluster> {
    let handled = prop::collection::vec(handled(), 0..6);
    let delivered = prop::collection::vec(way(), 0..4);
    (handled, delivered).prop_map(|(handled, delivered)| Cluster {
        id: "<a@example.com>".to_owned(),
        handled,
        delivered,
    })
}

/// A cluster of one spelling, so that one message comes out of it before and after.
fn simple(cluster: Cluster) -> Cluster {
    let mut cluster = cluster;
    for row in &mut cluster.handled {
        "<a@example.com>".clone_into(&mut row.internet_message_id);
    }
    for row in &mut cluster.delivered {
        "<a@example.com>".clone_into(&mut row.internet_message_id);
        "ann@example.com".clone_into(&mut row.recipient);
    }
    cluster
}

fn one(case: &Case, cluster: &Cluster) -> Option<Judged> {
    judge(cluster, &case.scope()).into_iter().next()
}

fn proves(judged: &Judged) -> bool {
    judged.class <= Class::U
}

/// The records of rows that are evidence in themselves; a synchronisation is one only while the message was in its folder.
fn touching(judged: &Judged) -> Vec<&String> {
    let is_sync = |record: &&String| matches!(record.as_str(), "i0" | "u0");
    judged
        .records
        .iter()
        .filter(|record| !is_sync(record) && proves(judged))
        .collect()
}

fn blind() -> impl Strategy<Value = Vec<Interval>> {
    let interval =
        (0..120_000i64, 1..50_000i64).prop_map(|(from, length)| between(from, from + length));
    prop::collection::vec(interval, 0..4)
}

proptest! {
    #[test]
    fn the_order_of_rows_does_not_matter(cluster in cluster(), seed in any::<prop::sample::Index>()) {
        let case = case();
        let mut turned = cluster.clone();
        if !turned.handled.is_empty() {
            let by = seed.index(turned.handled.len());
            turned.handled.rotate_left(by);
        }
        turned.handled.reverse();
        turned.delivered.reverse();
        prop_assert_eq!(judge(&cluster, &case.scope()), judge(&turned, &case.scope()));
    }

    #[test]
    fn a_repeated_row_changes_nothing(cluster in cluster(), at in any::<prop::sample::Index>()) {
        let case = case();
        let mut doubled = cluster.clone();
        if !cluster.handled.is_empty() {
            let row = cluster.handled[at.index(cluster.handled.len())].clone();
            doubled.handled.push(row);
        }
        if !cluster.delivered.is_empty() {
            let row = cluster.delivered[at.index(cluster.delivered.len())].clone();
            doubled.delivered.push(row);
        }
        prop_assert_eq!(judge(&cluster, &case.scope()), judge(&doubled, &case.scope()));
    }

    #[test]
    fn a_further_row_takes_no_touching_record_away(cluster in cluster(), row in handled(), way in way()) {
        let case = case();
        let before = simple(cluster);
        let mut after = before.clone();
        after.handled.push(row);
        after.delivered.push(way);
        let after = one(&case, &simple(after)).expect("it was touched");
        if let Some(before) = one(&case, &before) {
            for record in touching(&before) {
                prop_assert!(after.records.contains(record), "{record} of {before:?} is not in {after:?}");
            }
        }
    }

    /// An opening or sending by the intruder can only make it worse; what was touched before stays touched.
    #[test]
    fn a_further_opening_or_sending_never_lowers_a_class_that_stands_on_touches(
        cluster in cluster(),
        record in record(),
        second in second(),
        sends in any::<bool>(),
    ) {
        let case = case();
        let before = simple(cluster);
        let mut after = before.clone();
        let row = if sends {
            done(&record, Touch::Send, "Send", second)
        } else {
            opened(&record, "<a@example.com>", second)
        };
        after.handled.push(row);
        let after = one(&case, &after).expect("it was touched");
        if record.starts_with(['i', 'm']) {
            let worst = if sends { Class::E } else { Class::P2 };
            prop_assert!(after.class <= worst);
        }
        if let Some(before) = one(&case, &before) {
            let stands_on_touches = !touching(&before).is_empty() && before.class != Class::S;
            if stands_on_touches && before.times > 0 {
                prop_assert!(after.class <= before.class, "{before:?} became {after:?}");
            }
        }
    }

    /// Where the message is already said to be, a further opening contradicts nothing: no class is lowered.
    #[test]
    fn an_opening_where_the_message_was_anyway_lowers_nothing(
        begin in 0..60_000i64,
        later in 0..60_000i64,
        record in record(),
        also in prop::collection::vec(way(), 0..3),
    ) {
        let case = case();
        let mut before = simple(Cluster { id: "<a@example.com>".to_owned(), handled: vec![], delivered: also });
        before.delivered.retain(|row| row.location == "Inbox/folder");
        before.delivered.push(Delivered {
            location: "Inbox/folder".to_owned(),
            ..delivered("t", "<a@example.com>", begin)
        });
        let mut after = before.clone();
        after.handled.push(opened(&record, "<a@example.com>", begin + later));
        let before = one(&case, &before).expect("it was delivered");
        let after = one(&case, &after).expect("it was delivered");
        prop_assert!(after.class <= before.class, "{before:?} became {after:?}");
        if proves(&before) {
            prop_assert!(before.records.iter().all(|record| after.records.contains(record)));
        }
    }

    #[test]
    fn blindness_turns_n_into_b_and_changes_nothing_else(
        cluster in cluster(),
        few in blind(),
        more in blind(),
        with_window in any::<bool>(),
    ) {
        let mut case = case();
        if !with_window {
            case.attribution.window = None;
        }
        case.blind(&few);
        let before = judge(&cluster, &case.scope());
        let all: Vec<Interval> = few.into_iter().chain(more).collect();
        case.blind(&all);
        let after = judge(&cluster, &case.scope());
        prop_assert_eq!(before.len(), after.len());
        for (before, after) in before.into_iter().zip(after) {
            let was_unseen = matches!(before.class, Class::N | Class::B);
            if was_unseen && after.class == Class::B {
                let same = Judged { class: before.class, because: before.because.clone(), ..after };
                prop_assert_eq!(before, same);
            } else {
                prop_assert_eq!(before, after);
            }
        }
    }
}
